"""The physics follow from the inputs and their times, whatever is asked, and stay finite."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.cell import SimulatedCell, random_cell

HOUR = 3600.0


def one_run(lab, anode, poll):
    """A run with every kind of input, polled every `poll` seconds or not at all."""
    world = {"celsius": [(0.0, 25.0)], "pressure": [(0.0, 0.0)]}

    def at(name, time):
        return [value for since, value in world[name] if since <= time or since == 0.0][-1]

    cell = lab.describe(anode)
    simulated = SimulatedCell(
        cell,
        {},
        lambda time: 273.15 + at("celsius", time) + 0.1 * math.sin(time / 100),
        lambda time: cell.force(at("pressure", time)),
    )
    found, asked = [], 0.0

    def until(time):
        nonlocal asked
        while poll and asked < time:
            simulated.voltage(asked)
            simulated.impedance(np.array([1e3]), np.array([max(asked - 20.0, 0.0)]))
            asked += poll
        found.append(time)

    density = 1e-2 * cell.area
    until(100.0)
    simulated.set_current(100.0, 300 * density)
    until(1000.3)
    world["celsius"].append((1000.3, 20.0))
    simulated.touch(1000.3)
    until(1500.0)
    simulated.set_current(1500.0, -150 * density)
    until(1700.7)
    world["pressure"].append((1700.7, 5.0))
    simulated.touch(1700.7)
    until(2000.0)
    simulated.set_voltage(2000.0, 0.1)
    until(2300.0)
    simulated.open_circuit(2300.0)
    until(2500.0)
    simulated.set_current(2500.0, 250 * density)
    until(3000.0)
    times = np.linspace(2450.0, 3000.0, 7)
    z = simulated.impedance(np.logspace(6, 0, 7), times)
    return [simulated.voltage(t) for t in times], z, simulated.truth(3000.0)


@pytest.mark.parametrize("anode", ["Li", "Li0.9Mg0.1"])
def test_asking_changes_nothing(lab, anode):
    volts, z, truth = one_run(lab, anode, None)
    for poll in (1.0, 0.37, 97.0):
        again = one_run(lab, anode, poll)
        assert again[0] == volts
        assert np.array_equal(again[1], z)
        assert again[2] == truth


def test_asking_ahead_does_not_commit(lab):
    ahead, behind = lab.mount("Li0.9Mg0.1"), lab.mount("Li0.9Mg0.1")
    for cell in (ahead, behind):
        cell.set_current(0.0, lab.current(cell, 100))
        if cell is ahead:
            cell.voltage(4000.0)
        cell.set_current(3600.0, lab.current(cell, 200))
    assert ahead.truth(5000.0) == behind.truth(5000.0)


def test_the_last_ten_minutes_can_be_asked_for(lab):
    cell = lab.mount("Li")
    cell.set_current(0.0, lab.current(cell, 200))
    early = cell.voltage(6900.0)
    cell.voltage(7500.0)
    assert cell.voltage(6900.0) == early
    cell.voltage(8 * HOUR)
    with pytest.raises(ValueError, match="not kept"):
        cell.voltage(100.0)


def test_inputs_go_forward(lab):
    cell = lab.mount("Li")
    cell.set_current(10.0, 1e-5)
    with pytest.raises(ValueError, match="comes after"):
        cell.open_circuit(9.0)
    with pytest.raises(ValueError, match="cannot be put"):
        cell.set_current(11.0, math.nan)


@pytest.mark.parametrize("anode", ["Li", "Li0.95Mg0.05", "Li0.9Mg0.1"])
def test_interrupting_doubling_and_reversing(lab, anode):
    straight, disturbed = lab.mount(anode), lab.mount(anode)
    for cell in (straight, disturbed):
        cell.set_current(0.0, lab.current(cell, 100))
    disturbed.open_circuit(5 * HOUR)
    disturbed.set_current(6 * HOUR, lab.current(disturbed, 100))
    assert disturbed.truth(7 * HOUR)["y"] == pytest.approx(straight.truth(6 * HOUR)["y"], abs=0.005)
    assert lab.resistance(disturbed, 7 * HOUR) <= lab.resistance(straight, 6 * HOUR) * 1.001
    before = disturbed.truth(7 * HOUR)
    disturbed.set_current(7 * HOUR, lab.current(disturbed, 200))
    doubled = disturbed.truth(7.5 * HOUR)
    assert doubled["R_int"] > before["R_int"]
    assert doubled["C_int"] < before["C_int"]
    disturbed.set_current(7.5 * HOUR, lab.current(disturbed, -50))
    assert disturbed.voltage(7.5 * HOUR) < 0.0
    plated = disturbed.truth(9 * HOUR)
    assert plated["R_int"] < doubled["R_int"]
    assert plated["C_int"] > doubled["C_int"]


def test_beyond_the_end_everything_stays_finite(lab):
    for anode in ("Li", "Li0.9Mg0.1"):
        cell = lab.mount(anode)
        cell.set_current(0.0, lab.current(cell, 200))
        for hour in (3.8, 6.0, 12.0):
            truth = cell.truth(hour * HOUR)
            assert all(math.isfinite(value) for value in truth.values())
            assert truth["voltage"] == pytest.approx(20.0)
            assert 0.0 < truth["current"] < lab.current(cell, 200)
            assert truth["x_s"] <= 0.69
        assert np.isfinite(cell.impedance(np.logspace(6, 0, 7), np.full(7, 12 * HOUR))).all()


def test_a_used_up_foil_passes_no_current(lab):
    overrides = {"foil_thickness": "5 µm", "pore_diffusivity": "1e-9 cm²/s"}
    cell = lab.mount("Li", overrides=overrides)
    cell.set_current(0.0, lab.current(cell, 100))
    assert cell.current(9 * HOUR) == pytest.approx(lab.current(cell, 100))
    assert cell.current(12 * HOUR) < 0.05 * lab.current(cell, 100)


def test_charge_is_the_integral_of_the_current(lab):
    cell = lab.mount("Li")
    cell.set_current(100.0, 2e-5)
    cell.open_circuit(1000.5)
    cell.set_current(2000.0, -1e-5)
    assert cell.truth(550.0)["charge"] == pytest.approx(2e-5 * 450.0, rel=1e-9)
    assert cell.truth(2100.0)["charge"] == pytest.approx(2e-5 * 900.5 - 1e-5 * 100.0, rel=1e-9)


def test_voltage_control(lab):
    cell = lab.mount("Li")
    cell.set_voltage(0.0, 0.05)
    assert cell.voltage(100.0) == pytest.approx(0.05)
    truth = cell.truth(100.0)
    resistance = sum(truth[name] for name in ("R_WE", "R_CE", "R_bulk", "R_gb", "R_con"))
    assert cell.current(100.0) == pytest.approx(0.05 / resistance, rel=1e-9)
    assert cell.current(5 * HOUR) < cell.current(100.0)


@settings(max_examples=8, deadline=None)
@given(
    number=st.integers(0, 1000),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["current", "voltage", "rest"]),
            st.floats(-1.0, 1.0),
            st.floats(0.1, 3000.0),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_whatever_is_done_stays_sensible(number, steps):
    drawn, overrides, kelvin = random_cell(7, number)
    cell = SimulatedCell(drawn, overrides, lambda time: kelvin, lambda time: 0.0, seed=number)
    time = 0.0
    for kind, size, duration in steps:
        if kind == "current":
            cell.set_current(time, 10.0 * size * cell.area)
        elif kind == "voltage":
            cell.set_voltage(time, 5.0 * size)
        else:
            cell.open_circuit(time)
        time += duration
        truth = cell.truth(time)
        assert all(math.isfinite(value) for value in truth.values())
        assert 0.0 < truth["y"] <= 1.0
        assert 0.0 <= truth["z"] <= 1.0
        assert 0.0 <= truth["x_s"] <= 0.69
        assert truth["R_WE"] > 0.0
        assert truth["C_WE"] > 0.0
        assert abs(truth["voltage"]) <= 20.0 + 1e-9
