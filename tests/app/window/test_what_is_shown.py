import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from app.window.commands import PAUSE, RESUME, pause_or_resume, why_not
from app.window.criterion import criterion_of
from app.window.depletion import progress, project
from app.window.feed import Feed, Trouble, View
from app.window.heading import footer, heading, notice, placeholder
from app.window.log_lines import log_lines
from app.window.run_data import RunData
from app.window.tiles import empty_tiles, tiles
from core.clock import utc_now
from core.records import Event, Fit, RunState, Value


@pytest.fixture
def look(store):
    def look(run=1):
        data = RunData(store.run(run))
        list(data.steps())
        return data.snapshot()

    return look


def by_caption(snapshot):
    return {tile.caption: tile for tile in tiles(snapshot)}


def test_live_values_in_human_units(look, live_run):
    shown = by_caption(look())
    assert (shown["i"].text, shown["i"].unit) == ("100", "µA/cm²")
    assert (shown["Q"].text, shown["Q"].unit) == ("0.400", "mAh/cm²")
    assert float(shown["R_int"].text) == pytest.approx(0.270 / (1 - live_run.lost), rel=0.02)
    assert shown["R_int"].remark.startswith("± 0.00")
    assert float(shown["C_int"].text) == pytest.approx(0.9 * (1 - live_run.lost), rel=0.02)
    assert float(shown["T"].text) == pytest.approx(25.0, abs=0.3)
    assert shown["p"].text == "0.0"
    assert not any(tile.stale for tile in shown.values())


@pytest.mark.parametrize(("current", "text"), [(99.98, "100"), (50.04, "50.0"), (1e-4, "0.00")])
def test_the_current_has_three_digits(look, live_run, current, text):
    live_run.time += 1.0
    live_run.reading("potentiostat", "I", live_run.cell.current(current))
    live_run.journal.flush()
    assert by_caption(look())["i"].text == text


def test_values_fade_when_they_are_twice_their_interval_old(look, live_run):
    live_run.journal.beat(live_run.time + 190.0)
    assert not any(tile.stale for tile in tiles(look()))
    live_run.journal.beat(live_run.time + 210.0)
    assert [tile.caption for tile in tiles(look()) if tile.stale] == ["E", "i", "Q"]
    live_run.journal.beat(live_run.time + 1300.0)
    shown = by_caption(look())
    assert all(tile.stale for tile in shown.values())
    assert shown["R_int"].remark == "22 min old"


def test_a_finished_run_does_not_fade_and_its_current_is_off(look, finished_run):
    shown = by_caption(look())
    assert not any(tile.stale for tile in shown.values())
    assert (shown["i"].text, shown["i"].unit) == ("off", "")
    assert shown["Q"].text == "1.500"


def test_before_the_current_there_is_no_charge(look, make_run):
    run = make_run()
    assert by_caption(look())["E"].remark == "not measured"
    run.rest()
    run.journal.flush()
    shown = by_caption(look())
    assert shown["Q"].remark == "before the current"
    assert shown["R_int"].text != "–"


def with_fit(snapshot, **changes):
    fit = snapshot.last_fit.fit
    changed = Fit(**{**vars(fit), **changes})
    return replace(snapshot, last_fit=replace(snapshot.last_fit, fit=changed))


def test_a_resistance_below_resolution_is_a_limit(look, live_run):
    snapshot = look()
    nothing = Value(math.nan, math.nan)
    parameters = snapshot.last_fit.fit.parameters | {"R_int": nothing, "C_int": nothing}
    parameters |= {"R_int_upper": Value(6.2, math.nan)}
    shown = by_caption(with_fit(snapshot, parameters=parameters, flags=("below resolution",)))
    assert (shown["R_int"].text, shown["R_int"].remark) == ("< 0.00175", "below resolution")
    assert (shown["C_int"].text, shown["C_int"].remark) == ("–", "below resolution")


def test_a_fit_with_reservations_says_so(look, live_run):
    shown = by_caption(with_fit(look(), flags=("drift", "truncated arc")))
    assert shown["R_int"].remark == "truncated arc"


def test_a_tiny_capacitance_changes_its_unit(look, live_run):
    snapshot = look()
    parameters = snapshot.last_fit.fit.parameters | {"C_int": Value(1.4e-9, 2e-11)}
    shown = by_caption(with_fit(snapshot, parameters=parameters))["C_int"]
    assert (shown.text, shown.unit) == ("4.95", "nF/cm²")


def test_every_tile_is_there_without_a_run(look, live_run):
    assert [each.caption for each in empty_tiles()] == [each.caption for each in tiles(look())]


def test_projection_brackets_the_truth(look, make_run):
    run = make_run()
    run.rest()
    run.strip(40, every=900.0)
    snapshot = look()
    truth = run.REST + run.life * (1 - run.R0 / 10_000.0)
    found = project(snapshot)
    assert found.earliest < truth < found.latest
    shown = progress(snapshot)
    assert shown.share == pytest.approx(10 / 14.6, abs=0.05)
    assert "depletion projected at 14:" in shown.text
    assert "cut-off 4 V" in shown.text


def test_depletion_that_was_decided_replaces_the_projection(look, finished_run):
    shown = progress(look())
    assert shown.share == 1.0
    assert "t₀ 14:36 h after current on — depleted (3 fits in a row)" in shown.text


def test_no_projection_while_paused_and_none_before_the_current(look, make_run):
    run = make_run()
    run.rest()
    assert progress(look()).share is None
    run.strip(30, every=600.0)
    assert progress(look()).share is not None
    run.journal.set_state(RunState.PAUSED)
    assert progress(look()).share is None


@pytest.mark.parametrize(("threshold", "ohm"), [("10 kΩ cm²", 35367.8), ("5 kΩ", 5000.0), ("many", None)])
def test_thresholds_are_areal_or_absolute(look, make_run, threshold, ohm):
    make_run(threshold=threshold)
    found = criterion_of(look().header)
    assert found is ohm is None or found.threshold == pytest.approx(ohm, rel=1e-5)


def test_the_heading_says_what_is_being_done(look, make_run):
    assert heading(None).word == "no run"
    run = make_run(simulated=False)
    run.rest()
    found = heading(look())
    assert (found.word, found.cell, found.simulated) == ("reference PEIS", "LLZO-07-LiMg-03", False)
    assert found.details == "Li0.9Mg0.1 · 100 µA/cm² · run 1"
    run.strip(1, every=60.0)
    assert heading(look()).word == "stripping"
    run.end()
    assert heading(look()).word == "finished: cut-off"


def test_interrupted_is_explained(look, live_run):
    snapshot = look()
    summary = replace(
        snapshot.summary, state=RunState.INTERRUPTED, end_reason="its process (7 on vm) is gone"
    )
    view = View("store", replace(snapshot, summary=summary))
    found = notice(view)
    assert found.severity == "interrupted"
    assert "its process (7 on vm) is gone" in found.text
    assert "Look at the potentiostat" in found.text
    assert all(tile.stale for tile in tiles(view.snapshot))
    assert "its process (7 on vm) is gone" in why_not(summary)


def test_a_live_run_needs_no_notice_and_a_failed_one_does(look, live_run):
    snapshot = look()
    assert notice(View("store", snapshot)) is None
    summary = replace(snapshot.summary, state=RunState.FAILED, end_reason="the chamber is silent.")
    assert "the chamber is silent" in notice(View("store", replace(snapshot, summary=summary))).text


def test_a_locked_store_leaves_the_last_picture_with_a_notice(look, live_run):
    trouble = Trouble("s.sqlite has been locked for 5 s;", "close what else has it open.", utc_now())
    view = View("store", look(), trouble)
    assert placeholder(view) is None
    assert "locked for 5 s" in notice(view).text
    assert footer(view, utc_now())[0].good is False


def test_empty_and_error_pages(url, store):
    feed = Feed(url)
    feed.round()
    assert placeholder(feed.view).title == "No run yet"
    assert "stripbench demo" in placeholder(feed.view).text
    feed.close()
    trouble = Trouble("there is no store at x;", "check the path.", utc_now())
    assert "There is no store at x.\nCheck the path." in placeholder(View("store", None, trouble)).text


def test_the_footer_doubts_a_late_heartbeat(look, live_run):
    view = View("sqlite:///a/b.sqlite", look(), loading=False)
    beat = view.snapshot.summary.heartbeat_utc
    parts = footer(view, beat + timedelta(seconds=0.4))
    assert [part.text for part in parts][:4] == [
        "store ok",
        "heartbeat 0.4 s ago",
        "last spectrum 0.0 s ago",
        "25 spectra",
    ]
    assert parts[-1].text == "a/b.sqlite"
    assert parts[1].good
    assert not footer(view, beat + timedelta(seconds=8))[1].good


def test_the_log_is_in_the_order_of_bench_time(look, store, finished_run):
    lines = log_lines(look())
    assert [line.time for line in lines] == sorted(line.time for line in lines)
    assert [line.kind for line in lines] == ["chamber", "current on", "decision", "current off", "safe"]
    assert lines[2].text == "depletion: depleted at 15:05:42 — 3 fits in a row"


def test_the_log_has_commands_with_their_outcome_and_notes_once(look, store, live_run):
    store.tell(1, "note", "creaked", author="anna")
    store.tell(1, "pause", author="anna")
    for command in live_run.journal.take_commands():
        live_run.journal.answer_command(command.id, f"{command.verb}: done")
    live_run.journal.event(Event("note", "creaked", live_run.time))
    store.tell(1, "abort", author="bert")
    lines = [(line.kind, line.text) for line in log_lines(look()) if line.kind in ("note", "command")]
    assert sorted(lines) == [
        ("command", "abort by bert: waiting for the run"),
        ("command", "pause by anna: done"),
        ("note", "creaked"),
    ]


def test_buttons_make_sense(look, live_run):
    summary = look().summary
    assert (why_not(summary), pause_or_resume(summary)) == ("", PAUSE)
    assert pause_or_resume(replace(summary, state=RunState.PAUSED)) is RESUME
    assert "ended (aborted)" in why_not(replace(summary, state=RunState.ABORTED))
    assert why_not(None)


def test_a_spectrum_full_of_nan_is_survived(look, live_run):
    from app.window.curves import nyquist

    snapshot = look()
    spectrum = replace(snapshot.last.spectrum, impedance=np.full(69, complex(np.nan, np.nan)))
    drawn = nyquist(replace(snapshot, last=replace(snapshot.last, spectrum=spectrum)))
    assert len(drawn.used.x) == 0
