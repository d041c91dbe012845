"""What is known of a run before anything is concluded."""

import numpy as np
import pytest

from app.conclusions.curves import charge_passed
from app.conclusions.facts import all_facts, facts_of, rounded
from benchmarks.made_run import MadeRun
from benchmarks.made_stripping import MadeStripping
from core.cell import Cell
from core.errors import StoreError
from core.records import Event, Reading, RunState
from storage import RunHeader, open_store


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite", create=True) as opened:
        yield opened


@pytest.fixture
def stripped(store):
    """Forty sweeps of a stripping at 100 µA/cm², which ends at half of its life."""
    made = MadeStripping(8 * 3600.0, anode="Li0.9Mg0.1", watched=0.5, sweeps=40, newtons=2.0)
    return facts_of(store.run(made.write(store)))


def test_facts_are_those_measured_while_the_current_was_on(stripped):
    assert stripped.metal == "Li0.9Mg0.1"
    assert stripped.density == pytest.approx(1.0, rel=1e-6)
    assert stripped.temperature == pytest.approx(298.15)
    assert stripped.temperature_spread == pytest.approx(0.0, abs=1e-9)
    assert stripped.ended - stripped.began == pytest.approx(4 * 3600, abs=2)
    assert not stripped.simulated


def test_pressure_is_by_the_area_of_the_pellet_and_none_is_told_from_the_error_of_the_gauge(stripped):
    pellet = stripped.cell.pellet_area
    assert stripped.pressure == pytest.approx(2.0 / pellet)
    assert stripped.pressure_error == pytest.approx(20.0 / pellet)
    assert not stripped.pressed


def test_curves_are_areal_and_count_from_the_first_current(stripped):
    curves = stripped.curves
    assert len(curves) == 41
    assert curves.time[0] == pytest.approx(-300.0)
    assert curves.time[-1] == pytest.approx(4 * 3600)
    assert curves.resistance[0] == pytest.approx(0.027)
    assert curves.resistance[-1] == pytest.approx(0.054)
    assert curves.resistance_error[-1] == pytest.approx(0.054e-3)
    assert curves.capacitance[-1] == pytest.approx(0.25e-2)
    assert curves.charge[0] == 0
    assert curves.charge[-1] == pytest.approx(4 * 3600)
    assert np.all(curves.passed)
    assert not np.any(curves.flagged)


@pytest.fixture
def cycled(store):
    """A run of 1 h at 1 A/m² and 1 h back at half of it, under a force that is not steady."""
    cell = Cell.model_validate({"name": "c 1", "anode": "Li", "electrode_diameter": "6 mm"})
    journal = store.begin_run(RunHeader("PlatingStrippingCycling", {}, cell, "bench", simulated=False))
    charge = 0.0
    for began, density in ((100.0, 1.0), (5000.0, -0.5)):
        current = density * cell.area
        journal.event(Event("current on", "", began))
        # In the instant of switching the current of before may be read, or that of after.
        journal.readings([Reading(began, "potentiostat", "I", 0.0)])
        for time in np.linspace(began, began + 3600.0, 7):
            passed = charge + current * (time - began)
            rows = [Reading(time, "potentiostat", "I", current)] if began < time < began + 3600.0 else []
            rows.append(Reading(time, "potentiostat", "Q", passed))
            journal.readings([*rows, Reading(time, "gauge", "F", 800.0 + 50.0 * (-1) ** len(rows))])
        journal.event(Event("current off", "", began + 3600.0))
        charge += current * 3600.0
    journal.finish(RunState.FINISHED, "done", 9000.0)
    journal.close()
    return facts_of(store.run(journal.run))


def test_the_density_is_that_of_the_first_current_alone(cycled):
    assert cycled.density == pytest.approx(1.0)


def test_charge_counts_in_either_direction(cycled):
    passed = charge_passed(cycled.reader, np.array([0.0, 3700.0, 8600.0]), cycled.began) / cycled.cell.area
    assert passed == pytest.approx([0.0, 3600.0, 5400.0])


def test_a_force_that_is_not_steady_makes_the_pressure_less_certain(cycled):
    assert cycled.pressure_error > 1.5 * 20.0 / cycled.cell.pellet_area


def test_the_start_is_the_last_spectrum_before_the_current(stripped):
    assert stripped.start_resistance == pytest.approx(0.027)
    assert stripped.start_resistance_error == pytest.approx(0.027e-3)
    assert stripped.start_capacitance == pytest.approx(0.5e-2)
    assert stripped.start_ocv == pytest.approx(2e-3)


def test_a_legend_names_what_is_not_usual(stripped):
    assert stripped.group == "Li0.9Mg0.1, 100 µA/cm², 25 °C"
    assert stripped.history == ""


def test_a_legend_names_pressure_and_history(store):
    history = {"annealed_for": "3 h", "forming_pressure": "400 MPa"}
    made = MadeStripping(3600.0, newtons=811.6, celsius=0.0, watched=0.1, sweeps=3, history=history)
    facts = facts_of(store.run(made.write(store)))
    assert facts.pressed
    assert facts.group == "Li, 100 µA/cm², 0 °C, 15 MPa, annealed 3 h, formed at 400 MPa"


def test_a_run_that_ended_before_its_current_was_read_has_no_density(store):
    run = MadeRun(store)
    run.end()
    assert facts_of(store.run(1)).density is None


def test_a_run_that_is_not_there_is_named(store):
    with pytest.raises(StoreError, match="no run 7"):
        all_facts(store, [7])


@pytest.mark.parametrize(
    ("value", "text"), [(99.97, "100"), (0.0, "0"), (200.0, "200"), (2.5, "2.5"), (1234.0, "1234")]
)
def test_numbers_in_a_legend_are_rounded_without_an_exponent(value, text):
    assert rounded(value) == text
