"""Leads that are taken off one cell and clamped to another while the instrument goes on."""

import numpy as np
import pytest

from core.cell import Cell
from simulators.cell import SimulatedCell


def test_the_new_cell_gets_what_is_controlled_and_the_old_one_rests(make_client, rc_cell, cp):
    old, new = rc_cell(1000.0), rc_cell(5000.0)
    client = make_client(cell=old)
    client.program(cp)
    client.start()
    client.clock.time = 4.0
    assert client.look().Ewe == pytest.approx(0.02, rel=1e-3)
    client.lib.clamp(lambda time: new)
    assert client.look().Ewe == pytest.approx(0.1, rel=1e-3), "nothing of the old cell is remembered"
    assert old.inputs[-1][:2] == (4.0, "open")
    assert new.inputs[-1][:3] == (4.0, "current", pytest.approx(20e-6))
    client.clock.time = 11.0
    client.drain()
    assert new.inputs[-1][:2] == (10.0, "open"), "the program's end reaches the new cell"


def test_at_open_circuit_nothing_is_put_on_the_new_cell(make_client, rc_cell, ocv):
    new = rc_cell(1000.0)
    client = make_client()
    client.program(ocv)
    client.start()
    client.clock.time = 3.0
    client.lib.clamp(lambda time: new)
    client.clock.time = 20.0
    client.drain()
    assert {mode for _, mode, *_ in new.inputs} == {"open"}


def test_clamped_before_anybody_has_connected(make_client, rc_cell, cp):
    new = rc_cell(5000.0)
    client = make_client(ready=False)
    client.lib.clamp(lambda time: new)
    client.connect()
    client.firmware()
    client.program(cp)
    client.start()
    client.clock.time = 1.0
    assert client.look().Ewe == pytest.approx(0.1, rel=1e-3)


def test_temperature_and_force_reach_the_new_cell(make_client, rc_cell):
    old, new = rc_cell(), rc_cell()
    client = make_client(cell=old)
    client.lib.touch(1.0)
    client.lib.clamp(lambda time: new)
    client.lib.touch(2.0)
    assert (old.touched, new.touched) == ([1.0], [2.0])


@pytest.mark.parametrize("polled", [True, False])
def test_points_of_a_sweep_belong_to_the_cell_that_was_there(make_client, rc_cell, geis, polled):
    old, new = rc_cell(1000.0, 1e-12), rc_cell(5000.0, 1e-12)
    client = make_client(cell=old)
    client.program(geis)
    client.start()
    found = []
    for time in np.arange(0.5, 20.0, 0.5):
        client.clock.time = float(time)
        if polled:
            found += client.drain()
        if time == 1.5:
            client.lib.clamp(lambda at: new)
    found += client.drain()
    swept = np.concatenate([each.table for each in found if each.key[2] == 1])
    size = swept[:, 1] / swept[:, 2]
    # e.g. the point that ends at 1.55 s was measured before the change
    middle = swept[:, 13] - 0.5 * 2 / swept[:, 0]
    assert 0 < (middle < 1.5).sum() < len(middle)
    assert size == pytest.approx(np.where(middle < 1.5, 1000.0, 5000.0), rel=0.01)


@pytest.mark.parametrize("anode", ["Li", "Li0.9Mg0.1"])
def test_a_short_shows_at_the_next_poll_and_in_the_impedance(make_client, cp, geis, anode):
    described = Cell.model_validate(
        {
            "name": "c",
            "anode": anode,
            "electrode_diameter": "6 mm",
            "history": {"forming_pressure": "4.8 MPa"},
        }
    )
    client = make_client(clock=None)
    cell = SimulatedCell(described, {}, lambda t: 298.15, lambda t: 0.0, seed=2)
    client.lib.clamp(lambda time: cell)
    plating = -2e-2 * 300.0 / 2.0 * described.area
    table = dict(cp[1], Current_step=[plating], Duration_step=[4000.0], I_Range=7)
    client.program((cp[0], table))
    client.start()
    polls, seen, broken = [], [], None
    while broken is None:
        client.clock.time += 1.0
        client.drain()
        polls.append(client.clock.time)
        seen.append(client.look().Ewe)
        assert client.clock.time < 4000.0
        if cell.truth(client.clock.time)["shorted"]:
            broken = client.clock.time
    assert abs(seen[-2]) > 0.05
    assert abs(seen[-1]) < 0.01
    spectrum = cell.impedance(np.logspace(6, 0, 7), np.full(7, broken))
    assert np.abs(spectrum.real).max() * cell.area * 1e4 < 16.0, "15 Ω cm² is all that is left"
