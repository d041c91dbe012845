"""What is expected of parameters before a fit, and the rows of least squares that say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.circuits.compilation import Law
from analysis.circuits.slots import Scale, Slot, Unit
from analysis.priors import Priors
from core.records import Floats

DECADES = float(np.log(10))

RESISTANCE_SPREAD = 3 * DECADES
"""Of ln R around ln |Z|, for circuits of which nothing is known."""

TIME_SPREAD = 3 * DECADES
"""Of ln τ around the middle of the band: two of them reach decades beyond any band. One number for all
bands, so that spectra of different ranges have priors of the same width."""

TYPICAL_ALPHA, LOGIT_SPREAD = 0.85, 2.0
"""A CPE's exponent, and the spread of its logit."""

SERIES_INDUCTANCE = 100e-6
"""Cables have less inductance than this, H."""

WIDEST_LOGIT = 3.0
"""Spread from which on a prior of a bounded quantity is flat between its bounds."""

INNERMOST = 1e-3


@dataclass(frozen=True)
class Expectation:
    """A normal distribution of a combination of quantities, as the fit handles them.

    Attributes
    ----------
    combination : dict of str to float
    mean, spread : float
        Natural logarithms where quantities are handled as such, otherwise H and α.
    of_logit : bool
        The spread is one of the logit between the bounds instead.
    """

    combination: Mapping[str, float]
    mean: float
    spread: float
    of_logit: bool = False


def of_slots(slots: Sequence[Slot], scale: float, band: tuple[float, float]) -> list[Expectation]:
    """Return wide expectations of quantities of which nothing is known.

    Parameters
    ----------
    slots : sequence of Slot
    scale : float
        Typical |Z| in Ω.
    band : (float, float)
        Lowest and highest frequency in Hz.
    """
    ln_scale = float(np.log(scale))
    ln_omega = float(np.log(2 * np.pi) + 0.5 * np.log(band[0] * band[1]))
    both = float(np.hypot(RESISTANCE_SPREAD, TIME_SPREAD))
    known = {
        Unit.OHM: (ln_scale, RESISTANCE_SPREAD),
        Unit.SECOND: (-ln_omega, TIME_SPREAD),
        Unit.FARAD: (-ln_scale - ln_omega, both),
        Unit.CPE: (-ln_scale - TYPICAL_ALPHA * ln_omega, both),
        Unit.WARBURG: (ln_scale + 0.5 * ln_omega, both),
        Unit.HENRY: (ln_scale - ln_omega, both),
        Unit.NONE: (TYPICAL_ALPHA, LOGIT_SPREAD),
    }
    expectations = []
    for slot in slots:
        mean, spread = known[slot.unit]
        if slot.scale is Scale.LINEAR:
            mean, spread = 0.0, SERIES_INDUCTANCE
        expectations.append(Expectation({slot.name: 1.0}, mean, spread, slot.scale is Scale.EXPONENT))
    return expectations


def of_user(slot: Slot, value: float, spread: float) -> Expectation:
    """Return what a user said about one quantity: relative spreads of what is handled by its logarithm."""
    if slot.scale is Scale.LOGARITHM and slot.unit is Unit.HENRY:
        spread /= value
    return Expectation({slot.name: 1.0}, slot.inside(value), spread)


def rows_of(
    expectations: Sequence[Expectation],
    wide: Sequence[Expectation],
    slots: Sequence[Slot],
    law: Law,
    count: int,
) -> Priors:
    """Return the expectations as rows in θ.

    Held quantities go into the expected value; a combination with a bounded quantity has no linear
    row and is left out.

    Parameters
    ----------
    expectations : sequence of Expectation
    wide : sequence of Expectation
        Of single quantities: used for parameters that the others say nothing about.
    slots : sequence of Slot
    law : Law
        How the slots follow θ.
    count : int
        p, how many parameters are fitted.
    """
    place = {slot.name: number for number, slot in enumerate(slots) if slot.name}
    found = [_row(expectation, place, law, count) for expectation in expectations]
    rows = [pair for pair in found if pair is not None]
    for expectation in wide:
        extra = _row(expectation, place, law, count)
        if extra is not None and not any(np.any(row[extra[0] != 0]) for row, _ in rows):
            rows.append(extra)
    return Priors(np.array([row for row, _ in rows]), np.array([target for _, target in rows]))


def _row(
    expectation: Expectation, place: Mapping[str, int], law: Law, count: int
) -> tuple[Floats, float] | None:
    numbers = [place[name] for name in expectation.combination if name in place]
    if len(numbers) < len(expectation.combination):
        return None
    if any(np.isfinite(law.low[number]) for number in numbers):
        return _bounded_row(expectation, law, numbers[0], count) if len(numbers) == 1 else None
    row, mean = np.zeros(count), expectation.mean
    for number, share in zip(numbers, expectation.combination.values(), strict=True):
        mean -= share * law.offset[number]
        if law.parameter[number] >= 0:
            row[law.parameter[number]] += share * law.factor[number]
    return (row / expectation.spread, mean / expectation.spread) if np.any(row) else None


def _bounded_row(expectation: Expectation, law: Law, number: int, count: int) -> tuple[Floats, float]:
    low, width = law.low[number], law.high[number] - law.low[number]
    share = min(max((expectation.mean - low) / width, INNERMOST), 1 - INNERMOST)
    spread = expectation.spread
    if not expectation.of_logit:
        spread = min(spread / (width * share * (1 - share)), WIDEST_LOGIT)
    row = np.zeros(count)
    row[law.parameter[number]] = 1 / spread
    return row, float(np.log(share / (1 - share))) / spread
