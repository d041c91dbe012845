"""When the interface of a run was depleted: by its threshold, and where contact vanishes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.composition import concentration
from analysis.depletion import Crossing, first_crossing
from analysis.sand import FARADAY
from analysis.vanishing import Vanishing, vanishing
from app.conclusion import concluded, transition
from app.conclusions.contradictions import contradictions
from app.conclusions.curves import charge_passed
from app.conclusions.facts import MICROAMPERE_CM2, Facts
from app.conclusions.refused import Refused
from app.protocol_words import IMPORTED
from core.records import Decision, Floats

NEAR = 0.02
"""Relative distance of a crossing of the latest fits from that of the run, to be the same one."""

MOST_USED = 0.5
"""Share of Δc in a foil that may have been stripped at t0. Sand's half-space knows no far side: at this
share it makes the foil's D too small by 2 %, and by ever more beyond."""

ERROR_BY_VOLTAGE = 0.2
"""Relative error of an R_int that is told from E at the cut-off alone."""


@dataclass(frozen=True)
class Depletion:
    """Depletion of one run; SI and areal.

    Attributes
    ----------
    run : int
    metal : str
    density : float
        A/m², as measured.
    temperature : float
        K.
    pressure : float or None
        Pa; None where none was held, or nobody knows.
    annealed : bool
    history : str
        What else was done to the electrode, in words; empty where it is the usual.
    threshold : float
        Areal, in Ω m²; `threshold_absolute` in Ω.
    threshold_given : str
        ``"areal"`` or ``"absolute"``: which of the two the protocol was told.
    criterion : str
        In the words of the decision.
    time : float
        t0 in s by the threshold, from the first current; of a censored run how long it was watched.
    error : float or None
        Its standard error in s; None if censored.
    censored : bool
        Whether it was not depleted while it was watched.
    why : str
        In the words of the decision.
    vanishing, vanishing_error : float or None
        t0 in s extrapolated to 1/R_int → 0.
    charge : float or None
        C/m² that had passed at t0.
    contact : float or None
        C/C0 at t0, the apparent contact: constriction and pores are not told apart.
    true_time, true_vanishing : float or None
        Of the simulated cell by the same criterion; None on a real bench.
    used : float or None
        Share of the lithium of the foil that had been stripped at t0.
    """

    run: int
    metal: str
    density: float
    temperature: float
    pressure: float | None
    annealed: bool
    history: str
    threshold: float
    threshold_absolute: float
    threshold_given: str
    criterion: str
    time: float
    error: float | None
    censored: bool
    why: str
    vanishing: float | None
    vanishing_error: float | None
    charge: float | None
    contact: float | None
    true_time: float | None
    true_vanishing: float | None
    used: float | None = None


def felt_far_side(row: Depletion, drop: float) -> bool:
    """Return whether the far side of the foil was felt before t₀, so that Sand's half-space is none.

    Parameters
    ----------
    row : Depletion
    drop : float
        Δc in mol/m³.
    """
    return row.used is not None and row.used * concentration(row.metal) > MOST_USED * drop


def depletions(facts: Sequence[Facts]) -> tuple[list[Depletion], list[Refused]]:
    """Return depletion of every run under current that decides on it, and of which it cannot be told.

    Runs of protocols that do not judge depletion, e.g. cycling, are no concern of this and passed over.
    """
    found, refused = [], []
    for each in facts:
        if each.began is None:
            continue
        if not _judges_depletion(each):
            if each.protocol == IMPORTED:
                why = f"run {each.run} was imported without a threshold, so nothing decided on its t0."
                remedy = "import it again, and say at which R_int it counts as depleted."
                refused.append(Refused(f"t0 of run {each.run}", why, remedy, (each.run,)))
            continue
        problems = list(contradictions(each)) or list(_unknown(each))
        refused += problems
        if not problems:
            found.append(_depletion(each))
    return found, refused


def _judges_depletion(facts: Facts) -> bool:
    return "threshold" in facts.header.parameters or _decision(facts) is not None


def _decision(facts: Facts) -> Decision | None:
    stored = [each.decision for each in facts.reader.decisions()]
    return concluded(stored, facts.header.parameters)


def _unknown(facts: Facts) -> list[Refused]:
    """Return why nothing can be said of a run's t0."""
    what, found = f"t0 of run {facts.run}", transition(facts.reader)
    if found is None:
        why = f"run {facts.run} is {facts.summary.state} and has not decided on depletion."
        return [Refused(what, why, "let it end, or leave it out.", (facts.run,))]
    if facts.density is None or facts.temperature is None:
        missing = "current" if facts.density is None else "temperature"
        why = f"no {missing} was read in run {facts.run} while its current was on."
        return [Refused(what, why, "t0 without it can be compared with nothing.", (facts.run,))]
    if facts.density < 0:
        why = (
            f"run {facts.run} plated its working electrode ({facts.density / MICROAMPERE_CM2:.4g} µA/cm²), "
            "so that no current depleted it."
        )
        return [Refused(what, why, "check the sign of the current: positive strips.", (facts.run,))]
    if not found.seconds > 0:
        why = f"R_int of run {facts.run} was above the threshold from the beginning: {found.why}."
        return [Refused(what, why, "form a better contact, or choose a higher threshold.", (facts.run,))]
    return []


def _depletion(facts: Facts) -> Depletion:
    decision, found = _decision(facts), transition(facts.reader)
    assert decision is not None
    assert found is not None
    assert facts.density is not None
    assert facts.temperature is not None
    threshold = float(decision.parameters["threshold_ohm"])
    crossing = None if not found.depleted else _crossing(facts, decision, found.seconds)
    gone = _vanishing(facts, decision) if found.depleted else None
    true_time, true_vanishing = _true(facts, decision)
    charge = _charge(facts, found.seconds) if found.depleted else None
    return Depletion(
        facts.run,
        facts.metal,
        facts.density,
        facts.temperature,
        facts.pressure if facts.pressed else None,
        facts.annealed,
        facts.history,
        threshold * facts.cell.area,
        threshold,
        _given(facts),
        str(decision.parameters.get("criterion", "R_int above the threshold")),
        found.seconds,
        _error(facts, decision, crossing) if found.depleted else None,
        not found.depleted,
        found.why
        + (", after an interruption of the current" if decision.parameters.get("disturbed") else ""),
        None if gone is None else gone.time,
        None if gone is None else gone.error,
        charge,
        _contact(facts, found.seconds) if found.depleted else None,
        true_time,
        true_vanishing,
        None if charge is None else charge / _capacity(facts),
    )


def _capacity(facts: Facts) -> float:
    """Return the charge of all lithium in the foil in C/m²."""
    return FARADAY * concentration(facts.metal) * facts.cell.foil_thickness


def _given(facts: Facts) -> str:
    """Return whether the threshold was given per area, by the unit that the protocol was told."""
    return "areal" if "m²" in str(facts.header.parameters.get("threshold", "")) else "absolute"


def _crossing(facts: Facts, decision: Decision, seconds: float) -> Crossing | None:
    """Return the crossing that the latest fits give near that of the run's own decision."""
    curves, factor = facts.curves, float(decision.parameters.get("factor", 1.0))
    threshold = float(decision.parameters["threshold_ohm"]) * facts.cell.area
    later = curves.time > 0
    found = first_crossing(
        curves.time[later],
        curves.resistance[later] * factor,
        threshold,
        curves.resistance_error[later] * factor,
    )
    return found if found is not None and abs(found.time / seconds - 1) < NEAR else None


def _error(facts: Facts, decision: Decision, crossing: Crossing | None) -> float:
    """Return the standard error of t0 in s.

    Where the cut-off came before any sweep above was whole, t0 lies anywhere between the two times
    kept with the decision; where the fits of today say nothing, anywhere within a spectrum.
    """
    early, late = (decision.parameters.get(name) for name in ("not_before_s", "not_after_s"))
    if early is not None and late is not None:
        return (float(late) - float(early)) / math.sqrt(12)
    if crossing is not None:
        return crossing.uncertainty
    steps = np.diff(facts.curves.time[facts.curves.time > 0])
    return float(np.median(steps)) / math.sqrt(12) if len(steps) else math.nan


def _vanishing(facts: Facts, decision: Decision) -> Vanishing | None:
    """Extrapolate 1/R_int to zero; where the cut-off broke off a sweep, E there is one sample more."""
    curves = facts.curves
    later = curves.time > 0
    time, resistance = curves.time[later], curves.resistance[later]
    error = curves.resistance_error[later]
    voltage, current, when = (decision.parameters.get(name) for name in ("E", "I", "not_after_s"))
    if voltage is not None and current and when is not None and facts.began is not None and len(time):
        electrolyte = float(np.nanmean((curves.bulk + curves.boundary)[later]))
        last = abs(voltage / current) * facts.cell.area - electrolyte
        if last > 0:
            time = np.append(time, when - facts.began)
            resistance, error = np.append(resistance, last), np.append(error, ERROR_BY_VOLTAGE * last)
    return vanishing(time, resistance, error)


def _charge(facts: Facts, seconds: float) -> float | None:
    assert facts.began is not None
    passed = charge_passed(facts.reader, np.array([facts.began + seconds]), facts.began)[0]
    return float(passed) / facts.cell.area if math.isfinite(passed) else None


def _contact(facts: Facts, seconds: float) -> float | None:
    """Return C_int at t0 relative to that before the current."""
    start, curves = facts.start_capacitance, facts.curves
    known = (curves.time > 0) & (np.nan_to_num(curves.capacitance) > 0)
    if start is None or not start > 0 or not np.any(known):
        return None
    time, capacitance = curves.time[known], curves.capacitance[known]
    if not time[0] <= seconds <= time[-1]:
        return None
    return float(np.exp(np.interp(seconds, time, np.log(capacitance)))) / start


def _true(facts: Facts, decision: Decision) -> tuple[float | None, float | None]:
    """Return t0 in s of the simulated cell, by the threshold and vanishing; shown beside, never used."""
    times, values = facts.reader.truth()
    if facts.began is None or not len(times):
        return None, None
    factor, threshold = (float(decision.parameters[name]) for name in ("factor", "threshold_ohm"))
    time, resistance = _stripping(times - facts.began, values["R_int"])
    crossing = first_crossing(time, resistance * factor, threshold)
    if crossing is None:
        return None, None
    gone = vanishing(time, resistance)
    return crossing.time, None if gone is None else gone.time


def _stripping(time: Floats, resistance: Floats) -> tuple[Floats, Floats]:
    return time[time > 0], resistance[time > 0]
