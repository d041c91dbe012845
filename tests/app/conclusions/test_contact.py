"""How contacts begin, and what stack pressure makes of them, from runs on the simulated bench."""

from dataclasses import replace

import pytest

from app.conclusions.alike import levels
from app.conclusions.facts import facts_of
from app.conclusions.pressing import critical_pressures, resistance_of_pressure
from app.conclusions.starts import starts
from app.conclusions.transitions import depletions
from app.conclusions.under_pressure import pressures

BRIEF = {"time_limit": "0.02 h"}
MPA = 1e6


def test_starts_are_put_together_by_metal_and_forming(conclusions_bench):
    made = [
        ("Li", "a", "12 MPa"), ("Li", "b", "12 MPa"), ("Li0.9Mg0.1", "c", "20 MPa"), ("Li", "d", "400 MPa"),
    ]  # fmt: skip
    facts = [
        facts_of(conclusions_bench("GeisStripping", name=name, anode=anode, formed=formed, **BRIEF))
        for anode, name, formed in made
    ]
    rows, refused = starts(facts)
    assert refused == []
    assert [(row.metal, row.count) for row in rows] == [("Li", 2), ("Li", 1), ("Li0.9Mg0.1", 1)]
    pressed, ideal, alloy = rows
    # 0.27 kΩ cm², in Ω m².
    assert pressed.resistance_mean == pytest.approx(0.027, rel=0.05)
    assert pressed.resistance_sd is not None
    assert pressed.forming_pressure == 12 * MPA
    assert pressed.runs == (1, 2)
    assert pressed.limit is None
    # A contact that is too good to be seen is a limit, and no number.
    assert (ideal.resistance_mean, ideal.resistance_sd) == (None, None)
    assert 0 < ideal.limit < 1e-3
    # One electrode has no standard deviation.
    assert (alloy.resistance_sd, alloy.ocv_sd) == (None, None)
    assert alloy.ocv_mean == pytest.approx(2.6e-3, abs=0.3e-3)


def test_an_electrode_counts_at_its_first_current_only(conclusions_bench):
    first = facts_of(conclusions_bench("GeisStripping", **BRIEF))
    again = facts_of(conclusions_bench("GeisStripping", **BRIEF))
    (row,), _ = starts([again, first])
    assert row.runs == (first.run,)


def test_pressure_that_keeps_a_contact_and_pressure_that_does_not(conclusions_bench):
    options = {"time_limit": "1.2 h"}
    facts = [
        facts_of(conclusions_bench("PressureRun", name=pressure, pressure=pressure, **options))
        for pressure in ("0 MPa", "15 MPa")
    ]
    found, _ = depletions(facts)
    (without, pressed), refused = pressures(facts, found)
    assert refused == []
    assert not without.pressed
    assert not without.steady
    assert without.slope.rising
    assert without.contact_end < 0.7
    assert pressed.steady
    assert pressed.kept
    assert pressed.t0 is None
    assert pressed.pressure == pytest.approx(15 * MPA, rel=0.05)
    assert pressed.pressure_error == pytest.approx(0.37 * MPA, rel=0.1)
    assert pressed.contact_end == pytest.approx(1.0, abs=0.05)
    assert pressed.resistance_end == pytest.approx(0.0204, rel=0.05)
    assert pressed.homologous == pytest.approx(0.657, abs=0.002)
    assert "changes by" in pressed.why

    (bracket,), refused = critical_pressures(facts, [without, pressed])
    assert refused == []
    assert (bracket.low, bracket.high) == (0.0, pressed.pressure)
    assert bracket.density == pytest.approx(2.0, rel=0.01)
    assert bracket.runs == (1, 2)

    # Other currents and temperatures are other questions.
    elsewhere = replace(without, density=1.0, temperature=323.15)
    apart, _ = critical_pressures(facts, [elsewhere, pressed])
    assert sorted((each.low, each.high) for each in apart if each.low is None) == [(None, pressed.pressure)]
    assert [each.high for each in apart if each.low is not None] == [None]

    # What electrodes contradict each other about is not concluded.
    lost = replace(without, pressure=20 * MPA, pressed=True)
    nothing, (why,) = critical_pressures(facts, [pressed, lost])
    assert nothing == []
    assert "kept at 14.9 MPa and lost at 20.0 MPa" in why.why


def test_a_contact_that_nothing_is_told_of_counts_neither_as_kept_nor_as_lost(conclusions_bench):
    fact = facts_of(conclusions_bench("PressureRun", pressure="5 MPa", **BRIEF))
    (row,), _ = pressures([fact], [])
    kept, untold = replace(row, steady=True, pressure=15 * MPA), replace(row, steady=False, slope=None)
    assert not untold.kept
    assert not untold.lost
    (bracket,), (why,) = critical_pressures([fact], [kept, untold])
    assert (bracket.low, bracket.high) == (None, 15 * MPA)
    assert "neither steady at the end nor told to rise" in why.why


def test_a_pressure_on_the_edge_of_a_step_is_one_level():
    found = levels([7.49e6, 7.51e6, 0.0, 15e6], 1e6)
    assert found[7.49e6] == found[7.51e6] == pytest.approx(7.5e6)
    assert len(set(found.values())) == 3


def test_an_alloy_that_runs_out_of_lithium_is_not_said_to_have_lost_contact(conclusions_bench):
    fact = facts_of(
        conclusions_bench("PressureRun", anode="Li0.9Mg0.1", formed="20 MPa", pressure="15 MPa", **BRIEF)
    )
    (row,), _ = pressures([fact], [])
    assert row.homologous is None
    (found,), _ = critical_pressures([fact], [replace(row, t0=4 * 3600.0)])
    assert found.high is None
    assert "lithium runs out" in found.why


def test_a_staircase_gives_its_bracket_by_its_own_decisions(conclusions_bench):
    fact = facts_of(
        conclusions_bench(
            "PressureStaircase", current_density="200 µA/cm²", pressures="1, 10 MPa", dwell="1.5 h",
            steady_window="15 min", thin=8,
        )
    )  # fmt: skip
    (found,), refused = critical_pressures([fact], [])
    assert refused == []
    assert found.low == pytest.approx(1 * MPA, abs=0.3 * MPA)
    assert found.high == pytest.approx(10 * MPA, rel=0.05)
    nothing, (why,) = resistance_of_pressure([fact])
    assert nothing == []
    assert "pressure(s) at which R_int became steady" in why.why


def test_forming_gives_the_exponent_of_resistance_over_pressure(conclusions_bench):
    fact = facts_of(conclusions_bench("InterfaceForming", formed="0.5 MPa", creep="6 %", every="90 s"))
    (found,), refused = resistance_of_pressure([fact])
    assert refused == []
    assert len(found.pressure) >= 3
    assert found.exponent == pytest.approx(-2.5, abs=0.2)
    assert found.exponent_low < -2.5 < found.exponent_high
    # The gauge's zero alone, 0.37 MPa of 4, makes the exponent uncertain.
    assert found.exponent_high - found.exponent_low > 0.2
    assert found.density is None
