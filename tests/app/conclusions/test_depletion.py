"""Depletion of runs and the Sand plots through them, from a store."""

from dataclasses import replace

import pytest

from analysis.composition import LEAST_CONCENTRATION, concentration
from analysis.sand import transition_time
from app.conclusions import as_json, conclude
from app.conclusions.facts import all_facts
from app.conclusions.sand_plot import sand
from app.conclusions.transitions import depletions
from benchmarks.made_stripping import MadeStripping
from core.errors import BadInput
from storage import open_store

D = 0.8e-15
HOUR = 3600.0


def life(density, diffusion=D, anode="Li"):
    return transition_time(diffusion, concentration(anode), density * 1e-2)


class NoDecisions:
    """Reads a run that decided on nothing."""

    def decisions(self):
        return []


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite", create=True) as opened:
        yield opened


@pytest.fixture
def made(store):
    """Write runs; return their facts."""

    def write(*runs):
        return all_facts(store, [each.write(store) for each in runs])

    return write


def three(**options):
    return [MadeStripping(life(density), density, **options) for density in (50.0, 100.0, 200.0)]


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    """A store that nobody changes: lithium at three currents, run 4 not depleted, and run 5 at 0 °C."""
    with open_store(tmp_path_factory.mktemp("series") / "store.sqlite", create=True) as opened:
        watched = MadeStripping(40 * HOUR, 100.0, watched=0.5, sweeps=50)
        for each in (*three(), watched, MadeStripping(3 * HOUR, celsius=0.0, sweeps=20)):
            each.write(opened)
        yield opened


@pytest.fixture
def lithium(series):
    """Facts of the three."""
    return all_facts(series, [1, 2, 3])


def test_t0_is_told_by_the_threshold_and_where_contact_vanishes(made):
    facts = made(MadeStripping(9 * HOUR, truth=True))
    (row,), refused = depletions(facts)
    assert refused == []
    assert row.time == pytest.approx(9 * HOUR * (1 - 0.027), rel=1e-4)
    assert 0 < row.error < 60
    assert row.vanishing == pytest.approx(9 * HOUR, rel=1e-4)
    assert abs(row.vanishing - 9 * HOUR) < 3 * row.vanishing_error
    assert row.charge == pytest.approx(row.time, rel=1e-3)
    assert row.contact == pytest.approx(0.027, rel=0.01)
    assert row.threshold == pytest.approx(1.0)
    assert not row.censored
    assert row.true_time == pytest.approx(row.time, rel=1e-4)
    assert row.true_vanishing == pytest.approx(9 * HOUR, rel=1e-4)


def test_a_threshold_in_ohms_is_another_one_per_area(made):
    areal, absolute = depletions(made(MadeStripping(9 * HOUR), MadeStripping(9 * HOUR, threshold="10 kΩ")))[0]
    assert (areal.threshold_given, absolute.threshold_given) == ("areal", "absolute")
    assert absolute.threshold_absolute == pytest.approx(10e3)
    assert absolute.threshold == pytest.approx(0.28274, rel=1e-3)
    assert absolute.time < areal.time
    assert absolute.vanishing == pytest.approx(areal.vanishing, rel=1e-4)
    assert absolute.true_time is None


def test_a_cut_off_before_a_sweep_above_is_whole_leaves_t0_between_two_times_and_e_helps(made):
    (row,), refused = depletions(made(MadeStripping(10 * HOUR, watched=0.95, sweeps=19, cut_off=0.985)))
    assert refused == []
    assert not row.censored
    assert 0.95 < row.time / (10 * HOUR) < 0.985
    # Anywhere in 0.35 h, of which the standard deviation is a √12th.
    assert row.error == pytest.approx(0.35 * HOUR / 12**0.5)
    assert row.vanishing == pytest.approx(10 * HOUR, rel=1e-3)
    # Too few sweeps for a bend: unknown is the way still to go from the cut-off, not from the last sweep.
    assert row.vanishing_error == pytest.approx(0.15 * HOUR, rel=0.01)
    # No sweep was whole at t0.
    assert row.contact is None


def test_a_run_that_was_not_depleted_is_censored_and_bounds_d_from_below(series):
    facts = all_facts(series, [1, 2, 3, 4])
    row = depletions(facts)[0][-1]
    assert row.censored
    assert row.time == pytest.approx(20 * HOUR, rel=1e-3)
    assert (row.error, row.vanishing, row.charge) == (None, None, None)
    (result,), (problem,) = sand(facts)
    assert result.by_vanishing.points == 3
    assert [point.bound for point in result.per_point].count(True) == 1
    assert "run 4 at 100 µA/cm² was not depleted within 20.00 h" in problem.why


def test_sand_gives_back_d_and_says_what_the_threshold_makes_of_it(lithium):
    (result,), refused = sand(lithium)
    assert refused == []
    assert result.by_vanishing.diffusion == pytest.approx(D, rel=1e-3)
    assert result.drop_name == "c0"
    # t0 by 10 kΩ cm² comes 2.7 % early at every current.
    assert result.by_threshold.diffusion == pytest.approx(D * (1 - 0.027), rel=1e-3)
    assert result.bias == pytest.approx(-0.027, abs=1e-3)
    assert [point.bias for point in result.per_point] == pytest.approx([-0.027] * 3, abs=1e-3)
    assert result.true is None


def test_d_of_an_alloy_names_the_drop_that_it_stands_for(made):
    facts = made(*[
        MadeStripping(life(density, 1.5e-15, "Li0.9Mg0.1"), density, "Li0.9Mg0.1", sweeps=60)
        for density in (50.0, 100.0, 200.0)
    ])  # fmt: skip
    whole, reduced = (sand(facts, drop)[0][0] for drop in ("c0", "c0-cmin"))
    c0 = concentration("Li0.9Mg0.1")
    factor = (c0 / (c0 - LEAST_CONCENTRATION)) ** 2
    assert factor == pytest.approx(2.33, abs=0.01)
    assert reduced.by_vanishing.diffusion / whole.by_vanishing.diffusion == pytest.approx(factor)
    assert (whole.drop_name, reduced.drop_name) == ("c0", "c0 − c_min")


def test_lithium_has_no_beta_phase_to_end_so_its_drop_stays_c0(lithium):
    assert sand(lithium, "c0-cmin")[0][0].drop_name == "c0"


def test_one_electrode_gives_a_d_without_an_interval_and_says_why(made):
    (result,), (problem,) = sand(made(MadeStripping(life(100.0))))
    assert result.by_vanishing.diffusion == pytest.approx(D, rel=1e-3)
    assert result.by_vanishing.source == "nothing"
    assert result.per_point[0].error / D < 0.01
    assert "run 1 is its only point" in problem.why


def test_different_thresholds_give_no_line_by_the_threshold_and_are_named(made):
    runs = [MadeStripping(life(each), each, threshold=t, sweeps=60) for each, t in
            ((50.0, "10 kΩ cm²"), (100.0, "10 kΩ"), (200.0, "10 kΩ cm²"))]  # fmt: skip
    (result,), (problem,) = sand(made(*runs))
    assert result.by_threshold is None
    assert result.by_vanishing.diffusion == pytest.approx(D, rel=1e-3)
    assert "runs 1, 3: R_int > 10 kΩ cm², raw (10 kΩ cm²); run 2: R_int > 10 kΩ, raw (2.83" in problem.why


def test_the_same_threshold_by_other_words_is_the_same(made):
    runs = [*three(sweeps=60)[:2], MadeStripping(life(200.0), 200.0, threshold="35.3678 kΩ", sweeps=60)]
    (result,), refused = sand(made(*runs))
    assert refused == []
    assert result.by_threshold.points == 3


def test_a_foil_whose_far_side_was_felt_is_in_no_line(made):
    # 10 µA/cm² take 957 h, and with it 46 % of the lithium of 100 µm; 8 µA/cm² take 58 %.
    facts = made(*[MadeStripping(life(each), each, sweeps=100) for each in (8.0, 10.0, 100.0, 200.0)])
    (result,), (problem,) = sand(facts)
    assert result.by_vanishing.points == result.by_threshold.points == 3
    assert [row.used for row in result.rows] == pytest.approx([0.566, 0.453, 0.0453, 0.0226], rel=0.01)
    assert "run 1: 57%" in problem.why
    assert problem.runs == (1,)


def test_a_t0_that_no_vanishing_contact_supports_is_said_to_rest_on_the_threshold(made):
    runs = [MadeStripping(life(each), each, start=8_000.0, watched=0.5, sweeps=50) for each in (50.0, 100.0)]
    (result,), (problem,) = sand(made(*runs))
    assert result.by_vanishing is None
    assert result.by_threshold.points == 2
    assert "1/R_int gives no t0" in problem.why


def test_temperatures_pressures_histories_and_metals_make_plots_of_their_own(made):
    facts = made(
        *three(sweeps=20),
        MadeStripping(3 * HOUR, celsius=0.0, sweeps=20),
        MadeStripping(20 * HOUR, newtons=400.0, sweeps=20),
        MadeStripping(3.5 * HOUR, history={"annealed_for": "3 h"}, sweeps=20),
        MadeStripping(9.4 * HOUR, history={"forming_pressure": "400 MPa"}, sweeps=20),
        MadeStripping(15 * HOUR, anode="Li0.9Mg0.1", sweeps=20),
    )
    results, _ = sand(facts)
    assert [len(each.rows) for each in results] == [1, 3, 1, 1, 1, 1]
    assert [each.conditions for each in results] == [
        "Li, 0 °C",
        "Li, 25 °C",
        "Li, 25 °C, 7.4 MPa",
        "Li, 25 °C, annealed 3 h",
        "Li, 25 °C, formed at 400 MPa",
        "Li0.9Mg0.1, 25 °C",
    ]


def test_putting_them_into_one_plot_is_refused_with_runs_and_values(series):
    facts = all_facts(series, [1, 2, 3, 5])
    results, (problem,) = sand(facts, together=True)
    assert results == []
    assert "run 5: Li, 0 °C; runs 1, 2, 3: Li, 25 °C" in problem.why
    assert sorted(problem.runs) == [1, 2, 3, 5]


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"current_density": 150.0}, "was to be 150 µA/cm², but 100 µA/cm² were measured on 0.2827 cm²"),
        ({"temperature": 50.0}, "was to be at 50 °C, but read 25.0 °C"),
        ({"pressure": 15.0}, r"15 MPa were to be held, but the gauge read 0.0 ± 0.4 MPa"),
    ],
)
def test_a_run_whose_readings_contradict_its_parameters_is_left_out_and_named(made, declared, words):
    facts = made(MadeStripping(9 * HOUR, declared=declared))
    rows, (problem,) = depletions(facts)
    assert rows == []
    assert words in problem.why
    assert problem.runs == (1,)


def test_plating_depletes_nothing(made):
    rows, (problem,) = depletions(made(MadeStripping(9 * HOUR, -100.0, sweeps=20)))
    assert rows == []
    assert "run 1 plated its working electrode (-100 µA/cm²)" in problem.why


def test_a_contact_above_the_threshold_from_the_beginning_is_censored_at_what_was_watched(made):
    (row,), _ = depletions(made(MadeStripping(9 * HOUR, start=12_000.0, sweeps=20)))
    assert row.censored
    assert "above the threshold from the first usable fit" in row.why


def test_a_t0_that_falls_with_longer_times_at_higher_currents_gives_no_line(made):
    facts = made(*[MadeStripping(9 * HOUR * rise, rise * 100.0, sweeps=60) for rise in (0.5, 1.0, 2.0)])
    (result,), (problem,) = sand(facts)
    assert result.by_vanishing is None
    assert "does not shorten significantly" in problem.why


def test_everything_is_concluded_that_can_be_and_the_rest_is_named(store, made):
    made(*three(truth=True, sweeps=100))
    steps = []
    found = conclude(store, [1, 2, 3], tell=lambda *said: steps.append(said))
    assert found.simulated
    assert [each.run for each in found.facts] == [1, 2, 3]
    assert found.sand[0].true.diffusion == pytest.approx(D, rel=1e-3)
    assert found.cyclings == found.critical_currents == found.resistance_of_pressure == []
    assert steps[0] == ("reading run 1", 0, steps[0][2])
    assert [done for _, done, _ in steps] == list(range(steps[0][2] + 1))


def test_measured_and_simulated_runs_are_in_no_result_together(store, made):
    made(*three(sweeps=40), *three(truth=True, sweeps=40))
    found = conclude(store, [1, 2, 3, 4, 5, 6])
    assert found.simulated
    assert [tuple(row.run for row in each.rows) for each in found.sand] == [(1, 2, 3), (4, 5, 6)]
    assert [each.runs for each in found.lives].count((1,)) == 1
    assert len(found.utilisations) == len(set(found.utilisations)) == len(conclude(store, [1]).utilisations)
    (said,) = [each for each in found.refused if each.what == "measured and simulated runs together"]
    assert said.why == "runs 1, 2, 3 were measured and runs 4, 5, 6 simulated; no result rests on both."


def test_an_imported_run_without_a_threshold_is_named(store, made, tmp_path):
    (fact,) = made(MadeStripping(9 * HOUR, sweeps=10, watched=0.2))
    header = replace(fact.header, protocol="Imported", parameters={"current_density": 100.0})
    rows, (problem,) = depletions([replace(fact, protocol="Imported", header=header, reader=NoDecisions())])
    assert rows == []
    assert "run 1 was imported without a threshold" in problem.why


def test_json_has_the_units_of_the_field_in_its_names_and_no_number_that_is_none(series):
    written = as_json(conclude(series, [1, 2, 3, 4]))
    first, last = written["depletions"][0], written["depletions"][-1]
    assert first["t0_h"] == pytest.approx(life(50.0) / HOUR * 0.973, rel=1e-3)
    assert first["current_density_uA_cm2"] == pytest.approx(50)
    assert first["threshold_ohm_cm2"] == pytest.approx(10_000)
    assert (last["t0_h"], last["censored"]) == (None, True)
    assert last["watched_h"] == pytest.approx(20.0, rel=1e-3)
    (plot,) = written["sand"]
    assert plot["by_vanishing"]["D_cm2_s"] == pytest.approx(0.8e-11, rel=1e-3)
    assert plot["concentration_drop"] == "c0"
    assert plot["concentration_drop_mmol_cm3"] == pytest.approx(76.81, abs=0.01)
    assert written["runs"][0]["temperature_C"] == pytest.approx(25.0)


def test_a_part_that_cannot_be_concluded_is_refused_and_the_others_come(store, made, monkeypatch):
    made(MadeStripping(9 * HOUR, sweeps=60))

    def broken(facts):
        raise BadInput("2 temperatures are the same;", "measure at others.")

    monkeypatch.setattr("app.conclusions.concluding.interface_energies", broken)
    found = conclude(store, [1])
    assert found.interface_energies == []
    assert "2 temperatures are the same;" in [each.why for each in found.refused]
    assert len(found.sand) == 1


@pytest.mark.parametrize(
    ("runs", "drop", "words"),
    [([], "c0", "no run is named"), ([1, 1], "c0", "run 1 is named twice"), ([1], "c1", "'c1' is not known")],
)
def test_questions_that_mean_nothing_are_refused(store, made, runs, drop, words):
    made(MadeStripping(9 * HOUR, sweeps=10))
    with pytest.raises(BadInput, match=words):
        conclude(store, runs, drop)


def test_a_result_stays_the_same_whatever_order_the_runs_come_in(lithium):
    found, backwards = (sand(each)[0][0] for each in (lithium, lithium[::-1]))
    assert replace(found, true=None) == replace(backwards, true=None)
