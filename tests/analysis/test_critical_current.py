"""The current density at which lithium grows through, and the charge until then."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.critical_current import critical_density, cumulative_charge


def test_the_last_density_held_and_the_one_that_shorted():
    found = critical_density([100, 100, 200, 200, 300], [1, 1, 1, 1, 0], [0, 0, 0, 0, 1])
    assert (found.held, found.value, found.reached) == (200, 300, True)


def test_a_density_is_held_only_if_all_its_half_cycles_were():
    found = critical_density([100, 100, 200, 200], [1, 1, 1, 0], [0, 0, 0, 1])
    assert (found.held, found.value) == (100, 200)


def test_a_ramp_without_a_short_is_censored():
    found = critical_density([100, 130], [1, 1], [0, 0])
    assert (found.held, found.value, found.reached) == (130, None, False)


def test_lost_contact_is_no_critical_current_density():
    found = critical_density([100, 200], [1, 0], [0, 0])
    assert (found.held, found.value) == (100, None)
    assert critical_density([100], [0], [0]).held is None


@given(st.lists(st.floats(0, 10), min_size=1, max_size=20))
def test_charge_counts_in_both_directions(steps):
    signs = np.array([1, -1] * len(steps))[: len(steps)]
    course = np.concatenate([[0.0], np.cumsum(signs * np.array(steps)), [np.nan]])
    assert cumulative_charge(course) == pytest.approx(sum(steps))
