"""What a stripping run came to: t0, contact and charge at t0, measured and, where simulated, true."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from analysis.depletion import first_crossing
from app.conclusion import conclusion, current_on
from core.cell import OHM_CM2, Cell
from core.records import Floats
from protocols.decisions import Depletion, KeptFit, usable
from storage import RunReader, StoredFit


@dataclass(frozen=True)
class Stripping:
    """Results of one stripping; None for what does not exist.

    Attributes
    ----------
    t0_h : float or None
        Hours from the first current to depletion.
    r_int_start_ohm_cm2 : float or None
        R_int of the PEIS at open circuit before the current.
    c_int_relative_at_t0 : float or None
        C_int at t0 relative to the same PEIS (both Hsu–Mansfeld).
    charge_at_t0_mAh_cm2 : float or None
    """

    t0_h: float | None = None
    r_int_start_ohm_cm2: float | None = None
    c_int_relative_at_t0: float | None = None
    charge_at_t0_mAh_cm2: float | None = None


@dataclass(frozen=True)
class _Curves:
    """R_int in Ω, C_int in F and charge in C on times of their own, and the reference R and C."""

    time: Floats
    resistance: Floats
    capacitance: Floats
    charge_time: Floats
    charge: Floats
    reference: tuple[float, float] | None


def measured(run: RunReader) -> Stripping:
    """What was measured, by the decisions and fits that were made while it ran.

    Fits of those spectra that were made later, with this circuit or another, change nothing of it.
    """
    decision, began = conclusion(run), current_on(run)
    if began is None:
        return Stripping()
    crossing = decision.parameters.get("t_cross_s") if decision is not None else None
    if decision is not None and decision.outcome == "crossing refuted":
        crossing = None
    curves = _measured_curves(run, run.fits(version=1), began)
    return _evaluate(curves, run.header.cell, began, crossing)


def by_fits(run: RunReader, fits: Sequence[StoredFit]) -> Stripping:
    """What the run would have come to by other fits of its spectra, by the same criterion.

    Parameters
    ----------
    run : RunReader
    fits : sequence of StoredFit
        In the order of their spectra, one each.
    """
    decision, began = conclusion(run), current_on(run)
    if began is None:
        return Stripping()
    crossing = None
    if decision is not None:
        said = decision.parameters
        rule = Depletion(said["threshold_ohm"], said["criterion"], said["confirmations"], said["factor"])
        for stored in fits:
            if stored.fit.time > began:
                rule.see(KeptFit(stored.id, stored.fit))
        crossing = None if rule.crossing is None else rule.crossing.time
    return _evaluate(_measured_curves(run, fits, began), run.header.cell, began, crossing)


def smoothed(fits: Sequence[StoredFit]) -> list[StoredFit]:
    """Return the fits with what was smoothed in place of what was fitted alone."""
    return [
        replace(stored, fit=replace(stored.fit, parameters=stored.fit.parameters | stored.fit.smoothed))
        for stored in fits
    ]


def true(run: RunReader) -> Stripping:
    """What the simulated cell really did, by the same criterion; empty for a real bench."""
    decision, began = conclusion(run), current_on(run)
    times, values = run.truth()
    if began is None or not len(times):
        return Stripping()
    stripping = times > began
    curves = _Curves(
        times[stripping],
        values["R_int"][stripping],
        values["C_int"][stripping],
        times[stripping],
        values["charge"][stripping],
        _true_reference(times, values, began),
    )
    crossing = None
    if decision is not None:
        factor, threshold = decision.parameters["factor"], decision.parameters["threshold_ohm"]
        found = first_crossing(curves.time, curves.resistance * factor, threshold)
        crossing = None if found is None else found.time
    return _evaluate(curves, run.header.cell, began, crossing)


def as_json(run: RunReader) -> dict[str, Any]:
    """The entry of a run in the demo's JSON."""
    summary = run.summary()
    return {
        "run": summary.run,
        "cell": run.header.cell.anode,
        "state": str(summary.state),
        "spectra": summary.spectra,
        "end_reason": summary.end_reason,
        **asdict(measured(run)),
        "truth": asdict(true(run)),
    }


def _measured_curves(run: RunReader, fits: Sequence[StoredFit], began: float) -> _Curves:
    references, time, resistance, capacitance = [], [], [], []
    for stored in fits:
        fit = stored.fit
        if not usable(fit):
            continue
        if fit.time < began:
            references.append((fit["R_int"], fit["C_int"]))
        else:
            time.append(fit.time)
            resistance.append(fit["R_int"])
            capacitance.append(fit["C_int"])
    _, charge_time, charge = run.readings("Q")
    return _Curves(
        np.array(time),
        np.array(resistance),
        np.array(capacitance),
        charge_time,
        charge,
        references[-1] if references else None,
    )


def _true_reference(times: Floats, values: dict[str, Floats], began: float) -> tuple[float, float] | None:
    before = np.flatnonzero(times <= began)
    if not len(before):
        return None
    return float(values["R_int"][before[-1]]), float(values["C_int"][before[-1]])


def _evaluate(curves: _Curves, cell: Cell, began: float, crossing: float | None) -> Stripping:
    start = relative = charge = None
    if curves.reference is not None:
        start = curves.reference[0] * cell.area / OHM_CM2
    if crossing is None:
        return Stripping(None, start)
    if curves.reference is not None and len(curves.time):
        at_t0 = np.exp(np.interp(crossing, curves.time, np.log(curves.capacitance)))
        relative = float(at_t0 / curves.reference[1])
    if len(curves.charge):
        passed = np.interp([began, crossing], curves.charge_time, curves.charge)
        charge = cell.areal_charge(float(passed[1] - passed[0]))
    return Stripping((crossing - began) / 3600, start, relative, charge)
