"""Scan of one time constant with exact resistances at every point, compiled.

`analysis.engine.interpreted_scan` does the same in numpy and says what goes in and out.
"""

import numpy as np
from numba import njit

from analysis.engine.compiled_circuit import OPTIONS
from analysis.engine.program import Integers
from core.records import Bools, Floats


@njit(**OPTIONS)
def _explained(gram: Floats, right: Floats, subset: Integers, size: int, part: Floats) -> float:
    """Solve the normal equations of a subset; return by how much the squares fall, or −1."""
    matrix = np.empty((3, 4))
    trace = 0.0
    for i in range(size):
        trace += gram[subset[i], subset[i]]
    for i in range(size):
        for j in range(size):
            matrix[i, j] = gram[subset[i], subset[j]]
        matrix[i, i] += 1e-12 * trace
        matrix[i, size] = right[subset[i]]
    for i in range(size):
        if not matrix[i, i] > 0.0:
            return -1.0
        for j in range(i + 1, size):
            factor = matrix[j, i] / matrix[i, i]
            for k in range(i, size + 1):
                matrix[j, k] -= factor * matrix[i, k]
    gain = 0.0
    for i in range(size - 1, -1, -1):
        total = matrix[i, size]
        for j in range(i + 1, size):
            total -= matrix[i, j] * part[subset[j]]
        part[subset[i]] = total / matrix[i, i]
        if part[subset[i]] < 0.0:
            return -1.0
        gain += part[subset[i]] * right[subset[i]]
    return gain


@njit(**OPTIONS)
def scan_block(
    fixed: Floats,
    candidates: Floats,
    z_re: Floats,
    z_im: Floats,
    count: Integers,
    subsets: Integers,
    sizes: Integers,
    apart: Bools,
    gains: Floats,
    parts: Floats,
    best: Integers,
) -> None:
    """Fill gains (N, g), parts (N, g, 3) and the best, well separated candidates (N, b), −1 for none."""
    grid = len(candidates)
    n2 = fixed.shape[1]
    square, target, first, second = np.empty(n2), np.empty(n2), np.empty(n2), np.empty(n2)
    gram, right, part = np.zeros((3, 3)), np.zeros(3), np.zeros(3)
    for spectrum in range(len(count)):
        n = count[spectrum]
        for k in range(n):
            weight = 1.0 / (z_re[spectrum, k] ** 2 + z_im[spectrum, k] ** 2)
            square[2 * k] = square[2 * k + 1] = weight
            target[2 * k], target[2 * k + 1] = weight * z_re[spectrum, k], weight * z_im[spectrum, k]
        for i in range(2):
            right[i] = 0.0
            for j in range(2):
                gram[i, j] = 0.0
        for k in range(2 * n):
            x, y = fixed[0, k], fixed[1, k]
            first[k], second[k] = x * square[k], y * square[k]
            gram[0, 0] += first[k] * x
            gram[0, 1] += first[k] * y
            gram[1, 1] += second[k] * y
            right[0] += target[k] * x
            right[1] += target[k] * y
        gram[1, 0] = gram[0, 1]
        for g in range(grid):
            a, b, c, d = 0.0, 0.0, 0.0, 0.0
            for k in range(2 * n):
                arc = candidates[g, k]
                a += first[k] * arc
                b += second[k] * arc
                c += square[k] * arc * arc
                d += target[k] * arc
            gram[0, 2] = gram[2, 0] = a
            gram[1, 2] = gram[2, 1] = b
            gram[2, 2] = c
            right[2] = d
            gains[spectrum, g] = 0.0
            parts[spectrum, g] = 0.0
            for subset in range(len(sizes)):
                part[:] = 0.0
                gain = _explained(gram, right, subsets[subset], sizes[subset], part)
                if gain > gains[spectrum, g]:
                    gains[spectrum, g] = gain
                    parts[spectrum, g] = part
                    if subset == 0:
                        break
        _choose(gains[spectrum], apart, best[spectrum])


@njit(**OPTIONS)
def _choose(gains: Floats, apart: Bools, best: Integers) -> None:
    """Fill the places of the highest gains that are `apart` from one another."""
    for place in range(len(best)):
        best[place] = -1
        for g in range(len(gains)):
            near = False
            for other in range(place):
                near = near or not apart[g, best[other]]
            if not near and (best[place] < 0 or gains[g] > gains[best[place]]):
                best[place] = g
        if best[place] < 0:
            for rest in range(place, len(best)):
                best[rest] = -1
            return
