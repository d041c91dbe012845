import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell import Cell
from core.errors import BadInput
from protocols.geis_stripping import GeisStripping
from protocols.parameters import Resistance
from protocols.registry import protocol

CELL = Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"})


def test_defaults_are_the_papers():
    run = GeisStripping()
    assert run.current_density == 100.0
    assert run.amplitude == 10.0
    assert (run.f_max, run.f_min, run.sweep_time) == (7e6, 1.0, 30.0)
    assert run.threshold == Resistance(10.0, areal=True)


@pytest.mark.parametrize(("density", "volts"), [(50, 2.0), (100, 4.0), (200, 6.0)])
def test_the_cut_off_follows_the_current(density, volts):
    assert GeisStripping().cut_off_volts(density) == pytest.approx(volts)


def test_a_given_cut_off_wins():
    assert GeisStripping(cut_off="3.5 V").cut_off_volts(100.0) == 3.5


@pytest.mark.parametrize("text", ["100 µA/cm²", "0.1 mA/cm²", "1 A/m²", 100, 100.0])
def test_any_unit_of_the_dimension_is_understood(text):
    assert GeisStripping(current_density=text).current_density == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("current_density", "100 V", "current_density"),
        ("current_density", "100", "no unit"),
        ("current_density", -1, "between 1 and 10000"),
        ("current_density", math.nan, "finite"),
        ("current_density", True, "number and a unit"),
        ("current_density", [1], "number and a unit"),
        ("confirmations", 2.5, "whole number"),
        ("confirmations", 0, "between 1 and 20"),
        ("after_depletion", "explode", "run on to the cut-off"),
        ("threshold", "10 V", "areal"),
        ("threshold", 10, "areal"),
        ("threshold", "10 MΩ cm²", "between"),
        ("curent_density", 100, 'did you mean "current_density"'),
        ("nonsense", 1, "it has"),
    ],
)
def test_a_refused_parameter_says_which_and_why(name, value, words):
    with pytest.raises(BadInput, match=words.replace("(", r"\(")):
        GeisStripping(**{name: value})


def test_values_are_checked_at_every_assignment():
    run = GeisStripping()
    with pytest.raises(BadInput):
        run.current_density = math.inf
    assert run.current_density == 100.0


def test_parameters_keep_the_order_they_are_declared_in():
    names = list(GeisStripping.declared())
    assert names[:4] == ["current_density", "charge_limit", "time_limit", "after_depletion"]
    assert list(GeisStripping().values()) == names


def test_two_protocols_share_no_values():
    first, second = GeisStripping(current_density=50), GeisStripping(current_density=200)
    assert (first.current_density, second.current_density) == (50, 200)


@given(st.floats(1e-3, 1e3))
def test_thresholds_say_whether_they_are_areal(value):
    areal = GeisStripping(threshold=f"{value!r} kohm*cm**2").threshold
    absolute = GeisStripping(threshold=f"{value!r} kΩ").threshold
    assert areal.absolute(CELL) == pytest.approx(CELL.resistance(value))
    assert absolute.absolute(CELL) == pytest.approx(value * 1e3)


def test_values_written_are_values_read():
    written = GeisStripping(threshold="5 kΩ", cut_off="3 V").values()
    again = GeisStripping(**{name: value for name, value in written.items() if value is not None})
    assert again.values() == written


def test_an_unknown_protocol_is_named():
    with pytest.raises(BadInput, match='did you mean "GeisStripping"'):
        protocol("GeisStriping")
