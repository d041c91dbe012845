"""What can be handed to `fit`, and what comes back."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from analysis import circuit, fit, kramers_kronig
from analysis.engine.interpreted import evaluate
from analysis.model_curve import impedance_of
from core.errors import BadInput
from core.records import Spectrum

FREQUENCY = np.geomspace(7e6, 1.0, 69)
AREA = 0.283e-4


def zarc(resistance, tau, alpha, frequency=FREQUENCY):
    return resistance / (1 + (2j * np.pi * frequency * tau) ** alpha)


def with_noise(impedance, rng, noise=0.003):
    draws = rng.standard_normal((2, *impedance.shape))
    return impedance * (1 + noise * (draws[0] + 1j * draws[1]))


def electrolyte(frequency=FREQUENCY):
    fast = 2j * np.pi * frequency * 0.6e-6 + zarc(710, 1 / (2 * np.pi * 40e6), 1.0, frequency)
    return fast + zarc(290, 1 / (2 * np.pi * 600e3), 0.9, frequency)


@pytest.fixture
def ideal(cell):
    """A cell at an instrument whose control loop does not roll off."""
    return cell.using(roll_off=np.inf, floor=0.0)


def bare(frequency, impedance, start):
    n = len(frequency)
    still = np.zeros(n)
    time = start + np.linspace(0.0, 19.0, n)
    return Spectrum("GEIS", frequency, impedance, time, still, still, still, still, 0.0)


def test_records_and_arrays_are_the_same(ideal):
    run = [ideal.spectrum(400 * 1.05**k, 0.3, drift=0.03, mid_time=28.0 * k) for k in range(30)]
    impedance, time = (np.array([getattr(one, name) for one in run]) for name in ("impedance", "time"))
    records, arrays = fit(run, area=AREA), fit((ideal.frequency, impedance, time), area=AREA)
    rows = fit((np.tile(ideal.frequency, (30, 1)), impedance, time), area=AREA)
    for other in (arrays, rows):
        np.testing.assert_allclose(other.theta, records.theta, rtol=1e-10)
        np.testing.assert_allclose(other.covariance, records.covariance, rtol=1e-6)
        assert other.flags == records.flags
        assert other.kramers_kronig == records.kramers_kronig
        np.testing.assert_allclose(other.time, [one.mid_time for one in run])


def test_one_set_of_times_goes_for_all(ideal):
    impedance = np.array([ideal.spectrum(400.0, 0.3).impedance for _ in range(3)])
    once, thrice = (
        fit((ideal.frequency, impedance, time)) for time in (ideal.finished, np.tile(ideal.finished, (3, 1)))
    )
    np.testing.assert_allclose(once.theta, thrice.theta, rtol=1e-10)
    np.testing.assert_allclose(once.time, thrice.time)


def test_spectra_of_different_lengths_go_together():
    rng = np.random.default_rng(4)
    run = []
    for k, (low, high, n) in enumerate([(1.0, 7e6, 69), (10.0, 1e6, 31), (0.5, 7e6, 90), (1.0, 7e6, 69)]):
        frequency = np.geomspace(high, low, n)
        z = electrolyte(frequency) + zarc(3000, 3e-4, 0.9, frequency)
        run.append(bare(frequency, with_noise(z, rng), 1000.0 * k))
    together = fit(run, area=AREA)
    assert [len(mask) for mask in together.masks] == [69, 31, 90, 69]
    for row, one in enumerate(run):
        alone = fit([one], area=AREA)
        np.testing.assert_allclose(together.theta[row], alone.theta[0], rtol=1e-6)
        assert together.values["R_int"][row] == pytest.approx(3000, rel=0.02)
        assert together[row].kramers_kronig == alone[0].kramers_kronig


def test_too_short_a_spectrum_leaves_the_others_alone():
    rng = np.random.default_rng(5)
    z = electrolyte() + zarc(3000, 3e-4, 0.9)
    run = [bare(FREQUENCY, with_noise(z, rng), 0.0), bare(FREQUENCY[:3], z[:3], 1000.0)]
    run.append(bare(FREQUENCY[:0], z[:0], 2000.0))
    fits = fit(run, area=AREA)
    assert fits.values["R_int"][0] == pytest.approx(3000, rel=0.02)
    assert all("no fit" in flags for flags in fits.flags[1:])
    assert np.all(np.isnan(fits.theta[1:]))
    assert len(fit([])) == 0


def test_masks_are_in_the_order_of_measurement():
    rng = np.random.default_rng(6)
    order = rng.permutation(69)
    frequency = FREQUENCY[order]
    z = with_noise(electrolyte(frequency) + zarc(3000, 3e-4, 0.9, frequency), rng)
    z[[4, 40]] = np.nan
    frequency = frequency.copy()
    frequency[11] = -1.0
    fits = fit([bare(frequency, z, 0.0)], area=AREA)
    assert not fits.masks[0][[4, 11, 40]].any()
    assert np.count_nonzero(fits.masks[0]) == 66
    assert "bad points" in fits.flags[0]


def test_a_mask_shows_which_low_frequencies_were_dropped():
    """From low to high, as some instruments measure, with a drift that grows towards low frequencies."""
    rng = np.random.default_rng(7)
    frequency = FREQUENCY[::-1]
    z = with_noise(electrolyte(frequency) + zarc(3000, 3e-4, 0.9, frequency), rng)
    z = z * np.where(frequency < 10, (10 / frequency) ** np.log10(1.3), 1)
    fits = fit([bare(frequency, z, 0.0)], area=AREA)
    dropped = np.flatnonzero(~fits.masks[0])
    assert len(dropped)
    assert np.array_equal(dropped, np.arange(len(dropped)))
    assert fits.kramers_kronig[0].dropped_below == pytest.approx(frequency[len(dropped)])


def test_noise_of_every_point_is_believed():
    rng = np.random.default_rng(8)
    noise = np.where((FREQUENCY > 30) & (FREQUENCY < 3e3), 0.03, 0.003)
    z = np.tile(electrolyte() + zarc(3000, 3e-4, 0.9), (150, 1))
    z = with_noise(z, rng, noise)
    told, untold = fit((FREQUENCY, z), noise=noise, test=False), fit((FREQUENCY, z), test=False)
    error = np.log(told.values["R_int"] / 3000)
    assert np.std(error) < 0.8 * np.std(np.log(untold.values["R_int"] / 3000))
    score = error / (told.stderrs["R_int"] / told.values["R_int"])
    assert 0.85 < np.std(score) < 1.15
    rows = fit((FREQUENCY, z), noise=np.tile(noise, (150, 1)), test=False)
    np.testing.assert_array_equal(rows.theta, told.theta)
    backwards = fit((FREQUENCY[::-1], z[:, ::-1]), noise=noise[::-1], test=False)
    np.testing.assert_allclose(backwards.theta, told.theta, rtol=1e-8)


def test_each_spectrum_has_its_own_temperature():
    rng = np.random.default_rng(9)
    z = with_noise(np.tile(electrolyte() + zarc(3000, 3e-4, 0.9), (3, 1)), rng)
    temperatures = np.array([298.15, 318.15, 353.15])
    together = fit((FREQUENCY, z), temperature=temperatures)
    for row, temperature in enumerate(temperatures):
        alone = fit((FREQUENCY, z[row]), temperature=float(temperature))
        np.testing.assert_allclose(together.theta[row], alone.theta[0], rtol=1e-7)
        assert together.flags[row] == alone.flags[0]
    assert "prior conflict" not in together.flags[0]
    assert "prior conflict" in together.flags[2]


Z = np.ones((4, 69), dtype=complex)


@pytest.mark.parametrize(
    ("arrays", "more"),
    [
        ((FREQUENCY[:-1], Z), {}),
        ((np.tile(FREQUENCY, (3, 1)), Z), {}),
        ((FREQUENCY, Z[None]), {}),
        ((FREQUENCY, Z, np.arange(68.0)), {}),
        ((FREQUENCY, Z, np.zeros((3, 69))), {}),
        ((FREQUENCY,), {}),
        ((FREQUENCY, Z, FREQUENCY, FREQUENCY), {}),
        ((FREQUENCY, Z), {"temperature": np.full(3, 298.15)}),
        ((FREQUENCY, Z), {"noise": np.full(68, 0.003)}),
        ((FREQUENCY, Z), {"noise": np.full((3, 69), 0.003)}),
        ((FREQUENCY, Z), {"area": -1.0}),
        ((FREQUENCY, Z), {"area": np.nan}),
        ((FREQUENCY, Z), {"circuit": "R0-p(R1,"}),
        ((FREQUENCY, Z), {"circuit": "four arcs"}),
    ],
)
def test_what_does_not_belong_together_is_refused(arrays, more):
    with pytest.raises(BadInput) as refusal:
        fit(arrays, **more)
    assert len(str(refusal.value)) > 20


def test_any_circuit_is_fitted_under_its_own_names():
    rng = np.random.default_rng(10)
    frequency = np.geomspace(1e6, 0.1, 61)
    s = 2j * np.pi * frequency
    warburg = 20 / np.sqrt(s) * np.sqrt(2)
    inner = 50 + warburg
    z = with_noise(10 + 1 / (1 / inner + 2e-6 * s**0.9), rng, 0.002)
    fits = fit((frequency, np.tile(z, (2, 1))), "R0-p(R1-W1,CPE1)")
    assert fits.values["R0"][0] == pytest.approx(10, rel=0.01)
    assert fits.values["R1"][0] == pytest.approx(50, rel=0.02)
    assert fits.values["CPE1_alpha"][0] == pytest.approx(0.9, abs=0.01)
    assert fits.flags[0] == ()
    assert not {"R_int", "drift_int"} & set(fits.values)
    curve = impedance_of(fits[0], frequency)
    assert np.sqrt(np.mean(np.abs(curve / z - 1) ** 2)) < 0.004


def two_arcs(rng):
    frequency = np.geomspace(1e6, 0.1, 57)
    z = 20 + zarc(100, 1e-4, 0.85, frequency) + zarc(300, 0.05, 0.85, frequency)
    return frequency, with_noise(z, rng)


RESTRICTED = {
    "fixed": ({"fix": {"R1": 100.0, "CPE1_alpha": 0.85}}, 7 - 2),
    "tied": ({"ties": {"R2": ("R1", 3.0), "alpha2": "alpha1"}}, 7 - 2),
    "bounded": ({"bounds": {"R1": (50.0, 150.0), "tau2": (1e-3, 1.0)}}, 7),
}


@pytest.mark.parametrize(("said", "free"), RESTRICTED.values(), ids=RESTRICTED)
def test_what_is_fixed_tied_or_bounded_stays_so(said, free):
    frequency, z = two_arcs(np.random.default_rng(11))
    model = circuit("R0-p(R1,CPE1)-p(R2,CPE2)", **said)
    assert len(model.free) == free
    one = fit((frequency, z), model)[0]
    assert one["R1"] == pytest.approx(100, rel=0.03)
    assert one["R2"] == pytest.approx(300, rel=0.03)
    if "fix" in said:
        assert one["R1"] == pytest.approx(100.0, rel=1e-12)
        assert one.parameters["R1"].stderr == 0
    if "ties" in said:
        assert one["R2"] == pytest.approx(3 * one["R1"], rel=1e-12)
    assert np.allclose(impedance_of(one, frequency), z, rtol=0.03)


def test_a_bound_holds_against_the_data():
    frequency, z = two_arcs(np.random.default_rng(12))
    one = fit((frequency, z), circuit("R0-p(R1,CPE1)-p(R2,CPE2)", bounds={"R0": (21.0, 40.0)}))[0]
    assert 21.0 <= one["R0"] < 21.3


def two_interface_arcs(r_con, tau_con, r_ct, tau_ct, rng, alphas=(0.93, 0.9)):
    z = electrolyte() + zarc(r_con, tau_con, alphas[0]) + zarc(r_ct, tau_ct, alphas[1])
    return with_noise(z, rng)


def check_two_arcs(fits, r_con, r_ct, tau_ct):
    values, stderrs = fits.values, fits.stderrs
    assert np.all(values["tau_con"] < values["tau_int"])
    assert np.allclose(values["R_int"], values["R_con"] + values["R_ct"], rtol=1e-9)
    assert np.allclose(values["C_int"], values["tau_int"] / values["R_ct"], rtol=1e-9)
    assert np.all(np.abs(np.log(values["R_int"] / (r_con + r_ct))) < 0.05)
    for name, truth in (("R_con", r_con), ("R_ct", r_ct), ("C_int", tau_ct / r_ct)):
        assert np.all(np.abs(values[name] - truth) < 5 * stderrs[name]), name


def test_two_interface_arcs_never_change_places_along_a_run():
    rng, n = np.random.default_rng(13), 200
    x = np.linspace(0, 1, n)
    r_con, r_ct, tau_con, tau_ct = 100 * 30**x, 300 * 60**x, 3e-6 * 8**x, 3e-4 * 20**x
    z = [two_interface_arcs(*row, rng) for row in zip(r_con, tau_con, r_ct, tau_ct, strict=True)]
    fits = fit((FREQUENCY, np.array(z)), "two interface arcs", chain=True)
    check_two_arcs(fits, r_con, r_ct, tau_ct)
    score = (fits.values["R_int"] - r_con - r_ct) / fits.stderrs["R_int"]
    assert 0.85 < np.std(score) < 1.15


def test_two_interface_arcs_never_change_places_without_a_guess():
    rng, n = np.random.default_rng(14), 24
    r_con, tau_con = np.exp(rng.uniform(np.log([100, 3e-6]), np.log([3000, 3e-5]), (n, 2))).T
    r_ct = np.exp(rng.uniform(np.log(300), np.log(20_000), n))
    tau_ct = tau_con * np.exp(rng.uniform(np.log(20), np.log(300), n))
    alphas = rng.uniform(0.85, 0.98, (n, 2))
    rows = zip(r_con, tau_con, r_ct, tau_ct, alphas, strict=True)
    z = [two_interface_arcs(*row, rng, own) for *row, own in rows]
    check_two_arcs(fit((FREQUENCY, np.array(z)), "constriction"), r_con, r_ct, tau_ct)


@pytest.mark.parametrize(
    "text",
    [
        "three arcs",
        "two interface arcs",
        "three arcs {alpha_gb=0.85}",
        "L0-R0-p(R1,CPE1)-p(R2,CPE2)",
        "R0-p(R1,C1)-Wo1",
        "R0-ZARC1-G1",
    ],
)
def test_every_model_can_be_drawn_from_its_record(text):
    model = circuit(text)
    theta = model.priors(1000.0).expected()
    rng = np.random.default_rng(15)
    values, stderrs = model.quantities(theta[None], np.zeros((1, len(theta), len(theta))))
    known = fit((FREQUENCY, with_noise(electrolyte() + zarc(2000, 1e-4, 0.9), rng)), model)
    record = replace(known, values=values, stderrs=stderrs, flags=[()])[0]
    assert np.all(np.isfinite(impedance_of(known[0], FREQUENCY)))
    expected, _ = evaluate(model.program, 2 * np.pi * FREQUENCY, theta)
    assert np.allclose(impedance_of(record, FREQUENCY), expected, rtol=1e-9)


@pytest.mark.parametrize("text", [None, "two interface arcs", "R0-p(R1,CPE1)-W1"])
def test_a_record_goes_into_json(text):
    rng = np.random.default_rng(16)
    z = with_noise(np.array([electrolyte(), electrolyte() + zarc(3000, 3e-4, 0.9)]), rng)
    z = np.vstack([z, np.full((1, 69), np.nan)])
    for one in fit((FREQUENCY, z), text, area=AREA):
        said = {
            "model": one.model,
            "time": one.time,
            "parameters": {name: asdict(value) for name, value in one.parameters.items()},
            "free": one.free,
            "rms": one.rms_residual,
            "kk": asdict(one.kramers_kronig),
            "flags": one.flags,
        }
        again = json.loads(json.dumps(said))
        assert again["flags"] == list(one.flags)
        assert set(again["parameters"]) == set(one.parameters)
        assert one.mask.dtype == bool


@pytest.mark.parametrize("scatter", [0.1, 1.0, 30.0])
def test_pure_scatter_does_not_pass_and_says_so(scatter):
    rng = np.random.default_rng(17)
    z = with_noise(np.tile(electrolyte() + zarc(3000, 3e-4, 0.9), (30, 1)), rng, scatter)
    for found in (kramers_kronig((FREQUENCY, z)).verdicts, fit((FREQUENCY, z)).kramers_kronig):
        assert not any(verdict.passed for verdict in found)
        assert all("scatter by" in verdict.reason for verdict in found)


def test_ordinary_scatter_passes():
    z = with_noise(np.tile(electrolyte() + zarc(3000, 3e-4, 0.9), (100, 1)), np.random.default_rng(18), 0.02)
    assert all(verdict.passed and not verdict.reason for verdict in kramers_kronig((FREQUENCY, z)).verdicts)


def test_progress_counts_every_spectrum():
    z = with_noise(np.tile(electrolyte() + zarc(3000, 3e-4, 0.9), (2500, 1)), np.random.default_rng(19))
    for jobs in (1, 2):
        seen = []
        fit((FREQUENCY, z), jobs=jobs, progress=seen.append)
        assert seen[-1] == 2500
        assert seen == sorted(seen)
        assert len(seen) > 1
