"""Critical current densities, cycling and lives of cells, from runs on the simulated bench."""

from dataclasses import replace

import pytest

from app.conclusions.facts import facts_of
from app.conclusions.half_cycles import CriticalCurrent, critical_currents, cyclings
from app.conclusions.life import lives

MAH_CM2 = 3.6e4


def ramp(run, value, held, **changes):
    given = CriticalCurrent(
        run=run, metal="Li", value=value, held=held, temperature=298.2, pressure=15e6, pressure_error=0.4e6,
        start=1.0, step=1.0, capacity=0.1 * MAH_CM2, direction="both", shorted_while="",
        start_resistance=None, cumulative_charge=(value or held or 1.0) * MAH_CM2, half_cycles=4, end="",
    )  # fmt: skip
    return replace(given, **changes)


def test_a_short_is_told_with_all_it_means_nothing_without(conclusions_bench):
    run = conclusions_bench(
        "CriticalCurrentDensity", formed="400 MPa", thin=5, start="0.2 mA/cm²", stop="0.4 mA/cm²"
    )
    (found,), refused = critical_currents([facts_of(run)])
    assert refused == []
    assert (found.value, found.held, found.censored) == (3.0, 2.0, False)
    assert found.temperature == pytest.approx(298.15, abs=0.5)
    assert found.pressure == pytest.approx(15e6, rel=0.05)
    assert found.capacity == pytest.approx(0.1 * MAH_CM2)
    assert (found.start, found.step, found.direction) == (2.0, 1.0, "both")
    assert found.shorted_while == "stripping the working electrode"
    # Both half cycles at 200, and part of the one at 300: both directions count.
    assert 0.2 * MAH_CM2 < found.cumulative_charge < 0.3 * MAH_CM2
    # Formed at 400 MPa: too good a contact to be seen.
    assert found.start_resistance is None


def test_a_ramp_that_nothing_shorts_is_censored(conclusions_bench):
    run = conclusions_bench(
        "CriticalCurrentDensity", formed="12 MPa", start="100 µA/cm²", step="30 µA/cm²", stop="130 µA/cm²",
        capacity="0.01 mAh/cm²", direction="stripping only",
    )  # fmt: skip
    (found,), _ = critical_currents([facts_of(run)])
    assert (found.value, found.censored) == (None, True)
    assert found.held == pytest.approx(1.3)
    assert found.start_resistance == pytest.approx(0.02, rel=0.3)
    assert found.cumulative_charge == pytest.approx(0.02 * MAH_CM2, rel=0.03)
    (density, _), _ = lives([found])
    assert density.censored == (True,)
    assert density.km.failed == 0


def test_badly_contacted_lithium_fails_and_its_capacity_until_then_is_known(conclusions_bench):
    run = conclusions_bench("PlatingStrippingCycling", formed="4.8 MPa", thin=4)
    (found,), refused = cyclings([facts_of(run)])
    assert refused == []
    assert (found.cycles_done, found.cycles_wanted, found.failed) == (0, 10, True)
    assert found.density == pytest.approx(1.0)
    assert found.cumulative_charge == pytest.approx(0.102 * MAH_CM2, rel=0.02)
    assert found.start_resistance == pytest.approx(0.27, rel=0.1)


def test_cells_treated_alike_are_one_distribution_and_others_are_not_in_it():
    rows = [ramp(1, 3.0, 2.0), ramp(2, 2.0, 1.0), ramp(3, None, 4.0), ramp(4, 3.0, 2.0, temperature=323.2)]
    found, refused = lives(rows)
    assert refused == []
    together, alone = (each for each in found if each.what == "critical current density")
    assert together.runs == (1, 2, 3)
    assert together.censored == (False, False, True)
    assert together.km.median == 3.0
    assert "0.1 mAh/cm² per half cycle" in together.under
    assert "25 °C, 15 MPa" in together.under
    assert "from 100 in steps of 100 µA/cm²" in together.under
    assert "one cell" in str(alone.km)
    assert [each.what for each in found].count("cumulative areal capacity") == 2


def test_cells_on_the_edge_of_a_step_are_together_and_other_histories_and_starts_apart():
    like = ramp(1, 3.0, 2.0, pressure=7.49e6), ramp(2, 3.0, 2.0, pressure=7.51e6)
    unlike = ramp(3, 3.0, 2.0, pressure=7.5e6, history="formed at 400 MPa"), ramp(4, 3.0, 2.0, start=2.0)
    found, _ = lives([*like, *unlike])
    assert [each.runs for each in found if each.what == "critical current density"] == [(1, 2), (3,), (4,)]
    assert "25 °C, 7.5 MPa" in found[0].under


def test_a_cell_that_ended_at_once_has_no_critical_current_density():
    _, (refused,) = lives([ramp(5, None, None, end="cut-off")])
    assert refused.runs == (5,)
    assert "cut-off" in refused.why
