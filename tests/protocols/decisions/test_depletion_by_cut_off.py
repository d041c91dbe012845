import pytest

from protocols.decisions import Depletion

CURRENT = 28.27e-6
THRESHOLD = 35_000.0


def rule():
    return Depletion(THRESHOLD, "R_int > 10 kΩ cm², raw")


def test_a_cut_off_before_a_whole_sweep_above_is_a_depletion_between_two_times(make):
    depletion = rule()
    depletion.see(make(1, time=100.0, R_int=900.0))
    depletion.see(make(2, time=128.0, R_int=7000.0))
    depletion.see_voltage(140.0, 1.0, CURRENT)
    depletion.see_voltage(150.0, 4.0, CURRENT)
    decision = depletion.conclude(150.5, "cut-off")
    assert decision.outcome == "depleted"
    assert decision.fits == (2,)
    assert (decision.parameters["not_before_s"], decision.parameters["not_after_s"]) == (128.0, 150.0)
    assert 128.0 < decision.parameters["t_cross_s"] < 150.0
    # ln R goes from 7 kΩ to what E says besides the electrolyte's 1 kΩ.
    end = 4.0 / CURRENT - 1000.0
    share = (decision.parameters["t_cross_s"] - 128.0) / 22.0
    assert 7000.0 * (end / 7000.0) ** share == pytest.approx(THRESHOLD)
    assert depletion.confirmed


@pytest.mark.parametrize("ending", ["limit", "shorted", "stopped"])
def test_other_ends_prove_nothing(make, ending):
    depletion = rule()
    depletion.see(make(1, time=100.0, R_int=900.0))
    depletion.see_voltage(150.0, 4.0, CURRENT)
    assert depletion.conclude(150.5, ending).outcome == "censored"


def test_a_low_cut_off_is_no_depletion(make):
    depletion = rule()
    depletion.see(make(1, time=100.0, R_int=900.0))
    depletion.see_voltage(150.0, 0.5, CURRENT)
    assert depletion.conclude(150.5, "cut-off").outcome == "censored"


def test_e_from_before_the_last_sweep_is_not_compared(make):
    depletion = rule()
    depletion.see_voltage(90.0, 4.0, CURRENT)
    depletion.see(make(1, time=100.0, R_int=900.0))
    assert depletion.conclude(150.5, "cut-off").outcome == "censored"


def test_without_a_usable_fit_e_alone_says_nothing(make):
    depletion = rule()
    depletion.see(make(1, time=100.0, R_int=900.0, flags=("poor fit",)))
    depletion.see_voltage(150.0, 4.0, CURRENT)
    assert depletion.conclude(150.5, "cut-off").parameters["why"] == "there was no usable fit"
