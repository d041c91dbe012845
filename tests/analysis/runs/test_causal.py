"""Smoothing of live values, from the sweeps so far."""

import json

import numpy as np
import pytest

from analysis.causal import CausalFilter
from analysis.circuits.model import circuit
from analysis.smoothing import coordinates_of
from core.errors import BadInput

R, TAU = 5, 6


def linear(run):
    """The run in the coordinates of smoothing."""
    coordinates = coordinates_of(circuit("L-RC-RQ-RQ"))
    centre = np.linalg.solve(run.prior_information, run.prior_right)
    prior = coordinates.parabola(centre, run.prior_information, run.prior_right)
    return coordinates.parabola(run.theta, run.information, run.right), prior


def followed(run, skip=()):
    (information, right), prior = linear(run)
    kalman, thetas, spreads = CausalFilter(*prior), [], []
    for k, time in enumerate(run.time):
        data = (None, None) if k in skip else (information[k], right[k])
        theta, covariance = kalman.update(time, *data)
        thetas.append(theta)
        spreads.append(np.sqrt(covariance.diagonal()))
    return np.array(thetas), np.array(spreads)


def test_live_values_are_better_than_single_fits(stripping):
    theta, stderr = followed(stripping)
    single, error = stripping.errors(stripping.theta), stripping.errors(theta)
    assert np.percentile(error[0], 95) < min(0.033, 0.6 * np.percentile(single[0], 95))
    assert np.percentile(error[1], 95) < min(0.075, 0.55 * np.percentile(single[1], 95))
    score = (theta[:, R] - stripping.truth[:, R]) / stderr[:, R]
    assert 0.6 < np.sqrt(np.mean(score**2)) < 1.4


def test_a_jump_is_followed_at_once(make_run):
    run = make_run(np.where(np.arange(80) < 40, 500.0, 700.0), 5e-7, 0.92, seed=4)
    theta, _ = followed(run)
    assert np.max(run.errors(theta)[0][38:]) < 0.006


def test_one_bad_fit_is_forgotten(make_run):
    run = make_run(np.geomspace(400, 700, 80), 5e-7, 0.92, seed=5)
    run.theta[50, R] += 0.4
    both = run.information[50] + run.prior_information
    run.right[50] = both @ run.theta[50] - run.prior_right
    theta, stderr = followed(run)
    assert np.max(np.delete(run.errors(theta)[0], 50)[5:]) < 0.005
    single = np.sqrt(run.covariance[:, R, R])
    assert stderr[50, R] == pytest.approx(single[50], rel=0.1)
    assert stderr[51, R] < 0.8 * single[51]  # the trend before it goes on


def test_fits_that_hardly_know_a_resistance_do_not_lead_astray(make_run):
    """Next to the grain boundary only the sum is known; parabolas far along the ridge contradict it."""
    run = make_run(np.full(100, 3.2), 6e-7, 0.9, seed=2)
    theta, stderr = followed(run)
    score = (theta[:, R] - run.truth[:, R]) / stderr[:, R]
    assert np.sqrt(np.mean(score**2)) < 3
    assert np.max(np.abs(score)) < 8


def test_sweeps_without_a_fit_carry_the_trend_on(make_run):
    run = make_run(np.geomspace(400, 700, 80), 5e-7, 0.92, seed=6)
    theta, stderr = followed(run, skip=(50, 51, 52))
    assert np.max(run.errors(theta)[0][5:]) < 0.01
    assert stderr[52, R] > stderr[49, R]


def test_a_resumed_run_goes_on_identically(make_run):
    run = make_run(np.where(np.arange(60) < 30, 500.0, 700.0), 5e-7, 0.92, seed=7)
    (information, right), prior = linear(run)
    straight, resumed = CausalFilter(*prior), CausalFilter(*prior)
    for k, time in enumerate(run.time):
        if k in (1, 31, 45):  # also right after a jump
            resumed = CausalFilter(*prior).restored(json.loads(json.dumps(resumed.state())))
        one, other = (each.update(time, information[k], right[k]) for each in (straight, resumed))
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_nothing_is_known_before_the_first_fit(make_run):
    run = make_run(np.full(3, 500.0), 5e-7, 0.92)
    (information, right), prior = linear(run)
    kalman = CausalFilter(*prior)
    assert np.isnan(kalman.update(0.0)[0]).all()
    assert np.isnan(kalman.update(1.0, np.full((8, 8), np.nan), right[0])[0]).all()
    assert np.isfinite(kalman.update(2.0, information[0], right[0])[0]).all()


def test_time_must_go_on(make_run):
    run = make_run(np.full(3, 500.0), 5e-7, 0.92)
    (information, right), prior = linear(run)
    kalman = CausalFilter(*prior)
    kalman.update(20.0, information[0], right[0])
    with pytest.raises(BadInput, match="does not lie after"):
        kalman.update(20.0, information[1], right[1])
