"""Currents that go one way and the other until lithium has grown through the cell."""

import pytest

from core.records import Ended


def test_a_ramp_ends_between_what_survived_and_what_shorted(bench_run):
    done = bench_run(
        "CriticalCurrentDensity", formed="400 MPa", thin=5, start="0.2 mA/cm²", stop="0.4 mA/cm²"
    )
    assert done.outcome.ended is Ended.SHORTED
    found = done.result("critical current density")
    assert (found["survived_uA_cm2"], found["shorted_uA_cm2"]) == (200, 300)
    assert found["capacity_mAh_cm2"] == 0.1
    assert 0.2 < found["cumulative_capacity_mAh_cm2"] < 0.3
    assert found["half_cycles"] == 3
    # The working electrode is stripped first, so lithium grows from the counter electrode first.
    assert found["shorted_while"] == "stripping the working electrode"
    assert found["grown_from"] == "counter electrode"
    assert found["pressure_MPa"] == pytest.approx(15, abs=0.5)
    assert found["pressure_uncertainty_MPa"] == pytest.approx(20 / 54.1, rel=0.01)
    assert found["temperature_C"] == pytest.approx(25, abs=0.5)
    currents = [event.message for event in done.events("current on")]
    assert currents == ["56.55 µA", "-56.55 µA", "84.82 µA"]
    assert done.differences == ()


def test_a_short_ends_the_current_within_one_poll(bench_run):
    done = bench_run(
        "CriticalCurrentDensity", formed="400 MPa", start="0.5 mA/cm²", stop="0.5 mA/cm²",
        direction="plating only",
    )  # fmt: skip
    (found,) = done.decisions("short circuit")
    off = done.events("current off")[-1]
    assert found.parameters["by"] == "E"
    assert 0 <= off.time - found.time <= 1.0
    result = done.result("critical current density")
    assert result["survived_uA_cm2"] is None
    assert result["grown_from"] == "working electrode"
    assert [each.message for each in done.events("current on")] == ["-141.4 µA"]


def test_a_ramp_that_nothing_shorts_says_so(bench_run):
    done = bench_run(
        "CriticalCurrentDensity", formed="400 MPa", start="100 µA/cm²", step="30 µA/cm²", stop="150 µA/cm²",
        capacity="0.01 mAh/cm²", direction="stripping only",
    )  # fmt: skip
    assert done.outcome.ended is Ended.NOT_REACHED
    found = done.result("critical current density")
    # The last step does not fit any more; nothing beyond `stop` is ever passed.
    assert (found["survived_uA_cm2"], found["shorted_uA_cm2"]) == (130, None)
    assert found["cumulative_capacity_mAh_cm2"] == pytest.approx(0.02, rel=0.03)


def test_badly_contacted_lithium_shorts_in_its_first_plating(bench_run):
    done = bench_run("PlatingStrippingCycling", formed="4.8 MPa", thin=4)
    assert done.outcome.ended is Ended.SHORTED
    stripped, plated = done.results("half cycle")
    assert stripped["direction"] == "stripping the working electrode"
    assert stripped["charge_mAh_cm2"] == pytest.approx(0.1, rel=0.01)
    assert stripped["R_int_kohm_cm2"] == pytest.approx(7.5, rel=0.2)
    assert plated["ended"] == "shorted"
    assert plated["charge_mAh_cm2"] < 0.01
    whole = done.result("cycling")
    assert whole["cycles_survived"] == 0
    assert whole["cumulative_capacity_mAh_cm2"] == pytest.approx(
        stripped["charge_mAh_cm2"] + plated["charge_mAh_cm2"]
    )
    assert abs(whole["pressure_MPa"]) < 0.5
    assert done.differences == ()


def test_a_badly_contacted_alloy_survives_its_first_cycle(bench_run):
    done = bench_run("PlatingStrippingCycling", anode="Li0.9Mg0.1", formed="8 MPa", thin=5, cycles=1)
    assert done.outcome.ended is Ended.FINISHED
    assert done.result("cycling")["cycles_survived"] == 1
    stripped, plated = done.results("half cycle")
    assert stripped["E_V"] > 0 > plated["E_V"]
    assert stripped["R_int_kohm_cm2"] > 3 > 1 > plated["R_int_kohm_cm2"]


def test_the_plan_says_what_half_cycles_mean_and_warns_of_poor_contacts(plan):
    lines, hours = plan("CriticalCurrentDensity", formed="400 MPa")
    text = "\n".join(lines)
    assert "20 half cycles of 0.1 mAh/cm² (101.8 mC), 5.86 h" in text
    assert "28.27 µA" in text
    assert "-282.7 µA" in text
    assert "811.6 N ± 20 N" in text
    assert "takes 28.3 mV" in text
    assert "WARNING" not in text
    assert hours > 5.86
    lines, _ = plan("CriticalCurrentDensity", formed="12 MPa")
    assert "WARNING: the working electrode should have been formed at 400 MPa" in "\n".join(lines)


def test_what_the_bench_cannot_do_is_refused_before_the_start(plan):
    from core.errors import BadInput

    refused = [
        ("CriticalCurrentDensity", {"pressure": "400 MPa"}, "21642"),
        ("CriticalCurrentDensity", {"start": "2 mA/cm²"}, "stop = 1000 µA/cm² is below"),
        ("CriticalCurrentDensity", {"temperature": "120 °C"}, "temperature = 120"),
        ("PlatingStrippingCycling", {"cut_off": "10 V", "cut_off_margin": "2 V"}, "12"),
        ("PlatingStrippingCycling", {"cycles": 0}, "cycles = 0"),
    ]
    for protocol, parameters, said in refused:
        with pytest.raises(BadInput, match=said):
            plan(protocol, **parameters)


@pytest.mark.parametrize(("adapt", "adapted"), [("between currents", 1), ("no", 0)])
def test_a_large_response_lowers_the_amplitude_of_the_next_current_only(bench_run, adapt, adapted):
    done = bench_run(
        "PlatingStrippingCycling", anode="Li0.9Mg0.1", formed="8 MPa", cycles=1, capacity="0.02 mAh/cm²",
        amplitude="20 %", adapt=adapt, thin=2,
    )  # fmt: skip
    spectra = [stored.spectrum for stored in done.run.spectra() if stored.spectrum.technique == "GEIS"]
    stripped = {each.amplitude for each in spectra if each.current.mean() > 0}
    plated = {each.amplitude for each in spectra if each.current.mean() < 0}
    assert list(stripped) == [pytest.approx(0.2 * 28.27e-6, rel=1e-3)]
    assert len(plated) == 1
    assert (min(plated) < 0.9 * min(stripped)) is bool(adapted)
    assert len(done.events("adapted")) == adapted
    assert not done.differences
