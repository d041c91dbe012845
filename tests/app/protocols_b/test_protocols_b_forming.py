"""Pressing a foil until the interface resistance is right."""

from itertools import pairwise

import pytest

from core.errors import BadInput
from core.records import Ended

MOTOR = '[press]\nbackend = "simulated"\nhighest = "3 kN"\n'
BARE = {"formed": "0.5 MPa"}
QUICK = {"creep": "6 %", "every": "90 s"}


def test_lithium_is_formed_near_twelve_megapascal(bench_run):
    done = bench_run("InterfaceForming", **BARE)
    assert done.outcome.ended is Ended.FINISHED
    found = done.result("forming")
    assert found["R_int_kohm_cm2"] == pytest.approx(0.27, abs=0.05)
    assert found["pressure_MPa"] == pytest.approx(12, abs=1)
    assert found["pressure_uncertainty_MPa"] == pytest.approx(20 / 54.1, rel=0.01)
    curve = found["R_of_p"]
    assert all(a["pressure_MPa"] < b["pressure_MPa"] for a, b in pairwise(curve))
    assert all(a["R_int_kohm_cm2"] > b["R_int_kohm_cm2"] for a, b in pairwise(curve))
    # The spring lets go, and the contact stays.
    released = done.result("after release")
    assert released["R_int_kohm_cm2"] == pytest.approx(found["R_int_kohm_cm2"], rel=0.1)
    assert abs(done.events("pressure")[-1].data["force_N"]) < 50
    assert done.events("current on") == []
    assert done.differences == ()


def test_the_alloy_needs_more_by_motor_as_well(bench_run):
    done = bench_run(
        "InterfaceForming", anode="Li0.9Mg0.1", bench=MOTOR, pressure="9 MPa", largest_step="8 MPa",
        afterwards="keep the pressure", **QUICK, **BARE,
    )  # fmt: skip
    assert done.outcome.ended is Ended.FINISHED
    assert done.result("forming")["pressure_MPa"] == pytest.approx(20, abs=1.5)
    assert done.events("request") == []
    assert done.results("after release") == []
    assert done.differences == ()


def test_a_foil_that_is_pressed_too_far_is_not_what_was_wanted(bench_run):
    done = bench_run("InterfaceForming", pressure="18 MPa", **QUICK, **BARE)
    assert done.outcome.ended is Ended.NOT_REACHED
    assert "pressed too far" in done.outcome.end_reason
    assert done.result("forming")["R_int_kohm_cm2"] < 0.22


def test_the_highest_pressure_is_never_passed(bench_run):
    done = bench_run("InterfaceForming", pressure="6 MPa", highest_pressure="8 MPa", **QUICK, **BARE)
    assert done.outcome.ended is Ended.NOT_REACHED
    assert "highest pressure" in done.outcome.end_reason
    wanted = [event.data["wanted_N"] / 54.106 for event in done.events("pressure")]
    assert max(wanted) == pytest.approx(8, abs=0.01)
    # It is let go all the same.
    assert wanted[-1] == 0


def test_little_contact_is_no_reason_to_wait(bench_run):
    done = bench_run("InterfaceForming", pressure="0.5 MPa", highest_pressure="0.9 MPa", **BARE)
    assert done.outcome.ended is Ended.NOT_REACHED
    pressed, released = (event.time for event in done.events("pressure"))
    assert released - pressed < 600
    # What there is of it is measured, far as it is from what is wanted.
    assert done.result("forming")["R_int_kohm_cm2"] > 100


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"band": "0.3 kΩ cm²"}, "band = "),
        ({"pressure": "50 MPa"}, "above highest_pressure"),
        ({"smallest_step": "5 MPa"}, "above largest_step"),
        ({"creep_window": "2 h"}, "longer than dwell"),
        ({"highest_pressure": "400 MPa"}, "more than the 20000 N"),
    ],
)
def test_a_forming_that_cannot_be_is_refused(plan, parameters, said):
    with pytest.raises(BadInput, match=said):
        plan("InterfaceForming", **parameters)


def test_the_plan_names_the_band_in_ohm_and_the_forces(plan):
    lines, hours = plan("InterfaceForming")
    text = "\n".join(lines)
    assert "0.27 ± 0.05 kΩ cm² (778.1 to 1132 Ω)" in text
    assert "216.4 N ± 20 N" in text
    assert "2164.2 N" in text
    assert hours > 1
