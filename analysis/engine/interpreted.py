"""Impedance of a circuit and its derivatives, in numpy; the formulas are those of `SLOTS`.

Forwards every node gets its impedance; backwards it gets what the whole circuit's impedance gains
per gain of its own, (Z_group/Z_part)² for each parallel group on the way.
"""

import cmath
import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from analysis.circuits.network import Kind
from analysis.engine.program import Integers, Program
from core.records import Complexes, Floats

HALF_PI = math.pi / 2
LARGEST_EXPONENT = 300.0
"""Beyond e^300 squares overflow."""

LARGEST_LOGARITHM = 600.0
"""What e^ is taken of ends here, so that products with a frequency stay finite."""

DEEP = 20.0
"""tanh x is 1 to all digits for real parts beyond this."""

SHALLOW = 1e-100
"""Smallest |x| whose square is a number."""

MOST_PLANS = 64

_SERIES, _PARALLEL, _ZARC = int(Kind.SERIES), int(Kind.PARALLEL), int(Kind.ZARC)


class _Plan(NamedTuple):
    """A program as lists, which are read faster than arrays element by element."""

    program: Program
    nodes: list[tuple[int, int, int]]
    zarcs: Integers
    children: list[int]
    parameter: list[int]
    offset: list[float]
    factor: list[float]
    low: list[float]
    width: list[float]
    bounded: list[bool]
    wanted: list[bool]
    nested: bool
    fitted: int


_plans: "OrderedDict[int, _Plan]" = OrderedDict()


def _plan(program: Program) -> _Plan:
    """Return the plan of a program; the last few are remembered."""
    found = _plans.get(id(program))
    if found is not None and found.program is program:
        return found
    bounded = np.isfinite(program.slot_low) & np.isfinite(program.slot_high)
    width = np.where(bounded, program.slot_high, 0.0) - np.where(bounded, program.slot_low, 0.0)
    plan = _Plan(
        program,
        [(kind, first, count) for kind, first, count in program.nodes.tolist()],
        program.nodes[program.nodes[:, 0] == _ZARC, 1],
        program.children.tolist(),
        program.slot_parameter.tolist(),
        program.slot_offset.tolist(),
        program.slot_factor.tolist(),
        program.slot_low.tolist(),
        width.tolist(),
        bounded.tolist(),
        (program.slot_parameter >= 0).tolist(),
        bool(np.any(program.nodes[:, 0] == _PARALLEL)),
        program.parameters,
    )
    _plans[id(program)] = plan
    while len(_plans) > MOST_PLANS:
        _plans.popitem(last=False)
    return plan


class _Sweep(NamedTuple):
    """The points of a sweep, and the slots at the parameters that are asked for.

    Attributes
    ----------
    omega, log_omega : ndarray, shape (n,)
    delay : ndarray, shape (n,), or None
    value, gain, rate : list of float, length s
        Slots, dslot/dθ, and change of the slot per second.
    """

    omega: Floats
    log_omega: Floats
    delay: Floats | None
    value: list[float]
    gain: list[float]
    rate: list[float]


def evaluate(
    program: Program, omega: Floats, theta: Floats, delay: Floats | None = None, slope: Floats | None = None
) -> tuple[Complexes, Complexes]:
    """Return the impedance and its derivatives.

    Parameters
    ----------
    program : Program
    omega : ndarray, shape (n,)
        Angular frequency, rad/s.
    theta : ndarray, shape (p,)
    delay : ndarray, shape (n,), optional
        Seconds from the middle of the sweep to each point.
    slope : ndarray, shape (p,), optional
        dθ/dt of a known drift, 1/s: ln R and ln τ of ZARCs follow it, so that θ belongs to the middle
        of the sweep although every point saw other values. Needs `delay`.

    Returns
    -------
    impedance : ndarray of complex, shape (n,)
        Ω.
    derivative : ndarray of complex, shape (p, n)
    """
    plan = _plan(program)
    sweep = _at(plan, omega, theta, delay, slope)
    arcs = iter(_zarcs(sweep, plan.zarcs)) if len(plan.zarcs) else iter(())
    impedances: list[Complexes] = []
    derivatives: dict[int, Sequence[Complexes]] = {}
    for number, (kind, first, count) in enumerate(plan.nodes):
        if kind == _SERIES:
            impedances.append(_total([impedances[part] for part in plan.children[first : first + count]]))
        elif kind == _PARALLEL:
            parts = [1 / impedances[part] for part in plan.children[first : first + count]]
            impedances.append(1 / _total(parts))
        else:
            impedance, derivatives[number] = next(arcs) if kind == _ZARC else _ELEMENTS[kind](sweep, first)
            impedances.append(impedance)
    weights = _weights(plan, impedances) if plan.nested else {}
    result = np.zeros((plan.fitted, len(omega)), dtype=complex)
    for number, found in derivatives.items():
        for slot, derivative in enumerate(found, plan.nodes[number][1]):
            if not plan.wanted[slot]:
                continue
            gain = sweep.gain[slot]
            weighted = derivative if gain == 1.0 else gain * derivative
            result[plan.parameter[slot]] += weighted * weights[number] if number in weights else weighted
    return impedances[-1], result


def _at(plan: _Plan, omega: Floats, theta: Floats, delay: Floats | None, slope: Floats | None) -> _Sweep:
    own = theta.tolist()
    drift = None if slope is None or delay is None else slope.tolist()
    value, gain, rate = list(plan.offset), [0.0] * len(plan.offset), [0.0] * len(plan.offset)
    for slot, parameter in enumerate(plan.parameter):
        if parameter < 0:
            continue
        if plan.bounded[slot]:
            share = 1 / (1 + _exp(-own[parameter]))
            value[slot] = plan.low[slot] + plan.width[slot] * share
            gain[slot] = plan.width[slot] * share * (1 - share)
        else:
            value[slot] += plan.factor[slot] * own[parameter]
            gain[slot] = plan.factor[slot]
        if drift is not None:
            rate[slot] = gain[slot] * drift[parameter]
    return _Sweep(omega, np.log(omega), None if drift is None else delay, value, gain, rate)


def _exp(logarithm: float) -> float:
    return math.exp(min(max(logarithm, -LARGEST_LOGARITHM), LARGEST_LOGARITHM))


def _total(parts: list[Complexes]) -> Complexes:
    total = parts[0] + parts[1]
    for part in parts[2:]:
        total += part
    return total


def _weights(plan: _Plan, impedances: list[Complexes]) -> dict[int, Complexes]:
    """Return dZ/dZ_node of every node that is inside a parallel group."""
    weights: dict[int, Complexes] = {}
    for number in range(len(plan.nodes) - 1, -1, -1):
        kind, first, count = plan.nodes[number]
        if kind > _PARALLEL:
            continue
        above = weights.get(number)
        for part in plan.children[first : first + count]:
            if kind == _PARALLEL:
                share = impedances[number] / impedances[part]
                weights[part] = share * share if above is None else above * (share * share)
            elif above is not None:
                weights[part] = above
    return weights


_Element = tuple[Complexes, Sequence[Complexes]]


def _resistor(sweep: _Sweep, first: int) -> _Element:
    impedance = np.full(len(sweep.omega), complex(_exp(sweep.value[first])))
    return impedance, [impedance]


def _inductor(sweep: _Sweep, first: int) -> _Element:
    unit = 1j * sweep.omega
    return np.asarray(sweep.value[first] * unit), [np.asarray(unit)]


def _capacitor(sweep: _Sweep, first: int) -> _Element:
    impedance: Complexes = np.asarray((-1j * _exp(-sweep.value[first])) / sweep.omega)
    return impedance, [-impedance]


def _cpe(sweep: _Sweep, first: int) -> _Element:
    ln_q, alpha = sweep.value[first : first + 2]
    size = np.exp(np.minimum(-alpha * sweep.log_omega - ln_q, LARGEST_LOGARITHM))
    impedance: Complexes = size * cmath.exp(-1j * HALF_PI * alpha)
    return impedance, [-impedance, -impedance * (sweep.log_omega + 1j * HALF_PI)]


def _zarcs(sweep: _Sweep, first: Integers) -> list[_Element]:
    """Return all ZARCs, whose first slots are given: together, because calls cost more than sums."""
    value, rate = np.array(sweep.value), np.array(sweep.rate)
    alpha = value[first + 2][:, None]
    logarithm = sweep.log_omega + value[first + 1][:, None]
    resistance = np.exp(np.minimum(value[first], LARGEST_LOGARITHM))[:, None]
    if sweep.delay is not None:
        logarithm += rate[first + 1][:, None] * sweep.delay
        resistance = resistance * np.exp(rate[first][:, None] * sweep.delay)
    size = np.exp(np.minimum(alpha * logarithm, LARGEST_EXPONENT))
    share = 1 / (1 + size * np.exp(1j * HALF_PI * alpha))
    impedance = resistance * share
    bent = impedance * (share - 1)
    by_alpha = bent * (logarithm + 1j * HALF_PI)
    return list(zip(impedance, zip(impedance, alpha * bent, by_alpha, strict=True), strict=True))


def _warburg(sweep: _Sweep, first: int) -> _Element:
    impedance = (_exp(sweep.value[first]) * (1 - 1j)) / np.sqrt(sweep.omega)
    return impedance, [impedance]


def _diffusion(sweep: _Sweep, first: int) -> tuple[float, Complexes, Complexes]:
    """Return R, x = √(jωτ) and tanh x."""
    resistance, tau = _exp(sweep.value[first]), _exp(sweep.value[first + 1])
    part = np.maximum(np.sqrt(0.5 * tau * sweep.omega), SHALLOW)
    return resistance, part * (1 + 1j), np.tanh(np.minimum(part, DEEP) * (1 + 1j))


def _warburg_short(sweep: _Sweep, first: int) -> _Element:
    resistance, x, tangent = _diffusion(sweep, first)
    impedance = resistance * tangent / x
    return impedance, [impedance, 0.5 * (resistance * (1 - tangent * tangent) - impedance)]


def _warburg_open(sweep: _Sweep, first: int) -> _Element:
    resistance, x, tangent = _diffusion(sweep, first)
    cotangent = 1 / tangent
    impedance = resistance * cotangent / x
    return impedance, [impedance, 0.5 * (resistance * (1 - cotangent * cotangent) - impedance)]


def _gerischer(sweep: _Sweep, first: int) -> _Element:
    inner = 1j * _exp(sweep.value[first + 1]) * sweep.omega
    impedance = _exp(sweep.value[first]) / np.sqrt(1 + inner)
    return impedance, [impedance, -0.5 * impedance * (inner / (1 + inner))]


_ELEMENTS: dict[int, Callable[[_Sweep, int], _Element]] = {
    int(Kind.RESISTOR): _resistor,
    int(Kind.INDUCTOR): _inductor,
    int(Kind.CAPACITOR): _capacitor,
    int(Kind.CPE): _cpe,
    int(Kind.WARBURG): _warburg,
    int(Kind.WARBURG_SHORT): _warburg_short,
    int(Kind.WARBURG_OPEN): _warburg_open,
    int(Kind.GERISCHER): _gerischer,
}
