"""Figures of what takes long runs to conclude, drawn of conclusions that are made up."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.arrhenius import arrhenius, arrhenius_of_diffusion
from analysis.life import survival
from analysis.pressure import PowerLaw
from app.conclusions.diffusion_energy import DiffusionEnergy
from app.conclusions.half_cycles import CriticalCurrent, Cycling
from app.conclusions.interface_energy import InterfaceEnergy
from app.conclusions.life import Life
from app.conclusions.model import AlloyModel
from app.conclusions.pressing import RofP
from app.figures import FIGURES
from app.figures.numbers import diffusion, with_error, with_interval
from app.figures.panels import thinned

KELVIN = np.array([273.15, 298.15, 323.15])


def drawn(axes, gid):
    """Return x and y of points with error bars."""
    (found,) = [each for each in axes.containers if each[0].get_gid() == gid]
    return found[0].get_xdata(), found[0].get_ydata()


@pytest.fixture
def number(runs):
    return runs[1]["Li 100"]


def test_the_arrhenius_plot_shows_the_points_and_the_energy(concluded, number):
    resistance = 0.027 * np.exp(0.37 / 8.617e-5 * (1 / KELVIN - 1 / 298.15)) * KELVIN / 298.15
    error = 1e-3 * resistance * np.array([1, -1, 1])
    line = arrhenius(KELVIN, resistance + error, np.abs(error))
    energy = InterfaceEnergy("Li", (number,), KELVIN, resistance, np.abs(error), line, "one electrode", 0.37)
    conclusions = replace(concluded("Li 100"), interface_energies=[energy])
    figure = FIGURES["arrhenius"].draw(conclusions, "single")
    axes = figure.axes[0]
    x, y = drawn(axes, f"points-{number}")
    np.testing.assert_allclose(x, 1e3 / KELVIN)
    np.testing.assert_allclose(y, KELVIN / (resistance * 10))
    assert axes.get_xlabel() == "1000 K / $T$"
    assert figure.axes[1].get_xlabel() == "$T$ / °C"
    assert "0.37" in figure.legends[0].get_texts()[0].get_text()
    caption = FIGURES["arrhenius"].caption(conclusions)
    assert "eV" in caption
    assert f"run {number}" in caption


def test_two_points_without_errors_have_no_bounded_interval(concluded, number):
    line = arrhenius(KELVIN[:2], np.array([0.09, 0.027]))
    energy = InterfaceEnergy(
        "Li", (number,), KELVIN[:2], np.array([0.09, 0.027]), np.full(2, np.nan), line, "one electrode", None
    )
    conclusions = replace(concluded("Li 100"), interface_energies=[energy])
    assert "interval unbounded" in FIGURES["arrhenius"].caption(conclusions)
    FIGURES["arrhenius"].draw(conclusions, "single")


def test_the_arrhenius_plot_of_d_is_in_square_centimetres_per_second(concluded, number):
    values = np.array([2.6e-16, 8e-16, 2.1e-15])
    line = arrhenius_of_diffusion(KELVIN, values, 0.05 * values)
    energy = DiffusionEnergy(
        "Li", (number,), KELVIN, values, 0.05 * values, line, "c0 − c_min", "threshold", 1.0
    )
    conclusions = replace(concluded("Li 100"), diffusion_energies=[energy])
    figure = FIGURES["arrhenius-diffusion"].draw(conclusions, "double")
    assert figure.axes[0].get_ylabel() == r"$D_\mathrm{eff}$ / 10$^{-12}$ cm² s$^{-1}$"
    np.testing.assert_allclose(drawn(figure.axes[0], f"points-{number}")[1], [2.6, 8.0, 21.0])
    assert "c0 − c_min" in FIGURES["arrhenius-diffusion"].caption(conclusions)


def test_the_pressing_plot_is_in_megapascal_and_names_the_exponent(concluded, number):
    pressure, law = np.array([4e6, 8e6, 12e6]), PowerLaw(-0.5, 0.02, -0.55, -0.45, "scatter", 54.0, 3)
    resistance = np.array([law.resistance(each) for each in pressure])
    found = RofP((number,), "Li", pressure, resistance, 0.01 * resistance, -0.5, -0.55, -0.45, law, None, 0)
    conclusions = replace(concluded("Li 100"), resistance_of_pressure=[found])
    axes = FIGURES["resistance-pressing"].draw(conclusions, "single").axes[0]
    x, y = drawn(axes, f"points-{number}")
    np.testing.assert_allclose(x, [4, 8, 12])
    np.testing.assert_allclose(y, resistance * 10)
    curve = next(line for line in axes.get_lines() if len(line.get_xdata()) == 40)
    assert curve.get_ydata()[-1] == pytest.approx(resistance[-1] * 10)
    assert "−0.50 (−0.55 to −0.45)" in FIGURES["resistance-pressing"].caption(conclusions)


def ramp(number, value):
    return CriticalCurrent(
        number, "Li", value, 2.0, 298.15, 15e6, 0.37e6, 1.0, 1.0, 360.0, "both", "plating" * bool(value),
        None, 1440.0, 4, "shorted",
    )  # fmt: skip


def test_a_critical_current_comes_with_its_conditions(concluded, number):
    conclusions = replace(concluded("Li 100"), critical_currents=[ramp(number, 3.0)])
    caption = FIGURES["critical-current"].caption(conclusions)
    for words in ("300 µA cm⁻²", "25 °C", "15 MPa", "0.01 mAh cm⁻² per half cycle", "steps of 100"):
        assert words in caption
    figure = FIGURES["critical-current"].draw(conclusions, "single")
    assert [axes.get_ylabel() for axes in figure.axes][:2] == [r"$i$ / µA cm$^{-2}$", "$E$ / V"]
    (density,) = [line for line in figure.axes[0].get_lines() if line.get_gid() == f"run-{number}"]
    np.testing.assert_allclose(density.get_ydata(), 100.0)


def test_a_cell_that_did_not_short_has_no_critical_current(concluded, number):
    conclusions = replace(concluded("Li 100"), critical_currents=[ramp(number, None)])
    assert "did not short up to 200 µA cm⁻²" in FIGURES["critical-current"].caption(conclusions)


def test_cycling_says_how_many_cycles_were_survived(concluded, number):
    cycled = Cycling(
        number, "Li", 1.0, 3600.0, 10, 10, False, 298.15, None, None, 0.3, 72000.0, "finished"
    )  # fmt: skip
    conclusions = replace(concluded("Li 100"), cyclings=[cycled])
    caption = FIGURES["cycling"].caption(conclusions)
    assert "did not fail in 10 whole cycles" in caption
    assert "2 mAh cm⁻² in all" in caption
    FIGURES["cycling"].draw(conclusions, "double")


def test_survival_steps_down_at_each_failure(concluded, number):
    hours = np.array([8.0, 9.0, 10.0, 11.0]) * 3600
    censored = (False, False, False, True)
    life = Life("Li", "t0", "100 µA/cm²", (number,), tuple(hours), censored, survival(hours, censored))
    conclusions = replace(concluded("Li 100"), lives=[life])
    figure = FIGURES["survival"].draw(conclusions, "single")
    (line,) = [each for each in figure.axes[0].get_lines() if each.get_gid() == "life-0"]
    np.testing.assert_allclose(line.get_ydata()[1:5], life.km.share)
    np.testing.assert_allclose(line.get_xdata()[1:5], [8, 9, 10, 11])
    assert "3 of 4 cells failed" in FIGURES["survival"].caption(conclusions)


def test_one_cell_is_no_distribution(concluded, number):
    life = Life("Li", "t0", "", (number,), (3600.0,), (False,), survival([3600.0], [False]))
    assert "no two cells" in FIGURES["survival"].missing(replace(concluded("Li 100"), lives=[life]))


def model(number, frame, law="constant"):
    hours = np.linspace(0.1, 12.0, 50) * 3600
    ocv = 0.012 / (1 + hours / 7200)
    return AlloyModel(
        metal="Li0.9Mg0.1", runs=(number,), frame=frame, law=law, temperature=298.15, density=1.0,
        thickness=1e-4, diffusivity=3.4e-15, diffusivity_error=2e-16, steepness=0.0, steepness_error=np.nan,
        drop_name="c0 − c_min", drop=45.6e3, measured_time=54000.0, predicted_time=53000.0, relaxation=hours,
        measured_ocv=ocv, predicted_ocv=1.2 * ocv, rms=1e-3, time_by="vanishing",
        diffusivity_by_time=3.1e-15, ocv_by_time=ocv,
        information=10.0 + (law != "constant"), preferred=frame == "fixed",
        why="",
    )  # fmt: skip


def test_the_model_of_the_alloy_stands_beside_what_was_measured_in_both_frames(concluded, runs):
    number = runs[1]["alloy 100"]
    models = [model(number, "fixed"), model(number, "conserving"), model(number, "fixed", "exponential")]
    conclusions = replace(concluded("alloy 100"), alloy_models=models)
    figure = FIGURES["relaxation-model"].draw(conclusions, "single")
    measured, fixed, conserving = figure.axes[0].get_lines()
    np.testing.assert_allclose(measured.get_ydata(), models[0].measured_ocv * 1e3)
    np.testing.assert_allclose(fixed.get_ydata(), models[0].predicted_ocv * 1e3)
    assert conserving.get_linestyle() == "--"
    caption = FIGURES["relaxation-model"].caption(conclusions)
    assert "constant D = (3.4 ± 0.2) × 10⁻¹¹ cm² s⁻¹" in caption
    assert "preferred" in caption


def test_profiles_take_the_diffusion_that_depletion_gave(concluded, runs):
    number = runs[1]["alloy 100"]
    conclusions = replace(concluded("alloy 100"), alloy_models=[model(number, "fixed")])
    caption = FIGURES["profiles"].caption(conclusions)
    assert f"D = 3.1 × 10⁻¹¹ cm² s⁻¹ at 25 °C, as t₀ of run {number} gives it" in caption
    assert caption.endswith(f"From run {number}. SIMULATED.")


def test_a_long_curve_keeps_its_ends_and_its_peaks():
    x = np.arange(10_000.0)
    y = np.zeros(10_000)
    y[4321] = 7.0
    thin_x, thin_y = thinned(x, y)
    assert len(thin_x) <= 400
    assert (thin_x[0], thin_x[-1]) == (0.0, 9999.0)
    assert (thin_x[np.argmax(thin_y)], thin_y.max()) == (4321.0, 7.0)
    assert np.all(np.diff(thin_x) > 0)


def test_what_is_not_known_is_left_out_of_a_curve():
    x, y = thinned(np.array([0.0, 1.0, 2.0]), np.array([1.0, np.nan, 3.0]))
    assert (list(x), list(y)) == ([0.0, 2.0], [1.0, 3.0])


def test_numbers_are_written_as_far_as_their_interval_allows():
    assert with_interval(0.768, 0.752, 0.785) == "0.768 (0.752 to 0.785)"
    assert with_interval(1.26, 0.9, 1.7) == "1.3 (0.9 to 1.7)"
    assert with_interval(1.26, 0.0, float("inf")) == "1.3 (0.0 to ∞)"
    assert with_error(0.3712, 0.031) == "0.37 ± 0.03"
    assert with_error(0.3712, float("nan")) == "0.371"
    assert diffusion(7.9e-16, 0.0, float("inf")) == "0.79 × 10⁻¹¹ cm² s⁻¹ (interval unbounded)"
