"""A sweep meets the same cell as whoever looks at it one instant at a time."""

import numpy as np
import pytest

from simulators.cell import SimulatedCell
from simulators.chamber_model import ChamberModel, ChamberParameters

TIMES = np.linspace(400.0, 520.0, 25)


def scanned(cell, times=TIMES):
    _, voltage, current = cell.scan(np.logspace(6, 0, len(times)), times)
    one_by_one = np.array([cell.measure(time) for time in times])
    assert voltage == pytest.approx(one_by_one[:, 0], rel=1e-12, abs=1e-15)
    assert current == pytest.approx(one_by_one[:, 1], rel=1e-12, abs=1e-15)
    return voltage, current


@pytest.mark.parametrize("anode", ["Li", "Li0.9Mg0.1"])
def test_e_and_i_of_a_sweep(lab, anode):
    cell = lab.mount(anode)
    cell.set_current(450.0, lab.current(cell, 100))
    voltage, current = scanned(cell)
    assert set(current) == {0.0, lab.current(cell, 100)}
    cell.set_voltage(500.0, 0.05)
    voltage, _ = scanned(cell)
    assert voltage[-1] == 0.05


def test_beyond_the_compliance_and_through_a_short(lab):
    weak = lab.mount("Li", overrides={"compliance": 0.1})
    weak.set_current(0.0, lab.current(weak, 1000))
    voltage, _ = scanned(weak)
    assert voltage[-1] == 0.1
    short = lab.mount("Li")
    short.set_current(0.0, lab.current(short, 20_000))
    late = TIMES + 1000.0
    scanned(short, late)
    assert short.truth(late[-1])["shorted"] == 1.0


def test_each_frequency_is_its_own(lab):
    cell = lab.mount("Li0.9Mg0.1", overrides={"warburg_tail": 1.0})
    cell.set_current(0.0, lab.current(cell, 100))
    frequency = np.logspace(6, 0, len(TIMES))
    together = cell.impedance(frequency, TIMES)
    alone = [cell.impedance(frequency[[i]], TIMES[[i]])[0] for i in range(len(TIMES))]
    assert together == pytest.approx(np.array(alone), rel=1e-12)
    backwards = cell.impedance(frequency[::-1], TIMES[::-1])[::-1]
    assert together == pytest.approx(backwards, rel=1e-12)


def test_the_temperatures_of_a_sweep_are_those_of_its_instants(lab):
    chamber = ChamberModel(ChamberParameters())
    chamber.gradient_up = 0.01
    chamber.run(100.0, True)
    chamber.set_target(410.0, 303.15)
    for times in (TIMES, TIMES + 1000.0):
        one_by_one = [chamber.cell_temperature(time) for time in times]
        assert chamber.cell_temperatures(times) == pytest.approx(one_by_one, rel=1e-14)
    description = lab.describe("Li")
    quick, slow = (
        SimulatedCell(description, {}, chamber.cell_temperature, lambda time: 0.0, temperatures=many)
        for many in (chamber.cell_temperatures, None)
    )
    frequency = np.logspace(6, 0, len(TIMES))
    assert quick.impedance(frequency, TIMES) == pytest.approx(slow.impedance(frequency, TIMES), rel=1e-12)
