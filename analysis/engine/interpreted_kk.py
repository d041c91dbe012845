"""Linear Kramers–Kronig test of many spectra at once in numpy.

Spectra with the same frequencies share their elements; only their weights differ, so all their
normal matrices come out of one matrix product. `analysis.engine.kk_settings` says what goes in and
out; `analysis.engine.compiled_kk` does the same in compiled code.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    MEDIAN_TO_SIGMA,
    MOST_ELEMENTS,
    NARROWEST,
    NOISE,
    OPEN_END,
    OUTLIER,
    OUTLIER_SHARE,
    OUTLIERS_ALWAYS,
    PASSES,
    RIDGE,
    SCATTER,
    SCATTER_SIGMA,
    SIGNED_MEAN,
    SMALLEST_NOISE,
    SPARSEST,
    WINDOW,
)
from core.records import Bools, Complexes, Floats

Integers = NDArray[np.int64]

BLOCK = 1024
"""Spectra at a time: their normal matrices stay within a few megabytes."""


class _Table(NamedTuple):
    """Columns R0, L, the R_k and perhaps 1/C at n frequencies.

    `real` and `imaginary` have shape (n, p); `products_real` and `products_imaginary`, shape
    (n, p(p + 1)/2), are the products of any two columns, and `place`, shape (p, p), says where.
    """

    real: Floats
    imaginary: Floats
    products_real: Floats
    products_imaginary: Floats
    place: Integers


class _Fitted(NamedTuple):
    residual: Complexes
    noise: Floats
    squares: Floats
    good: Bools


@lru_cache(maxsize=64)
def _table(frequencies: bytes, elements: int, beyond: int) -> _Table:
    omega = 2 * np.pi * np.frombuffer(frequencies)
    spacing = np.log(omega[0] / omega[-1]) / (elements - 1)
    x = omega[:, None] / omega[0] * np.exp(spacing * np.arange(elements + beyond))
    debye = 1 / (1 + x * x)
    ones, zeros = np.ones_like(omega), np.zeros_like(omega)
    real = [ones, zeros, debye]
    imaginary = [zeros, omega / omega[0], -x * debye]
    if beyond:
        real.append(zeros)
        imaginary.append(-omega[-1] / omega)
    re, im = np.column_stack(real), np.column_stack(imaginary)
    first, second = np.triu_indices(re.shape[1])
    place = np.empty((re.shape[1], re.shape[1]), dtype=np.int64)
    place[first, second] = place[second, first] = np.arange(len(first))
    return _Table(re, im, re[:, first] * re[:, second], im[:, first] * im[:, second], place)


def _solve(normal: Floats, right: Floats) -> Floats:
    """Solve normal equations, shapes (N, p, p) and (N, p, k), scaled to a unit diagonal."""
    diagonal = np.einsum("ijj->ij", normal)
    scale = 1 / np.sqrt(diagonal)
    scaled = normal * scale[:, :, None] * scale[:, None, :]
    np.einsum("ijj->ij", scaled)[...] = 1 + RIDGE
    return np.asarray(scale[:, :, None] * np.linalg.solve(scaled, scale[:, :, None] * right))


def _fit(table: _Table, impedance: Complexes, size: Floats, good: Bools) -> _Fitted:
    """Fit Re Z and Im Z together; residuals also of points that are not good."""
    weight = good / size
    squared = weight * weight
    normal = (squared @ table.products_real + squared @ table.products_imaginary)[:, table.place]
    right = (squared * impedance.real) @ table.real + (squared * impedance.imag) @ table.imaginary
    solution = _solve(normal, right[:, :, None])[:, :, 0]
    residual = np.empty_like(impedance)
    residual.real = (impedance.real - solution @ table.real.T) / size
    residual.imag = (impedance.imag - solution @ table.imaginary.T) / size
    both = np.where(np.concatenate([good, good], axis=1), np.abs(_both(residual)), np.nan)
    n = good.sum(axis=1)
    freedom = np.maximum(2 * n - table.real.shape[1], 1)
    noise = np.nanmedian(both, axis=1) * MEDIAN_TO_SIGMA * np.sqrt(2 * n / freedom)
    squares = np.sum(np.where(good, np.abs(residual) ** 2, 0.0), axis=1)
    return _Fitted(residual, np.maximum(noise, SMALLEST_NOISE), squares, good)


def _both(values: Complexes) -> Floats:
    return np.concatenate([values.real, values.imag], axis=1)


def alone(residual: Complexes, noise: Floats) -> Bools:
    """Return which points are off on their own; a run of them is not an outlier but a finding."""
    squared = np.abs(residual) ** 2
    off = squared > (OUTLIER * noise[:, None]) ** 2
    along = (residual[:, 1:] * residual[:, :-1].conj()).real
    off[:, 1:] &= along <= BESIDE * squared[:, 1:]
    off[:, :-1] &= along <= BESIDE * squared[:, :-1]
    return off


def _robust_fit(table: _Table, impedance: Complexes, size: Floats) -> _Fitted:
    """Fit, and fit again without outliers where there are some."""
    fitted = _fit(table, impedance, size, np.ones(impedance.shape, dtype=bool))
    most = OUTLIER_SHARE * impedance.shape[1] + OUTLIERS_ALWAYS
    for _ in range(PASSES):
        good = fitted.good & ~alone(fitted.residual, fitted.noise)
        changed = np.any(good != fitted.good, axis=1) & (np.sum(~good, axis=1) <= most)
        if not np.any(changed):
            break
        again = _fit(table, impedance[changed], size[changed], good[changed])
        for kept, new in zip(fitted, again, strict=True):
            kept[changed] = new
    return fitted


def _noise_profile(fitted: _Fitted) -> tuple[Floats, Bools]:
    """Return the noise of each point, and whether it is its own; shapes (N, n).

    The noise around a point comes from differences of neighbouring residuals, which leave out what
    varies smoothly, such as drift. The noise of the whole band is better known and holds unless
    they differ clearly; where the point is the quieter one, only as far as they do.
    """
    good = fitted.good
    n = good.shape[1]
    number = good.sum(axis=1)[:, None]
    order = np.argsort(~good, axis=1, kind="stable")
    squared = np.abs(np.diff(np.take_along_axis(fitted.residual, order, axis=1), axis=1)) ** 2
    total = np.concatenate([np.zeros((len(good), 1)), np.cumsum(squared, axis=1)], axis=1)
    width = np.minimum(WINDOW, number - 1)
    place = np.cumsum(good, axis=1) - 1
    first = np.clip(place - width // 2, 0, number - 1 - width)
    within = np.take_along_axis(total, first + width, axis=1) - np.take_along_axis(total, first, axis=1)
    local = np.maximum(np.sqrt(np.maximum(within, 0.0) / (4 * width)), SMALLEST_NOISE)
    whole = np.broadcast_to(fitted.noise[:, None], (len(good), n))
    louder, quieter = local > LOCAL_NOISE * whole, LOCAL_NOISE * local < whole
    return np.where(louder, local, np.where(quieter, LOCAL_NOISE * local, whole)), louder | quieter


class _Shift(NamedTuple):
    """The mean of Re Z minus its prediction in the lowest decade, and how noise enters it.

    `of_real` and `of_imaginary`, shape (N, n), multiply the relative noise of each Re Z and Im Z.
    """

    shift: Floats
    of_real: Floats
    of_imaginary: Floats


def _shift(table: _Table, impedance: Complexes, weight: Floats, low: Bools) -> _Shift:
    """Predict Re Z from Im Z up to the common R0, and compare in the lowest decade."""
    squared = weight * weight
    normal = (squared @ table.products_imaginary)[:, table.place[1:, 1:]]
    unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    mean = low / low.sum(axis=1, keepdims=True)
    mean = mean - unit * np.sum(unit * mean, axis=1, keepdims=True)
    right = (mean * weight) @ table.real[:, 1:]
    solution = _solve(normal, right[:, :, None])[:, :, 0]
    of_imaginary = weight * (solution @ table.imaginary[:, 1:].T)
    terms = mean * weight * impedance.real - of_imaginary * weight * impedance.imag
    return _Shift(np.sum(terms, axis=1), mean, of_imaginary)


def _block(table: _Table, low: Bools, impedance: Complexes) -> tuple[Floats, Complexes]:
    """Return figures, shape (N, FIGURES), and residuals of spectra with the same frequencies."""
    size = np.abs(impedance)
    fitted = _robust_fit(table, impedance, size)
    low = low & fitted.good
    good = fitted.good.sum(axis=1)
    noise, own = _noise_profile(fitted)
    shift = _shift(table, impedance, fitted.good / size, low)
    variances = (shift.of_real**2 + shift.of_imaginary**2) * noise**2
    variance = variances.sum(axis=1) + ELEMENT_ERROR**2
    local = np.sum(np.where(own, variances, 0.0), axis=1)
    freedom = MEDIAN_EFFICIENCY * np.maximum(2 * good - table.real.shape[1], 1)
    of_local = DIFFERENCE_EFFICIENCY * 2 * np.minimum(WINDOW, good - 1)
    freedom = variance**2 / ((variance - local) ** 2 / freedom + local**2 / of_local)
    relative = np.where(low, np.abs(fitted.residual / noise) ** 2, 0.0)
    values = 2 * low.sum(axis=1)
    scatter = relative.sum(axis=1) / values
    figures = np.empty((len(impedance), FIGURES))
    figures[:, NOISE] = fitted.noise
    figures[:, SIGNED_MEAN] = in_sigma(shift.shift / np.sqrt(variance), freedom)
    figures[:, SCATTER] = np.sqrt(scatter)
    figures[:, SCATTER_SIGMA] = ratio_in_sigma(scatter, values, freedom)
    figures[:, AICC] = _aicc(fitted.squares, 2 * good, table.real.shape[1] + 1)
    return figures, fitted.residual


def in_sigma(t: Floats, freedom: Floats) -> Floats:
    """Turn Student's t into the normal deviate that is as improbable (Wallace 1959)."""
    size = (8 * freedom + 1) / (8 * freedom + 3) * np.sqrt(freedom * np.log1p(t * t / freedom))
    return np.asarray(np.copysign(size, t))


def ratio_in_sigma(ratio: Floats, freedom: Floats, of_divisor: Floats) -> Floats:
    """Turn a ratio of variances into the normal deviate that is as improbable (Paulson 1942)."""
    a, b, root = 2 / (9 * freedom), 2 / (9 * of_divisor), np.cbrt(ratio)
    return np.asarray(((1 - b) * root - (1 - a)) / np.sqrt(a + b * root * root))


def _aicc(squares: Floats, data: Integers, coefficients: int) -> Floats:
    correction = data / np.maximum(data - coefficients - 1, 1)
    return np.asarray(data * np.log(squares / data) + 2 * coefficients * correction)


def _open_ends(impedance: Complexes, count: Integers) -> Integers:
    """Return 1 where most of the three lowest points have not come back to the real axis."""
    rows = np.arange(len(impedance))
    lowest = np.stack([impedance[rows, np.maximum(count - k, 0)] for k in (1, 2, 3)])
    off = np.abs(lowest.imag) > OPEN_END * np.abs(lowest)
    return (off.sum(axis=0) >= 2).astype(np.int64)


def _elements(frequency: Floats, count: Integers, beyond: Integers, per_decade: float) -> Integers:
    """Return how many relaxation times span each band, 0 where it cannot be judged, shape (N,)."""
    last = frequency[np.arange(len(count)) if len(frequency) > 1 else 0, np.maximum(count, 1) - 1]
    decades = np.log10(frequency[:, 0] / last)
    room = np.floor(MOST_ELEMENTS * count) - 2 - 2 * beyond
    chosen = np.minimum(np.ceil(per_decade * decades) + 1, room)
    enough = (count >= FEWEST_POINTS) & (decades >= NARROWEST) & (chosen - 1 >= SPARSEST * decades)
    return np.where(enough, chosen, 0).astype(np.int64)


def _alike(
    frequency: Floats, count: Integers, elements: Integers, beyond: Integers
) -> Iterator[tuple[bytes, int, int, Integers]]:
    """Yield frequencies, elements, those beyond, and the numbers of the spectra that have them."""
    groups: dict[tuple[bytes, int, int], list[int]] = {}
    shared = len(frequency) == 1
    rows: dict[int, bytes] = {}
    for i in np.flatnonzero(elements > 0).tolist():
        points = int(count[i])
        if not shared:
            row = frequency[i, :points].tobytes()
        elif points in rows:
            row = rows[points]
        else:
            row = rows[points] = frequency[0, :points].tobytes()
        groups.setdefault((row, int(elements[i]), int(beyond[i])), []).append(i)
    for (row, number, more), members in groups.items():
        yield row, number, more, np.array(members)


def band_block(
    frequency: Floats,
    impedance: Complexes,
    count: Integers,
    per_decade: float,
    figures: Floats,
    residual: Complexes,
) -> None:
    """Test N spectra; see `analysis.engine.kk_settings`."""
    figures[:] = np.nan
    residual[:] = complex(np.nan, np.nan)
    if impedance.shape[1] < FEWEST_POINTS:
        return
    beyond = _open_ends(impedance, count)
    elements = _elements(frequency, count, beyond, per_decade)
    for row, number, more, members in _alike(frequency, count, elements, beyond):
        table = _table(row, number, more)
        frequencies = np.frombuffer(row)
        n = len(frequencies)
        low = frequencies < LOWEST_DECADE * frequencies[-1]
        for start in range(0, len(members), BLOCK):
            chosen = members[start : start + BLOCK]
            figures[chosen], found = _block(table, low, impedance[chosen, :n])
            if len(residual):
                residual[chosen, :n] = found
