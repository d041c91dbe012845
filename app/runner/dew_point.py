"""Dew point: what is cooled below it gets wet when the chamber is opened, and a wet LLZO pellet is lost."""

import logging
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.runner.checks import TEMPERATURE, Check, Finding, Look
from core.errors import InstrumentError
from core.interlocks import InterlocksFile

if TYPE_CHECKING:
    from drivers.climate_chamber import ClimateChamber

log = logging.getLogger(__name__)


class CellTemperature:
    """The temperature of the cell as best known: the chamber's air, followed with a lag.

    First order, dT_cell/dt = (T_air − T_cell) / lag, with the air constant between two readings.

    Parameters
    ----------
    lag : float
        Time constant in s; 0 takes the air's temperature for the cell's.
    """

    def __init__(self, lag: float) -> None:
        self._lag = lag
        self._at = 0.0
        self._kelvin: float | None = None

    def see(self, time: float, air: float) -> float:
        """Take note of the air's temperature in K; return the cell's."""
        if self._kelvin is None or self._lag == 0:
            self._kelvin = air
        else:
            left = math.exp(-max(0.0, time - self._at) / self._lag)
            self._kelvin = air + (self._kelvin - air) * left
        self._at = time
        return self._kelvin


class DewPoint(Check):
    """Warns once when the chamber goes below the dew point, dries its air, and says when it may be opened.

    Parameters
    ----------
    settings : InterlocksFile
        Its `dew_point`, or the reading it names, with margin, dryer channels and lag of the cell.
    chamber : ClimateChamber
        Switches the dryer.
    fresh : float
        s for which a reading of the dew point is believed; then the configured value is taken, or
        where there is none, the last one that was read.

    Attributes
    ----------
    do_not_open : bool
        Whether the chamber must stay closed now.
    """

    def __init__(self, settings: InterlocksFile, chamber: "ClimateChamber", fresh: float) -> None:
        self._settings, self._chamber, self._fresh = settings, chamber, fresh
        self._cell = CellTemperature(settings.cell_lag)
        self._warned = False
        self._switched: list[str] = []
        self.do_not_open = False

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say that it gets wet, that the chamber must stay closed, and when it may be opened."""
        air, dew_point = seen.values.get(TEMPERATURE.symbol), self._dew_point(seen)
        if air is None or dew_point is None:
            return
        cell = self._cell.see(seen.at[TEMPERATURE.symbol], air)
        coldest, dry_above = min(air, cell), dew_point + self._settings.dew_point_margin
        going_below = min(seen.wanted.get(TEMPERATURE.symbol, math.inf), coldest) < dew_point
        if going_below and not self._warned:
            self._warned = True
            message = f"the chamber goes below the dew point of {TEMPERATURE.write(dew_point)}"
            yield Finding("dew point", message, data={"dew_point": dew_point, "value": air})
            yield from self._dry(True)
        if self._warned and coldest < dry_above and not self.do_not_open:
            self.do_not_open = True
            yield Finding(
                "do not open",
                f"keep the chamber closed until the cell is above {TEMPERATURE.write(dry_above)}",
                data={"dew_point": dew_point, "above": dry_above},
            )
        if self._warned and coldest >= dry_above and not going_below:
            yield from self._release(cell)

    def _release(self, cell: float) -> Iterator[Finding]:
        self._warned = False
        if self.do_not_open:
            self.do_not_open = False
            message = f"the chamber may be opened, the cell is at {TEMPERATURE.write(cell)}"
            yield Finding("may be opened", message, data={"value": cell})
        yield from self._dry(False)

    def _dew_point(self, seen: Look) -> float | None:
        """Return the dew point in K: measured where that is fresh, else as configured, else the last."""
        symbol = self._settings.dew_point_reading
        measured = seen.values.get(symbol) if symbol else None
        age = seen.age(symbol) if symbol else None
        if measured is not None and age is not None and age <= self._fresh:
            return measured
        return measured if self._settings.dew_point is None else self._settings.dew_point

    def _dry(self, on: bool) -> Iterator[Finding]:
        """Switch the dryer's channels; only those that were switched on here are switched off again."""
        names = self._settings.dryer if on else tuple(self._switched)
        if on and not names:
            message = "no dryer channel is named in [interlocks]; dry the chamber's air by hand"
            yield Finding("dryer", message)
        word = "on" if on else "off"
        for name in names:
            try:
                if self._chamber.switched(name) == on:
                    continue
                self._chamber.switch(name, on)
            except InstrumentError as error:
                log.warning("%s", error)
                yield Finding("dryer", f"{name} could not be switched {word}: {error}", "alarm")
                continue
            if on:
                self._switched.append(name)
            yield Finding("dryer", f"{name} switched {word}", "info")
        if not on:
            self._switched.clear()
