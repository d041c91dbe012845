"""The diffusion model against an alloy that was stripped and left to relax on the simulated bench."""

from dataclasses import replace

import pytest

from app.campaign.expand import make_campaign
from app.conclusions.facts import all_facts
from app.conclusions.model import alloy_models, utilisations
from app.conclusions.transitions import depletions
from app.runner.campaign import CampaignRunner
from app.runner.job import read_bench
from core.clock import VirtualClock
from storage import open_store

STRIP_AND_RELAX = """
campaign = "relaxation"
[cells.limg]
name = "LLZO-08-LiMg10-{n:02d}"
anode = "Li0.9Mg0.1"
electrode_diameter = "6 mm"
[[steps]]
name = "strip"
protocol = "GeisStripping"
cell = "limg"
parameters = { current_density = "200 µA/cm²", sweep_time = "10 s", f_min = "10 Hz", rest_minimum = "1 min",\
 rest_maximum = "2 min", cut_off = "4 V" }
on = { "cut-off" = "relax", default = "stop" }
[[steps]]
name = "relax"
protocol = "OcvRelaxation"
cell = "limg"
parameters = { every = "30 min", duration = "6 h", f_min = "10 Hz" }
"""


@pytest.fixture(scope="module")
def relaxed(tmp_path_factory):
    """Facts and depletions of the two runs."""
    folder = tmp_path_factory.mktemp("relaxed")
    with open_store(str(folder / "store.sqlite"), create=True) as store:
        given = read_bench(None)
        with CampaignRunner(store, given.file, given.text, VirtualClock(), thin=20) as runner:
            done = runner.work_through(make_campaign(STRIP_AND_RELAX, "campaign.toml"))
        assert len(done) == 2
        facts = all_facts(store, [each.outcome.run for each in done])
        yield facts, depletions(facts)[0]


@pytest.fixture(scope="module")
def models(relaxed):
    """Every model that was fitted to them."""
    found, refused = alloy_models(*relaxed)
    assert refused == []
    return found


def test_both_frames_are_fitted_with_a_constant_and_a_falling_d(models, relaxed):
    assert {(each.frame, each.law) for each in models} == {
        (frame, law) for frame in ("fixed", "conserving") for law in ("constant", "exponential")
    }
    for each in models:
        assert each.runs == tuple(one.run for one in relaxed[0])
        assert each.measured_time == pytest.approx(3.8 * 3600, rel=0.1)
        assert each.predicted_time == pytest.approx(each.measured_time, rel=0.1)
        assert len(each.relaxation) == len(each.measured_ocv) == len(each.predicted_ocv)
        assert each.relaxation[0] >= 300
        assert each.diffusivity_error > 0


def test_the_simulated_alloy_is_told_to_keep_its_magnesium(models):
    """The cell recedes, and its D falls with exp(−6 x): of the four this is the one with both."""
    (best,) = (each for each in models if each.preferred)
    assert (best.frame, best.law) == ("conserving", "exponential")
    assert best.rms < 0.3e-3
    assert best.steepness == pytest.approx(6.0, abs=1.5)
    assert best.diffusivity * 1e4 == pytest.approx(9.2e-12, rel=0.25)
    constant = {each.frame: each for each in models if each.law == "constant"}
    assert constant["conserving"].rms < constant["fixed"].rms
    assert constant["fixed"].diffusivity > 10 * constant["conserving"].diffusivity


def test_each_model_says_with_numbers_how_good_it_is(models):
    for each in models:
        assert f"{each.rms * 1e3:.2f} mV" in each.why
        assert f"AICc {each.information:.1f}".replace("-", "−") in each.why
        assert ("lowest" in each.why) == each.preferred


def test_a_relaxation_needs_the_stripping_it_follows(relaxed):
    facts, found = relaxed
    models, (refused,) = alloy_models(facts[1:], found)
    assert models == []
    assert "right before" in refused.why
    assert refused.runs == (facts[1].run,)


def test_lithium_has_no_composition_to_fit(relaxed):
    (strip, rest), found = relaxed
    models, (refused,) = alloy_models([strip, replace(rest, metal="Li")], found)
    assert models == []
    assert "no composition" in refused.why


def test_an_electrode_that_was_not_depleted_is_refused(relaxed):
    facts, (found,) = relaxed
    _, (refused,) = alloy_models(facts, [replace(found, censored=True)])
    assert "has no t0" in refused.why


def test_stripping_and_relaxation_at_two_temperatures_are_refused(relaxed):
    (strip, rest), found = relaxed
    _, (refused,) = alloy_models([strip, replace(rest, temperature=323.15)], found)
    assert "25.0 °C" in refused.why
    assert "50.0 °C" in refused.why


def test_runs_without_any_relaxation_are_refused_with_what_to_run(relaxed):
    facts, found = relaxed
    _, (refused,) = alloy_models(facts[:1], found)
    assert "OcvRelaxation" in refused.remedy


def test_the_utilisations_of_the_paper_are_there_without_any_run():
    rows = {
        (row.thickness, row.density): row
        for row in utilisations()
        if row.frame == "fixed" and row.temperature == 298.15
    }
    assert rows[25e-6, 0.1].total == pytest.approx(0.6138, abs=1e-4)
    assert rows[25e-6, 1.0].beta == pytest.approx(0.4132, abs=1e-4)
    assert rows[25e-6, 10.0].total == pytest.approx(0.0272, abs=1e-4)
    assert rows[100e-6, 1.0].total < rows[25e-6, 1.0].total
    assert "Krauskopf" in rows[25e-6, 1.0].source


def test_what_was_fitted_is_in_the_table_at_its_own_temperature_only(models):
    fitted = [row for row in utilisations(models) if "fitted" in row.source]
    (best,) = (each for each in models if each.preferred)
    assert {row.temperature for row in fitted} == {best.temperature}
    assert {row.frame for row in fitted} == {best.frame}
    assert {row.density for row in fitted} == {0.1, 1.0, 10.0}
