"""Reading several runs to be compared, and what is shown of them."""

import time

import numpy as np
import pytest

from app.window.reading.overlay import MOST_RUNS, Overlay
from app.window.shown.compare import (
    Against,
    abscissa,
    added,
    curves,
    entry,
    look,
    normalising_charge,
    remembered,
)
from app.window.shown.sand import sand

HOUR = 3600.0


@pytest.fixture
def overlay(url):
    made = Overlay(url)
    yield made
    made.close()


def wait_for(true, seconds=20.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came to pass"
        time.sleep(0.01)


@pytest.fixture
def short_run(make_run):
    """Make a small run that is depleted after some hours."""

    def make(hours=4.0, current=100.0, depleted=True, **options):
        run = make_run(life=hours * HOUR, current_density=current, **options)
        run.rest()
        run.strip(int(hours * 6), every=600.0)
        if depleted:
            run.deplete()
        else:
            from core.records import Decision

            run.journal.decision(
                run.step, Decision("depletion", "censored", run.time, {"why": "not before the end"})
            )
        run.current_off("cut-off")
        run.end()
        return run.journal.run

    return make


def test_runs_are_read_with_their_charge_time_and_reference(overlay, short_run):
    number = short_run()
    overlay.compare((number,))
    found = overlay.read_all().found[number]
    assert found.complete
    assert found.began == 1800.0
    assert found.time[0] > 0
    assert np.all(np.diff(found.charge) > 0)
    assert found.reference is not None
    assert len(found.voltage) > 100
    assert normalising_charge(found) == pytest.approx(found.charge_at_t0)
    assert found.charge_at_t0 < found.charge_in_all


def test_normalised_charge_is_one_at_depletion_and_at_the_end_where_there_was_none(overlay, short_run):
    one, other = short_run(), short_run(depleted=False)
    overlay.compare((one, other))
    found = overlay.read_all().found
    assert abscissa(found[one], Against.NORMALISED)[-1] > 1
    assert abscissa(found[other], Against.NORMALISED)[-1] == pytest.approx(1, abs=0.05)
    view = overlay.view
    assert "Q₀ at t₀" in entry(one, view, None, Against.NORMALISED).remark
    assert "Q₀ at the end" in entry(other, view, None, Against.NORMALISED).remark
    assert "t₀ >" in entry(other, view, None, Against.NORMALISED).remark


def test_curves_have_the_units_of_their_axes(overlay, short_run):
    number = short_run()
    overlay.compare((number,))
    found = overlay.read_all().found[number]
    drawn = curves(found, 0, Against.TIME, relative=False)
    hours, resistance = drawn.resistance.between(-np.inf, np.inf, 1000)
    assert hours[-1] == pytest.approx(4.0, abs=0.1)
    assert resistance[0] == pytest.approx(0.28, rel=0.05)
    assert drawn.relative.between(-np.inf, np.inf, 1000)[1][0] == pytest.approx(1.0, abs=0.1)
    relative = curves(found, 0, Against.CHARGE, relative=True)
    assert relative.resistance.between(-np.inf, np.inf, 1000)[1][0] == pytest.approx(1.0, abs=0.1)
    assert relative.resistance.last == pytest.approx(0.4, rel=0.05)


def test_a_run_that_does_not_exist_is_told_and_the_others_are_shown(overlay, short_run):
    number = short_run()
    overlay.compare((99, number))
    view = overlay.read_all()
    assert number in view.found
    assert "no run 99" in view.faults[99]
    assert view.reading == ()


def test_a_missing_store_is_told(tmp_path):
    overlay = Overlay(f"sqlite:///{tmp_path / 'nowhere.sqlite'}")
    overlay.compare((1,))
    assert "no store" in overlay.read_all().trouble.problem


def test_runs_that_are_not_wanted_any_more_are_let_go(overlay, short_run):
    one, other = short_run(), short_run()
    overlay.compare((one, other))
    overlay.read_all()
    overlay.compare((other,))
    assert set(overlay.read_all().found) == {other}


def test_a_live_run_grows_in_the_comparison(overlay, make_run):
    run = make_run()
    run.rest()
    run.strip(3, every=600.0)
    overlay.compare((run.journal.run,))
    before = overlay.read_all().found[run.journal.run]
    run.strip(3, every=600.0)
    after = overlay.read_all().found[run.journal.run]
    assert len(after.time) == len(before.time) + 3
    assert after.voltage.last > 3 * 600


def test_the_thread_brings_one_run_after_the_other_and_closes_in_the_middle(url, short_run):
    numbers = tuple(short_run(hours=1.0) for _ in range(3))
    overlay = Overlay(url)
    overlay.start()
    overlay.compare(numbers)
    wait_for(lambda: len(overlay.view.found) == 3 and not overlay.view.reading)
    overlay.compare(numbers[:1])
    wait_for(lambda: overlay.view.wanted == numbers[:1])
    overlay.close()


def test_fits_with_a_circuit_that_has_priors_are_compared_too(overlay, make_run, monkeypatch):
    """The circuit that a run decides by is named with its priors, where it was given some."""
    from dataclasses import replace

    run = make_run(life=4 * HOUR)
    plain = run.fit
    monkeypatch.setattr(run, "fit", lambda *given: replace(plain(*given), model="L-RC-RQ-RQ {L=6e-07±5e-08}"))
    run.rest()
    run.strip(6, every=600.0)
    overlay.compare((run.journal.run,))
    assert len(overlay.read_all().found[run.journal.run].time) == 6


def test_no_more_runs_are_compared_than_can_be_told_apart():
    chosen, words = added(tuple(range(1, 16)), (16, 3, 17, 18))
    assert chosen == tuple(range(1, 17))
    assert "17, 18" in words
    assert len({look(place) for place in range(MOST_RUNS)}) == MOST_RUNS
    assert added((1,), (2,)) == ((1, 2), "")


def test_what_was_remembered_is_read_with_care():
    assert remembered("3 5 3 x -1 9") == (3, 5, 9)
    assert remembered("") == ()


def test_the_sand_plot_groups_runs_by_metal_and_conditions(overlay, short_run):
    slow, quick = short_run(hours=8.0, current=50.0), short_run(hours=2.0, current=100.0)
    warm = short_run(hours=3.0, temperature=50.0)
    overlay.compare((slow, quick, warm))
    drawn = sand(overlay.read_all().found.values())
    assert {each.title: len(each.points) for each in drawn.series} == {
        "Li0.9Mg0.1, 25 °C": 2, "Li0.9Mg0.1, 50 °C": 1,
    }  # fmt: skip
    cold = next(each for each in drawn.series if each.conditions == "25 °C")
    assert cold.line.through_origin
    assert "D_eff = (" in cold.words
    assert "Δc = c₀ = 69.6 mmol cm⁻³" in cold.words
    to_c_min = sand(overlay.view.found.values(), to_c_min=True).series[0]
    assert "Δc = c₀ − c_min = 45.6" in to_c_min.words
    assert to_c_min.line.diffusion / drawn.series[0].line.diffusion == pytest.approx(2.33, abs=0.01)


def test_a_censored_run_is_in_the_sand_plot_but_not_in_its_line(overlay, short_run):
    number = short_run(depleted=False)
    overlay.compare((number,))
    (series,) = sand(overlay.read_all().found.values()).series
    assert series.points[0].censored
    assert series.points[0].value == pytest.approx(4.0**-0.5, rel=0.01)
    assert series.line is None
    assert series.words == "no run was depleted"


def test_runs_without_a_current_or_a_decision_are_left_out_with_the_reason(overlay, make_run, short_run):
    live = make_run()
    live.rest()
    live.strip(2, every=600.0)
    ramp = short_run(current=None)
    overlay.compare((live.journal.run, ramp))
    drawn = sand(overlay.read_all().found.values())
    assert drawn.series == ()
    assert drawn.left_out == (f"run {live.journal.run}: not decided yet", f"run {ramp}: no single current")
