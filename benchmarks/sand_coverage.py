"""Count in how many campaigns the 95 % interval of D by Sand's equation holds the truth.

Run with ``python -m benchmarks.sand_coverage [--campaigns 400] [--seed 1] [--jobs 2]``.

A campaign is one metal at one temperature, with parameters drawn at random, and one to three
electrodes at each of 50, 100 and 200 µA/cm². Electrodes of a campaign differ: how fast lithium is
supplied scatters by a relative standard deviation that is itself drawn between 3 and 15 %, and so does,
less, the pressure they were formed at. Each is stripped on the simulated cell, with sweeps of 35 points
and 0.3 % noise, during which the cell drifts; the sweeps are fitted, t0 is found from the fits, and D
from the line through them.

The truth is D of that kind of cell, not of the electrodes that happened to be measured: the same line
through the true t0, by the same criterion, of three electrodes without scatter, one at each current.
With the electrodes of the sample themselves it would be hit always, because what the interval is there
for, the scatter between electrodes, would be in both. (t0^(−1/2) is not linear in t0, so the mean over
many electrodes lies s²/8 above the electrode without scatter, 0.3 % for s = 0.15, far below the half
width.)
"""

import argparse
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis import fit
from analysis.composition import concentration
from analysis.depletion import first_crossing
from analysis.sand import SandLine, sand_line
from analysis.vanishing import vanishing
from benchmarks.trajectories import Journey
from core.cell import OHM_CM2, Cell
from core.clock import wall_time
from core.records import Complexes, Floats
from protocols.decisions import usable
from simulators.cell.random_cells import random_cell
from simulators.cell.simulated_cell import SimulatedCell

CURRENTS = (50.0, 100.0, 200.0)
"""µA/cm²."""
CUT_OFF = {50.0: 4.0, 100.0: 4.0, 200.0: 6.0}
"""V."""
THRESHOLDS = (2e3, 5e3, 10e3, 20e3)
"""Ω cm²; the third is the paper's."""
USUAL = 2
NOISE = 3e-3
SWEEP = Journey(points=35, stands_still=False)
GROWTH = 0.06
"""ln R_int between two sweeps."""
FIRST_SWEEP = 1e3
"""Ω cm² from which on sweeps are taken; what lies before decides on neither t0."""
LONGEST = 300 * 3600.0


@dataclass(frozen=True)
class Stripped:
    """One electrode: its current in A/m², and t0 in s by each threshold and by vanishing contact.

    `errors` are the standard errors of what was measured, in s.
    """

    density: float
    measured: tuple[float, ...]
    errors: tuple[float, ...]
    true: tuple[float, ...]


@dataclass(frozen=True)
class Campaign:
    """Lines through what was measured and through the truth: by each threshold, then by vanishing."""

    anode: str
    scatter: float
    electrodes: int
    measured: tuple[SandLine | None, ...]
    true: tuple[SandLine | None, ...]
    times: tuple[Stripped, ...]


def strip(cell: Cell, overrides: dict, kelvin: float, current: float, seed: int | None) -> Stripped:
    """Strip one electrode; with a seed its sweeps are measured and fitted, without one only the truth is."""
    simulated = SimulatedCell(cell, overrides, lambda _: kelvin, lambda _: 0.0, 1 if seed is None else seed)
    simulated.set_current(0.0, cell.current(current))
    time, resistance = [0.0], [simulated.truth(0.0)["R_int"]]
    sweeps, starts = [], []
    frequency, chance = SWEEP.frequency, np.random.default_rng(0 if seed is None else seed)
    step = 600.0
    while time[-1] < LONGEST:
        now = time[-1] + step
        truth = simulated.truth(now)
        if abs(truth["voltage"]) > CUT_OFF[current]:
            if step <= SWEEP.period + 1e-9:
                break
            # The cell goes on only forwards, but whatever lies within the last minutes can be asked for.
            step = max(step / 2, SWEEP.period)
            continue
        time.append(now)
        resistance.append(truth["R_int"])
        if seed is not None and truth["R_int"] * cell.area / OHM_CM2 > FIRST_SWEEP:
            begin = now - SWEEP.middle
            clean, _, _ = simulated.scan(frequency, begin + SWEEP.middle + SWEEP.late)
            wobble = chance.standard_normal((len(frequency), 2)) @ np.array([1, 1j])
            sweeps.append(clean + NOISE * np.abs(clean) * wobble)
            starts.append(begin)
        grown = np.log(resistance[-1] / resistance[-2]) / (time[-1] - time[-2])
        step = float(np.clip(GROWTH / max(grown, 1e-9), SWEEP.period, 550.0))
    area = cell.area / OHM_CM2
    true, none = _times(np.array(time), np.array(resistance) * area)
    if seed is None:
        return Stripped(current * 1e-2, true, none, true)
    return Stripped(current * 1e-2, *_measured(np.array(sweeps), np.array(starts), cell), true)


def _measured(sweeps: Complexes, starts: Floats, cell: Cell) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if not len(sweeps):
        nothing = (np.nan,) * (len(THRESHOLDS) + 1)
        return nothing, nothing
    fits = fit((SWEEP.frequency, sweeps, starts[:, None] + SWEEP.delay), area=cell.area)
    kept = np.array([usable(each) for each in fits])
    area = cell.area / OHM_CM2
    return _times(fits.time[kept], fits.values["R_int"][kept] * area, fits.stderrs["R_int"][kept] * area)


def _times(
    time: Floats, resistance: Floats, error: Floats | None = None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return t0 by each threshold and by vanishing contact, and the errors; nan where there is none."""
    crossings = [first_crossing(time, resistance, threshold, error) for threshold in THRESHOLDS]
    gone = vanishing(time, resistance, error)
    found = [(np.nan, np.nan) if each is None else (each.time, each.uncertainty) for each in crossings]
    found.append((np.nan, np.nan) if gone is None else (gone.time, gone.error))
    times, errors = zip(*found, strict=True)
    return times, errors


def campaign(arguments: tuple[int, int]) -> Campaign:
    """Make one campaign, of which the seed and the number are given."""
    seed, number = arguments
    chance = np.random.default_rng([seed, number])
    cell, overrides, _ = random_cell(seed, number)
    kelvin, scatter = 273.15 + chance.uniform(0.0, 30.0), chance.uniform(0.03, 0.15)
    # Below 10 °C some counter electrodes would short at 200 µA/cm² before the working one is depleted.
    overrides["critical_current_density"] = 10.0
    counts = chance.integers(1, 3, size=len(CURRENTS), endpoint=True)
    times = []
    for current, count in zip(CURRENTS, counts, strict=True):
        for _ in range(count):
            share = float(np.exp(scatter * chance.standard_normal()))
            differs = {name: overrides[name] * share for name in ("pore_diffusivity", "chemical_diffusivity")}
            assert cell.history.forming_pressure is not None
            formed = cell.history.forming_pressure * float(np.exp(0.03 * chance.standard_normal()))
            differs["forming_pressure"] = formed
            times.append(strip(cell, overrides | differs, kelvin, current, int(chance.integers(1, 2**31))))
    truth = [strip(cell, overrides, kelvin, current, None) for current in CURRENTS]
    ways, drop = range(len(THRESHOLDS) + 1), concentration(cell.anode)
    measured = tuple(
        _line(times, [each.measured[way] for each in times], drop, [each.errors[way] for each in times])
        for way in ways
    )
    true = tuple(_line(truth, [each.true[way] for each in truth], drop) for way in ways)
    return Campaign(cell.anode, scatter, len(times), measured, true, tuple(times))


def _line(
    electrodes: list[Stripped], times: list[float], drop: float, errors: list[float] | None = None
) -> SandLine | None:
    """Draw the line as `app.conclusions` does: with the errors of what was measured."""
    relative = None if errors is None else np.array(errors) / np.array(times)
    return sand_line(np.array([each.density for each in electrodes]), np.array(times), drop, relative)


def held(found: list[Campaign], way: int) -> tuple[int, int, int]:
    """Return in how many campaigns the interval holds the truth, of how many, and how many have no end."""
    pairs = [(each.measured[way], each.true[way]) for each in found]
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    inside = sum(one.low <= other.diffusion <= one.high for one, other in known)
    return inside, len(known), sum(not np.isfinite(one.high) for one, _ in known)


def lines(found: list[Campaign]) -> Iterator[str]:
    """Return the tables."""
    yield "t0 by                     interval holds the truth   no upper end   median half width of D"
    for way, name in ((USUAL, "threshold 10 kΩ cm²"), (len(THRESHOLDS), "1/R_int → 0")):
        inside, known, open_ended = held(found, way)
        halves = [
            (one.high - one.low) / 2 / one.diffusion for one in (each.measured[way] for each in found) if one
        ]
        yield (
            f"{name:25} {inside:4} of {known:4} ({inside / known:.1%})   {open_ended:12}   "
            f"{np.median(halves):22.1%}"
        )
    yield "369 to 391 of 400 are what an interval of 95 % gives in 99 of 100 such tables"
    yield ""
    yield "threshold      t0 / t0 by 1/R_int → 0, median   D / D by 1/R_int → 0   holds its own truth"
    for way, name in enumerate([*(f"{each / 1e3:g} kΩ cm²" for each in THRESHOLDS), "1/R_int → 0"]):
        ratio = [each.measured[way] / each.measured[-1] for one in found for each in one.times]
        both = [(each.measured[way], each.measured[-1]) for each in found]
        d = [one.diffusion / other.diffusion for one, other in both if one and other]
        inside, known, _ = held(found, way)
        yield f"{name:14} {np.nanmedian(ratio):32.4f} {np.median(d):22.4f}   {inside} of {known}"
    yield ""
    error = [
        abs(each.measured[way] / each.true[way] - 1) for one in found for each in one.times for way in (2, 4)
    ]
    yield (
        f"t0 measured over t0 of the same electrode: median |error| {np.nanmedian(error):.3%}, 95 % below "
        f"{np.nanpercentile(error, 95):.2%}"
    )
    for anode in sorted({each.anode for each in found}):
        some = [each for each in found if each.anode == anode]
        inside, known, _ = held(some, len(THRESHOLDS))
        yield f"{anode}: by 1/R_int → 0 {inside} of {known}; by threshold {held(some, USUAL)[0]}"


def main() -> None:
    """Make the campaigns, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--campaigns", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    began = wall_time()
    with multiprocessing.get_context("spawn").Pool(asked.jobs) as pool:
        jobs = [(asked.seed, number) for number in range(asked.campaigns)]
        found = list(pool.imap_unordered(campaign, jobs))
    print(*lines(found), sep="\n")
    electrodes = sum(each.electrodes for each in found)
    print(f"{len(found)} campaigns of {electrodes} electrodes in {wall_time() - began:.0f} s")


if __name__ == "__main__":
    main()
