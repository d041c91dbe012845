import numpy as np
import pytest

from analysis.circuits.model import circuit
from analysis.engine.interpreted import evaluate
from core.errors import BadInput
from core.records import Value

THETA = np.array([0.6, 6.0, -19.0, 5.0, -15.0, 7.0, -8.0, 1.0])
BAND = (1.0, 1e6)
FREE = (
    "L",
    "ln R_bulk",
    "ln tau_bulk",
    "ln R_gb",
    "ln tau_gb",
    "ln R_int",
    "ln tau_int",
    "logit alpha_int",
)
QUANTITIES = {
    *("R_bulk", "tau_bulk", "R_gb", "tau_gb", "alpha_gb", "R_electrolyte", "L"),
    *("R_int", "tau_int", "alpha_int", "Q_int", "C_int", "C_int_brug"),
}


def numeric(model, theta, covariance):
    """Values and standard errors of one fit with gradients by differences."""
    p, step = len(theta), 1e-6
    nothing = np.zeros((1, p, p))

    def at(place):
        return {name: value[0] for name, value in model.quantities(place[None], nothing)[0].items()}

    errors = {}
    values = at(theta)
    for name in values:
        gradient = np.array(
            [(at(theta + step * one)[name] - at(theta - step * one)[name]) / (2 * step) for one in np.eye(p)]
        )
        errors[name] = np.sqrt(gradient @ covariance @ gradient)
    return values, errors


def random_covariance(p, seed=0):
    factor = np.random.default_rng(seed).standard_normal((p, p)) * 0.02
    return factor @ factor.T


def test_the_default_circuit():
    model = circuit()
    assert model is circuit("three arcs")
    assert model.model == "L-RC-RQ-RQ"
    assert model.free == FREE
    assert [(arc.name, arc.ln_r, arc.ln_tau, arc.alpha) for arc in model.arcs] == [
        ("bulk", 1, 2, -1),
        ("gb", 3, 4, -1),
        ("int", 5, 6, 7),
    ]
    assert model.interface == model.arcs[2:]


@pytest.mark.parametrize("temperature", [253.15, 298.15, 333.15])
def test_default_priors_are_those_of_the_cell(temperature):
    found = circuit().priors(300.0, temperature)
    # Time constants follow their resistances: T/R is activated by 0.36 and 0.40 eV.
    colder, hotter = (1 / temperature - 1 / 298.15) / 8.617333e-5, np.log(temperature / 298.15)
    known = [
        ({"L": 1}, 0.6, 0.05),
        ({"ln tau_bulk": 1}, -np.log(2 * np.pi * 40e6) + 0.36 * colder + hotter, 0.2),
        ({"ln tau_gb": 1}, -np.log(2 * np.pi * 600e3) + 0.40 * colder + hotter, 0.3),
        ({"ln R_gb": 1, "ln R_bulk": -1}, np.log(29 / 71), 1.0),
        ({"ln R_bulk": 1}, np.log(300.0), 5.0),
        ({"ln R_int": 1}, np.log(300.0), 5.0),
        ({"ln tau_int": 1}, -np.log(2 * np.pi * 1e3), 3.0),
        ({"logit alpha_int": 1}, np.log(0.8 / 0.2), 1.2),
    ]
    rows = np.array([[share.get(name, 0) / spread for name in FREE] for share, _, spread in known])
    assert found.rows == pytest.approx(rows)
    assert found.target == pytest.approx([mean / spread for _, mean, spread in known], rel=1e-4)


def test_default_quantities():
    values, _ = circuit().quantities(THETA[None], np.zeros((1, 8, 8)))
    assert set(values) == QUANTITIES
    assert set(values) == set(circuit().units)
    alpha = 0.5 + 0.5 / (1 + np.exp(-1.0))
    r, tau, electrolyte = np.exp(7.0), np.exp(-8.0), np.exp(6.0) + np.exp(5.0)
    q = tau**alpha / r
    assert values["R_int"][0] == pytest.approx(r)
    assert values["L"][0] == pytest.approx(0.6e-6)
    assert values["alpha_int"][0] == pytest.approx(alpha)
    assert values["Q_int"][0] == pytest.approx(q)
    assert values["C_int"][0] == pytest.approx(q ** (1 / alpha) * r ** ((1 - alpha) / alpha))
    brug = q ** (1 / alpha) * (1 / electrolyte + 1 / r) ** ((alpha - 1) / alpha)
    assert values["C_int_brug"][0] == pytest.approx(brug)
    assert values["R_electrolyte"][0] == pytest.approx(electrolyte)


@pytest.mark.parametrize(
    "model",
    [
        circuit(),
        circuit(fix={"R_bulk": 100.0}, bounds={"alpha_gb": (0.7, 1.0)}, ties={"R_int": ("R_gb", 2.0)}),
        circuit("constriction"),
        circuit("L0-R0-p(R1,CPE1)-p(R2-W1,C2)-ZARC1-Wo1"),
        circuit("p(R1-L1,CPE1)", bounds={"R1": (1.0, 1e4)}),
    ],
    ids=lambda model: model.model,
)
def test_standard_errors_follow_the_gradient(model):
    theta = np.random.default_rng(3).uniform(-1, 1, len(model.free))
    covariance = random_covariance(len(theta))
    values, stderrs = model.quantities(theta[None], covariance[None])
    expected, errors = numeric(model, theta, covariance)
    for name in expected:
        assert stderrs[name][0] == pytest.approx(errors[name], rel=1e-5, abs=1e-15), name
    assert set(model.units) == set(values)


def test_many_fits_at_once_are_the_same_as_one_by_one():
    rng = np.random.default_rng(1)
    theta = THETA + rng.normal(0, 0.3, (5, 8))
    covariance = np.array([random_covariance(8, seed) for seed in range(5)])
    values, stderrs = circuit().quantities(theta, covariance)
    for row in range(5):
        one, error = circuit().quantities(theta[row : row + 1], covariance[row : row + 1])
        for name in values:
            assert one[name][0] == pytest.approx(values[name][row], rel=1e-12)
            assert error[name][0] == pytest.approx(stderrs[name][row], rel=1e-9)


def test_two_interface_arcs():
    model = circuit("two interface arcs")
    assert model is circuit("constriction") or model.model == circuit("constriction").model
    assert model.model == "L-RC-RQ-RQ-RQ"
    assert [arc.name for arc in model.interface] == ["con", "int"]
    theta = dict.fromkeys(model.free, 0.0) | {
        "ln R_con": np.log(30),
        "ln R_ct": np.log(70),
        "ln tau_int": -7.0,
    }
    values, _ = model.quantities(np.array([list(theta.values())]), np.zeros((1, 11, 11)))
    assert values["R_int"][0] == pytest.approx(100)
    assert values["R_con"][0] == pytest.approx(30)
    assert values["C_int"][0] == pytest.approx(np.exp(-7) / 70)
    assert values["tau_int"][0] == pytest.approx(np.exp(-7))


def test_alpha_of_the_grain_boundary_is_held_unless_something_is_said():
    assert "logit alpha_gb" not in circuit().free
    assert "logit alpha_gb" in circuit(bounds={"alpha_gb": (0.7, 1.0)}).free
    free = circuit(priors={"alpha_gb": (0.85, 0.03)})
    assert "logit alpha_gb" in free.free
    at = free.free.index("logit alpha_gb")
    (row,) = [row for row, used in enumerate(free.priors(300.0).rows[:, at] != 0) if used]
    priors = free.priors(300.0)
    alpha = 0.5 + 0.5 / (1 + np.exp(-priors.target[row] / priors.rows[row, at]))
    assert alpha == pytest.approx(0.85)
    slope = (alpha - 0.5) * (1 - alpha) / 0.5
    assert slope / priors.rows[row, at] == pytest.approx(0.03)
    held = circuit(fix={"alpha_gb": 0.85})
    assert held.free == FREE
    z = evaluate(held.program, np.ones(1), THETA)[0]
    assert z != evaluate(circuit().program, np.ones(1), THETA)[0]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"fix": {"alpha_gb": 0.85}}, "L-RC-RQ-RQ {alpha_gb=0.85}"),
        ({"bounds": {"R_int": (1.0, None)}}, "L-RC-RQ-RQ {R_int=1..}"),
        ({"ties": {"R_gb": ("R_bulk", 0.4)}}, "L-RC-RQ-RQ {R_gb=0.4*R_bulk}"),
        ({"priors": {"L": (5e-7, 1e-8)}}, "L-RC-RQ-RQ {L=5e-07±1e-08}"),
    ],
)
def test_the_name_of_a_model_tells_all(said, name):
    model = circuit(**said)
    assert model.model == name
    again = circuit(name)
    assert again.model == name
    assert again.free == model.free
    assert again.program.slot_offset == pytest.approx(model.program.slot_offset)
    assert again.priors(100.0).rows == pytest.approx(model.priors(100.0).rows)


def test_the_name_of_a_general_circuit_is_its_text():
    model = circuit("LR(RQ)", fix={"R1": 5.0})
    assert model.model == model.text == "L1-R1-p(R2,CPE1) {R1=5}"
    assert circuit(model.model).free == model.free


@pytest.mark.parametrize("text", ["R0 {R0=5", "R0 {R0}", "nonsense", 5, ["R0"]])
def test_bad_texts_are_refused(text):
    with pytest.raises(BadInput):
        circuit(text)


def test_a_standard_circuit_lists_its_own_names():
    with pytest.raises(BadInput, match="R_bulk, tau_bulk, R_gb, tau_gb, alpha_gb, R_int, tau_int, alpha_int"):
        circuit(fix={"CPE_int_Q": 1e-6})


@pytest.mark.parametrize("text", ["R0-p(R1,CPE1)", "p(R1-W1,CPE1)-L0", "p(R1,L1)-C1-G1-ZARC1", "Ws1-Wo1"])
def test_priors_of_any_circuit_keep_it_determinate(text):
    model = circuit(text)
    priors = model.priors(100.0, 298.15, BAND)
    assert np.linalg.matrix_rank(priors.information) == len(model.free)
    wider = model.priors(1e6, 298.15, (1e-3, 10.0))
    assert np.array_equal(priors.rows, wider.rows)


@pytest.mark.parametrize(
    "said",
    [
        {"bounds": {"R_bulk": (10.0, 1e3)}},
        {"fix": {"R_bulk": 100.0}},
        {"ties": {"R_gb": "R_bulk"}},
        {"bounds": {"tau_gb": (1e-8, 1e-6), "L": (0.0, 1e-6)}},
        {"priors": {"R_gb": (100.0, 0.1)}},
    ],
)
def test_priors_of_a_restricted_standard_circuit_keep_it_determinate(said):
    model = circuit(**said)
    priors = model.priors(300.0)
    assert np.linalg.matrix_rank(priors.information) == len(model.free)


def test_a_held_resistance_moves_what_is_expected_of_its_neighbour():
    model = circuit(fix={"R_bulk": 71.0})
    at = model.free.index("ln R_gb")
    priors = model.priors(300.0)
    (row,) = np.flatnonzero(priors.rows[:, at])
    assert np.exp(priors.target[row] / priors.rows[row, at]) == pytest.approx(29)


def test_a_users_prior_replaces_ours():
    model = circuit("R0-p(R1,CPE1)", priors={"R1": (50.0, 0.1), "tau1": (1e-3, 0.2)})
    priors = model.priors(1e6)
    (row,) = np.flatnonzero(priors.rows[:, 1])
    assert priors.target[row] / priors.rows[row, 1] == pytest.approx(np.log(50))
    assert 1 / priors.rows[row, 1] == pytest.approx(0.1)


def test_a_prior_of_an_inductance_is_absolute_wherever_it_stands():
    series = circuit("L0-R0", priors={"L0": (1e-6, 1e-7)}).priors(100.0)
    loop = circuit("p(L0,R0)", priors={"L0": (1e-6, 1e-7)}).priors(100.0)
    assert 0.1 in 1 / series.rows[series.rows > 0]
    assert np.any(np.isclose(1 / loop.rows[loop.rows > 0], 0.1))


def test_quantities_of_a_general_circuit():
    model = circuit("L0-R0-p(R1,CPE1)-p(R2,C2)-p(R3-W1,CPE3)-Ws1")
    values, _ = model.quantities(np.zeros((1, len(model.free))), np.zeros((1,) + (len(model.free),) * 2))
    assert list(values) == [
        *("L0", "R0", "R1", "tau1", "CPE1_alpha", "CPE1_Q", "C_eff1", "R2", "tau2", "C2"),
        *("R3", "W1", "CPE3_Q", "CPE3_alpha", "Ws1_R", "Ws1_tau"),
    ]
    assert model.units["CPE1_Q"] == "F s^(α−1)"
    assert model.units["C_eff1"] == model.units["C2"] == "F"
    assert model.units["W1"] == "Ω s^(−1/2)"
    assert model.units["tau2"] == "s"


def test_theta_comes_back_from_quantities():
    for model in (circuit(), circuit("constriction"), circuit("L0-R0-p(R1,CPE1)", bounds={"R1": (1, 1e4)})):
        theta = np.random.default_rng(0).uniform(-1, 1, len(model.free))
        fits = model.quantities(theta[None], np.zeros((1, len(theta), len(theta))))
        assert model.theta_of(
            {name: Value(value[0], 0.0) for name, value in fits[0].items()}
        ) == pytest.approx(theta)
    assert circuit().theta_of({"R_int": Value(5.0, 0.0)}) is None


def test_arcs_are_put_in_order():
    model = circuit("R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)")
    theta = np.array([[0.0, 1.0, -3.0, 0.1, 2.0, -9.0, 0.2, 3.0, -6.0, 0.3]])
    ordered = model.with_order(theta)
    assert ordered[0] == pytest.approx([0.0, 2.0, -9.0, 0.2, 3.0, -6.0, 0.3, 1.0, -3.0, 0.1])
    omega = np.geomspace(1, 1e5, 9)
    same = evaluate(model.program, omega, ordered[0])[0]
    assert same == pytest.approx(evaluate(model.program, omega, theta[0])[0])
    assert np.array_equal(model.with_order(ordered), ordered)


def test_only_what_nothing_tells_apart_is_exchanged():
    theta = np.array([[1.0, -3.0, 0.1, 2.0, -9.0, 0.2]])
    for said in (
        {"bounds": {"R1": (1e-3, 1e6)}},
        {"priors": {"tau2": (1.0, 0.1)}},
        {"ties": {"R2": ("R1", 2.0)}},
    ):
        model = circuit("p(R1,CPE1)-p(R2,CPE2)", **said)
        some = theta[:, : len(model.free)]
        assert np.array_equal(model.with_order(some), some)
    assert np.array_equal(circuit().with_order(THETA[None]), THETA[None])
    swapped = circuit("constriction").with_order(np.array([[0, 1, 2, 3, 4, 5, -3.0, 7, 8, -9.0, 10]]))
    assert swapped[0] == pytest.approx([0, 1, 2, 3, 4, 8, -9.0, 10, 5, -3.0, 7])


def test_failed_fits_pass_through_the_ordering():
    model = circuit("p(R1,CPE1)-p(R2,CPE2)")
    assert np.all(np.isnan(model.with_order(np.full((2, 6), np.nan))))
