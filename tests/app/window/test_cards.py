from dataclasses import replace
from datetime import timedelta

import pytest

from app.window.reading.run_data import RunData
from app.window.shown.cards import QUIET, SEEN, cards, new_keys
from app.window.shown.contrary import contraries
from app.window.shown.remedies import REMEDIES, TITLES, UNKNOWN, remedy_for
from core.records import Event, RunState


@pytest.fixture
def look(store):
    def look():
        data = RunData(store.run(1))
        list(data.steps())
        return data.snapshot()

    return look


def happen(run, kind, message, severity="alarm", after=1.0, **data):
    run.time += after
    return run.journal.event(Event(kind, message, run.time, severity, data))


def test_an_alarm_says_since_when_why_and_what_to_do(look, live_run):
    happen(live_run, "limit", "chamber temperature 82.10 °C is above the limit of 80.00 °C")
    (card,) = cards(look())
    assert (card.severity, card.loud, card.count) == ("alarm", True, 1)
    assert card.title == "Safety limit crossed"
    assert card.text == "chamber temperature 82.10 °C is above the limit of 80.00 °C."
    assert card.since.startswith("4:30:01 h, ")
    assert "ended in the safe state" in card.remedy


def test_an_alarm_stays_until_somebody_acknowledges_it_and_is_gone_for_everybody(look, store, live_run):
    event = happen(live_run, "instrument", "the gauge does not answer")
    live_run.strip(2, every=600.0)
    assert [card.events for card in cards(look())] == [(event,)]
    store.annotate(1, "acknowledged", about=event, author="anna")
    assert cards(look()) == ()


def test_several_of_a_kind_are_one_card_with_a_count(look, store, live_run):
    events = [happen(live_run, "instrument", f"no answer, attempt {each}") for each in range(3)]
    (card,) = cards(look())
    assert (card.count, card.events, card.text) == (3, tuple(events), "no answer, attempt 2.")
    store.annotate(1, "acknowledged", about=events[0], author="anna")
    (card,) = cards(look())
    assert card.count == 2


def test_what_has_come_back_says_so_on_the_card(look, live_run):
    happen(live_run, "band left", "chamber temperature 26.3 °C; the run goes on", "warning")
    happen(live_run, "band reached again", "chamber temperature is back after 80 s", "warning")
    (card,) = cards(look())
    assert (card.count, card.title, card.text) == (
        1,
        "Outside its band",
        "chamber temperature is back after 80 s.",
    )


def test_an_instrument_that_answers_again_stays_on_its_card(look, live_run):
    happen(live_run, "instrument", "the gauge does not answer")
    happen(live_run, "instrument", "the gauge answers again", "info")
    (card,) = cards(look())
    assert card.more == ("Since then: the gauge answers again.",)


def test_a_run_that_failed_by_an_interlock_is_one_card_with_what_became_of_the_bench(look, live_run):
    happen(live_run, "limit", "E 50 V is above the limit of 11 V")
    happen(live_run, "safe", "current off, cell at open circuit", "info")
    happen(live_run, "failed", "interlock: E 50 V is above the limit of 11 V")
    live_run.end(RunState.FAILED, "interlock: E 50 V is above the limit of 11 V")
    (card,) = cards(look())
    assert card.title == "Safety limit crossed"
    assert card.more == ("Since then: current off, cell at open circuit.",)
    assert len(card.events) == 2


def test_alarms_come_before_warnings_and_the_newest_first(look, live_run):
    happen(live_run, "disk", "1.9 GB free", "warning")
    happen(live_run, "instrument", "the gauge does not answer")
    happen(live_run, "overload", "E is beyond its range", "warning")
    happen(live_run, "not safe", "NOT CONFIRMED: open circuit")
    assert [card.key.split("/")[1] for card in cards(look())] == [
        "not safe",
        "instrument",
        "overload",
        "disk",
    ]


@pytest.mark.parametrize("kind", sorted(QUIET))
def test_what_an_operator_caused_needs_no_card(look, live_run, kind):
    happen(live_run, kind, "by the operator", "warning")
    assert cards(look()) == ()


def test_an_interrupted_run_stays_until_a_note_says_it_was_seen(look, store, live_run):
    snapshot = look()
    summary = replace(snapshot.summary, state=RunState.INTERRUPTED, end_reason="its process is gone")
    (card,) = cards(replace(snapshot, summary=summary))
    assert (card.severity, card.loud, card.text) == ("interrupted", True, "its process is gone.")
    store.annotate(1, "note", SEEN, author="anna")
    assert cards(replace(look(), summary=summary)) == ()


def test_every_kind_with_a_title_has_a_remedy_and_others_are_not_left_alone():
    assert set(TITLES) == set(REMEDIES)
    assert remedy_for("no such kind") == UNKNOWN


def test_only_what_is_new_calls_somebody():
    assert new_keys(["a"], ["a", "b"])
    assert not new_keys(["a", "b"], ["b"])


def tell(store, run, *told):
    """Tell a run things and let it answer each."""
    for verb, author in told:
        store.tell(1, verb, author=author)
    for command in run.journal.take_commands():
        run.journal.answer_command(command.id, f"{command.verb}: done (after 0.2 s)")


def test_contrary_commands_say_who_said_what_and_what_the_run_did(look, store, live_run):
    tell(store, live_run, ("pause", "anna, window 3f2a"), ("resume", "bert, window 91bc"))
    (found,) = contraries(look(), "bert, window 91bc")
    assert found.title == "Contrary commands: pause and resume"
    assert found.said[0].endswith("anna, window 3f2a: pause — done (after 0.2 s)")
    assert found.said[1].endswith("bert, this window: resume — done (after 0.2 s)")
    assert "is running now" in found.advice


@pytest.mark.parametrize(
    ("first", "second", "contrary"),
    [
        (("stop", "anna"), ("resume", "bert"), True),
        (("resume", "anna"), ("pause", "bert"), True),
        (("acknowledge", "anna"), ("skip", "bert"), True),
        (("pause", "anna"), ("resume", "anna"), False),
        (("pause", "anna"), ("stop", "bert"), False),
        (("stop", "anna"), ("stop", "bert"), False),
    ],
)
def test_only_opposite_wishes_of_different_people_are_contrary(
    look, store, live_run, first, second, contrary
):
    tell(store, live_run, first, second)
    assert bool(contraries(look())) is contrary


def test_two_windows_of_one_person_count_as_two(look, store, live_run):
    tell(store, live_run, ("pause", "anna, window 3f2a"), ("resume", "anna, window 91bc"))
    assert len(contraries(look())) == 1


def test_after_a_minute_somebody_may_have_thought_better_of_it(look, store, live_run):
    tell(store, live_run, ("pause", "anna"), ("resume", "bert"))
    snapshot = look()
    first, second = snapshot.commands
    late = replace(second, issued_utc=first.issued_utc + timedelta(seconds=61))
    assert contraries(replace(snapshot, commands=(first, late))) == ()


def test_an_answer_that_is_still_to_come_is_said(look, store, live_run):
    store.tell(1, "pause", author="anna")
    store.tell(1, "resume", author="bert")
    (found,) = contraries(look())
    assert "the run has not answered yet" in found.said[1]
