"""What Krauskopf et al. (2019) saw while stripping, and what their model of it gives."""

import math
from itertools import pairwise

import pytest

HOUR = 3600.0


@pytest.mark.parametrize(
    ("anode", "density", "hours", "contact"),
    [
        ("Li", 100, 9.25, 0.020),
        ("Li0.95Mg0.05", 100, 14.15, 0.20),
        ("Li0.9Mg0.1", 100, 14.97, 0.40),
        ("Li", 50, 38.1, 0.020),
        ("Li", 200, 2.30, 0.020),
        ("Li0.95Mg0.05", 200, 3.50, 0.20),
        ("Li0.9Mg0.1", 200, 3.75, 0.40),
    ],
)
def test_time_and_contact_at_depletion(lab, anode, density, hours, contact):
    cell = lab.mount(anode)
    fresh = cell.truth(0.0)
    assert lab.resistance(cell, 0.0) == pytest.approx(270, rel=0.02)
    depleted = lab.depletion(cell, density)
    assert depleted == pytest.approx(hours, rel=0.01)
    assert cell.truth(depleted * HOUR)["C_int"] / fresh["C_int"] == pytest.approx(contact, rel=0.03)


@pytest.mark.parametrize(
    ("anode", "resistances", "capacitances"),
    [
        ("Li", (1.9, 3.4, 7.1), (0.51, 0.265, 0.118)),
        ("Li0.9Mg0.1", (1.4, 1.9, 3.3), (0.97, 0.92, 0.81)),
    ],
)
def test_course_before_depletion(lab, anode, resistances, capacitances):
    cell = lab.mount(anode)
    fresh, resistance = cell.truth(0.0), lab.resistance(cell, 0.0)
    end = {"Li": 9.25, "Li0.9Mg0.1": 14.965}[anode] * HOUR
    cell.set_current(0.0, lab.current(cell, 100))
    for share, r, c in zip((0.5, 0.75, 0.9), resistances, capacitances, strict=True):
        assert lab.resistance(cell, share * end) / resistance == pytest.approx(r, rel=0.03)
        assert cell.truth(share * end)["C_int"] / fresh["C_int"] == pytest.approx(c, rel=0.01)


def test_contact_of_lithium_falls_straight_with_charge(lab):
    cell = lab.mount("Li")
    cell.set_current(0.0, lab.current(cell, 100))
    contact = [cell.truth(hour * HOUR)["C_int"] for hour in range(10)]
    steps = [b - a for a, b in pairwise(contact)]
    assert steps == pytest.approx([steps[0]] * 9, rel=0.02)


def test_better_initial_contact_changes_little(lab):
    cells = [lab.mount(anode, forming=400) for anode in ("Li", "Li0.9Mg0.1")]
    assert lab.resistance(cells[0], 0.0) == pytest.approx(1.6, rel=0.03)
    assert lab.depletion(cells[0], 100) == pytest.approx(9.43, rel=0.01)
    assert lab.depletion(cells[1], 100) == pytest.approx(15.1, rel=0.01)


def test_annealing_costs_more_than_half(lab):
    annealed = lab.mount("Li", history={"annealed_for": "3 h", "annealed_at": "443.65 K"})
    assert lab.depletion(annealed, 100) == pytest.approx(3.5, rel=0.01)
    briefly = lab.mount("Li", history={"annealed_for": "1 h", "annealed_at": "350 K"})
    assert lab.depletion(briefly, 100) > 9.0


@pytest.mark.parametrize(("anode", "raw", "normalised"), [("Li", 2.87, 3.04), ("Li0.9Mg0.1", 4.86, 4.97)])
def test_cold(lab, anode, raw, normalised):
    cell = lab.mount(anode, celsius=0.0)
    ratio = 273.15 / 298.15 * math.exp(0.37 / 8.617333e-5 * (1 / 273.15 - 1 / 298.15))
    warm = lab.resistance(lab.mount(anode), 0.0)
    assert lab.resistance(cell, 0.0) / warm == pytest.approx(ratio, rel=1e-4)
    assert lab.depletion(cell, 100) == pytest.approx(raw, rel=0.01)
    cell = lab.mount(anode, celsius=0.0)
    assert lab.depletion(cell, 100, factor=1 / ratio) == pytest.approx(normalised, rel=0.01)


@pytest.mark.parametrize(("anode", "resistance"), [("Li", 1100), ("Li0.9Mg0.1", 157)])
def test_warm_cells_do_not_deplete_in_a_day(lab, anode, resistance):
    cell = lab.mount(anode, celsius=50.0)
    assert lab.depletion(cell, 100, limit=25) is None
    assert lab.resistance(cell, 25 * HOUR) == pytest.approx(resistance, rel=0.03)


@pytest.mark.parametrize(
    ("pressure", "resistance", "contact"), [(3.8, 1030, 0.23), (7.5, 330, 0.80), (15.0, 200, 1.0)]
)
def test_pressure_keeps_lithium_in_contact(lab, pressure, resistance, contact):
    cell = lab.mount("Li", pressure=pressure)
    formed = cell.truth(1800.0)["C_int"]
    cell.set_current(1800.0, lab.current(cell, 200))
    late = 1800.0 + 6 * HOUR
    assert lab.resistance(cell, late) == pytest.approx(resistance, rel=0.03)
    assert cell.truth(late)["C_int"] / formed == pytest.approx(contact, rel=0.03)


@pytest.mark.parametrize(("pressure", "hours"), [(3.8, 3.82), (7.5, 3.94), (15.0, 4.04)])
def test_pressure_means_little_to_an_alloy(lab, pressure, hours):
    cell = lab.mount("Li0.9Mg0.1", pressure=pressure)
    assert lab.depletion(cell, 200) == pytest.approx(hours, rel=0.01)


def test_critical_pressure_rises_with_the_current(lab):
    for density, below, above in ((100, 1.5, 2.0), (200, 3.0, 3.5)):
        assert lab.depletion(lab.mount("Li", pressure=below), density, limit=40) is not None
        assert lab.depletion(lab.mount("Li", pressure=above), density, limit=40) is None


def test_threshold_on_the_absolute_resistance_comes_earlier(lab):
    areal = lab.depletion(lab.mount("Li"), 100)
    absolute = lab.depletion(lab.mount("Li"), 100, threshold=10e3 * 0.2827)
    assert absolute / areal == pytest.approx(0.94, abs=0.01)
