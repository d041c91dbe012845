"""The interface changes while a sweep is taken."""

import numpy as np
import pytest

from analysis import LiveFitter, fit
from analysis.depletion import first_crossing


def relative_errors(cell, per_sweep, sweeps=14):
    """Median errors of R and C in ln after the first sweeps."""
    fitter, errors, fits = LiveFitter(cell.area), [], []
    for k in range(sweeps):
        r, c = 2000 * np.exp(per_sweep * k), 0.1 * np.exp(-per_sweep * k / 2)
        pause = 28.0
        spectrum = cell.spectrum(r, c, drift=per_sweep * cell.duration / pause, mid_time=pause * k)
        fit = fitter(spectrum)
        if k > 3:
            errors.append(cell.relative_errors(fit, r, c))
        fits.append(fit)
    return np.median(np.array(errors), axis=0), fits


@pytest.mark.parametrize("per_sweep", [0.03, 0.06, 0.15])
def test_drift_is_corrected_and_said(cell, per_sweep):
    (r, c), fits = relative_errors(cell, per_sweep)
    assert abs(r) < 0.003
    assert abs(c) < 0.008
    assert all("drift" in fit.flags for fit in fits[4:])
    slopes = [fit["drift_int"] for fit in fits[4:]]
    assert np.median(slopes) == pytest.approx(per_sweep / 28.0, rel=0.15)
    within = [
        abs(fit["drift_int"] - per_sweep / 28.0) < 4 * fit.parameters["drift_int"].stderr for fit in fits[4:]
    ]
    assert all(within)


def test_stated_errors_hold_with_drift(cell):
    scores = []
    for _ in range(120):
        fitter = LiveFitter(cell.area)
        for k in range(3):
            r, c = 2000 * np.exp(0.05 * k), 0.1 * np.exp(-0.025 * k)
            fit = fitter(cell.spectrum(r, c, drift=0.05 * cell.duration / 28.0, mid_time=28.0 * k))
        errors = cell.relative_errors(fit, r, c)
        scores.append(
            [e / (fit.parameters[n].stderr / fit[n]) for e, n in zip(errors, ("R_int", "C_int"), strict=True)]
        )
    assert np.all(np.std(scores, axis=0) < 1.15)


def scores(fits, name, truth):
    """How far a reported slope is from the truth, in its own standard errors."""
    values = fits.values[name], fits.stderrs[name]
    return (values[0] - truth) / values[1]


def test_steady_spectra_are_not_corrected(cell):
    _, fits = relative_errors(cell, 0.0, sweeps=240)
    assert sum("drift" in fit.flags for fit in fits[:40]) <= 1
    found = [fit.parameters["drift_int"] for fit in fits]
    assert all(value.stderr > 0 for value in found)
    own_alone, of_neighbours = (
        np.array([v.value / v.stderr for v in part]) for part in (found[:2], found[2:])
    )
    assert np.all(np.abs(own_alone) < 4)
    assert 0.8 < np.std(of_neighbours) < 1.25
    assert abs(np.mean(of_neighbours)) < 0.3


@pytest.mark.parametrize("per_sweep", [0.0, 0.02, 0.05, 0.1])
@pytest.mark.parametrize(("resistance", "capacitance"), [(1000.0, 0.2), (8000.0, 0.05)])
def test_drift_of_a_run_is_as_certain_as_it_says(cell, resistance, capacitance, per_sweep):
    found = []
    for _ in range(12):
        steps = per_sweep * np.arange(-7, 8)
        run = [
            cell.spectrum(
                resistance * np.exp(step),
                capacitance * np.exp(-step / 2),
                drift=per_sweep * cell.duration / 28.0,
                mid_time=28.0 * k,
            )
            for k, step in enumerate(steps)
        ]
        found.append(scores(fit(run, area=cell.area), "drift_int", per_sweep / 28.0))
    assert 0.8 < np.std(found) < 1.2
    assert abs(np.mean(found)) < 0.3


@pytest.mark.parametrize("per_sweep", [0.0, 0.05])
@pytest.mark.parametrize(("resistance", "capacitance"), [(1000.0, 0.2), (8000.0, 0.05)])
def test_a_sweep_by_itself_shows_its_drift(cell, resistance, capacitance, per_sweep):
    alone = [
        fit([cell.spectrum(resistance, capacitance, drift=per_sweep)], area=cell.area) for _ in range(200)
    ]
    seen, stated = (
        np.array([getattr(one, which)["drift_seen"][0] for one in alone]) * cell.duration
        for which in ("values", "stderrs")
    )
    assert np.mean(seen) == pytest.approx(per_sweep, abs=0.003)
    assert 0.8 < np.std((seen - per_sweep) / stated) < 1.25
    assert np.median(stated) < 0.012
    for one in alone[:5]:  # with no neighbours there is nothing better
        assert one.values["drift_int"][0] == one.values["drift_seen"][0]
        assert one.stderrs["drift_int"][0] == one.stderrs["drift_seen"][0]


def test_neighbours_tell_more_than_the_sweep_itself(cell):
    fitter = LiveFitter(cell.area)
    fits = [fitter(cell.spectrum(2000.0, 0.1, mid_time=28.0 * k)) for k in range(6)]
    for one in fits[:2]:
        assert one.parameters["drift_int"] == one.parameters["drift_seen"]
    for one in fits[2:]:
        assert one.parameters["drift_int"].stderr < 0.7 * one.parameters["drift_seen"].stderr
    far = cell.spectrum(2000.0, 0.1, mid_time=28.0 * 50)
    again = fitter(far)
    assert again.parameters["drift_int"] == again.parameters["drift_seen"]


def test_one_bad_neighbour_hardly_hurts(cell):
    fitter = LiveFitter(cell.area)
    for k in range(5):
        fitter(cell.spectrum(2000.0, 0.1, mid_time=28.0 * k))
    fitter(cell.spectrum(2600.0, 0.1, mid_time=28.0 * 5))
    fit = fitter(cell.spectrum(2000.0, 0.1, mid_time=28.0 * 6))
    assert abs(cell.relative_errors(fit, 2000.0, 0.1)[0]) < 0.05


@pytest.mark.parametrize("hours", [9.25, 2.3])
def test_depletion_time_of_an_accelerating_cell(cell, hours):
    depleted = hours * 3600

    def contact(time):
        return 1 - (1 - (10_000 / 270) ** (-1 / 0.92)) * time / depleted

    def resistance(time):
        return 270 * np.maximum(contact(time), 1e-3) ** -0.92

    def capacitance(time):
        return 0.5 * np.maximum(contact(time), 1e-3)

    cell = cell.using(outliers=1 / 500)
    fitter = LiveFitter(cell.area)
    times = np.arange(0.9 * depleted, 1.006 * depleted, 27.9)
    fits = [fitter(cell.spectrum(resistance, capacitance, mid_time=time)) for time in times]
    measured = np.array([fit["R_int"] for fit in fits]) * cell.area / 1e-4
    crossing = first_crossing(np.array([fit.time for fit in fits]), measured, 10_000.0)
    assert crossing is not None
    assert abs(crossing.time / depleted - 1) < 0.001
    assert not any("poor fit" in fit.flags for fit in fits)
