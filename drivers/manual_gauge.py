"""A gauge that only a person can read: its display is looked at and typed in."""

import math
import threading
from collections.abc import Callable

from core.errors import BadInput, InstrumentError
from core.files import GaugeFile
from drivers.force_gauge import ForceGauge, ForceReading
from drivers.instrument import Identity

_REMEDY = "Look at its display and enter the force."


class ManualGauge(ForceGauge):
    """A gauge without a line. What was entered last is its reading, however old; the text says how old.

    Parameters
    ----------
    settings : GaugeFile
    now : callable
        Returns the time in s by which the age of an entry is counted.
    """

    def __init__(self, settings: GaugeFile, now: Callable[[], float]) -> None:
        self._settings, self._now = settings, now
        self._lock = threading.Lock()
        self._entry: tuple[float, float] | None = None
        self._peak: float | None = None

    @property
    def full_scale(self) -> float:
        """Nominal load in N."""
        return self._settings.full_scale

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty of an entry in N."""
        return self._settings.uncertainty

    @property
    def age(self) -> float:
        """Seconds since the latest entry; infinite before the first."""
        entry = self._entry
        return math.inf if entry is None else self._now() - entry[0]

    def identify(self) -> Identity:
        """Return that there is a display, and somebody who reads it."""
        details = {"protocol": "manual entry", "full scale": f"{self.full_scale:g} N"}
        return Identity("gauge", "display read by a person", details=details)

    def enter(self, newtons: float) -> None:
        """Enter what the display shows, in N, compression positive.

        Raises
        ------
        BadInput
            If it is no number, or more than such a gauge can show.
        """
        if not math.isfinite(newtons) or abs(newtons) > 2.0 * self.full_scale:
            raise BadInput(
                f"{newtons:g} N cannot be what a gauge of {self.full_scale:g} N shows;",
                "look at its unit and enter the force again.",
            )
        with self._lock:
            self._entry = (self._now(), newtons)
            self._peak = newtons if self._peak is None else max(self._peak, newtons)

    def forget(self) -> None:
        """Forget what was entered: it is no longer what the display shows."""
        with self._lock:
            self._entry = None

    def read(self) -> ForceReading:
        """Return the latest entry.

        Raises
        ------
        InstrumentError
            If nothing has been entered yet, or it was forgotten.
        """
        with self._lock:
            entry = self._entry
        if entry is None:
            raise InstrumentError("No force has been entered for the gauge without a line yet.", _REMEDY)
        when, newtons = entry
        return self._as_reading(newtons, f"{newtons:g} N, entered {self._now() - when:.0f} s ago")

    def zero(self) -> None:
        """Refuse: only the gauge itself can be tared.

        Raises
        ------
        InstrumentError
            Always.
        """
        raise InstrumentError(
            "A gauge without a line cannot be tared from here.", f"Tare it at its keys. {_REMEDY}"
        )

    def peak(self) -> ForceReading:
        """Return the largest entry since the peak was cleared.

        Raises
        ------
        InstrumentError
            If nothing has been entered since.
        """
        if self._peak is None:
            raise InstrumentError("No force has been entered since the peak was cleared.", _REMEDY)
        return self._as_reading(self._peak, f"{self._peak:g} N, the largest entry")

    def clear_peak(self) -> None:
        """Forget the largest entry."""
        with self._lock:
            self._peak = None

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _as_reading(self, newtons: float, text: str) -> ForceReading:
        return ForceReading(newtons, self.uncertainty, text, abs(newtons) >= self.full_scale)
