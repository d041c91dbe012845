"""When a potential or a temperature holds still."""

import numpy as np


class StablePotential:
    """E is stable once its slope over the last ten minutes is small and a minimum time has passed.

    Parameters
    ----------
    minimum : float
        s before which nothing is called stable.
    slope : float
        Largest |dE/dt| in V/s.
    window : float
        s over which the slope is taken by least squares.
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
    """A quantity is settled when it has stayed within a band of its target for a dwell time."""

    def __init__(self, target: float, band: float, dwell: float) -> None:
        self._target, self._band, self._dwell = target, band, dwell
        self._since: float | None = None

    def see(self, time: float, value: float) -> bool:
        """Add a reading; return whether the quantity has settled."""
        if not abs(value - self._target) <= self._band:
            self._since = None
            return False
        if self._since is None:
            self._since = time
        return time - self._since >= self._dwell
