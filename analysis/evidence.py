"""Whether an interface resistance can be told from nothing, and what it can be where it is vague."""

from typing import NamedTuple

import numpy as np

from analysis.circuits.model import Circuit
from analysis.engine.choice import Kernels
from analysis.engine.minimise import Minima, Problem, minimise
from analysis.minima import TYPICAL_LOGIT, standard_errors
from analysis.priors import Priors
from core.cell import OHM_CM2
from core.records import Bools, Floats

RESOLUTION_OHM_CM2 = 2.0
"""Interface resistances below this cannot be seen beside the electrolyte (Krauskopf et al. 2019)."""

APPEARS, VANISHES = 10.0, 0.0
"""An arc counts from the first of these gains in AICc on, until the gain falls below the second."""

DOUBTFUL = 0.1
"""Standard error of ln R_int from which on the arc has to prove that it exists."""

VAGUE = 0.2
"""Standard error of ln R from which on its distribution is no longer a normal one."""

ONE_SIDED_95, TWO_SIDED_95 = 1.645, 1.960
ABSENT = -60.0
"""ln R of an arc that is not there."""

APART = 4.0
"""An arc this many times slower than the grain boundary's is one of its own."""

HIDING_PLACES = 14
SMALL_SHARE = 1e-3
"""Of |Z|: a resistance in which χ² is still a parabola."""

WIDENINGS = 12
HALVINGS = 6
WIDEST = 4.0
"""ln R further from the minimum than this is not looked for."""


class Evidence(NamedTuple):
    """What N spectra say about their interface.

    Attributes
    ----------
    resolved : ndarray of bool, shape (N,)
    gain : ndarray, shape (N,)
        AICc without the interface arc minus AICc with it; nan where there was no doubt.
    """

    resolved: Bools
    gain: Floats


def evidence(
    circuit: Circuit,
    problem: Problem,
    minima: Minima,
    kernels: Kernels,
    area: float | None,
    was_resolved: bool | None = None,
    in_order: bool = True,
) -> Evidence:
    """Return whether each interface is resolved, the spectra being in the order of time.

    It is if it is larger than the resolution limit and, where its uncertainty leaves room for
    doubt, if the circuit with it is better than the one without by Akaike's corrected criterion.
    The criterion has hysteresis, so that an arc does not flicker from sweep to sweep.

    Parameters
    ----------
    circuit : Circuit
        With an interface.
    problem : Problem
    minima : Minima
    kernels : Kernels
    area : float or None
        Electrode area in m²; without it only the evidence decides.
    was_resolved : bool, optional
        Whether the sweep before was; by default unknown.
    in_order : bool
        Whether each spectrum follows the one before; hysteresis is for those.
    """
    arcs = [arc.ln_r for arc in circuit.interface]
    resistance = np.exp(minima.theta[:, arcs]).sum(axis=1)
    areal = np.full(len(resistance), np.inf) if area is None else resistance * area / OHM_CM2
    error = standard_errors(problem, minima)[:, arcs].max(axis=1)
    large = areal >= RESOLUTION_OHM_CM2
    certain = (error < DOUBTFUL) & (areal > 2 * RESOLUTION_OHM_CM2)
    gain = np.full(len(resistance), np.nan)
    if certain.all():
        return Evidence(np.asarray(certain), gain)
    doubtful = np.flatnonzero(large & ~certain)
    if len(doubtful):
        gain[doubtful] = _gain(circuit, problem.take(doubtful), minima.take(doubtful), kernels)
    resolved, before = large & certain, was_resolved
    for row in range(len(resolved)):
        if large[row] and not certain[row]:
            resolved[row] = bool(gain[row] > (VANISHES if before else APPEARS))
        before = bool(resolved[row]) if in_order else was_resolved
    return Evidence(resolved, gain)


def _gain(circuit: Circuit, problem: Problem, minima: Minima, kernels: Kernels) -> Floats:
    """Return by how much the interface arc improves AICc, shape (N,)."""
    alone, without = _without(circuit, problem, minima, kernels)
    rise = 2 * (without.cost - _cost_without_prior(problem, alone.priors, minima)) / minima.variance
    data, parameters = 2 * problem.batch.count, minima.theta.shape[1]
    penalty = _correction(data, parameters) - _correction(data, parameters - len(_parameters(circuit)))
    return np.where(np.isfinite(rise), rise - penalty, np.inf)


def _without(circuit: Circuit, problem: Problem, minima: Minima, kernels: Kernels) -> tuple[Problem, Minima]:
    """Return the problem without priors of the interface, and its minimum without the interface arc."""
    absent = _parameters(circuit)
    others = ~np.any(problem.priors.rows[:, absent] != 0, axis=1)
    priors = Priors(problem.priors.rows[others], np.ascontiguousarray(problem.priors.target[:, others]))
    alone = problem._replace(priors=priors, along=False)
    start = minima.theta.copy()
    start[:, [arc.ln_r for arc in circuit.interface]] = ABSENT
    free = np.ones(start.shape[1], dtype=bool)
    free[absent] = False
    return alone, minimise(alone, start, kernels, free=free)


def _cost_without_prior(problem: Problem, others: Priors, minima: Minima) -> Floats:
    """Return the cost of the minimum with the interface arc, its own priors left out."""
    return minima.cost - _prior_cost(problem.priors, minima.theta) + _prior_cost(others, minima.theta)


def _correction(data: np.ndarray, parameters: int) -> Floats:
    """Return 2k + 2k(k + 1)/(n − k − 1) (Hurvich and Tsai 1989)."""
    k = parameters
    return np.asarray(2.0 * k + 2.0 * k * (k + 1) / np.maximum(data - k - 1, 1))


def _parameters(circuit: Circuit) -> list[int]:
    places = [place for arc in circuit.interface for place in (arc.ln_r, arc.ln_tau, arc.alpha)]
    return [place for place in places if place >= 0]


def _prior_cost(priors: Priors, theta: Floats) -> Floats:
    return np.asarray(0.5 * np.sum(priors.residual(theta) ** 2, axis=1))


def upper_limit(
    circuit: Circuit, problem: Problem, minima: Minima, kernels: Kernels, area: float | None
) -> Floats:
    """Return the largest R_int in Ω that each spectrum allows, one-sided, with 95 % confidence, shape (N,).

    An arc that hides can have any time constant, so the limit is the largest over a grid of them, from
    a little above the grain boundary's to the end of the band. At each, χ² is a parabola in a small
    R_int while all else follows; the limit is where it has risen by 1.645² above the best minimum.
    With an area in m² the limit is never less than the resolution.
    """
    absent, slowest = _parameters(circuit), circuit.interface[-1]
    free = np.ones(minima.theta.shape[1], dtype=bool)
    free[absent] = False
    alone, without = _without(circuit, problem, minima, kernels)
    with_arc = _cost_without_prior(problem, alone.priors, minima)
    allowed = np.fmin(without.cost, with_arc) + 0.5 * ONE_SIDED_95**2 * minima.variance
    unit = SMALL_SHARE * problem.batch.scale()
    fast, slow = _hiding_places(circuit, problem, without)
    largest = np.zeros(len(unit))
    for share in np.linspace(0, 1, HIDING_PLACES):
        start = without.theta.copy()
        start[:, slowest.ln_tau] = fast + share * (slow - fast)
        if slowest.alpha >= 0:
            start[:, slowest.alpha] = TYPICAL_LOGIT
        start[:, slowest.ln_r] = np.log(unit)
        one = minimise(alone, start, kernels, free=free).cost
        start[:, slowest.ln_r] = np.log(2 * unit)
        two = minimise(alone, start, kernels, free=free).cost
        largest = np.fmax(largest, unit * _root(without.cost, one, two, allowed))
    return largest if area is None else np.maximum(largest, RESOLUTION_OHM_CM2 * OHM_CM2 / area)


def _hiding_places(circuit: Circuit, problem: Problem, without: Minima) -> tuple[Floats, Floats]:
    """Return the fastest and slowest ln τ at which an arc could hide, shape (N,) each."""
    boundary = [arc.ln_tau for arc in circuit.arcs if arc.name == "gb" and arc.ln_tau >= 0]
    slow = -np.log(2 * np.pi * problem.batch.lowest())
    fast = without.theta[:, boundary[0]] + np.log(APART) if boundary else slow - 5 * np.log(10)
    return np.minimum(fast, slow), slow


def _root(nothing: Floats, one: Floats, two: Floats, allowed: Floats) -> Floats:
    """Return where the parabola through the costs at 0, 1 and 2 reaches what is allowed; 0 if it does not."""
    curve = (two - 2 * one + nothing) / 2
    slope = one - nothing - curve
    inside = slope**2 + 4 * curve * (allowed - nothing)
    with np.errstate(all="ignore"):
        found = (np.sqrt(inside) - slope) / (2 * curve)
    return np.where((curve > 0) & (inside > 0) & (found > 0), found, 0.0)


def interval(circuit: Circuit, problem: Problem, minima: Minima, kernels: Kernels) -> tuple[Floats, Floats]:
    """Return the 95 % interval of R_int in Ω by profile likelihood, all other parameters following.

    nan where an edge lies further than e⁴ away.
    """
    parameter = circuit.interface[-1].ln_r
    step = TWO_SIDED_95 * standard_errors(problem, minima)[:, parameter]
    edges = [
        _edge(problem, minima, kernels, parameter, [parameter], TWO_SIDED_95, sign * step) for sign in (-1, 1)
    ]
    low, high = (np.exp(edge) for edge in edges)
    return low, high


def _edge(
    problem: Problem,
    minima: Minima,
    kernels: Kernels,
    parameter: int,
    held: list[int],
    sigmas: float,
    step: Floats,
) -> Floats:
    """Return where the profile of a parameter has risen by `sigmas`, shape (N,); nan where it does not.

    Doubles the step until outside, then halves the interval.
    """
    best = minima.theta[:, parameter]
    allowed = 0.5 * sigmas**2 * minima.variance
    free = np.ones(minima.theta.shape[1], dtype=bool)
    free[held] = False
    problem = problem._replace(along=False)

    def inside(value: Floats) -> Bools:
        start = minima.theta.copy()
        start[:, parameter] = value
        return np.asarray(minimise(problem, start, kernels, free=free).cost - minima.cost < allowed)

    step = np.clip(np.nan_to_num(step, nan=1.0), -WIDEST / 2, WIDEST / 2)
    low, high = np.zeros_like(step), step
    for _ in range(WIDENINGS):
        still = inside(best + high)
        if not np.any(still):
            break
        low = np.where(still, high, low)
        high = np.where(still, high + 0.5 * step, high)
        if np.all(np.abs(high[still]) > WIDEST):
            break
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_inside = inside(best + middle)
        low, high = np.where(is_inside, middle, low), np.where(is_inside, high, middle)
    edge = best + (low + high) / 2
    return np.where(np.abs(high) > WIDEST, np.nan, edge)
