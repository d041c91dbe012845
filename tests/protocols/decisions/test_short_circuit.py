"""A short shows in E within one poll and in the impedance; an alloy's emf and a healing contact do not."""

import math

import pytest

from core.cell import Cell
from protocols.decisions import ShortCircuit

CURRENT = 1e-4
"""A; the electrolyte of 1 kΩ takes 100 mV of it."""


def cell(anode, counter="Li"):
    given = {"name": "c", "anode": anode, "electrode_diameter": "6 mm", "counter": {"anode": counter}}
    return Cell.model_validate(given)


def primed(make, rule=None, *, emf=0.0):
    """A rule that has seen the cell at open circuit."""
    rule = rule or ShortCircuit()
    assert rule.see(make(1, I=0.0, E=emf, Re_low=1500.0, T=298.15)) is None
    return rule


def polled(rule, voltages, current=CURRENT, every=1.0, begin=100.0):
    return [rule.see_voltage(begin + every * i, e, current) for i, e in enumerate(voltages)]


def test_one_poll_below_half_of_the_electrolyte_s_share_is_a_short(make):
    rule = primed(make)
    found = polled(rule, [0.15, 0.15, 0.15, 0.051, 0.049, 0.005])
    assert [each is not None for each in found] == [False] * 4 + [True, False]
    assert rule.shorted
    assert found[4].changes_bench
    assert found[4].parameters["by"] == "E"
    assert found[4].time == 104.0
    assert 1 in found[4].fits
    assert rule.alarm


def test_it_works_for_either_sign_and_not_for_a_cell_the_wrong_way_round(make):
    assert polled(primed(make), [-0.15] * 3 + [-0.01], -CURRENT)[-1] is not None
    assert polled(primed(make), [-0.15] * 9) == [None] * 9


def test_a_current_counts_once_it_has_flown_a_while(make):
    found = polled(primed(make), [0.001] * 4, every=0.9)
    assert [each is not None for each in found] == [False] * 3 + [True]


def test_another_current_begins_anew(make):
    rule = primed(make)
    polled(rule, [0.15] * 5)
    assert rule.see_voltage(105.0, 0.10, 2 * CURRENT) is None
    assert rule.see_voltage(106.0, -0.02, -CURRENT) is None
    assert rule.see_voltage(107.0, 0.02, -CURRENT) is None
    assert rule.see_voltage(108.0, 0.02, -CURRENT) is not None


def test_at_open_circuit_nothing_is_needed(make):
    assert polled(primed(make), [0.0] * 10, 0.0) == [None] * 10
    assert polled(primed(make), [0.0] * 10, 5e-7) == [None] * 10


def test_without_a_spectrum_nobody_knows_what_is_needed():
    assert polled(ShortCircuit(), [0.0] * 10) == [None] * 10


def test_no_number_is_no_short(make):
    assert polled(primed(make), [math.nan] * 5) == [None] * 5


@pytest.mark.parametrize("emf", [0.0, 0.014, 0.028])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_emf_of_an_alloy_is_no_short_whatever_was_seen_at_open_circuit(make, emf, sign):
    low = 0.028e-3  # 28 mV across 1 kΩ: what an alloy can just cancel while it is plated
    rule = primed(make, ShortCircuit.of_cell(cell("Li0.9Mg0.1")))
    assert polled(rule, [sign * low * 1000.0 + emf] * 6, sign * low) == [None] * 6


def test_an_alloy_s_short_is_found_where_the_emf_cannot_explain_it(make):
    stripping = primed(make, ShortCircuit.of_cell(cell("Li0.9Mg0.1")), emf=0.028)
    assert polled(stripping, [0.0015] * 3)[-1] is not None
    plating = primed(make, ShortCircuit.of_cell(cell("Li0.9Mg0.1")))
    assert polled(plating, [-0.0015] * 3, -CURRENT)[-1] is not None


def test_the_electrodes_say_which_way_the_emf_can_go():
    emf = [
        (rule.lowest_emf, rule.highest_emf)
        for rule in map(ShortCircuit.of_cell, (cell("Li"), cell("Li0.9Mg0.1"), cell("Li", "Li0.9Mg0.1")))
    ]
    assert emf == [(0.0, 0.0), (0.0, 0.028), (-0.028, 0.0)]


def test_a_spectrum_that_ends_below_half_of_the_electrolyte_is_a_short(make):
    rule = primed(make)
    bad = {"R_electrolyte": 60.0, "T": 298.15, "I": CURRENT}
    assert rule.see(make(2, Re_low=501.0, I=CURRENT, T=298.15, flags=["poor fit"])) is None
    decision = rule.see(make(3, Re_low=60.0, **bad))
    assert decision.parameters["by"] == "Re Z"
    assert decision.fits == (1, 3)
    assert rule.shorted
    assert rule.see(make(4, Re_low=60.0, **bad)) is None


def test_a_warm_electrolyte_is_no_short(make):
    rule = primed(make)
    warm = {"R_bulk": 230.0, "R_gb": 90.0, "R_electrolyte": 320.0, "T": 323.15}
    assert rule.see(make(2, Re_low=330.0, **warm)) is None
    assert rule.see(make(3, Re_low=140.0, T=323.15, R_electrolyte=140.0)) is not None


def test_one_bad_point_under_a_good_fit_is_no_short(make):
    assert primed(make).see(make(2, Re_low=3.0, I=CURRENT, T=298.15)) is None


def test_a_sweep_cut_short_shows_no_short(make):
    assert primed(make).see(make(2, Re_low=3.0, flags=["no fit", "few points"], T=298.15)) is None


def test_a_short_that_creeps_up_does_not_take_its_reference_with_it(make):
    rule, found = primed(make), []
    for number, r in enumerate([900.0, 620.0, 550.0, 480.0, 430.0], 2):
        found.append(rule.see(make(number, R_electrolyte=r, Re_low=r, T=298.15)))
    assert found[-1] is not None
    assert found[-1].parameters["reference_ohm"] == pytest.approx(900.0)


def under_current(make, rule, resistances, *, sign=1, first=2, lowest=None):
    found = []
    for number, r in enumerate(resistances, first):
        seen = {
            "R_int": r,
            "Re_low": 1000 + r if lowest is None else lowest,
            "I": sign * CURRENT,
            "T": 298.15,
        }
        found.append(rule.see(make(number, stderrs={"R_int": 0.01 * r}, **seen)))
    return found


def test_r_int_that_collapses_under_current_is_a_short(make):
    rule = primed(make)
    found = under_current(make, rule, [5000.0, 5100.0, 5200.0, 3000.0])
    assert found[:3] == [None] * 3
    assert found[3].outcome.startswith("R_int collapsed")
    assert found[3].fits == (4, 5)
    assert rule.shorted


def test_where_re_z_does_not_follow_the_next_spectrum_decides(make):
    rule = primed(make)
    found = under_current(make, rule, [5000.0, 5100.0, 3000.0, 3100.0], lowest=6000.0)
    assert found[2] is None
    assert found[3].fits == (3, 4, 5)
    rule = primed(make)
    assert under_current(make, rule, [5000.0, 5100.0, 3000.0, 5200.0, 5300.0], lowest=6000.0) == [None] * 5
    assert not rule.shorted


def test_an_interface_that_cannot_be_seen_any_more_collapsed(make):
    rule = primed(make)
    under_current(make, rule, [5000.0, 5100.0])
    gone = make(
        4, R_int=None, R_int_upper=5.0, I=CURRENT, Re_low=1000.0, T=298.15, flags=["below resolution"]
    )
    assert rule.see(gone) is not None


def test_a_contact_that_plating_restores_is_no_short(make):
    rule = primed(make)
    under_current(make, rule, [3500.0, 3600.0])
    healing = [3600 / (1 + 4 * i) for i in range(1, 40)]
    assert under_current(make, rule, healing, sign=-1, first=10) == [None] * len(healing)


@pytest.mark.parametrize("change", [{"p": 15e6}, {"T": 308.15}, {"I": -CURRENT}, {"I": 0.0}])
def test_what_explains_a_fall_of_r_int_makes_it_no_short(make, change):
    rule = primed(make)
    usual = {"T": 298.15, "p": 4e6, "I": CURRENT}
    for number, r in enumerate([5000.0, 5100.0], 2):
        rule.see(make(number, R_int=r, Re_low=1000 + r, **usual))
    for number in (4, 5):
        assert rule.see(make(number, R_int=2000.0, Re_low=3000.0, **usual | change)) is None


def test_after_an_interruption_nothing_is_compared(make):
    for interrupt in (lambda rule: rule.disturbed_at(1.0), lambda rule: rule.changed_at(1.0, "p")):
        rule = primed(make)
        under_current(make, rule, [5000.0, 5100.0])
        interrupt(rule)
        assert under_current(make, rule, [3000.0, 2900.0], first=4) == [None] * 2


def test_overridden_it_flags_and_nothing_follows(make):
    rule = primed(make)
    rule.overridden = True
    decision = polled(rule, [0.001] * 3)[-1]
    assert decision is not None
    assert not decision.changes_bench
    assert not rule.shorted
