"""How often the 95 % interval of an activation energy holds the truth, on simulated cells.

Run with ``python -m benchmarks.energy_coverage [--campaigns 400] [--seed 1] [--jobs 2]``. Each campaign
draws a cell, a chamber and activation energies, and measures them at five and at three temperatures:

* of R_int: the chamber goes from temperature to temperature, the cell lags behind its air, and the
  thermometer of the chamber has an error of its own. After each soak three noisy spectra are
  simulated, fitted by the real fit and put together as a protocol does. The truth is what was drawn.
* of D: an electrode for each temperature, each with a diffusivity of its own, is stripped until R_int
  crosses 10 kΩ cm². t₀ is read off noisy spectra around the crossing. What is true is the line
  through the true t₀ of the electrode without scatter, at the same nominal temperatures and by the
  same criterion: that is the mean electrode of its kind, and the scatter between electrodes has to
  be in the interval.
* of both at two temperatures, from the errors of the points alone and what is assumed of cells and
  electrodes. These are shown and not judged: two points say nothing of what was not foreseen.

An interval of 95 % that keeps its word holds the truth in 369 to 391 of 400 (99 % of all tries).
"""

import argparse
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from analysis.arrhenius import Arrhenius, arrhenius, arrhenius_of_diffusion
from analysis.composition import concentration
from analysis.depletion import first_crossing
from analysis.fitting import fit
from analysis.repeats import mean_of_repeats
from analysis.sand import diffusion_coefficient
from app.conclusions.diffusion_energy import ELECTRODES
from app.conclusions.interface_energy import BAND, LAG, THERMOMETER
from core.records import Floats, Spectrum
from simulators.cell.random_cells import random_cell
from simulators.cell.simulated_cell import SimulatedCell
from simulators.chamber_model import ChamberModel, ChamberParameters

ZERO = 273.15
TEMPERATURES = (0.0, 10.0, 25.0, 40.0, 50.0)
"""°C for R_int."""
STRIPPED_AT = (0.0, 8.0, 16.0, 24.0, 32.0)
"""°C for D: not so warm that an electrode outlives the campaign."""
CHOSEN = {5: [0, 1, 2, 3, 4], 3: [0, 2, 4], 2: [0, 2]}
"""Which of them count, by how many there are to be."""
ENERGY = (0.28, 0.45)
"""eV, both energies are drawn from here."""
SOAK = (1.8, 2.6)
"""h that a cell is left at a temperature, as runs with a criterion for steadiness turn out."""
NOISE = 0.003
"""Standard deviation of both parts of Z, as a share of |Z|."""
SCATTER = 0.08
"""Standard deviation of ln D between electrodes."""
DENSITY = 3.0
"""A/m² that electrodes are stripped with."""
THRESHOLD = 1.0
"""R_int in Ω m² that defines t₀."""
FREQUENCY: Floats = np.geomspace(7e6, 1.0, 69)
SPENT: Floats = 2.1 / FREQUENCY + 0.25
SWEEP = float(SPENT.sum())
AROUND = 9
"""Spectra around a crossing."""
STRIDE = 300.0
"""s between two looks at what is true; a cell can be asked for what it was up to 600 s before."""
LONGEST = 60 * 3600.0
"""s of current."""
REPEATS = 3
"""Spectra at each temperature."""
EVERY = 100
"""Campaigns after which the count so far is shown."""

Points = tuple[Floats, Floats, Floats]
"""K, values and their standard errors, each of shape (n,)."""


@dataclass
class Campaign:
    """One cell and one chamber, drawn from a seed."""

    seed: int
    number: int

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.seed, self.number])
        self.cell, overrides, _ = random_cell(self.seed, self.number)
        # No lithium grows through: that is another question, and in the cold it would come first.
        self.overrides = overrides | {"critical_current_density": 1e3}
        self.interface_energy, self.diffusion_energy = self.rng.uniform(*ENERGY, 2).tolist()
        self.overrides |= {
            "interface_energy": self.interface_energy,
            "diffusion_energy": self.diffusion_energy,
        }
        self.calibration = self.rng.normal(0.0, THERMOMETER)

    def interface(self) -> Points:
        """Measure R_int at every temperature."""
        lag = {"cell_lag": f"{self.rng.uniform(1200.0, 1800.0):.0f} s"}
        chamber = ChamberModel(ChamberParameters.model_validate(lag))
        chamber.run(0.0, True)
        cell = self._simulated(chamber, 1.0)
        spectra, air, time = [], [], 0.0
        for each in TEMPERATURES:
            chamber.set_target(time, each + ZERO)
            cell.touch(time)
            time += 3600.0 * self.rng.uniform(*SOAK)
            for _ in range(REPEATS):
                spectra.append(self._spectrum(cell, time))
                air.append(chamber.air_temperature(time) + self.calibration + self.rng.normal(0, 0.01))
                time += SWEEP
        fits = fit(spectra, area=self.cell.area, temperature=np.array(air))
        points = []
        for stop in range(len(TEMPERATURES)):
            rows = range(REPEATS * stop, REPEATS * (stop + 1))
            value = mean_of_repeats([fits[row] for row in rows], "R_int")
            if value is None:
                raise RuntimeError(f"campaign {self.number}: R_int not resolved at stop {stop}")
            points.append((float(np.mean([air[row] for row in rows])), value.value, value.stderr))
        kelvin, resistance, error = np.array(points).T
        return kelvin, resistance, error

    def diffusion(self) -> tuple[Points, Floats]:
        """Measure D at every temperature, an electrode each; return also the true ones."""
        drop = concentration(self.cell.anode)
        found, true = [], []
        for each in STRIPPED_AT:
            # The cell is at its temperature but for what a chamber leaves within its band.
            kelvin = each + ZERO + self.rng.uniform(-BAND, BAND)
            own = math.exp(self.rng.normal(0.0, SCATTER))
            time, error = self._depleted(kelvin, own, noisy=True)
            d = diffusion_coefficient(time, drop, DENSITY)
            found.append((each + ZERO + self.calibration, d, d * error / time))
            exact, _ = self._depleted(each + ZERO, 1.0, noisy=False)
            true.append(diffusion_coefficient(exact, drop, DENSITY))
        kelvin, diffusion, errors = np.array(found).T
        return (kelvin, diffusion, errors), np.array(true)

    def _simulated(self, chamber: ChamberModel | float, own: float) -> SimulatedCell:
        overrides = dict(self.overrides)
        for name in ("pore_diffusivity", "chemical_diffusivity"):
            overrides[name] *= own
        at = chamber.cell_temperature if isinstance(chamber, ChamberModel) else lambda _: chamber
        return SimulatedCell(self.cell, overrides, at, lambda _: 0.0, seed=self.seed)

    def _spectrum(self, cell: SimulatedCell, time: float) -> Spectrum:
        finished = time + np.cumsum(SPENT)
        z = cell.impedance(FREQUENCY, finished - SPENT / 2)
        noise = self.rng.standard_normal((2, len(z))) * NOISE
        z = z + np.abs(z) * (noise[0] + 1j * noise[1])
        still = np.zeros(len(z))
        return Spectrum("GEIS", FREQUENCY, z, finished, still, still, still, still + 3e-6, 3e-6)

    def _depleted(self, kelvin: float, own: float, noisy: bool) -> tuple[float, float]:
        """Strip an electrode; return t₀ in s and its standard error, true or as spectra show it."""
        cell = self._simulated(kelvin, own)
        cell.set_current(0.0, DENSITY * self.cell.area)
        threshold, time = THRESHOLD / self.cell.area, 0.0
        while cell.truth(time)["R_int"] < threshold:
            time += STRIDE
            if time > LONGEST:
                raise RuntimeError(f"campaign {self.number}: no depletion at {kelvin - ZERO:.0f} °C")
        low, high = time - STRIDE, time
        while high - low > 0.1:
            middle = (low + high) / 2
            low, high = (low, middle) if cell.truth(middle)["R_int"] >= threshold else (middle, high)
        return self._crossing(cell, kelvin, high) if noisy else (high, math.nan)

    def _crossing(self, cell: SimulatedCell, kelvin: float, around: float) -> tuple[float, float]:
        """Return t₀ by spectra around the true one, and its standard error."""
        begin = around - (AROUND - 3) * (SWEEP + 1.0) - self.rng.uniform(0.0, SWEEP)
        spectra = [self._spectrum(cell, begin + number * (SWEEP + 1.0)) for number in range(AROUND)]
        fits = fit(spectra, area=self.cell.area, temperature=kelvin)
        time = np.array([each.mid_time for each in spectra])
        values = [fits[row].parameters["R_int"] for row in range(AROUND)]
        resistance, error = np.array([(each.value, each.stderr) for each in values]).T
        crossing = first_crossing(time, resistance, THRESHOLD / self.cell.area, error)
        return (around, SWEEP) if crossing is None else (crossing.time, crossing.uncertainty)


def campaign(seed: int, number: int) -> dict[tuple[str, int], tuple[Arrhenius, float]]:
    """Return every energy of one campaign beside its truth, by what it is of and by how many temperatures."""
    drawn = Campaign(seed, number)
    interface, (diffusion, true) = drawn.interface(), drawn.diffusion()
    nominal = np.array(STRIPPED_AT) + ZERO
    found = {}
    for count, rows in CHOSEN.items():
        kelvin, value, error = (column[rows] for column in interface)
        line = arrhenius(kelvin, value, error, math.hypot(BAND / math.sqrt(3), LAG), THERMOMETER)
        found["R_int", count] = line, drawn.interface_energy
        kelvin, value, error = (column[rows] for column in diffusion)
        own = np.hypot(error, ELECTRODES * value) if count == 2 else None
        line = arrhenius_of_diffusion(kelvin, value, own, BAND / math.sqrt(3), THERMOMETER)
        found["D", count] = line, arrhenius_of_diffusion(nominal[rows], true[rows]).energy
    return found


def table(results: list[dict[tuple[str, int], tuple[Arrhenius, float]]]) -> str:
    """Return how often the truth was held, how wide the intervals are, and what they rest on."""
    rows = [
        f"{'of':6} {'temperatures':>12} {'held':>12} {'half width / eV':>16} {'error / eV':>11}  rests on"
    ]
    for name, count in results[0]:
        lines = [each[name, count] for each in results]
        held = sum(line.low <= true <= line.high for line, true in lines)
        half = np.median([(line.high - line.low) / 2 for line, _ in lines])
        off = np.mean([line.energy - true for line, true in lines])
        sources = ", ".join(sorted({line.source for line, _ in lines}))
        share = f"{held} of {len(lines)}"
        rows.append(f"{name:6} {count:12} {share:>12} {half:16.4f} {off:+11.4f}  {sources}")
    return "\n".join(rows)


def main() -> None:
    """Run the campaigns, and count."""
    parser = argparse.ArgumentParser(description="coverage of the 95 % intervals of activation energies")
    parser.add_argument("--campaigns", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    results = []
    with ProcessPoolExecutor(given.jobs) as pool:
        seeds, numbers = [given.seed] * given.campaigns, range(given.campaigns)
        for found in pool.map(campaign, seeds, numbers, chunksize=2):
            results.append(found)
            if len(results) % EVERY == 0 or len(results) == given.campaigns:
                print(f"{len(results)} campaigns, seed {given.seed}\n{table(results)}\n", flush=True)


if __name__ == "__main__":
    main()
