"""What must not be followed by a current: a stop at any moment, a short, a contact that is lost."""

import numpy as np
import pytest

from core.errors import InstrumentError
from core.records import Ended, Fit, KramersKronig, Value
from drivers.potentiostat import SweepPoints
from drivers.techniques import Sweep
from protocols.control import Control, Interlocked, Wish
from protocols.decisions import ShortCircuit
from protocols.galvanostatic import ConstantCurrent
from protocols.protocol import Protocol
from protocols.waiting import obey

SWEEP = Sweep(1e5, 10.0, 40)
ASKED = ConstantCurrent(50e-6, 5e-6, SWEEP, cut_off=4.0, seconds=1000.0)


def fitted(spectrum):
    values = {"R_int": Value(80.0, 1.0), "R_electrolyte": Value(500.0, 5.0)}
    consistent = KramersKronig(True, 0.001, 0.001)
    return Fit("c", 1, float(spectrum.time[-1]), values, (), np.zeros((0, 0)), np.ones(len(spectrum), bool),
               "modulus", 0.001, consistent)  # fmt: skip


@pytest.fixture
def bench(rig):
    """A rig whose potentiostat still has most of a sweep when it is stopped."""
    left = SweepPoints(1, 0, np.ones((7, 30)))
    stop = rig.potentiostat.stop
    rig.potentiostat.stop = lambda: (*stop(), left)
    rig.session.fitter = fitted
    return rig


def passing(*steps):
    """Return a protocol that does the steps one after the other, and how many it came to."""

    class Passing(Protocol):
        def execute(self):
            for step in steps:
                done.append(step)
                step(self)

    done = []
    return Passing(), done


@pytest.mark.parametrize("verb", ["stop", "skip"])
def test_a_stop_counts_although_the_spectrum_it_cuts_short_would_have_ended_the_current(bench, verb):
    def strip(protocol):
        bench.control.post(Wish(verb, answers.append))
        assert protocol.strip(ASKED, lambda kept: True)

    answers = []
    protocol, done = passing(strip, strip)
    protocol.run(bench.session)
    assert len(done) == bench.potentiostat.calls.count("start") == 1
    assert protocol.ended is {"stop": Ended.STOPPED, "skip": Ended.SKIPPED}[verb]
    assert answers[0].startswith(verb)


def test_a_pause_is_answered_although_the_spectrum_it_cuts_short_ends_the_current(bench):
    answers = []
    bench.control.post(Wish("pause", answers.append))
    protocol, _ = passing(lambda protocol: protocol.strip(ASKED, lambda kept: True))
    protocol.run(bench.session)
    assert protocol.ended is Ended.DEPLETED
    assert "current off for good" in answers[0]
    assert bench.states == []


def test_a_rest_that_becomes_stable_as_it_is_stopped_is_stopped(rig):
    rig.potentiostat.current = 0.0

    def say_stop():
        rig.clock.wait(60.5)
        rig.control.post(Wish("stop", answers.append))

    answers = []
    protocol, done = passing(lambda protocol: protocol.rest(60.0, 1000.0, 1e-6), lambda protocol: None)
    worker = rig.clock.spawn("somebody", say_stop)
    protocol.run(rig.session)
    worker.join()
    assert "the step has ended" in answers[0]
    assert protocol.ended is Ended.STOPPED
    assert len(done) == 1


def test_a_shorted_cell_is_given_no_current(bench, monkeypatch):
    monkeypatch.setattr(ShortCircuit, "shorted", True)
    protocol, _ = passing(lambda protocol: protocol.strip(ASKED))
    protocol.run(bench.session)
    assert protocol.ended is Ended.SHORTED
    assert "start" not in bench.potentiostat.calls
    assert "no current" in [event.kind for event in bench.notebook.events]


def test_a_channel_that_stops_by_itself_is_no_end_that_was_asked_for(rig):
    rig.potentiostat.ends = 100.0
    protocol, done = passing(*[lambda protocol: protocol.strip(ASKED)] * 2)
    with pytest.raises(InstrumentError, match=r"stopped by itself after 1\.6"):
        protocol.run(rig.session)
    assert len(done) == 1


def test_acknowledging_what_nobody_asked_is_answered(rig):
    answers = []
    rig.control.post(Wish("acknowledge", answers.append))
    assert obey(rig.session, "the chamber settles") is None
    assert answers == ["acknowledge: nothing done, nothing is asked while the chamber settles"]


def test_an_abort_that_came_too_late_for_one_run_holds_for_the_next():
    control, answers = Control(), []
    control.post(Wish("abort", answers.append))
    control.post(Wish("stop", answers.append))
    control.close()
    assert len(answers) == 2
    wish = control.take()
    assert wish is not None
    assert wish.verb == "abort"
    assert control.take() is None


def test_an_interlock_goes_before_an_abort():
    control = Control()
    control.post(Wish("abort", lambda words: None))
    control.trip("too hot")
    with pytest.raises(Interlocked):
        control.heed()
