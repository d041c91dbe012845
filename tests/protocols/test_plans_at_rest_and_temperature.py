"""What protocols plan, how long they take at most, and what they refuse, before anything is connected."""

import math

import pytest

from app.runner.benches import SIMULATED_BENCH
from core.cell import Cell
from core.errors import BadInput
from drivers.abilities import abilities_of
from drivers.bench import parse_bench_file
from protocols.registry import PROTOCOLS, protocol

CELL = Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"})
OURS = (
    "ArrheniusPeis",
    "GeisStripping",
    "HighResolutionPeis",
    "OcvRelaxation",
    "OcvRest",
    "StripRestStrip",
    "TemperatureSeries",
)


@pytest.fixture(scope="module")
def abilities():
    return abilities_of(parse_bench_file(SIMULATED_BENCH, "bench"))


@pytest.fixture(scope="module")
def without_chamber():
    head, _, tail = SIMULATED_BENCH.partition("[chamber]")
    return abilities_of(parse_bench_file(head + tail[tail.index("[gauge]") :], "bench"))


def text_of(name, abilities, **parameters):
    return "\n".join(protocol(name)(**parameters).plan(abilities, CELL))


@pytest.mark.parametrize("name", OURS)
def test_every_protocol_plans_with_its_defaults_and_has_an_end(abilities, name):
    chosen = protocol(name)()
    assert chosen.plan(abilities, CELL)
    assert 0 < chosen.longest(abilities, CELL) < math.inf


@pytest.mark.parametrize("name", OURS)
def test_values_written_are_values_read(name):
    written = protocol(name)().values()
    given = {key: value for key, value in written.items() if value is not None}
    assert protocol(name)(**given).values() == written
    assert protocol(name)(**protocol(name)().as_written()).values() == written


def test_protocols_are_listed_by_the_alphabet():
    own = [name for name, kind in PROTOCOLS.items() if kind.__module__.startswith("protocols.")]
    assert own == sorted(own)
    assert set(OURS) <= set(PROTOCOLS)


def test_a_current_is_planned_with_the_response_that_is_to_be_expected(abilities):
    plan = text_of("TemperatureSeries", abilities)
    electrolyte = 1.3e-3 / 0.046 / CELL.area
    response = 0.1 * CELL.current(100) * (electrolyte + CELL.resistance(0.27)) * 1e3
    assert f"about {response:.3g} mV peak at R_int 0.27 kΩ cm², 400 mV at the cut-off" in plan
    assert "28.27 µA" in plan
    assert "normalised to 25 °C" in plan


def test_the_warm_end_of_a_series_is_bounded(abilities):
    assert "after 25 h" in text_of("TemperatureSeries", abilities, temperature="50 °C")
    assert "after 100 h" in text_of("TemperatureSeries", abilities, temperature="0 °C")
    assert "after 3 h" in text_of("TemperatureSeries", abilities, temperature="50 °C", time_limit="3 h")


def test_the_defaults_of_a_relaxation_are_the_papers(abilities):
    plan = text_of("OcvRelaxation", abilities)
    assert "145 spectra, one every 5 min for 12 h" in plan
    assert "PEIS 10 mV peak" in plan


def test_spectra_of_high_resolution_are_as_dense_as_asked_for(abilities):
    plan = text_of("HighResolutionPeis", abilities, points_per_decade=30, averages=8)
    assert f"{round(30 * math.log10(7e6)) + 1} frequencies" in plan


def test_a_warm_cell_draws_more_current_and_has_the_range_for_it(abilities):
    chosen, planner = protocol("TemperatureSeries")(), abilities.potentiostat
    cold, warm = (chosen.reference(planner, CELL, celsius).current_limit for celsius in (0.0, 60.0))
    assert cold == chosen.reference(planner, CELL).current_limit
    assert warm > 3 * cold


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("TemperatureSeries", {"temperature": "90 °C"}, "beyond the cell's limits"),
        ("ArrheniusPeis", {"temperatures": "25, 100 °C"}, "100 °C is beyond the cell's limits"),
        ("OcvRelaxation", {"every": "0.4 min"}, "shorter than a spectrum"),
        ("StripRestStrip", {"spectrum_every": "0.4 min"}, "shorter than one"),
        ("HighResolutionPeis", {"f_min": "10 Hz", "f_max": "5 Hz"}, "not below"),
    ],
)
def test_what_cannot_be_is_refused_before_the_start(abilities, name, parameters, words):
    with pytest.raises(BadInput, match=words):
        text_of(name, abilities, **parameters)


@pytest.mark.parametrize("celsius", ["-40 °C", "80 °C"])
def test_the_ends_of_what_chamber_and_cell_take_are_allowed(abilities, celsius):
    assert text_of("TemperatureSeries", abilities, temperature=celsius)


def test_without_a_chamber_there_is_no_activation_energy(without_chamber):
    with pytest.raises(BadInput, match="no chamber"):
        text_of("ArrheniusPeis", without_chamber)
    assert "declared" in text_of("TemperatureSeries", without_chamber)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0, 10, 25, 40 °C", (0.0, 10.0, 25.0, 40.0)),
        ("0 °C, 25 °C", (0.0, 25.0)),
        ("-10 °C, 300 K", (-10.0, 26.85)),
        (["0 °C", 25, "40 degC"], (0.0, 25.0, 40.0)),
        ((25.0, 0.0), (25.0, 0.0)),
    ],
)
def test_a_list_of_temperatures_is_read_as_people_write_it(text, numbers):
    assert protocol("ArrheniusPeis")(temperatures=text).temperatures == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0, 10", "no unit"),
        ("25 °C", "2 different numbers"),
        ("25, 25 °C", "2 different numbers"),
        ("0, 900 °C", "between -40 and 180"),
        ("0; 10 °C", "not a quantity|cannot be read"),
        (["0 °C", math.nan], "finite"),
        ([0, True], "number and a unit"),
        (25.0, "several numbers"),
        ("", "no|not"),
    ],
)
def test_a_list_that_is_none_is_refused(value, words):
    with pytest.raises(BadInput, match=words) as refused:
        protocol("ArrheniusPeis")(temperatures=value)
    assert str(refused.value).startswith("temperatures")


def test_there_and_back_visits_the_last_temperature_once():
    assert protocol("ArrheniusPeis")(temperatures="0, 25, 50 °C", way="there and back").stops == (
        0,
        25,
        50,
        25,
        0,
    )
