"""Rest, spectra of high resolution, and relaxation, on the simulated bench."""

import pytest

from app.replay import replay
from core.records import Ended


def test_a_rest_says_where_the_potential_stands_and_how_steadily(bench):
    run = bench().do("OcvRest", rest_minimum="12 min", rest_maximum="40 min")
    ocv = run.results["OCV"]
    assert run.outcome.ended is Ended.FINISHED
    assert ocv["stable"] is True
    assert abs(ocv["ocv_V"]) < 1e-3
    assert 0 < ocv["scatter_V"] < 1e-3
    assert ocv["averaged_over_s"] == 600.0
    assert 12 * 60 <= run.duration <= run.longest
    assert not run.of("current on")
    assert run.reader.spectra() == []


def test_a_rest_that_never_settles_says_so_at_its_longest(bench):
    run = bench().do("OcvRest", rest_minimum="2 min", rest_maximum="6 min", rest_stability="0.001 mV/h")
    assert run.outcome.ended is Ended.NOT_REACHED
    assert run.results["OCV"]["stable"] is False
    assert run.duration == pytest.approx(360, abs=5)
    assert run.duration <= run.longest


def test_high_resolution_spectra_tell_what_later_fits_expect(bench):
    mounted = bench()
    before = mounted.do("OcvRelaxation", duration="0.05 h", every="5 min")
    run = mounted.do("HighResolutionPeis", repeats=3)
    after = mounted.do("OcvRelaxation", duration="0.05 h", every="5 min")
    spectra = run.reader.spectra()
    assert [len(each.spectrum) for each in spectra] == [138] * 3
    assert run.outcome.ended is Ended.FINISHED
    found = run.results["alpha_gb"]
    assert found["alpha_gb"] == pytest.approx(0.90, abs=3 * found["alpha_gb_stderr"])
    assert found["alpha_gb_stderr"] < 0.05
    assert run.results["L"]["L_H"] == pytest.approx(0.6e-6, abs=0.2e-6)
    known = mounted.station.known(mounted.cell)
    assert known.alpha_gb == (found["alpha_gb"], found["alpha_gb_stderr"])
    assert known.inductance == (run.results["L"]["L_H"], run.results["L"]["L_stderr_H"])
    models = [each.reader.fits(version=1)[0].fit.model for each in (before, run, after)]
    assert "alpha_gb" not in models[0]
    assert "alpha_gb=0.9±0.1" in models[1]
    assert f"alpha_gb={found['alpha_gb']:.10g}±{found['alpha_gb_stderr']:.10g}" in models[2]
    assert "alpha_gb" not in before.reader.fits(version=1)[0].fit.free
    assert run.duration <= run.longest


def test_relaxation_begins_at_once_and_follows_the_cell(bench):
    mounted = bench(thin=4)
    strip = mounted.do(
        "GeisStripping", rest_minimum="1 min", rest_maximum="1 min", charge_limit="0.3 mAh/cm²"
    )
    run = mounted.do("OcvRelaxation", duration="0.5 h")
    assert run.outcome.ended is Ended.FINISHED
    spectra = run.reader.spectra()
    assert len(spectra) == 7
    starts = [float(each.spectrum.time[0]) for each in spectra]
    assert starts[0] < 15
    assert [round((each - starts[0]) / 300) for each in starts] == list(range(7))
    assert all(abs(each.spectrum.voltage.mean()) < 5e-3 for each in spectra)
    assert all(each.spectrum.amplitude == pytest.approx(10e-3) for each in spectra)
    assert not any(step.verb == "condition" for step in run.reader.steps())
    assert run.results["gap"]["gap_s"] == pytest.approx(0.0, abs=5.0)
    assert run.results["gap"]["under_current_V"] > 0.02
    assert run.results["charge"]["charge_mAh_cm2"] == pytest.approx(0.3, rel=0.02)
    contact = run.results["apparent contact"]
    reference = strip.reader.fits(version=1)[0].fit["C_int"]
    assert contact["reference_F"] == pytest.approx(reference)
    assert 0.4 < contact["last"] < 0.9
    assert run.results["R_int"]["first_s"] < run.results["R_int"]["last_s"]
    assert abs(run.results["OCV"]["ocv_V"]) < 1e-3
    assert run.duration <= run.longest
    assert not any(replay(each.reader).differences for each in (strip, run))


def test_the_gap_counts_from_the_last_current_whatever_was_between(bench):
    mounted = bench()
    mounted.do("GeisStripping", rest_minimum="1 min", rest_maximum="1 min", time_limit="0.05 h")
    mounted.do("OcvRest", rest_minimum="4 min", rest_maximum="4 min")
    run = mounted.do("OcvRelaxation", duration="0.05 h", every="5 min")
    assert run.results["gap"]["gap_s"] == pytest.approx(240, abs=10)


def test_a_relaxation_of_a_cell_that_was_never_under_current_knows_no_gap(bench):
    run = bench().do("OcvRelaxation", duration="0.05 h", every="5 min")
    assert run.results["gap"]["gap_s"] is None
    assert run.results["charge"]["charge_C"] == 0.0


def test_inconsistent_spectra_of_a_relaxation_are_kept_and_not_repeated(bench):
    """Where E falls through the sweep as after a cut-off, the first spectra are no linear response."""
    mounted = bench(thin=20)
    mounted.do(
        "GeisStripping",
        rest_minimum="1 min",
        rest_maximum="1 min",
        current_density="200 µA/cm²",
        temperature="25 °C",
    )
    run = mounted.do("OcvRelaxation", duration="0.2 h", every="2 min")
    assert run.outcome.ended is Ended.FINISHED
    assert len(run.reader.spectra()) == 7
    assert run.decided("Kramers-Kronig") == []
