"""Whether a least-squares fit from the first starting points finds the truth, for circuits of many shapes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

from analysis.circuits.model import circuit
from analysis.circuits.starts import starts
from analysis.engine.interpreted import evaluate

DATA = Path(__file__).parents[4] / "shared" / "data"
FREQUENCY = np.geomspace(1e6, 0.1, 57)
NOISE = 0.003
FIRST = 3


def best_fit(model, frequency, impedance):
    """Plain least squares from the first starting points; returns χ² per degree of freedom and θ."""
    omega, weight = 2 * np.pi * frequency, 1 / np.abs(impedance)

    def residual(theta):
        return ((evaluate(model.program, omega, theta)[0] - impedance) * weight / NOISE).view(float)

    def slope(theta):
        return np.ascontiguousarray(evaluate(model.program, omega, theta)[1] * weight / NOISE).view(float).T

    found = [
        least_squares(residual, theta, slope, method="lm", max_nfev=400)
        for theta in starts(model, frequency, impedance, weight)[:FIRST]
    ]
    best = min(found, key=lambda one: one.cost)
    return 2 * best.cost / (2 * len(frequency) - len(best.x)), best.x


def measured(model, theta, rng, frequency=FREQUENCY):
    z = evaluate(model.program, 2 * np.pi * frequency, np.array(theta, dtype=float))[0]
    noise = rng.standard_normal(len(frequency)) + 1j * rng.standard_normal(len(frequency))
    return z * (1 + NOISE * noise)


CASES = {
    "R0-C1": [(2, 4), (-12, -6)],
    "R0-p(R1,CPE1)": [(0, 4), (2, 7), (-11, -1), (0, 4)],
    "R0-CPE1": [(2, 4), (-12, -6), (0, 4)],
    "p(R1-W1,CPE1)": [(2, 7), (1, 5), (-12, -7), (1, 4)],
    "R0-p(R1-W1,CPE1)": [(2, 5), (3, 7), (1, 5), (-12, -8), (1, 4)],
    "R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)": [
        *((2, 4), (3, 6), (-11.5, -10), (0, 3)),
        *((3, 6), (-7, -6), (0, 3), (3, 6), (-2, -1), (0, 3)),
    ],
    "R0-Ws1": [(2, 4), (3, 6), (-6, 1)],
    "R0-p(R1,C1)-Wo1": [(2, 4), (3, 6), (-12, -6), (3, 6), (-2, 1)],
    "R0-p(R1-Ws1,CPE1)": [(2, 4), (3, 6), (3, 6), (-3, 1), (-12, -8), (1, 4)],
    "R0-G1": [(2, 4), (3, 6), (-6, 0)],
    "R0-p(CPE1,R1-p(CPE2,R2))": [(2, 4), (-14, -11), (2, 4), (3, 5), (3, 6), (-6, -2), (1, 4)],
    "R0-p(R1,L1)-p(R2,CPE1)": [(2, 4), (2, 4), (2, 6), (4, 6), (-11, -6), (1, 4)],
}


@pytest.mark.parametrize("text", CASES)
def test_no_guess_is_needed(text):
    model = circuit(text)
    rng = np.random.default_rng(11)
    for _ in range(3):
        truth = [rng.uniform(low, high) for low, high in CASES[text]]
        quality, _ = best_fit(model, FREQUENCY, measured(model, truth, rng))
        assert quality < 1.5, dict(zip(model.free, truth, strict=True))


def test_arcs_come_out_fast_to_slow():
    model = circuit("R0-p(R1,CPE1)-p(R2,CPE2)")
    truth = np.array([3.0, 4.0, -2.0, 1.0, 5.0, -8.0, 1.5])
    quality, theta = best_fit(model, FREQUENCY, measured(model, truth, np.random.default_rng(0)))
    assert quality < 1.5
    assert theta[2] < theta[5]
    assert theta[[1, 2, 4, 5]] == pytest.approx([5, -8, 4, -2], abs=0.1)


def test_two_interface_arcs():
    frequency = np.geomspace(7e6, 1, 69)
    model = circuit("constriction")
    truth = [0.6, 5.5, -19.34, 5.0, -15.14, 6.0, -10.5, 1.0, 7.0, -5.5, 1.5]
    z = measured(model, truth, np.random.default_rng(5), frequency)
    quality, theta = best_fit(model, frequency, z)
    assert quality < 1.5
    assert np.exp(theta[5]) + np.exp(theta[8]) == pytest.approx(np.exp(6) + np.exp(7), rel=0.02)


RESTRICTED = {
    "held": {"fix": {"R2": 300.0, "CPE1_alpha": 0.85}},
    "tied": {"ties": {"R2": ("R1", 3.0), "alpha2": "alpha1"}},
    "bounded": {"bounds": {"tau1": (1e-2, 1.0), "tau2": (1e-6, 1e-3)}},
    "expected": {"priors": {"tau1": (0.05, 0.1)}},
    "apart": {"bounds": {"CPE1_Q": (1e-6, 1e-2)}},
}


@pytest.mark.parametrize("said", RESTRICTED.values(), ids=RESTRICTED)
def test_what_is_said_is_respected(said):
    """R1 belongs to the slow arc here, which only the restrictions tell."""
    plain = circuit("R0-p(R1,CPE1)-p(R2,CPE2)", bounds={"tau1": (1e-2, 1.0), "tau2": (1e-6, 1e-3)})
    share = np.log((0.85 - 0.3) / 0.7 / (1 - (0.85 - 0.3) / 0.7))
    slow, fast = np.log(5) / np.log(100), np.log(100) / np.log(1000)
    truth = [
        3.0,
        np.log(100),
        np.log(slow / (1 - slow)),
        share,
        np.log(300),
        np.log(fast / (1 - fast)),
        share,
    ]
    z = measured(plain, truth, np.random.default_rng(2))
    model = circuit("R0-p(R1,CPE1)-p(R2,CPE2)", **said)
    quality, theta = best_fit(model, FREQUENCY, z)
    assert quality < 1.5
    values, _ = model.quantities(theta[None], np.zeros((1, len(theta), len(theta))))
    if "tau1" in values:
        assert values["tau1"][0] == pytest.approx(0.05, rel=0.1)
    assert values["R2"][0] == pytest.approx(300, rel=0.05)


@pytest.mark.parametrize("text", ["R0-p(R1,CPE1)", "R0-p(R1-W1,CPE1)"])
@pytest.mark.parametrize(
    "impedance", [np.full(20, 5.0 + 0j), 1j * np.geomspace(1e3, 1, 20), np.full(20, 1e-9 - 1e-9j)]
)
def test_odd_spectra_still_have_a_start(text, impedance):
    model = circuit(text)
    found = starts(model, np.geomspace(1e5, 1, 20), impedance, 1 / np.abs(impedance))
    assert 1 <= len(found) <= 6
    assert all(np.all(np.isfinite(theta)) and len(theta) == len(model.free) for theta in found)


def test_the_same_spectrum_gives_the_same_starts():
    model = circuit("R0-p(R1-W1,CPE1)")
    z = measured(model, [3, 5, 3, -10, 2], np.random.default_rng(0))
    first, second = (starts(model, FREQUENCY, z, 1 / np.abs(z)) for _ in range(2))
    assert np.array_equal(np.array(first), np.array(second))


def test_the_dummy_cell():
    path = DATA / "Circuit1_EIS_1.z"
    if not path.exists():
        pytest.skip("the folder with other people's measurements is not here")
    lines = path.read_text(encoding="latin1").split("End Comments")[1].splitlines()[1:]
    columns = np.array([line.split() for line in lines if line.strip()], dtype=float)
    frequency, z = columns[:, 0], columns[:, 4] + 1j * columns[:, 5]
    model = circuit("L0-R0-p(R1,CPE1)")
    quality, theta = best_fit(model, frequency, z)
    values, _ = model.quantities(theta[None], np.zeros((1, 5, 5)))
    assert np.sqrt(quality) * NOISE < 1e-3
    assert values["R0"][0] == pytest.approx(29.1, rel=0.01)
    assert values["R1"][0] == pytest.approx(46.7, rel=0.01)
    assert values["C_eff1"][0] == pytest.approx(10.4e-6, rel=0.02)


def test_the_public_example():
    path = DATA / "exampleData.csv"
    if not path.exists():
        pytest.skip("the folder with other people's measurements is not here")
    frequency, real, imaginary = np.loadtxt(path, delimiter=",").T
    seen = imaginary < 0
    z = (real + 1j * imaginary)[seen]
    quality, theta = best_fit(circuit("R0-p(R1,C1)-p(R2-Wo1,C2)"), frequency[seen], z)
    assert np.sqrt(quality) * NOISE < 0.014
    assert np.exp(theta[0]) == pytest.approx(0.0165, rel=0.03)


def test_elements_in_series_do_not_load_the_samplers():
    code = (
        "import sys, numpy as np\n"
        "from analysis.circuits.model import circuit\n"
        "from analysis.circuits.starts import starts\n"
        "f = np.geomspace(1e5, 1, 20)\n"
        "z = 1 + 9 / (1 + 2j * np.pi * f * 1e-3)\n"
        "starts(circuit('R0-p(R1,C1)'), f, z, 1 / abs(z))\n"
        "sys.exit('scipy.stats' in sys.modules or 'numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
