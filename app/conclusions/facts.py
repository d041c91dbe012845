"""The facts of a run that conclusions rest on: what was done to which cell, and its curves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.conclusion import current_on
from app.conclusions.curves import Curves, curves_of
from core.cell import Cell
from core.records import Bools, Floats
from core.units import ZERO_CELSIUS
from storage import RunHeader, RunReader, RunSummary, Store

GAUGE_ERROR = 0.001 * 20e3
"""N; 0.1 % of the full scale of the gauge, where nothing better is known."""

MICROAMPERE_CM2 = 1e-2
"""A/m² in one µA/cm²."""

IDEAL_CONTACT = 100e6
"""Pa; a contact formed at more than this is called ideal, and told apart from one that was pressed gently."""


@dataclass(frozen=True, eq=False)
class Facts:
    """One run; SI and areal.

    Attributes
    ----------
    run : int
    summary : RunSummary
    header : RunHeader
    reader : RunReader
    cell : Cell
    metal : str
        Of the working electrode.
    protocol : str
    simulated : bool
    density : float or None
        Mean of the measured current density while it was first on, in A/m², positive for stripping;
        None without current.
    temperature, temperature_spread : float or None
        Mean and standard deviation in K while the current was on, else over the whole run; None
        where no chamber was read.
    pressure, pressure_error : float or None
        Mean in Pa by the area of the pellet, and its standard error: that of the gauge and the
        spread together; None without a gauge.
    annealed : bool
    began, ended : float or None
        Bench seconds at which the current was first switched on and last switched off.
    """

    run: int
    summary: RunSummary
    header: RunHeader
    reader: RunReader
    cell: Cell
    metal: str
    protocol: str
    simulated: bool
    density: float | None
    temperature: float | None
    temperature_spread: float | None
    pressure: float | None
    pressure_error: float | None
    annealed: bool
    began: float | None
    ended: float | None

    @cached_property
    def curves(self) -> Curves:
        """What its usable spectra give, in time order; read when it is first asked for."""
        return curves_of(self.reader, self.began)

    @cached_property
    def _start(self) -> int | None:
        """The last usable spectrum before the current."""
        before = np.flatnonzero(self.curves.time < 0)
        return int(before[-1]) if self.began is not None and len(before) else None

    @property
    def start_resistance(self) -> float | None:
        """R_int in Ω m² of the last PEIS at open circuit before the current; None without one."""
        return None if self._start is None else float(self.curves.resistance[self._start])

    @property
    def start_resistance_error(self) -> float | None:
        """Standard error of `start_resistance`."""
        return None if self._start is None else float(self.curves.resistance_error[self._start])

    @property
    def start_capacitance(self) -> float | None:
        """C_int in F/m² of the same spectrum."""
        return None if self._start is None else float(self.curves.capacitance[self._start])

    @cached_property
    def start_ocv(self) -> float | None:
        """E in V that was measured with the last spectrum before the current; None without one."""
        if self.began is None:
            return None
        if self._start is not None and math.isfinite(self.curves.voltage[self._start]):
            return float(self.curves.voltage[self._start])
        # A contact below resolution has no usable fit, but its potential was measured all the same.
        known = [(each.fit.time, each.fit.parameters.get("E")) for each in self.reader.fits(version=1)]
        before = [(time, found.value) for time, found in known if found and time < self.began]
        return max(before)[1] if before else None

    @property
    def pressed(self) -> bool:
        """Whether a stack pressure was held: one that is told from none by three standard errors."""
        return self.pressure is not None and self.pressure > 3 * (self.pressure_error or 0.0)

    @property
    def ideal_contact(self) -> bool:
        """Whether the contact was formed at such a pressure that R_int begins near nothing."""
        return (self.cell.history.forming_pressure or 0.0) >= IDEAL_CONTACT

    @property
    def history(self) -> str:
        """What was done to the electrode that decides on the answer; empty where it is the usual."""
        parts = []
        if self.annealed:
            parts.append(f"annealed {(self.cell.history.annealed_for or 0.0) / 3600:g} h")
        if self.ideal_contact:
            parts.append(f"formed at {(self.cell.history.forming_pressure or 0.0) / 1e6:g} MPa")
        return ", ".join(parts)

    @property
    def group(self) -> str:
        """How it is named in a legend, e.g. ``"Li, 100 µA/cm², 25 °C, 7.5 MPa"``."""
        parts = [self.metal]
        if self.density is not None:
            parts.append(f"{rounded(abs(self.density) / MICROAMPERE_CM2)} µA/cm²")
        if self.temperature is not None:
            parts.append(f"{self.temperature - ZERO_CELSIUS:.0f} °C".replace("-0 °C", "0 °C"))
        if self.pressed and self.pressure is not None:
            parts.append(f"{self.pressure / 1e6:.2g} MPa")
        return ", ".join([*parts, self.history] if self.history else parts)


def rounded(value: float) -> str:
    """Write a number with three digits, without an exponent: 99.97 is ``"100"``."""
    if not value or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{float(f'{value:.3g}'):.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def facts_of(reader: RunReader) -> Facts:
    """Return the facts of one run; its curves are read once they are asked for."""
    header = reader.header
    began, off = current_on(reader), _current_off(reader)
    ended = off[-1] if off and began is not None else None
    temperature, spread = _mean(reader, "T", began, ended)
    pressure, pressure_error = _pressure(reader, header.cell, began, ended)
    return Facts(
        reader.run,
        reader.summary(),
        header,
        reader,
        header.cell,
        header.cell.anode,
        header.protocol,
        header.simulated,
        _density(reader, header.cell, began, off),
        temperature,
        spread,
        pressure,
        pressure_error,
        header.cell.history.annealed_for is not None,
        began,
        ended,
    )


def all_facts(store: Store, runs: Sequence[int]) -> list[Facts]:
    """Return the facts of some runs of a store, in the order given; a `StoreError` names one not there."""
    return [facts_of(store.run(run)) for run in runs]


def _current_off(reader: RunReader) -> list[float]:
    return [each.event.time for each in reader.events() if each.event.kind == "current off"]


def _between(time: Floats, began: float | None, ended: float | None) -> Bools:
    chosen: Bools = np.ones(len(time), dtype=bool)
    if began is not None:
        chosen &= time >= began
    if ended is not None:
        chosen &= time <= ended
    return chosen


def _mean(
    reader: RunReader, quantity: str, began: float | None, ended: float | None
) -> tuple[float | None, float | None]:
    """Return mean and standard deviation of the readings of a quantity within a span."""
    _, time, value = reader.readings(quantity)
    value = value[_between(time, began, ended) & np.isfinite(value)]
    return (float(np.mean(value)), float(np.std(value))) if len(value) else (None, None)


def _pressure(
    reader: RunReader, cell: Cell, began: float | None, ended: float | None
) -> tuple[float | None, float | None]:
    force, spread = _mean(reader, "F", began, ended)
    if force is None or spread is None:
        return None, None
    return force / cell.pellet_area, math.hypot(GAUGE_ERROR, spread) / cell.pellet_area


def _density(reader: RunReader, cell: Cell, began: float | None, off: Sequence[float]) -> float | None:
    if began is None:
        return None
    until = next((each for each in off if each > began), None)
    _, time, current = reader.readings("I")
    # A reading taken in the same instant as the switching may belong to either side of it.
    chosen = (time > began) & np.isfinite(current)
    if until is not None:
        chosen &= time < until
    return float(np.mean(current[chosen])) / cell.area if np.any(chosen) else None
