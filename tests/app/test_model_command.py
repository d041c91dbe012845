"""``stripbench model``: the calculator, and what it says to bad input."""

import csv
import json

import pytest


@pytest.fixture
def model(cli):
    """Run the calculator; return its JSON."""

    def run(*arguments):
        status, out, err = cli("model", *arguments, "--json", "-")
        assert status == 0, err
        return json.loads(out)

    return run


def test_the_utilisation_of_the_paper_s_foil(model):
    found = model(
        "utilisation", "--anode", "Li0.9Mg0.1", "--thickness", "25 µm", "--current", "100 µA/cm²",
        "--temperature", "25 °C",
    )  # fmt: skip
    assert found["utilisation_total"] == pytest.approx(0.2707, abs=1e-4)
    assert found["utilisation_beta"] == pytest.approx(0.4132, abs=1e-4)
    assert found["time_s"] == pytest.approx(45_441, rel=1e-3)
    assert (found["frame"], found["drop"]) == ("fixed", "c0 - c_min")
    assert found["diffusivity_cm2_s"] == pytest.approx(3e-11)


def test_the_frame_is_taken_and_told(model):
    found = model("utilisation", "--frame", "conserving", "--current", "1 mA/cm2")
    assert found["frame"] == "conserving"
    assert found["utilisation_total"] == pytest.approx(0.491, abs=2e-3)


def test_the_temperature_acts_through_the_activation_energy(model):
    warm = model("utilisation", "--temperature", "80 °C", "--current", "1 mA/cm²")
    assert warm["diffusivity_cm2_s"] == pytest.approx(9.5e-10, rel=1e-3)
    assert warm["utilisation_beta"] == pytest.approx(0.80, abs=5e-3)
    same = model("utilisation", "--temperature", "80 °C", "--energy", "0 eV", "--current", "1 mA/cm²")
    assert same["diffusivity_cm2_s"] == pytest.approx(3e-11)


def test_another_limit_and_another_d_are_taken(model):
    found = model("utilisation", "--current", "1 mA/cm²", "--c-min", "0 mmol/cm³")
    assert found["utilisation_total"] == pytest.approx(0.0633, abs=1e-4)
    found = model("utilisation", "--current", "1 mA/cm²", "--diffusivity", "6e-11 cm²/s")
    assert found["utilisation_total"] == pytest.approx(0.054, abs=1e-3)


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        (("--current", "100 µA/cm²", "--diffusivity", "0.8e-11 cm²/s"), "t0_h", 9.58),
        (("--current", "100 µA/cm²", "--time", "9 h"), "diffusivity_cm2_s", 7.51e-12),
        (("--time", "9.5855 h", "--diffusivity", "0.8e-11 cm²/s"), "current_density_uA_cm2", 100.0),
    ],
)
def test_sand_gives_whichever_of_three_is_missing(model, given, key, value):
    found = model("sand", "--anode", "Li", *given)
    assert found[key] == pytest.approx(value, rel=2e-3)
    assert found["drop"] == "c0"


def test_the_drop_changes_d_by_its_square_and_is_told(model):
    given = ("sand", "--anode", "Li0.9Mg0.1", "--current", "100 µA/cm²", "--time", "15 h")
    whole, part = model(*given), model(*given, "--drop", "c0-cmin")
    assert part["drop"] == "c0 - c_min"
    assert part["diffusivity_cm2_s"] / whole["diffusivity_cm2_s"] == pytest.approx(2.33, abs=0.01)


def test_a_profile_is_written_as_a_table_that_can_be_read(cli, tmp_path):
    target = tmp_path / "profile.csv"
    status, out, _ = cli("model", "profile", "--times", "1 h, 5 h", "--out", target)
    assert status == 0
    assert "12.62 h" in out
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {float(row["time_s"]) for row in rows} == {3600.0, 18_000.0}
    last = rows[-1]
    assert float(last["depth_um"]) == 0.0
    assert float(last["c_Li_mmol_cm3"]) < float(rows[-20]["c_Li_mmol_cm3"]) < 69.6


def test_a_profile_as_json_has_one_entry_for_each_time(model):
    found = model("profile", "--times", "1 h, 5 h", "--frame", "conserving")
    assert [each["time_h"] for each in found["profiles"]] == [1.0, 5.0]
    for each in found["profiles"]:
        assert len(each["position_um"]) == len(each["c_Li_mmol_cm3"]) == len(each["x_Mg"])
    assert found["profiles"][1]["thickness_um"] < found["profiles"][0]["thickness_um"] < 25


def test_a_file_that_is_there_is_not_written_over(cli, tmp_path):
    target = tmp_path / "profile.csv"
    target.write_text("mine")
    status, _, err = cli("model", "profile", "--out", target)
    assert status == 2
    assert "is there already" in err
    assert target.read_text() == "mine"


def test_a_diffusion_coefficient_is_carried_to_a_temperature(model):
    assert model("diffusivity", "--temperature", "0 °C")["diffusivity_cm2_s"] == pytest.approx(
        3.94e-12, rel=1e-3
    )


@pytest.mark.parametrize(
    "given",
    [
        ("--anode", "Li0.9Mg0.1"),
        ("--magnesium", "0.1"),
        ("--lattice", "3.502 Å"),
        ("--potential", "2.504 mV"),
    ],
)
def test_a_composition_is_known_from_any_one_of_its_properties(model, given):
    found = model("composition", *given)
    assert found["x_Mg"] == pytest.approx(0.1, rel=1e-3)
    assert found["c_Li_mmol_cm3"] == pytest.approx(69.59, rel=1e-3)
    assert found["ocv_mV"] == pytest.approx(2.504, rel=1e-3)


def test_lithium_has_no_end_of_a_phase_and_so_its_drop_is_c0_whatever_is_asked(model):
    asked = ("sand", "--anode", "Li", "--current", "100 µA/cm²", "--time", "9 h", "--drop", "c0-cmin")
    assert model(*asked)["drop"] == "c0"
    assert model(*asked, "--c-min", "10 mmol/cm³")["drop"] == "c0 - c_min"


def test_people_get_a_table(cli):
    status, out, _ = cli("model", "utilisation")
    assert status == 0
    assert "utilisation_beta" in out
    assert "0.41318" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("utilisation", "--anode", "Li0.9Mg"), "did you mean Li0.9Mg0.1?"),
        (("utilisation", "--anode", "brass"), "known are Li, "),
        (("utilisation", "--anode", "Li"), "no D is known for Li"),
        (
            ("utilisation", "--anode", "Li", "--diffusivity", "8e-12 cm²/s", "--frame", "conserving"),
            "without magnesium",
        ),
        (("utilisation", "--frame", "moving"), "choose fixed or conserving"),
        (("utilisation", "--current", "0,1 mA/cm²"), "--current '0,1 mA/cm²' is not a quantity; use a dec"),
        (("utilisation", "--current", "-5 µA/cm²"), "above zero"),
        (("utilisation", "--thickness", "25"), "--thickness '25' cannot be read as a length; write e.g."),
        (("utilisation", "--thickness", "25 µA"), "cannot be read as a length"),
        (("sand", "--current", "100 mV", "--time", "9 h"), "as a current density; write e.g. \"100 µA/cm²\""),
        (("utilisation", "--temperature", "25 K"), "is -248 °C"),
        (("composition", "--anode", "Li", "--temperature", "300 °C"), "give -100 to 180 °C"),
        (("utilisation", "--temperature", "-300 °C"), "below absolute zero"),
        (("utilisation", "--c-min", "80 mmol/cm³"), "starts with 69.59"),
        (("utilisation", "--diffusivity", "0 cm²/s"), "above zero"),
        (("profile", "--times", "1 h, 40 h"), "depleted after 12.6"),
        (("sand", "--current", "100 µA/cm²"), "give two of"),
        (("sand", "--current", "1 A/m²", "--time", "1 h", "--diffusivity", "1e-11 cm²/s"), "give two of"),
        (("sand", "--time", "1 h", "--current", "1 A/m²", "--drop", "c"), "choose c0 or c0-cmin"),
        (("composition",), "give one"),
        (("composition", "--magnesium", "0.9"), "not a body-centred"),
        (("utilisation", "--json", "/nowhere/file.json"), "cannot be written"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_its_value_and_a_remedy(cli, arguments, words):
    status, out, err = cli("model", *arguments)
    assert status == 2
    assert words in " ".join(err.split())
    assert not out
