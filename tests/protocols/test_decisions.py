import numpy as np
import pytest

from core.records import Fit, KramersKronig, Value
from protocols.decisions import Depletion, KeptFit, SoftShort, usable


def kept(number, time, r_int, *, electrolyte=1000.0, flags=()):
    fit = Fit(
        model="test",
        version=1,
        time=time,
        parameters={"R_int": Value(r_int, r_int * 0.01), "R_electrolyte": Value(electrolyte, 1.0)},
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
    decisions = [short.see(kept(i, i, 500.0, electrolyte=r), 298.15) for i, r in enumerate(values)]
    assert [d is not None for d in decisions] == [False] * 4 + [True, False]
    assert decisions[4].fits == (0, 2, 3, 4)
    assert decisions[4].parameters["reference_temperature_K"] == 298.15


def test_a_warmer_electrolyte_is_no_short():
    short = SoftShort()
    short.see(kept(0, 0, 500.0), 298.15)
    assert all(short.see(kept(i, i, 500.0, electrolyte=800.0), 308.15) is None for i in range(1, 6))


def test_a_chamber_that_stopped_answering_proves_no_short():
    short = SoftShort()
    short.see(kept(0, 0, 500.0), 298.15)
    assert all(short.see(kept(i, i, 500.0, electrolyte=800.0), None) is None for i in range(1, 6))


def test_without_a_chamber_a_fall_is_still_flagged():
    short = SoftShort()
    decisions = [
        short.see(kept(i, i, 500.0, electrolyte=r), None) for i, r in enumerate([1000, 800, 800, 800])
    ]
    assert decisions[3].rule == "soft short"


def test_one_low_value_is_no_short():
    short = SoftShort()
    for number, r in enumerate([1000.0, 900.0, 1000.0, 900.0, 1000.0, 900.0]):
        assert short.see(kept(number, number, 500.0, electrolyte=r), 298.15) is None
