"""Activation energies of R_int and of D, from runs on the simulated bench and from transition times."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.composition import LEAST_CONCENTRATION, concentration
from analysis.diffusion.material import diffusivity_at
from analysis.sand import transition_time
from app.conclusions.diffusion_energy import diffusion_energies
from app.conclusions.facts import facts_of
from app.conclusions.interface_energy import interface_energies
from app.conclusions.transitions import Depletion

ROOM_D = {"Li": 0.8e-15, "Li0.9Mg0.1": 1.5e-15}


class Of:
    """What the energy of D wants to know of a run besides its depletion."""

    def __init__(self, run):
        self.run = run


def depletion(run, celsius, *, scatter=1.0, error=10.0, **changes):
    row = Depletion(
        run=run, metal="Li", density=1.0, temperature=celsius + 273.15, pressure=None, annealed=False,
        history="", threshold=1.0, threshold_absolute=35e3, threshold_given="areal",
        criterion="R_int > 10 kΩ cm², raw", time=0.0, error=error, censored=False, why="", vanishing=None,
        vanishing_error=None, charge=None, contact=None, true_time=None, true_vanishing=None,
    )  # fmt: skip
    row = replace(row, **changes)
    if row.censored:
        return replace(row, time=25 * 3600.0, error=None)
    d = scatter * diffusivity_at(row.temperature, ROOM_D[row.metal], 0.31)
    time = transition_time(d, concentration(row.metal), row.density)
    return replace(row, time=0.98 * time, vanishing=time, vanishing_error=error)


def energies(*rows, drop="c0"):
    return diffusion_energies([Of(row.run) for row in rows], rows, drop)


def test_spectra_at_several_temperatures_give_the_energy_of_the_interface(conclusions_bench):
    run = conclusions_bench(
        "ArrheniusPeis", temperatures="5, 25, 45 °C", repeats=2, temperature_dwell="5 min"
    )
    (found,), refused = interface_energies([facts_of(run)])
    assert refused == []
    assert found.line.points == 3
    assert found.line.source == "scatter"
    assert found.line.low < 0.37 < found.line.high
    assert found.true_energy == pytest.approx(0.37, abs=1e-4)
    assert found.electrodes == "one electrode"
    assert found.temperature == pytest.approx([278.15, 298.15, 318.15], abs=0.5)
    # Areal: about 0.27 kΩ cm² at 25 °C.
    assert found.resistance[1] == pytest.approx(0.027, rel=0.05)
    assert np.all(found.error > 0)


def test_two_temperatures_give_an_interval_from_their_own_errors(conclusions_bench):
    run = conclusions_bench("ArrheniusPeis", temperatures="15, 35 °C", repeats=2, temperature_dwell="5 min")
    (found,), _ = interface_energies([facts_of(run)])
    assert (found.line.points, found.line.source) == (2, "errors")
    assert 0.005 < found.line.high - found.line.low < 0.1
    assert found.line.low < 0.37 < found.line.high


def test_electrodes_of_a_temperature_series_are_one_line_and_one_alone_is_refused(conclusions_bench):
    options = {"temperature_dwell": "5 min", "time_limit": "0.02 h"}
    cold, warm = (
        facts_of(conclusions_bench("TemperatureSeries", name=f"c {celsius}", temperature=celsius, **options))
        for celsius in ("10 °C", "30 °C")
    )
    (found,), refused = interface_energies([cold, warm])
    assert refused == []
    assert found.electrodes == "an electrode each"
    assert found.line.low < 0.37 < found.line.high
    # Two electrodes formed to 0.27 ± 0.05 kΩ cm² know their slope no better than that.
    assert found.line.source == "errors"
    assert found.line.high - found.line.low > 0.3
    nothing, (why,) = interface_energies([cold])
    assert nothing == []
    assert "1 temperature(s) (10 °C)" in why.why
    assert why.runs == (cold.run,)


def test_the_energy_of_diffusion_comes_out_by_either_transition_time():
    rows = [depletion(1, 0), depletion(2, 25), depletion(3, 25), depletion(4, 40)]
    found, refused = energies(*rows)
    assert refused == []
    assert [each.by for each in found] == ["vanishing", "threshold"]
    for each in found:
        assert each.line.energy == pytest.approx(0.31, abs=1e-6)
        assert each.runs == (1, 2, 3, 4)
        assert each.drop_name == "c0"
    assert found[0].line.diffusion() == pytest.approx(0.8e-15)


def test_electrodes_that_differ_widen_the_interval_of_their_energy():
    alike, _ = energies(depletion(1, 0), depletion(2, 25), depletion(3, 40))
    scattered, _ = energies(
        depletion(1, 0, scatter=1.2), depletion(2, 25, scatter=0.85), depletion(3, 40, scatter=1.1)
    )
    assert scattered[0].line.source == "scatter"
    assert scattered[0].line.stderr > 0.02
    assert alike[0].line.stderr < 0.002


def test_two_electrodes_are_told_apart_from_a_line_with_scatter():
    (by_vanishing, _), _ = energies(depletion(1, 0), depletion(2, 25))
    assert by_vanishing.line.source == "errors"
    assert by_vanishing.line.low < 0.31 < by_vanishing.line.high
    (unknown, _), _ = energies(depletion(1, 0, error=None), depletion(2, 25, error=None))
    assert unknown.line.source == "nothing"
    assert unknown.line.high == np.inf


def test_what_was_never_depleted_is_left_out_and_named():
    found, (refused,) = energies(depletion(1, 0), depletion(2, 25), depletion(3, 50, censored=True))
    assert found[0].runs == (1, 2)
    assert "run 3 at 50 °C in 25.0 h" in refused.why
    nothing, two = energies(depletion(1, 25), depletion(3, 50, censored=True))
    assert nothing == []
    assert all("1 temperature(s) only" in each.why for each in two)


def test_a_foil_whose_far_side_was_felt_is_left_out_and_named():
    rows = depletion(1, 0), depletion(2, 25, used=0.49), depletion(3, 40, used=0.51)
    found, (refused,) = energies(*rows)
    assert [each.runs for each in found] == [(1, 2), (1, 2)]
    assert "run 3 at 40 °C; left out" in refused.why


def test_currents_histories_and_pressures_are_never_mixed_in_one_line():
    found, _ = energies(
        depletion(1, 0), depletion(2, 25), depletion(3, 0, density=2.0),
        depletion(4, 25, history="annealed 3 h"), depletion(5, 25, pressure=7.5e6),
        depletion(6, 40, metal="Li0.9Mg0.1"),
    )  # fmt: skip
    assert {each.runs for each in found} == {(1, 2)}


def test_a_pressure_on_the_edge_of_a_step_does_not_tear_a_line_apart():
    (by_vanishing, _), _ = energies(depletion(1, 0, pressure=7.49e6), depletion(2, 25, pressure=7.51e6))
    assert by_vanishing.runs == (1, 2)


def test_thresholds_that_differ_give_an_energy_by_vanishing_contact_only():
    rows = depletion(1, 0), depletion(2, 25, threshold=0.28, criterion="R_int > 10 kΩ, raw")
    (found,), (refused,) = energies(*rows)
    assert found.by == "vanishing"
    assert "run 2: R_int > 10 kΩ, raw (2.8 kΩ cm²)" in refused.why


def test_raw_and_normalised_are_one_threshold_at_room_temperature_and_two_in_the_cold():
    normalised = "R_int > 10 kΩ cm², normalised to 25 °C with 0.37 eV"
    found, refused = energies(depletion(1, 0), depletion(2, 25, criterion=normalised))
    assert [each.by for each in found] == ["vanishing", "threshold"]
    assert refused == []
    found, _ = energies(depletion(1, 0), depletion(2, 40, criterion=normalised))
    assert [each.by for each in found] == ["vanishing"]


def test_the_drop_in_concentration_changes_diffusion_of_the_alloy_and_not_its_energy():
    rows = [depletion(1, 0, metal="Li0.9Mg0.1"), depletion(2, 25, metal="Li0.9Mg0.1")]
    (whole, _), _ = energies(*rows)
    (part, _), _ = energies(*rows, drop="c0-cmin")
    assert part.drop_name == "c0 − c_min"
    assert part.line.energy == pytest.approx(whole.line.energy)
    c0 = concentration("Li0.9Mg0.1")
    assert part.diffusion / whole.diffusion == pytest.approx((c0 / (c0 - LEAST_CONCENTRATION)) ** 2)
    (lithium, _), _ = energies(depletion(1, 0), depletion(2, 25), drop="c0-cmin")
    assert lithium.drop_name == "c0"
