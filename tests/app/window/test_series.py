import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.window.history import MOST, History
from app.window.series import Columns, thin
from storage import StoredSpectrum


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


@given(st.lists(st.integers(1, 200), max_size=12))
def test_history_stays_small_and_evenly_spread(batches):
    history, offered = History(), 0
    for size in batches:
        history.offer(list(range(offered, offered + size)))
        offered += size
        while wanted := history.wanted():
            for number in wanted:
                history.keep(StoredSpectrum(number, 1, 0, None))
    ids = [each.id for each in history.spectra]
    assert len(ids) <= MOST
    assert len(ids) >= min(offered, MOST // 2)
    assert len(set(np.diff(ids).tolist())) <= 1
    if ids:
        assert ids[0] == 0
