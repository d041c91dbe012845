"""What is not read any more is not shown as if it were fresh, and no projection where there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.window.reading.feed import Feed
from app.window.shown.asks import asks
from app.window.shown.health import GOOD, lights
from app.window.shown.log_lines import MOST, log_lines
from app.window.shown.progress import progress
from app.window.shown.tiles import tiles
from app.window.shown.unheard import faded_ask, faded_lights, faded_tiles, unheard
from core.clock import utc_now
from core.records import Event, Reading

PATIENCE = 20_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""


def later(seconds):
    return utc_now() + timedelta(seconds=seconds)


def test_a_run_that_was_heard_of_just_now_is_not_unheard(look, live_run):
    assert unheard(look(), utc_now()) is None
    assert unheard(None, utc_now()) is None


def test_a_run_that_seemed_to_go_on_a_minute_ago_is_unheard(look, live_run):
    snapshot = look()
    assert unheard(snapshot, later(60)) == pytest.approx(60, abs=5)
    live_run.end()
    assert unheard(look(), later(60)) is None


def test_values_and_lights_that_are_not_read_any_more_do_not_look_well(look, live_run):
    snapshot = look()
    live_run.journal.readings([Reading(live_run.time, "potentiostat", "E", 0.3)])
    assert any(not tile.stale for tile in tiles(snapshot))
    assert all(tile.stale and tile.remark.startswith("read ") for tile in faded_tiles(tiles(snapshot), 60.0))
    assert lights(snapshot)
    for light in faded_lights(lights(snapshot), 60.0):
        assert light.level != GOOD
        assert "nothing has been read" in light.state


def test_nobody_is_told_to_turn_a_screw_by_a_force_that_is_not_read(look, live_run):
    live_run.journal.request(
        "tighten", live_run.time, (), {"kind": "force", "target_N": 400.0, "tolerance_N": 5.0}
    )
    (ask,) = asks(look())
    assert "tighten by" in ask.dial.words
    faded = faded_ask(ask, 30.0).dial
    assert faded.stale
    assert "do not turn" in faded.words
    assert faded.held is None
    without = replace(ask, dial=None)
    assert faded_ask(without, 30.0) is without


def test_the_header_fades_where_the_reading_hangs(qtbot, open_window, url, live_run, monkeypatch):
    window = open_window(url)
    qtbot.waitUntil(lambda: any(not each._fade.isEnabled() for each in window.header.tiles), timeout=PATIENCE)
    # The reading thread gets no further: the last that it has read stays as it is.
    monkeypatch.setattr(Feed, "round", lambda _feed: None)
    monkeypatch.setattr("app.window.window.utc_now", lambda: later(60))
    qtbot.waitUntil(lambda: all(each._fade.isEnabled() for each in window.header.tiles), timeout=PATIENCE)
    assert all("nothing has been read" in each.toolTip() for each in window.header.lights)
    # The way to end the run stays open all the while.
    assert window.header.title.abort.isEnabled()


def test_there_is_no_projection_while_the_current_is_off(look, live_run):
    live_run.strip(40, every=600.0)
    assert "depletion at" in progress(look()).text
    live_run.current_off("rest")
    live_run.begin("rest")
    shown = progress(look())
    assert "depletion at" not in shown.text
    assert "no projection while the current is off" in shown.text
    assert shown.band is None


def test_a_log_of_very_many_events_lists_the_newest_and_says_what_it_leaves_out(look, live_run):
    live_run.journal.event(Event("chamber", "set", live_run.time))
    snapshot = look()
    (newest,) = snapshot.events[-1:]
    many = tuple(replace(newest, id=number) for number in range(MOST + 7))
    lines = log_lines(replace(snapshot, events=many))
    listed = {line.key for line in lines}
    assert f"e{MOST + 6}" in listed
    assert "e6" not in listed
    assert any(line.text.startswith("7 earlier events") for line in lines)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e308])
def test_a_reading_that_is_no_number_leaves_the_other_values_standing(look, live_run, value):
    snapshot = look()
    current = snapshot.traces["I"].copy()
    current[-1, 1] = value
    shown = {tile.caption: tile for tile in tiles(replace(snapshot, traces=snapshot.traces | {"I": current}))}
    assert len(shown["i"].text) < 16
    assert shown["E"].text == {tile.caption: tile for tile in tiles(snapshot)}["E"].text
    none = replace(snapshot, fits=snapshot.fits[:0])
    assert {tile.caption: tile for tile in tiles(none)}["R_int"].stale
