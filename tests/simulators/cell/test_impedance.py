import numpy as np
import pytest

from core.cell import Cell
from simulators.cell import SimulatedCell


def spectrum(cell, frequency, time=0.0):
    frequency = np.asarray(frequency, dtype=float)
    return cell.impedance(frequency, np.full(frequency.shape, time))


def test_limits_are_the_sums_of_the_resistances(lab):
    cell = lab.mount("Li")
    truth = cell.truth(0.0)
    everything = sum(truth[name] for name in ("R_WE", "R_CE", "R_bulk", "R_gb", "R_con"))
    assert spectrum(cell, [1e-6])[0].real == pytest.approx(everything, rel=1e-4)
    assert (truth["R_bulk"] + truth["R_gb"]) * cell.area * 1e4 == pytest.approx(282.6, rel=1e-3)
    assert truth["R_bulk"] / (truth["R_bulk"] + truth["R_gb"]) == pytest.approx(0.71)
    high = spectrum(cell, [1e12])[0]
    assert high.imag == pytest.approx(2 * np.pi * 1e12 * 0.6e-6, rel=1e-6)


@pytest.mark.parametrize(("anode", "apex"), [("Li", 1200), ("Li0.9Mg0.1", 1200)])
def test_apex_of_the_interface(lab, anode, apex):
    frequency = np.logspace(1, 5, 400)
    z = spectrum(lab.mount(anode), frequency)
    assert frequency[np.argmax(-z.imag)] == pytest.approx(apex, rel=0.1)


@pytest.mark.parametrize(
    ("anode", "low", "high"), [("Li", 1200, 1650), ("Li0.95Mg0.05", 150, 170), ("Li0.9Mg0.1", 75, 83)]
)
def test_apex_at_depletion(lab, anode, low, high):
    cell = lab.mount(anode)
    end = lab.depletion(cell, 100) * 3600
    frequency = np.logspace(1, 5, 800)
    z = spectrum(cell, frequency, end)
    assert low <= frequency[np.argmax(-z.imag)] <= high


def test_capacitance_is_that_of_the_arc(lab):
    cell = lab.mount("Li", overrides={"constriction_width": 0.0})
    truth = cell.truth(0.0)
    apex = 1 / (2 * np.pi * truth["R_WE"] * truth["C_int"])
    arc = spectrum(cell, [apex])[0]
    other = truth["R_bulk"] + truth["R_gb"] + truth["R_CE"]
    assert arc.real - other == pytest.approx(truth["R_WE"] / 2, rel=0.01)
    assert truth["C_int"] / cell.area * 1e2 == pytest.approx(0.5, rel=0.02)


def test_each_frequency_sees_its_own_time(lab):
    cell = lab.mount("Li")
    cell.set_current(0.0, lab.current(cell, 200))
    frequency, times = np.array([1e3, 10.0, 1.0]), np.array([8000.0, 8015.0, 8030.0])
    together = cell.impedance(frequency, times)
    apart = [cell.impedance(frequency[i : i + 1], times[i : i + 1])[0] for i in range(3)]
    assert np.array_equal(together, apart)
    assert abs(together[2] - spectrum(cell, [1.0], 8000.0)[0]) > 0.005 * abs(together[2])


def test_all_arcs_follow_the_temperature(lab):
    warm, cold = lab.mount("Li"), lab.mount("Li", celsius=0.0)
    for name in ("R_bulk", "R_gb", "R_WE", "R_CE"):
        assert 3.0 < cold.truth(0.0)[name] / warm.truth(0.0)[name] < 4.5


def test_the_counter_keeps_the_resistance_it_had(lab):
    table = {
        "name": "second electrode",
        "anode": "Li",
        "electrode_diameter": "6 mm",
        "counter": {"interface_resistance": "25 ohm*cm**2", "working_electrode_number": 2},
    }
    cell = SimulatedCell(Cell.model_validate(table), {}, lambda t: 298.15, lambda t: 0.0)
    assert cell.truth(0.0)["R_CE"] * cell.area * 1e4 == pytest.approx(25.0, rel=1e-6)


def test_slow_tail_is_off_until_asked_for(lab):
    plain = lab.mount("Li0.9Mg0.1")
    tailed = lab.mount("Li0.9Mg0.1", overrides={"warburg_tail": 1})
    for cell in (plain, tailed):
        cell.set_current(0.0, lab.current(cell, 100))
    frequency = np.logspace(4, 0, 5)
    early, late = 3600.0, 14.965 * 3600
    for time, share in ((early, 0.0), (late, 0.19)):
        difference = spectrum(tailed, frequency, time) - spectrum(plain, frequency, time)
        assert np.allclose(np.angle(difference), -np.pi / 4)
        size = abs(difference[-1]) / plain.truth(time)["R_WE"]
        assert size == pytest.approx(share, abs=0.03)
