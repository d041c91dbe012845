"""Forming in the run, and the whole of a critical-current series, as Krauskopf et al. (2019) did them."""

import math

import numpy as np
import pytest

from simulators.cell import SimulatedCell

HOUR = 3600.0


@pytest.mark.parametrize(("anode", "pressure"), [("Li", 12.0), ("Li0.95Mg0.05", 16.0), ("Li0.9Mg0.1", 20.0)])
def test_forming_pressure_of_the_nominal_contact(lab, anode, pressure):
    cell = lab.mount(anode, pressure=pressure, forming=0.1)
    assert lab.resistance(cell, 0.0) > 1e7
    creeping = [lab.resistance(cell, minutes * 60.0) for minutes in (1, 2, 10, 30, 120)]
    assert creeping == sorted(creeping, reverse=True)
    assert creeping[1] == pytest.approx(348, rel=0.02), "the creep dwell matters: the fast part is not all"
    assert creeping[-1] == pytest.approx(270, rel=0.02)
    softer = lab.mount(anode, pressure=pressure * 0.8, forming=0.1)
    assert lab.resistance(softer, 12 * HOUR) > 320.0


def test_contact_stays_when_the_pressure_is_released(lab):
    cell = lab.describe("Li", forming=0.1)
    force = [cell.force(12.0)]
    simulated = SimulatedCell(cell, {}, lambda t: 298.15, lambda t: force[0] if t < 2 * HOUR else 0.0)
    formed = lab.resistance(simulated, 2 * HOUR - 1.0)
    simulated.touch(2 * HOUR)
    assert lab.resistance(simulated, 12 * HOUR) == pytest.approx(formed, rel=0.002)


@pytest.mark.parametrize("forming", [0.1, 1.0, 4.0])
def test_a_cell_that_is_not_formed_can_be_followed_while_it_is_pressed(lab, forming):
    cell = lab.describe("Li0.9Mg0.1", forming=forming)
    steps = np.arange(0.0, 31 * 60.0, 60.0)
    simulated = SimulatedCell(
        cell, {}, lambda t: 298.15, lambda t: cell.force(max(forming, 20.0 * min(t // 60 / 25, 1.0)))
    )
    frequency = np.logspace(6, 0, 61)
    before = math.inf
    for time in steps:
        simulated.touch(time)
        truth, z = simulated.truth(time + 50.0), simulated.impedance(frequency, np.full(61, time + 50.0))
        assert np.isfinite(z).all()
        assert math.isfinite(truth["R_int"])
        assert truth["R_int"] <= before * (1.0 + 1e-9)
        assert truth["C_int"] > 0.0
        before = truth["R_int"]
    assert before * cell.area * 1e4 == pytest.approx(309, rel=0.03)


@pytest.mark.parametrize("anode", ["Li", "Li0.9Mg0.1"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_critical_current_series_ends_at_its_third_step(lab, anode, seed):
    cell = lab.describe(anode, forming=400)
    simulated = SimulatedCell(cell, {}, lambda t: 298.15, lambda t: cell.force(15.0), seed)
    time, shorted_at = 0.0, None
    for density in (100, 200, 300, 400):
        for sign in (1, -1):
            simulated.set_current(time, sign * lab.current(simulated, density))
            time += 0.1 / (density * 1e-3) * HOUR
            if simulated.truth(time - 1.0)["shorted"] and shorted_at is None:
                shorted_at = density
    assert shorted_at == 300


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cycling_at_two_fifths_of_the_nominal_pressure(lab, seed):
    """The first plating shorts lithium within minutes; the alloy, however drawn, takes ten cycles."""
    lithium = SimulatedCell(lab.describe("Li", forming=4.8), {}, lambda t: 298.15, lambda t: 0.0, seed)
    lithium.set_current(0.0, lab.current(lithium, 100))
    lithium.set_current(HOUR, lab.current(lithium, -100))
    assert not lithium.truth(HOUR)["shorted"]
    assert lithium.truth(HOUR + 600.0)["shorted"]
    alloy = SimulatedCell(lab.describe("Li0.9Mg0.1", forming=8), {}, lambda t: 298.15, lambda t: 0.0, seed)
    for half in range(20):
        alloy.set_current(half * HOUR, lab.current(alloy, 100 if half % 2 == 0 else -100))
    assert not alloy.truth(20 * HOUR)["shorted"]


def test_magnesium_stays_near_the_surface_of_a_relaxed_alloy(lab):
    cell = lab.mount("Li0.9Mg0.1")
    cell.set_current(0.0, lab.current(cell, 100))
    end = 15.07 * HOUR
    cell.open_circuit(end)
    profile = cell._solver.segment(end + 12 * HOUR).after[0].profile
    within = np.interp(30e-6, np.cumsum(profile.widths), np.cumsum(profile.magnesium)) / 30e-6
    assert within == pytest.approx(0.125, abs=0.005)


@pytest.mark.parametrize("anode", ["Li", "Li0.9Mg0.1"])
def test_stack_pressure_of_a_formed_pair_changes_its_fresh_contact_little(lab, anode):
    cell = lab.mount(anode, pressure=15.0)
    assert lab.resistance(cell, 1800.0) == pytest.approx(196 if anode == "Li" else 270, rel=0.03)
