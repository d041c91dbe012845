"""Relaxation after depletion, plating, and shorts."""

import numpy as np
import pytest

HOUR = 3600.0


def strip_to(lab, cell, volts, start_hour):
    cell.set_current(0.0, lab.current(cell, 100))
    time = start_hour * HOUR
    while cell.voltage(time) < volts:
        time += 1.0
    return time


def test_alloy_relaxes_while_its_contact_stays(lab):
    cell = lab.mount("Li0.9Mg0.1")
    fresh = cell.truth(0.0)["C_int"]
    end = strip_to(lab, cell, 4.0, 14.5)
    assert lab.resistance(cell, end) == pytest.approx(40e3, rel=0.05)
    cell.open_circuit(end)
    for after, millivolts, resistance in ((300.0, 15.0, 1900), (HOUR, 8.5, 1130), (12 * HOUR, 4.5, 880)):
        assert 1e3 * cell.voltage(end + after) == pytest.approx(millivolts, rel=0.02)
        assert lab.resistance(cell, end + after) == pytest.approx(resistance, rel=0.03)
    assert cell.truth(end + 12 * HOUR)["C_int"] / fresh == pytest.approx(0.317, rel=0.02)


def test_lithium_does_not_heal_by_rest(lab):
    cell = lab.mount("Li")
    end = strip_to(lab, cell, 4.0, 9.0)
    before = lab.resistance(cell, end)
    cell.open_circuit(end)
    assert cell.voltage(end) == 0.0
    assert lab.resistance(cell, end + 12 * HOUR) / before == pytest.approx(0.94, abs=0.01)


@pytest.mark.parametrize("anode", ["Li", "Li0.9Mg0.1"])
@pytest.mark.parametrize("critical", [2.35, 2.87])
def test_critical_current_density(lab, anode, critical):
    cell = lab.mount(anode, forming=400, pressure=15, overrides={"critical_current_density": critical})
    time = 0.0
    for density in range(50, 351, 50):
        for sign in (1, -1):
            cell.set_current(time, sign * lab.current(cell, density))
            time += 0.1 / (density * 1e-3) * HOUR
        if cell.truth(time - 1.0)["shorted"]:
            break
    assert density == (250 if critical < 2.5 else 300)
    assert abs(cell.voltage(time - 1.0)) < 0.01
    short = cell.impedance(np.array([10.0]), np.array([time - 1.0]))[0]
    assert abs(short) < 16.0 / (cell.area * 1e4), "all arcs collapse with the short"


def test_lithium_shorts_in_the_first_plating(lab):
    cell = lab.mount("Li", forming=4.8)
    assert lab.resistance(cell, 0.0) == pytest.approx(2700, rel=0.01)
    cell.set_current(0.0, lab.current(cell, 100))
    assert lab.resistance(cell, HOUR - 1.0) == pytest.approx(7450, rel=0.02)
    cell.set_current(HOUR, lab.current(cell, -100))
    shorted = next(s for s in range(1, 600) if cell.truth(HOUR + s)["shorted"])
    assert shorted / 60 == pytest.approx(1.5, abs=0.25)


def test_a_short_stays(lab):
    cell = lab.mount("Li", forming=4.8)
    cell.set_current(0.0, lab.current(cell, 100))
    cell.set_current(HOUR, lab.current(cell, -100))
    cell.open_circuit(HOUR + 300.0)
    cell.set_current(10 * HOUR, lab.current(cell, 100))
    truth = cell.truth(12 * HOUR)
    assert truth["shorted"] == 1.0
    assert truth["voltage"] < 0.002
    assert truth["current"] == pytest.approx(lab.current(cell, 100))
    assert 0.0 < truth["current_through"] < 0.1 * truth["current"]


def test_alloy_cycles_without_a_short(lab):
    cell = lab.mount("Li0.9Mg0.1", forming=8)
    for half in range(20):
        cell.set_current(half * HOUR, lab.current(cell, 100 if half % 2 == 0 else -100))
        if half == 1:
            assert lab.resistance(cell, HOUR - 1.0) == pytest.approx(3500, rel=0.02)
            assert lab.resistance(cell, HOUR + 300.0) == pytest.approx(51, rel=0.03)
    assert cell.truth(20 * HOUR)["w"] == 0.0
