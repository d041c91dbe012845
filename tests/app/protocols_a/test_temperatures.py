"""Stripping at a temperature, and activation energies, on the simulated bench."""

import pytest

from app.replay import replay
from app.results import measured
from core.records import Ended

QUICK = {
    "temperature_dwell": "3 min",
    "temperature_slope": "20 K/h",
    "rest_minimum": "1 min",
    "rest_maximum": "1 min",
}


def test_depletion_is_judged_as_measured_and_at_25_degrees(bench):
    mounted = bench(thin=6)
    run = mounted.do(
        "TemperatureSeries",
        temperature="0 °C",
        threshold="1 kΩ cm²",
        criterion="normalised to 25 °C",
        after_depletion="stop",
        **QUICK,
    )
    assert run.outcome.ended is Ended.DEPLETED
    raw, normalised = run.results["t0, raw"], run.results["t0, normalised to 25 °C"]
    assert 0 < raw["t0_s"] < normalised["t0_s"]
    assert raw["confirmed"]
    assert normalised["confirmed"]
    decided = {each.parameters["factor"]: each for each in run.decided("depletion")}
    assert len(decided) == 2
    assert 1.0 in decided
    assert min(decided) == pytest.approx(0.2922, rel=2e-3)
    assert decided[min(decided)].changes_bench
    assert not decided[1.0].changes_bench
    assert decided[1.0].time < decided[min(decided)].time
    began = run.of("current on")[0].time
    assert raw["t0_s"] == pytest.approx(decided[1.0].parameters["t_cross_s"] - began, abs=1e-6)
    assert measured(run.reader).t0_h == pytest.approx(normalised["t0_s"] / 3600)
    assert run.of("soaked")[0].time < began
    assert run.decided("soft short") == []
    chamber = mounted.station.bench.chamber.read()
    assert chamber.running
    assert chamber.target == pytest.approx(273.15)
    assert run.duration <= run.longest
    assert not replay(run.reader).differences


def test_a_cell_that_is_not_at_temperature_is_not_stripped(bench):
    run = bench(extra="").do(
        "TemperatureSeries",
        temperature="0 °C",
        soak_maximum="0.1 h",
        temperature_dwell="1 min",
        rest_minimum="1 min",
    )
    assert run.outcome.ended is Ended.NOT_REACHED
    assert "not stripped" in run.outcome.end_reason
    assert not run.of("current on")
    assert run.decided("steadiness")[-1].outcome == "not steady"
    assert run.decided("soft short") == []


def test_warming_a_cell_is_no_soft_short(bench):
    run = bench(extra="").do("ArrheniusPeis", temperatures="25, 45 °C", repeats=1, temperature_dwell="1 min")
    assert run.outcome.ended is Ended.FINISHED
    fits = run.reader.fits(version=1)
    assert fits[-1].fit["R_electrolyte"] < 0.6 * fits[0].fit["R_electrolyte"]
    assert run.decided("soft short") == []
    assert run.decided("short circuit") == []
    assert not replay(run.reader).differences


def test_spectra_at_several_temperatures_give_activation_energies(bench):
    run = bench().do(
        "ArrheniusPeis",
        temperatures="0, 25, 50 °C",
        way="there and back",
        repeats=2,
        temperature_dwell="10 min",
        soak_steady="0.2 %",
    )
    assert run.outcome.ended is Ended.FINISHED
    energy = run.results["E_A of R_int"]
    assert energy["points"] == 5
    assert energy["low_eV"] <= 0.37 <= energy["high_eV"]
    assert energy["high_eV"] - energy["low_eV"] < 0.03
    # Two arcs of 0.36 and 0.40 eV together.
    assert run.results["E_A of R_electrolyte"]["energy_eV"] == pytest.approx(0.372, abs=0.006)
    assert energy["at_25C_ohm"] == pytest.approx(run.results["25 °C"]["R_int_ohm"], rel=0.03)
    kelvins = [each.data["temperature_K"] for each in run.of("result") if "temperature_K" in each.data]
    assert kelvins == pytest.approx([273.15, 298.15, 323.15, 298.15, 273.15], abs=0.5)
    assert not run.of("current on")
    assert run.duration <= run.longest


def test_two_temperatures_are_reported_with_the_errors_of_their_fits(bench):
    run = bench().do("ArrheniusPeis", temperatures="15, 35 °C", repeats=2, temperature_dwell="5 min")
    energy = run.results["E_A of R_int"]
    assert (energy["points"], energy["source"]) == (2, "errors")
    assert energy["stderr_eV"] > 0.005
    assert energy["low_eV"] < 0.37 < energy["high_eV"]
