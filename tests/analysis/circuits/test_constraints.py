import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.circuits.constraints import Restrictions, restriction, restrictions
from analysis.circuits.model import circuit
from analysis.engine.interpreted import evaluate
from core.errors import BadInput

OMEGA = 2 * np.pi * np.geomspace(1e5, 1, 12)


def values(model, theta):
    p = len(model.free)
    found, _ = model.quantities(np.array([theta], dtype=float), np.zeros((1, p, p)))
    return {name: value[0] for name, value in found.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alpha_gb=0.85", Restrictions(fix={"alpha_gb": 0.85})),
        ("L=0.55 µH", Restrictions(fix={"L": 0.55e-6})),
        ("R1 = 1.5 kΩ", Restrictions(fix={"R1": 1500.0})),
        ("tau1=2 ms", Restrictions(fix={"tau1": 2e-3})),
        ("CPE1_Q=1e-6", Restrictions(fix={"CPE1_Q": 1e-6})),
        ("R1=10..2000", Restrictions(bounds={"R1": (10.0, 2000.0)})),
        ("R1=10 Ω..2 kΩ", Restrictions(bounds={"R1": (10.0, 2000.0)})),
        ("R1=1..2 kΩ", Restrictions(bounds={"R1": (1000.0, 2000.0)})),
        ("R1=..5", Restrictions(bounds={"R1": (None, 5.0)})),
        ("R1=5..", Restrictions(bounds={"R1": (5.0, None)})),
        ("CPE2_alpha=CPE1_alpha", Restrictions(ties={"CPE2_alpha": "CPE1_alpha"})),
        ("R2=2*R1", Restrictions(ties={"R2": ("R1", 2.0)})),
        ("alpha1=0.9±0.05", Restrictions(priors={"alpha1": (0.9, 0.05)})),
    ],
)
def test_restrictions_as_written(text, expected):
    found = restriction(text)
    assert found.names == expected.names
    assert found.fix == pytest.approx(expected.fix)
    assert found.bounds == expected.bounds
    assert found.ties == expected.ties
    assert found.priors == expected.priors


def test_the_spread_of_a_resistance_is_kept_relative():
    assert restriction("R1=100±5 Ω").priors["R1"] == pytest.approx((100.0, 0.05))
    assert restriction("L=0.55 +- 0.05 µH").priors["L"] == pytest.approx((0.55e-6, 0.05e-6))


@pytest.mark.parametrize(
    "text", ["", "R1", "R1=", "=5", "R1=..", "R1=5 V", "R1=a b", "R1=-5±1", "1=R1", "R1=5,5"]
)
def test_nonsense_is_refused(text):
    with pytest.raises(BadInput):
        restriction(text)


def test_the_same_parameter_twice_is_refused():
    with pytest.raises(BadInput, match="twice"):
        restrictions(["R1=5", "R1=1..10"])


NUMBERS = st.floats(1e-12, 1e12)


@given(
    st.fixed_dictionaries({}, optional={"R1": NUMBERS, "tau1": NUMBERS, "CPE1_alpha": st.floats(0.1, 1)}),
    st.sampled_from(["fix", "prior"]),
)
def test_what_is_said_survives_its_own_text(said, how):
    mine = Restrictions(
        fix=said if how == "fix" else {},
        priors={name: (value, 0.1) for name, value in said.items()} if how == "prior" else {},
    )
    again = restrictions(mine.texts())
    assert again.fix == pytest.approx(dict(mine.fix), rel=1e-9)
    for name, pair in mine.priors.items():
        assert again.priors[name] == pytest.approx(pair, rel=1e-7)


def test_a_fixed_parameter_is_not_fitted():
    model = circuit("R0-p(R1,CPE1)", fix={"R0": 50.0, "CPE1_alpha": 0.8})
    assert model.free == ("ln R1", "ln tau1")
    z, derivative = evaluate(model.program, OMEGA, np.log([100.0, 1e-3]))
    assert z == pytest.approx(50 + 100 / (1 + (1j * OMEGA * 1e-3) ** 0.8))
    assert derivative.shape == (2, len(OMEGA))


@given(st.floats(-40, 40))
def test_a_bounded_parameter_stays_between(theta):
    model = circuit("R0", bounds={"R0": (10.0, 1000.0)})
    assert model.free == ("logit R0",)
    z, derivative = evaluate(model.program, np.ones(1), np.array([theta]))
    assert 10 * (1 - 1e-12) <= z[0].real <= 1000 * (1 + 1e-12)
    step = 1e-3
    ahead, behind = (evaluate(model.program, np.ones(1), np.array([theta + way]))[0] for way in (step, -step))
    expected = (ahead - behind)[0].real / (2 * step)
    assert derivative[0, 0].real == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_exponents_and_inductances_can_be_bounded():
    model = circuit("L0-p(R1,CPE1)", bounds={"alpha1": (0.7, 0.9), "L0": (0.0, 1e-6)})
    assert model.free == ("logit L0", "ln R1", "ln tau1", "logit CPE1_alpha")
    assert values(model, [0, 0, 0, 0])["L0"] == pytest.approx(0.5e-6)
    assert values(model, [0, 0, 0, 0])["CPE1_alpha"] == pytest.approx(0.8)
    assert values(model, [0, 0, 0, 30])["CPE1_alpha"] == pytest.approx(0.9)


def test_one_sided_bounds():
    model = circuit("R0-C1", bounds={"R0": (None, 100.0), "C1": (1e-9, None)})
    high, low = values(model, [40, -40]), values(model, [-40, 40])
    assert high["R0"] == pytest.approx(100)
    assert high["C1"] == pytest.approx(1e-9)
    assert low["R0"] < 1e-8
    assert low["C1"] > 1


def test_ties_are_followed_to_the_end():
    model = circuit(
        "R0-p(R1,CPE1)-p(R2,CPE2)",
        ties={"R1": ("R0", 2.0), "R2": ("R1", 3.0), "CPE2_alpha": "CPE1_alpha", "tau2": ("tau1", 10.0)},
    )
    assert model.free == ("ln R0", "ln tau1", "logit CPE1_alpha")
    found = values(model, [np.log(5), np.log(1e-3), 0.3])
    assert found["R1"] == pytest.approx(10)
    assert found["R2"] == pytest.approx(30)
    assert found["tau2"] == pytest.approx(1e-2)
    assert found["CPE2_alpha"] == pytest.approx(found["CPE1_alpha"])


def test_a_tie_to_something_bounded_or_held():
    model = circuit(
        "R0-R1-R2-R3", ties={"R1": ("R0", 2.0), "R3": "R2"}, bounds={"R0": (1, 10)}, fix={"R2": 7}
    )
    assert model.free == ("logit R0",)
    found = values(model, [50])
    assert (found["R0"], found["R1"], found["R3"]) == pytest.approx((10, 20, 7))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"fix": {"R7": 1.0}}, "known are R0, R1, tau1, CPE1_alpha, CPE1_Q"),
        ({"ties": {"R0": "R7"}}, "known are"),
        ({"fix": {"R0": 0.0}}, "positive"),
        ({"fix": {"R0": -5.0}}, "positive"),
        ({"fix": {"R0": float("nan")}}, "nan"),
        ({"fix": {"alpha1": 1.2}}, "between 0 and 1"),
        ({"bounds": {"R0": (10.0, 1.0)}}, "lower limit first"),
        ({"bounds": {"R0": (10.0, 10.0)}}, "lower limit first"),
        ({"bounds": {"alpha1": (0.5, 1.5)}}, "between 0 and 1"),
        ({"fix": {"R0": 1.0}, "bounds": {"R0": (0.1, 10.0)}}, "fixed and bounded"),
        ({"fix": {"R0": 1.0}, "priors": {"R0": (1.0, 0.1)}}, "fixed and given a prior"),
        ({"fix": {"R0": 1.0}, "ties": {"R0": "R1"}}, "fixed and tied"),
        ({"fix": {"alpha1": 0.8, "CPE1_alpha": 0.9}}, "twice"),
        ({"ties": {"R0": "R1", "R1": "R0"}}, "circle"),
        ({"ties": {"R0": "R0"}}, "itself"),
        ({"ties": {"R0": "tau1"}}, "different quantities"),
        ({"ties": {"R0": ("R1", -1.0)}}, "positive factor"),
        ({"priors": {"R0": (1.0, 0.0)}}, "spread"),
        ({"priors": {"R0": (100.0, 0.1)}, "bounds": {"R0": (1.0, 10.0)}}, "outside its limits"),
        ({"fix": {"tau1": 1.0, "CPE1_Q": 1e-6}}, "same arc"),
        ({"fix": {"R0": 1.0, "R1": 1.0, "tau1": 1.0, "alpha1": 0.9}}, "at least one"),
    ],
)
def test_what_cannot_be_is_refused(said, message):
    with pytest.raises(BadInput, match=message):
        circuit("R0-p(R1,CPE1)", **said)


def test_an_exponent_cannot_be_tied_beyond_one():
    with pytest.raises(BadInput, match="exceed 1"):
        circuit("p(R1,CPE1)-p(R2,CPE2)", ties={"alpha2": ("alpha1", 1.1)})


def test_saying_something_about_q_takes_the_arc_apart():
    arc = circuit("R0-p(R1,CPE1)")
    apart = circuit("R0-p(R1,CPE1)", bounds={"CPE1_Q": (1e-7, 1e-5)})
    assert arc.free == ("ln R0", "ln R1", "ln tau1", "logit CPE1_alpha")
    assert apart.free == ("ln R0", "ln R1", "logit CPE1_Q", "logit CPE1_alpha")
    assert [found.name for found in arc.arcs] == ["R1"]
    assert apart.arcs == ()
    assert circuit("p(R1,C1)", fix={"C1": 1e-6}).free == ("ln R1",)


def test_an_arc_and_its_parts_are_the_same_impedance():
    arc, apart = circuit("p(R1,CPE1)"), circuit("p(R1,CPE1)", priors={"CPE1_Q": (1e-6, 0.1)})
    theta = np.array([np.log(100), np.log(1e-3), 0.5])
    z = evaluate(arc.program, OMEGA, theta)[0]
    q = values(arc, theta)["CPE1_Q"]
    assert evaluate(apart.program, OMEGA, np.array([np.log(100), np.log(q), 0.5]))[0] == pytest.approx(z)


def test_more_can_be_said_later_and_replaces_what_was_said():
    first = circuit("R0-p(R1,CPE1)", fix={"R0": 10.0, "R1": 100.0})
    second = circuit(first, bounds={"R0": (5.0, 20.0)})
    assert second.free == ("logit R0", "ln tau1", "logit CPE1_alpha")
    assert circuit(second, fix={"CPE1_Q": 1e-6}).free == ("logit R0", "logit CPE1_alpha")
