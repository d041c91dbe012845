"""A quantity that holds still."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.decisions import Steadiness


def shown(rule, make, values, every=300.0, quantity="R_electrolyte"):
    return [rule.see(make(i, every * i, **{quantity: v})) for i, v in enumerate(values)]


def test_a_soak_is_over_when_the_electrolyte_moves_less_than_asked(make):
    rule = Steadiness("R_electrolyte", change=0.005, window=600.0)
    values = [1000 + 200 * math.exp(-i) for i in range(12)]
    found = shown(rule, make, values)
    first = next(i for i, each in enumerate(found) if each is not None)
    slope = np.polyfit([0.0, 300.0, 600.0], np.log(values[first - 2 : first + 1]), 1)[0]
    assert abs(slope) * 600 < 0.005
    before = np.polyfit([0.0, 300.0, 600.0], np.log(values[first - 3 : first]), 1)[0]
    assert abs(before) * 600 >= 0.005
    decision = found[first]
    assert decision.outcome == "steady"
    assert decision.parameters["slope_per_s"] == pytest.approx(slope)
    assert decision.fits == (first - 2, first - 1, first)
    assert rule.steady
    assert rule.conclude(1.0, "finished") is None


def test_slope_and_standard_error_are_those_of_least_squares(make):
    rng = np.random.default_rng(1)
    time, values = 60.0 * np.arange(11), 500 + rng.normal(0, 1, 11)
    rule = Steadiness("R_int", change=1e9, window=600.0, relative=False)
    found = shown(rule, make, values, 60.0, "R_int")
    assert found[:-1] == [None] * 10
    line, covariance = np.polyfit(time, values, 1, cov=True)
    assert found[-1].parameters["slope_per_s"] == pytest.approx(line[0])
    assert found[-1].parameters["slope_stderr_per_s"] == pytest.approx(math.sqrt(covariance[0, 0]))


def test_nothing_is_steady_before_the_window_is_full(make):
    rule = Steadiness("R_electrolyte", change=0.005, window=600.0)
    assert shown(rule, make, [1000.0] * 20, 30.0) == [None] * 20
    decision = rule.conclude(700.0, "not reached")
    assert (decision.outcome, decision.parameters["why"]) == ("not steady", "the window was never full")


def test_it_has_to_hold_so_many_times(make):
    rule = Steadiness("R_electrolyte", change=0.01, window=600.0, confirmations=3)
    found = shown(rule, make, [1000.0] * 6)
    assert [each is not None for each in found] == [False] * 4 + [True, False]


def test_what_still_moves_is_not_steady_and_says_how_fast(make):
    rule = Steadiness("R_int", change=0.01, window=600.0)
    assert shown(rule, make, [100.0 * math.exp(0.01 * i) for i in range(8)], 300.0, "R_int") == [None] * 8
    decision = rule.conclude(9.0, "not reached")
    assert decision.outcome == "not steady"
    assert decision.parameters["slope_per_s"] == pytest.approx(0.01 / 300)
    assert decision.fits == (5, 6, 7)


def test_an_interruption_begins_the_window_anew(make):
    for interrupt in (lambda rule: rule.disturbed_at(1.0), lambda rule: rule.changed_at(1.0, "p")):
        rule = Steadiness("R_electrolyte", change=0.01, window=600.0)
        rule.see(make(0, 0.0))
        rule.see(make(1, 300.0))
        interrupt(rule)
        assert rule.see(make(2, 600.0)) is None


@given(st.lists(st.floats(0.9, 1.1), min_size=3, max_size=15), st.floats(1e-3, 1e6))
def test_steadiness_does_not_depend_on_the_size_of_the_quantity(make, values, scale):
    one, other = (Steadiness("R_int", change=0.02, window=600.0) for _ in range(2))
    found = [
        shown(rule, make, [v * s for v in values], 300.0, "R_int") for rule, s in ((one, 1), (other, scale))
    ]
    slopes = [
        abs(each.parameters["slope_per_s"]) * 600 for each in (*found[0], *found[1]) if each is not None
    ]
    if any(abs(slope - 0.02) < 1e-9 for slope in slopes):
        return
    assert [each is None for each in found[0]] == [each is None for each in found[1]]
    assert all(slope < 0.02 for slope in slopes)


@given(st.floats(1.0, 1e5), st.integers(3, 20))
def test_a_constant_is_steady_as_soon_as_the_window_is_full(make, value, count):
    rule = Steadiness("R_int", change=1e-9, window=300.0 * (count - 1))
    found = shown(rule, make, [value] * count, 300.0, "R_int")
    assert [each is not None for each in found] == [False] * (count - 1) + [True]
