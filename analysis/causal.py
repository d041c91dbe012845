"""Sees the fit of a sweep together with those before it, while the run goes on.

A Kalman filter for a locally linear trend of every parameter: the slope is a random walk whose variance
per sweep is learnt from the innovations. A sweep that contradicts the trend starts it anew, and the old
trend is kept until the next sweep tells whether that was a jump or a bad fit.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np

from analysis.engine.settings import SMALLEST_INFORMATION
from analysis.trends.gates import gate
from analysis.trends.parabola import with_own_error
from core.errors import BadInput
from core.records import Floats

FIRST_SOFTNESS = 1e-7
"""Variance of the change of slope from sweep to sweep before anything is learnt: 0.03 % a sweep."""

MEMORY = 300.0
"""Sweeps after which what was learnt about the softness has faded to 1/e."""

TRUST = 0.1
"""The first softness counts like this many well determined changes of slope."""

SLOPE_SPREAD = 0.1
"""Standard deviation of a slope nothing is known of, per sweep."""

CLIP = 9.0
"""A change of slope counts with at most three standard deviations."""

STIFFEST, RIDGE = 1e-12, 1e-12
LONGEST = 1e4
"""Spacings are between 1/1000 and this many times the usual one."""


@dataclass
class Trend:
    """What is known after a sweep: level and slope of p parameters, slopes per usual spacing.

    Attributes
    ----------
    time : float
    spacing : float
        Of the last two sweeps, in units of the usual one.
    mean : ndarray, shape (2p,)
    covariance : ndarray, shape (2p, 2p)
    """

    time: float
    spacing: float
    mean: Floats
    covariance: Floats


@dataclass
class CausalFilter:
    """Smooths fits one after the other; made for one circuit with p parameters.

    Parameters
    ----------
    prior_information : ndarray, shape (p, p)
        What is expected before the run; it counts once.
    prior_right : ndarray, shape (p,)
    """

    prior_information: Floats
    prior_right: Floats
    trend: Trend | None = None
    former: Trend | None = None
    unit: float = 0.0
    squares: Floats = field(default_factory=lambda: np.zeros(0))
    known: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        size = len(self.prior_right)
        if not len(self.squares):
            self.squares = np.full(size, TRUST * FIRST_SOFTNESS)
            self.known = np.full(size, TRUST)

    @property
    def softness(self) -> Floats:
        """Return the variance of the change of slope per sweep, shape (p,)."""
        return np.maximum(self.squares / np.maximum(self.known, SMALLEST_INFORMATION), STIFFEST)

    def update(
        self, time: float, information: Floats | None = None, right: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Take the next sweep and return θ, shape (p,), and its covariance, shape (p, p).

        Parameters
        ----------
        time : float
            Middle of the sweep in s, later than the one before.
        information : ndarray, shape (p, p), optional
            What its data alone say, in the coordinates of `analysis.trends.coordinates`; left out
            where there is no fit: the trend is then carried on.
        right : ndarray, shape (p,), optional

        Raises
        ------
        BadInput
            If the time does not lie after the last one.
        """
        if information is None or right is None or not _usable(information, right):
            information = right = None
        else:
            information, right = self._with_own_error(information, right)
        if self.trend is None:
            if information is None or right is None:
                return self._result()
            self.trend = self._begin(time, information, right)
            return self._result()
        if not time > self.trend.time:
            raise BadInput(
                f"A sweep at {time:.3f} s does not lie after the one at {self.trend.time:.3f} s;",
                "give the fits in the order they were measured.",
            )
        self.unit = self.unit or time - self.trend.time
        expected = self._carry(self.trend, time)
        former, self.former = self.former, None
        if information is None or right is None:
            self.trend = expected
            return self._result()
        if former is not None:
            old = self._carry(former, time)
            innovation = _innovation(old, information, right)
            if not innovation.contradicts:  # the sweep before was a bad fit, no jump
                self.trend = self._measure(old, information, innovation)
                return self._result()
        innovation = _innovation(expected, information, right)
        if innovation.contradicts:
            self.former, self.trend = expected, self._begin(time, information, right)
        else:
            self._learn(expected, information, innovation)
            self.trend = self._measure(expected, information, innovation)
        return self._result()

    def _with_own_error(self, information: Floats, right: Floats) -> tuple[Floats, Floats]:
        known = information + self.prior_information + SMALLEST_INFORMATION * np.eye(len(right))
        variance = np.asarray(np.linalg.inv(known).diagonal())
        moved = with_own_error(information[None], right[None], variance[None])
        return moved[0][0], moved[1][0]

    def _result(self) -> tuple[Floats, Floats]:
        size = len(self.prior_right)
        if self.trend is None:
            return np.full(size, np.nan), np.full((size, size), np.nan)
        return self.trend.mean[:size].copy(), self.trend.covariance[:size, :size].copy()

    def state(self) -> dict[str, Any]:
        """Return all that is remembered, JSON-able; `restored` goes on from it with identical numbers."""
        return {
            "unit": self.unit,
            "squares": self.squares.tolist(),
            "known": self.known.tolist(),
            "trend": _as_lists(self.trend),
            "former": _as_lists(self.former),
        }

    def restored(self, state: dict[str, Any]) -> "CausalFilter":
        """Return a filter with the same priors that remembers what `state` said."""
        return CausalFilter(
            self.prior_information,
            self.prior_right,
            trend=_from_lists(state["trend"]),
            former=_from_lists(state["former"]),
            unit=float(state["unit"]),
            squares=np.array(state["squares"], dtype=float),
            known=np.array(state["known"], dtype=float),
        )

    def _begin(self, time: float, information: Floats, right: Floats) -> Trend:
        """Start anew from one sweep and the priors, with a slope that nothing is known of."""
        size = len(right)
        known = information + self.prior_information + SMALLEST_INFORMATION * np.eye(size)
        covariance = np.zeros((2 * size, 2 * size))
        covariance[:size, :size] = np.linalg.inv(known)
        covariance[size:, size:] = np.eye(size) * SLOPE_SPREAD**2
        mean = np.concatenate([covariance[:size, :size] @ (right + self.prior_right), np.zeros(size)])
        return Trend(time, 1.0, mean, covariance)

    def _carry(self, trend: Trend, time: float) -> Trend:
        """Return what the trend leads one to expect at a later time."""
        size = len(self.prior_right)
        spacing = float(np.clip((time - trend.time) / self.unit, 1e-3, LONGEST))
        covariance = trend.covariance.copy()
        slope = np.arange(size, 2 * size)
        covariance[slope, slope] += self.softness * (trend.spacing + spacing) / 2
        carry = np.eye(2 * size)
        carry[np.arange(size), slope] = spacing
        covariance = carry @ covariance @ carry.T
        return Trend(time, spacing, carry @ trend.mean, (covariance + covariance.T) / 2)

    def _measure(self, expected: Trend, information: Floats, innovation: "_Innovation") -> Trend:
        """Return the trend after a sweep, in the form that stays symmetric and positive."""
        size = len(information)
        level = expected.covariance[:, :size]
        gain = level @ np.linalg.inv(np.eye(size) + information @ expected.covariance[:size, :size])
        kept = np.eye(2 * size)
        kept[:, :size] -= gain @ information
        covariance = kept @ expected.covariance @ kept.T + gain @ information @ gain.T
        mean = expected.mean + gain @ innovation.pull
        return Trend(expected.time, expected.spacing, mean, (covariance + covariance.T) / 2)

    def _learn(self, expected: Trend, information: Floats, innovation: "_Innovation") -> None:
        """Take from the innovation how much the slopes changed, and how far it tells."""
        # the change of slope before this sweep moved its level by itself times the spacing
        over = self.softness * expected.spacing**2
        seen = information @ innovation.inverse
        change = over * (seen @ innovation.pull)
        told = np.clip(over * np.einsum("ab,ba->a", seen, information), 0.0, 1.0)
        square = np.minimum(change**2, CLIP * told * over) / expected.spacing**2
        fade = np.exp(-1 / MEMORY)
        self.squares = fade * self.squares + square
        self.known = fade * self.known + told


class _Innovation(NamedTuple):
    """What a sweep says against the trend: the pull of its data and the inverse of its covariance."""

    pull: Floats
    inverse: Floats

    @property
    def contradicts(self) -> bool:
        """Return whether it is beyond the gate."""
        rank = max(int(np.count_nonzero(self.inverse.diagonal())), 1)
        return float(self.pull @ self.inverse @ self.pull) > gate(rank)


def _innovation(expected: Trend, information: Floats, right: Floats) -> _Innovation:
    size = len(right)
    spread = information + information @ expected.covariance[:size, :size] @ information
    known = spread.diagonal() > 0
    scale = np.where(known, 1 / np.sqrt(np.where(known, spread.diagonal(), 1.0)), 0.0)
    both = scale[:, None] * scale
    # the ridge keeps combinations that the data do not see from deciding by their rounding
    inverse = np.linalg.inv(spread * both + RIDGE * np.eye(size)) * both
    return _Innovation(right - information @ expected.mean[:size], inverse)


def _usable(information: Floats, right: Floats) -> bool:
    return bool(np.all(np.isfinite(information)) and np.all(np.isfinite(right)))


def _as_lists(trend: Trend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {**asdict(trend), "mean": trend.mean.tolist(), "covariance": trend.covariance.tolist()}


def _from_lists(state: dict[str, Any] | None) -> Trend | None:
    if state is None:
        return None
    return Trend(
        float(state["time"]), float(state["spacing"]), np.array(state["mean"]), np.array(state["covariance"])
    )
