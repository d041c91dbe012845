"""The machinery under smoothing: two engines for one problem, slopes, and what a parabola is worth."""

import subprocess
import sys

import numpy as np
import pytest

from analysis.engine import choice
from analysis.smoothing import smooth
from analysis.trends import events, following
from analysis.trends.banded import differences, solve
from analysis.trends.following import follow
from analysis.trends.neighbours import largest_nearby, sum_nearby
from analysis.trends.parabola import with_own_error
from analysis.trends.slopes import slopes

R, TAU = 5, 6
PERIOD = 20.0  # s, of the runs of conftest.py


@pytest.fixture(scope="module")
def compiled():
    engine = choice.kernels(wait=True)
    if engine.name != "compiled":
        pytest.skip("numba is missing")
    return engine.joint_block


def problem(count, size, seed=3):
    """Information, right-hand side, spacing and weights of any joint problem."""
    rng = np.random.default_rng(seed)
    roots = rng.standard_normal((count, size, size + 2)) * np.geomspace(1, 100, size)[:, None]
    weight = np.broadcast_to(np.geomspace(1e2, 1e7, size), (count, size))
    right = rng.standard_normal((count, size))
    return roots @ roots.transpose(0, 2, 1), right, rng.uniform(0.3, 5, count - 1), weight


@pytest.mark.parametrize(("count", "size"), [(1, 3), (2, 3), (3, 1), (50, 8), (2500, 11)])
def test_both_engines_solve_the_same_problem(compiled, count, size):
    given = problem(count, size)
    found, expected = solve(*given, compiled), solve(*given)
    variance = np.einsum("iaa->ia", expected.covariance)
    stderr = np.sqrt(variance)
    assert np.max(np.abs(found.theta - expected.theta) / stderr) < 1e-9
    scale = stderr[:, :, None] * stderr[:, None, :]
    assert np.max(np.abs(found.covariance - expected.covariance) / scale) < 1e-9
    assert np.max(np.abs(found.lags - expected.lags) / variance) < 1e-9


def test_both_engines_smooth_a_run_alike(compiled, stripping, monkeypatch):
    fits = stripping.fits()
    expected = smooth(fits)
    monkeypatch.setattr(following, "LONG", 1)
    found = smooth(fits)
    for name, stderrs in expected.smoothed_stderrs.items():
        # sums of resistances are known a thousand times better than their shares, in which rounding shows
        off = np.abs(found.smoothed[name] - expected.smoothed[name])
        assert np.all(off <= 1e-4 * stderrs)
        np.testing.assert_allclose(found.smoothed_stderrs[name], stderrs, rtol=1e-5)


def test_both_engines_say_if_a_problem_is_not_determinate(compiled):
    _, right, spacing, weight = problem(20, 3)
    for engine in (compiled, choice.NUMPY.joint_block):
        with pytest.raises(np.linalg.LinAlgError):
            solve(np.tile(-np.eye(3), (20, 1, 1)), right, spacing, weight, engine)


def test_slopes_are_those_of_the_parabola_through_three_sweeps():
    information, right, spacing, weight = problem(9, 2)
    joint = solve(information, right, spacing, weight)
    time = np.concatenate([[0], np.cumsum(spacing)])
    bent = joint._replace(theta=np.stack([3 + 2 * time - 0.4 * time**2, -time], axis=1))
    slope, _ = slopes(bent, spacing, np.zeros((9, 2), dtype=bool))
    np.testing.assert_allclose(slope[1:-1, 0], 2 - 0.8 * time[1:-1])
    np.testing.assert_allclose(slope[:, 1], -1)


def test_variances_of_slopes_are_those_of_the_whole_problem():
    count = 9
    information, right, spacing, weight = problem(count, 2)
    free = np.zeros((count, 2), dtype=bool)
    free[4:6] = True
    _, variance = slopes(solve(information, right, spacing, weight), spacing, free)
    matrix, bends = np.zeros((2 * count, 2 * count)), np.zeros((count, count))
    for k, factors in enumerate(differences(spacing)):
        matrix[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = information[k]
        if 0 < k < count - 1:
            bends[k, k - 1 : k + 2] = factors
    for p in range(2):
        matrix[p::2, p::2] += bends.T @ (weight[:, p, None] * bends)
    inverse = np.linalg.inv(matrix)
    for k, (first, second) in {0: (0, 1), 4: (3, 4), 5: (5, 6), 8: (7, 8)}.items():  # from one side
        for p in range(2):
            row = np.zeros(2 * count)
            row[[2 * first + p, 2 * second + p]] = -1 / spacing[first], 1 / spacing[first]
            assert variance[k, p] == pytest.approx(row @ inverse @ row, rel=1e-5)
    ahead, behind = spacing[2], spacing[1]
    row = np.zeros(2 * count)
    row[[2, 4, 6]] = -ahead / behind, ahead / behind - behind / ahead, behind / ahead
    row /= ahead + behind
    assert variance[2, 0] == pytest.approx(row @ inverse @ row, rel=1e-5)


def test_the_drift_of_a_run_is_found(make_run):
    run = make_run(400 * np.exp(0.01 * np.arange(120)), 5e-7, 0.92, seed=3)
    found = smooth(run.fits())
    for name in ("drift_int", "drift_tau"):
        assert np.median(np.abs(found.smoothed[name] * PERIOD - 0.01)) < 1e-4
        score = (found.smoothed[name] * PERIOD - 0.01) / (found.smoothed_stderrs[name] * PERIOD)
        assert np.max(np.abs(score)) < 4


def test_a_jump_is_no_drift(make_run):
    run = make_run(np.where(np.arange(120) < 60, 500.0, 700.0), 5e-7, 0.92, seed=4)
    found = smooth(run.fits())
    assert np.max(np.abs(found.smoothed["drift_int"][55:65] * PERIOD)) < 0.002


def test_no_drift_is_claimed_of_a_cell_that_waits_between_sweeps(make_run):
    run = make_run(400 * np.exp(0.01 * np.arange(60)), 5e-7, 0.92, seed=3)
    fits, nothing = run.fits(), np.full(60, np.nan)
    fits.values.update(drift_seen=nothing + 0, drift_tau=nothing)
    fits.values["drift_seen"] = np.zeros(60)
    found = smooth(fits)
    assert np.isnan(found.smoothed["drift_int"]).all()
    assert np.isfinite(found.smoothed["R_int"]).all()
    fits.values["drift_tau"] = np.zeros(60)
    assert np.isfinite(smooth(fits).smoothed["drift_int"]).all()


def test_a_bend_of_the_run_makes_no_events_elsewhere(make_run, monkeypatch):
    """R_int stays at 10 Ω cm², hardly known, until it begins to rise within some sweeps."""
    share = np.arange(500) / 500
    rise = 0.03 * np.logaddexp(0, (share - 0.2) / 0.03) / 0.8
    runs = [make_run(10 * 1200**rise, 1e-6 * 0.1**rise, 0.95 - 0.09 * rise, seed=seed) for seed in range(4)]

    def steps_before():
        restarted = [follow(*run.arrays).restarted[5:50, [R, TAU]].any(axis=1) for run in runs]
        return sum(int(np.sum(one[1:] & one[:-1])) for one in restarted)

    assert steps_before() <= 1
    monkeypatch.setattr(events, "ECHO", 0.0)
    assert steps_before() >= 3


def test_a_parabola_knows_that_it_is_none():
    """The sum of two resistances is known to 0.1 %, each alone hardly; the fit sits far along the ridge."""
    fitted, truth = np.log([45.0, 105.0]), np.log([6.0, 144.0])
    of_sum = np.exp(fitted) / 150
    information = np.outer(of_sum, of_sum) / 0.001**2 + np.diag([1 / 0.8**2, 0.0])
    right, far = information @ fitted, truth - fitted

    def misfit(information, right):
        gap = information @ truth - right
        return float(np.sqrt(far @ gap))

    assert misfit(information, right) > 100
    variance = np.linalg.inv(information + np.diag([0.04, 0.04])).diagonal()
    moved = with_own_error(information[None], right[None], variance[None])
    assert misfit(moved[0][0], moved[1][0]) < 5
    np.testing.assert_allclose(moved[0][0] @ fitted, moved[1][0], rtol=1e-6)
    kept = with_own_error(information[None], right[None], np.full((1, 2), 1e-4))
    np.testing.assert_array_equal(kept[0][0], information)


@pytest.mark.parametrize("count", [1, 5, 200])
def test_sums_and_maxima_nearby(count):
    values = np.random.default_rng(1).random((count, 2))
    sums, largest = sum_nearby(values, 7), largest_nearby(values[:, 0], 7)
    for k in range(count):
        near = values[max(k - 3, 0) : k + 4]
        np.testing.assert_allclose(sums[k], near.sum(axis=0))
        assert largest[k] == near[:, 0].max()


def test_what_a_live_fit_needs_loads_no_slow_library():
    code = "import sys, analysis.causal, analysis.smoothing; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    loaded = set(done.stdout.split())
    assert "analysis.causal" in loaded, done.stderr
    assert not loaded & {"numba", "scipy.stats", "scipy.linalg", "scipy.ndimage", "scipy.optimize"}
