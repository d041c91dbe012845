"""Bad data come back flagged, never as an exception and never as a confident wrong number."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import LiveFitter, fit_spectrum
from core.records import Spectrum

AREA = 0.283e-4


def bare(frequency, impedance, technique="GEIS"):
    frequency = np.asarray(frequency, dtype=float)
    n = len(frequency)
    return Spectrum(
        technique=technique,
        frequency=frequency,
        impedance=np.asarray(impedance, dtype=complex),
        time=np.arange(n, dtype=float),
        voltage=np.zeros(n),
        current=np.zeros(n),
        voltage_amplitude=np.full(n, 0.01),
        current_amplitude=np.full(n, 1e-6),
        amplitude=1e-6 if technique == "GEIS" else 0.01,
    )


def says_nothing(fit):
    return bool(fit.flags) and np.isnan(fit["R_int"])


def test_order_of_the_points_does_not_matter(cell):
    spectrum = cell.spectrum(500.0, 0.4)
    order = np.random.default_rng(0).permutation(69)
    arrays = {
        name: getattr(spectrum, name)[order] for name in ("frequency", "impedance", "current_amplitude")
    }
    shuffled = replace(spectrum, **arrays)
    straight, other = fit_spectrum(spectrum, AREA), fit_spectrum(shuffled, AREA)
    assert other["R_int"] == pytest.approx(straight["R_int"], rel=1e-9)
    assert np.array_equal(other.mask, straight.mask[order])


def test_duplicates_and_impossible_points(cell):
    spectrum = cell.spectrum(500.0, 0.4)
    frequency, impedance = spectrum.frequency.copy(), spectrum.impedance.copy()
    frequency[20], impedance[20] = frequency[21], impedance[21]
    frequency[30], frequency[31] = 0.0, -5.0
    impedance[40] = complex(np.nan, 1)
    impedance[41] = 0.0
    fit = fit_spectrum(replace(spectrum, frequency=frequency, impedance=impedance), AREA)
    assert abs(cell.relative_errors(fit, 500.0, 0.4)[0]) < 0.01
    assert not fit.mask[[30, 31, 40, 41]].any()
    assert "bad points" in fit.flags


def test_rolled_off_points_are_masked(cell):
    spectrum = cell.spectrum(500.0, 0.4)
    fit = fit_spectrum(spectrum, AREA)
    rolled_off = spectrum.current_amplitude < 0.5 * spectrum.amplitude
    assert rolled_off.any()
    assert not fit.mask[rolled_off].any()
    wrong = np.where(rolled_off, 3 * spectrum.impedance, spectrum.impedance)
    again = fit_spectrum(replace(spectrum, impedance=wrong), AREA)
    assert again["R_int"] == fit["R_int"]


def test_potentiostatic_spectra_are_judged_by_the_voltage(cell):
    spectrum = cell.spectrum(500.0, 0.4)
    voltage = np.full(69, 0.01)
    voltage[:10] = 0.004
    peis = replace(spectrum, technique="PEIS", amplitude=0.01, voltage_amplitude=voltage)
    assert np.flatnonzero(~fit_spectrum(peis, AREA).mask).tolist() == list(range(10))


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_too_few_points(cell, count):
    spectrum = cell.spectrum(500.0, 0.4)
    frequency = spectrum.frequency[30 : 30 + count]
    fit = LiveFitter(AREA)(bare(frequency, spectrum.impedance[30 : 30 + count]))
    assert says_nothing(fit)
    assert "no fit" in fit.flags


def test_flat_line_has_no_interface():
    fit = LiveFitter(AREA)(bare(np.geomspace(7e6, 1, 69), np.full(69, 100.0)))
    assert says_nothing(fit)


def test_only_inductive_points():
    frequency = np.geomspace(7e6, 1e3, 40)
    fit = LiveFitter(AREA)(bare(frequency, 2j * np.pi * frequency * 1e-6))
    assert says_nothing(fit)


def test_pure_noise():
    rng = np.random.default_rng(5)
    noise = rng.standard_normal(69) + 1j * rng.standard_normal(69)
    fit = LiveFitter(AREA)(bare(np.geomspace(7e6, 1, 69), 1000 * noise))
    assert says_nothing(fit)


def test_arrays_of_different_lengths(cell):
    spectrum = replace(cell.spectrum(500.0, 0.4), impedance=np.ones(60, dtype=complex))
    assert says_nothing(LiveFitter(AREA)(spectrum))


def test_a_scale_error_of_a_thousand_is_not_taken_for_a_cell(cell):
    spectrum = cell.spectrum(500.0, 0.4)
    hertz_as_kilohertz = replace(spectrum, frequency=spectrum.frequency / 1e3)
    assert {"prior conflict", "poor fit"} & set(fit_spectrum(hertz_as_kilohertz, AREA).flags)


def test_a_failed_fit_does_not_spoil_the_next(cell):
    fitter = LiveFitter(AREA)
    fitter(cell.spectrum(500.0, 0.4))
    fitter(bare(np.geomspace(7e6, 1, 69), np.full(69, np.nan)))
    fit = fitter(cell.spectrum(500.0, 0.4, mid_time=56.0))
    assert abs(cell.relative_errors(fit, 500.0, 0.4)[0]) < 0.01


NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=64)
USUAL = st.floats(min_value=-1e7, max_value=1e7)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.one_of(st.floats(1e-3, 1e8), NUMBERS), st.one_of(USUAL, NUMBERS), USUAL),
        min_size=0,
        max_size=40,
    ),
    st.sampled_from(["GEIS", "PEIS"]),
)
def test_anything_at_all_gives_a_fit(rows, technique):
    table = np.array(rows, dtype=float).reshape(-1, 3)
    with np.errstate(all="ignore"):
        impedance = table[:, 1] + 1j * table[:, 2]
    fitter = LiveFitter(AREA)
    fit = fitter(bare(table[:, 0], impedance, technique))
    assert fit.mask.shape == (len(table),)
    if np.isfinite(fit["R_int"]):
        assert fit["R_int"] > 0
        assert fit.parameters["R_int"].stderr > 0
        assert fit.rms_residual < 0.1
