"""Programs, ramps, messages and channels of the chamber, through the driver and over the wire."""

import math

import pytest

from core.clock import VirtualClock
from core.errors import InstrumentError
from core.files import ChamberFile
from drivers.climate_chamber import ChamberMessage
from drivers.weiss_simserv import WeissChamber
from simulators.chamber import SimulatedChamber
from simulators.chamber_model import ChamberParameters
from simulators.chamber_programs import PROGRAMS
from simulators.server import Fault

ROOM = 298.15


class Hand(VirtualClock):
    """A clock whose time is set by hand."""

    time = 0.0

    def now(self):
        return self.time


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def changes():
    return []


@pytest.fixture
def double(clock, changes):
    chamber = SimulatedChamber(clock, ChamberParameters(noise="0 K", ripple="0 K"), 1, changes.append)
    chamber.start()
    yield chamber
    chamber.close()


@pytest.fixture
def weiss(double):
    chamber = WeissChamber(ChamberFile(backend="simulated", address=double.address), timeout=0.3)
    yield chamber
    chamber.close()


def setpoint(weiss):
    return weiss.read().setpoint


# --- programs ------------------------------------------------------------------------------------


def test_a_program_runs_to_its_end_and_its_last_setpoint_stays(weiss, clock):
    assert weiss.program().number == 0
    weiss.start_program(1)
    state = weiss.program()
    assert (state.number, state.name, state.running) == (1, "Night at 0 degC", True)
    assert (state.finished, state.runs, state.runs_done) == (False, 1, 0)
    assert weiss.read().running
    clock.time = 900.0
    assert setpoint(weiss) == pytest.approx((ROOM + 273.15) / 2)
    clock.time = 10_000.0
    assert setpoint(weiss) == pytest.approx(273.15)
    assert weiss.temperature() == pytest.approx(273.15, abs=0.1)
    clock.time = PROGRAMS[0].duration + 10.0
    state = weiss.program()
    assert (state.running, state.finished, state.runs_done) == (False, True, 1)
    assert setpoint(weiss) == pytest.approx(298.15)


def test_runs_of_a_program_are_counted(weiss, clock):
    weiss.start_program(2, runs=3)
    clock.time = 1.5 * PROGRAMS[1].duration
    state = weiss.program()
    assert (state.runs, state.runs_done, state.running) == (3, 1, True)
    assert setpoint(weiss) == pytest.approx(273.15)
    clock.time = 3.1 * PROGRAMS[1].duration
    assert weiss.program().runs_done == 3


def test_a_paused_program_holds_its_setpoint_and_goes_on_from_there(weiss, clock):
    weiss.start_program(1)
    clock.time = 900.0
    weiss.pause_program()
    held = setpoint(weiss)
    assert weiss.program().paused
    clock.time = 5000.0
    assert setpoint(weiss) == pytest.approx(held)
    weiss.continue_program()
    assert not weiss.program().paused
    clock.time = 5900.0
    assert setpoint(weiss) == pytest.approx(273.15)
    clock.time = 5000.0 + PROGRAMS[0].duration - 900.0 + 1.0
    assert weiss.program().finished


def test_a_stopped_program_leaves_the_chamber_conditioning_where_it_was(weiss, clock):
    weiss.start_program(1)
    clock.time = 900.0
    weiss.stop_program()
    assert not weiss.program().running
    held = setpoint(weiss)
    clock.time = 9000.0
    assert setpoint(weiss) == pytest.approx(held)
    assert weiss.read().running
    weiss.stop_program()


def test_stopping_the_chamber_stops_its_program(weiss):
    weiss.start_program(1)
    weiss.stop()
    assert not weiss.program().running
    assert not weiss.read().running


def test_the_target_is_forgotten_when_a_program_takes_over(weiss):
    weiss.set_temperature(313.15)
    weiss.start_program(1)
    assert weiss.read().target is None
    with pytest.raises(InstrumentError, match="asked for 60 °C but took"):
        weiss.set_temperature(333.15)


@pytest.mark.parametrize("number", [0, 7])
def test_a_program_that_is_not_there_is_refused(weiss, number):
    with pytest.raises(InstrumentError, match=r"nothing was sent|no such channel"):
        weiss.start_program(number)
    assert not weiss.program().running


def test_programs_do_not_replace_each_other_and_only_a_running_one_is_paused(weiss):
    with pytest.raises(InstrumentError, match="no program that could be paused"):
        weiss.pause_program()
    weiss.start_program(1)
    with pytest.raises(InstrumentError, match="running a program already"):
        weiss.start_program(2)
    assert weiss.program().number == 1
    with pytest.raises(InstrumentError, match="-1 times"):
        weiss.start_program(2, runs=-1)


@pytest.mark.parametrize("kind", ["silence", "drop"])
def test_a_start_whose_reply_is_lost_is_verified_not_repeated(weiss, double, clock, kind):
    weiss.program()
    double.inject(Fault("split", 0.05))
    double.inject(Fault(kind))
    weiss.start_program(1)
    clock.time = 900.0
    assert setpoint(weiss) == pytest.approx((ROOM + 273.15) / 2)


def test_the_cell_is_told_when_a_program_begins(weiss, changes):
    weiss.start_program(1)
    assert changes == [0.0]


# --- gradients -----------------------------------------------------------------------------------


def test_leaving_the_ramp_goes_to_the_remembered_target_at_once(weiss, clock):
    weiss.start()
    weiss.set_gradients(1.0 / 60.0, 1.0 / 60.0)
    weiss.set_temperature(318.15)
    clock.time = 300.0
    state = weiss.read()
    assert (state.setpoint, state.target) == (pytest.approx(303.15), pytest.approx(318.15))
    weiss.set_gradients(0.0, 0.0)
    state = weiss.read()
    assert (state.setpoint, state.target) == (pytest.approx(318.15), pytest.approx(318.15))


def test_rates_up_and_down_are_their_own(weiss, clock):
    weiss.start()
    weiss.set_gradients(2.0 / 60.0, 0.5 / 60.0)
    assert weiss.wire.gradients == (2.0, 0.5)
    weiss.set_temperature(303.15)
    clock.time = 60.0
    assert setpoint(weiss) == pytest.approx(300.15)
    clock.time = 600.0
    weiss.set_temperature(293.15)
    clock.time = 660.0
    assert setpoint(weiss) == pytest.approx(302.65)


@pytest.mark.parametrize("rate", [-0.01, math.nan, math.inf])
def test_a_rate_that_is_none_is_refused(weiss, rate):
    with pytest.raises(InstrumentError, match="Give 0 or more"):
        weiss.set_gradients(rate, 0.0)
    assert weiss.wire.gradients == (0.0, 0.0)


# --- idle ----------------------------------------------------------------------------------------


def test_idle_ends_program_and_ramp_and_goes_on_conditioning(weiss, clock):
    weiss.set_gradients(1.0 / 60.0, 1.0 / 60.0)
    weiss.start_program(1)
    clock.time = 1000.0
    weiss.idle(296.15)
    state = weiss.read()
    assert (state.setpoint, state.target) == (pytest.approx(296.15), pytest.approx(296.15))
    assert state.running
    assert not weiss.program().running
    assert weiss.wire.gradients == (0.0, 0.0)


def test_idle_does_not_start_a_chamber_that_stands_still(weiss):
    weiss.idle(296.15)
    assert not weiss.read().running
    assert setpoint(weiss) == pytest.approx(296.15)


# --- messages and channels -----------------------------------------------------------------------


def test_messages_come_with_number_and_kind(weiss, double):
    assert weiss.messages() == ()
    for number in (3, 4, 5):
        double.raise_message(number)
    assert weiss.messages() == (
        ChamberMessage(3, "warning", "Door open"),
        ChamberMessage(4, "alarm", "Over-temperature protection"),
        ChamberMessage(5, "info", "Service interval has ended"),
    )
    state = weiss.read()
    assert (state.warnings, state.alarms) == (("Door open",), ("Over-temperature protection",))


def test_an_acknowledged_message_stays_while_its_cause_does(weiss, double):
    double.raise_message(4)
    double.inject(Fault("silence"))
    weiss.acknowledge()
    assert [each.number for each in weiss.messages()] == [4]


def test_an_acknowledgement_nobody_confirms_is_an_error(weiss, double):
    double.inject(Fault("silence"))
    double.inject(Fault("silence"))
    with pytest.raises(InstrumentError, match="did not confirm"):
        weiss.acknowledge()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Air dryer", 4),
        ("DRYER", 4),
        ("dry air", 3),
        ("compressed air", 3),
        ("condensation protection", 0),
    ],
)
def test_channels_are_found_by_what_people_call_them(weiss, double, name, meant):
    assert weiss.channels() == ("Condensation protection", "Compressed air / N2", "Air dryer")
    assert not weiss.switched(name)
    weiss.switch(name, True)
    assert [k for k, on in enumerate(double._outputs) if on] == [meant]
    assert weiss.switched(name)
    weiss.switch(name, False)
    assert not any(double._outputs)


@pytest.mark.parametrize(("name", "words"), [("air", "more than one"), ("fan", "no digital"), ("", "no dig")])
def test_a_channel_that_is_not_clear_is_not_switched(weiss, double, name, words):
    with pytest.raises(InstrumentError, match=words) as caught:
        weiss.switch(name, True)
    assert "Air dryer" in caught.value.remedy
    assert not any(double._outputs)
