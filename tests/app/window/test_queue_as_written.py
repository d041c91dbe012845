"""A queue as it is put together, a campaign that runs, and what a rehearsal foretells."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import drafting
from app.window.shown import forecast, form_fields
from app.window.shown.form import Written
from app.window.shown.queue import (
    Contents,
    Queue,
    QueueStep,
    as_memory,
    contents_from,
    from_memory,
    step_from,
)
from app.window.shown.queue_rows import QueueRow, rows, totals
from app.window.shown.queue_running import campaign_rows, choices, headline
from core.clock import utc_now
from core.records import RunState
from storage import CampaignSummary, RunSummary

CATALOGUE = form_fields.catalogue(drafting.catalogue())
CELL = {"name": "A-{n:02d}", "anode": "Li", "electrode_diameter": "6 mm"}


def step(protocol: str = "OcvRest", **what) -> QueueStep:
    return QueueStep(protocol, {}, CELL, **what)


def queue(*steps: QueueStep) -> Queue:
    result = Queue()
    for place, each in enumerate(steps):
        result.put(place, each)
    return result


def protocols(given: Queue) -> list[str]:
    return [each.protocol for each in given.steps]


@pytest.mark.parametrize(
    ("place", "to", "order"), [(0, 2, "BCA"), (2, 0, "CAB"), (1, 1, "ABC"), (0, 9, "BCA")]
)
def test_a_step_is_moved_among_the_others_and_back(place, to, order):
    given = queue(step("A"), step("B"), step("C"))
    given.move(place, to)
    assert protocols(given) == list(order)
    if order != "ABC":
        given.undo()
    assert protocols(given) == ["A", "B", "C"]


def test_steps_are_duplicated_removed_and_brought_back():
    given = queue(step("A", name="first"), step("B"))
    given.duplicate(0)
    assert protocols(given) == ["A", "A", "B"]
    assert given.steps[1].name == ""
    given.remove(0)
    given.undo()
    given.undo()
    assert protocols(given) == ["A", "B"]
    given.redo()
    assert protocols(given) == ["A", "A", "B"]


def test_a_step_goes_to_the_form_and_back_with_its_name_and_electrode():
    given = step(name="strip", fresh=True, count=3)
    written = replace(given.written(), cell={**CELL, "anode": "Li0.9Mg0.1"})
    changed = step_from(written, ("A-04",), given)
    assert (changed.name, changed.fresh, changed.count) == ("strip", True, 3)
    assert changed.cell["name"] == "A-{n:02d}"
    assert changed.cell["counter.working_electrode_number"] == "5"


def test_the_written_file_of_a_queue_opens_as_the_same_queue(tmp_path):
    given = queue(step("GeisStripping"), step("OcvRelaxation"), step("GeisStripping", fresh=True))
    answer = drafting.check_queue(given.draft(None))
    assert answer["ok"], answer["problems"]
    path = tmp_path / "queue.toml"
    path.write_text(answer["toml"], encoding="utf-8")
    opened = contents_from(drafting.open_file(path)["queue"], CATALOGUE)
    assert [(each.protocol, each.fresh) for each in opened.steps] == [
        ("GeisStripping", False),
        ("OcvRelaxation", False),
        ("GeisStripping", True),
    ]
    assert dict(totals(answer))["Cells"] == "2 Li (A-01, A-02)"


def test_rows_say_what_is_wrong_at_its_step_and_when_an_electrode_is_mounted():
    given = queue(
        replace(step("GeisStripping"), parameters={"current_density": "50 µA/cm²"}),
        replace(step("OcvRelaxation"), parameters={"relaxation": "many"}),
        step("GeisStripping", fresh=True),
    )
    answer = drafting.check_queue(given.draft(None))
    found = rows(given.contents, CATALOGUE, answer)
    assert [row.mounts for row in found] == [True, False, True]
    assert found[0].words == "Current density 50 µA/cm²"
    assert "at most" in found[0].amounts
    assert found[1].problem
    assert not found[0].problem
    assert found[2].words == "everything as by default"


def test_a_row_says_first_what_is_wrong_then_what_to_beware_of_then_what_was_written():
    row = QueueRow("1", "OCV rest", "A-01", "everything as by default", mounts=True, colour="green")
    assert (row.where, row.below, row.edge) == ("mounts A-01", ("everything as by default", "grey"), "green")
    beware = replace(row, warning="spent", mounts=False)
    assert (beware.where, beware.below, beware.edge) == ("A-01", ("▲ spent", "ink"), "orange")
    wrong = replace(beware, problem="no cell")
    assert (wrong.below, wrong.edge) == (("■ no cell", "vermillion"), "vermillion")
    assert wrong.tip == "no cell\nspent\neverything as by default"


def test_what_is_wrong_with_a_step_does_not_repeat_which_one_it_is():
    given = queue(step("GeisStripping"), step("GeisStripping"))
    answer = drafting.check_queue(given.draft(None))
    assert rows(given.contents, CATALOGUE, answer)[1].problem.startswith("Strips again what is spent")


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"steps": [{}]}'])
def test_a_damaged_memory_gives_an_empty_queue(text):
    assert from_memory(text) == Contents()


def test_a_queue_is_remembered_as_it_was():
    contents = queue(step(name="x", fresh=True, count=2)).contents
    assert from_memory(as_memory(contents)) == contents


def test_a_form_without_a_pattern_keeps_its_name():
    made = step_from(Written("OcvRest", {}, {"name": "B"}), ("B",))
    assert made.cell == {"name": "B"}


def run(number: int, path: str, state: RunState, ended: str = "") -> RunSummary:
    now = utc_now()
    return RunSummary(
        number,
        "A-01",
        "GeisStripping",
        state,
        "",
        True,
        now,
        None,
        now,
        7200.0,
        "bench",
        1,
        9,
        1,
        path,
        ended,
    )


PLAN = [{"path": f"{n}.strip", "lines": [f"line {n}"]} for n in (1, 2, 3, 4)]


def test_a_running_campaign_shows_done_at_work_passed_over_and_to_come():
    runs = [run(5, "1.strip", RunState.FINISHED, "cut-off"), run(6, "3.strip", RunState.RUNNING)]
    found = campaign_rows(PLAN, runs, True, CATALOGUE)
    assert [(row.number, row.amounts) for row in found] == [
        ("✓", "cut-off · 2.0 h"),
        ("▶", "running · 2.0 h"),
        ("·", "not done"),
        ("·", "to come"),
    ]
    assert found[0].title == "1. GEIS stripping"
    assert found[0].words == "line 1"


def test_a_running_campaign_says_that_its_order_is_fixed():
    now = utc_now()
    summary = CampaignSummary(
        3, "x", "Night", "campaign", RunState.RUNNING, "", True, now, None, now, "b", 2, 1
    )
    assert headline(summary, 4).startswith(
        "Campaign 3 “Night”, SIMULATED, is running: 1 of 4 steps done. Its order is fixed"
    )
    ended = replace(summary, state=RunState.STOPPED, end_reason="asked to")
    assert headline(ended, 4) == "Campaign 3 “Night”, SIMULATED, is stopped (asked to): 1 of 4 steps done."


def test_there_is_a_choice_of_the_queue_an_opened_file_and_the_campaigns_newest_first():
    now = utc_now()
    campaigns = [
        CampaignSummary(n, f"c{n}", "", "campaign", RunState.FINISHED, "", True, now, now, now, "b", 2, 2)
        for n in (1, 2)
    ]
    found = choices("loop", campaigns, "9")
    assert [name for _, name in found] == ["own", "file", "2", "1", "9"]
    assert [words for words, _ in found][1:3] == ["Opened: loop", "Campaign 2 · c2 · finished"]
    assert [name for _, name in choices(None, (), "own")] == ["own"]


FORECAST = {
    "campaign": "night", "hours": 10.0, "earliest_h": 8.0, "latest_h": 13.5, "spectra": 1200,
    "disk_bytes": 2.5e7, "wall_s": 3.0,
    "cells": [{"kind": "li", "anode": "Li", "names": ["A-01"], "count": 1}],
    "assumptions": ["R_int 0.27 kΩ cm²"], "passed_over": [{"path": "2.x", "reason": "spent"}],
    "steps": [{
        "path": "1.strip", "protocol": "GeisStripping", "cell": "A-01", "lines": [], "hours": 10.0,
        "earliest_h": 8.0, "latest_h": 13.5, "spectra": 1200, "ended": "cut-off", "reason": "", "run": 1,
        "decisions": ["depletion: depleted"], "results": [],
        "asked": [{"path": "1.strip", "question": "mount A-01", "after_h": 0.0, "in_step_h": 0, "answer": ""},
                  {"path": "1.strip", "question": "press", "after_h": 2.0, "in_step_h": 2, "answer": "done"}],
    }],
}  # fmt: skip


def test_a_forecast_says_how_long_with_its_band_and_what_is_asked_when():
    begin = datetime(datetime.now(UTC).year, 11, 22, 20, 0, tzinfo=UTC)
    shown = forecast.forecast(FORECAST, begin, UTC)
    assert shown.headline.startswith("Takes 10.0 h (8.0 to 13.5 h, 95 % over nominally equal cells).")
    assert f"{begin + timedelta(hours=10):%H:%M}" in shown.headline
    assert shown.rows[0].band == "8.0 to 13.5 h"
    assert [(each.when, each.question) for each in shown.asked] == [
        ("at the beginning", "mount A-01"),
        ("after 2.0 h", "press"),
    ]
    assert shown.passed_over == ("2.x: spent",)


def test_progress_of_a_rehearsal_is_read_and_other_lines_are_not():
    assert forecast.progress("3 of about 6: 3.strip: cut-off") == (3, 6, "3.strip: cut-off")
    assert forecast.progress("compiling the fit engine") is None


def test_a_rehearsal_that_goes_on_says_how_far_it_is():
    assert forecast.begun().words == "beginning …"
    shown = forecast.going(["compiling the fit engine", "3 of about 6: 3.strip: cut-off", "more"])
    assert (shown.going, shown.done, shown.of, shown.words) == (True, 3, 6, "3.strip: cut-off")
    assert forecast.going(["7 of about 6: x"]).of == 7


@pytest.mark.parametrize(
    ("state", "title", "words"),
    [
        ("cancelled", "The rehearsal was cancelled", "Nothing real was touched."),
        ("failed", "The rehearsal failed", "no such protocol"),
    ],
)
def test_a_rehearsal_without_a_forecast_says_why(state, title, words):
    shown = forecast.rehearsed(state, None, "no such protocol", "night")
    assert (shown.title, shown.words, shown.going, shown.forecast) == (title, words, False, None)


def test_a_forecast_has_the_name_of_what_was_rehearsed_and_lists_of_what_is_in_it():
    shown = forecast.rehearsed("done", FORECAST, "", "Night")
    assert shown.title == "Night: rehearsed on the simulated twin of the bench"
    lists = dict(shown.forecast.lists)
    assert lists["The operator is asked"] == ("at the beginning: mount A-01", "after 2.0 h: press [done]")
    assert lists["What was decided and found"] == ("1.strip: depletion: depleted",)
    quiet = forecast.rehearsed("done", FORECAST | {"steps": [], "passed_over": []}, "", "Night")
    assert next(title for title, _ in quiet.forecast.lists) == "The operator is asked"
    assert dict(quiet.forecast.lists)["The operator is asked"] == ("nothing",)
