"""The compiled engine and the numpy engine are two ways to the same minima."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import circuit, fit
from analysis.engine import choice
from analysis.engine.interpreted import evaluate
from core.errors import BadInput

FREQUENCY = np.geomspace(7e6, 1.0, 69)


def arc(resistance, tau, alpha):
    return resistance / (1 + (2j * np.pi * FREQUENCY * tau) ** alpha)


def spectra(resistances, noise=0.003, seed=3):
    """Impedances of cells with R_int in Ω, C_int falling as R_int rises, shape (N, n)."""
    rng = np.random.default_rng(seed)
    electrolyte = 2j * np.pi * FREQUENCY * 0.6e-6
    electrolyte = electrolyte + arc(370, 1 / (2 * np.pi * 40e6), 1.0) + arc(150, 1 / (2 * np.pi * 600e3), 0.9)
    clean = np.array([electrolyte + arc(r, 1e-6 * r * (20 / r) ** 0.3, 0.9) for r in resistances])
    draws = rng.standard_normal((2, *clean.shape))
    return clean + noise * np.abs(clean) * (draws[0] + 1j * draws[1])


def with_engine(monkeypatch, name, *args, **more):
    monkeypatch.setenv(choice.VARIABLE, name)
    return fit(*args, **more)


@pytest.mark.parametrize("text", [None, "constriction", "R0-p(R1,CPE1)-p(R2-W1,C2)", "L0-R0-p(R1,CPE1)-Wo1"])
def test_both_engines_give_the_same_answers(monkeypatch, text):
    impedance = spectra([12.0, 80.0, 900.0, 9000.0])
    compiled, plain = (
        with_engine(monkeypatch, name, (FREQUENCY, impedance), text, test=False, noise=np.full(69, 0.003))
        for name in ("compiled", "numpy")
    )
    assert compiled.flags == plain.flags
    sigma = np.sqrt(np.einsum("nii->ni", plain.covariance))
    assert np.nanmax(np.abs(compiled.theta - plain.theta) / sigma) < 2e-3
    assert compiled.rms_residual == pytest.approx(plain.rms_residual, rel=1e-6)


CIRCUITS = (
    "three arcs",
    "constriction",
    "R0-p(R1,C1)",
    "L0-R0-p(R1,CPE1)-W1",
    "p(R1-W1,CPE1)",
    "R0-Ws1",
    "R0-Wo1-C1",
    "G1-p(R1,p(C2,R2-CPE1))",
)


@settings(deadline=None, max_examples=40)
@given(text=st.sampled_from(CIRCUITS), seed=st.integers(0, 10_000))
def test_impedance_and_derivatives_are_the_same_in_both(text, seed):
    compiled_circuit = pytest.importorskip("analysis.engine.compiled_circuit", reason="numba is missing")
    rng = np.random.default_rng(seed)
    model = circuit(text)
    program, p, n = model.program, len(model.free), len(FREQUENCY)
    theta = model.priors(1000.0).expected() + 0.3 * rng.standard_normal(p)
    delay = np.linspace(-9, 9, n)
    slope = np.zeros(p)
    for one in model.arcs:
        slope[[one.ln_r, one.ln_tau]] = rng.normal(0, 0.02, 2)
    omega = 2 * np.pi * FREQUENCY
    expected, expected_derivative = evaluate(program, omega, theta, delay, slope)
    slots, nodes = len(program.slot_parameter), len(program.nodes)
    value, gain, rate = (np.empty(slots) for _ in range(3))
    compiled_circuit.slot_values(program.slot_parameter, program.slots, theta, slope, value, gain, rate)
    z_re, z_im, w_re, w_im = (np.empty((nodes, n)) for _ in range(4))
    d_re, d_im = np.empty((slots, n)), np.empty((slots, n))
    j_re, j_im = np.empty((p, n)), np.empty((p, n))
    compiled_circuit.evaluate(
        program.nodes, program.children, program.slot_parameter, n, np.log(omega), omega, delay,
        value, gain, rate, z_re, z_im, d_re, d_im, w_re, w_im, j_re, j_im,
    )  # fmt: skip
    np.testing.assert_allclose(z_re[-1] + 1j * z_im[-1], expected, rtol=1e-9)
    scale = np.max(np.abs(expected_derivative), axis=1, keepdims=True)
    np.testing.assert_allclose((j_re + 1j * j_im) / scale, expected_derivative / scale, atol=1e-9)


def test_one_at_a_time_is_the_same_as_all_at_once():
    impedance = spectra(np.geomspace(10, 9000, 40))
    together = fit((FREQUENCY, impedance))
    for row in (0, 7, 39):
        alone = fit((FREQUENCY, impedance[row]))
        np.testing.assert_allclose(alone.theta[0], together.theta[row], rtol=1e-9)
        np.testing.assert_allclose(alone.covariance[0], together.covariance[row], rtol=1e-7)


def test_a_chain_ends_in_the_same_minima():
    impedance = spectra(np.geomspace(10, 9000, 60))
    alone, chained = fit((FREQUENCY, impedance)), fit((FREQUENCY, impedance), chain=True)
    sigma = np.sqrt(np.einsum("nii->ni", alone.covariance))
    assert np.max(np.abs(alone.theta - chained.theta) / sigma) < 2e-3


def test_threads_change_nothing():
    impedance = spectra(np.geomspace(10, 9000, 2500))
    one, two = fit((FREQUENCY, impedance)), fit((FREQUENCY, impedance), jobs=2)
    np.testing.assert_array_equal(one.theta, two.theta)
    assert one.flags == two.flags


def test_a_jump_in_a_chain_is_found():
    resistances = np.concatenate([np.full(20, 50.0), np.full(20, 6000.0), np.full(20, 50.0)])
    chained = fit((FREQUENCY, spectra(resistances)), chain=True)
    assert np.max(np.abs(np.log(chained.values["R_int"] / resistances))) < 0.06


def test_an_engine_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv(choice.VARIABLE, "abacus")
    with pytest.raises(BadInput, match="'abacus', which is no engine"):
        fit((FREQUENCY, spectra([50.0])))


WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
import numpy as np
from analysis import fit
from analysis.engine import choice
frequency = np.geomspace(7e6, 1.0, 69)
impedance = 500 + 1000 / (1 + 2j * np.pi * frequency * 1e-4)
fits = fit((frequency, np.repeat(impedance[None], 20, axis=0)))
print(choice.kernels().name, round(float(fits.values["R_int"][0])))
"""


def test_a_machine_without_a_compiler_is_served():
    done = subprocess.run([sys.executable, "-c", WITHOUT_NUMBA], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["numpy", "1000"], done.stderr


def test_importing_the_analysis_does_not_load_the_compiler():
    code = "import sys, analysis; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False", done.stderr


def test_answers_do_not_wait_for_the_compiler(tmp_path, monkeypatch):
    """With an empty cache, numpy answers while the compiled engine is being made."""
    code = """
import os
import numpy as np
from analysis import fit
from analysis.engine import choice
frequency = np.geomspace(7e6, 1.0, 69)
impedance = 500 + 1000 / (1 + 2j * np.pi * frequency * 1e-4)
choice.prepare()
print(round(float(fit((frequency, impedance)).values["R_int"][0])), choice.kernels().name, flush=True)
os._exit(0)
"""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=200)
    assert done.stdout.split() == ["1000", "numpy"], done.stderr
