"""Lives of cells, some of which were not lived to their end."""

import numpy as np
import pytest

from analysis.life import survival
from core.errors import BadInput


def test_the_textbook_case_of_kaplan_and_meier():
    # Remission of 21 patients in weeks (Freireich et al. 1963); 0.6275 and 23 are the known answers.
    failed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    lived = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = survival(failed + lived, [False] * len(failed) + [True] * len(lived))
    assert found.share[found.value == 16] == pytest.approx(0.6275, abs=1e-4)
    assert found.median == 23
    assert (found.cells, found.failed) == (21, 9)
    assert found.median_low is not None
    assert found.median_low < 23
    assert found.median_high is None
    assert found.low[found.value == 16] < 0.6275 < found.high[found.value == 16]


def test_cells_that_outlived_the_experiment_make_life_longer():
    ended = survival([1, 2, 3, 4], [False] * 4)
    going_on = survival([1, 2, 3, 4], [False, True, False, True])
    assert ended.median == 2
    assert going_on.median == 3


def test_one_cell_is_no_distribution_and_says_so():
    assert "one cell" in str(survival([300.0], [False]))


def test_more_than_half_alive_have_no_median():
    found = survival([1.0, 2.0, 2.0, 2.0], [False, True, True, True])
    assert found.median is None
    assert "above 2" in str(found)
    nobody = survival([1.0, 2.0], [True, True])
    assert (nobody.failed, nobody.median) == (0, None)
    assert np.all(np.isnan(nobody.low))


@pytest.mark.parametrize(("value", "censored"), [([], []), ([0.0], [False]), ([np.nan, 1], [False, False])])
def test_what_is_no_life_is_refused(value, censored):
    with pytest.raises(BadInput):
        survival(value, censored)
