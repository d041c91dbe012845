"""Linear Kramers–Kronig test of many spectra, compiled.

`analysis.engine.kk_settings` says what goes in and out; `analysis.engine.interpreted_kk` does the
same in numpy.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.engine.compiled_kk_fit import ONE, OPTIONS, Work, add_products, fit, solve, tabulate
from analysis.engine.kk_settings import (
    AICC,
    BESIDE,
    DIFFERENCE_EFFICIENCY,
    ELEMENT_ERROR,
    FEWEST_POINTS,
    FIGURES,
    LOCAL_NOISE,
    LOWEST_DECADE,
    MEDIAN_EFFICIENCY,
    MOST_ELEMENTS,
    NARROWEST,
    NOISE,
    OPEN_END,
    OUTLIER,
    OUTLIER_SHARE,
    OUTLIERS_ALWAYS,
    PASSES,
    SCATTER,
    SCATTER_SIGMA,
    SIGNED_MEAN,
    SMALLEST_NOISE,
    SPARSEST,
    WINDOW,
)
from core.records import Bools, Complexes, Floats

Integers = NDArray[np.int64]


@njit(**OPTIONS)
def _drop_outliers(residual: Floats, noise: float, weight: Floats, n: int, alone: Bools) -> int:
    """Set the weight of points that are off on their own to zero; return how many there were.

    A run of them is not an outlier but a finding; and too many are none.
    """
    found, dropped = 0, 0
    for i in range(n):
        squared = residual[0, i] ** 2 + residual[1, i] ** 2
        alone[i] = squared > (OUTLIER * noise) ** 2
        for k in (i - 1, i + 1):
            if 0 <= k < n:
                along = residual[0, i] * residual[0, k] + residual[1, i] * residual[1, k]
                alone[i] = alone[i] and along <= BESIDE * squared
        if weight[i] == 0.0:
            dropped += 1
            alone[i] = False
        elif alone[i]:
            found += 1
    if found + dropped > OUTLIER_SHARE * n + OUTLIERS_ALWAYS:
        return 0
    for i in range(n):
        if alone[i]:
            weight[i] = 0.0
    return found


@njit(**OPTIONS)
def _profile(
    residual: Floats, weight: Floats, noise: float, n: int, total: Floats, profile: Floats, own: Bools
) -> None:
    """Fill the noise of each point, and whether it is its own, from neighbouring residuals."""
    number, last = 0, 0
    total[0] = 0.0
    for i in range(n):
        if weight[i] > 0.0:
            if number > 0:
                re, im = residual[0, i] - residual[0, last], residual[1, i] - residual[1, last]
                total[number] = total[number - 1] + re * re + im * im
            number += 1
            last = i
    width = min(WINDOW, number - 1)
    place = -1
    for i in range(n):
        if weight[i] > 0.0:
            place += 1
        first = min(max(place - width // 2, 0), number - 1 - width)
        within = max(total[first + width] - total[first], 0.0)
        local = max(math.sqrt(within / (4 * width)), SMALLEST_NOISE)
        louder, quieter = local > LOCAL_NOISE * noise, LOCAL_NOISE * local < noise
        own[i] = louder or quieter
        profile[i] = local if louder else (LOCAL_NOISE * local if quieter else noise)


@njit(**OPTIONS)
def _mean_of_lowest(frequency: Floats, weight: Floats, n: int, mean: Floats) -> int:
    """Fill the weights of the mean of the lowest decade up to a common R0; return its points."""
    lowest, number, norm, sum_low = LOWEST_DECADE * frequency[n - 1], 0, 0.0, 0.0
    for i in range(n):
        low = frequency[i] < lowest and weight[i] > 0.0
        mean[i] = 1.0 if low else 0.0
        norm += weight[i] ** 2
        if low:
            number += 1
            sum_low += weight[i]
    for i in range(n):
        mean[i] = mean[i] / number - weight[i] * (sum_low / number / norm)
    return number


@njit(**OPTIONS)
def _judge(
    columns: Floats,
    weighted: Floats,
    impedance: Floats,
    frequency: Floats,
    weight: Floats,
    p: int,
    n: int,
    work: Work,
    residual: Floats,
    found: tuple[float, float],
    rows: tuple[Floats, Floats, Floats],
    own: Bools,
    out: Floats,
) -> None:
    """Predict Re Z from Im Z, compare in the lowest decade and write the figures that follow."""
    normal, solution, scale, _ = work
    mean, profile, of_imaginary = rows
    noise, squares = found
    _profile(residual, weight, noise, n, of_imaginary, profile, own)
    low = _mean_of_lowest(frequency, weight, n, mean)
    for a in range(1, p):
        for b in range(1, a + 1):
            normal[a, b] = 0.0
        solution[a] = 0.0
        for i in range(n):
            solution[a] += weighted[0, a, i] * mean[i]
    add_products(weighted[1], ONE, p, n, normal)
    solve(normal, ONE, p, scale, solution)
    for i in range(n):
        of_imaginary[i] = 0.0
    for a in range(1, p):
        for i in range(n):
            of_imaginary[i] += solution[a] * weighted[1, a, i]
    shift, whole, local, scatter, good = 0.0, 0.0, 0.0, 0.0, 0
    lowest = LOWEST_DECADE * frequency[n - 1]
    for i in range(n):
        shift += weight[i] * (mean[i] * impedance[0, i] - of_imaginary[i] * impedance[1, i])
        variance = (mean[i] ** 2 + of_imaginary[i] ** 2) * profile[i] ** 2
        if own[i]:
            local += variance
        else:
            whole += variance
        if weight[i] > 0.0:
            good += 1
            if frequency[i] < lowest:
                scatter += (residual[0, i] ** 2 + residual[1, i] ** 2) / profile[i] ** 2
    whole += ELEMENT_ERROR**2
    freedom = MEDIAN_EFFICIENCY * max(2 * good - p, 1)
    of_local = DIFFERENCE_EFFICIENCY * 2 * min(WINDOW, good - 1)
    variance = whole + local
    freedom = variance**2 / (whole**2 / freedom + local**2 / of_local)
    ratio = scatter / (2 * low)
    out[NOISE] = noise
    out[SIGNED_MEAN] = _in_sigma(shift / math.sqrt(variance), freedom)
    out[SCATTER] = math.sqrt(ratio)
    out[SCATTER_SIGMA] = _ratio_in_sigma(ratio, 2 * low, freedom)
    correction = 2 * good / max(2 * good - p - 2, 1)
    out[AICC] = 2 * good * math.log(squares / (2 * good)) + 2 * (p + 1) * correction


@njit(**OPTIONS)
def _in_sigma(t: float, freedom: float) -> float:
    """Turn Student's t into the normal deviate that is as improbable (Wallace 1959)."""
    size = math.sqrt(freedom * math.log1p(t * t / freedom))
    return math.copysign((8 * freedom + 1) / (8 * freedom + 3) * size, t)


@njit(**OPTIONS)
def _ratio_in_sigma(ratio: float, freedom: float, of_divisor: float) -> float:
    """Turn a ratio of variances into the normal deviate that is as improbable (Paulson 1942)."""
    a, b, root = 2 / (9 * freedom), 2 / (9 * of_divisor), ratio ** (1 / 3)
    return ((1 - b) * root - (1 - a)) / math.sqrt(a + b * root * root)


@njit(**OPTIONS)
def _elements(frequency: Floats, impedance: Complexes, n: int, per_decade: float) -> tuple[int, int]:
    """Return how many relaxation times span the band, 0 if it cannot be judged, and how many lie below."""
    if n < FEWEST_POINTS:
        return 0, 0
    off = 0
    for i in range(n - 3, n):
        re, im = impedance[i].real, impedance[i].imag
        if im * im > OPEN_END**2 * (re * re + im * im):
            off += 1
    beyond = 1 if off >= 2 else 0
    decades = math.log10(frequency[0] / frequency[n - 1])
    room = math.floor(MOST_ELEMENTS * n) - 2 - 2 * beyond
    chosen = min(math.ceil(per_decade * decades) + 1, room)
    if not (decades >= NARROWEST and chosen - 1 >= SPARSEST * decades):
        return 0, 0
    return int(chosen), beyond


@njit(**OPTIONS)
def _same(frequency: Floats, count: Integers, a: int, b: int) -> bool:
    """Return whether two spectra have the same frequencies."""
    if count[a] != count[b]:
        return False
    if len(frequency) > 1:
        for i in range(count[a]):
            if frequency[a, i] != frequency[b, i]:
                return False
    return True


@njit(**OPTIONS)
def band_block(
    frequency: Floats,
    impedance: Complexes,
    count: Integers,
    per_decade: float,
    figures: Floats,
    residual: Complexes,
) -> None:
    """Test N spectra; see `analysis.engine.kk_settings`."""
    spectra, points = impedance.shape
    widest = points + 3
    columns, weighted = np.empty((2, widest, points)), np.empty((2, widest, points))
    work = (np.empty((widest, widest)), np.empty(widest), np.empty(widest), np.empty(2 * points))
    parts, off = np.empty((2, points)), np.empty((2, points))
    weight, size = np.empty(points), np.empty(points)
    rows = (np.empty(points), np.empty(points), np.empty(points))
    flags = np.empty(points, dtype=np.bool_)
    known, known_elements, known_beyond, p = 0, 0, 0, 0
    for s in range(spectra):
        for k in range(FIGURES):
            figures[s, k] = math.nan
        if len(residual) > 0:
            for i in range(points):
                residual[s, i] = complex(math.nan, math.nan)
        n, row = count[s], frequency[s if len(frequency) > 1 else 0]
        elements, beyond = _elements(row, impedance[s], n, per_decade)
        if elements == 0:
            continue
        same = elements == known_elements and beyond == known_beyond and _same(frequency, count, known, s)
        if not same:
            p = tabulate(row, n, elements, beyond, columns[0], columns[1])
        known, known_elements, known_beyond = s, elements, beyond
        for i in range(n):
            re, im = impedance[s, i].real, impedance[s, i].imag
            parts[0, i], parts[1, i] = re, im
            size[i] = math.sqrt(re * re + im * im)
            weight[i] = 1.0 / size[i]
        noise, squares = 0.0, 0.0
        for turn in range(PASSES + 1):
            noise, squares = fit(columns, weighted, parts, size, weight, p, n, work, off)
            if turn == PASSES or _drop_outliers(off, noise, weight, n, flags) == 0:
                break
        found = (noise, squares)
        _judge(columns, weighted, parts, row, weight, p, n, work, off, found, rows, flags, figures[s])
        if len(residual) > 0:
            for i in range(n):
                residual[s, i] = complex(off[0, i], off[1, i])
