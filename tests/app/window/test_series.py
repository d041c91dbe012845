import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.window.reading.series import Columns, Pyramid, thin


def test_views_that_were_handed_out_stay_as_they_were():
    columns = Columns(2)
    columns.extend(np.arange(8.0).reshape(4, 2))
    before = columns.view
    kept = before.copy()
    columns.replace(1, np.array([-1.0, -1.0]))
    for _ in range(300):
        columns.extend(np.zeros((3, 2)))
    assert np.array_equal(before, kept)
    assert len(columns) == 904
    assert columns.view[1].tolist() == [-1.0, -1.0]
    with pytest.raises(ValueError, match="read-only"):
        before[0, 0] = 5.0


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(4, 200), st.integers(0, 2**32 - 1))
def test_thinning_keeps_both_ends_and_the_extremes(length, most, seed):
    value = np.random.default_rng(seed).standard_normal(length)
    time = np.arange(length, dtype=float)
    t, v = thin(time, value, most)
    assert len(t) == len(v) <= max(most, 0)
    assert np.all(np.diff(t) >= 0)
    assert np.array_equal(value[t.astype(int)], v)
    if length:
        assert (t[0], t[-1]) == (0, length - 1)
        assert (v.min(), v.max()) == (value.min(), value.max())


def test_thinning_passes_over_what_is_not_a_number():
    value = np.sin(np.arange(1000.0))
    value[::7] = np.nan
    _, v = thin(np.arange(1000.0), value, 50)
    assert np.all(np.isfinite(v))
    assert len(v) > 10


def traced(length, seed, batches):
    """A trace of irregular times, and the pyramid that was built of it in a few pieces."""
    random = np.random.default_rng(seed)
    time = np.cumsum(random.exponential(1.0, length))
    value = np.cumsum(random.standard_normal(length))
    pyramid = Pyramid()
    for some_time, some in zip(np.array_split(time, batches), np.array_split(value, batches), strict=True):
        pyramid.extend(some_time, some)
    return time, value, pyramid


@settings(deadline=None)
@given(
    st.integers(1, 5000),
    st.integers(0, 2**32 - 1),
    st.integers(1, 9),
    st.integers(4, 300),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_pyramid_shows_the_extremes_of_any_stretch_in_few_points(length, seed, batches, most, begin, width):
    time, value, pyramid = traced(length, seed, batches)
    t0 = time[0] + begin * (time[-1] - time[0])
    t1 = t0 + width * (time[-1] - t0)
    t, v = pyramid.between(t0, t1, most)
    inside = (time >= t0) & (time <= t1)
    assert len(t) == len(v) <= most
    assert np.all(np.diff(t) >= 0)
    assert np.isin(v, value).all()
    assert np.isin(t, time).all()
    if np.any(inside):
        assert v.min() <= value[inside].min()
        assert v.max() >= value[inside].max()
        before = max(np.argmax(inside) - 1, 0)
        assert t[0] == time[before]


def test_a_pyramid_is_the_same_however_its_samples_arrive():
    time, value, at_once = traced(3000, 1, 1)
    piecewise = Pyramid()
    for each in range(0, 3000, 7):
        piecewise.extend(time[each : each + 7], value[each : each + 7])
    for stretch in ((time[0], time[-1]), (time[500], time[2500]), (time[10], time[12])):
        expected, found = at_once.between(*stretch, 64), piecewise.between(*stretch, 64)
        assert np.array_equal(expected[0], found[0])
        assert np.array_equal(expected[1], found[1])


def test_a_pyramid_leaves_out_what_is_no_number_and_never_runs_back():
    pyramid = Pyramid()
    pyramid.extend(np.array([0.0, 1.0, np.nan, 3.0, 2.0]), np.array([5.0, np.nan, 1.0, 2.0, 4.0]))
    t, v = pyramid.between(-1.0, 9.0, 10)
    assert t.tolist() == [0.0, 3.0, 3.0]
    assert v.tolist() == [5.0, 2.0, 4.0]


def test_an_empty_pyramid_has_nothing_to_draw():
    pyramid = Pyramid()
    t, v = pyramid.between(0.0, 1.0, 10)
    assert len(t) == len(v) == len(pyramid) == 0
    assert np.isnan([pyramid.first, pyramid.last, pyramid.at(3.0)]).all()


@given(st.floats(-1, 12))
def test_the_value_at_a_time_is_that_of_the_nearest_sample(moment):
    pyramid, time = Pyramid(), np.array([0.0, 1.0, 4.0, 10.0])
    pyramid.extend(time, 2 * time)
    assert pyramid.at(moment) in 2 * time[np.abs(time - moment) == np.abs(time - moment).min()]


def test_what_a_pyramid_handed_out_stays_when_it_grows():
    time, value, pyramid = traced(2000, 3, 2)
    t, v = pyramid.between(time[0], time[-1], 5000)
    kept = v.copy()
    pyramid.extend(time + time[-1], value + 1000)
    assert np.array_equal(v, kept)
    assert len(t) == 2000


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_values_along_a_pyramid_are_those_of_straight_lines(length, seed):
    time, value, pyramid = traced(length, seed, 2)
    wanted = np.linspace(time[0] - 1, time[-1] + 1, 37)
    assert pyramid.along(wanted) == pytest.approx(np.interp(wanted, time, value))
    assert np.isnan(Pyramid().along(wanted)).all()
