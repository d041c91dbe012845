"""What stands on the time axis: traces, targets, pins, the clock and what is read at the cursor."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.window.reading.run_data import RunData
from app.window.shown.clock_axis import STEPS, spacing, ticks
from app.window.shown.pins import MOST_LINES, Pin, clusters, pins
from app.window.shown.readout import first, readout, step
from app.window.shown.traces import target_line, traces
from app.window.shown.units import Units
from core.records import Decision, Event


def read(store, run=1):
    data = RunData(store.run(run))
    for _ in range(20):
        list(data.steps())
        if data.complete:
            break
    return data.snapshot()


def test_traces_are_in_the_units_of_their_axes(store, live_run):
    drawn = traces(read(store))
    hours, temperature = drawn.temperature.between(0.0, 9.0, 1000)
    assert temperature == pytest.approx(np.full(len(hours), 25.0), abs=0.5)
    assert drawn.pressure.between(0.0, 9.0, 1000)[1].mean() == pytest.approx(2.0 / (np.pi * 4.15**2), rel=0.2)
    assert drawn.voltage.last == pytest.approx(4.5)
    assert drawn.cut_off == 4.0
    assert drawn.current_on == pytest.approx(0.5)
    assert drawn.flowing == ((0.5, pytest.approx(4.5)),)
    assert drawn.why_empty == ""


def test_the_current_is_shown_off_between_two_times_that_it_flows(store, live_run):
    live_run.journal.event(Event("current off", "limit", live_run.time))
    live_run.journal.event(Event("current on", "28 µA", live_run.time + 3600))
    live_run.time += 7200
    live_run.conditions()
    live_run.journal.beat(live_run.time)
    first_time, second = traces(read(store)).flowing
    assert first_time == (0.5, pytest.approx(4.5))
    assert second == (pytest.approx(5.5), pytest.approx(6.5))


def test_what_was_wanted_of_a_condition_holds_until_something_else_is(store, make_run):
    run = make_run()
    run.begin("condition", temperature_C=25.0)
    run.time = 3600.0
    run.begin("press", pressure_MPa=4.0, tolerance_MPa=0.2)
    run.time = 7200.0
    run.begin("press", pressure_MPa=8.0, tolerance_MPa=0.2)
    run.time = 9000.0
    run.conditions()
    run.journal.beat(run.time)
    drawn = traces(read(store))
    assert [(each.begin, each.end, each.value) for each in drawn.temperatures] == [(0.0, 2.5, 25.0)]
    assert [(each.begin, each.end, each.value) for each in drawn.pressures] == [
        (1.0, 2.0, 4.0),
        (2.0, 2.5, 8.0),
    ]
    hours, values, low, high = target_line(drawn.pressures)
    assert hours[:3].tolist() == [1.0, 2.0, 2.0]
    assert values[:2].tolist() == [4.0, 4.0]
    assert np.isnan(values[2])
    assert (low[0], high[0]) == pytest.approx((3.8, 4.2))
    assert np.isnan(target_line(drawn.temperatures)[2][0])


def test_notes_alarms_pauses_decisions_and_requests_are_pinned(store, live_run):
    journal = live_run.journal
    journal.event(Event("note", "creaked", 4000.0))
    journal.event(Event("overload", "E is beyond its range", 5000.0, "warning"))
    journal.event(Event("not safe", "chamber does not answer", 6000.0, "alarm"))
    journal.event(Event("paused", "open circuit", 7000.0, "warning"))
    journal.event(Event("plan", "15 h", 10.0))
    journal.decision(live_run.step, Decision("drift", "begins", 8000.0, {}, ()))
    journal.event(Event("decision", "drift: begins", 8000.0))
    store.annotate(1, "note", "looked at it", time=9000.0, author="Eva")
    store.annotate(1, "note", "of no time in particular")
    found = pins(read(store))
    assert [(pin.time, pin.kind) for pin in found] == [
        (4000.0, "note"),
        (5000.0, "warning"),
        (6000.0, "alarm"),
        (7000.0, "pause"),
        (8000.0, "decision"),
        (9000.0, "note"),
    ]
    assert found[-1].text == "looked at it (Eva)"


def test_close_pins_are_one_that_stands_for_the_most_important(store):
    some = [Pin(0.0, "decision", "a"), Pin(5.0, "alarm", "b"), Pin(9.0, "note", "c"), Pin(50.0, "note", "d")]
    near, far = clusters(some, 10.0)
    assert (near.time, near.kind, near.count) == (5.0, "alarm", 3)
    assert near.text.splitlines() == ["0:00 h  decision: a", "0:00 h  alarm: b", "0:00 h  note: c"]
    assert (far.kind, far.count) == ("note", 1)


@given(st.lists(st.floats(0, 1e5), max_size=60), st.floats(1, 1e4))
def test_no_pin_is_lost_when_they_are_put_together(times, apart):
    found = clusters([Pin(time, "note", "x") for time in sorted(times)], apart)
    assert sum(each.count for each in found) == len(times)
    assert all(len(each.text.splitlines()) <= MOST_LINES + 1 for each in found)


@given(st.floats(0, 1000), st.floats(0.001, 1000), st.integers(2, 20))
def test_the_ticks_of_a_clock_are_even_and_not_too_many(begin, width, most):
    started = datetime(2026, 3, 5, 13, 47, 11, tzinfo=UTC)
    found = ticks(begin, begin + width, started, most)
    assert len(found) <= most + 1
    places = np.array([hour for hour, _ in found])
    assert np.all((places >= begin - 1e-6) & (places <= begin + width + 1e-6))
    if len(places) > 2:
        assert np.diff(places) * 3600 == pytest.approx(spacing(width * 3600, most))


def test_a_clock_reads_whole_hours_and_a_date_at_midnight():
    started = datetime(2026, 3, 5, 22, 30).astimezone()
    assert [text for _, text in ticks(0.0, 4.0, started, 5)] == ["23:00", "06 Mar", "01:00", "02:00"]
    assert ticks(0.0, 4.0, started, 5)[0][0] == pytest.approx(0.5)
    assert set(STEPS) >= {1, 60, 3600, 86400}


def test_the_cursor_steps_from_spectrum_to_spectrum_and_back_to_live(store, live_run):
    snapshot = read(store)
    times = snapshot.column("time")
    assert first(snapshot) == times[0]
    assert step(snapshot, None, -1) == times[-1]
    assert step(snapshot, None, 1) is None
    assert step(snapshot, times[5] + 20.0, -1) == times[4]
    assert step(snapshot, times[5], 1) == times[6]
    assert step(snapshot, times[-1], 1) is None
    assert step(snapshot, times[0], -1) == times[0]


def test_values_at_the_cursor_are_those_measured_then(store, live_run):
    snapshot = read(store)
    time = float(snapshot.column("time")[12])
    shown = readout(snapshot, time, Units())
    values = dict(shown.values)
    assert shown.chip == "selected 2:30 h — press L for live"
    assert values["R_int"].startswith("0.31")
    assert values["R_int"].endswith("kΩ cm²")
    assert "±" in values["R_int"]
    assert values["Q"] == "0.200 mAh cm⁻²"
    assert values["T"].startswith("25.")
    assert values["E"].endswith(" V")
    assert dict(readout(snapshot, time, Units(areal=False)).values)["R_int"].endswith("kΩ")


def test_what_was_decided_at_the_cursor_is_told(store, live_run):
    snapshot = read(store)
    time = float(snapshot.column("time")[12])
    live_run.journal.decision(live_run.step, Decision("drift", "begins", time + 15.0, {}, ()))
    snapshot = read(store)
    assert readout(snapshot, time, Units()).decision == "drift: begins"
    assert readout(snapshot, float(snapshot.column("time")[11]), Units()).decision == ""


def test_nothing_is_read_out_while_live(store, live_run, make_run):
    assert readout(read(store), None, Units()).values == ()
    make_run()
    bare = read(store, 2)
    assert readout(bare, 10.0, Units()).chip.startswith("selected 0:00 h")
    assert (first(bare), step(bare, None, -1)) == (None, None)
