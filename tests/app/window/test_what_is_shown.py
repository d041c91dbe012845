import math
import re
from dataclasses import replace

import numpy as np
import pytest

from app.window.reading.commands import PAUSE, RESUME, pause_or_resume, why_not
from app.window.reading.criterion import criterion_of
from app.window.reading.feed import View
from app.window.reading.store_thread import Trouble
from app.window.shown.heading import heading, notice
from app.window.shown.log_lines import log_lines
from app.window.shown.tiles import empty_tiles, tiles
from app.window.shown.units import Units
from core.clock import utc_now
from core.records import Event, Fit, RunState, Value


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
    assert [caption for caption, tile in shown.items() if not tile.stale] == ["elapsed"]
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


def test_absolute_units_are_what_the_instruments_measured(look, live_run):
    areal, absolute = by_caption(look()), {tile.caption: tile for tile in tiles(look(), Units(areal=False))}
    assert (absolute["i"].text, absolute["i"].unit) == ("28.3", "µA")
    assert absolute["R_int"].unit == "kΩ"
    area = live_run.cell.area * 1e4
    assert float(absolute["R_int"].text) == pytest.approx(float(areal["R_int"].text) / area, rel=1e-2)
    assert float(absolute["C_int"].text) == pytest.approx(float(areal["C_int"].text) * area, rel=2e-2)
    assert (absolute["Q"].text, absolute["Q"].unit) == ("0.113", "mAh")
    assert absolute["T"] == areal["T"]


def test_elapsed_is_hours_and_minutes_since_the_run_began(look, live_run):
    assert (by_caption(look())["elapsed"].text, by_caption(look())["elapsed"].unit) == ("4:30", "h")


def test_every_tile_is_there_without_a_run(look, live_run):
    assert [each.unit for each in empty_tiles(Units(areal=False))][1:5] == ["µA", "kΩ", "µF", "mAh"]
    assert [each.caption for each in empty_tiles()] == [each.caption for each in tiles(look())]


@pytest.mark.parametrize(("threshold", "ohm"), [("10 kΩ cm²", 35367.8), ("5 kΩ", 5000.0), ("many", None)])
def test_thresholds_are_areal_or_absolute(look, make_run, threshold, ohm):
    make_run(threshold=threshold)
    found = criterion_of(look().header)
    assert found is ohm is None or found.threshold == pytest.approx(ohm, rel=1e-5)


@pytest.mark.parametrize(
    "text", ["10 kΩ cm²", "2.5e3 Ω cm²", "10 kΩ·cm²", "5 kΩ", "120Ω", "0.5 Ω*cm²", "10 MΩ", "-5 kΩ", "5"]
)
def test_a_threshold_read_quickly_is_the_one_that_pint_reads(look, make_run, text, monkeypatch):
    make_run(threshold=text)
    header = look().header
    quickly = criterion_of(header)
    monkeypatch.setattr("app.window.reading.criterion._USUAL", re.compile("$never"))
    slowly = criterion_of(header)
    assert quickly is slowly is None or quickly.threshold == pytest.approx(slowly.threshold, rel=1e-12)


def test_the_heading_says_what_is_being_done(look, make_run):
    assert heading(None).word == "no run"
    run = make_run(simulated=False)
    assert heading(look()).word == "beginning"
    run.rest()
    found = heading(look())
    assert (found.word, found.remark) == ("PEIS reference", "")
    assert (found.cell, found.simulated) == ("LLZO-07-LiMg-03", False)
    assert found.details == "Li0.9Mg0.1 · 100 µA/cm² · run 1"
    run.strip(1, every=60.0)
    assert heading(look()).word == "stripping"
    run.end()
    assert (heading(look()).word, heading(look()).remark) == ("finished", "cut-off")


def test_the_heading_says_which_step_of_a_campaign_it_is(look, live_run):
    snapshot = look()
    summary = replace(snapshot.summary, campaign=2, path="3.fig5/1.currents/round-6/1.strip")
    found = heading(replace(snapshot, summary=summary))
    assert found.remark == "step 3.fig5/…/1.strip of campaign 2"
    assert "3.fig5/1.currents/round-6/1.strip" in found.tip


def test_a_long_reason_is_begun_in_the_heading_and_whole_in_its_tip(look, finished_run):
    snapshot = look()
    reason = "the chamber has not answered for 60 s and the cell could not be brought to its temperature"
    found = heading(replace(snapshot, summary=replace(snapshot.summary, end_reason=reason)))
    assert len(found.remark) < 60
    assert reason in found.tip


def test_a_run_in_the_bin_says_so_and_offers_the_newest(look, finished_run):
    snapshot = look()
    found = notice(View("store", replace(snapshot, summary=replace(snapshot.summary, binned=True))))
    assert "in the bin" in found.text
    assert found.action == "newest"


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
    assert "locked for 5 s" in notice(view).text


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
    from app.window.shown.nyquist import nyquist

    snapshot = look()
    spectrum = replace(snapshot.last.spectrum, impedance=np.full(69, complex(np.nan, np.nan)))
    drawn = nyquist(replace(snapshot, last=replace(snapshot.last, spectrum=spectrum)))
    assert len(drawn.used.x) == 0
