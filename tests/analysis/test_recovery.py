"""The fit finds the truth, says how sure it is, and says so when it does not know."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import LiveFitter, fit_spectrum
from core.errors import BadInput


def follow(cell, resistances, capacitances, per_sweep):
    """Errors of R and C in ln, their z-scores, and the fits along a trajectory."""
    fitter = LiveFitter(cell.area)
    errors, scores, fits = [], [], []
    for k, (r, c) in enumerate(zip(resistances, capacitances, strict=True)):
        spectrum = cell.spectrum(r, c, drift=per_sweep, mid_time=28.0 * k)
        fit = fitter(spectrum)
        error = cell.relative_errors(fit, r, c)
        relative = [fit.parameters[name].stderr / fit[name] for name in ("R_int", "C_int")]
        errors.append(error)
        scores.append(np.array(error) / relative)
        fits.append(fit)
    return np.array(errors), np.array(scores), fits


def test_trajectory_from_30_ohm_cm2(cell):
    n = 250
    r, c = np.geomspace(30, 12_000, n), np.geomspace(1.0, 0.1, n)
    errors, scores, fits = follow(cell.using(outliers=1 / 500), r, c, np.log(r[1] / r[0]))
    assert not any({"poor fit", "below resolution", "no fit"} & set(fit.flags) for fit in fits)
    assert np.median(np.abs(errors[:, 0])) < 0.0025
    assert np.median(np.abs(errors[:, 1])) < 0.006
    assert np.max(np.abs(errors[:, 0])) < 0.10  # no misfit, no swap
    assert np.all((scores.std(axis=0) > 0.8) & (scores.std(axis=0) < 1.25))
    electrolyte = np.array([fit["R_electrolyte"] for fit in fits])
    assert np.max(np.abs(electrolyte / cell.electrolyte - 1)) < 0.01


def test_z_scores_of_steady_spectra_have_width_one(cell):
    scores = []
    for _ in range(300):
        fit = fit_spectrum(cell.spectrum(500.0, 0.4), cell.area)
        error = cell.relative_errors(fit, 500.0, 0.4)
        electrolyte = fit.parameters["R_electrolyte"]
        scores.append(
            [
                error[0] / (fit.parameters["R_int"].stderr / fit["R_int"]),
                error[1] / (fit.parameters["C_int"].stderr / fit["C_int"]),
                (electrolyte.value - cell.electrolyte) / electrolyte.stderr,
                (fit["alpha_int"] - cell.alpha) / fit.parameters["alpha_int"].stderr,
            ]
        )
    assert np.std(scores, axis=0) == pytest.approx([1, 1, 1, 1], abs=0.15)


@pytest.mark.parametrize("roll_off", [7e5, np.inf])
@pytest.mark.parametrize(
    ("resistance", "capacitance"), [(2000.0, 0.02), (5000.0, 0.2), (12_000.0, 0.01), (12_000.0, 0.2)]
)
def test_large_interfaces_from_no_guess(cell, resistance, capacitance, roll_off):
    cell = cell.using(roll_off=roll_off)
    fit = fit_spectrum(cell.spectrum(resistance, capacitance), cell.area)
    error = cell.relative_errors(fit, resistance, capacitance)
    assert abs(error[0]) < 0.006
    assert abs(error[1]) < 0.012
    assert fit.flags == ()


def test_guess_free_never_swaps_labels(cell):
    rng = np.random.default_rng(3)
    for _ in range(120):
        resistance = np.exp(rng.uniform(np.log(30), np.log(20_000)))
        capacitance = np.exp(rng.uniform(np.log(0.02), np.log(2)))
        varied = cell.using(
            alpha=rng.uniform(0.85, 0.97),
            inductance=rng.normal(0.6e-6, 0.05e-6),
            roll_off=rng.choice([5e5, 1e6, np.inf]),
        )
        fit = fit_spectrum(varied.spectrum(resistance, capacitance), cell.area)
        assert fit["tau_gb"] < fit["tau_int"]
        assert abs(varied.relative_errors(fit, resistance, capacitance)[0]) < max(
            0.1, 5 * fit.parameters["R_int"].stderr / fit["R_int"]
        )


def test_warm_and_guess_free_agree(cell):
    fitter = LiveFitter(cell.area)
    for k in range(4):
        spectrum = cell.spectrum(400.0, 0.3, mid_time=28.0 * k)
        warm = fitter(spectrum)
    cold = fit_spectrum(spectrum, cell.area)
    for name in ("R_int", "C_int", "R_electrolyte"):
        assert abs(warm[name] - cold[name]) < 0.05 * cold.parameters[name].stderr


@pytest.mark.parametrize(
    ("resistance", "capacitance"), [(60.0, 1.0), (100.0, 0.02), (30.0, 0.1), (20_000.0, 1.0), (300.0, 20.0)]
)
def test_a_jump_traps_neither_the_start_nor_the_drift(cell, resistance, capacitance):
    fitter = LiveFitter(cell.area)
    for k in range(4):
        fitter(cell.spectrum(10_000.0, 0.02, mid_time=28.0 * k))
    fit = fitter(cell.spectrum(resistance, capacitance, mid_time=28.0 * 4))
    error = abs(cell.relative_errors(fit, resistance, capacitance)[0])
    assert error < max(0.006, 4 * fit.parameters["R_int"].stderr / fit["R_int"])
    assert not {"drift", "poor fit"} & set(fit.flags)


def test_a_swapped_start_is_put_right(cell):
    spectrum = cell.spectrum(300.0, 0.4)
    right = fit_spectrum(spectrum, cell.area)
    swapped = dict(right.parameters)
    for quantity in ("R", "tau"):
        gb, interface = f"{quantity}_gb", f"{quantity}_int"
        swapped[gb], swapped[interface] = right.parameters[interface], right.parameters[gb]
    fit = LiveFitter(cell.area)(spectrum, fit_from=replace(right, parameters=swapped))
    assert fit["R_int"] == pytest.approx(right["R_int"], rel=1e-3)
    assert fit["tau_gb"] < fit["tau_int"]


def test_outliers_do_not_matter(cell):
    spectrum = cell.spectrum(300.0, 0.5)
    clean = fit_spectrum(spectrum, cell.area)
    rng = np.random.default_rng(1)
    for position in rng.choice(np.arange(15, 69), 5, replace=False):
        spectrum.impedance[position] *= 1.3
    dirty = fit_spectrum(spectrum, cell.area)
    assert abs(np.log(dirty["R_int"] / clean["R_int"])) < 0.005
    assert abs(np.log(dirty["C_int"] / clean["C_int"])) < 0.015


def test_both_capacitances_and_what_they_are_made_of(cell):
    fit = fit_spectrum(cell.spectrum(4000.0, 0.1), cell.area)
    r, alpha, q = fit["R_int"], fit["alpha_int"], fit["Q_int"]
    assert fit["C_int"] == pytest.approx((r ** (1 - alpha) * q) ** (1 / alpha))
    electrolyte = fit["R_electrolyte"]
    brug = q ** (1 / alpha) * (1 / electrolyte + 1 / r) ** ((alpha - 1) / alpha)
    assert fit["C_int_brug"] == pytest.approx(brug)
    assert electrolyte == pytest.approx(fit["R_bulk"] + fit["R_gb"])


def test_stated_errors_are_those_of_the_covariance_by_sampling(cell):
    fit = fit_spectrum(cell.spectrum(1500.0, 0.1), cell.area)
    rng = np.random.default_rng(0)
    mean = np.array([np.log(fit[name.split()[1]]) if name.startswith("ln") else 0.0 for name in fit.free])
    share = (fit["alpha_int"] - 0.5) / 0.5
    mean[fit.free.index("logit alpha_int")] = np.log(share / (1 - share))
    draws = dict(zip(fit.free, rng.multivariate_normal(mean, fit.covariance, 20_000).T, strict=True))
    alpha = 0.5 + 0.5 / (1 + np.exp(-draws["logit alpha_int"]))
    r, tau = np.exp(draws["ln R_int"]), np.exp(draws["ln tau_int"])
    electrolyte = np.exp(draws["ln R_bulk"]) + np.exp(draws["ln R_gb"])
    q = tau**alpha / r
    brug = q ** (1 / alpha) * (1 / electrolyte + 1 / r) ** ((alpha - 1) / alpha)
    for name, values in {
        "R_electrolyte": electrolyte,
        "C_int": tau / r,
        "Q_int": q,
        "C_int_brug": brug,
        "alpha_int": alpha,
    }.items():
        assert fit.parameters[name].stderr == pytest.approx(np.std(values), rel=0.05), name


@pytest.mark.parametrize("resistance", [0.01, 0.5, 1.5])
def test_below_resolution_is_an_upper_limit_and_no_number(cell, resistance):
    for _ in range(5):
        fit = fit_spectrum(cell.spectrum(resistance, 5.0), cell.area)
        if "below resolution" in fit.flags:
            assert np.isnan(fit["R_int"])
            assert np.isnan(fit["C_int"])
            assert fit["R_int_upper"] * cell.area / 1e-4 >= max(resistance, 2.0 - 1e-9)
        else:
            assert fit["R_int"] * cell.area / 1e-4 < 2 * 2.0
            assert fit.parameters["R_int"].stderr > 0.1 * fit["R_int"]
        assert fit["R_electrolyte"] == pytest.approx(cell.electrolyte, rel=0.05)
    assert "R_int_upper" not in fit_spectrum(cell.spectrum(100.0, 0.5), cell.area).parameters


def test_truncated_arc_is_flagged(cell):
    fit = fit_spectrum(cell.spectrum(300_000.0, 1.0), cell.area)
    assert "truncated arc" in fit.flags


def test_an_unmodelled_second_arc_is_a_poor_fit(cell):
    spectrum = cell.using(counter=3000.0).spectrum(3000.0, 0.02)
    assert "poor fit" in fit_spectrum(spectrum, cell.area).flags


def test_fit_is_stamped_at_mid_sweep_and_repeats_to_the_bit(cell):
    spectrum = cell.spectrum(270.0, 0.5, mid_time=1234.5)
    first, second = fit_spectrum(spectrum, cell.area), fit_spectrum(spectrum, cell.area)
    assert first.time == pytest.approx(1234.5)
    assert repr(first.parameters) == repr(second.parameters)
    assert np.array_equal(first.covariance, second.covariance)
    assert first.free[5] == "ln R_int"


def test_a_resumed_fitter_goes_on_with_identical_numbers(cell):
    spectra = [cell.spectrum(300 * 1.02**k, 0.4, drift=0.02, mid_time=28.0 * k) for k in range(12)]
    through = LiveFitter(cell.area)
    fits = [through(spectrum) for spectrum in spectra]
    resumed = LiveFitter(cell.area)
    for fit in fits[:8]:
        resumed.remember(fit)
    assert resumed(spectra[8]).parameters == fits[8].parameters


def test_temperature_says_where_the_electrolyte_is_expected(cell):
    # the same time constants that are usual at 25 °C would be strange at 80 °C
    spectrum = cell.spectrum(300.0, 0.4)
    assert "prior conflict" not in fit_spectrum(spectrum, cell.area).flags
    strange = fit_spectrum(spectrum, cell.area, temperature=353.15)
    assert "prior conflict" in strange.flags
    assert abs(cell.relative_errors(strange, 300.0, 0.4)[0]) < 0.02


def test_start_can_be_handed_in(cell):
    spectrum = cell.spectrum(300.0, 0.4)
    start = fit_spectrum(spectrum, cell.area)
    again = LiveFitter(cell.area)(spectrum, fit_from=start)
    assert again["R_int"] == pytest.approx(start["R_int"], rel=1e-4)


@pytest.mark.parametrize("area", [0.0, -1.0, float("nan")])
def test_impossible_area_is_refused(area):
    with pytest.raises(BadInput):
        LiveFitter(area)
