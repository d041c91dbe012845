"""The distribution of relaxation times, against circuits whose distribution is known."""

from pathlib import Path

import numpy as np
import pytest

from analysis.drt import drt
from core.errors import BadInput
from core.records import Spectrum

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
FREQUENCY = np.geomspace(1e6, 1e-2, 81)


def zarc(resistance, tau, alpha, frequency=FREQUENCY):
    return resistance / (1 + (2j * np.pi * frequency * tau) ** alpha)


def zarc_distribution(tau, resistance, centre, alpha):
    """γ(ln τ) of a ZARC in closed form (Cole and Cole 1941)."""
    far = alpha * np.log(tau / centre)
    return (
        resistance / (2 * np.pi) * np.sin((1 - alpha) * np.pi) / (np.cosh(far) - np.cos((1 - alpha) * np.pi))
    )


def noisy(z, noise=0.003, seed=0):
    rng = np.random.default_rng(seed)
    return z * (1 + noise * (rng.standard_normal(len(z)) + 1j * rng.standard_normal(len(z))))


@pytest.mark.parametrize(
    ("alpha", "noise", "limit"), [(0.7, 1e-3, 0.06), (0.8, 1e-3, 0.12), (0.8, 3e-3, 0.2)]
)
def test_the_distribution_of_a_zarc(alpha, noise, limit):
    errors = []
    for seed in range(6):
        found = drt((FREQUENCY, noisy(10 + zarc(50, 1e-2, alpha), noise, seed)))
        truth = zarc_distribution(found.tau, 50, 1e-2, alpha)
        errors.append(np.linalg.norm(found.gamma - truth) / np.linalg.norm(truth))
        assert found.polarisation_resistance == pytest.approx(50, rel=0.03)
        assert found.R_inf == pytest.approx(10, rel=0.05)
        assert found.rms_residual == pytest.approx(noise, rel=0.25)
        assert found.flags == ()
    assert np.median(errors) < limit


def test_stated_errors_have_the_right_size():
    scores = []
    for seed in range(20):
        found = drt((FREQUENCY, noisy(10 + zarc(50, 1e-2, 0.7), 0.005, seed)))
        truth = zarc_distribution(found.tau, 50, 1e-2, 0.7)
        inside = (found.tau > 1e-3) & (found.tau < 1e-1)
        scores.append((found.gamma - truth)[inside] / found.stderr[inside])
    assert 0.5 < np.sqrt(np.mean(np.square(scores))) < 2.5


def test_two_arcs_and_an_inductance_are_told_apart():
    z = 2j * np.pi * FREQUENCY * 1e-6 + 10 + zarc(50, 1e-1, 0.85) + zarc(30, 1e-4, 0.85)
    found = drt((FREQUENCY, noisy(z, 0.002)))
    large = sorted(found.peaks, key=lambda peak: -peak.resistance)[:2]
    assert [peak.resistance for peak in large] == pytest.approx([50, 30], rel=0.12)
    assert [peak.tau for peak in large] == pytest.approx([1e-1, 1e-4], rel=0.3)
    assert pytest.approx(1e-6, rel=0.1) == found.L
    assert found.polarisation_resistance == pytest.approx(80, rel=0.02)


def test_more_noise_asks_for_more_smoothing():
    clean, dirty = (drt((FREQUENCY, noisy(10 + zarc(50, 1e-2, 0.8), noise))) for noise in (1e-4, 1e-2))
    assert dirty.lambda_ > 10 * clean.lambda_
    assert np.all(clean.gamma >= 0)
    stiff = drt((FREQUENCY, noisy(10 + zarc(50, 1e-2, 0.8))), lambda_=10.0)
    assert stiff.lambda_ == 10.0


def test_units_do_not_matter():
    z = noisy(10 + zarc(50, 1e-2, 0.8))
    small, large = drt((FREQUENCY, z)), drt((FREQUENCY, 1e6 * z))
    np.testing.assert_allclose(large.gamma, 1e6 * small.gamma, rtol=1e-4, atol=1e-4 * 1e6 * small.gamma.max())


def test_order_and_damaged_points_do_not_matter():
    z = noisy(10 + zarc(50, 1e-2, 0.8))
    straight = drt((FREQUENCY, z))
    spoiled = drt((np.append(FREQUENCY[::-1], [np.nan, -1, 5.0]), np.append(z[::-1], [1, 1, np.nan])))
    np.testing.assert_allclose(spoiled.gamma, straight.gamma)


def test_records_are_understood():
    nothing = np.zeros(81)
    z = noisy(10 + zarc(50, 1e-2, 0.8))
    record = Spectrum("PEIS", FREQUENCY, z, nothing, nothing, nothing, nothing + 0.01, nothing, 0.01)
    np.testing.assert_array_equal(drt(record).gamma, drt((FREQUENCY, z)).gamma)


@pytest.mark.parametrize(
    ("z", "flag"),
    [
        (100 + zarc(50, 1e-5, 0.9) + 1 / (1e-6 * (2j * np.pi * FREQUENCY) ** 0.95), "blocking"),
        (100 + 1 / (1e-3 * (2j * np.pi * FREQUENCY) ** 0.5), "open arc"),
        (10 + zarc(50, 300.0, 0.9), "open arc"),
        (10 + zarc(50, 1e-4, 0.9) - zarc(15, 5.0, 1.0), "inductive loop"),
        (0.1 + 2j * np.pi * FREQUENCY * 1e-6, "inductive"),
    ],
)
def test_spectra_without_a_polarisation_resistance_say_so(z, flag):
    found = drt((FREQUENCY, noisy(z, 0.001)))
    assert flag in found.flags
    assert np.isnan(found.polarisation_resistance)


def test_too_few_points_are_refused():
    with pytest.raises(BadInput, match="7 usable points"):
        drt((FREQUENCY[:7], np.ones(7, dtype=complex)))


def test_a_published_zarc():
    path = DATA / "zarc_data.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    table = np.loadtxt(path)
    found = drt((table[:, 0], table[:, 1] + 1j * table[:, 2]))
    assert found.flags == ()
    assert found.polarisation_resistance == pytest.approx(50, rel=0.01)
    assert found.R_inf == pytest.approx(10, rel=0.01)
    assert len(found.peaks) == 1
