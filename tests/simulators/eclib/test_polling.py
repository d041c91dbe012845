"""Nothing depends on when or how often somebody looks at the channel."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cell import Cell
from simulators.cell import SimulatedCell
from simulators.eclib import NoiseParameters


def recorded(client, times, peek=False):
    """Poll at the times and return all rows by technique, process and pass."""
    found = {}
    for time in times:
        client.clock.time = time
        if peek:
            client.look()
        for data in client.drain():
            found.setdefault((data.key, data.start), []).append(data.raw.copy())
    return {key: np.concatenate(parts) for key, parts in found.items()}


def same(one, other):
    assert one.keys() == other.keys()
    for key, rows in one.items():
        assert np.array_equal(rows, other[key]), key


@pytest.fixture
def run_it(make_client, rc_cell, ocv, cplimit, geis, loop):
    def run(times, cell=None, peek=False, noise=None):
        client = make_client(cell=cell or rc_cell(ramp=2e3), noise=noise or NoiseParameters(), seed=5)
        slice_ = cplimit[0], cplimit[1] | {"Record_every_dE": 0.01, "Duration_step": [1.0]}
        hold = geis[0], geis[1] | {"Duration_step": 0.4, "Record_every_dT": 0.15}
        client.program(
            (ocv[0], ocv[1] | {"Rest_time_T": 1.5}), slice_, hold, (loop[0], loop[1] | {"protocol_number": 1})
        )
        client.start()
        rows = recorded(client, times, peek)
        return rows, client.cell, client.messages()

    return run


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0.0, 90.0), max_size=60), st.booleans())
def test_random_polls_bring_the_same_rows(run_it, times, peek):
    once, cell, messages = run_it([90.0])
    assert len(once) > 10
    assert messages == ["end protocol"], "the limit was met"
    other, polled, _ = run_it([*sorted(times), 90.0], peek=peek)
    same(once, other)
    assert cell.inputs == polled.inputs


def test_the_real_cell_brings_the_same_rows(run_it):
    def cell():
        mounted = Cell.model_validate({"name": "x", "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm"})
        return SimulatedCell(mounted, {}, lambda time: 298.15, lambda time: 0.0, 1)

    once, _, _ = run_it([40.0], cell())
    often, _, _ = run_it([*np.arange(0.05, 40.0, 0.05), 40.0], cell(), peek=True)
    same(once, often)


def test_a_rest_of_many_hours_can_be_slept_through(make_client, cp, geis, loop):
    mounted = Cell.model_validate({"name": "x", "anode": "Li", "electrode_diameter": "6 mm"})
    cell = SimulatedCell(mounted, {}, lambda time: 298.15, lambda time: 0.0, 1)
    client = make_client(cell=cell)
    hold = cp[0], cp[1] | {"Record_every_dT": 600.0, "Duration_step": [3600.0]}
    client.program(hold, geis, (loop[0], loop[1] | {"loop_N_times": 1}))
    client.start()
    client.clock.time = 2.5 * 3600
    found = client.drain()
    assert [data.rows for data in found] == [7, 6, 7, 6]
    assert client.look().State == 0


def test_one_step_or_two_make_no_difference(make_client, rc_cell, cp):
    whole = make_client(cell=rc_cell(ramp=1e3))
    halves = make_client(cell=rc_cell(ramp=1e3))
    whole.program(cp)
    half = cp[0], cp[1] | {"Duration_step": [5.0]}
    halves.program(half, half)
    results = []
    for client in (whole, halves):
        client.start()
        client.clock.time = 20.0
        found = client.drain()
        time = np.concatenate([data.time for data in found])
        keep = np.concatenate([[True], np.diff(time) > 0.5])
        results.append(np.concatenate([data.table[:, 2:4] for data in found])[keep])
    assert results[0] == pytest.approx(results[1], rel=1e-5)
    assert [each[1] for each in halves.cell.inputs] == ["open", "current", "open"]


def test_two_threads_share_the_library(make_client, geis, loop):
    import threading

    client = make_client()
    client.program((geis[0], geis[1] | {"Initial_frequency": 1e3, "Final_frequency": 1e2}), loop)
    client.start()
    codes, rows = [], []

    def look():
        codes.extend(client.look().State for _ in range(400))

    def read():
        for step in range(400):
            client.clock.time = 0.1 * step
            rows.append(client.read().rows)

    threads = [threading.Thread(target=target) for target in (look, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [1] * 400
    assert sum(rows) == pytest.approx(40.0 / (0.25 + 0.0108), abs=8)
