import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.cell import Cell
from core.errors import BadInput
from core.files import BenchFile, explain
from core.units import parse_quantity


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("100 µA/cm²", "µA/cm²", 100.0),
        ("100 μA/cm²", "µA/cm²", 100.0),
        ("0.1 mA/cm²", "µA/cm²", 100.0),
        ("3.8 MPa", "Pa", 3.8e6),
        ("8.3 mm", "m", 8.3e-3),
        ("25 °C", "K", 298.15),
        ("10 kΩ cm²", "ohm*m**2", 1.0),
        ("-2.5e-3 V", "V", -2.5e-3),
        ("0.78e-11 cm²/s", "m**2/s", 0.78e-15),
        ("100 uA/cm2", "µA/cm²", 100.0),
        ("0.1 mA/cm2", "µA/cm²", 100.0),
        ("10 kΩ cm2", "kohm*cm**2", 10.0),
        ("10 kOhm cm²", "kohm*cm**2", 10.0),
        ("5 kΩcm²", "kohm*cm**2", 5.0),
        ("25 C", "degC", 25.0),
        ("25 C", "K", 298.15),
        ("100 um", "m", 100e-6),
        ("2 ohm", "ohm", 2.0),
    ],
)
def test_units_as_people_write_them(text, unit, value):
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        5,
        5.0,
        True,
        None,
        "nan m",
        "inf m",
        "1e400 m",
        "1,5 m",
        "5 V",
        "m",
        "5 mm mm2 km",
        "3 parsnips",
        "__import__('os') m",
        "1 2 m",
        "5 m; 6 m",
    ],
)
def test_what_is_no_length_is_refused_with_an_example(text):
    with pytest.raises(BadInput, match=r"1 m|decimal point"):
        parse_quantity(text, "m")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_writing_and_reading_a_quantity_is_exact(value):
    assert parse_quantity(f"{value!r} m", "m") == value


@given(st.text(max_size=20))
def test_no_text_crashes_the_parser(text):
    with contextlib.suppress(BadInput):
        assert math.isfinite(parse_quantity(text, "s"))


def cell(**keys):
    return Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"} | keys)


def test_the_two_areas_are_kept_apart():
    mounted = cell()
    assert mounted.pellet_area == pytest.approx(0.5411e-4, rel=1e-4)
    assert mounted.area == pytest.approx(0.28274e-4, rel=1e-4)
    assert mounted.current(100) == pytest.approx(28.274e-6, rel=1e-4)
    assert mounted.force(15) == pytest.approx(811.6, rel=1e-4)
    assert mounted.force(3.8) == pytest.approx(205.6, rel=1e-4)
    assert mounted.resistance(10) == pytest.approx(10e3 / 0.28274, rel=1e-4)


@given(st.floats(1e-6, 1e6))
def test_conversions_are_each_others_inverse(value):
    mounted = cell()
    assert mounted.current_density(mounted.current(value)) == pytest.approx(value)
    assert mounted.areal_resistance(mounted.resistance(value)) == pytest.approx(value)
    assert mounted.pressure(mounted.force(value)) == pytest.approx(value)
    assert mounted.areal_charge(mounted.charge(value)) == pytest.approx(value)


def test_a_charge_is_current_times_time():
    mounted = cell()
    assert mounted.areal_charge(mounted.current(100) * 3600 * 10) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"electrode_diameter": "9 mm"}, "larger than the pellet"),
        ({"electrode_area": "0.3 cm²"}, "not both"),
        ({"electrode_diameter": None}, "not both"),
        ({"anode": "Na"}, "anode"),
        ({"pellet_diameter": "8.3"}, "no unit"),
        ({"electrode_diamter": "6 mm"}, "unknown key"),
        ({"name": "two\nlines"}, "one line"),
    ],
)
def test_a_bad_cell_names_file_key_and_remedy(keys, words):
    with pytest.raises(ValidationError) as caught:
        cell(**keys)
    message = str(explain(caught.value, "cell.toml"))
    assert message.startswith("cell.toml: ")
    assert words in message


def test_a_cell_survives_json():
    mounted = cell(history={"forming_pressure": "12 MPa", "annealed_for": "3 h"})
    assert Cell.model_validate(mounted.model_dump(mode="json")) == mounted


def test_cadences_default_by_kind_of_bench():
    simulated = BenchFile.model_validate({"name": "b", "potentiostat": {"backend": "simulated"}})
    mixed = BenchFile.model_validate(
        {
            "name": "b",
            "potentiostat": {"backend": "hardware", "address": "a", "library": "l"},
            "gauge": {"backend": "simulated"},
        }
    )
    assert simulated.cadence_of("potentiostat") == 1.0
    assert simulated.wholly_simulated
    assert mixed.cadence_of("potentiostat") == 0.25
    assert mixed.simulated
    assert not mixed.wholly_simulated
