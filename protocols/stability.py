"""When a potential or a temperature holds still."""

import math
from collections import deque

import numpy as np


class StablePotential:
    """E is stable once its recent slope is small and a minimum time has passed.

    Parameters
    ----------
    minimum : float
        s before which nothing is called stable.
    slope : float
        Largest |dE/dt| in V/s.
    window : float
        s over which the slope is taken by least squares; the minimum, where that is shorter.
    """

    def __init__(self, minimum: float, slope: float, window: float = 600.0) -> None:
        self._minimum, self._slope, self._window = minimum, slope, window
        self._time: list[float] = []
        self._voltage: list[float] = []
        self._checked = -np.inf

    def see(self, time: np.ndarray, voltage: np.ndarray) -> bool:
        """Add samples; return whether E is stable now."""
        self._time.extend(time.tolist())
        self._voltage.extend(voltage.tolist())
        now = self._time[-1]
        if now - self._time[0] < self._minimum or now - self._checked < 10.0:
            return False
        self._checked = now
        t, e = np.array(self._time), np.array(self._voltage)
        recent = t >= now - min(self._window, self._minimum)
        return abs(float(np.polyfit(t[recent] - now, e[recent], 1)[0])) < self._slope


class Settled:
    """A quantity is settled when it has stayed within a band of its target, and moved slowly, for a time.

    Parameters
    ----------
    target, band : float
        It has to stay within `band` of `target` …
    dwell : float
        … for so many s …
    slope : float
        … over the last of which a least-squares line through it rises or falls by no more than this
        a s.
    """

    def __init__(self, target: float, band: float, dwell: float, slope: float = math.inf) -> None:
        self._target, self._band, self._dwell, self._slope = target, band, dwell, slope
        self._within: deque[tuple[float, float]] = deque()

    def see(self, time: float, value: float) -> bool:
        """Add a reading; return whether the quantity has settled."""
        within = self._within
        if not abs(value - self._target) <= self._band:
            within.clear()
            return False
        within.append((time, value))
        while len(within) > 1 and time - within[1][0] >= self._dwell:
            within.popleft()
        if time - within[0][0] < self._dwell:
            return False
        t, v = np.array(within).T
        return self._slope == math.inf or abs(float(np.polyfit(t - time, v, 1)[0])) <= self._slope


class Potential:
    """E at open circuit as a rest recorded it."""

    def __init__(self) -> None:
        self._time: list[float] = []
        self._voltage: list[float] = []

    def add(self, time: np.ndarray, voltage: np.ndarray) -> None:
        """Add samples: bench seconds, V."""
        self._time.extend(time.tolist())
        self._voltage.extend(voltage.tolist())

    def __bool__(self) -> bool:
        return bool(self._time)

    @property
    def first(self) -> tuple[float, float]:
        """Bench second and E in V of the first sample."""
        return self._time[0], self._voltage[0]

    def last(self, seconds: float) -> tuple[float, float]:
        """Return mean and standard deviation of E in V over the last so many s."""
        t, e = np.array(self._time), np.array(self._voltage)
        recent = e[t >= t[-1] - seconds]
        return float(recent.mean()), float(recent.std())
