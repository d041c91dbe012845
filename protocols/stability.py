"""When a potential or a temperature holds still."""

import math

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


class Steady:
    """A positive quantity is steady when it has changed little over a time.

    Parameters
    ----------
    change : float
        Largest relative change …
    over : float
        … over so many s, compared with the newest value that is at least so old.
    """

    def __init__(self, change: float, over: float) -> None:
        self._change, self._over = change, over
        self._seen: list[tuple[float, float]] = []

    def see(self, time: float, value: float) -> bool:
        """Add a value; return whether the quantity is steady."""
        self._seen.append((time, value))
        old = [(t, v) for t, v in self._seen if time - t >= self._over * 0.999]
        if not old:
            return False
        then, before = old[-1]
        return abs(math.log(value / before)) * self._over / (time - then) < self._change


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
