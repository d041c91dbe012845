"""The VMP-300 driver on the simulated EClib: whole programs, over a cell whose truth is known."""

import math

import numpy as np
import pytest

from core.cell import Cell, History
from core.clock import VirtualClock
from core.errors import InstrumentError
from core.files import PotentiostatFile
from drivers.eclib.vmp300 import Vmp300
from drivers.potentiostat import ChannelState, Samples, SweepPoints
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    OpenCircuit,
    PotentiostaticImpedance,
    Sweep,
)
from simulators.cell import SimulatedCell
from simulators.eclib import Faults, NoiseParameters, SimulatedEClib

SWEEP = Sweep(1e6, 10.0, 26)
QUIET = {
    "impedance": 0,
    "voltage_floor": "0 V",
    "current_floor": 0,
    "rolloff_frequency": "0 Hz",
    "mains_error": 0,
    "outlier_rate": 0,
    "voltage_offset": "0 V",
    "voltage_noise": "0 V",
    "current_noise": 0,
    "frequency_error": 0,
}


class Rig:
    """A driver, its simulated library, the cell under it and the clock of all three."""

    def __init__(self, faults=None, connect=True):
        self.clock = VirtualClock()
        self.mounted = Cell(
            name="Li 6 mm",
            anode="Li",
            electrode_diameter="6 mm",
            history=History(forming_pressure="400 MPa"),
        )
        self.cell = SimulatedCell(self.mounted, {}, lambda _: 298.15, lambda _: 0.0, 1)
        noise = NoiseParameters.from_table(QUIET)
        self.library = SimulatedEClib(self.cell, self.clock, noise=noise, faults=faults)
        self.settings = PotentiostatFile(backend="simulated", address="192.168.0.1")
        if connect:
            self.pstat = Vmp300(self.library, self.settings)

    def run(self, program, e_max=2.0, poll=1.0, until=lambda poll: False, most=5000):
        """Start a program and poll it to its end; return the time it started and its rows."""
        rows, lost = [], 0
        self.pstat.start(program, e_max)
        started = self.clock.now()
        for _ in range(most):
            self.clock.wait(poll)
            look = self.pstat.poll()
            rows.extend(look.rows)
            lost += look.lost
            if look.live.state is ChannelState.STOPPED or until(look):
                self.lost = lost
                return started, rows, look.live
        raise AssertionError("the program did not end")

    def impedance_error(self, started, points):
        """Return the largest relative deviation from the cell's own impedance at those times."""
        measured = points.voltage_amplitude / points.current_amplitude * np.exp(1j * points.phase)
        true = self.cell.impedance(points.frequency, started + points.time)
        return np.max(np.abs(measured / true - 1))


@pytest.fixture
def rig():
    rig = Rig()
    with rig.clock.worker("test"):
        yield rig
    rig.pstat.close()


def of_kind(rows, kind, technique=None):
    return [row for row in rows if isinstance(row, kind) and technique in (None, row.technique)]


def test_it_identifies_itself(rig):
    identity = rig.pstat.identify()
    assert identity.model == "VMP-300"
    assert "PREMIUM" in identity.details["board"]


def test_a_rest_is_recorded_at_its_interval(rig):
    _, rows, _ = rig.run([OpenCircuit(20.0, 0.5)])
    time = np.concatenate([row.time for row in rows])
    np.testing.assert_allclose(np.diff(time), 0.5, atol=1e-4)
    assert len(time) == pytest.approx(40, abs=1)
    assert all(np.all(row.current == 0) for row in rows)


def test_a_potentiostatic_spectrum_is_that_of_the_cell(rig):
    started, rows, _ = rig.run([PotentiostaticImpedance(SWEEP, 0.01)])
    points = of_kind(rows, SweepPoints)
    assert sum(len(each.time) for each in points) == SWEEP.points
    assert max(rig.impedance_error(started, each) for each in points) < 1e-6
    assert rig.clock.now() - started == pytest.approx(rig.pstat.sweep_duration(SWEEP), abs=1.5)


def test_constant_current_and_rest_follow_each_other(rig):
    current = rig.mounted.current(100)
    _, rows, _ = rig.run([ConstantCurrent(current, 10.0), OpenCircuit(10.0)])
    flowing, resting = of_kind(rows, Samples, 0), of_kind(rows, Samples, 1)
    np.testing.assert_allclose(np.concatenate([row.current for row in flowing]), current, rtol=1e-6)
    assert resting[0].time[0] == pytest.approx(10.0, abs=0.1)


def test_stripping_goes_round_in_passes_of_test_and_spectrum(rig):
    current = rig.mounted.current(100)
    program = [
        LimitedConstantCurrent(current, 0.5, 2.1, -2.1),
        GalvanostaticImpedance(SWEEP, current / 10, current),
        Loop(0, 2),
    ]
    started, rows, _ = rig.run(program)
    points = of_kind(rows, SweepPoints)
    assert {each.technique for each in points} == {1}
    counts = [sum(len(p.time) for p in points if p.pass_number == n) for n in range(3)]
    assert counts == [SWEEP.points] * 3
    assert max(rig.impedance_error(started, each) for each in points) < 1e-6
    time = np.concatenate([each.time for each in points])
    assert np.all(np.diff(time) > 0)
    for each in points:
        np.testing.assert_allclose(each.current, current, rtol=1e-3)
    assert rig.pstat.identify().details["sweep times count from"] == "channel start"


@pytest.mark.parametrize("sign", [1, -1])
def test_the_firmware_stops_at_the_cutoff_in_both_directions(rig, sign):
    current = sign * rig.mounted.current(100)
    program = [
        LimitedConstantCurrent(current, 0.5, 0.02, -0.02),
        GalvanostaticImpedance(SWEEP, abs(current) / 10, current),
        Loop(0, 5),
    ]
    _, rows, live = rig.run(program)
    assert not of_kind(rows, SweepPoints)
    assert live.state is ChannelState.STOPPED
    assert abs(rig.cell.current(rig.clock.now())) == 0


def test_the_firmware_goes_on_at_the_cutoff_if_asked(rig):
    current = rig.mounted.current(100)
    program = [
        LimitedConstantCurrent(current, 60.0, 0.02, -2.0, on_limit="next"),
        GalvanostaticImpedance(SWEEP, current / 10, current),
    ]
    started, rows, _ = rig.run(program)
    assert sum(len(each.time) for each in of_kind(rows, SweepPoints)) == SWEEP.points
    assert rig.clock.now() - started < 30


def test_an_emptying_interface_ends_the_program_without_the_host(rig):
    current = rig.mounted.current(200)
    sweep = Sweep(1e6, 100.0, 9)
    program = [
        LimitedConstantCurrent(current, 30.0, 3.0, -3.0),
        GalvanostaticImpedance(sweep, current / 10, current),
        Loop(0, 100_000),
    ]
    _, rows, live = rig.run(program, e_max=3.0, poll=30.0)
    assert live.state is ChannelState.STOPPED
    assert rig.cell.current(rig.clock.now()) == 0
    slices = of_kind(rows, Samples, 0)
    assert np.max([np.max(np.abs(row.voltage)) for row in slices]) >= 3.0
    assert slices[-1].pass_number > 10


def test_a_stop_in_the_middle_of_a_sweep_opens_the_circuit_and_keeps_the_rows(rig):
    current = rig.mounted.current(100)
    rig.pstat.start([GalvanostaticImpedance(SWEEP, current / 10, current)], 2.0)
    rig.clock.wait(3.1)
    rows = rig.pstat.stop()
    assert 5 < sum(len(each.time) for each in rows) < SWEEP.points
    assert rig.cell.current(rig.clock.now()) == 0
    look = rig.pstat.poll()
    assert look.live.state is ChannelState.STOPPED
    assert look.rows == ()


def test_safe_opens_the_circuit(rig):
    current = rig.mounted.current(100)
    rig.pstat.start([ConstantCurrent(current, 1000.0)], 2.0)
    rig.clock.wait(5.0)
    assert rig.pstat.safe() is True
    assert rig.cell.current(rig.clock.now()) == 0


def test_a_program_left_running_by_somebody_else_is_stopped_before_the_next(rig):
    current = rig.mounted.current(100)
    rig.pstat.start([ConstantCurrent(current, 1000.0)], 2.0)
    rig.clock.wait(5.0)
    successor = Vmp300(rig.library, rig.settings)
    assert successor.poll().live.state is ChannelState.RUNNING
    successor.start([OpenCircuit(5.0)], 2.0)
    rig.clock.wait(1.0)
    assert all(np.all(row.current == 0) for row in successor.poll().rows)


@pytest.mark.parametrize(
    "faults",
    [
        {"loss": 0.2},
        {"idle_polls": 2},
        {"late_polls": 3},
        {"nan_ece": True},
        {"busy": 3},
        {"zero_channel_infos": 2},
    ],
    ids=lambda faults: next(iter(faults)),
)
def test_nothing_is_lost_on_a_bad_day(faults):
    rig = Rig(Faults(**faults))
    with rig.clock.worker("test"):
        started, rows, _ = rig.run([OpenCircuit(3.0), PotentiostaticImpedance(SWEEP, 0.01)])
        points = of_kind(rows, SweepPoints)
        assert sum(len(each.time) for each in points) == SWEEP.points
        assert max(rig.impedance_error(started, each) for each in points) < 1e-6


def test_rows_that_the_instrument_skipped_are_told(rig):
    rig.library.faults.skipped_irqs = 4
    rig.run([OpenCircuit(3.0)])
    assert rig.lost == 4


def test_ec_lab_on_the_instrument_is_refused_in_plain_words():
    with pytest.raises(InstrumentError, match="EC-Lab has the instrument"):
        Rig(Faults(eclab_loaded=True))


def test_an_unreachable_instrument_names_its_address():
    with pytest.raises(InstrumentError, match=r"connecting to '192\.168\.0\.1' failed.*did not answer"):
        Rig(Faults(unreachable=True))


def test_firmware_of_another_package_is_refused():
    with pytest.raises(InstrumentError, match="does not fit this library"):
        Rig(Faults(firmware_mismatch=True))


def test_a_channel_without_a_board_is_refused():
    rig = Rig(connect=False)
    settings = PotentiostatFile(backend="simulated", address="192.168.0.1", channel=9)
    with pytest.raises(InstrumentError, match=r"channel 9 .* has no board"):
        Vmp300(rig.library, settings)


def test_live_values_never_lag_behind_the_cell(rig):
    current = rig.mounted.current(100)
    rig.pstat.start([ConstantCurrent(current, 100.0)], 2.0)
    for _ in range(10):
        rig.clock.wait(0.25)
        live = rig.pstat.poll().live
        assert live.voltage == pytest.approx(rig.cell.voltage(rig.clock.now()), rel=1e-3)
        assert live.time == pytest.approx(rig.clock.now(), rel=1e-6)
        assert not math.isnan(live.current)


# --- constant voltage -----------------------------------------------------------------------------


def held(rig, technique, before=()):
    """Run a constant voltage; return its times, voltages and currents."""
    _, rows, _ = rig.run([*before, technique])
    samples = of_kind(rows, Samples, len(before))
    return [
        np.concatenate([getattr(row, name) for row in samples]) for name in ("time", "voltage", "current")
    ]


def test_at_constant_voltage_the_current_follows_the_voltage(rig):
    resistance = rig.cell.truth(0.0)["R_bulk"] + rig.cell.truth(0.0)["R_gb"]
    currents = []
    for voltage in (0.004, -0.004, 0.008):
        rest, (time, measured, current) = 60.0, held(rig, ConstantVoltage(voltage, 20.0, 0.5))
        np.testing.assert_allclose(measured, voltage, atol=1e-6)
        np.testing.assert_allclose(np.diff(time), 0.5, atol=1e-3)
        currents.append(current[-1])
        rig.run([OpenCircuit(rest)])
    assert currents[1] == pytest.approx(-currents[0], rel=0.05)
    assert currents[2] == pytest.approx(2.0 * currents[0], rel=0.05)
    assert 0.0 < currents[0] < 0.004 / resistance


def test_a_voltage_above_open_circuit_counts_from_what_the_cell_shows(rig):
    current = rig.mounted.current(1.0)  # 100 µA/cm²
    # A current leaves the cell away from equilibrium, so that its open circuit is not at zero.
    before = [ConstantCurrent(current, 120.0), OpenCircuit(0.5, 0.1)]
    _, rows, _ = rig.run([*before, ConstantVoltage(0.005, 5.0, 0.5, versus_open_circuit=True)])
    rest = np.concatenate([row.voltage for row in of_kind(rows, Samples, 1)])
    then = np.concatenate([row.voltage for row in of_kind(rows, Samples, 2)])
    np.testing.assert_allclose(then, rest[-1] + 0.005, atol=1e-4)


def test_a_long_constant_voltage_stays_where_it_is_from_step_to_step(rig):
    _, rows, _ = rig.run([ConstantVoltage(0.005, 100_000.0, 500.0, versus_open_circuit=True)], poll=200.0)
    voltage = np.concatenate([row.voltage for row in of_kind(rows, Samples)])
    np.testing.assert_allclose(voltage, voltage[0], atol=1e-6)
