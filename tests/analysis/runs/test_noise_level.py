"""Noise of each frequency from neighbouring sweeps."""

import numpy as np
import pytest

from analysis.noise_level import noise_from_neighbours
from core.errors import BadInput
from core.records import Spectrum

FREQUENCY = np.geomspace(7e6, 1.0, 69)
SIGMA = 0.002 * (1 + 3 * np.exp(-((np.log10(FREQUENCY) - 1) ** 2)))


def sweeps(count, per_sweep=0.0, sigma=SIGMA, seed=0):
    rng = np.random.default_rng(seed)
    resistance = 1000 * np.exp(per_sweep * np.arange(count))[:, None]
    z = 500 + resistance / (1 + (2j * np.pi * FREQUENCY * resistance * 1e-7) ** 0.9)
    return z * (1 + sigma * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape)))


@pytest.mark.parametrize("per_sweep", [0.0, 0.09])
def test_noise_is_found_at_every_frequency(per_sweep):
    found = noise_from_neighbours((FREQUENCY, sweeps(60, per_sweep)))
    error = np.log(found / SIGMA)
    assert abs(error.mean()) < 0.05
    assert np.std(error) < 0.15


def test_one_noisy_frequency_stands_out():
    sigma = SIGMA.copy()
    sigma[30] *= 5
    found = noise_from_neighbours((FREQUENCY, sweeps(60, sigma=sigma)))
    assert found[30] == pytest.approx(sigma[30], rel=0.4)
    assert np.max(np.abs(np.log(found / sigma)[[28, 29, 31, 32]])) < 0.4


def test_outliers_and_jumps_do_not_count():
    table = sweeps(60)
    table[30:] *= 1.4
    table[11, 5:15] *= 1.5
    error = np.log(noise_from_neighbours((FREQUENCY, table)) / SIGMA)
    assert abs(error.mean()) < 0.06


def test_three_sweeps_give_the_size():
    found = noise_from_neighbours((FREQUENCY, sweeps(3)))
    assert abs(np.median(np.log(found / SIGMA))) < 0.4


def test_noise_that_changes_during_the_run():
    quiet, loud = sweeps(40), sweeps(40, sigma=4 * SIGMA, seed=1)
    found = noise_from_neighbours((FREQUENCY, np.concatenate([quiet, loud])), around=11)
    assert found.shape == (80, 69)
    assert np.median(found[10] / SIGMA) == pytest.approx(1, rel=0.2)
    assert np.median(found[70] / SIGMA) == pytest.approx(4, rel=0.2)


def test_uneven_times_and_missing_points():
    time = np.cumsum(np.random.default_rng(3).uniform(5, 60, 40))
    rng = np.random.default_rng(4)
    resistance = 1000 + 0.3 * time[:, None]
    z = 500 + resistance / (1 + 2j * np.pi * FREQUENCY * 1e-4)
    z = z * (1 + SIGMA * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape)))
    z[:, 3] = np.nan
    z[5, 20] = np.nan
    found = noise_from_neighbours((FREQUENCY, z), time)
    assert np.isnan(found[3])
    assert abs(np.nanmean(np.log(found / SIGMA))) < 0.06


def spectrum(row, start):
    nothing = np.zeros(69)
    finished = start + np.cumsum(2.1 / FREQUENCY + 0.25)
    return Spectrum("GEIS", FREQUENCY, row, finished, nothing, nothing, nothing, nothing + 1e-6, 1e-6)


def test_records_and_arrays_agree():
    table = sweeps(12)
    records = [spectrum(row, 30.0 * k) for k, row in enumerate(table)]
    np.testing.assert_allclose(
        noise_from_neighbours(records), noise_from_neighbours((FREQUENCY, table)), rtol=1e-9
    )


def test_what_cannot_be_told_is_refused():
    with pytest.raises(BadInput, match="at least three"):
        noise_from_neighbours((FREQUENCY, sweeps(2)))
    with pytest.raises(BadInput, match="at least three"):
        noise_from_neighbours([])
    records = [spectrum(row, 0.0) for row in sweeps(3)]
    nothing = np.zeros(4)
    short = Spectrum("GEIS", FREQUENCY[:4], nothing + 1j, nothing, nothing, nothing, nothing, nothing, 1e-6)
    with pytest.raises(BadInput, match="other frequencies"):
        noise_from_neighbours([*records, short])
