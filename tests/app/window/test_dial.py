from dataclasses import replace

import pytest

from app.window.reading.run_data import RunData
from app.window.shown.asks import asks, entry
from app.window.shown.dial import dial
from core.records import RunState

TARGET, TOLERANCE = 405.8, 4.1
FORCE = {"kind": "force", "target_N": TARGET, "tolerance_N": TOLERANCE, "hold_s": 30.0, "timeout_s": 7200.0}


@pytest.fixture
def run(make_run):
    run = make_run(simulated=False)
    run.rest()
    return run


@pytest.fixture
def ask(store, run):
    """Ask for a force, let the gauge read some, and return what a card would be made from."""

    def ask(*forces, begins=0.0, question="tighten until 405.8 ± 4.1 N (7.5 MPa)", **details):
        run.reading("gauge", "F", begins)
        run.time += 1.0
        run.journal.request(question, run.time, ("acknowledge", "skip"), FORCE | details)
        run.journal.set_state(RunState.WAITING)
        for force in forces:
            run.time += 1.0
            run.reading("gauge", "F", force)
        run.journal.beat(run.time)
        return look(store)

    return ask


def look(store):
    data = RunData(store.run(1))
    list(data.steps())
    return data.snapshot()


def shown(snapshot):
    return dial(snapshot, snapshot.requests[-1])


def test_too_little_force_says_how_much_to_tighten(ask):
    found = shown(ask(100.0, 285.8))
    assert (found.state, found.words, found.newtons) == ("before", "tighten by 120 N", "285.8")
    assert found.pressure == "5.28 MPa"
    assert -1 < found.place < -found.band
    assert not found.loosening
    assert (found.held, found.remark, found.stale) == (None, "", False)


def test_too_much_force_is_past_the_target_and_says_how_much_to_release(ask):
    found = shown(ask(440.8))
    assert (found.state, found.words) == ("past", "release by 35 N")
    assert found.place > found.band


def test_a_force_that_was_above_from_the_start_is_loosened(ask):
    found = shown(ask(600.0, 500.0, begins=812.0))
    assert found.loosening
    assert (found.state, found.words) == ("before", "release by 94 N")
    assert shown(ask(300.0, begins=812.0)).state == "past"


def test_small_differences_have_a_decimal(ask):
    assert shown(ask(TARGET - 6.04)).words == "tighten by 6.0 N"


def test_holding_counts_from_the_last_time_the_band_was_entered(ask):
    found = shown(ask(405.0, 420.0, *[406.0] * 13))
    assert (found.state, found.held_words) == ("within", "held 12 of 30 s")
    assert found.held == pytest.approx(0.4)
    assert shown(ask(*[406.0] * 50)).held == 1.0


def test_a_force_within_its_band_before_it_was_asked_for_does_not_count(ask):
    assert shown(ask(406.0, begins=406.0)).held == 0.0


def test_an_old_force_fades_and_says_its_age(ask, run, store):
    ask(250.0)
    run.time += 40.0
    run.journal.beat(run.time)
    found = shown(look(store))
    assert (found.stale, found.remark) == (True, "40 s old")


def test_without_a_reading_there_is_no_needle(ask):
    snapshot = ask()
    none = {**snapshot.traces, "F": snapshot.traces["F"][:0]}
    found = shown(replace(snapshot, traces=none))
    assert (found.place, found.state, found.words) == (None, "unknown", "the gauge says nothing yet")


def test_one_tolerance_is_a_broad_band_and_the_range_goes_from_nothing_to_twice_the_target(ask):
    found = shown(ask(0.0))
    assert 0.1 < found.band < 0.3
    assert found.place == -1.0
    assert (found.marks[0].label, found.marks[-1].label) == ("0", "812")
    assert [mark.place for mark in found.marks] == sorted(mark.place for mark in found.marks)


def test_no_pressure_at_all_is_a_target_too(ask):
    found = shown(ask(30.0, begins=400.0, target_N=0.0, tolerance_N=20.0))
    assert (found.state, found.words, found.loosening) == ("before", "release by 30 N", True)


def test_other_requests_have_no_dial(ask):
    assert shown(ask(0.0, kind="mount", target_N=None, tolerance_N=None)) is None


def test_a_card_says_what_since_when_until_when_and_what_the_answers_do(ask):
    (found,) = asks(ask(285.8, 285.8))
    assert found.title == "Tighten until 405.8 ± 4.1 N (7.5 MPa)"
    assert found.since.startswith("waiting 2.0 s, since ")
    assert "2:30:01 of the run (" in found.until
    assert [choice.label for choice in found.choices] == ["Done", "Skip"]
    assert "what follows it goes on" in found.choices[1].meaning
    assert found.dial.words == "tighten by 120 N"
    assert not found.by_hand


def test_skipping_the_release_after_forming_does_not_leave_the_run_out(ask):
    snapshot = ask(400.0, target_N=0.0)
    forming = replace(snapshot, header=replace(snapshot.header, protocol="InterfaceForming"))
    (found,) = asks(forming)
    assert "the pressure stays" in found.choices[1].meaning


def test_a_gauge_without_a_line_takes_a_value_and_says_since_when_it_is_known(ask, run, store):
    run.journal.instrument("gauge", "display read by a person", details={"protocol": "manual entry"})
    (found,) = asks(ask(285.8))
    assert found.by_hand
    assert found.dial.remark == "entered by hand"
    store.tell(1, "enter", "285.8 N")
    (command,) = run.journal.take_commands()
    run.journal.answer_command(command.id, "enter: 285.8 N taken")
    run.journal.beat(run.time)
    assert shown(look(store)).remark.startswith("entered by hand 0.")


def test_what_was_answered_needs_no_card(ask, run, store):
    ask(285.8)
    run.journal.answer_request(1, "holds", "", run.time)
    assert asks(look(store)) == ()


@pytest.mark.parametrize(
    ("text", "good", "said"),
    [
        ("", False, "405.8 N or 7.5 MPa"),
        ("405.8 N", True, "405.8 N, 7.50 MPa on the pellet"),
        ("7.5 MPa", True, "405.8 N, 7.50 MPa on the pellet"),
        ("405.8", False, "neither a force nor a pressure"),
        ("twelve", False, "neither a force nor a pressure"),
        ("4 mm", False, "neither a force nor a pressure"),
    ],
)
def test_a_value_is_looked_at_as_it_is_typed(run, text, good, said):
    found = entry(text, run.cell)
    assert found.good is good
    assert said in found.words
