from dataclasses import replace

import numpy as np
import pytest

from analysis.fitting import fit
from analysis.systematics import by_decade, systematic
from core.records import Spectrum

AREA = 0.541e-4
PER_DECADE = 25


def a_spectrum(asr, number, noise=1e-3):
    """A sweep of the standard circuit with an interface of `asr` Ω cm², scatter `noise`."""
    frequency = np.geomspace(7e6, 1.0, 69)
    r_int = asr * 1e-4 / AREA
    tau_int = r_int * 5e-7 * AREA * 1e4
    s = 2j * np.pi * frequency
    exact = 0.6e-6 * s + 370 / (1 + s * 370 * 10.8e-12) + 150 / (1 + (s / (2 * np.pi * 6e5)) ** 0.9)
    exact = exact + r_int / (1 + (s * tau_int) ** 0.93)
    scatter = np.random.default_rng(number).standard_normal((2, len(frequency)))
    impedance = exact * (1 + noise * (scatter[0] + 1j * scatter[1]))
    time = 1000.0 * number + np.linspace(0.5, 20.0, len(frequency))
    still = np.zeros(len(frequency))
    return Spectrum("GEIS", frequency, impedance, time, still, still, still, still, 0.0)


@pytest.fixture(scope="module")
def spectra():
    sizes = np.concatenate(
        [np.full(PER_DECADE, 30.0), np.full(PER_DECADE, 300.0), np.full(PER_DECADE, 3000.0)]
    )
    return [a_spectrum(asr, number) for number, asr in enumerate(sizes)]


@pytest.fixture(scope="module")
def found(spectra):
    base = fit(spectra, area=AREA)
    return base, systematic(spectra, base, area=AREA)


def test_a_smaller_interface_owes_more_to_what_is_taken_for_granted(found):
    base, shifts = found
    decades = by_decade(base, shifts, AREA)
    assert [(decade.low, decade.high) for decade in decades] == [(10, 100), (100, 1000), (1000, 10_000)]
    assert [decade.spectra for decade in decades] == [PER_DECADE] * 3
    low, middle, high = decades
    # A lower exponent of the grain boundary leaves less of the low-frequency side to the interface.
    assert low.shifts["alpha_gb -0.05"]["R_int"] < middle.shifts["alpha_gb -0.05"]["R_int"] < 0
    assert low.shifts["alpha_gb +0.05"]["R_int"] > middle.shifts["alpha_gb +0.05"]["R_int"] > 0
    assert low.spread["R_int"] > 0.02
    assert high.spread["R_int"] < 0.003
    assert low.spread["C_int"] > 5 * high.spread["C_int"]
    assert abs(low.shifts["L +0.1 µH"]["R_int"]) < abs(low.shifts["alpha_gb +0.05"]["R_int"])


def test_shifts_are_those_of_the_fits_themselves(spectra, found):
    base, shifts = found
    moved = fit(spectra, "three arcs {alpha_gb=0.85}", area=AREA)
    expected = moved.values["R_int"] / base.values["R_int"] - 1
    np.testing.assert_allclose(shifts.shifts["alpha_gb -0.05"]["R_int"], expected, rtol=1e-6, atol=1e-9)


def test_spread_takes_the_larger_of_both_ways_and_adds_causes_in_quadrature(found):
    _, shifts = found
    size = {name: np.abs(shift["R_int"]) for name, shift in shifts.shifts.items()}
    exponent = np.fmax(size["alpha_gb -0.05"], size["alpha_gb +0.05"])
    inductance = np.fmax(size["L -0.1 µH"], size["L +0.1 µH"])
    expected = np.sqrt(exponent**2 + inductance**2 + size["cut +1/3 decade"] ** 2)
    np.testing.assert_allclose(shifts.spread("R_int"), expected)


def test_the_cut_is_a_fit_without_the_lowest_third_of_a_decade(spectra):
    few, asked = spectra[:3], []
    base = fit(few, area=AREA)
    shifts = systematic(
        few, base, area=AREA, progress=lambda assumption, done: asked.append((assumption, done))
    )
    assert asked == [(assumption, 3) for assumption in shifts.shifts]
    lost = []
    for spectrum, used in zip(few, base.masks, strict=True):
        lowest = spectrum.frequency[used].min()
        impedance = np.where(spectrum.frequency < lowest * 10 ** (1 / 3), np.nan, spectrum.impedance)
        lost.append(replace(spectrum, impedance=impedance))
    expected = fit(lost, area=AREA).values["R_int"] / base.values["R_int"] - 1
    np.testing.assert_allclose(shifts.shifts["cut +1/3 decade"]["R_int"], expected, rtol=1e-6, atol=1e-9)
    assert np.all(expected != 0)


def test_only_what_the_circuit_has_is_moved(spectra):
    text = "R0-p(R1,CPE1)"
    base = fit(spectra[-3:], text)
    shifts = systematic(spectra[-3:], base, text).shifts
    assert list(shifts) == ["cut +1/3 decade"]
    assert "R1" in shifts["cut +1/3 decade"]
    assert by_decade(base, systematic(spectra[-3:], base, text), AREA) == []
    held = "three arcs {L=0.5±0.02 µH}"
    base = fit(spectra[-3:], held, area=AREA)
    assert "L +0.02 µH" in systematic(spectra[-3:], base, held, area=AREA).shifts
