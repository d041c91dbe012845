from contextlib import nullcontext

import pytest

from core.clock import RunClock
from core.requests import Answer, Request
from drivers.force_gauge import ForceReading
from protocols.control import Aborted, StepStoppedError, Wish
from protocols.desk import Desk

TIGHTEN = Request(
    "force", "tighten until 405.8 ± 10 N", target=405.8, tolerance=10.0, hold=30.0, timeout=600.0
)


@pytest.fixture(autouse=True)
def _nobody_waits_in_wall_time(rig):
    rig.clock.at_real_pace = nullcontext


class Gauge:
    """Shows a force that is a function of time."""

    def __init__(self, clock, force):
        self.clock, self.force = clock, force

    def read(self):
        return ForceReading(self.force(self.clock.now()), 0.1, "")


def later(rig, seconds, verb):
    def say():
        rig.clock.wait(seconds)
        rig.control.post(Wish(verb, lambda words: None, author="Chen"))

    return rig.clock.spawn("somebody", say)


def test_a_force_is_recognised_once_it_has_held(rig):
    rig.session.bench.gauge = Gauge(rig.clock, lambda t: 0.0 if t < 50 else 300.0 if 60 < t < 70 else 401.0)
    assert rig.session.desk.ask(rig.session, TIGHTEN) is Answer.HOLDS
    assert 100 <= rig.clock.now() <= 102
    assert rig.notebook.asked == [[TIGHTEN, "holds"]]
    forces = [reading.value for reading in rig.notebook.read if reading.quantity == "F"]
    assert forces[0] == 0.0
    assert forces[-1] == 401.0
    assert rig.states == ["waiting", "running"]
    assert rig.session.desk.pending is None


def test_nobody_comes(rig):
    rig.session.bench.gauge = Gauge(rig.clock, lambda t: 380.0)
    assert rig.session.desk.ask(rig.session, TIGHTEN) is Answer.TIMED_OUT
    assert 600 <= rig.clock.now() <= 602


@pytest.mark.parametrize(("verb", "answer"), [("acknowledge", Answer.ACKNOWLEDGED), ("skip", Answer.SKIPPED)])
def test_another_terminal_answers(rig, verb, answer):
    worker = later(rig, 20.0, verb)
    assert rig.session.desk.ask(rig.session, TIGHTEN) is answer
    worker.join()
    assert rig.notebook.events[-1].data["by"] == "Chen" or verb == "skip"


@pytest.mark.parametrize(("verb", "raised"), [("stop", StepStoppedError), ("abort", Aborted)])
def test_a_request_is_no_trap(rig, verb, raised):
    worker = later(rig, 20.0, verb)
    with pytest.raises(raised):
        rig.session.desk.ask(rig.session, TIGHTEN)
    worker.join()
    assert rig.notebook.asked[0][1] == "nobody"
    assert rig.session.desk.pending is None


def test_a_gauge_that_does_not_answer_is_waited_for(rig):
    def force(t):
        if t < 100:
            raise rig.broken
        return 405.0

    rig.session.bench.gauge = Gauge(rig.clock, force)
    assert rig.session.desk.ask(rig.session, TIGHTEN) is Answer.HOLDS


def test_hands_are_told_of_a_request_and_of_its_end(rig):
    told = []

    class Hands:
        def asked(self, request, answer):
            told.append(request.kind)
            answer("acknowledge")

        def over(self):
            told.append("over")

    desk = Desk(rig.notebook, Hands())
    assert desk.ask(rig.session, Request("mount", "mount B in place of A")) is Answer.ACKNOWLEDGED
    assert told == ["mount", "over"]


def test_a_run_clock_counts_from_the_start_of_its_run(rig):
    rig.clock.wait(1000.0)
    clock = RunClock(rig.clock)
    clock.wait_until(5.0)
    assert (clock.now(), rig.clock.now(), clock.origin) == (5.0, 1005.0, 1000.0)
    assert (clock.start_utc - rig.clock.start_utc).total_seconds() == 1000.0
