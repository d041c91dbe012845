"""Programs as they run: rows, times, limits, loops, changes in mid-run, and how they end."""

import numpy as np
import pytest


def test_open_circuit(make_client, rc_cell, ocv):
    client = make_client()
    client.clock.time = 100.0
    client.program(ocv)
    assert client.start() == 0
    assert client.look().State == 1
    found = client.run(until=120.0, every=0.7)
    assert {data.key for data in found} == {(0, 100, 0, 0)}
    assert {data.columns for data in found} == {3}
    assert np.concatenate([data.time for data in found]) == pytest.approx(np.arange(11.0), abs=2e-5)
    assert np.concatenate([data.table[:, 2] for data in found]) == pytest.approx(0.0)
    values = client.look()
    assert values.State == 0
    assert values.ElapsedTime == pytest.approx(10.0)
    assert client.messages() == ["end protocol"]


def test_constant_current_and_its_signs(client, cp):
    table = cp[1] | {"Current_step": [2e-5, -1e-5], "vs_initial": [False] * 2, "Duration_step": [2.0] * 2}
    client.program((cp[0], table | {"Step_number": 1, "N_Cycles": 1}))
    client.start()
    (data,) = client.run(until=10.0, every=10.0)
    assert data.key == (0, 102, 0, 0)
    assert data.columns == 5
    assert data.time == pytest.approx([0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8], abs=3e-5)
    current = np.repeat([2e-5, -1e-5, 2e-5, -1e-5], 3)
    assert data.table[:, 3] == pytest.approx(current)
    assert data.table[:, 2] == pytest.approx(1000 * current)
    assert data.raw[:, 4].tolist() == [0] * 6 + [1] * 6
    assert [each[:3] for each in client.cell.inputs[1:]] == [
        (0.0, "current", pytest.approx(2e-5)),
        (2.0, "current", pytest.approx(-1e-5)),
        (4.0, "current", pytest.approx(2e-5)),
        (6.0, "current", pytest.approx(-1e-5)),
        (8.0, "open", 0.0),
    ]


def test_relative_steps_count_from_the_value_before(client, cp):
    table = cp[1] | {"Current_step": [1e-5, 1e-5], "vs_initial": [True] * 2, "Duration_step": [1.0] * 2}
    client.program((cp[0], table | {"Step_number": 1}))
    client.start()
    client.clock.time = 5.0
    assert client.look().State == 0
    assert [each[2] for each in client.cell.inputs[1:]] == pytest.approx([1e-5, 2e-5, 0.0])


def test_constant_voltage(client, ca):
    client.program(ca)
    client.start()
    (data,) = client.run(until=3.5, every=3.5)
    assert data.key[1] == 101
    assert data.table[:, 2:4] == pytest.approx(np.tile([0.1, 1e-4], (4, 1)))


def test_automatic_range_follows_the_current(client, ca):
    client.program((ca[0], ca[1] | {"Voltage_step": [0.05]}))
    client.start()
    client.clock.time = 1.0
    assert client.look().IRange == 6


def test_a_fixed_range_overflows(client, ca):
    client.program((ca[0], ca[1] | {"I_Range": 4}))
    client.start()
    client.clock.time = 1.0
    values = client.look()
    assert values.Ioverflow == 1
    assert abs(values.I) == pytest.approx(1e-6)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("exit_condition", [0, 1, 2])
def test_a_limit_in_either_direction(make_client, rc_cell, cplimit, ocv, sign, exit_condition):
    client = make_client(cell=rc_cell(ramp=1e4))  # 0.02 V at once, then 0.2 V a second
    table = cplimit[1] | {
        "Current_step": [sign * 2e-5, 0.0],
        "vs_initial": [False, False],
        "Duration_step": [100.0, 1.0],
        "Step_number": 1,
        "Exit_Cond": [exit_condition, 0],
    }
    client.program((cplimit[0], table), ocv)
    client.start()
    met = (2.0 - 0.02) / 0.2
    found = client.run(until=50.0, every=1.3)
    rows = np.concatenate([data.time for data in found if data.key[0] == 0])
    if exit_condition == 0:
        assert client.cell.inputs[2][:3] == (pytest.approx(met, abs=1e-4), "current", 0.0)
        assert rows[-1] == pytest.approx(met + 1.0, abs=2e-4)
    else:
        assert client.cell.inputs[2][:2] == (pytest.approx(met, abs=1e-4), "open")
        assert rows[-1] == pytest.approx(met, abs=1e-4)
    assert {data.key[1] for data in found} == ({155} if exit_condition == 2 else {155, 100})
    assert client.look().State == 0


def test_the_limit_holds_at_the_next_tick(client, cplimit):
    """A resistance jump beyond the limit is seen at the first tick, not at the first look."""
    client.program((cplimit[0], cplimit[1] | {"Test1_Value": [0.01]}))
    client.start()
    client.clock.time = 3.0
    assert client.look().State == 0
    assert client.cell.inputs[-1][:2] == (pytest.approx(34e-6), "open")


def test_a_limit_is_seen_at_once_by_who_looks_on(make_client, rc_cell, cplimit):
    client = make_client(cell=rc_cell(ramp=1e4))
    client.program(cplimit)
    client.start()
    client.clock.time = 9.89
    assert client.look().State == 1
    client.clock.time = 9.901
    assert client.look().State == 0
    assert client.look().ElapsedTime == pytest.approx(9.9, abs=1e-4)


@pytest.mark.parametrize(
    ("tests", "met"),
    [
        ({"Test1_Config": [7], "Test2_Config": [101], "Test2_Value": [1e-6]}, True),
        ({"Test1_Config": [7], "Test2_Config": [97], "Test2_Value": [1e-6]}, False),
        ({"Test1_Config": [5], "Test2_Config": [97], "Test2_Value": [1e-6]}, True),
        ({"Test1_Config": [4], "Test2_Config": [101], "Test2_Value": [1e-6]}, False),
        ({"Test1_Config": [71], "Test2_Config": [5], "Test2_Value": [0.01]}, True),
        ({"Test1_Config": [39], "Test1_Value": [1.0], "Test2_Config": [5], "Test2_Value": [0.01]}, False),
    ],
)
def test_chains_of_tests(client, cplimit, tests, met):
    table = cplimit[1] | {"Test1_Value": [0.01 if tests["Test1_Config"] != [71] else 0.0]} | tests
    client.program((cplimit[0], table))
    client.start()
    client.clock.time = 1.0
    assert client.look().State == (0 if met else 1)


def test_rows_on_a_change_of_voltage(make_client, rc_cell, cp):
    client = make_client(cell=rc_cell(ramp=1e4))
    client.program((cp[0], cp[1] | {"Record_every_dT": 0.0, "Record_every_dE": 0.5}))
    client.start()
    found = client.run(until=11.0, every=0.31)
    time = np.concatenate([data.time for data in found])
    assert time == pytest.approx([0.0, 2.5, 5.0, 7.5, 10.0], abs=1e-3)


def test_galvanostatic_impedance_of_a_known_circuit(client, geis):
    client.program((geis[0], geis[1] | {"Duration_step": 1.0}))
    client.start()
    hold, sweep = client.run(until=30.0, every=30.0)
    assert hold.key == (0, 107, 0, 0)
    assert hold.columns == 4
    assert hold.time == pytest.approx([0, 0.5, 1.0], abs=3e-5)
    assert sweep.key == (0, 107, 1, 0)
    assert sweep.columns == 14
    frequency = sweep.table[:, 0].astype(float)
    assert frequency == pytest.approx(np.geomspace(1e5, 1, 6))
    z = sweep.table[:, 1] / sweep.table[:, 2] * np.exp(1j * sweep.table[:, 3])
    assert z == pytest.approx(client.cell.impedance(frequency, None), rel=1e-5)
    assert (sweep.table[:, 3] < 0).all()
    assert sweep.table[:, 2] == pytest.approx(2e-6)
    assert sweep.table[:, 4] == pytest.approx(0.02)
    assert sweep.table[:, 5] == pytest.approx(2e-5)
    assert (sweep.table[:, 8] != 0).all()
    assert (sweep.raw[:, [6, 11, 12]] == 0).all()
    assert sweep.table[:, 13] == pytest.approx(1.0 + np.cumsum(2.5 / frequency + 0.25))


def test_a_linear_sweep(client, geis):
    client.program((geis[0], geis[1] | {"sweep": True, "Final_frequency": 5e4}))
    client.start()
    (sweep,) = client.run(until=3.0, every=3.0)
    assert sweep.table[:, 0] == pytest.approx(np.linspace(1e5, 5e4, 6))


def test_potentiostatic_impedance_at_open_circuit(make_client, rc_cell, peis):
    client = make_client(cell=rc_cell(ramp=1.0))
    client.program((peis[0], peis[1] | {"Initial_Voltage_step": 0.05}))
    client.start()
    hold, sweep = client.run(until=30.0, every=30.0)
    assert hold.key[:3] == (0, 104, 0)
    assert hold.table[:, 2] == pytest.approx(0.05)
    assert sweep.table[:, 1] == pytest.approx(0.01)
    z = sweep.table[:, 1] / sweep.table[:, 2] * np.exp(1j * sweep.table[:, 3])
    assert z == pytest.approx(client.cell.impedance(sweep.table[:, 0].astype(float), None), rel=1e-5)
    assert client.cell.inputs[-1][1] == "open"


def test_back_to_back_spectra_do_not_interrupt_the_current(client, cplimit, geis, loop):
    slice_ = cplimit[0], cplimit[1] | {"Duration_step": [0.5], "Record_every_dT": 0.5}
    client.program(slice_, geis, (loop[0], loop[1] | {"loop_N_times": 2}))
    client.start()
    found = client.run(until=60.0, every=0.25)
    one_pass = 0.5 + np.sum(2.5 / np.geomspace(1e5, 1, 6) + 0.25)
    starts = {data.key: data.start for data in found}
    assert starts == {
        (0, 155, 0, 0): 0.0,
        (1, 107, 1, 0): pytest.approx(0.5),
        (0, 155, 0, 1): pytest.approx(one_pass),
        (1, 107, 1, 1): pytest.approx(one_pass + 0.5),
        (0, 155, 0, 2): pytest.approx(2 * one_pass),
        (1, 107, 1, 2): pytest.approx(2 * one_pass + 0.5),
    }
    assert [each[1] for each in client.cell.inputs] == ["open", "current", "open"]
    assert client.cell.inputs[-1][0] == pytest.approx(3 * one_pass)
    assert {data.values.TimeBase for data in found if data.key[1] == 155} == {np.float32(34e-6)}
    assert {data.values.TimeBase for data in found if data.key[1] == 107} == {np.float32(24e-6)}


def test_a_limit_ends_back_to_back_spectra(make_client, rc_cell, cplimit, geis, loop):
    client = make_client(cell=rc_cell(ramp=1e4))
    slice_ = cplimit[0], cplimit[1] | {"Duration_step": [0.5], "Record_every_dT": 0.5}
    client.program(slice_, geis, loop)
    client.start()
    found = client.run(until=60.0, every=0.25)
    assert client.look().State == 0
    last = found[-1]
    assert last.key[0] == 0, "the test is part of the slice, not of the sweep"
    assert last.table[-1, 2] >= 2.0


def test_start_time_lies_at_byte_28(client, ocv):
    client.clock.time = 77.0
    client.program((ocv[0], ocv[1] | {"Rest_time_T": 12.5}), ocv)
    client.start()
    client.clock.time = 95.0
    first, second = client.drain()
    assert len(first.infos) == 40
    assert first.start == 0.0
    assert second.start == 12.5
    assert second.time[:2] == pytest.approx([12.5, 13.5])


def test_stop_keeps_rows_and_opens_the_circuit(client, geis):
    client.program(geis)
    client.start()
    client.clock.time = 0.6
    assert client.stop() == 0
    assert client.cell.inputs[-1][:2] == (0.6, "open")
    assert client.look().State == 0
    assert client.look().MemFilled == 2 * 14 * 4
    assert client.read().rows == 2
    assert client.look().MemFilled == 0
    assert client.stop() == 0
    assert client.messages() == ["halt experiment..."]
    client.clock.time = 100.0
    assert client.read().rows == 0


def test_a_program_runs_on_without_a_client(client, geis, loop):
    client.program(geis, (loop[0], loop[1] | {"loop_N_times": 9}))
    client.start()
    assert client.lib.BL_Disconnect(client.id) == 0
    client.clock.time = 1000.0
    assert client.connect()[0] == 0
    assert sum(data.rows for data in client.drain()) == 60


def test_a_program_can_be_started_again(client, cp):
    client.program(cp)
    for start in (5.0, 50.0):
        client.clock.time = start
        assert client.start() == 0
        assert client.start() == -13
        client.clock.time = start + 20.0
        (data,) = client.drain()
        assert data.time[-1] == pytest.approx(10.0, abs=2.1e-5)


def test_loading_on_a_running_channel(client, cp, ocv):
    client.program(cp)
    client.start()
    assert client.load(*ocv, last=False) == 0
    assert client.load(*ocv, first=False) == -403
    assert client.messages()[0].startswith("cannot load experiment after make")
    client.clock.time = 3.0
    assert client.read().key[1] == 102


def test_nothing_to_start(client):
    assert client.start() == -6
    assert client.messages()[0].startswith("make experiment failed")


def test_a_new_duration_and_current_in_mid_run(client, cp):
    client.program(cp)
    client.start()
    client.clock.time = 3.0
    assert client.update(0, "cp4.ecc", {"Current_step": [1e-5], "Duration_step": [4.5]}) == 0
    client.clock.time = 6.0
    assert [each[:3] for each in client.cell.inputs[2:]] == [(3.0, "current", pytest.approx(1e-5))]
    assert client.look().State == 0
    assert client.cell.inputs[-1][:2] == (4.5, "open")


def test_a_duration_already_over_ends_at_once(client, cp):
    client.program(cp)
    client.start()
    client.clock.time = 3.3
    assert client.update(0, "cp4.ecc", {"Duration_step": [1.0]}) == 0
    assert client.look().State == 0
    assert client.cell.inputs[-1][:2] == (3.3, "open")


def test_a_new_duration_of_a_rest_and_a_new_sweep_for_the_next_pass(client, ocv, geis, loop):
    client.program(ocv, geis, (loop[0], loop[1] | {"protocol_number": 1, "loop_N_times": 1}))
    client.start()
    client.clock.time = 3.0
    assert client.update(0, "ocv4.ecc", {"Rest_time_T": 4.0}) == 0
    client.clock.time = 4.1
    assert client.update(1, "geis4.ecc", {"Frequency_number": 3}) == 0
    client.clock.time = 60.0
    sweeps = [data for data in client.drain() if data.key[2] == 1]
    assert [data.rows for data in sweeps] == [6, 3]
    assert sweeps[0].start == 4.0


def test_updates_that_are_refused(client, cp, ocv):
    client.program(cp, ocv)
    assert client.update(0, "cp4.ecc", {"Duration_step": [1.0]}) == -15
    client.start()
    for index, file, table in [
        (0, "cp4.ecc", {"I_Range": 7}),
        (0, "cp4.ecc", {"Nonsense": 7}),
        (0, "cp4.ecc", {"Duration_step": [1]}),
        (0, "cp4.ecc", {"Duration_step": [1.0] * 11}),
        (0, "cp4.ecc", {"Current_step": [1.0]}),
        (1, "cp4.ecc", {"Duration_step": [1.0]}),
        (7, "cp4.ecc", {"Duration_step": [1.0]}),
        (0, "nonsense.ecc", {}),
    ]:
        client.messages()
        assert client.update(index, file, table) == -15
        assert len(client.messages()) == 1
    assert client.update(0, "cp4.ecc", {"Duration_step": [1.0] * 10}) == 0


def test_extra_columns(make_client, rc_cell, cp):
    client = make_client()
    client.program((cp[0], cp[1] | {"xctr": 0x01 | 0x20 | 0x40 | 0x80}))
    client.start()
    (data,) = client.run(until=2.0, every=2.0)
    assert data.columns == 9
    assert data.table[:, 5:7] == pytest.approx(np.tile([0.0, 2e-5], (3, 1)))
    assert data.table[:, 7] == pytest.approx([0.0, 2e-5, 4e-5])
    assert (data.raw[:, 8] == 6).all()


def test_disturbances_come_after_what_was_due_before(client, ocv, cp):
    client.program(ocv, cp)
    client.start()
    client.clock.time = 10.4
    client.lib.touch(10.4)
    assert client.cell.inputs[-1][:2] == (10.0, "current")
    assert client.cell.touched == [10.4]
    client.clock.time = 20.5
    client.lib.advance()
    assert client.cell.inputs[-1][:2] == (20.0, "open")


def test_who_looks_past_the_library_finds_the_cell_up_to_date(client, cp):
    client.program(cp)
    client.start()
    client.clock.time = 10.5
    with client.lib.still() as now:
        assert now == 10.5
        assert client.cell.inputs[-1][:2] == (10.0, "open")
        client.lib._exports.patience = 0.01
        assert client.lib.BL_TestConnection(client.id) == -12, "somebody else has the library"
    assert client.lib.BL_TestConnection(client.id) == 0


def test_faults_after_start_and_after_the_end(make_client, geis):
    client = make_client()
    client.faults.idle_polls = 2
    client.program(geis)
    client.start()
    client.clock.time = 1.0
    first, second, third = client.read(), client.read(), client.read()
    assert [each.values.State for each in (first, second, third)] == [0, 0, 1]
    assert [each.rows for each in (first, second, third)] == [0, 0, 3]
    client.faults.late_polls = 2
    client.faults.truncated_rows = 1
    client.faults.nan_ece = True
    client.clock.time = 30.0
    late = [client.read() for _ in range(4)]
    assert [each.values.State for each in late] == [0] * 4
    assert [each.rows for each in late] == [0, 0, 2, 0]
    assert [each.values.MemFilled > 0 for each in late] == [True, True, False, False]
    assert np.isnan(late[2].table[:, [7, 10]]).all()
    assert np.isnan(late[2].values.Ece)
