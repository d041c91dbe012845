"""The frequency sweep of an impedance technique: when each point is measured, and its row."""

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from simulators.eclib.front_end import FrontEnd
from simulators.eclib.program import Impedance
from simulators.eclib.tables import VOLTAGE_RANGES, current_range, smallest_range

COLUMNS = 14
(F, E_AMPLITUDE, I_AMPLITUDE, PHASE, E_MEAN, I_MEAN, _BLANK, ECE_AMPLITUDE, ICE_AMPLITUDE) = range(9)
ECE_MEAN, TIME = 10, 13


class Sweep:
    """One sweep, planned when it begins.

    A point takes the dead time of the instrument (range switching, settling), then the periods
    waited, then the periods averaged; its row is ready at the end. It shows the cell at the
    middle of the averaged periods.

    Parameters
    ----------
    front : FrontEnd
    technique : Impedance
    begin : float
        Bench seconds.
    origin : float
        Start of the channel in bench seconds, from which the time column counts.
    overhead : float
        Dead time of a point in s.

    Attributes
    ----------
    finish : ndarray, shape (n,)
        When each row is ready, in bench seconds.
    done : int
        Rows handed out.
    """

    def __init__(
        self, front: FrontEnd, technique: Impedance, begin: float, origin: float, overhead: float
    ) -> None:
        self._front, self._technique, self._origin = front, technique, origin
        asked = technique.frequencies
        self.finish = begin + np.cumsum((technique.averages + technique.wait) / asked + overhead)
        self._middle = self.finish - 0.5 * technique.averages / asked
        self.frequency = front.noise.real_frequencies(asked)
        if technique.control == "voltage":
            front.current(begin, technique.amplitude / self._modulus(begin))
        self._full_scale = np.full(len(asked), front.full_scale)
        self._amplitude = technique.amplitude * front.noise.rolloff(self.frequency, front.full_scale)
        self._noise = front.noise.sweep(front.points, self.frequency)
        front.points += len(asked)
        self.done = 0
        # Plain numbers: the next one is asked for at every look at the channel.
        self._due: list[float] = self.finish.tolist()
        self._plain_frequency: list[float] = self.frequency.tolist()
        self._rows = np.zeros((len(asked), COLUMNS), np.float32)
        self._foreseen = -1

    def _modulus(self, time: float) -> float:
        impedance, _, _ = self._front.leads.scan(self.frequency[-1:], np.array([time]))
        return float(np.abs(impedance[0]))

    @property
    def due(self) -> float:
        """When the next row is ready."""
        return self._due[self.done]

    @property
    def over(self) -> bool:
        """Whether all rows were handed out."""
        return self.done == len(self._due)

    @property
    def present_frequency(self) -> float:
        """Frequency in Hz that is measured now."""
        return self._plain_frequency[min(self.done, len(self._due) - 1)]

    def rows_until(self, time: float, span: float, nan_ece: bool = False) -> bytes:
        """Measure all points that are ready by `time` and return their rows.

        Parameters
        ----------
        time : float
        span : float
            Points later than this many seconds after the first of them are left for the next call.
        nan_ece : bool
            Whether Ece reads as not-a-number.
        """
        self._foresee()
        first = self.done
        last = bisect_right(self._due, min(time, self._due[first] + span))
        rows = self._rows[first:last]
        if nan_ece:
            rows = rows.copy()
            rows[:, (ECE_AMPLITUDE, ECE_MEAN)] = np.nan
        self.done = last
        return rows.tobytes()

    def _foresee(self) -> None:
        """Measure all rows still to come at once, as they will be if nothing changes from outside.

        An input ends the sweep. When the surroundings change course, what is still to come is
        measured again, so the rows are those of a sweep measured point by point.
        """
        if self._foreseen == self._front.surroundings:
            return
        self._foreseen = self._front.surroundings
        part = slice(self.done, None)
        rows = self._rows[part]
        impedance, voltage, current = self._front.leads.scan(self.frequency[part], self._middle[part])
        if self._front.automatic and self._technique.control == "voltage":
            # The range is chosen anew for every frequency, by what passes at it.
            peak = np.abs(current) + self._amplitude[part] / np.abs(impedance)
            self._full_scale[part] = [current_range(smallest_range(each)) for each in peak.tolist()]
        self._fill_impedance(rows, part, impedance)
        self._fill_means(rows, part, voltage, current)
        rows[:, TIME] = self.finish[part] - self._origin
        # The counter electrode's columns mean nothing here, but a client may divide by its current.
        rows[:, ICE_AMPLITUDE] = rows[:, I_AMPLITUDE]

    def _fill_impedance(self, rows: NDArray[np.float32], part: slice, true: NDArray[np.complex128]) -> None:
        noise = self._noise
        measured = true + np.abs(true) * noise.relative[part]
        if self._technique.control == "current":
            current = self._amplitude[part] + noise.current[part] * self._full_scale[part]
            voltage = measured * self._amplitude[part] + noise.voltage[part]
        else:
            current = self._amplitude[part] / measured + noise.current[part] * self._full_scale[part]
            voltage = self._amplitude[part] + noise.voltage[part]
        rows[:, F] = self.frequency[part]
        rows[:, E_AMPLITUDE] = np.abs(voltage)
        rows[:, I_AMPLITUDE] = np.abs(current)
        rows[:, PHASE] = np.angle(voltage / current)

    def _fill_means(
        self, rows: NDArray[np.float32], part: slice, true: NDArray[np.float64], current: NDArray[np.float64]
    ) -> None:
        voltages = true + (self._front.noise.voltage_offset + self._noise.mean_voltage[part])
        currents = current + self._noise.mean_current[part] * self._full_scale[part]
        rows[:, E_MEAN] = _clipped(voltages, VOLTAGE_RANGES[self._front.voltage_range])
        rows[:, I_MEAN] = _clipped(currents, self._full_scale[part])


def _clipped(values: NDArray[np.float64], limit: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values no further from zero than `limit`; on few of them much faster than `numpy.clip`."""
    return np.minimum(np.maximum(values, -limit), limit)
