"""The Kramers–Kronig test passes what is valid and finds what has moved."""

import numpy as np
import pytest

from analysis import fit_spectrum, kramers_kronig


@pytest.mark.parametrize("noise", [0.003, 0.005])
@pytest.mark.parametrize("roll_off", [7e5, np.inf])
def test_no_false_alarm_on_valid_spectra(cell, noise, roll_off):
    cell = cell.using(noise=noise, floor=0.0, roll_off=roll_off, counter=1.0, outliers=1 / 500)
    scores = []
    for resistance in np.geomspace(3, 12_000, 250):
        result = kramers_kronig(cell.spectrum(resistance, 0.5 * (resistance / 270) ** -0.4))
        scores.append(result.verdict.signed_mean)
        assert result.verdict.passed
    assert sum(abs(score) > 4 for score in scores) == 0
    assert np.std(scores) == pytest.approx(1.0, abs=0.2)


def test_noise_free_spectrum_passes(cell):
    result = kramers_kronig(cell.using(noise=0.0, floor=0.0).spectrum(1000.0, 0.3))
    assert result.verdict.passed
    assert np.nanmax(np.abs(result.residual_re)) < 2e-3


@pytest.mark.parametrize("resistance", [270.0, 1000.0, 8000.0])
def test_strong_drift_is_found_and_low_frequencies_dropped(cell, resistance):
    for _ in range(20):
        spectrum = cell.spectrum(resistance, 0.3, drift=0.25)
        result = kramers_kronig(spectrum)
        assert result.verdict.dropped_below is not None
        assert "sigma" in result.verdict.reason or "noise" in result.verdict.reason
        used = spectrum.frequency[result.mask]
        assert used.min() == result.verdict.dropped_below
        apex = 1 / (2 * np.pi * resistance * 0.3e-6)
        assert used.min() <= apex / 20  # the apex stays well inside the band
        assert np.all(np.isnan(result.residual_re[~result.mask]))


def test_a_relaxing_potential_is_found(cell):
    spectrum = cell.spectrum(1000.0, 0.3)
    spectrum.impedance[-8:] *= 1 + 0.15 * np.geomspace(0.1, 1, 8)
    result = kramers_kronig(spectrum)
    assert result.verdict.dropped_below is not None


def test_the_fit_uses_the_mask_that_was_found(cell):
    fit = fit_spectrum(cell.spectrum(8000.0, 0.1, drift=0.25), cell.area)
    cut = fit.kramers_kronig.dropped_below
    assert cut is not None
    frequency = cell.frequency
    assert frequency[fit.mask].min() == cut
    assert not np.any(fit.mask[frequency < cut])


def test_a_single_outlier_in_the_lowest_decade_is_no_drift(cell):
    for position in range(60, 69):
        spectrum = cell.spectrum(1000.0, 0.3)
        spectrum.impedance[position] *= 1.05
        assert kramers_kronig(spectrum).verdict.dropped_below is None


def test_own_mask_and_apex(cell):
    spectrum = cell.spectrum(1000.0, 0.3)
    mask = spectrum.frequency < 1e5
    result = kramers_kronig(spectrum, mask=mask)
    assert np.array_equal(result.mask, mask)
    held = kramers_kronig(cell.spectrum(1000.0, 0.3, drift=0.4), apex=30.0)
    assert held.verdict.dropped_below is None
    assert not held.verdict.passed
    assert "still inconsistent" in held.verdict.reason


def test_too_few_points_are_not_judged(cell):
    spectrum = cell.using(points=9).spectrum(1000.0, 0.3)
    result = kramers_kronig(spectrum)
    assert not result.verdict.passed
    assert np.isnan(result.verdict.signed_mean)
    assert "too few" in result.verdict.reason
