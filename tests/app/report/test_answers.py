"""What the answers of a report say of critical currents, from conclusions that nobody had to measure."""

from dataclasses import fields
from types import SimpleNamespace

import pytest

from app.conclusions import Conclusions
from app.conclusions.half_cycles import CriticalCurrent
from app.report.answers import answers
from app.report.document import Answers


def ramp(value, held):
    return CriticalCurrent(
        run=7, metal="Li", value=value, held=held, temperature=298.15, pressure=15e6, pressure_error=0.4e6,
        start=1.0, step=1.0, capacity=360.0, direction="both", shorted_while="", start_resistance=None,
        cumulative_charge=3.6e4, half_cycles=4, end="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "held", "answer"),
    [(3.0, 2.0, "300 µA cm⁻²"), (None, 2.0, "> 200 µA cm⁻²"), (None, None, "not reached")],
)
def test_a_critical_current_is_told_with_all_it_means_nothing_without(value, held, answer):
    empty = {field.name: [] for field in fields(Conclusions)}
    (block,) = answers(SimpleNamespace(**empty | {"critical_currents": [ramp(value, held)]})).blocks
    assert isinstance(block, Answers)
    (found,) = block.rows
    assert found.value == answer
    for words in ("steps of 100 µA cm⁻², both", "25 °C", "15.0 MPa", "0.0100 mAh cm⁻² each half cycle"):
        assert words in found.detail
    assert ("200 µA cm⁻² did no harm" in found.detail) == (value is not None)
