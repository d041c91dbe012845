import pytest

from app.window.reading.run_data import RunData
from app.window.shown.decisions import decisions, inputs
from app.window.shown.log_lines import LogFilter, LogLine, as_text, kinds, log_lines, state_of
from app.window.shown.notes import keep, notes, pin
from app.window.shown.units import Units
from core.records import Decision, Event, RunState


@pytest.fixture
def look(store):
    def look():
        data = RunData(store.run(1))
        list(data.steps())
        return data.snapshot()

    return look


def test_a_decision_says_when_why_and_from_what(look, finished_run):
    (found,) = decisions(look(), Units())
    assert (found.rule, found.outcome, found.when) == ("depletion", "depleted", "15:30:00 h")
    assert found.why == "3 fits in a row"
    assert found.inputs == (("crossed at", "15:05:42 h"), ("threshold", "2.83 kΩ cm²"))
    assert len(found.fits) == 3
    # Nothing can be told a run that has ended.
    assert found.override == ""


def test_inputs_follow_the_choice_of_units(live_run):
    given = {"threshold_ohm": 1e4, "I": 2.827e-5, "E": 0.0041, "target_N": 405.8, "advice_Pa": 7.5e6}
    areal = dict(inputs(given, live_run.cell, Units()))
    absolute = dict(inputs(given, live_run.cell, Units(areal=False)))
    assert areal["threshold"] == "2.83 kΩ cm²"
    assert absolute["threshold"] == "10 kΩ"
    assert areal["I"] == "100 µA cm⁻²"
    assert absolute["I"] == "28.3 µA"
    assert areal["E"] == "4.1 mV"
    assert areal["target"] == "406 N"
    assert areal["next pressure"] == "7.5 MPa"


def test_inputs_of_every_sort_can_be_written(live_run):
    given = {
        "drift_per_s": -3.3e-6,
        "proposal": {"f_min": 1.28},
        "disturbed": False,
        "reference_ohm": None,
        "E_open_circuit": float("nan"),
        "failed": [1, 2],
        "why": "said elsewhere",
        "window": 300.0,
    }
    assert inputs(given, live_run.cell, Units()) == (
        ("drift", "−1.19 % per h"),
        ("proposed lowest frequency", "1.28 Hz"),
        ("disturbed", "no"),
        ("reference", "–"),
        ("E open circuit", "–"),
        ("failed", "1, 2"),
        ("window", "5 min"),
    )


def decide(run, parameters):
    run.journal.decision(run.step, Decision("depletion", "depleted", run.time, parameters, ()))


def test_a_rule_that_may_act_can_be_overridden_once(look, live_run):
    decide(live_run, {})
    (found,) = decisions(look(), Units())
    assert "cannot be undone" in found.override
    decide(live_run, {"overridden": {"author": "anna", "words": "by the operator"}})
    first, second = decisions(look(), Units())
    assert (first.override, second.override) == ("", "")
    assert second.effect == "Overridden by anna: it only flags."


def test_a_rule_that_only_flags_has_nothing_to_override(look, live_run):
    decide(live_run, {"acts": False})
    (found,) = decisions(look(), Units())
    assert (found.override, found.effect) == ("", "This rule only flags.")


def test_the_times_of_fits_are_found_by_their_ids(store, live_run):
    times = store.run(1).fit_times([*live_run.fits[-3:], 10_000])
    assert list(times) == live_run.fits[-3:]
    assert times[live_run.fits[-1]] == pytest.approx(live_run.time - 13.3, abs=0.5)


def test_notes_of_the_run_and_of_people_afterwards_stand_in_one_row(look, store, live_run):
    live_run.journal.event(Event("note", "creaked", live_run.time, "info", {"author": "anna, window 3f2a"}))
    keep(store, 1, "leads are tight", 9000.0, "bert")
    keep(store, 1, "a good cell", None, "bert")
    found = notes(look(), "anna, window 3f2a")
    assert [(note.when, note.text, note.author) for note in found] == [
        ("2:30:00 h", "leads are tight", "bert"),
        ("4:30:00 h", "creaked", "anna, this window"),
        ("the whole run", "a good cell", "bert"),
    ]


def test_a_note_goes_where_the_cursor_is_else_to_the_present_or_to_the_end(look, live_run):
    snapshot = look()
    assert pin(None, None) is None
    assert pin(snapshot, None).time is None
    assert pin(snapshot, 5400.0).time == 5400.0
    assert "1:30:00 h" in pin(snapshot, 5400.0).words
    live_run.end()
    assert pin(look(), None).time == live_run.time


LINES = [
    LogLine("e1", 60.0, "chamber", "set to 25.0 °C and started"),
    LogLine("e2", 70.0, "band left", "chamber temperature 26.3 °C", "warning"),
    LogLine("e3", 80.0, "limit", "temperature above the limit", "alarm"),
]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (LogFilter(), "e1 e2 e3"),
        (LogFilter("TEMPERATURE"), "e2 e3"),
        (LogFilter("temperature chamber"), "e2"),
        (LogFilter("0:01:10"), "e2"),
        (LogFilter(kind="chamber"), "e1"),
        (LogFilter(severity="warning"), "e2 e3"),
        (LogFilter("chamber", severity="alarm"), ""),
    ],
)
def test_lines_are_filtered_by_words_kind_and_severity(wanted, keys):
    assert [line.key for line in LINES if wanted.passes(line)] == keys.split()


def test_kinds_and_clipboard():
    assert kinds(LINES) == ("band left", "chamber", "limit")
    assert as_text(LINES[:1]) == "0:01:00\tinfo\tchamber\tset to 25.0 °C and started"


def test_the_log_says_who_acknowledged_and_who_contradicted(look, store, live_run):
    event = live_run.journal.event(Event("limit", "too hot", live_run.time, "alarm"))
    store.annotate(1, "acknowledged", about=event, author="anna")
    store.tell(1, "pause", author="anna")
    store.tell(1, "resume", author="bert")
    lines = {line.kind: line for line in log_lines(look())}
    assert lines["seen"].text == "acknowledged by anna: too hot"
    assert lines["contrary"].severity == "warning"
    assert "pause and resume" in lines["contrary"].text
    assert lines["seen"].clock.startswith("≈ ")


def test_the_log_is_made_anew_only_when_something_is_new(look, live_run):
    before = look()
    live_run.journal.beat(live_run.time + 10)
    assert state_of(look()) == state_of(before)
    live_run.end(RunState.STOPPED, "stopped")
    assert state_of(look()) != state_of(before)
