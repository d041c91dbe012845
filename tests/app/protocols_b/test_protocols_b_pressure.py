"""Stripping under a stack pressure, and the pressure that it takes."""

import pytest

from core.errors import BadInput
from core.records import Ended, RunState

NOBODY = "[simulation.operator]\nabsent = true\n"
MOTOR = '[press]\nbackend = "simulated"\n'
WRONG_WAY = "[simulation.operator]\nwrong_way = 1.0\novershoot = 0.1\n"


def test_the_contact_is_compared_with_that_under_pressure(bench_run):
    done = bench_run("PressureRun", pressure="7.5 MPa", time_limit="0.3 h", thin=3)
    assert done.outcome.ended is Ended.LIMIT
    found = done.result("stripping under pressure")
    assert found["pressure_start_MPa"] == pytest.approx(7.5, abs=0.3)
    assert found["pressure_uncertainty_MPa"] == pytest.approx(20 / 54.1, rel=0.01)
    # A spring that was just squeezed relaxes.
    assert found["pressure_end_MPa"] < found["pressure_start_MPa"]
    assert found["R_int_start_kohm_cm2"] == pytest.approx(0.26, rel=0.05)
    assert 0.8 < found["C_int_over_C0_end"] < 1.0
    assert found["t0_h"] is None
    order = [event.kind for event in done.events("pressure", "current on")]
    assert order == ["pressure", "current on"]
    assert done.decisions("depletion")[-1].outcome == "censored"
    assert done.differences == ()


def test_without_fixture_the_residual_is_measured_and_the_contact_lost(bench_run):
    done = bench_run(
        "PressureRun", pressure="0 MPa", thin=5, threshold="3 kΩ cm²", confirmations=1,
    )  # fmt: skip
    found = done.result("stripping under pressure")
    assert done.outcome.ended is Ended.CUT_OFF
    assert abs(found["pressure_start_MPa"]) < 0.5
    assert found["t0_h"] == pytest.approx(2.1, abs=0.2)
    assert found["R_int_end_kohm_cm2"] > 3
    assert found["C_int_over_C0_end"] < 0.2


def test_a_bench_without_gauge_knows_of_no_pressure_but_none(plan):
    from app.runner.benches import SIMULATED_BENCH
    from app.runner.job import make_job

    cell = '[cell]\nname = "c"\nanode = "Li"\nelectrode_diameter = "6 mm"\n'
    text = f'protocol = "PressureRun"\n{cell}[parameters]\n'
    gauge = '[gauge]\nbackend = "simulated"\nmodel = "mark10"\nfull_scale = "20 kN"\n'
    bench = SIMULATED_BENCH.replace(gauge, "")
    assert "[gauge]" not in bench
    with pytest.raises(BadInput, match="no force gauge"):
        make_job(text + 'pressure = "3.8 MPa"', "x", bench, "bench")
    assert make_job(text + 'pressure = "0 MPa"', "x", bench, "bench").plan()


def test_nobody_comes_and_no_current_flows(bench_run):
    done = bench_run("PressureRun", bench=NOBODY, operator_timeout="0.2 h")
    assert done.outcome.ended is Ended.TIMED_OUT
    assert done.outcome.state is RunState.FAILED
    assert done.outcome.end_reason == "nobody set 15 MPa in 0.2 h"
    assert done.events("current on") == []


def test_a_clumsy_hand_gets_there_too(bench_run):
    done = bench_run("PressureRun", bench=WRONG_WAY, pressure="15 MPa", time_limit="0.05 h")
    assert done.outcome.ended is Ended.LIMIT
    assert done.result("stripping under pressure")["pressure_start_MPa"] == pytest.approx(15, abs=0.4)


def test_a_motor_does_the_same_without_asking(bench_run):
    done = bench_run("PressureRun", bench=MOTOR, pressure="7.5 MPa", time_limit="0.05 h")
    assert done.outcome.ended is Ended.LIMIT
    assert done.events("request") == []
    assert done.result("stripping under pressure")["pressure_start_MPa"] == pytest.approx(7.5, abs=0.4)


def test_the_critical_pressure_lies_between_two_steps(bench_run):
    done = bench_run(
        "PressureStaircase", current_density="200 µA/cm²", pressures="10, 7.5, 1 MPa", dwell="1.5 h", thin=10
    )
    assert done.outcome.ended is Ended.FINISHED
    found = done.result("critical stack pressure")
    assert (found["lower_MPa"], found["upper_MPa"]) == (1, 7.5)
    assert found["current_density_uA_cm2"] == 200
    assert found["temperature_C"] == pytest.approx(25, abs=0.5)
    contacts = [(step["pressure_wanted_MPa"], step["contact"]) for step in done.results("pressure step")]
    assert contacts == [(10, "holds"), (7.5, "holds"), (1, "yields")]
    # The current is off while the screw is turned.
    kinds = [event.kind for event in done.events("current on", "current off", "answered")]
    assert kinds == ["answered", "current on", "current off"] * 3
    assert done.differences == ()


def test_a_rising_staircase_ends_with_the_first_pressure_that_holds(bench_run):
    done = bench_run(
        "PressureStaircase", current_density="200 µA/cm²", pressures="1, 10, 15 MPa", dwell="1.5 h",
        steady_window="15 min", thin=8,
    )  # fmt: skip
    found = done.result("critical stack pressure")
    assert (found["lower_MPa"], found["upper_MPa"]) == (1, 10)
    assert len(done.results("pressure step")) == 2


def test_a_staircase_that_finds_nothing_says_so(bench_run):
    done = bench_run(
        "PressureStaircase", pressures="20, 15 MPa", dwell="1 h", steady_window="10 min",
        steady_change="5 %", thin=4,
    )  # fmt: skip
    assert done.outcome.ended is Ended.NOT_REACHED
    found = done.result("critical stack pressure")
    assert (found["lower_MPa"], found["upper_MPa"]) == (None, 15)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"pressures": "5, 3, 4 MPa"}, "neither fall nor rise"),
        ({"pressures": "5 MPa"}, "2 different"),
        ({"pressures": "500, 5 MPa"}, "more than the 20000 N"),
        ({"dwell": "0.25 h"}, "steady_window = 30 min is not shorter"),
    ],
)
def test_a_staircase_that_cannot_be_is_refused(plan, parameters, said):
    with pytest.raises(BadInput, match=said):
        plan("PressureStaircase", **parameters)


def test_the_longest_duration_counts_every_pressure(plan):
    _, one = plan("PressureStaircase", pressures="5, 4 MPa", dwell="2 h")
    _, two = plan("PressureStaircase", pressures="5, 4, 3 MPa", dwell="2 h")
    # Another dwell, and another two hours in which somebody may come.
    assert two - one == pytest.approx(4, abs=0.1)
