"""Z-HIT agrees with valid spectra and sees the modulus run away from the phase."""

import numpy as np
import pytest

from analysis.zhit import zhit
from core.errors import BadInput


def test_the_modulus_of_a_capacitor_and_of_a_relaxation_follow_from_the_phase():
    f = np.geomspace(1e6, 1, 61)
    capacitor = zhit((f, 1 / (2j * np.pi * f * 1e-6)))[0]
    np.testing.assert_allclose(capacitor.modulus, 1 / (2 * np.pi * f * 1e-6), rtol=1e-6)
    z = 100 + 1000 / (1 + (1j * f / 3000) ** 0.9)
    np.testing.assert_allclose(zhit((f, z))[0].modulus, np.abs(z), rtol=0.03)  # the series ends there


def test_valid_spectra_pass_and_the_score_is_in_sigma(cell):
    cell = cell.using(floor=0.0)
    spectra = [cell.spectrum(r, 0.5 * (r / 270) ** -0.4) for r in np.geomspace(3, 12_000, 250)]
    results = zhit(spectra)
    scores = np.array([result.signed_mean for result in results])
    assert all(result.passed for result in results)
    assert np.std(scores) == pytest.approx(1.0, abs=0.15)
    assert np.median([result.noise for result in results]) == pytest.approx(0.003, rel=0.1)


@pytest.mark.parametrize("drift", [-0.2, 0.2])
def test_drift_moves_the_modulus_and_not_the_phase(cell, drift):
    result = zhit(cell.using(floor=0.0).spectrum(8000.0, 0.1, drift=drift))
    assert not result.passed
    assert np.sign(result.mean) == np.sign(drift)
    assert np.sign(result.signed_mean) == np.sign(drift)


def test_a_single_wild_point_is_no_drift(cell):
    for position in (20, 62, 66):
        spectrum = cell.using(floor=0.0).spectrum(1000.0, 0.3)
        spectrum.impedance[position] *= 1.05 * np.exp(0.05j)
        assert zhit(spectrum).passed


def test_one_and_many_and_any_order(cell):
    spectra = [cell.spectrum(1000.0, 0.3), cell.using(points=40).spectrum(500.0, 0.3)]
    many = zhit(spectra)
    for spectrum, result in zip(spectra, many, strict=True):
        assert zhit(spectrum).signed_mean == pytest.approx(result.signed_mean, abs=1e-9)
        assert len(result.modulus) == len(result.deviation) == len(spectrum)
    f, z = spectra[1].frequency, spectra[1].impedance
    up, down = zhit((f[::-1], z[::-1]))[0], zhit((f, z))[0]
    assert up.signed_mean == pytest.approx(down.signed_mean, abs=1e-9)
    np.testing.assert_allclose(up.modulus[::-1], down.modulus)


def test_the_band_can_be_chosen(cell):
    spectrum = cell.spectrum(1000.0, 0.3)
    assert zhit(spectrum, band=(1e3, 1e4)).band[1] <= 1e4
    short = zhit(spectrum, mask=spectrum.frequency > 3e4)  # nothing of the usual band but its lowest decade
    assert short.band[0] > 3e5
    with pytest.raises(BadInput, match="band"):
        zhit(spectrum, band=(1e4, 1e3))


def test_too_few_points_are_not_judged(cell):
    result = zhit(cell.using(points=9).spectrum(1000.0, 0.3))
    assert np.isnan(result.signed_mean)
    assert not result.passed
    assert np.all(np.isnan(result.modulus))
