"""The interface changes while a sweep is taken."""

import numpy as np
import pytest

from analysis import LiveFitter
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


def test_steady_spectra_are_not_corrected(cell):
    _, fits = relative_errors(cell, 0.0, sweeps=40)
    assert sum("drift" in fit.flags for fit in fits) <= 1
    assert all(fit["drift_int"] == 0.0 for fit in fits if "drift" not in fit.flags)


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
