"""The activation energy of diffusion, from t₀ at several temperatures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from analysis.arrhenius import Arrhenius, arrhenius_of_diffusion
from analysis.composition import LEAST_CONCENTRATION, concentration
from analysis.sand import diffusion_coefficient
from app.conclusions.alike import levels, unlike_thresholds
from app.conclusions.facts import MICROAMPERE_CM2, Facts
from app.conclusions.interface_energy import BAND, THERMOMETER, different
from app.conclusions.refused import Refused
from app.conclusions.sand_plot import Drop
from app.conclusions.transitions import Depletion, felt_far_side
from core.records import Floats
from core.units import ZERO_CELSIUS

PRESSURE_STEP = 1e6
"""Pa; electrodes of one line agree within it."""

SAME_DENSITY = 0.05
"""Share within which current densities count as one."""

ELECTRODES = 0.1
"""Standard deviation of ln D between electrodes, assumed where two of them cannot show it."""

Way = Literal["vanishing", "threshold"]


@dataclass(frozen=True, eq=False)
class DiffusionEnergy:
    """The activation energy of the effective D, from ln D over 1/kT.

    Attributes
    ----------
    metal : str
    runs : tuple of int
    temperature : ndarray, shape (n,)
        K; one for each electrode.
    diffusion, error : ndarray, shape (n,)
        Effective D in m²/s by Sand's equation from one t₀ each, and its standard error by that of t₀.
    line : Arrhenius
    drop_name : str
        Which drop in concentration D was derived with.
    by : str
        Which t₀: ``"vanishing"`` or ``"threshold"``.
    density : float
        A/m², common to all of them.
    """

    metal: str
    runs: tuple[int, ...]
    temperature: Floats
    diffusion: Floats
    error: Floats
    line: Arrhenius
    drop_name: str
    by: Way
    density: float


def diffusion_energies(
    facts: Sequence[Facts], depletions: Sequence[Depletion], drop: Drop = "c0"
) -> tuple[list[DiffusionEnergy], list[Refused]]:
    """Derive E_A of D of each metal from t₀ at several temperatures and one current density.

    Every electrode is a point of its own, so that their scatter is in the interval. What was not
    depleted has no D, and is left out and named.

    Parameters
    ----------
    facts : sequence of Facts
    depletions : sequence of Depletion
    drop : str
        ``"c0"`` or ``"c0-cmin"``: Δc of Sand's equation. It is the same at all temperatures, so the energy
        does not depend on it.
    """
    wanted = {fact.run for fact in facts}
    found: list[DiffusionEnergy] = []
    refused: list[Refused] = []
    groups: dict[tuple[str, str, bool, float], list[Depletion]] = defaultdict(list)
    pressure = levels((each.pressure or 0.0 for each in depletions), PRESSURE_STEP)
    for each in depletions:
        if each.run in wanted:
            groups[each.metal, each.history, each.annealed, pressure[each.pressure or 0.0]].append(each)
    for rows in groups.values():
        for same in _by_density(rows):
            if len(different(row.temperature for row in same)) < 2:
                continue  # one temperature was all that was meant: nobody asks it for an energy
            for by in get_args(Way):
                _diffusion(same, by, drop, found, refused)
    return found, refused


def _diffusion(
    rows: Sequence[Depletion],
    by: Way,
    drop: Drop,
    found: list[DiffusionEnergy],
    refused: list[Refused],
) -> None:
    """Add the energy of D by one kind of t₀, or why there is none."""
    metal, runs = rows[0].metal, tuple(row.run for row in rows)
    reduced = drop == "c0-cmin" and metal != "Li"  # pure lithium runs out, and no phase of it ends before
    delta = concentration(metal) - (LEAST_CONCENTRATION if reduced else 0.0)
    thin = [row for row in rows if not row.censored and felt_far_side(row, delta)]
    if thin and by == "threshold":
        refused.append(_of_thin(metal, thin))
    timed = [(row, *_time(row, by)) for row in rows if row not in thin]
    known = [(row, time, error) for row, time, error in timed if time is not None]
    missing = [row for row, time, _ in timed if time is None]
    kelvin = np.array([row.temperature for row, _, _ in known])
    if len(different(kelvin)) < 2:
        without = ", ".join(f"run {row.run} at {row.temperature - ZERO_CELSIUS:.0f} °C" for row in missing)
        refused.append(
            Refused(
                f"activation energy of D of {metal} ({by})",
                f"t0 is known at {len(different(kelvin))} temperature(s) only; none of {without}.",
                "Strip until depletion at two temperatures at least.",
                runs,
            )
        )
        return
    if by == "threshold" and (unlike := unlike_thresholds([row for row, _, _ in known])):
        why = f"the runs were judged by different thresholds: {unlike}."
        remedy = "Take runs of one threshold; t0 for 1/R_int → 0 knows none."
        refused.append(Refused(f"activation energy of D of {metal} ({by})", why, remedy, runs))
        return
    d = np.array([diffusion_coefficient(time, delta, abs(row.density)) for row, time, _ in known])
    error = d * np.array([np.nan if error is None else error / time for _, time, error in known])
    # Electrodes differ by far more than t0 is uncertain: as soon as they show it, they weigh the same.
    own = np.hypot(error, ELECTRODES * d) if len(known) == 2 else None
    line = arrhenius_of_diffusion(kelvin, d, own, BAND / np.sqrt(3), THERMOMETER)
    density = float(np.mean([abs(row.density) for row, _, _ in known]))
    used = tuple(row.run for row, _, _ in known)
    drop_name = "c0 − c_min" if reduced else "c0"
    found.append(DiffusionEnergy(metal, used, kelvin, d, error, line, drop_name, by, density))
    if missing and by == "threshold":
        refused.append(_left_out(metal, density, missing))


def _of_thin(metal: str, rows: Sequence[Depletion]) -> Refused:
    felt = ", ".join(f"run {row.run} at {row.temperature - ZERO_CELSIUS:.0f} °C" for row in rows)
    return Refused(
        f"points of the activation energy of D of {metal}",
        f"the far side of the foil was felt before t0: {felt}; left out of the line.",
        "Use a thicker foil, or a higher current density.",
        tuple(row.run for row in rows),
    )


def _left_out(metal: str, density: float, rows: Sequence[Depletion]) -> Refused:
    lived = ", ".join(
        f"run {row.run} at {row.temperature - ZERO_CELSIUS:.0f} °C in {row.time / 3600:.1f} h" for row in rows
    )
    return Refused(
        f"points of the activation energy of D of {metal}",
        f"not depleted at {density / MICROAMPERE_CM2:.0f} µA/cm²: {lived}; left out of the line.",
        "Strip for longer, or at a higher current density.",
        tuple(row.run for row in rows),
    )


def _time(row: Depletion, by: Way) -> tuple[float | None, float | None]:
    """Return t₀ in s and its standard error, None where there is none."""
    if row.censored:
        return None, None
    if by == "vanishing":
        return row.vanishing, row.vanishing_error
    return row.time, row.error


def _by_density(rows: Sequence[Depletion]) -> list[list[Depletion]]:
    """Sort rows into groups of one current density each; t₀ of different ones are no pure function of T."""
    groups: list[list[Depletion]] = []
    for row in sorted(rows, key=lambda each: abs(each.density)):
        if groups and abs(row.density) <= abs(groups[-1][0].density) * (1 + SAME_DENSITY):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
