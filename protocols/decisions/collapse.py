"""A sudden fall of R_int under a current."""

import math
from dataclasses import dataclass
from typing import Self

from protocols.decisions.kept_fit import KeptFit, number, stderr, usable

PRESSURE_SHARE, SMALLEST_PRESSURE = 0.1, 0.2e6
"""Change of the stack pressure, relative and in Pa, that may move R_int."""

CERTAIN = 4.0
"""Standard errors from which on a fall is no noise."""


@dataclass(frozen=True)
class Look:
    """What one spectrum says of the interface, and under which circumstances.

    Attributes
    ----------
    fit : int
    resistance : float or None
        R_int in Ω; where it is too small to be resolved, the most it can be.
    error : float
        Standard error of ln R_int; zero for a limit.
    lowest : float or None
        Re Z at the lowest frequency, in Ω.
    sign : int or None
        Of the direct current.
    temperature, pressure : float or None
        In K and Pa.
    limit : bool
        Whether the resistance is only the most that it can be.
    """

    fit: int
    resistance: float | None
    error: float
    lowest: float | None
    sign: int | None
    temperature: float | None
    pressure: float | None
    limit: bool = False

    @classmethod
    def of(cls, kept: KeptFit, sign: int | None) -> Self:
        """Return what a fit says."""
        fit, resistance, error = kept.fit, None, 0.0
        if usable(fit):
            resistance = fit["R_int"]
            error = stderr(fit, "R_int") / resistance
        elif "below resolution" in fit.flags and not {"poor fit", "few points"}.intersection(fit.flags):
            limit = number(fit, "R_int_upper")
            resistance = limit if limit is not None and limit > 0 else None
        temperature, pressure = number(fit, "T"), number(fit, "p")
        limit = not usable(fit)
        return cls(kept.id, resistance, error, number(fit, "Re_low"), sign, temperature, pressure, limit)


class Collapse:
    """R_int falls suddenly from one spectrum to the next, under a current of one sign.

    A contact that plating restores falls fast, too, but ever more slowly; so the fall has to be
    sudden against the change before it as well. It is confirmed at once if Re Z at the lowest
    frequency fell with R_int, otherwise by the next spectrum. A change of temperature or of pressure
    explains a fall.

    Parameters
    ----------
    fall : float
        Relative, e.g. 0.3.
    temperature_band : float
        In K.
    """

    def __init__(self, fall: float, temperature_band: float) -> None:
        self._enough, self._band = math.log(1 - fall), temperature_band
        self.begin_again()

    def begin_again(self) -> None:
        """Forget what was seen."""
        self._last: Look | None = None
        self._change: float | None = None
        self._suspects: tuple[Look, Look] | None = None

    def see(self, look: Look) -> tuple[Look, ...] | None:
        """Return the spectra that show a collapse, from the last before it on; None where there is none."""
        if look.resistance is None:
            return None
        if self._suspects is not None:
            (before, after), self._suspects = self._suspects, None
            if self._comparable(before, look) and self._change_of(before, look) < self._enough:
                return before, after, look
        last, trend = self._last, self._change
        # From the most that something can be, nothing can be seen to fall.
        self._last, self._change = None if look.limit else look, None
        if last is None or not self._comparable(last, look):
            return None
        change = self._change_of(last, look)
        if trend is None or not self._sudden(last, look, change, trend):
            self._change = change
            return None
        if _fell_with_it(last, look):
            return last, look
        self._suspects, self._change = (last, look), trend
        return None

    def _sudden(self, last: Look, look: Look, change: float, trend: float) -> bool:
        error = math.hypot(*(each.error if math.isfinite(each.error) else 0.0 for each in (last, look)))
        return change < self._enough and change - trend < self._enough and -change > CERTAIN * error

    def _change_of(self, before: Look, after: Look) -> float:
        assert before.resistance is not None
        assert after.resistance is not None
        return math.log(after.resistance / before.resistance)

    def _comparable(self, before: Look, after: Look) -> bool:
        if not before.sign or before.sign != after.sign:
            return False
        warmer = _change(before.temperature, after.temperature)
        pressed = _change(before.pressure, after.pressure)
        return warmer <= self._band and pressed <= max(
            PRESSURE_SHARE * abs(before.pressure or 0.0), SMALLEST_PRESSURE
        )


def _change(before: float | None, after: float | None) -> float:
    """Return by how much something has changed; by nothing that is known where nobody measures it."""
    return 0.0 if before is None or after is None else abs(after - before)


def _fell_with_it(before: Look, after: Look) -> bool:
    """Whether Re Z at the lowest frequency fell by at least half of what R_int did."""
    if before.lowest is None or after.lowest is None:
        return False
    if before.resistance is None or after.resistance is None:
        return False
    return before.lowest - after.lowest > 0.5 * (before.resistance - after.resistance)
