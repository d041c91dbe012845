"""How contacts begin: the table of R_int(0) and open-circuit voltage."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.conclusions.alike import levels
from app.conclusions.facts import Facts
from app.conclusions.refused import Refused
from app.fit_versions import LIVE_VERSION
from core.records import Floats

BELOW_RESOLUTION = "below resolution"
"""Flag of fits that see no interface arc; their R_int_upper is a limit, and no resistance."""

TEMPERATURE_STEP, PRESSURE_STEP = 5.0, 1e6
"""K and Pa; electrodes of one row of the table of starts agree within these."""


@dataclass(frozen=True)
class StartRow:
    """One row of the table of starts (S1 of Krauskopf et al. 2019): contacts made in the same way.

    Attributes
    ----------
    metal : str
    forming_pressure : float or None
        Pa, as read when it was formed on the bench before, else as declared of the cell; None where
        neither is known.
    count : int
        Electrodes, each counted at its first current only.
    resistance_mean, resistance_sd : float or None
        R_int(0) in Ω m², of the last PEIS at open circuit; None where it is below resolution. There
        is no standard deviation of one.
    ocv_mean, ocv_sd : float or None
        V.
    runs : tuple of int
    temperature : float
        K, the mean.
    pressure : float or None
        Stack pressure in Pa, the mean; None without one.
    limit : float or None
        Of contacts below resolution: R_int(0) in Ω m² that none of them exceeds, with 95 % each.
    """

    metal: str
    forming_pressure: float | None
    count: int
    resistance_mean: float | None
    resistance_sd: float | None
    ocv_mean: float | None
    ocv_sd: float | None
    runs: tuple[int, ...]
    temperature: float
    pressure: float | None
    limit: float | None


@dataclass(frozen=True)
class _Start:
    """Of one electrode: the pressure in Pa it was formed at, T in K, and R_int(0) in Ω m² or its limit."""

    fact: Facts
    formed: float | None
    temperature: float
    resistance: float | None
    limit: float | None

    @property
    def pressed(self) -> float | None:
        """The stack pressure in Pa; None without one."""
        return self.fact.pressure if self.fact.pressed else None


def starts(facts: Sequence[Facts]) -> tuple[list[StartRow], list[Refused]]:
    """Put the contacts together as they were before any current, each electrode once."""
    found: list[_Start] = []
    refused: list[Refused] = []
    formed = _formed_here(facts)
    for fact in _first_currents(facts):
        start = _start(fact, formed.get(fact.cell.name, fact.cell.history.forming_pressure))
        if start is None:
            refused.append(
                Refused(
                    f"R_int(0) of {fact.cell.name}",
                    f"run {fact.run} has no usable spectrum at open circuit and a known temperature before "
                    "its current.",
                    "Let a protocol take a PEIS before the current.",
                    (fact.run,),
                )
            )
            continue
        found.append(start)
    rows = [_start_row(group) for group in _alike(found)]
    return sorted(rows, key=lambda row: (row.metal != "Li", row.metal, row.runs)), refused


def _alike(found: Sequence[_Start]) -> list[list[_Start]]:
    """Sort starts into contacts that were made in the same way."""
    near = levels((each.temperature for each in found), TEMPERATURE_STEP)
    formed = levels((each.formed for each in found if each.formed is not None), PRESSURE_STEP)
    pressed = levels((each.pressed for each in found if each.pressed is not None), PRESSURE_STEP)
    groups: dict[tuple[object, ...], list[_Start]] = defaultdict(list)
    for each in found:
        groups[
            each.fact.metal,
            None if each.formed is None else formed[each.formed],
            each.fact.annealed,
            near[each.temperature],
            None if each.pressed is None else pressed[each.pressed],
            each.limit is None,
        ].append(each)
    return list(groups.values())


def _first_currents(facts: Sequence[Facts]) -> list[Facts]:
    """Return the first run with current of each electrode: later ones begin with what is left."""
    first: dict[str, Facts] = {}
    for fact in sorted(facts, key=lambda each: each.run):
        if fact.began is not None:
            first.setdefault(fact.cell.name, fact)
    return list(first.values())


def _formed_here(facts: Sequence[Facts]) -> dict[str, float]:
    """Return the pressures in Pa that electrodes were formed at on the bench, by the names of the cells."""
    formed = {}
    for fact in sorted(facts, key=lambda each: each.run):
        if fact.protocol == "InterfaceForming":
            for each in fact.reader.events():
                if each.event.kind == "result" and each.event.data.get("name") == "forming":
                    megapascal = each.event.data.get("pressure_MPa")
                    if megapascal is not None:
                        formed[fact.cell.name] = megapascal * 1e6
    return formed


def _start(fact: Facts, formed: float | None) -> _Start | None:
    """Return the start of an electrode by the last spectrum before its current."""
    reader, began = fact.reader, fact.began
    models = {each.model for each in reader.fit_versions() if each.version == LIVE_VERSION}
    newest = None
    for spectrum in reader.spectrum_ids():
        found = [fit for model in models if (fit := reader.fit_of(spectrum, model)) is not None]
        if not found:
            continue
        if began is None or found[0].fit.time >= began:
            break
        newest = found[0].fit
    if newest is None:
        return None
    kelvin = newest.parameters["T"].value if "T" in newest.parameters else fact.temperature
    if kelvin is None or not np.isfinite(kelvin):
        return None
    if BELOW_RESOLUTION in newest.flags:
        upper = newest.parameters.get("R_int_upper")
        limit = None if upper is None else upper.value * fact.cell.area
        return None if limit is None else _Start(fact, formed, kelvin, None, limit)
    if fact.start_resistance is None:
        return None
    return _Start(fact, formed, kelvin, fact.start_resistance, None)


def _start_row(group: Sequence[_Start]) -> StartRow:
    fact = group[0].fact
    resistance = np.array([each.resistance for each in group if each.resistance is not None], dtype=float)
    voltages = [each.fact.start_ocv for each in group]
    ocv = np.array([each for each in voltages if each is not None], dtype=float)
    formed = [each.formed for each in group if each.formed is not None]
    limits = [each.limit for each in group if each.limit is not None]
    pressure = [each.fact.pressure for each in group if each.fact.pressed and each.fact.pressure is not None]
    return StartRow(
        fact.metal,
        float(np.mean(formed)) if formed else None,
        len(group),
        *_mean_and_sd(resistance),
        *_mean_and_sd(ocv),
        tuple(each.fact.run for each in group),
        float(np.mean([each.temperature for each in group])),
        float(np.mean(pressure)) if pressure else None,
        max(limits, default=None),
    )


def _mean_and_sd(values: Floats) -> tuple[float | None, float | None]:
    return (
        float(np.mean(values)) if len(values) else None,
        float(np.std(values, ddof=1)) if len(values) > 1 else None,
    )
