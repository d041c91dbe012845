import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import Fit, KramersKronig, Value
from protocols.decisions import Depletion, KeptFit, SoftShort, usable


def kept(number, time, r_int, *, electrolyte=1000.0, flags=(), temperature=None):
    fit = Fit(
        model="test",
        version=1,
        time=time,
        parameters={"R_int": Value(r_int, r_int * 0.01), "R_electrolyte": Value(electrolyte, 1.0)}
        | ({} if temperature is None else {"T": Value(temperature, np.nan)}),
        free=("ln R_int",),
        covariance=np.eye(1),
        mask=np.ones(3, bool),
        weights="modulus",
        rms_residual=0.003,
        kramers_kronig=KramersKronig(True, 0.0),
        flags=tuple(flags),
    )
    return KeptFit(number, fit)


def rule(**options):
    return Depletion(threshold=1000.0, criterion="R_int > 1 kΩ, raw", **options)


def test_the_crossing_is_interpolated_in_ln_r_and_confirmed_by_three():
    depletion = rule()
    decisions = [depletion.see(kept(i, 10.0 * i, 250.0 * 2.0**i)) for i in range(6)]
    assert decisions[:4] == [None] * 4
    assert decisions[4].outcome == "depleted"
    assert decisions[4].parameters["t_cross_s"] == pytest.approx(20.0)
    assert decisions[4].fits == (1, 2, 3, 4)
    assert decisions[5] is None


def test_interpolation_is_exact_between_the_two_fits():
    depletion = rule(confirmations=1)
    depletion.see(kept(1, 100.0, 900.0))
    decision = depletion.see(kept(2, 130.0, 1200.0))
    share = np.log(1000 / 900) / np.log(1200 / 900)
    assert decision.parameters["t_cross_s"] == pytest.approx(100 + 30 * share)


def test_an_outlier_above_is_refuted_and_kept():
    depletion = rule()
    for number, r in enumerate([800.0, 1100.0, 850.0]):
        decision = depletion.see(kept(number, 10.0 * number, r))
    assert decision.outcome == "crossing refuted"
    assert len(depletion.rejected) == 1
    assert not depletion.confirmed


def test_the_cut_off_confirms_what_three_fits_could_not():
    depletion = rule()
    depletion.see(kept(1, 0.0, 900.0))
    depletion.see(kept(2, 10.0, 1100.0))
    assert depletion.reached_cut_off(15.0).outcome == "depleted"
    assert depletion.end(15.0) is None


def test_an_unconfirmed_crossing_says_so():
    depletion = rule()
    depletion.see(kept(1, 0.0, 900.0))
    depletion.see(kept(2, 10.0, 1100.0))
    assert depletion.end(20.0).outcome == "unconfirmed crossing, kept"


def test_a_run_that_ends_before_is_censored():
    depletion = rule()
    depletion.see(kept(1, 0.0, 900.0))
    decision = depletion.end(20.0)
    assert decision.outcome == "censored"
    assert decision.parameters["threshold_ohm"] == 1000.0


def test_unusable_fits_neither_cross_nor_confirm_nor_refute():
    depletion = rule()
    depletion.see(kept(1, 0.0, 900.0))
    depletion.see(kept(2, 10.0, 1e6, flags=["poor fit"]))
    assert depletion.crossing is None
    depletion.see(kept(3, 20.0, 1100.0))
    depletion.see(kept(4, 30.0, 5.0, flags=["below resolution"]))
    depletion.see(kept(5, 40.0, np.nan))
    depletion.see(kept(6, 50.0, 1200.0))
    assert depletion.see(kept(7, 60.0, 1300.0)).fits == (1, 3, 6, 7)


def test_drift_is_no_veto():
    assert usable(kept(1, 0.0, 900.0, flags=["drift"]).fit)


def test_the_normalised_criterion_compares_at_the_reference_temperature():
    depletion = rule(factor=0.5, confirmations=1)
    depletion.see(kept(1, 0.0, 1500.0))
    assert depletion.see(kept(2, 10.0, 1900.0)) is None
    assert depletion.see(kept(3, 20.0, 2100.0)).outcome == "depleted"


def test_a_run_that_begins_above_has_no_first_crossing():
    depletion = rule(confirmations=1)
    assert depletion.see(kept(1, 0.0, 2000.0)) is None
    assert "from the first usable fit" in depletion.end(1.0).parameters["why"]


def test_a_run_without_usable_fits_says_so():
    depletion = rule()
    depletion.see(kept(1, 0.0, 2000.0, flags=["poor fit"]))
    assert depletion.end(1.0).parameters["why"] == "there was no usable fit"


def test_a_crossing_after_an_interruption_is_disturbed():
    depletion = rule(confirmations=1)
    depletion.see(kept(1, 0.0, 900.0))
    depletion.disturbed = True
    assert depletion.see(kept(2, 10.0, 1100.0)).parameters["disturbed"] is True


def test_a_soft_short_is_flagged_once_at_constant_temperature():
    short = SoftShort()
    values = [1000.0, 990.0, 940.0, 930.0, 920.0, 910.0]
    decisions = [
        short.see(kept(i, i, 500.0, electrolyte=r, temperature=298.15)) for i, r in enumerate(values)
    ]
    assert [d is not None for d in decisions] == [False] * 4 + [True, False]
    assert decisions[4].fits == (0, 2, 3, 4)
    assert decisions[4].parameters["reference_temperature_K"] == 298.15


def test_a_warmer_electrolyte_is_no_short():
    short = SoftShort()
    short.see(kept(0, 0, 500.0, temperature=298.15))
    assert all(
        short.see(kept(i, i, 500.0, electrolyte=800.0, temperature=308.15)) is None for i in range(1, 6)
    )


def test_a_chamber_that_stopped_answering_proves_no_short():
    short = SoftShort()
    short.see(kept(0, 0, 500.0, temperature=298.15))
    assert all(short.see(kept(i, i, 500.0, electrolyte=800.0)) is None for i in range(1, 6))


def test_without_a_chamber_a_fall_is_still_flagged():
    short = SoftShort()
    decisions = [short.see(kept(i, i, 500.0, electrolyte=r)) for i, r in enumerate([1000, 800, 800, 800])]
    assert decisions[3].rule == "soft short"


def test_one_low_value_is_no_short():
    short = SoftShort()
    for number, r in enumerate([1000.0, 900.0, 1000.0, 900.0, 1000.0, 900.0]):
        assert short.see(kept(number, number, 500.0, electrolyte=r, temperature=298.15)) is None


def test_after_a_change_of_temperature_there_is_a_new_reference():
    short = SoftShort()
    short.see(kept(0, 0, 500.0, temperature=273.15, electrolyte=4000.0))
    short.changed_at(1.0, "p")
    short.see(kept(1, 1, 500.0, temperature=298.15, electrolyte=1000.0))
    short.changed_at(2.0, "T")
    found = [
        short.see(kept(i, i, 500.0, temperature=298.15, electrolyte=r))
        for i, r in enumerate([1000.0] + [900.0] * 3, 2)
    ]
    assert found[:3] == [None] * 3
    assert found[3].parameters["reference_ohm"] == 1000.0
    assert found[3].fits == (2, 3, 4, 5)


@pytest.mark.parametrize("ending", ["cut-off", "firmware limit"])
def test_a_cut_off_concludes_from_an_unconfirmed_crossing(ending):
    depletion = rule()
    depletion.see(kept(1, 0.0, 900.0))
    depletion.see(kept(2, 10.0, 1100.0))
    assert depletion.conclude(15.0, ending).outcome == "depleted"
    assert depletion.confirmed


def test_another_ending_leaves_a_crossing_unconfirmed_and_no_crossing_censored():
    depletion = rule()
    depletion.see(kept(1, 0.0, 900.0))
    assert depletion.conclude(15.0, "limit").outcome == "censored"
    depletion.see(kept(2, 10.0, 1100.0))
    assert depletion.conclude(15.0, "stopped").outcome == "unconfirmed crossing, kept"


def test_depletion_changes_the_bench_only_where_it_may():
    for acts, overridden, changes in ((True, False, True), (False, False, False), (True, True, False)):
        depletion = rule(confirmations=1, acts=acts)
        depletion.overridden = overridden
        depletion.see(kept(1, 0.0, 900.0))
        assert depletion.see(kept(2, 10.0, 1100.0)).changes_bench is changes
        assert depletion.reached is not overridden


resistances = st.lists(st.floats(1.0, 1e5).filter(lambda r: abs(r - 1000.0) > 1e-3), min_size=1, max_size=40)


@given(resistances, st.integers(1, 4))
def test_depletion_lies_between_a_fit_below_and_enough_fits_above(values, confirmations):
    depletion = rule(confirmations=confirmations)
    for number, r in enumerate(values):
        depletion.see(kept(number, 10.0 * number, r))
    runs = [
        start
        for start in range(1, len(values) - confirmations + 1)
        if values[start - 1] < 1000.0 and all(r > 1000.0 for r in values[start : start + confirmations])
    ]
    assert depletion.confirmed == bool(runs)
    if runs:
        assert 10.0 * (runs[0] - 1) <= depletion.crossing.time <= 10.0 * runs[0]
        assert depletion.crossing.fits == list(range(runs[0], runs[0] + confirmations))


@given(resistances, st.floats(0.01, 100.0))
def test_t0_does_not_depend_on_the_unit_of_resistance(values, factor):
    plain, scaled = rule(), Depletion(1000.0 * factor, "scaled")
    for number, r in enumerate(values):
        plain.see(kept(number, 10.0 * number, r))
        scaled.see(kept(number, 10.0 * number, r * factor))
    assert (plain.crossing is None) == (scaled.crossing is None)
    if plain.crossing is not None:
        assert scaled.crossing.time == pytest.approx(plain.crossing.time, abs=1e-6)
