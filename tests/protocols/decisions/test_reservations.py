"""Spectra that fail, responses that are too large, sweeps that drift, fits that diverge."""

import math

import pytest

from protocols.decisions import Divergence, FastDrift, LargeResponse, RepeatOnKramersKronig


def test_a_spectrum_that_fails_is_repeated_and_then_kept(make):
    rule = RepeatOnKramersKronig(2)
    outcomes, wanted = [], []
    for number, passed in enumerate([True, False, False, False, False, True, False]):
        decision = rule.see(make(number, passed=passed))
        outcomes.append(decision and decision.outcome)
        wanted.append(rule.wants_repeat)
    assert outcomes == [None, "repeat", "repeat", "kept, inconsistent", "repeat", None, "repeat"]
    assert wanted == [False, True, True, False, True, False, True]


def test_a_repeat_says_from_what(make):
    rule = RepeatOnKramersKronig(1)
    first, second = rule.see(make(1, passed=False)), rule.see(make(2, passed=False))
    assert first.changes_bench
    assert not second.changes_bench
    assert second.fits == (1, 2)
    assert second.parameters["why"] == "drift"


def test_overridden_nothing_is_repeated(make):
    rule = RepeatOnKramersKronig(1)
    rule.overridden = True
    assert rule.see(make(1, passed=False)).changes_bench is False
    assert not rule.wants_repeat


def test_a_large_response_is_said_once_and_when_it_is_over(make):
    rule = LargeResponse()
    volts = [0.003, 0.024, 0.026, 0.05, 0.019, 0.026, 0.019, 0.01, 0.01]
    found = [rule.see(make(i, E_ac=v, amplitude=3e-6)) for i, v in enumerate(volts)]
    begins, ends = (f"{word} mV peak, where 25 mV is the most" for word in ("begins: 26", "ends: 10"))
    assert [each and each.outcome for each in found] == [
        None,
        None,
        begins,
        None,
        None,
        None,
        None,
        ends,
        None,
    ]
    proposed = found[2].parameters["proposal"]["amplitude"]
    assert 0.026 * proposed / 3e-6 == pytest.approx(0.02)
    assert "proposal" not in found[7].parameters
    assert found[7].fits == (6, 7)
    assert not found[2].changes_bench


def test_without_the_amplitude_a_factor_is_proposed_and_without_e_nothing_is_said(make):
    assert LargeResponse().see(make(0, E_ac=0.05)).parameters["proposal"] == {"factor": pytest.approx(0.4)}
    assert LargeResponse().see(make(0)) is None
    assert LargeResponse().see(make(0, E_ac=math.nan)) is None


def drift(make, number, change, sigma=0.1, **more):
    slope = change / 30
    values = {"drift_int": slope, "duration": 30.0, "f_min": 1.0} | more
    return make(number, stderrs={"drift_int": sigma * abs(slope), "drift_seen": 1e-5}, **values)


def test_fast_drift_is_said_once_and_when_it_is_over(make):
    rule = FastDrift()
    found = [
        rule.see(drift(make, i, c)) for i, c in enumerate([0.005, 0.02, -0.03, 0.001, 0.012, 0.001, 0.001])
    ]
    assert [each and each.outcome for each in found] == [
        None, "begins: 2.00% of R_int in a sweep, where 1.00% is the most", None, None, None, None,
        "ends: 0.10% of R_int in a sweep, where 1.00% is the most",
    ]  # fmt: skip
    assert found[1].parameters["change"] == pytest.approx(0.02)
    assert found[1].parameters["proposal"] == {"f_min": pytest.approx(2.5)}


def test_an_uncertain_drift_is_none(make):
    assert FastDrift().see(drift(make, 0, 0.02, sigma=0.26)) is None
    assert FastDrift().see(drift(make, 0, 0.02, sigma=math.nan)) is None
    assert FastDrift().see(drift(make, 0, 0.02, sigma=0.24)) is not None


def test_an_unusable_fit_has_no_drift(make):
    fit = drift(make, 0, 0.02)
    bad = make(0, flags=["poor fit"], stderrs={"drift_int": 1e-9}, drift_int=0.01, duration=30.0)
    assert FastDrift().see(bad) is None
    assert FastDrift().see(fit) is not None


def test_the_sweep_s_own_drift_counts_where_there_is_no_other(make):
    assert FastDrift().see(drift(make, 0, 0.02, drift_int=None, drift_seen=0.001)) is not None


def test_the_apex_of_the_arc_stays_in_the_sweep(make):
    tau = 1 / (2 * math.pi * 4.5)
    found = FastDrift().see(drift(make, 0, 0.1, tau_int=tau))
    assert found.parameters["proposal"] == {"f_min": pytest.approx(1.5)}
    assert "proposal" not in FastDrift().see(drift(make, 0, 0.1, tau_int=1.0)).parameters


def test_fits_that_fail_in_a_row_diverge_until_one_can_be_used(make):
    rule = Divergence(confirmations=3)
    flags = [["poor fit"], ["no fit"], [], ["poor fit"], ["not identifiable"], ["no fit"], ["no fit"], []]
    found = [rule.see(make(i, flags=each)) for i, each in enumerate(flags)]
    assert [each is not None for each in found] == [False] * 5 + [True, False, True]
    assert found[5].fits == (3, 4, 5)
    assert found[7].outcome == "fits can be used again"
    assert not rule.alarm


def test_an_r_int_known_to_its_size_only_has_diverged(make):
    rule = Divergence(confirmations=2)
    found = [rule.see(make(i, stderrs={"R_int": 600.0})) for i in range(2)]
    assert "120%" in found[1].parameters["why"]


def test_an_interface_too_small_to_see_is_no_failure(make):
    rule = Divergence(confirmations=1)
    assert rule.see(make(0, R_int=math.nan, flags=["below resolution"])) is None
    assert rule.see(make(1, flags=["truncated arc"])) is None
