"""The least squares of the Kramers–Kronig test, compiled: relaxations fitted to Re Z and Im Z."""

import math
from typing import Any

import numpy as np
from numba import njit

from analysis.engine.kk_settings import (
    MEDIAN_TO_SIGMA,
    RIDGE,
    SMALLEST_NOISE,
)
from core.records import Floats

Work = tuple[Floats, Floats, Floats, Floats]

OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
}
"""No flag that assumes finite numbers: a spectrum of NaN must come out as NaN."""

NONE: Any = np.int64(0)
ONE: Any = np.int64(1)
"""Numbers with a type: functions would be compiled once more for a literal one."""


@njit(**OPTIONS)
def tabulate(frequency: Floats, n: int, elements: int, beyond: int, real: Floats, imaginary: Floats) -> int:
    """Fill the columns R0, L, the R_k and perhaps 1/C, shape (p, n); return p."""
    highest, lowest = 2 * math.pi * frequency[0], 2 * math.pi * frequency[n - 1]
    spacing = math.log(highest / lowest) / (elements - 1)
    p = 2 + elements + beyond
    for i in range(n):
        omega = 2 * math.pi * frequency[i]
        real[0, i], imaginary[0, i] = 1.0, 0.0
        real[1, i], imaginary[1, i] = 0.0, omega / highest
        if beyond > 0:
            real[p, i], imaginary[p, i] = 0.0, -lowest / omega
    for k in range(elements + beyond):
        tau = math.exp(spacing * k)
        for i in range(n):
            x = frequency[i] / frequency[0] * tau
            debye = 1.0 / (1.0 + x * x)
            real[2 + k, i], imaginary[2 + k, i] = debye, -x * debye
    return p + 1 if beyond > 0 else p


@njit(**OPTIONS)
def _weigh(columns: Floats, weight: Floats, p: int, n: int, weighted: Floats) -> None:
    for j in range(p):
        for i in range(n):
            weighted[j, i] = columns[j, i] * weight[i]


@njit(**OPTIONS)
def add_products(weighted: Floats, first: int, p: int, n: int, normal: Floats) -> None:
    """Add the inner products of rows, shape (p, n), to the lower triangle of a matrix."""
    for a in range(first, p):
        for b in range(first, a + 1):
            total = 0.0
            for i in range(n):
                total += weighted[a, i] * weighted[b, i]
            normal[a, b] += total


@njit(**OPTIONS)
def solve(normal: Floats, first: int, p: int, scale: Floats, vector: Floats) -> None:
    """Solve normal equations from their lower triangle, which is overwritten; in place."""
    for j in range(first, p):
        scale[j] = 1.0 / math.sqrt(normal[j, j])
    for i in range(first, p):
        for j in range(first, i + 1):
            total = normal[i, j] * scale[i] * scale[j] if j < i else 1.0 + RIDGE
            for k in range(first, j):
                total -= normal[i, k] * normal[j, k]
            normal[i, j] = total / normal[j, j] if j < i else math.sqrt(total)
        total = vector[i] * scale[i]
        for k in range(first, i):
            total -= normal[i, k] * vector[k]
        vector[i] = total / normal[i, i]
    for i in range(p - 1, first - 1, -1):
        vector[i] /= normal[i, i]
        for k in range(first, i):
            vector[k] -= normal[i, k] * vector[i]
    for i in range(first, p):
        vector[i] *= scale[i]


@njit(**OPTIONS)
def _median(values: Floats, m: int) -> float:
    """Return the median of the first m values, positive and even in number, by reordering (Hoare 1961)."""
    wanted, low, high = m // 2, 0, m - 1
    while low < high:
        pivot, i, j = values[(low + high) // 2], low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i > j:
                break
            values[i], values[j] = values[j], values[i]
            i += 1
            j -= 1
        if wanted <= j:
            high = j
        elif wanted >= i:
            low = i
        else:
            break
    below = 0.0
    for i in range(wanted):
        below = max(below, values[i])
    return (below + values[wanted]) / 2


@njit(**OPTIONS)
def fit(
    columns: Floats,
    weighted: Floats,
    impedance: Floats,
    size: Floats,
    weight: Floats,
    p: int,
    n: int,
    work: Work,
    residual: Floats,
) -> tuple[float, float]:
    """Fit Re Z and Im Z together, fill the residuals; return the noise and the sum of squares."""
    normal, solution, scale, both = work
    real, imaginary = columns
    for a in range(p):
        for b in range(a + 1):
            normal[a, b] = 0.0
    for part in range(2):
        _weigh(columns[part], weight, p, n, weighted[part])
        add_products(weighted[part], NONE, p, n, normal)
    for a in range(p):
        total = 0.0
        for i in range(n):
            seen = weighted[0, a, i] * impedance[0, i] + weighted[1, a, i] * impedance[1, i]
            total += seen * weight[i]
        solution[a] = total
    solve(normal, NONE, p, scale, solution)
    for i in range(n):
        residual[0, i], residual[1, i] = impedance[0, i], impedance[1, i]
    for a in range(p):
        for i in range(n):
            residual[0, i] -= solution[a] * real[a, i]
            residual[1, i] -= solution[a] * imaginary[a, i]
    m, squares = NONE, 0.0
    for i in range(n):
        residual[0, i] /= size[i]
        residual[1, i] /= size[i]
        if weight[i] > 0.0:
            both[m], both[m + 1] = abs(residual[0, i]), abs(residual[1, i])
            squares += residual[0, i] ** 2 + residual[1, i] ** 2
            m += 2
    noise = _median(both, m) * MEDIAN_TO_SIGMA * math.sqrt(m / max(m - p, 1))
    return max(noise, SMALLEST_NOISE), squares
