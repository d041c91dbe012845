"""Force gauges that speak the Mark-10 GCL2 dialect, over a serial line or TCP.

A gauge answers questions (``?C`` the live force, ``?PC`` and ``?PT`` the peaks, ``LIST`` its
settings) and obeys commands in silence; a wrong one is answered with a code such as ``*10``. A
reading must carry its unit, because a gauge that was switched to another unit at its keys would
otherwise be read wrongly without anybody noticing. Compression is positive.
"""

import re
from typing import Any

from pymeasure.adapters import Adapter

from core.clock import wall_time
from core.errors import InstrumentError
from core.files import GaugeFile
from drivers.force_gauge import ForceGauge, ForceReading
from drivers.instrument import Identity
from drivers.line_instrument import LINK_FAILURES, LineInstrument

STANDARD_GRAVITY = 9.80665
POUND = 0.45359237
NEWTONS = {
    "n": 1.0,
    "kn": 1e3,
    "mn": 1e-3,
    "lbf": POUND * STANDARD_GRAVITY,
    "lb": POUND * STANDARD_GRAVITY,
    "klbf": 1e3 * POUND * STANDARD_GRAVITY,
    "ozf": POUND / 16.0 * STANDARD_GRAVITY,
    "kgf": STANDARD_GRAVITY,
    "kg": STANDARD_GRAVITY,
    "gf": 1e-3 * STANDARD_GRAVITY,
    "g": 1e-3 * STANDARD_GRAVITY,
    "tf": 1e3 * STANDARD_GRAVITY,
}
"""Newtons in each unit a gauge may write, in lower case."""

ERRORS = {
    "*10": "illegal command",
    "*11": "not available on this gauge",
    "*12": "wrong specifier in the command",
    "*22": "value too large",
}
NEAR_FULL_SCALE = 0.9
SAME_SHARE = 1e-3
"""Share of full scale within which two readings count as the same."""
PATIENCE = 3.0
"""Wall seconds that a stream may take to end."""
TARES = 2
"""Taring again does no harm, and the first request may have gone into a dead line."""

_READING = re.compile(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{0,9}))?\s*([A-Za-z]*)")


def parse_reading(reply: str, full_scale: float, where: str) -> ForceReading:
    """Turn a reply such as ``-18.78 lbF`` into newtons.

    Parameters
    ----------
    reply : str
    full_scale : float
        Nominal load in N; at and beyond it a reading is an overload.
    where : str
        Name and address of the gauge, for messages.

    Raises
    ------
    InstrumentError
        If it is an error code, no number, or has no or an unknown unit.
    """
    text = reply.strip()
    if text in ERRORS:
        raise InstrumentError(
            f"{where} answers {text}: {ERRORS[text]}.", "Check that it is a Mark-10 gauge or compatible."
        )
    match = _READING.fullmatch(text)
    if not match:
        raise InstrumentError(
            f"{where} answered {text[:80]!r}, which is no reading.",
            "Check the address, the line settings and the gauge's output format.",
        )
    sign, whole, decimals, unit = match[1], match[2], match[3] or "", match[4]
    factor = _newtons(unit, text, where)
    force = float(f"{sign}{whole}.{decimals}") * factor
    return ForceReading(force, 10.0 ** -len(decimals) * factor, text, abs(force) >= full_scale)


def _newtons(unit: str, text: str, where: str) -> float:
    """Return the newtons in one `unit`; a unit is never guessed."""
    if not unit:
        raise InstrumentError(
            f"{where} answered {text!r}, without a unit.", "Switch on the units in its output format."
        )
    if unit == "MN" or unit.lower() not in NEWTONS:
        raise InstrumentError(
            f"{where} answered {text!r}, in a unit that is not known here.", "Switch the gauge to N."
        )
    return NEWTONS[unit.lower()]


def is_streaming(settings: list[str]) -> bool:
    """Return whether a gauge's settings say so, or are a streamed reading themselves."""
    outputs = [each[4:] for each in settings if each.startswith("AOUT")]
    return any(each.strip("0") for each in outputs) or _READING.fullmatch(settings[0].strip()) is not None


class Mark10(LineInstrument):
    """A gauge, as the dialect shows it.

    Parameters
    ----------
    adapter : str or Adapter
        VISA resource name, e.g. ``ASRL/dev/ttyUSB0::INSTR``, or a PyMeasure adapter.
    name : str
    **kwargs
        See `LineInstrument`.
    """

    def __init__(self, adapter: str | Adapter, name: str = "The force gauge", **kwargs: Any) -> None:
        super().__init__(adapter, name, **kwargs)

    @property
    def settings(self) -> list[str]:
        """Get the gauge's settings, e.g. ``["V1.00", "N", "CUR", ...]``."""
        return self.ask("LIST").strip().split(";")

    def silence(self) -> list[str]:
        """Stop streaming, read away what was streamed, and return the settings.

        An unread stream would make every reading older than the one before.

        Raises
        ------
        InstrumentError
            If the gauge goes on streaming.
        """
        deadline = wall_time() + PATIENCE
        with self._line:
            self.tell("AOUT0", acknowledged=False)
            settings = self.settings
            while len(settings) < 2 or is_streaming(settings):
                if wall_time() > deadline:
                    raise InstrumentError(
                        f"{self.where} goes on streaming.", "Switch off its automatic output at its keys."
                    )
                try:
                    settings = self.read().strip().split(";")
                except LINK_FAILURES as error:
                    self.disconnect()
                    raise self._silent("LIST", error) from None
            return settings


class Mark10Gauge(ForceGauge):
    """A force gauge with the Mark-10 GCL2 dialect.

    Parameters
    ----------
    settings : GaugeFile
        Its `address` is a VISA resource name; `full_scale` decides on overload.
    adapter : Adapter, optional
        A PyMeasure adapter to use instead of the address.
    **options
        `visa_library` and `timeout`; see `LineInstrument`.

    Raises
    ------
    InstrumentError
        If it cannot be reached, or does not answer like such a gauge.
    """

    def __init__(self, settings: GaugeFile, adapter: Adapter | None = None, **options: Any) -> None:
        self._full_scale = settings.full_scale
        self.wire = Mark10(adapter or settings.address, **options)
        try:
            self._settings = self._quiet_settings()
            self.read()
        except InstrumentError:
            self.close()
            raise

    @property
    def full_scale(self) -> float:
        """Nominal load in N."""
        return self._full_scale

    def identify(self) -> Identity:
        """Return firmware and settings; the dialect tells neither model nor serial number."""
        details = {
            "protocol": "Mark-10 GCL2",
            "address": self.wire.address,
            "visa": self.wire.backend,
            "settings": ";".join(self._settings),
            "full scale": f"{self._full_scale:g} N",
        }
        return Identity("gauge", "Mark-10 GCL2 force gauge", firmware=self._settings[0], details=details)

    def read(self) -> ForceReading:
        """Take one reading of the live force, whatever the display shows."""
        return self._ask("?C")

    def near_full_scale(self, reading: ForceReading) -> bool:
        """Return whether a reading is so large that an operator should be warned."""
        return abs(reading.force) >= NEAR_FULL_SCALE * self._full_scale

    def zero(self) -> None:
        """Tare, and verify that the present load reads zero.

        Raises
        ------
        InstrumentError
            If it does not; a moving load cannot be tared.
        """
        for _ in range(TARES):
            self._obey("Z")
            left = self.read()
            if abs(left.force) <= self._tolerance(left):
                return
        raise InstrumentError(
            f"{self.wire.where} was tared but still shows {left.text!r}.",
            "Wait until the load is steady and tare again.",
        )

    def peak(self) -> ForceReading:
        """Return the largest compression since the peak was cleared."""
        return self._ask("?PC")

    def clear_peak(self) -> None:
        """Forget the peaks, and verify that the gauge obeyed."""
        self._obey("CLR")
        peak, present = self.peak(), self.read()
        if peak.force > max(present.force, 0.0) + self._tolerance(present):
            raise InstrumentError(
                f"{self.wire.where} was told to forget its peak but shows {peak.text!r}.",
                "Clear the peak at its keys.",
            )

    def close(self) -> None:
        """Release the connection. Never raises."""
        self.wire.shutdown()

    def _tolerance(self, reading: ForceReading) -> float:
        """Return the difference in N that noise and the display's last digit explain."""
        return max(SAME_SHARE * self._full_scale, 2.0 * reading.resolution)

    def _ask(self, question: str) -> ForceReading:
        try:
            return parse_reading(self.wire.ask(question), self._full_scale, self.wire.where)
        except InstrumentError:
            # What came may have been the answer to something else; a new connection is in step.
            self.wire.disconnect()
            raise

    def _obey(self, command: str) -> None:
        """Send a command that is obeyed in silence; the caller verifies it by reading."""
        self.wire.tell(command, acknowledged=False)

    def _quiet_settings(self) -> list[str]:
        settings = self.wire.settings
        if is_streaming(settings):
            settings = self.wire.silence()
        if len(settings) < 2:
            raise InstrumentError(
                f"{self.wire.where} answered {settings[0][:80]!r} to LIST, which is not how a Mark-10 "
                "gauge lists its settings.",
                "Check the address and that the gauge speaks the GCL2 dialect.",
            )
        return settings
