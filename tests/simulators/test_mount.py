"""One cell after another on the same simulated bench."""

import numpy as np
import pytest

from core.cell import Cell
from core.clock import VirtualClock
from core.errors import BadInput
from core.files import BenchFile
from core.requests import Request
from simulators.bench import SimulatedBench, check_simulation
from simulators.cell import SimulatedCell

HOUR = 3600.0
QUIET = {"press": {"gauge_zero": "0 N", "gauge_noise": "0 N", "relaxation": 0.0}}


def cell(name, anode="Li", **more):
    return Cell.model_validate({"name": name, "anode": anode, "electrode_diameter": "6 mm", **more})


class Hand(VirtualClock):
    """A clock whose time is set by hand."""

    time = 0.0

    def now(self):
        return self.time


def bench_file(simulation=None, **tables):
    instruments = {name: {"backend": "simulated"} for name in ("potentiostat", "chamber", "gauge")}
    return BenchFile.model_validate(
        {"name": "twin", **instruments, "simulation": QUIET | (simulation or {}), **tables}
    )


@pytest.fixture
def build():
    made = []

    def build(first, simulation=None, clock=None, **tables):
        bench = SimulatedBench(bench_file(simulation, **tables), first, clock or Hand())
        made.append(bench)
        return bench

    yield build
    for bench in made:
        bench.close()


def at(bench, time):
    bench._clock.time = time
    return time


def strip(bench, density):
    bench.cell.set_current(bench._clock.now(), bench.mounted.current(density))


def test_the_first_cell_is_the_one_it_always_was(build):
    bench = build(cell("one"), {"seed": 7})
    plain = SimulatedCell(cell("one"), {}, bench.chamber.cell_temperature, bench.press.force, 7)
    assert bench.cell.parameters == plain.parameters
    for each in (bench.cell, plain):
        each.set_current(0.0, 1e-4)
    assert bench.truth(at(bench, 5000.0)) == plain.truth(5000.0)


def test_another_cell_begins_fresh_and_is_itself_by_its_name(build):
    bench, other = build(cell("one"), {"seed": 7}), build(cell("zero"), {"seed": 7})
    strip(bench, 100.0)
    at(bench, 5 * HOUR)
    bench.mount(cell("two", "Li0.9Mg0.1"))
    assert bench.mounted.name == "two"
    assert bench.cell.parameters.x0 == 0.1
    fresh = bench.truth(at(bench, 5 * HOUR + 60.0))
    assert (fresh["current"], fresh["charge"], fresh["y"]) == (0.0, 0.0, 1.0)
    for time, name in ((100.0, "three"), (200.0, "two")):
        at(other, time)
        other.mount(cell(name, "Li0.9Mg0.1"))
    assert other.cell.parameters == bench.cell.parameters, "wherever it is mounted, a cell is the same"
    at(bench, 6 * HOUR)
    bench.mount(cell("three", "Li0.9Mg0.1"))
    assert bench.cell.parameters.inductance != other.cell.parameters.inductance
    reseeded = build(cell("one"), {"seed": 8})
    reseeded.mount(cell("two", "Li0.9Mg0.1"))
    assert reseeded.cell.parameters.inductance != other.cell.parameters.inductance


def test_a_cell_that_comes_back_is_as_it_was_left(build):
    bench = build(cell("one", "Li0.9Mg0.1"))
    strip(bench, 100.0)
    left = bench.truth(at(bench, 10 * HOUR))
    bench.mount(cell("two"))
    at(bench, 11 * HOUR)
    bench.press.set_travel(11 * HOUR, bench.press.travel_for(bench.mounted.force(30.0)))
    strip(bench, 100.0)
    at(bench, 14 * HOUR)
    bench.mount(cell("one", "Li0.9Mg0.1", notes="looks the same"))
    back = bench.truth(at(bench, 14 * HOUR))
    for name in ("charge", "theta", "coverage", "z"):
        assert back[name] == pytest.approx(left[name], rel=1e-4), "neither current nor force was on it"
    assert back["current"] == 0.0
    assert back["x_s"] < 0.7 * left["x_s"], "it relaxed for four hours"
    assert back["y"] == pytest.approx(left["y"], abs=0.01)


def test_pressure_acts_on_what_is_in_the_press(build):
    bench = build(cell("one", history={"forming_pressure": "1 MPa"}))
    bench.mount(cell("two", history={"forming_pressure": "1 MPa"}))
    at(bench, 100.0)
    bench.press.set_travel(100.0, bench.press.travel_for(bench.mounted.force(12.0)))
    pressed = bench.truth(at(bench, 4 * HOUR))
    assert pressed["pressure"] == pytest.approx(12e6, rel=1e-6)
    assert pressed["R_int"] * bench.mounted.area * 1e4 == pytest.approx(270.0, rel=0.02)
    bench.mount(cell("one", history={"forming_pressure": "1 MPa"}))
    untouched = bench.truth(at(bench, 4 * HOUR + 1.0))
    assert bench.press.force(4 * HOUR) == 0.0, "the press is opened to change the cell"
    assert untouched["pressure"] == 0.0
    assert untouched["R_int"] * bench.mounted.area * 1e4 > 1e5


def test_truth_is_about_the_cell_that_was_there_then(build):
    bench = build(cell("one"))
    strip(bench, 100.0)
    at(bench, 1000.0)
    bench.mount(cell("two", "Li0.9Mg0.1"))
    at(bench, 1300.0)
    assert bench.truth(990.0)["current"] > 0.0
    assert bench.truth(1000.0)["x_s"] == pytest.approx(0.1)


def test_mounting_what_is_mounted_changes_nothing(build):
    bench = build(cell("one"))
    bench.press.set_travel(0.0, bench.press.travel_for(100.0))
    strip(bench, 100.0)
    at(bench, 100.0)
    bench.mount(cell("one", history={"formed_at": "here"}))
    assert bench.press.force(100.0) > 0.0
    assert bench.truth(100.0)["current"] > 0.0


def test_the_same_name_on_another_metal_is_another_cell(build):
    bench = build(cell("one"))
    strip(bench, 100.0)
    at(bench, HOUR)
    bench.mount(cell("one", "Li0.9Mg0.1"))
    assert bench.truth(HOUR)["charge"] == 0.0


def test_a_cell_the_simulation_does_not_suit_is_refused_and_nothing_moves(build):
    bench = build(cell("one"))
    bench.press.set_travel(0.0, bench.press.travel_for(100.0))
    with pytest.raises(BadInput, match="foil_thickness"):
        bench.mount(cell("two", foil_thickness="0.1 µm"))
    assert bench.mounted.name == "one"
    assert bench.press.force(0.0) > 0.0


def test_impedance_through_the_library_is_the_new_cells(build):
    bench = build(cell("one"))
    at(bench, 10.0)
    bench.mount(cell("two", history={"forming_pressure": "4.8 MPa"}))
    frequency = np.array([1.0])
    z = bench.library._cell.scan(frequency, np.array([10.0]))[0]
    assert z[0].real * bench.mounted.area * 1e4 > 2700.0


# --- the virtual operator on the bench -----------------------------------------------------------


def test_the_operator_mounts_and_turns_the_screw_of_this_bench(build):
    clock = VirtualClock()
    bench = build(cell("one"), clock=clock)
    answers = []
    with clock.worker("protocol"):
        bench.operator.asked(Request("mount", "mount two", cell=cell("two")), answers.append)
        clock.wait(100.0)
        assert (bench.mounted.name, answers) == ("two", ["acknowledge"])
        bench.operator.asked(Request("force", "tighten", target=405.8, tolerance=10.0), answers.append)
        clock.wait(300.0)
        assert bench.gauge.display(clock.now()) == pytest.approx(405.8, abs=10.0)
        assert bench.truth(clock.now())["pressure"] == pytest.approx(7.5e6, rel=0.03)
        bench.close()


def test_the_operator_reads_the_display_with_its_tare_and_error(build):
    bench = build(cell("one"), {"press": {"gauge_zero": "50 N", "gauge_noise": "0 N"}}, clock=VirtualClock())
    assert bench.gauge.display(0.0) == pytest.approx(bench.press.zero_error(0.0), abs=0.05)
    bench.gauge._answer("Z")
    assert bench.gauge.display(0.0) == 0.0


def test_there_is_an_operator_only_where_nothing_is_real(build):
    assert build(cell("one")).operator is not None
    assert build(cell("one"), {"operator": {"present": False}}).operator is None
    real = {"potentiostat": {"backend": "hardware", "address": "USB0"}}
    assert build(cell("one"), **real).operator is None


def test_the_operators_table_is_checked(build):
    with pytest.raises(BadInput, match=r"\[simulation\.operator\].*ovrshoot"):
        check_simulation(bench_file({"operator": {"ovrshoot": 0.1}}), cell("one"))
