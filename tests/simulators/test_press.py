"""A screw that is opened begins anew, and what was before stays as it was."""

import pytest

from simulators.press import PressParameters, SimulatedPress


def test_an_opened_spring_has_nothing_left_to_relax():
    fresh, used = SimulatedPress(PressParameters()), SimulatedPress(PressParameters())
    used.set_travel(100.0, used.travel_for(1000.0))
    held = used.force(90_000.0)
    used.set_travel(100_000.0, 0.0)
    assert used.force(100_000.0) == used.force(200_000.0) == 0.0
    for press in (fresh, used):
        press.set_travel(200_000.0, press.travel_for(800.0))
    assert used.force(200_000.0) == pytest.approx(800.0, rel=1e-12)
    assert used.force(300_000.0) == pytest.approx(fresh.force(300_000.0), rel=1e-12)
    assert used.force(90_000.0) == held
    assert used.travel(90_000.0) == pytest.approx(used.travel_for(1000.0))
    assert used.turns() == (0.0, 100.0, 100_000.0, 200_000.0)


def test_opened_and_turned_at_one_instant():
    press = SimulatedPress(PressParameters(initial_force="500 N"))
    press.set_travel(10.0, 0.0)
    press.set_travel(10.0, press.travel_for(300.0))
    assert press.force(10.0) == pytest.approx(300.0)
    assert press.force(9.0) == pytest.approx(500.0, rel=0.01)
