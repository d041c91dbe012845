"""How a program ends, what of it is kept, and that the current is always switched off."""

import math
from contextlib import nullcontext

import pytest

from core.errors import InstrumentError
from drivers.techniques import ConstantCurrent, OpenCircuit
from protocols.acquisition import Acquisition, Charge, Ending, Limits
from protocols.control import Aborted, Interlocked, StepStoppedError, Wish
from protocols.generators import held
from protocols.pausing import pause

PROGRAM = [OpenCircuit(1e6)]


def acquire(rig, limits=None, charge=None, each=lambda batch: None, e_max=5.0):
    acquisition = Acquisition(rig.session, PROGRAM, e_max, charge or Charge(), limits or Limits())
    with held(acquisition.rows()) as rows:
        for batch in rows:
            each(batch)
    return acquisition


def test_a_program_that_runs_out_is_kept_to_its_last_row(rig):
    rig.potentiostat.ends = 100.0
    charge = Charge()
    assert acquire(rig, charge=charge).ending is Ending.PROGRAM
    assert charge.total == pytest.approx(0.1)
    assert [r.value for r in rig.notebook.read if r.quantity == "Q"][-1] == pytest.approx(0.1)
    assert "stop" not in rig.potentiostat.calls


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_cut_off_ends_within_one_poll_in_either_direction(rig, sign):
    rig.potentiostat.voltage = lambda t: sign * 0.01 * t
    assert acquire(rig, Limits(cut_off=1.0)).ending is Ending.CUT_OFF
    assert rig.clock.now() <= 102.0
    assert not rig.potentiostat.running


def test_charge_and_time_are_limits_of_what_was_measured(rig):
    charge = Charge()
    assert acquire(rig, Limits(charge=0.05), charge).ending is Ending.LIMIT
    assert charge.total == pytest.approx(0.05, abs=0.0021)
    assert acquire(rig, Limits(charge=0.05), charge).ending is Ending.LIMIT
    assert charge.total == pytest.approx(0.1, abs=0.0042)
    before = rig.clock.now()
    assert acquire(rig, Limits(seconds=20.0)).ending is Ending.LIMIT
    assert rig.clock.now() - before == pytest.approx(20.0, abs=1.0)


@pytest.mark.parametrize(
    ("program", "ending"),
    [([ConstantCurrent(1e-3, 1e6)], Ending.FIRMWARE), ([OpenCircuit(1e6)], Ending.PROGRAM)],
)
def test_a_firmware_cut_off_is_known_from_the_rows_of_the_same_poll(rig, program, ending):
    rig.potentiostat.voltage = lambda t: 4.3 if t > 49.5 else 0.1
    rig.potentiostat.ends = 50.0
    rig.session.file = rig.session.file.model_copy(
        update={"cadence": rig.session.file.cadence.model_copy(update={"potentiostat": 25.0})}
    )
    acquisition = Acquisition(rig.session, program, 5.0, Charge(), Limits(cut_off=4.0))
    list(acquisition.rows())
    assert acquisition.ending is ending


@pytest.mark.parametrize("fault", ["poll", "start"])
def test_an_instrument_that_fails_ends_the_program_as_failed_and_stopped(rig, fault):
    rig.potentiostat.faults[fault] = rig.broken
    acquisition = Acquisition(rig.session, PROGRAM, 5.0, Charge(), started=lambda: rig.states.append("on"))
    with pytest.raises(InstrumentError, match="does not answer"), held(acquisition.rows()) as rows:
        list(rows)
    assert acquisition.ending is Ending.FAILED
    assert "stop" in rig.potentiostat.calls
    assert rig.states == ([] if fault == "start" else ["on"])


def test_an_error_of_who_uses_the_rows_stops_the_program_at_once(rig):
    def stumble(batch):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        acquire(rig, each=stumble)
    assert not rig.potentiostat.running


def test_a_stop_that_fails_does_not_hide_why_the_program_ended(rig):
    rig.potentiostat.faults["poll"] = rig.broken
    rig.potentiostat.faults["stop"] = InstrumentError("nor does it stop;", "")
    with pytest.raises(InstrumentError, match="does not answer"):
        acquire(rig)
    assert [event.kind for event in rig.notebook.events] == ["not stopped"]


def test_leaving_the_loop_stops_the_program(rig):
    acquisition = Acquisition(rig.session, PROGRAM, 5.0, Charge())
    with held(acquisition.rows()) as rows:
        next(rows)
    assert acquisition.ending is Ending.CONCLUDED
    assert not rig.potentiostat.running


def test_a_current_that_is_no_number_does_not_spoil_the_charge(rig):
    charge = Charge()
    charge.begin(0.0)
    assert charge.add([1.0, 2.0, 3.0], [1.0, math.nan, 1.0]) == [1.0, 1.0, 2.0]
    assert charge.add([2.5, 4.0], [5.0, 1.0]) == [2.0, 3.0]


def test_stop_and_abort_are_answered_once_the_current_is_off(rig):
    answers = []

    def answer(text):
        answers.append((text, rig.potentiostat.running))

    rig.control.post(Wish("resume", answer))
    rig.control.post(Wish("stop", answer))
    assert acquire(rig).ending is Ending.STOPPED
    rig.control.post(Wish("stop", answer))
    rig.control.post(Wish("abort", answer))
    with pytest.raises(Aborted):
        acquire(rig)
    assert [(text.split(":")[0], running) for text, running in answers] == [
        ("resume", True),
        ("stop", False),
        ("abort", False),
    ]


@pytest.mark.parametrize(
    ("verb", "raises"), [("resume", None), ("stop", StepStoppedError), ("abort", Aborted)]
)
def test_a_pause_waits_for_the_operator(rig, verb, raises):
    answers = []
    rig.control.post(Wish("pause", answers.append))
    rig.control.post(Wish(verb, answers.append))
    if raises is None:
        pause(rig.session, Wish("pause", answers.append), Charge())
    else:
        with pytest.raises(raises):
            pause(rig.session, Wish("pause", answers.append), Charge())
    assert "open circuit" in answers[0]
    assert answers[-1].startswith(verb)
    assert rig.states[0] == "paused"


def test_a_pause_records_e_and_the_interruption_in_the_charge_balance(rig):
    rig.clock.at_real_pace = nullcontext
    rig.potentiostat.current = 0.0
    charge = Charge(total=0.25)

    def resume_after_a_minute():
        rig.clock.wait(60.0)
        rig.control.post(Wish("resume", lambda words: None))

    worker = rig.clock.spawn("operator", resume_after_a_minute)
    pause(rig.session, Wish("pause", lambda words: None), charge)
    worker.join()
    recorded = [reading.quantity for reading in rig.notebook.read]
    assert recorded.count("E") >= 5
    paused, resumed = (event for event in rig.notebook.events if event.kind in ("paused", "resumed"))
    assert paused.data["charge_C"] == resumed.data["charge_C"] == charge.total == 0.25
    assert 60 <= resumed.data["seconds"] <= 63
    assert rig.states == ["paused", "running"]


def test_a_wish_that_makes_no_sense_is_answered_and_changes_nothing(rig):
    answers = []
    for verb in ("resume", "acknowledge", "stop"):
        rig.control.post(Wish(verb, answers.append))
    acquisition = Acquisition(rig.session, [OpenCircuit(100.0)], 2.0, Charge())
    list(acquisition.rows())
    assert acquisition.ending is Ending.STOPPED
    assert [words.split(":")[0] for words in answers] == ["resume", "acknowledge", "stop"]
    assert "nothing" in answers[0]
    assert "nothing" in answers[1]


def test_an_interlock_ends_a_program_at_the_next_look(rig):
    with pytest.raises(Interlocked, match="95 °C"):
        acquire(rig, each=lambda batch: rig.control.trip("the cell is at 95 °C"))
    assert rig.potentiostat.calls[-1] == "stop"


def test_nothing_is_begun_against_an_interlock_or_an_abort(rig):
    answers = []
    rig.control.post(Wish("pause", answers.append))
    rig.control.post(Wish("abort", answers.append))
    with pytest.raises(Aborted):
        acquire(rig)
    assert [words.split(":")[0] for words in answers] == ["abort"]
    rig.control.trip("the cell is at 95 °C")
    with pytest.raises(Interlocked, match="95 °C"):
        acquire(rig)
    assert rig.potentiostat.calls == []


def test_a_wish_that_was_carried_out_counts_although_the_loop_is_left_at_the_same_look(rig):
    seen, answers = [], []
    acquisition = Acquisition(rig.session, PROGRAM, 5.0, Charge())
    with held(acquisition.rows()) as rows:
        for batch in rows:
            seen.append(batch)
            if len(seen) == 2:
                break
            rig.control.post(Wish("stop", answers.append))
    assert "the step has ended" in answers[0]
    assert acquisition.ending is Ending.STOPPED
