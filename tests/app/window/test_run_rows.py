"""The rows and lines of the table of runs."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.conclusion import Transition
from app.window.shown.run_columns import COLUMNS, NAMES
from app.window.shown.run_order import Order, arrange, campaign_text, total
from app.window.shown.run_rows import Choice, RunRow, choices, refreshed
from core.records import RunState
from storage import CampaignSummary, RunOverview, RunSummary

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def overview(
    run=7, campaign=None, anode="Li", state=RunState.FINISHED, ended="cut-off", **parameters
) -> RunOverview:
    began = NOW + timedelta(hours=run)
    path = "" if campaign is None else f"{run}.strip"
    summary = RunSummary(
        run, f"LLZO-{run:02d}", "GeisStripping", state, "cut-off", True, began, None, began,
        36_000.0, "bench 2", 1,
        100 * run, campaign, path, ended,
    )  # fmt: skip
    return RunOverview(summary, anode, 2.8e-5, 5.4e-5, parameters, "")


def campaign(number=1, runs=2) -> CampaignSummary:
    state = RunState.FINISHED
    return CampaignSummary(
        number, "fig5", "Fig. 5", "campaign", state, "all done", True, NOW, NOW, NOW, "bench 2", runs, runs
    )


def text(row: RunRow, name: str) -> str:
    return COLUMNS[NAMES.index(name)].text(row)


def everything(_row: RunRow) -> bool:
    return True


def runs(lines) -> list[int | str]:
    return [line.row.run if line.row else f"campaign {line.campaign.campaign}" for line in lines]


def test_a_row_shows_what_the_protocol_was_asked_for():
    row = RunRow(overview(current_density=100.0, temperature=25.0, pressure=3.8))
    assert [text(row, name) for name in ("i", "T", "p")] == ["100", "25", "3.8"]


def test_a_ramp_shows_both_ends_and_what_is_not_there_shows_nothing():
    row = RunRow(overview(start=100.0, stop=1000.0, temperatures=[0.0, 25.0, 50.0], pressure=None))
    assert [text(row, name) for name in ("i", "T", "p")] == ["100 … 1000", "0 … 50", ""]


def test_parameters_that_are_no_numbers_do_no_harm():
    row = RunRow(
        overview(current_density="fast", temperature=True, pressure=float("nan"), temperatures="all")
    )
    assert [text(row, name) for name in ("i", "T", "p")] == ["", "", ""]


def test_t0_of_a_censored_run_says_that_it_is_longer():
    row = RunRow(overview(), Transition(25 * 3600, False, "not depleted before the end"), True)
    assert text(row, "t0") == "> 25.00"
    assert row.t0_hours is None


def test_a_simulated_run_says_so_in_the_table():
    assert text(RunRow(overview()), "bench") == "SIMULATED"


def test_the_end_does_not_say_the_same_twice():
    assert RunRow(overview(ended="cut-off")).end == "cut-off"
    assert RunRow(overview(ended="depleted")).end == "depleted; cut-off"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("falling", [True, False])
def test_every_column_sorts_runs_of_which_nothing_is_known(name, falling):
    rows = [RunRow(overview(run)) for run in (2, 1, 3)]
    rows[0] = RunRow(overview(2, current_density=50.0), Transition(60.0, True, ""), True)
    assert len(arrange(rows, everything, Order(name, falling))) == 3


@pytest.mark.parametrize("falling", [True, False])
def test_what_is_not_known_comes_last_whichever_way_it_is_sorted(falling):
    rows = [
        RunRow(overview(1)),
        RunRow(overview(2, current_density=50.0)),
        RunRow(overview(3, current_density=9.0)),
    ]
    found = runs(arrange(rows, everything, Order("i", falling)))
    assert found == ([2, 3, 1] if falling else [3, 2, 1])


def test_runs_of_a_campaign_stand_below_its_heading_where_the_first_of_them_is():
    rows = [RunRow(overview(1, 1)), RunRow(overview(2)), RunRow(overview(3, 1))]
    lines = arrange(rows, everything, Order(), [campaign()])
    assert runs(lines) == ["campaign 1", 3, 1, 2]
    assert [line.inside for line in lines] == [False, True, True, False]


def test_a_folded_campaign_is_one_line_with_its_state_that_still_counts_its_runs():
    rows = [RunRow(overview(1, 1)), RunRow(overview(2)), RunRow(overview(3, 1))]
    lines = arrange(rows, everything, Order(folded=frozenset({1})), [campaign()])
    assert runs(lines) == ["campaign 1", 2]
    assert "finished" in campaign_text(lines[0])
    assert "2 of 2 runs ended" in campaign_text(lines[0])
    assert total(rows, lines) == "3 runs"


def test_a_heading_says_how_many_of_its_runs_are_found():
    rows = [RunRow(overview(1, 1)), RunRow(overview(3, 1))]
    lines = arrange(rows, lambda row: row.run == 3, Order(), [campaign()])
    assert "1 shown" in campaign_text(lines[0])
    assert total(rows, lines) == "1 of 2 runs"


def test_without_headings_every_line_is_a_run():
    rows = [RunRow(overview(1, 1)), RunRow(overview(2)), RunRow(overview(3, 1))]
    assert runs(arrange(rows, everything, Order(grouped=False), [campaign()])) == [3, 2, 1]


def test_a_new_listing_keeps_the_rows_of_runs_that_have_not_changed():
    before = refreshed({}, [overview(1), overview(2)])
    before[1] = replace(before[1], looked_up=True)
    live = replace(overview(2), summary=replace(overview(2).summary, spectra=999))
    after = refreshed(before, [overview(1), live])
    assert after[1] is before[1]
    assert after[2].overview.summary.spectra == 999


def test_t0_of_a_live_run_is_looked_up_again_when_it_has_grown_and_kept_meanwhile():
    found = Transition(3600.0, True, "")
    running = overview(1, state=RunState.RUNNING)
    before = {1: RunRow(running, found, True)}
    after = refreshed(before, [replace(running, summary=replace(running.summary, spectra=999))])
    assert after[1].transition == found
    assert not after[1].looked_up


def test_choices_are_those_that_there_are():
    rows = [RunRow(overview(1)), RunRow(overview(2, anode="Li0.9Mg0.1", state=RunState.RUNNING))]
    offered = choices(rows)
    assert offered["metal"] == ["Li", "Li0.9Mg0.1"]
    assert offered["state"] == ["running", "finished"]
    assert [row.run for row in rows if Choice(metal="Li").matches(row)] == [1]
    assert [row.run for row in rows if Choice(state="running").matches(row)] == [2]


def test_five_thousand_runs_are_arranged_with_little_work_of_the_second_time():
    listed = [overview(run, campaign=run % 50 + 1, current_density=100.0) for run in range(5000)]
    rows = refreshed({}, listed)
    began = time.perf_counter()
    again = refreshed(rows, [replace(each) for each in listed])
    lines = arrange(again.values(), everything, Order("cell"), [campaign(number) for number in range(1, 51)])
    print(f"{1e3 * (time.perf_counter() - began):.0f} ms")
    assert len(lines) == 5050
    assert all(again[run] is rows[run] for run in rows)
