"""The channel's memory: at most 1000 words a read, consumed, zero tail, loss when it is full."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.eclib import Faults
from simulators.eclib.memory import Batch, Memory


@pytest.mark.parametrize(("name", "rows"), [("ocv", 333), ("cp", 200), ("geis", 71)])
def test_rows_of_one_read(client, request, name, rows):
    file, table = request.getfixturevalue(name)
    more = {"Frequency_number": 100} if name == "geis" else {"Record_every_dT": 0.01}
    client.program((file, table | more))
    client.start()
    client.clock.time = 1000.0
    first, second = client.read(), client.read()
    assert first.rows == rows
    assert first.rows * first.columns <= 1000
    assert not first.words[first.rows * first.columns :].any()
    assert 0 < second.rows <= rows
    assert not second.words[second.rows * second.columns :].any()
    scalar = name != "geis"
    together = [data.time if scalar else data.table[:, 13] for data in (first, second)]
    assert (np.diff(np.concatenate(together)) > 0).all()


def test_nothing_new(client, ocv):
    client.program(ocv)
    client.start()
    client.read()
    data = client.read()
    assert data.code == 0
    assert data.infos == bytes(40)
    assert not data.words.any()


def test_current_values_consume_nothing(client, cp):
    client.program(cp)
    client.start()
    client.clock.time = 3.0
    assert client.look().MemFilled == 4 * 5 * 4
    assert client.look().MemFilled == 4 * 5 * 4
    assert client.read().rows == 4


def test_a_full_memory_loses_rows_and_says_so(make_client, cp):
    client = make_client(faults=Faults(memory_bytes=100))  # five rows
    client.program(cp)
    client.start()
    client.clock.time = 7.5
    data = client.read()
    assert (data.rows, data.skipped) == (5, 3)
    assert data.time[-1] == pytest.approx(4.0, abs=3e-5)
    client.clock.time = 8.5
    data = client.read()
    assert (data.rows, data.skipped) == (1, 0)
    assert data.time[-1] == pytest.approx(8.0, abs=3e-5)
    client.faults.skipped_irqs = 4
    client.clock.time = 9.5
    assert client.read().skipped == 4


def test_rows_of_two_processes_never_come_together(client, geis, loop):
    client.program((geis[0], geis[1] | {"Duration_step": 0.2, "Record_every_dT": 0.1}), loop)
    client.start()
    client.clock.time = 40.0
    keys = [data.key for data in client.drain()]
    assert keys[:4] == [(0, 107, 0, 0), (0, 107, 1, 0), (0, 107, 0, 1), (0, 107, 1, 1)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(3, 15), st.integers(1, 400), st.booleans()), max_size=12),
    st.integers(0, 20_000),
)
def test_what_goes_in_comes_out_in_order_or_is_counted(appends, capacity):
    memory = Memory(capacity)
    wrote = taken = skipped = 0
    columns_taken = []
    for number, (columns, rows, read) in enumerate(appends):
        memory.append(Batch(number, 100, 0, 0, 0.0, 1e-5, columns), bytes(4 * columns * rows))
        wrote += rows
        assert memory.filled <= capacity
        while read and (found := memory.take()):
            batch, words = found
            assert 0 < len(words) <= 4000
            assert len(words) % (4 * batch.columns) == 0
            taken += len(words) // (4 * batch.columns)
            columns_taken.append(batch.technique)
    while found := memory.take():
        taken += len(found[1]) // (4 * found[0].columns)
        columns_taken.append(found[0].technique)
    skipped = memory.skipped
    assert taken + skipped == wrote
    assert columns_taken == sorted(columns_taken)
    assert memory.filled == 0
