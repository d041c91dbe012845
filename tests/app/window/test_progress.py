import numpy as np
import pytest

from app.conclusion import transition
from app.window.shown.cut_off import cut_off, foreseen
from app.window.shown.depletion import project
from app.window.shown.progress import progress
from core.records import Decision, Event, RunState

HOUR = 3600.0


def rising(until: float, life: float = 10 * HOUR, noise: float = 0.0, every: float = 10.0):
    """E of contact that is lost evenly: 40 mV over 1 − t/life."""
    time = np.arange(0.0, until, every)
    spread = noise * np.random.default_rng(3).standard_normal(len(time))
    return np.column_stack([time, 0.04 / (1 - time / life) * (1 + spread)])


def test_projection_brackets_the_truth(look, make_run):
    run = make_run()
    run.rest()
    run.strip(40, every=900.0)
    snapshot = look()
    truth = run.REST + run.life * (1 - run.R0 / 10_000.0)
    found = project(snapshot)
    assert found.earliest < truth < found.latest
    shown = progress(snapshot)
    assert shown.share / shown.mark == pytest.approx(10 / 14.6, abs=0.05)
    assert shown.band[0] < shown.mark < shown.band[1] <= 1
    assert "10:00 h" in shown.text
    assert "depletion at 14:" in shown.text
    assert "cut-off 4 V" in shown.text


def test_depletion_that_was_decided_replaces_the_projection(look, finished_run):
    shown = progress(look())
    assert shown.mark == pytest.approx(14.6 / 15.0 / 1.05, abs=0.01)
    assert shown.band is None
    assert "t₀ 14:36 h after current on: depleted (3 fits in a row)" in shown.text


def test_no_projection_while_paused_and_none_before_the_current(look, make_run):
    run = make_run()
    run.rest()
    assert progress(look()).share is None
    assert "not been switched on" in progress(look()).text
    run.strip(30, every=600.0)
    assert progress(look()).mark is not None
    run.journal.set_state(RunState.PAUSED)
    assert progress(look()).mark is None
    assert "no projection while paused" in progress(look()).text


def test_a_limit_in_time_is_the_end_of_the_bar(look, make_run):
    run = make_run()
    run.rest()
    run.begin("geis", cut_off_V=4.0, time_limit_s=20 * HOUR)
    run.journal.event(Event("current on", "28 µA", run.time))
    run.time += 5 * HOUR
    run.reading("potentiostat", "E", 0.1)
    run.journal.beat(run.time)
    shown = progress(look())
    assert "5:00 of at most 20:00 h" in shown.text
    assert shown.share == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("until", [0.5, 0.7, 0.9])
def test_the_cut_off_is_foreseen_where_contact_is_lost_evenly(until):
    life, now = 10 * HOUR, until * 10 * HOUR
    found = foreseen(rising(now, noise=2e-3), 0.0, now, 4.0)
    truth = life * (1 - 0.04 / 4.0)
    assert found == pytest.approx(truth, rel=0.03)


@pytest.mark.parametrize("sign", [1, -1])
def test_plating_is_foreseen_like_stripping(sign):
    trace = rising(7 * HOUR) * [1, sign]
    assert foreseen(trace, 0.0, 7 * HOUR, 4.0) == pytest.approx(9.9 * HOUR, rel=0.01)


def test_nothing_is_foretold_from_a_voltage_that_rests_falls_or_jumps():
    time = np.arange(0.0, 5 * HOUR, 10.0)
    noise = np.random.default_rng(1).standard_normal(len(time))
    flat = np.column_stack([time, 0.1 + 1e-3 * noise])
    falling = np.column_stack([time, 0.1 - 1e-6 * time])
    jumping = np.column_stack([time, 0.1 + 0.05 * (time // 600 % 2)])
    for trace in (flat, falling, jumping):
        assert foreseen(trace, 0.0, 5 * HOUR, 4.0) is None


def test_nothing_is_foretold_from_few_readings_or_very_far_away():
    assert foreseen(rising(HOUR, every=400.0), 0.0, HOUR, 4.0) is None
    assert foreseen(rising(HOUR, life=1000 * HOUR), 0.0, HOUR, 4.0) is None


def test_missing_readings_are_passed_over():
    trace = rising(7 * HOUR)
    trace[::5, 1] = np.nan
    assert foreseen(trace, 0.0, 7 * HOUR, 4.0) == pytest.approx(9.9 * HOUR, rel=0.02)


def test_the_cut_off_is_not_foreseen_before_the_current_or_in_a_pause(look, make_run):
    run = make_run()
    run.rest()
    assert cut_off(look()) is None
    run.strip(60, every=600.0)
    found = cut_off(look())
    assert found.voltage == 4.0
    assert found.time > run.time
    assert "in ≈" in progress(look()).text
    run.journal.set_state(RunState.PAUSED)
    assert cut_off(look()).time is None
    run.journal.set_state(RunState.RUNNING)
    run.current_off("stop")
    assert cut_off(look()).time is None
    assert "not foreseeable" in progress(look()).text


@pytest.mark.parametrize("away", [0.2, 1.0], ids=["in the cold", "at 25 °C"])
@pytest.mark.parametrize(("criterion", "hours"), [("raw", "10:00"), ("normalised to 25 °C", "12:00")])
def test_where_two_criteria_were_judged_the_one_of_the_run_counts(
    look, store, make_run, criterion, hours, away
):
    """As in the listing of runs and the Sand plot: all pages name the same t0."""
    run = make_run(criterion=criterion, activation_energy=0.37)
    run.rest()
    run.strip(80, every=600.0)
    for words, factor, at in (("raw", 1.0, 10.0), ("normalised to 25 °C with 0.37 eV", away, 12.0)):
        found = {"t_cross_s": run.REST + at * HOUR, "why": "3 fits in a row", "factor": factor}
        found["criterion"] = f"R_int > 10 kΩ cm², {words}"
        run.journal.decision(run.step, Decision("depletion", "depleted", run.time, found))
    run.current_off("cut-off")
    run.end()
    assert f"t₀ {hours} h after current on" in progress(look()).text
    assert f"{transition(store.run(1)).seconds / HOUR:.0f}:00" == hours
