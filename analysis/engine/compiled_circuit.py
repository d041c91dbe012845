"""Impedance of a circuit and its derivatives, compiled.

The formulas are those of `analysis.circuits.network.SLOTS`; `analysis.engine.interpreted` computes
the same in numpy and is what this is tested against.
"""

import cmath
import math
from typing import Any

from numba import njit

from analysis.engine.program import Integers
from core.records import Floats

OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
}
"""No flag that assumes finite numbers: a spectrum of NaN must come out as NaN."""

SERIES, PARALLEL, RESISTOR, INDUCTOR, CAPACITOR, CPE, ZARC, WARBURG, SHORT, OPEN, GERISCHER = range(11)
HALF_PI = math.pi / 2
LARGEST_EXPONENT = 300.0
"""Beyond e^300 squares overflow."""

DEEP = 20.0
"""tanh x is 1 to all digits for real parts beyond this."""


@njit(**OPTIONS)
def slot_values(
    slot_parameter: Integers,
    slots: Floats,
    theta: Floats,
    slope: Floats,
    value: Floats,
    gain: Floats,
    rate: Floats,
) -> None:
    """Fill value, dvalue/dθ and rate of change (1/s) of every slot; each of shape (s,)."""
    for s in range(len(slot_parameter)):
        j = slot_parameter[s]
        value[s] = slots[0, s]
        gain[s] = 0.0
        rate[s] = 0.0
        if j < 0:
            continue
        low, high = slots[2, s], slots[3, s]
        if math.isfinite(high) and math.isfinite(low):
            share = 1.0 / (1.0 + math.exp(-theta[j]))
            value[s] = low + (high - low) * share
            gain[s] = (high - low) * share * (1.0 - share)
        else:
            value[s] = slots[0, s] + slots[1, s] * theta[j]
            gain[s] = slots[1, s]
        rate[s] = gain[s] * slope[j]


@njit(**OPTIONS)
def _zarc(
    n: int,
    log_omega: Floats,
    omega: Floats,
    delay: Floats,
    value: Floats,
    rate: Floats,
    first: int,
    want_alpha: bool,
    z_re: Floats,
    z_im: Floats,
    d_re: Floats,
    d_im: Floats,
) -> None:
    ln_r, ln_tau, alpha = value[first], value[first + 1], value[first + 2]
    fast, slow = rate[first], rate[first + 1]
    cosine, sine = math.cos(alpha * HALF_PI), math.sin(alpha * HALF_PI)
    resistance = math.exp(ln_r)
    steady = fast == 0.0 and slow == 0.0
    debye = alpha == 1.0 and steady
    tau = math.exp(ln_tau)
    a, b, c = first, first + 1, first + 2
    for k in range(n):
        if debye:
            size = omega[k] * tau
            u_re, u_im, logarithm, r = 0.0, size, 0.0, resistance
        else:
            logarithm = log_omega[k] + ln_tau
            r = resistance
            if not steady:
                logarithm += slow * delay[k]
                r *= math.exp(fast * delay[k])
            size = math.exp(min(alpha * logarithm, LARGEST_EXPONENT))
            u_re, u_im = size * cosine, size * sine
        d = 1.0 / ((1.0 + u_re) * (1.0 + u_re) + u_im * u_im)
        s_re, s_im = (1.0 + u_re) * d, -u_im * d
        re, im = r * s_re, r * s_im
        z_re[k], z_im[k] = re, im
        d_re[a, k], d_im[a, k] = re, im
        bent_re = re * (s_re - 1.0) - im * s_im
        bent_im = re * s_im + im * (s_re - 1.0)
        d_re[b, k], d_im[b, k] = alpha * bent_re, alpha * bent_im
        if want_alpha:
            d_re[c, k] = bent_re * logarithm - bent_im * HALF_PI
            d_im[c, k] = bent_re * HALF_PI + bent_im * logarithm


@njit(**OPTIONS)
def _diffusion(
    kind: int,
    n: int,
    omega: Floats,
    ln_r: float,
    ln_tau: float,
    first: int,
    z_re: Floats,
    z_im: Floats,
    d_re: Floats,
    d_im: Floats,
) -> None:
    resistance, tau = math.exp(ln_r), math.exp(ln_tau)
    for k in range(n):
        if kind == GERISCHER:
            inner = complex(1.0, omega[k] * tau)
            z = resistance / cmath.sqrt(inner)
            by_tau = -0.5 * z * (complex(0.0, omega[k] * tau) / inner)
        else:
            part = math.sqrt(0.5 * omega[k] * tau)
            x = complex(part, part)
            if part > DEEP:
                tangent, bend = complex(1.0, 0.0), complex(0.0, 0.0)
            else:
                e = cmath.exp(-2.0 * x)
                tangent = (1.0 - e) / (1.0 + e)
                bend = 4.0 * e / ((1.0 + e) * (1.0 + e))
                if kind == OPEN:
                    tangent = 1.0 / tangent
                    bend = -4.0 * e / ((1.0 - e) * (1.0 - e))
            z = resistance * tangent / x
            by_tau = 0.5 * (resistance * bend - z)
        z_re[k], z_im[k] = z.real, z.imag
        d_re[first, k], d_im[first, k] = z.real, z.imag
        d_re[first + 1, k], d_im[first + 1, k] = by_tau.real, by_tau.imag


@njit(**OPTIONS)
def _simple(
    kind: int,
    n: int,
    log_omega: Floats,
    omega: Floats,
    value: Floats,
    first: int,
    z_re: Floats,
    z_im: Floats,
    d_re: Floats,
    d_im: Floats,
) -> None:
    """R, L, C, CPE and the semi-infinite Warburg element."""
    if kind == INDUCTOR:
        for k in range(n):
            z_re[k], z_im[k] = 0.0, omega[k] * value[first]
            d_re[first, k], d_im[first, k] = 0.0, omega[k]
        return
    exponent, cosine, sine, sign = 0.0, 1.0, 0.0, 1.0
    scale = math.exp(value[first])
    if kind == CAPACITOR:
        exponent, cosine, sine, sign, scale = 1.0, 0.0, 1.0, -1.0, 1.0 / scale
    elif kind == CPE:
        exponent = value[first + 1]
        cosine, sine = math.cos(exponent * HALF_PI), math.sin(exponent * HALF_PI)
        sign, scale = -1.0, 1.0 / scale
    elif kind == WARBURG:
        exponent, cosine, sine = 0.5, 1.0, 1.0
    for k in range(n):
        size = scale
        if exponent == 1.0:
            size = scale / omega[k]
        elif exponent != 0.0:
            size = scale * math.exp(-exponent * log_omega[k])
        re, im = size * cosine, -size * sine
        z_re[k], z_im[k] = re, im
        d_re[first, k], d_im[first, k] = sign * re, sign * im
        if kind == CPE:
            d_re[first + 1, k] = -(re * log_omega[k] - im * HALF_PI)
            d_im[first + 1, k] = -(re * HALF_PI + im * log_omega[k])


@njit(**OPTIONS)
def _join(nodes: Integers, children: Integers, node: int, n: int, z_re: Floats, z_im: Floats) -> None:
    """Fill the impedance of a series or parallel group from that of its parts."""
    start, count = nodes[node, 1], nodes[node, 2]
    for k in range(n):
        re, im = 0.0, 0.0
        for place in range(start, start + count):
            part_re, part_im = z_re[children[place], k], z_im[children[place], k]
            if nodes[node, 0] == PARALLEL:
                d = part_re * part_re + part_im * part_im
                part_re, part_im = part_re / d, -part_im / d
            re += part_re
            im += part_im
        if nodes[node, 0] == PARALLEL:
            d = re * re + im * im
            re, im = re / d, -im / d
        z_re[node, k], z_im[node, k] = re, im


@njit(**OPTIONS)
def _scale_derivatives(
    nodes: Integers,
    children: Integers,
    n: int,
    z_re: Floats,
    z_im: Floats,
    d_re: Floats,
    d_im: Floats,
    w_re: Floats,
    w_im: Floats,
) -> None:
    """Turn derivatives of each element into derivatives of the circuit: (Z_group/Z_part)² downwards."""
    last = len(nodes) - 1
    for k in range(n):
        w_re[last, k], w_im[last, k] = 1.0, 0.0
    for node in range(last, -1, -1):
        kind, start, count = nodes[node, 0], nodes[node, 1], nodes[node, 2]
        for place in range(start, start + count):
            for k in range(n):
                re, im = w_re[node, k], w_im[node, k]
                if kind > PARALLEL:
                    x, y = d_re[place, k], d_im[place, k]
                    d_re[place, k], d_im[place, k] = re * x - im * y, re * y + im * x
                    continue
                part = children[place]
                if kind == PARALLEL:
                    x, y = z_re[part, k], z_im[part, k]
                    d = x * x + y * y
                    q_re = (z_re[node, k] * x + z_im[node, k] * y) / d
                    q_im = (z_im[node, k] * x - z_re[node, k] * y) / d
                    s_re, s_im = q_re * q_re - q_im * q_im, 2.0 * q_re * q_im
                    re, im = re * s_re - im * s_im, re * s_im + im * s_re
                w_re[part, k], w_im[part, k] = re, im


@njit(**OPTIONS)
def evaluate(
    nodes: Integers,
    children: Integers,
    slot_parameter: Integers,
    n: int,
    log_omega: Floats,
    omega: Floats,
    delay: Floats,
    value: Floats,
    gain: Floats,
    rate: Floats,
    z_re: Floats,
    z_im: Floats,
    d_re: Floats,
    d_im: Floats,
    w_re: Floats,
    w_im: Floats,
    j_re: Floats,
    j_im: Floats,
) -> None:
    """Fill Z of every node, shape (m, n), and dZ/dθ of the circuit, shape (p, n)."""
    nested = False
    for node in range(len(nodes)):
        kind, first = nodes[node, 0], nodes[node, 1]
        if kind == ZARC:
            want_alpha = slot_parameter[first + 2] >= 0
            _zarc(
                n, log_omega, omega, delay, value, rate, first, want_alpha, z_re[node], z_im[node], d_re, d_im
            )
        elif kind <= PARALLEL:
            nested = nested or kind == PARALLEL
            _join(nodes, children, node, n, z_re, z_im)
        elif kind >= SHORT:
            _diffusion(
                kind, n, omega, value[first], value[first + 1], first, z_re[node], z_im[node], d_re, d_im
            )
        else:
            _simple(kind, n, log_omega, omega, value, first, z_re[node], z_im[node], d_re, d_im)
    if nested:
        _scale_derivatives(nodes, children, n, z_re, z_im, d_re, d_im, w_re, w_im)
    j_re[:, :n] = 0.0
    j_im[:, :n] = 0.0
    for s in range(len(slot_parameter)):
        j = slot_parameter[s]
        if j >= 0:
            factor = gain[s]
            for k in range(n):
                j_re[j, k] += factor * d_re[s, k]
                j_im[j, k] += factor * d_im[s, k]
