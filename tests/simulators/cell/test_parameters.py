import math

import pytest

from core.cell import Cell
from core.errors import BadInput
from simulators.cell import CellParameters, SimulatedCell, random_cell


def test_defaults_follow_the_anode(lab):
    lithium, alloy = (CellParameters.for_cell(lab.describe(anode)) for anode in ("Li", "Li0.9Mg0.1"))
    assert (lithium.x0, alloy.x0) == (0.0, 0.1)
    assert (lithium.forming_pressure, alloy.forming_pressure) == (12e6, 20e6)
    assert lithium.counter_forming_pressure == alloy.counter_forming_pressure == 400e6
    assert alloy.counter_x0 == 0.0


def test_numbers_and_text_are_understood(lab):
    overrides = {"pore_diffusivity": "0.5e-11 cm²/s", "gap_charge": "0.02 mAh/cm²", "beta": 5}
    parameters = CellParameters.for_cell(lab.describe(), overrides)
    assert parameters.pore_diffusivity == pytest.approx(0.5e-15)
    assert parameters.gap_charge == pytest.approx(720.0)
    assert parameters.beta == 5.0


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"pore_difusivity": 1e-15}, ("pore_difusivity", "pore_diffusivity")),
        ({"zzz": 1}, ("zzz", "beta")),
        ({"beta": math.nan}, ("beta", "nan", "finite")),
        ({"beta": "nan"}, ("beta", "nan")),
        ({"beta": True}, ("beta", "True")),
        ({"beta": None}, ("beta", "None")),
        ({"hardness": "87 K"}, ("hardness", "87 K", "Pa")),
        ({"hardness": "87"}, ("hardness", "87", "unit")),
        ({"hardness": -1.0}, ("hardness", "-1", "Pa", "8.7e+07")),
        ({"interface_alpha": 1.2}, ("interface_alpha", "1.2", "0.92")),
        ({"x0": 0.5, "x_limit": 0.3}, ("x0", "x_limit", "lower")),
    ],
)
def test_bad_overrides_are_refused(lab, overrides, words):
    with pytest.raises(BadInput) as refused:
        SimulatedCell(lab.describe(), overrides, lambda t: 298.15, lambda t: 0.0)
    for word in words:
        assert word in str(refused.value)
    assert refused.value.remedy


def test_every_parameter_says_what_it_is():
    for name, field in CellParameters.model_fields.items():
        assert field.description, name
        CellParameters.unit_of(name)


def test_cells_differ_by_their_seed(lab):
    drawn = [CellParameters.for_cell(lab.describe(), {}, seed) for seed in range(200)]
    inductances = [p.inductance for p in drawn]
    critical = [p.critical_current_density for p in drawn]
    assert len(set(inductances)) == len(set(critical)) == 200
    assert sum(inductances) / 200 == pytest.approx(0.6e-6, rel=0.02)
    assert sum(critical) / 200 == pytest.approx(2.6, rel=0.02)
    assert drawn[3] == CellParameters.for_cell(lab.describe(), {}, 3)
    fixed = CellParameters.for_cell(lab.describe(), {"inductance": "1 µH"}, 3)
    assert fixed.inductance == pytest.approx(1e-6)


def test_random_cells_can_be_drawn_again():
    assert random_cell(3, 7) == random_cell(3, 7)
    assert random_cell(3, 7) != random_cell(3, 8)
    assert random_cell(3, 7) != random_cell(4, 7)


def test_random_cells_stay_within_what_a_lab_makes():
    anodes = set()
    for number in range(100):
        cell, overrides, kelvin = random_cell(1, number)
        assert isinstance(cell, Cell)
        anodes.add(cell.anode)
        assert 0.2e-4 <= cell.area <= 0.5e-4
        assert 0.8e-3 <= cell.pellet_thickness <= 2e-3
        assert 293.15 <= kelvin <= 303.15
        parameters = CellParameters.for_cell(cell, overrides)
        assert 0.95 <= parameters.forming_pressure / parameters.full_coverage_pressure <= 1.1001
    assert anodes == {"Li", "Li0.95Mg0.05", "Li0.9Mg0.1"}


@pytest.mark.parametrize("number", range(12))
def test_random_cells_deplete_in_a_sensible_time(lab, number):
    drawn, overrides, kelvin = random_cell(11, number)
    cell = SimulatedCell(drawn, overrides, lambda t: kelvin, lambda t: 0.0, seed=number)
    fresh = cell.truth(0.0)["C_int"]
    hours = lab.depletion(cell, 100, limit=40)
    contact = cell.truth(hours * 3600)["C_int"] / fresh
    low, high = {"Li": (0.005, 0.04), "Li0.95Mg0.05": (0.08, 0.4), "Li0.9Mg0.1": (0.28, 0.6)}[drawn.anode]
    assert 4 < hours < 35
    assert low < contact < high
