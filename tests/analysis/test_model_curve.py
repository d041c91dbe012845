from dataclasses import replace

import numpy as np
import pytest

from analysis import LiveFitter
from analysis.model_curve import impedance_of


def relative(cell, fit, spectrum, delay=None):
    return np.abs(impedance_of(fit, spectrum.frequency, delay) / spectrum.impedance - 1)


def test_the_curve_of_a_fit_runs_through_its_points(cell):
    spectrum = cell.spectrum(2000.0, 0.1)
    fit = LiveFitter(cell.area)(spectrum)
    assert np.sqrt(np.mean(relative(cell, fit, spectrum)[fit.mask] ** 2)) < 2 * fit.rms_residual


def test_drift_bends_the_curve_the_way_the_sweep_saw_it(cell):
    fitter, pause, drift = LiveFitter(cell.area), 28.0, 0.25
    for k in range(6):
        r, c = 2000 * np.exp(drift * k), 0.1 * np.exp(-drift * k / 2)
        spectrum = cell.spectrum(r, c, drift=drift * cell.duration / pause, mid_time=pause * k)
        fit = fitter(spectrum)
    assert "drift" in fit.flags
    delay = spectrum.time - spectrum.mid_time
    slow = spectrum.frequency < 10
    assert np.median(relative(cell, fit, spectrum, delay)[slow]) < 0.02
    assert np.median(relative(cell, fit, spectrum)[slow]) > 0.04


def test_an_interface_below_resolution_is_drawn_without_its_arc(cell):
    fit = LiveFitter(cell.area)(cell.spectrum(2.0, 0.1))
    assert "below resolution" in fit.flags
    curve = impedance_of(fit, np.array([1.0]))
    assert curve[0].real == pytest.approx(fit["R_electrolyte"], rel=0.01)


def test_what_says_nothing_has_no_curve(cell):
    fit = LiveFitter(cell.area)(cell.spectrum(2000.0, 0.1))
    assert impedance_of(replace(fit, model="another"), np.array([1.0])) is None
    assert impedance_of(replace(fit, parameters={"R_int": fit.parameters["R_int"]}), np.array([1.0])) is None
