import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.circuits.model import circuit
from analysis.engine.interpreted import evaluate
from analysis.engine.many import impedances

SEEDS = st.integers(0, 2**32 - 1)
ELEMENTS = ("R", "L", "C", "CPE", "W", "Ws", "Wo", "G", "ZARC")
OMEGA = 2 * np.pi * np.geomspace(1e6, 1, 25)
THETA = np.array([0.6, 6.0, -19.0, 5.0, -15.0, 7.0, -8.0, 1.0])


@st.composite
def nested(draw):
    """A circuit in the field's notation: up to three levels, no names."""

    def part(level):
        if level == 0 or draw(st.booleans()):
            return draw(st.sampled_from(ELEMENTS))
        inner = [part(level - 1) for _ in range(draw(st.integers(2, 3)))]
        return "-".join(inner) if draw(st.booleans()) else f"p({','.join(inner)})"

    return part(3)


def differences(program, omega, theta, step=1e-5):
    rows = []
    for place in range(len(theta)):
        ahead, behind = theta.copy(), theta.copy()
        ahead[place] += step
        behind[place] -= step
        rows.append((evaluate(program, omega, ahead)[0] - evaluate(program, omega, behind)[0]) / (2 * step))
    return np.array(rows)


@settings(max_examples=60, deadline=None)
@given(nested(), SEEDS)
def test_derivatives_agree_with_finite_differences(text, seed):
    model = circuit(text)
    rng = np.random.default_rng(seed)
    theta = np.array([_ordinary(name, rng) for name in model.free])
    impedance, derivative = evaluate(model.program, OMEGA, theta)
    assert np.all(np.isfinite(impedance))
    # a resonance bends more than a difference can follow, so errors count relative to the largest
    expected = differences(model.program, OMEGA, theta)
    size = np.abs(expected) + np.abs(impedance)
    smooth = np.max(np.abs(expected), axis=0) < 100 * np.abs(impedance)
    assert np.max(np.abs(derivative - expected)[:, smooth] / size[:, smooth], initial=0) < 1e-4


@settings(max_examples=40, deadline=None)
@given(nested(), SEEDS)
def test_many_at_once_are_the_same(text, seed):
    model = circuit(text)
    rng = np.random.default_rng(seed)
    theta = np.array([[_ordinary(name, rng) for name in model.free] for _ in range(3)])
    together = impedances(model.program, OMEGA, theta)
    for one, impedance in zip(theta, together, strict=True):
        assert np.allclose(evaluate(model.program, OMEGA, one)[0], impedance, rtol=1e-9)


def _ordinary(name, rng):
    quantity = name.removeprefix("ln ").removeprefix("logit ")
    ln_omega = rng.uniform(2, 15)
    if not name.startswith("ln "):
        return rng.uniform(-1, 2)
    if quantity.endswith("_tau"):
        return -ln_omega
    if quantity.startswith("W") and "_" not in quantity:
        return 4.6 + ln_omega / 2
    if quantity.startswith("tau"):
        return -ln_omega
    if quantity.startswith("L"):
        return 4.6 - ln_omega
    if quantity.startswith("C"):
        return -4.6 - ln_omega
    return rng.uniform(3, 6)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("R1", lambda s: 7 + 0 * s),
        ("C1", lambda s: 1 / (7 * s)),
        ("CPE1", lambda s: 1 / (7 * s**0.8)),
        ("W1", lambda s: 7 * (1 - 1j) / np.sqrt(s.imag)),
        ("Ws1", lambda s: 7 * np.tanh(np.sqrt(0.02 * s)) / np.sqrt(0.02 * s)),
        ("Wo1", lambda s: 7 / np.tanh(np.sqrt(0.02 * s)) / np.sqrt(0.02 * s)),
        ("G1", lambda s: 7 / np.sqrt(1 + 0.02 * s)),
        ("ZARC1", lambda s: 7 / (1 + (0.02 * s) ** 0.8)),
        ("p(R1,C1)", lambda s: 7 / (1 + 0.02 * s)),
        ("p(R1,R2-L1)", lambda s: 7 * (7 + 7 * s) / (14 + 7 * s)),
    ],
)
def test_every_element_is_what_the_table_says(text, formula):
    model = circuit(text)
    theta = [0.02 if "tau" in name else 7.0 for name in model.free]
    share = (0.8 - 0.3) / 0.7
    theta = [
        np.log(share / (1 - share)) if name.startswith("logit") else np.log(value)
        for name, value in zip(model.free, theta, strict=True)
    ]
    omega = np.geomspace(0.1, 1e4, 20)
    assert np.allclose(evaluate(model.program, omega, np.array(theta))[0], formula(1j * omega), rtol=1e-12)


def test_an_inductance_in_series_is_in_microhenry():
    impedance, derivative = evaluate(circuit("L0-R0").program, np.array([1e6]), np.array([-2.0, 0.0]))
    assert impedance[0] == pytest.approx(1 - 2j)
    assert derivative[0, 0] == pytest.approx(1j)


def three_arcs(frequency, theta, delay=0.0, slope_r=0.0, slope_tau=0.0):
    """The formula of the default circuit, with an interface that drifts."""
    inductance, ln_r_bulk, ln_tau_bulk, ln_r_gb, ln_tau_gb, ln_r_int, ln_tau_int, logit = theta
    s = 2j * np.pi * frequency
    alpha = 0.5 + 0.5 / (1 + np.exp(-logit))
    bulk = np.exp(ln_r_bulk) / (1 + s * np.exp(ln_tau_bulk))
    gb = np.exp(ln_r_gb) / (1 + (s * np.exp(ln_tau_gb)) ** 0.9)
    r_int, tau_int = np.exp(ln_r_int + slope_r * delay), np.exp(ln_tau_int + slope_tau * delay)
    return s * inductance * 1e-6 + bulk + gb + r_int / (1 + (s * tau_int) ** alpha)


def slopes_of(formula, theta, step=1e-5):
    """Derivatives of a formula at θ, by differences of fourth order."""
    return np.array(
        [
            (
                8 * (formula(theta + one) - formula(theta - one))
                - (formula(theta + 2 * one) - formula(theta - 2 * one))
            )
            / (12 * step)
            for one in step * np.eye(len(theta))
        ]
    )


def test_default_equals_the_three_arcs():
    frequency = np.geomspace(7e6, 1, 69)
    found, slopes = evaluate(circuit().program, 2 * np.pi * frequency, THETA)
    assert np.allclose(found, three_arcs(frequency, THETA), rtol=1e-13)
    expected = slopes_of(lambda theta: three_arcs(frequency, theta), THETA)
    assert np.allclose(slopes, expected, rtol=1e-9, atol=1e-7)


def test_drift_equals_that_of_the_three_arcs():
    frequency, delay = np.geomspace(7e6, 1, 69), np.linspace(-9, 10, 69)
    model = circuit()
    slope = np.zeros(len(THETA))
    slope[model.free.index("ln R_int")], slope[model.free.index("ln tau_int")] = 0.01, -0.004
    found, slopes = evaluate(model.program, 2 * np.pi * frequency, THETA, delay, slope)
    assert np.allclose(found, three_arcs(frequency, THETA, delay, 0.01, -0.004), rtol=1e-13)
    expected = slopes_of(lambda theta: three_arcs(frequency, theta, delay, 0.01, -0.004), THETA)
    assert np.allclose(slopes, expected, rtol=1e-9, atol=1e-7)
    assert not np.allclose(found, three_arcs(frequency, THETA), rtol=1e-3)


def test_drift_follows_a_nested_arc():
    model = circuit("R0-p(C1,R1-p(R2,CPE2))")
    theta = np.array([2.0, -16.0, 3.0, 5.0, -6.0, 1.0])
    delay, slope = np.linspace(-5, 5, 25), np.zeros(6)
    slope[model.free.index("ln R2")] = 0.02
    drifting = evaluate(model.program, OMEGA, theta, delay, slope)[0]
    for point in (0, 12, 24):
        then = theta + slope * delay[point]
        steady = evaluate(model.program, OMEGA[point : point + 1], then)[0][0]
        assert drifting[point] == pytest.approx(steady, rel=1e-12)


@pytest.mark.parametrize("text", ["R0-p(R1,CPE1)", "Ws1", "Wo1", "G1", "p(R1,L1)", "p(R1-W1,CPE1)"])
@pytest.mark.parametrize("extreme", [-250.0, -80.0, 80.0, 250.0])
def test_extreme_values_stay_finite(text, extreme):
    model = circuit(text)
    for place in range(len(model.free)):
        theta = np.zeros(len(model.free))
        theta[place] = extreme
        impedance, derivative = evaluate(model.program, OMEGA, theta)
        assert np.all(np.isfinite(impedance))
        assert np.all(np.isfinite(derivative))


def test_nan_comes_out_as_nan():
    with np.errstate(invalid="ignore"):
        impedance, _ = evaluate(circuit().program, OMEGA, np.full(8, np.nan))
    assert np.all(np.isnan(impedance))
