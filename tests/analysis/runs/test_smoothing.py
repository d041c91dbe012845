"""Fits of a run seen together."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import fit
from analysis.smoothing import smooth, smooth_arrays
from analysis.trends.banded import differences, solve
from analysis.trends.following import follow

R, TAU = 5, 6


@pytest.fixture(scope="module")
def smoothed(stripping):
    return smooth(stripping.fits())


def ln_errors(fits, run, name):
    resistance = np.exp(run.truth[:, R])
    truth = {"R_int": resistance, "C_int": np.exp(run.truth[:, TAU]) / resistance}[name]
    error = np.log(fits.smoothed[name] / truth)
    return error, error / (fits.smoothed_stderrs[name] / fits.smoothed[name])


def p95(error):
    return np.percentile(np.abs(error), 95)


def test_smoothing_reaches_what_single_fits_cannot(stripping, smoothed):
    single = stripping.errors(stripping.theta)
    assert p95(single[0]) > 0.05
    assert p95(single[1]) > 0.13
    assert p95(ln_errors(smoothed, stripping, "R_int")[0]) < 0.025
    assert p95(ln_errors(smoothed, stripping, "C_int")[0]) < 0.05
    assert smoothed.smoothing == "two-sided"
    assert smoothed.theta is not None
    np.testing.assert_array_equal(smoothed.theta, stripping.theta)


def test_stated_errors_of_smoothed_values_hold(stripping, smoothed):
    for name in ("R_int", "C_int", "R_electrolyte"):
        assert np.all(smoothed.smoothed_stderrs[name] > 0)
    for name in ("R_int", "C_int"):
        _, score = ln_errors(smoothed, stripping, name)
        assert 0.6 < np.sqrt(np.mean(score**2)) < 1.5


def test_one_fit_of_the_result_carries_its_smoothed_values(smoothed):
    fit = smoothed[100]
    assert fit.smoothed["R_int"].value == smoothed.smoothed["R_int"][100]
    assert fit.smoothing == "two-sided"


def test_a_jump_stays_sharp(make_run):
    resistance = np.where(np.arange(120) < 60, 500.0, 700.0)
    run = make_run(resistance, 5e-7, 0.92, seed=4)
    found = smooth(run.fits())
    error, _ = ln_errors(found, run, "R_int")
    assert np.max(np.abs(error[56:64])) < 0.006
    assert np.median(np.abs(error)) < 0.5 * np.median(run.errors(run.theta)[0])


def test_a_small_jump_that_no_single_fit_shows_stays_sharp(make_run):
    resistance = np.where(np.arange(120) < 60, 500.0, 508.0)  # 1.6 %, single fits scatter by 0.15 %
    run = make_run(resistance, 5e-7, 0.92, seed=4)
    error, _ = ln_errors(smooth(run.fits()), run, "R_int")
    assert np.max(np.abs(error[57:63])) < 0.005


def test_single_bad_fits_do_no_harm(make_run):
    run = make_run(np.geomspace(400, 700, 100), 5e-7, 0.92, seed=5)
    bad = [20, 55, 80]
    run.theta[bad, R] += [0.5, -0.3, 0.15]
    run.theta[bad, TAU] += 0.4
    both = run.information[bad] + run.prior_information
    run.right[bad] = np.einsum("iab,ib->ia", both, run.theta[bad]) - run.prior_right
    error, _ = ln_errors(smooth(run.fits()), run, "R_int")
    assert np.max(np.abs(error)) < 0.004
    known = follow(*run.arrays)
    np.testing.assert_array_equal(np.flatnonzero(known.outlier), bad)


def test_sweeps_without_a_fit_are_bridged(make_run):
    run = make_run(np.geomspace(400, 700, 100), 5e-7, 0.92, seed=6)
    flags = [()] * 100
    for k in range(40, 65):
        run.theta[k], run.information[k], run.right[k] = np.nan, np.nan, np.nan
        flags[k] = ("no fit",)
    flags[80] = ("poor fit",)
    run.right[80] *= 1.5
    found = smooth(run.fits(flags))
    error, score = ln_errors(found, run, "R_int")
    assert np.max(np.abs(error)) < 0.005
    assert np.max(np.abs(score)) < 4.5
    stderr = found.smoothed_stderrs["R_int"] / found.smoothed["R_int"]
    assert stderr[52] > 1.05 * stderr[30]


def test_what_even_the_run_does_not_tell_is_not_reported(make_run):
    run = make_run(np.geomspace(0.2, 60, 160), 1e-6, 0.93, seed=7)
    found = smooth(run.fits())
    resistance = found.smoothed["R_int"]
    assert np.isnan(resistance[:40]).all()
    assert np.isnan(found.smoothed["C_int"][:40]).all()
    assert np.isfinite(resistance[-60:]).all()
    assert np.isfinite(found.smoothed["R_electrolyte"]).all()
    seen = np.isfinite(resistance)
    _, score = ln_errors(found, run, "R_int")
    assert np.sqrt(np.mean(score[seen] ** 2)) < 2.0


def test_priors_count_once(make_run):
    """Inductance expected at 0.6 µH, truly 0.7: many sweeps together overrule the prior."""
    run = make_run(np.full(150, 800.0), 5e-7, 0.92, seed=8, inductance=0.8)
    theta, _ = smooth_arrays(*run.arrays)
    single, together = np.median(run.theta[:, 0]), np.median(theta[:, 0])
    assert abs(together - 0.8) < 0.6 * abs(single - 0.8)


def test_uneven_times_and_order_do_not_matter(make_run):
    rng = np.random.default_rng(2)
    time = np.cumsum(rng.uniform(5, 60, 100))
    course = (time - time[0]) / (time[-1] - time[0])
    run = make_run(400 * np.exp(0.8 * course), 5e-7, 0.92, seed=9, time=time)
    theta, covariance = smooth_arrays(*run.arrays)
    assert np.max(run.errors(theta)[0]) < 0.004
    mixed = rng.permutation(100)
    again, spread = smooth_arrays(
        run.time[mixed], run.information[mixed], run.right[mixed], run.prior_information, run.prior_right
    )
    np.testing.assert_array_equal(again, theta[mixed])
    np.testing.assert_array_equal(spread, covariance[mixed])


def test_a_long_rest_is_not_held_against_the_run(make_run):
    time = np.concatenate([20.0 * np.arange(60), 20.0 * np.arange(60) + 40_000])
    resistance = np.concatenate([np.geomspace(500, 600, 60), np.geomspace(300, 320, 60)])
    run = make_run(resistance, 5e-7, 0.92, seed=10, time=time)
    theta, _ = smooth_arrays(*run.arrays)
    assert np.max(run.errors(theta)[0]) < 0.006


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_short_runs(make_run, count):
    run = make_run(np.full(count, 800.0), 5e-7, 0.92, seed=11)
    found = smooth(run.fits())
    error, score = ln_errors(found, run, "R_int")
    assert np.max(np.abs(error)) < 0.01
    assert np.max(np.abs(score)) < 4


def test_no_usable_fit_at_all(make_run):
    run = make_run(np.full(5, 800.0), 5e-7, 0.92)
    found = smooth(run.fits([("no fit",)] * 5))
    assert np.isnan(found.smoothed["R_int"]).all()


def test_blocks_of_a_long_run_join(make_run, monkeypatch):
    from analysis.trends import following

    run = make_run(np.geomspace(400, 900, 900), 5e-7, 0.92, seed=12)
    theta, covariance = smooth_arrays(*run.arrays)
    monkeypatch.setattr(following, "BLOCK", 300)
    monkeypatch.setattr(following, "OVERLAP", 150)
    pieces, spread = smooth_arrays(*run.arrays)
    stderr = np.sqrt(np.einsum("iaa->ia", covariance))
    assert np.max(np.abs(pieces - theta) / stderr) < 0.35
    np.testing.assert_allclose(np.einsum("iaa->ia", spread), stderr**2, rtol=0.2)


@pytest.mark.parametrize("count", [7, 1200])
def test_covariances_of_the_banded_problem(count):
    """Against the inverse of the whole matrix, here of two parameters."""
    rng = np.random.default_rng(3)
    roots = rng.standard_normal((count, 2, 3)) * [[1.0], [30.0]]
    information, right = roots @ roots.transpose(0, 2, 1), rng.standard_normal((count, 2))
    spacing, weight = rng.uniform(0.5, 4, count - 1), np.full((count, 2), [1e4, 1e6])
    found = solve(information, right, spacing, weight)
    matrix = np.zeros((2 * count, 2 * count))
    bends = np.zeros((count, count))
    for k, factors in enumerate(differences(spacing)):
        matrix[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = information[k]
        if 0 < k < count - 1:
            bends[k, k - 1 : k + 2] = factors
    for p in range(2):
        matrix[p::2, p::2] += bends.T @ (weight[:, p, None] * bends)
    inverse = np.linalg.inv(matrix)
    np.testing.assert_allclose(found.theta.ravel(), inverse @ right.ravel(), rtol=1e-5, atol=1e-9)
    for k in range(0, count, 97):
        block = inverse[2 * k : 2 * k + 2, 2 * k : 2 * k + 2]
        np.testing.assert_allclose(found.covariance[k], block, rtol=1e-6, atol=1e-9 * np.abs(block).max())
    for p in range(2):
        spread = bends @ inverse[p::2, p::2] @ bends.T
        np.testing.assert_allclose(found.bend_variance[:, p], spread.diagonal(), rtol=1e-5)
        np.testing.assert_allclose(
            found.bend_covariance[1:-2, p], spread.diagonal(1)[1:-1], rtol=1e-3, atol=1e-12
        )


def test_fits_are_left_as_they_are(stripping):
    fits = stripping.fits()
    kept = replace(fits, theta=fits.theta.copy(), right=fits.right.copy())
    smooth(fits)
    np.testing.assert_array_equal(fits.theta, kept.theta)
    np.testing.assert_array_equal(fits.right, kept.right)


def test_a_run_that_determines_no_trend_comes_back_as_it_is():
    frequency = np.geomspace(7e6, 1.0, 69)
    arc = 520 + 1000 / (1 + (2j * np.pi * frequency * 1e-3) ** 0.9)
    impedance = np.tile(arc, (10, 1))
    impedance[1:] = np.nan
    finished = np.cumsum(2.1 / frequency + 0.25) + 30.0 * np.arange(10)[:, None]
    fits = fit((frequency, impedance, finished))
    smoothed = smooth(fits)
    assert smoothed.smoothing == ""
    assert not smoothed.smoothed
    assert smoothed.values["R_int"][0] == fits.values["R_int"][0]
