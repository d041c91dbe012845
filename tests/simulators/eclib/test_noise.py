"""Noise and artefacts: their size, their switches, and that they belong to the sample."""

import numpy as np
import pytest

from core.errors import BadInput
from simulators.eclib import NoiseParameters
from simulators.eclib.noise_model import ChannelNoise


@pytest.fixture
def sweep_with(make_client, geis):
    def sweep(table=None, seed=3, **switches):
        client = make_client(noise=NoiseParameters.off().model_copy(update=switches), seed=seed)
        client.program(
            (geis[0], geis[1] | {"Frequency_number": 400, "Final_frequency": 20.0} | (table or {}))
        )
        client.start()
        client.clock.time = 1000.0
        rows = np.concatenate([data.table for data in client.drain()]).astype(float)
        z = rows[:, 1] / rows[:, 2] * np.exp(1j * rows[:, 3])
        return rows, z / client.cell.impedance(rows[:, 0], None) - 1.0

    return sweep


def test_impedance_noise(sweep_with):
    _, error = sweep_with(impedance=0.003)
    assert np.std(error.real) == pytest.approx(0.003, rel=0.15)
    assert np.std(error.imag) == pytest.approx(0.003, rel=0.15)


def test_floors(sweep_with):
    rows, error = sweep_with(voltage_floor=2e-6)
    assert np.std(error.real * rows[:, 1]) == pytest.approx(2e-6, rel=0.15)
    assert rows[:, 2] == pytest.approx(2e-6)
    rows, _ = sweep_with(current_floor=1e-4)
    assert np.std(rows[:, 2]) == pytest.approx(1e-8, rel=0.15)


def test_roll_off_leaves_z_alone(sweep_with):
    rows, error = sweep_with({"Initial_frequency": 7e6}, rolloff_frequency=1e6)
    assert np.abs(error).max() < 1e-5
    current = np.interp(6.0, np.log10(rows[::-1, 0]), rows[::-1, 2])
    assert current == pytest.approx(1e-6, rel=0.01)
    assert rows[-1, 2] == pytest.approx(2e-6)
    rows, _ = sweep_with({"Initial_frequency": 7e6, "I_Range": 7}, rolloff_frequency=1e6)
    assert rows[np.argmin(np.abs(rows[:, 0] - 1e6)), 2] > 1.9e-6


def test_mains_and_outliers(sweep_with):
    rows, error = sweep_with(mains_error=0.05)
    near = np.abs(rows[:, 0] / 50.0 - 1.0) < 0.02
    assert near.any()
    assert np.abs(error[near]) == pytest.approx(0.05, rel=0.01)
    assert np.abs(error[~near]).max() < 1e-5
    _, error = sweep_with(outlier_rate=0.05, outlier_size=0.03)
    hit = np.abs(error) > 1e-3
    assert 8 <= hit.sum() <= 35
    assert np.abs(error[hit]) == pytest.approx(0.03, rel=0.01)


def test_real_frequencies_differ_a_little_and_stay(sweep_with):
    rows, _ = sweep_with(frequency_error=1e-3, seed=3)
    asked = np.geomspace(1e5, 20.0, 400)
    assert 2e-4 < np.std(rows[:, 0] / asked - 1.0) < 1e-3
    again, _ = sweep_with(frequency_error=1e-3, impedance=0.01, seed=3)
    assert np.array_equal(rows[:, 0], again[:, 0])


def test_offset_and_noise_of_scalar_rows(make_client, cp):
    client = make_client(noise=NoiseParameters())
    client.program((cp[0], cp[1] | {"Record_every_dT": 0.01}))
    client.start()
    client.clock.time = 20.0
    table = np.concatenate([data.table for data in client.drain()]).astype(float)
    assert np.std(table[:, 2]) == pytest.approx(2e-5, rel=0.1)
    assert 0 < abs(np.mean(table[:, 2]) - 0.02) <= 1e-4
    assert np.std(table[:, 3]) == pytest.approx(1e-9, rel=0.1)
    offsets = {
        ChannelNoise(NoiseParameters(), seed, channel).voltage_offset for seed in (1, 2) for channel in (0, 1)
    }
    assert len(offsets) == 4


def test_looking_changes_no_number(make_client, geis):
    results = []
    for looks in (0, 7):
        client = make_client(noise=NoiseParameters(), seed=9)
        client.program(geis)
        client.start()
        for look in range(looks):
            client.clock.time = 0.4 * look
            client.look()
        client.clock.time = 30.0
        results.append(client.read().words)
    assert np.array_equal(*results)


def test_another_seed_is_another_run(sweep_with):
    first, second, third = (sweep_with(impedance=0.003, seed=seed)[1] for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, third)


def test_noise_from_a_table():
    noise = NoiseParameters.from_table({"impedance": 0.001, "voltage_floor": "5 µV"})
    assert noise.impedance == 0.001
    assert noise.voltage_floor == pytest.approx(5e-6)
    with pytest.raises(BadInput, match="impedence: unknown key"):
        NoiseParameters.from_table({"impedence": 0.001})
    for table in ({"impedance": -1}, {"voltage_floor": "5 µA"}, {"impedance": float("nan")}):
        with pytest.raises(BadInput, match=next(iter(table))):
            NoiseParameters.from_table(table)
