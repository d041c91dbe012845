import pytest

from app.window.shown.steps import (
    AHEAD,
    BROKEN,
    DONE,
    IDLE,
    RUNNING,
    activity,
    campaign_lines,
    in_words,
    short_path,
    step_lines,
)
from core.records import RunState
from storage import StoredStep


def step(verb, protocol="GeisStripping", **parameters):
    return StoredStep(1, "key", protocol, verb, parameters, 0.0, None, None)


def test_steps_are_done_running_and_to_come_in_the_words_of_the_field(look, make_run):
    run = make_run()
    run.rest()
    lines = step_lines(look())
    assert [(line.stands, line.text) for line in lines] == [
        (DONE, "open circuit"),
        (RUNNING, "PEIS reference"),
        (AHEAD, "stripping"),
    ]
    assert lines[0].right == "0:29 h"


def test_a_step_that_an_ended_run_left_open_was_cut_short(look, make_run):
    run = make_run()
    run.rest()
    run.end(RunState.FAILED, "the chamber is silent")
    lines = step_lines(look())
    assert [line.stands for line in lines] == [DONE, BROKEN]
    assert "cut short" in lines[-1].tip


def test_a_protocol_with_rounds_folds_them_and_foretells_nothing(look, make_run):
    run = make_run()
    run.journal.end_step(run.journal.begin_step("k0", "OcvRelaxation", "run", {}, 0.0), 0.0, "done")
    for _ in range(4):
        run.begin("rest")
        run.time += 60.0
        run.begin("peis")
        run.time += 28.0
    lines = step_lines(look())
    assert (lines[0].stands, lines[0].text) == (
        DONE,
        "3 × open circuit, PEIS reference",
    )
    assert lines[0].right == "0:04 h"
    assert [line.stands for line in lines[1:]] == [DONE, RUNNING, AHEAD]


@pytest.mark.parametrize(("current", "word"), [(2.8e-5, "stripping"), (-2.8e-5, "plating")])
def test_the_sign_of_the_current_tells_stripping_from_plating(current, word):
    program = {"LimitedConstantCurrent": {"current": current}, "Loop": {"to": 0}}
    assert activity(step("geis", "PlatingStrippingCycling", program=program)) == word


def test_a_peis_is_a_reference_only_where_a_stripping_follows():
    assert activity(step("peis")) == "PEIS reference"
    assert activity(step("peis", "ArrheniusPeis")) == "PEIS"


def test_paths_of_campaigns_are_shortened():
    path = "3.fig5/1.currents/round-6/1.strip"
    assert short_path(path) == "3.fig5/…/1.strip"
    assert short_path("1.form") == "1.form"
    assert in_words(path) == "fig5 · currents · round 6 · strip"
    assert in_words(path, beside="3.fig5/1.currents/round-7/1.strip") == "round 6 · strip"
    assert in_words("8.figS11/1/round-1/1.ramp") == "figS11 · round 1 · ramp"


def test_the_steps_of_a_campaign_stand_around_the_one_that_is_watched():
    planned = [f"1.series/round-{n}/1.strip" for n in range(1, 9)]
    runs = [
        (11, planned[0], RunState.FINISHED),
        (12, planned[2], RunState.FAILED),
        (13, planned[3], RunState.RUNNING),
    ]
    lines = campaign_lines(planned, runs, 13)
    assert [(line.stands, line.text, line.run) for line in lines] == [
        (IDLE, "2 before", None),
        (BROKEN, "round 3 · strip", 12),
        (RUNNING, "round 4 · strip", 13),
        (AHEAD, "round 5 · strip", None),
        (AHEAD, "round 6 · strip", None),
        (AHEAD, "round 7 · strip", None),
        (AHEAD, "1 more", None),
    ]
    missed = campaign_lines(planned, runs, 12)
    assert (missed[1].stands, missed[1].text) == (IDLE, "round 2 · strip")


def test_a_campaign_whose_plan_is_not_known_yet_shows_its_runs():
    runs = [(1, "1.form", RunState.FINISHED), (2, "2.strip", RunState.RUNNING)]
    assert [line.run for line in campaign_lines((), runs, 2)] == [1, 2]
    assert campaign_lines((), runs, 9) == ()
