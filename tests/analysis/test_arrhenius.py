"""Activation energies and how far they can be trusted."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arrhenius import arrhenius, arrhenius_of_diffusion
from analysis.diffusion.material import diffusivity_at
from analysis.normalise import BOLTZMANN_EV, to_reference_temperature
from core.errors import BadInput


def resistances(kelvin, energy=0.37, at_room=900.0):
    return at_room * (kelvin / 298.15) * np.exp(energy / BOLTZMANN_EV * (1 / kelvin - 1 / 298.15))


@given(st.floats(0.05, 1.5), st.floats(1.0, 1e5))
def test_points_on_the_line_give_its_energy(energy, at_room):
    kelvin = np.array([273.15, 283.15, 298.15, 323.15])
    line = arrhenius(kelvin, resistances(kelvin, energy, at_room))
    assert line.energy == pytest.approx(energy, rel=1e-9)
    assert line.resistance(298.15) == pytest.approx(at_room, rel=1e-9)
    assert line.stderr == pytest.approx(0.0, abs=1e-9)


def test_the_same_law_brings_resistances_to_one_temperature():
    kelvin = np.array([273.15, 298.15, 323.15])
    measured = resistances(kelvin)
    assert to_reference_temperature(measured, kelvin, arrhenius(kelvin, measured).energy) == pytest.approx(
        900.0
    )


def test_scatter_gives_students_interval():
    rng = np.random.default_rng(3)
    kelvin = np.array([273.15, 283.15, 298.15, 313.15])
    inside = 0
    for _ in range(400):
        line = arrhenius(kelvin, resistances(kelvin) * np.exp(rng.normal(0, 0.05, 4)))
        assert line.source == "scatter"
        inside += line.low <= 0.37 <= line.high
    assert inside / 400 == pytest.approx(0.95, abs=0.035)


def test_two_points_are_as_good_as_their_own_errors():
    kelvin = np.array([273.15, 298.15])
    measured = resistances(kelvin)
    known = arrhenius(kelvin, measured, 0.01 * measured)
    width = 1 / (BOLTZMANN_EV * 273.15) - 1 / (BOLTZMANN_EV * 298.15)
    assert known.source == "errors"
    assert known.stderr == pytest.approx(0.01 * math.sqrt(2) / width)
    assert (known.low, known.high) == pytest.approx(
        (0.37 - 1.96 * known.stderr, 0.37 + 1.96 * known.stderr), rel=1e-4
    )
    nothing = arrhenius(kelvin, measured)
    assert nothing.energy == pytest.approx(0.37)
    assert math.isnan(nothing.stderr)
    assert (nothing.source, nothing.low, nothing.high) == ("nothing", -math.inf, math.inf)


def test_an_error_of_the_temperature_moves_the_energy_as_much_as_it_says():
    kelvin = np.array([273.15, 298.15])
    error = 1e-3
    line = arrhenius(kelvin, resistances(kelvin), np.zeros(2), temperature_stderr=error)
    moved = [
        arrhenius(kelvin, resistances(kelvin + shift)).energy - 0.37 for shift in ([error, 0.0], [0.0, error])
    ]
    assert line.stderr == pytest.approx(math.hypot(*moved), rel=1e-3)


def test_large_errors_of_the_points_are_not_hidden_by_a_lucky_line():
    kelvin = np.array([273.15, 298.15, 323.15])
    measured = resistances(kelvin)
    line = arrhenius(kelvin, measured, 0.2 * measured)
    assert line.source == "errors"
    assert line.stderr > 0.03


@pytest.mark.parametrize(
    ("kelvin", "ohm"),
    [([298], [1]), ([298, 298], [1, 2]), ([273, 298], [1, math.nan]), ([273, 298], [1, -2])],
)
def test_what_gives_no_line_is_refused(kelvin, ohm):
    with pytest.raises(BadInput):
        arrhenius(np.array(kelvin), np.array(ohm))


def test_two_temperatures_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(5)
    kelvin = np.array([273.15, 298.15])
    inside = 0
    for _ in range(400):
        measured = resistances(kelvin + rng.normal(0, 0.1, 2)) * (1 + rng.normal(0, 0.01, 2))
        line = arrhenius(kelvin, measured, 0.01 * measured, temperature_stderr=0.1)
        inside += line.low <= 0.37 <= line.high
    assert inside / 400 == pytest.approx(0.95, abs=0.03)


def test_a_thermometer_that_is_off_everywhere_widens_the_interval_by_what_it_moves_the_energy():
    kelvin = np.array([273.15, 298.15])
    line = arrhenius(kelvin, resistances(kelvin), np.zeros(2), thermometer_stderr=0.5)
    moved = arrhenius(kelvin, resistances(kelvin + 0.5)).energy - 0.37
    assert line.stderr == pytest.approx(abs(moved), rel=0.02)


@given(st.floats(0.05, 1.5), st.floats(1e-16, 1e-12))
def test_diffusion_follows_its_own_law_without_a_factor_of_temperature(energy, at_room):
    kelvin = np.array([273.15, 298.15, 323.15])
    d = np.array([diffusivity_at(each, at_room, energy) for each in kelvin])
    line = arrhenius_of_diffusion(kelvin, d)
    assert line.energy == pytest.approx(energy, rel=1e-9)
    assert line.diffusion() == pytest.approx(at_room, rel=1e-9)
    assert arrhenius(kelvin, 1 / d).energy != pytest.approx(energy, abs=0.02)


def test_golden_numbers_of_the_paper():
    # Eq. 3 with 0.37 eV; without the factor of T it would be 0.268 and 3.05.
    assert to_reference_temperature(1.0, 273.15) == pytest.approx(0.2922, abs=5e-5)
    assert to_reference_temperature(1.0, 323.15) == pytest.approx(2.811, abs=5e-4)
    # Eq. 2 with 0.57 eV from 3e-11 cm²/s at 25 °C.
    quoted = {273.15: 3.94e-12, 323.15: 1.67e-10, 353.15: 9.50e-10, 373.15: 2.59e-9}
    for kelvin, d in quoted.items():
        assert diffusivity_at(kelvin, 3e-11, 0.57) == pytest.approx(d, rel=4e-3)
    # Its own pairs of D at 0 and 25 °C.
    pair = np.array([273.15, 298.15])
    assert arrhenius_of_diffusion(pair, np.array([2.6e-16, 0.8e-15])).energy == pytest.approx(0.316, abs=5e-4)
    assert arrhenius_of_diffusion(pair, np.array([5.0e-16, 2.3e-15])).energy == pytest.approx(0.428, abs=5e-4)


def test_repeats_at_two_temperatures_do_not_hide_the_error_of_a_temperature():
    kelvin = np.array([273.15, 298.15, 298.16])
    line = arrhenius(kelvin, resistances(kelvin), np.full(3, 1e-3), temperature_stderr=0.1)
    two = arrhenius(kelvin[:2], resistances(kelvin[:2]), np.full(2, 1e-3), temperature_stderr=0.1)
    assert line.stderr > 0.9 * two.stderr
    rng, inside = np.random.default_rng(4), 0
    for _ in range(400):
        off = rng.normal(0, 0.3, 2)[[0, 1, 1]]
        measured = resistances(kelvin + off) * np.exp(rng.normal(0, 0.01, 3))
        found = arrhenius(kelvin, measured, 0.01 * measured, temperature_stderr=0.3)
        inside += found.low <= 0.37 <= found.high
    assert 0.92 <= inside / 400 <= 0.99
