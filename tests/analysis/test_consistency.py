"""Kramers–Kronig over arrays: both kernels, the statistics they rest on, and what must not alarm."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.consistency import APEX_TO_CUT, band_tests, raise_cuts
from analysis.engine import interpreted_kk
from analysis.kramers_kronig import KramersKronigResults, kramers_kronig
from core.errors import BadInput

DATA = Path(__file__).parents[3] / "shared" / "data"


def zarc(f, resistance, apex, alpha):
    return resistance / (1 + (1j * f / apex) ** alpha)


def ideal(f, r_int=1000.0, apex=1000.0, alpha=0.9):
    z = 2j * np.pi * f * 0.6e-6 + zarc(f, 370.0, 40e6, 1.0) + zarc(f, 150.0, 6e5, 0.9)
    return z + zarc(f, r_int, apex, alpha)


def trajectory(
    n, highest, lowest, noise, seed, kind="proportional", outliers=0.0, count=500, drift=0.0, r=None
):
    """Return n frequencies and `count` spectra of a stripping run from 1 to 12 000 Ω cm²."""
    rng = np.random.default_rng(seed)
    f = np.geomspace(highest, lowest, n)
    areal = np.geomspace(1, 12_000, count) if r is None else np.full(count, float(r))
    spent = 2.1 / f + 0.25
    seen = np.cumsum(spent) - spent / 2
    share = drift * (seen - seen.mean()) / (seen[-1] - seen[0])
    resistance = areal[:, None] / 0.541 * np.exp(share)
    capacitance = 0.541e-6 * np.clip((areal[:, None] / 10) ** -0.325, 0.05, 2) * np.exp(-share / 2)
    alpha = np.interp(np.log(areal), np.log([1, 12_000]), [0.95, 0.86])[:, None]
    z = ideal(f, 0.0) + zarc(f, resistance, 1 / (2 * np.pi * resistance * capacitance), alpha)
    sigma = noise * np.abs(z)
    if kind == "constant":
        sigma = noise * np.median(np.abs(z), axis=1)[:, None] * np.ones(n)
    elif kind == "fast is noisy":
        sigma = sigma * (1 + 4 * (f > 1e5))
    elif kind == "slow is noisy":
        sigma = sigma * np.geomspace(0.5, 3, n)
    z = z + sigma * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
    off = rng.random(z.shape) < outliers
    return f, np.where(off, z * (1 + 0.03 * np.exp(2j * np.pi * rng.random(z.shape))), z)


@pytest.fixture(scope="module")
def compiled():
    pytest.importorskip("numba")
    return importlib.import_module("analysis.engine.compiled_kk").band_block


def assert_same(first, second):
    assert np.array_equal(first.testable, second.testable)
    np.testing.assert_allclose(first.figures, second.figures, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(first.residual, second.residual, rtol=0, atol=1e-9)


@pytest.mark.parametrize("outliers", [0.0, 0.02])
def test_both_kernels_give_the_same_answers(compiled, outliers):
    for n, highest, lowest in ((69, 7e6, 1.0), (21, 7e6, 1.0), (40, 1e5, 0.01), (60, 7e6, 300.0)):
        f, z = trajectory(n, highest, lowest, 0.003, 3, outliers=outliers, count=60, drift=0.1)
        for option in ("fixed", "aicc"):
            mine = band_tests(f, z, elements=option, kernel=compiled)
            assert_same(mine, band_tests(f, z, elements=option, kernel=interpreted_kk.band_block))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_both_kernels_agree_on_ragged_spectra_of_different_frequencies(compiled, seed):
    rng = np.random.default_rng(seed)
    frequency, impedance = np.ones((6, 70)), np.ones((6, 70), dtype=complex)
    count = rng.integers(5, 71, 6)
    for row, n in enumerate(count):
        lowest = 10 ** rng.uniform(-2, 3)
        frequency[row, :n] = np.geomspace(lowest * 10 ** rng.uniform(1, 7), lowest, n)
        z = ideal(frequency[row, :n], 10 ** rng.uniform(1, 4), 10 ** rng.uniform(-1, 4), rng.uniform(0.6, 1))
        noise = rng.standard_normal(n) + 1j * rng.standard_normal(n)
        impedance[row, :n] = z * (1 + 10 ** rng.uniform(-4, -1.5) * noise)
    frequency[3:], impedance[3:], count[3:] = frequency[:3], impedance[:3], count[:3]
    mine = band_tests(frequency, impedance, count, kernel=compiled)
    assert_same(mine, band_tests(frequency, impedance, count, kernel=interpreted_kk.band_block))
    for row in range(3):
        n = count[row]
        alone = band_tests(frequency[row, :n], impedance[row : row + 1, :n], kernel=compiled)
        np.testing.assert_allclose(alone.figures[0], mine.figures[row], rtol=1e-7, atol=1e-7)
        assert np.all(np.isnan(mine.residual[row, n:]))


@pytest.mark.parametrize("noise", [0.001, 0.003, 0.01])
@pytest.mark.parametrize(
    ("n", "highest", "lowest"),
    [(69, 7e6, 1), (120, 7e6, 1), (35, 7e6, 1), (21, 7e6, 1), (21, 1e5, 1), (60, 7e6, 30), (50, 7e6, 1000)],
)
def test_valid_spectra_never_alarm(n, highest, lowest, noise):
    for outliers in (0.0, 0.005):
        f, z = trajectory(n, highest, lowest, noise, 11, outliers=outliers)
        tests = band_tests(f, z, residuals=False)
        assert np.all(tests.testable)
        assert np.sum(~tests.passed) == 0
        assert np.std(tests.signed_mean) < 1.15


@pytest.mark.parametrize("kind", ["constant", "fast is noisy", "slow is noisy"])
def test_noise_that_is_not_proportional_does_not_alarm(kind):
    for n, highest, lowest in ((69, 7e6, 1), (120, 7e6, 1), (40, 1e4, 1)):
        f, z = trajectory(n, highest, lowest, 0.003, 12, kind=kind)
        tests = band_tests(f, z, residuals=False)
        assert np.sum(~tests.passed) == 0
        assert np.std(tests.signed_mean) < 1.3


@pytest.mark.parametrize("n", [35, 69, 120])
def test_the_signed_mean_is_in_units_of_its_own_sigma(n):
    f, z = trajectory(n, 7e6, 1, 0.004, 13, count=2000)
    score = band_tests(f, z, residuals=False).signed_mean
    assert np.std(score) == pytest.approx(1.0, abs=0.1)
    assert np.mean(score) == pytest.approx(0.0, abs=0.3)
    assert np.mean(np.abs(score) > 2) == pytest.approx(0.046, abs=0.025)


@pytest.mark.parametrize("r", [1000, 8000])
def test_drift_is_detected(r):
    f, z = trajectory(69, 7e6, 1, 0.003, 14, count=200, drift=0.05, r=r)
    assert np.mean(~band_tests(f, z).passed) > 0.6
    f, z = trajectory(69, 7e6, 1, 0.003, 15, count=200, drift=0.10, r=r)
    tests = band_tests(f, z)
    assert np.all(~tests.passed)
    cuts = raise_cuts(f, z, tests=tests)
    assert np.all(cuts.count < 69)
    assert cuts.first is tests
    assert np.mean(cuts.last.passed) > 0.2
    assert np.median(np.abs(cuts.last.signed_mean)) < 0.75 * np.median(np.abs(tests.signed_mean))


def test_noise_is_found_as_it_was_made():
    for noise in (0.002, 0.005, 0.02):
        f, z = trajectory(69, 7e6, 1, noise, 16, count=300)
        assert np.median(band_tests(f, z).noise) == pytest.approx(noise, rel=0.05)


def shapes():
    f = np.geomspace(1e5, 0.1, 61)
    s = 2j * np.pi * f
    warburg = 300.0 / np.sqrt(s)
    return f, {
        "blocking electrodes": ideal(f, 500.0) + 1 / (s * 1e-6),
        "blocking CPE": ideal(f, 500.0) + 1 / (1e-6 * s**0.8),
        "semi-infinite diffusion": ideal(f, 500.0) + warburg,
        "finite diffusion": ideal(f, 500.0) + 800.0 * np.tanh(np.sqrt(s)) / np.sqrt(s),
        "truncated arc": ideal(f, 5e4, 0.1),
        "inductive loop": ideal(f, 500.0) - zarc(f, 200.0, 3.0, 1.0),
        "inductive loop at the end": ideal(f, 500.0) - zarc(f, 200.0, 0.2, 1.0),
        "negative real part": ideal(f, 500.0) - zarc(f, 2000.0, 5.0, 1.0),
        "long leads": ideal(f, 500.0) + s * 1e-3,
        "a resistor": 100.0 + 0 * s,
    }


@pytest.mark.parametrize("name", sorted(shapes()[1]))
@pytest.mark.parametrize("option", ["fixed", "aicc"])
def test_unusual_but_valid_shapes_do_not_alarm(name, option):
    f, made = shapes()
    rng = np.random.default_rng(17)
    for noise in (0.0, 0.001, 0.005):
        random = rng.standard_normal((60, len(f))) + 1j * rng.standard_normal((60, len(f)))
        tests = band_tests(f, made[name] * (1 + noise * random), elements=option)
        assert np.all(tests.passed)


def test_aicc_never_chooses_a_worse_criterion():
    f, z = trajectory(69, 7e6, 1, 0.003, 18, count=50)
    fixed, best = band_tests(f, z), band_tests(f, z, elements="aicc")
    assert np.all(best.aicc <= fixed.aicc)
    assert np.any(best.aicc < fixed.aicc)
    with pytest.raises(BadInput, match="elements"):
        band_tests(f, z, elements="mu")


def test_the_apex_keeps_its_points():
    f, z = trajectory(69, 7e6, 1, 0.003, 19, count=40, drift=1.0, r=8000)
    apex = np.linspace(30, 3000, 40)
    cuts = raise_cuts(f, z, apex=apex)
    kept = f[cuts.count - 1]
    assert np.all(kept <= apex / APEX_TO_CUT * 10**0.11)  # a point lies at most a tenth of a decade above
    assert np.all(cuts.count[apex < 30.1] == 69)
    assert np.all(cuts.count[apex > 1000] < 69)


def test_arrays_and_records_have_the_same_answers(cell):
    spectra = [cell.spectrum(r, 0.3, drift=0.1 * k) for k, r in enumerate((100.0, 1000.0, 8000.0))]
    spectra.append(cell.using(points=40).spectrum(500.0, 0.3))
    many = kramers_kronig(spectra)
    assert isinstance(many, KramersKronigResults)
    assert len(many) == 4
    for spectrum, result in zip(spectra, many, strict=True):
        one = kramers_kronig(spectrum)
        assert np.array_equal(one.mask, result.mask)
        assert one.verdict.reason == result.verdict.reason
        assert one.verdict.signed_mean == pytest.approx(result.verdict.signed_mean, abs=1e-9)
        np.testing.assert_allclose(one.residual_re, result.residual_re, atol=1e-9)
        assert len(result.mask) == len(spectrum)


def test_arrays_in_any_order_with_damaged_points():
    f, z = trajectory(69, 7e6, 1, 0.003, 20, count=5)
    straight = kramers_kronig((f, z))
    shuffled = np.random.default_rng(0).permutation(69)
    again = kramers_kronig((f[shuffled], z[:, shuffled]))
    assert np.array_equal(again.mask, straight.mask[:, shuffled])
    np.testing.assert_allclose(again.residual, straight.residual[:, shuffled], atol=1e-9)
    z = z.copy()
    z[2, 10] = np.nan
    damaged = kramers_kronig((f, z))
    assert not damaged.mask[2, 10]
    assert np.all(damaged.passed)
    assert np.isnan(damaged.dropped_below[0])
    assert np.all(np.isnan(damaged.residual[2, 10]))
    assert damaged[1].noise == pytest.approx(straight[1].noise)
    mask = f < 1e5
    assert np.array_equal(kramers_kronig((f, z), mask=mask)[0].mask, mask)


def test_many_blocks_are_joined():
    f, z = trajectory(40, 1e5, 1, 0.003, 21, count=30)
    z = np.tile(z, (50, 1))
    result = kramers_kronig((f, z), apex=np.full(1500, 100.0))
    assert len(result) == 1500
    assert np.array_equal(result.signed_mean[:30], result.signed_mean[1470:])


def test_shapes_that_do_not_belong_together_are_refused():
    f, z = trajectory(30, 1e5, 1, 0.003, 22, count=3)
    with pytest.raises(BadInput, match="frequencies"):
        kramers_kronig((f[:-1], z))
    with pytest.raises(BadInput, match="mask"):
        kramers_kronig((f, z), mask=np.ones(7, dtype=bool))


def test_nothing_and_next_to_nothing():
    assert len(kramers_kronig([])) == 0
    nothing = kramers_kronig((np.geomspace(1e5, 1, 20), np.full((2, 20), np.nan + 0j)))
    assert not np.any(nothing.passed)
    two = kramers_kronig((np.array([10.0, 1.0]), np.array([[1.0 + 0j, 2.0 + 0j]])))
    assert not two.passed[0]
    assert "too few" in two.verdicts[0].reason
    same = kramers_kronig((np.full(20, 5.0), np.full((1, 20), 100.0 - 1j)))
    assert not same.passed[0]


@pytest.mark.skipif(not DATA.exists(), reason="the folder of real files is not there")
def test_a_real_spectrum_of_blocking_electrodes_passes():
    lines = (DATA / "PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt").read_text(encoding="utf-8").splitlines()[4:]
    rows = np.array([[float(cell) for cell in line.split("\t")[:3]] for line in lines if line.strip()])
    result = kramers_kronig((rows[:, 0], rows[:, 1] + 1j * rows[:, 2]))[0]
    assert result.verdict.passed
    assert result.verdict.dropped_below is None
    assert np.nanmax(np.abs(result.residual_im)) < 0.06
