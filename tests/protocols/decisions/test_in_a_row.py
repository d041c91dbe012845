"""Threshold and band: so many usable fits in a row."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.decisions import Threshold, Within


def test_three_fits_above_in_a_row(make):
    rule = Threshold("R_int", 1000.0)
    found = [
        rule.see(make(i, R_int=r)) for i, r in enumerate([1100.0, 900.0, 1100.0, 1200.0, 1300.0, 1400.0])
    ]
    assert [each is not None for each in found] == [False] * 4 + [True, False]
    assert (found[4].outcome, found[4].fits) == ("R_int is above 1000", (2, 3, 4))
    assert found[4].time == 120.0
    assert found[4].changes_bench
    assert found[4].parameters["last"] == 1300.0
    assert rule.reached


def test_below_works_the_other_way_round(make):
    rule = Threshold("R_int", 1000.0, above=False, confirmations=1)
    assert rule.see(make(0, R_int=1000.0)) is None
    assert rule.see(make(1, R_int=999.0)).outcome == "R_int is below 1000"


def test_unusable_fits_neither_count_nor_interrupt(make):
    rule = Threshold("R_int", 1000.0, confirmations=2)
    rule.see(make(0, R_int=1100.0))
    assert rule.see(make(1, R_int=1100.0, flags=["poor fit"])) is None
    assert rule.see(make(2, R_int=math.nan)) is None
    assert rule.see(make(3, R_int=1100.0)).fits == (0, 3)


def test_what_was_measured_needs_no_good_fit(make):
    rule = Threshold("E", -0.1, above=False, confirmations=1)
    assert rule.see(make(0)) is None
    assert rule.see(make(1, E=-0.2, flags=["no fit"])).fits == (1,)


def test_what_is_not_reached_says_where_it_stood(make):
    rule = Within("R_int", 220.0, 320.0)
    rule.see(make(0, R_int=500.0))
    rule.see(make(1, R_int=300.0))
    decision = rule.conclude(99.0, "timed out")
    assert (decision.outcome, decision.fits, decision.time) == ("not reached", (1,), 99.0)
    assert decision.parameters["last"] == 300.0
    assert decision.parameters["ending"] == "timed out"
    assert not decision.changes_bench
    assert Within("R_int", 1.0, 2.0).conclude(1.0, "").parameters["why"] == "there was no usable fit"


def test_what_was_reached_needs_no_conclusion(make):
    rule = Within("R_int", 220.0, 320.0, confirmations=1)
    assert rule.see(make(0, R_int=220.0)).outcome == "R_int is within 220 to 320"
    assert rule.conclude(9.0, "finished") is None


def test_overridden_it_still_says_so_but_nothing_follows(make):
    rule = Threshold("R_int", 1000.0, confirmations=1)
    rule.overridden = True
    assert rule.see(make(0, R_int=1100.0)).changes_bench is False
    assert not rule.reached


def test_parameters_are_fixed_and_come_back():
    rule = Within("R_int", 220.0, 320.0, confirmations=4)
    assert rule.parameters() == {
        "quantity": "R_int", "low": 220.0, "high": 320.0, "confirmations": 4, "acts": True,
    }  # fmt: skip
    assert Within.from_parameters(rule.parameters()) == rule
    with pytest.raises(AttributeError, match="low"):
        rule.low = 1.0


@given(st.lists(st.tuples(st.floats(1.0, 2000.0), st.booleans()), max_size=40), st.integers(1, 5))
def test_it_is_reached_exactly_when_so_many_usable_fits_in_a_row_are_above(make, fits, confirmations):
    rule = Threshold("R_int", 1000.0, confirmations=confirmations)
    found = [
        rule.see(make(i, R_int=r, flags=[] if good else ["poor fit"])) for i, (r, good) in enumerate(fits)
    ]
    marks = "".join("x" if r > 1000.0 else "." for r, good in fits if good)
    assert rule.reached == ("x" * confirmations in marks)
    decisions = [each for each in found if each is not None]
    assert len(decisions) == rule.reached
    assert (rule.conclude(1.0, "finished") is None) == rule.reached
    for decision in decisions:
        assert len(decision.fits) == confirmations
        assert all(fits[number][0] > 1000.0 and fits[number][1] for number in decision.fits)
