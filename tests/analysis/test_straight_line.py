"""Straight lines whose interval is neither too narrow nor too wide."""

import numpy as np
import pytest

from analysis.straight_line import straight_line

X = np.array([0.0, 1.0, 3.0, 4.0, 5.0])


def held(points, *, stated, errors, common=0.0, tries=1000):
    """Of so many lines through noisy points, the share whose interval holds the slope, 2."""
    rng, x = np.random.default_rng(8), X[:points]
    inside = 0
    for _ in range(tries):
        y = 1 + 2 * x + rng.normal(0, errors[:points]) + rng.normal(0, common) * x
        line = straight_line(x, y, stated[:points], common)
        inside += line.low <= 2 <= line.high
    return inside / tries


ERRORS = np.array([0.1, 0.3, 0.1, 0.2, 0.2])


@pytest.mark.parametrize("points", [3, 5])
@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_the_interval_holds_what_it_says_however_large_the_errors_were_thought_to_be(points, scale):
    share = held(points, stated=scale * ERRORS, errors=ERRORS)
    assert share == pytest.approx(0.95, abs=0.02)


def test_two_points_hold_it_where_their_errors_are_right():
    assert held(2, stated=ERRORS, errors=ERRORS) == pytest.approx(0.95, abs=0.02)


def test_what_all_points_share_is_in_the_interval_too():
    assert held(5, stated=ERRORS, errors=ERRORS, common=0.2) == pytest.approx(0.95, abs=0.025)
    assert held(2, stated=ERRORS, errors=ERRORS, common=0.2) == pytest.approx(0.95, abs=0.025)


def test_a_point_with_a_large_error_hardly_moves_the_line():
    y = 1 + 2 * X + np.array([0, 0, 5.0, 0, 0])
    assert straight_line(X, y, np.array([0.1, 0.1, 100.0, 0.1, 0.1])).slope == pytest.approx(2, abs=1e-4)
    assert straight_line(X, y).intercept != pytest.approx(1, abs=0.1)


def test_two_points_without_errors_give_a_line_and_no_interval():
    line = straight_line(np.array([0.0, 1.0]), np.array([1.0, 3.0]))
    assert (line.slope, line.low, line.high, line.source) == (2, -np.inf, np.inf, "nothing")
