"""When a temperature has settled, and what a rest says of E."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.stability import Potential, Settled


def when(settled, temperature, every=10.0, longest=20_000.0):
    """Return the first second at which a temperature has settled."""
    return next((t for t in np.arange(0, longest, every) if settled.see(t, temperature(t))), None)


def test_within_the_band_for_the_dwell():
    assert when(Settled(300.0, 0.5, 600.0), lambda t: 300 - 10 * math.exp(-t / 600)) == pytest.approx(
        600 * math.log(20) + 600, abs=11
    )


def test_leaving_the_band_begins_anew():
    assert when(Settled(300.0, 0.5, 600.0), lambda t: 301.0 if t == 500 else 300.0) == 1110.0


def test_a_creeping_temperature_within_the_band_has_not_settled():
    def creeps(t):
        return 299.6 + min(t, 4000.0) * 0.8 / 4000

    assert when(Settled(300.0, 0.5, 600.0), creeps) == 600.0
    slow = when(Settled(300.0, 0.5, 600.0, slope=0.1 / 3600), creeps)
    assert 4400 < slow <= 4600


def test_the_ripple_of_a_chamber_is_no_slope():
    def ripples(t):
        return 300 + 0.1 * math.sin(2 * math.pi * t / 600)

    assert when(Settled(300.0, 0.5, 1800.0, slope=1 / 3600), ripples) == 1800.0


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50), st.integers(0, 400))
def test_a_potential_is_the_mean_of_its_last_seconds(voltage, quarters):
    seconds = quarters / 4  # exact, so that rounding decides over no sample
    potential = Potential()
    assert not potential
    for second, each in enumerate(voltage):
        potential.add(np.array([float(second)]), np.array([each]))
    recent = voltage[-(int(seconds) + 1) :]
    assert potential.first == (0.0, voltage[0])
    assert potential.last(seconds) == pytest.approx((np.mean(recent), np.std(recent)), abs=1e-12)
