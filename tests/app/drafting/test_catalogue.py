import json

import pytest

from app.drafting import catalogue, check, tidy_cell
from core.cell import Cell
from protocols.registry import PROTOCOLS, protocol


def described(name):
    return next(each for each in catalogue()["protocols"] if each["name"] == name)


def field(name, protocol_name="GeisStripping"):
    return next(each for each in described(protocol_name)["parameters"] if each["name"] == name)


def test_every_protocol_is_there_in_words_and_as_json():
    told = json.loads(json.dumps(catalogue(), allow_nan=False))
    ours = [name for name, kind in PROTOCOLS.items() if kind.__module__.startswith("protocols.")]
    assert [each["name"] for each in told["protocols"] if each["name"] in ours] == ours
    assert described("GeisStripping")["title"] == "GEIS stripping"
    assert described("CriticalCurrentDensity")["title"] == "Critical current density"
    assert all(each["summary"].endswith(".") and "\n" not in each["summary"] for each in told["protocols"])
    assert described("GeisStripping")["spends_electrode"]
    assert not described("OcvRest")["spends_electrode"]


def test_parameters_are_described_in_the_order_they_are_declared_in():
    for each in catalogue()["protocols"]:
        declared = protocol(each["name"]).declared()
        assert [parameter["name"] for parameter in each["parameters"]] == list(declared)


@pytest.mark.parametrize(
    ("name", "where", "kind"),
    [
        ("current_density", "GeisStripping", "number"),
        ("charge_limit", "GeisStripping", "optional number"),
        ("temperatures", "ArrheniusPeis", "numbers"),
        ("confirmations", "GeisStripping", "integer"),
        ("after_depletion", "GeisStripping", "choice"),
        ("threshold", "GeisStripping", "resistance"),
    ],
)
def test_kinds_of_parameters(name, where, kind):
    assert field(name, where)["kind"] == kind


def test_a_parameter_says_limits_units_group_and_choices():
    density = field("current_density")
    assert (density["minimum"], density["maximum"], density["units"]) == (1.0, 10_000.0, "µA/cm²")
    assert density["group"] == "own"
    assert field("peis_amplitude")["group"] == "impedance"
    assert field("after_depletion")["choices"] == ["run on to the cut-off", "stop"]
    assert field("temperature")["default"] == "25 °C"
    assert field("charge_limit")["default"] is None


@pytest.mark.parametrize("name", list(PROTOCOLS))
def test_every_default_is_what_a_file_would_hold(name):
    defaults = {each["name"]: each["default"] for each in described(name)["parameters"]}
    found = check(
        {
            "protocol": name,
            "parameters": defaults,
            "cell": {"name": "a", "anode": "Li", "electrode_diameter": "6 mm"},
        }
    )
    assert found["problems"] == []
    built = protocol(name)()
    given = {key: text for key, text in defaults.items() if text is not None}
    read = {key: int(text) if type(getattr(built, key)) is int else text for key, text in given.items()}
    assert protocol(name)(**read).values() == built.values()


def test_fields_of_a_cell_have_the_units_that_people_write():
    fields = {each["name"]: each for each in catalogue()["cell"]}
    assert fields["pellet_diameter"]["default"] == "8.3 mm"
    assert fields["foil_thickness"]["default"] == "100 µm"
    assert fields["counter.forming_pressure"]["default"] == "400 MPa"
    assert fields["history.annealed_at"]["minimum"] == pytest.approx(-273.15)
    assert fields["anode"]["choices"] == catalogue()["anodes"] == ["Li", "Li0.95Mg0.05", "Li0.9Mg0.1"]
    assert fields["name"]["required"]
    assert not fields["notes"]["required"]


def test_a_cell_of_a_store_is_shown_as_people_write_it():
    cell = Cell.model_validate(
        {
            "name": "a",
            "anode": "Li",
            "electrode_diameter": "6 mm",
            "foil_thickness": "75 µm",
            "history": {"annealed_for": "3 h", "annealed_at": "170.5 °C"},
        }
    )
    table = tidy_cell(cell.model_dump(mode="json"))
    assert table == {
        "name": "a",
        "anode": "Li",
        "electrode_diameter": "6 mm",
        "foil_thickness": "75 µm",
        "history": {"annealed_for": "3 h", "annealed_at": "170.5 °C"},
    }
