"""What a fit is read for: quantities of a circuit with standard errors, for many fits at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from core.records import Floats


class Gradient(NamedTuple):
    """Derivatives of one quantity with respect to slots: which, and shape (N,) or a number each."""

    slots: Sequence[int]
    slopes: "Sequence[Floats | float]"


class Formula(Protocol):
    """A quantity as a function of the slots."""

    def evaluate(self, slots: Floats) -> tuple[Floats, Gradient]:
        """Return values, shape (N,), and gradients, for slots of shape (N, s)."""


@dataclass(frozen=True)
class AsItIs:
    """A quantity that is a slot itself: α, or an inductance in series."""

    slot: int


@dataclass(frozen=True)
class Product:
    """A product of powers of quantities that are handled by their logarithms."""

    slots: tuple[int, ...]
    powers: tuple[float, ...] = (1.0,)


@dataclass(frozen=True)
class Total:
    """A sum of quantities that are handled by their logarithms."""

    slots: tuple[int, ...]

    def evaluate(self, slots: Floats) -> tuple[Floats, Gradient]:
        """Return Σ exp(slot)."""
        parts = [np.exp(slots[:, slot]) for slot in self.slots]
        return np.add.reduce(parts), Gradient(self.slots, parts)


@dataclass(frozen=True)
class ArcSlots:
    """Where ln R, ln τ and α of an arc are found."""

    ln_r: int
    ln_tau: int
    alpha: int


@dataclass(frozen=True)
class ArcCharge:
    """Q = τ^α/R of an arc, F s^(α−1)."""

    arc: ArcSlots

    def evaluate(self, slots: Floats) -> tuple[Floats, Gradient]:
        """Return Q."""
        ln_tau, alpha = slots[:, self.arc.ln_tau], slots[:, self.arc.alpha]
        value = np.exp(alpha * ln_tau - slots[:, self.arc.ln_r])
        where = (self.arc.ln_tau, self.arc.ln_r, self.arc.alpha)
        return value, Gradient(where, (alpha * value, -value, ln_tau * value))


@dataclass(frozen=True)
class BrugCapacitance:
    """C = Q^(1/α) (1/R_e + 1/R)^((α−1)/α) = (τ/R)(1 + R/R_e)^(−(1−α)/α) (Brug et al. 1984).

    R_e is the sum of the resistances in `electrolyte`.
    """

    arc: ArcSlots
    electrolyte: tuple[int, ...]

    def evaluate(self, slots: Floats) -> tuple[Floats, Gradient]:
        """Return C."""
        arc = self.arc
        ln_r, alpha = slots[:, arc.ln_r], slots[:, arc.alpha]
        parts = [np.exp(slots[:, slot]) for slot in self.electrolyte]
        electrolyte = np.add.reduce(parts)
        ratio = np.exp(ln_r) / electrolyte
        power = (1 - alpha) / alpha
        value = np.exp(slots[:, arc.ln_tau] - ln_r - power * np.log1p(ratio))
        pull = power * ratio / (1 + ratio) * value
        where = (arc.ln_tau, arc.ln_r, arc.alpha, *self.electrolyte)
        shares = [pull * part / electrolyte for part in parts]
        return value, Gradient(where, (value, -value - pull, value * np.log1p(ratio) / alpha**2, *shares))


AnyFormula = AsItIs | Product | Formula


class Reported:
    """The quantities of a circuit, prepared for evaluation.

    Parameters
    ----------
    formulas : sequence, length q
    scatter : ndarray, shape (s, p)
        1 where a slot follows a θ.
    """

    def __init__(self, formulas: Sequence[AnyFormula], scatter: Floats) -> None:
        self._scatter = scatter
        self._powers = np.zeros((len(formulas), len(scatter)))
        self._as_it_is: list[int] = []
        self._others: list[tuple[int, Formula]] = []
        for number, formula in enumerate(formulas):
            if isinstance(formula, AsItIs):
                self._powers[number, formula.slot] = 1.0
                self._as_it_is.append(number)
            elif isinstance(formula, Product):
                self._powers[number, list(formula.slots)] = formula.powers
            else:
                self._others.append((number, formula))

    def evaluate(self, slots: Floats, slopes: Floats, covariance: Floats) -> tuple[Floats, Floats]:
        """Return values and standard errors, shape (N, q) each.

        Parameters
        ----------
        slots, slopes : ndarray, shape (N, s)
            The slots and their derivatives with respect to their own θ.
        covariance : ndarray, shape (N, p, p)
            Of θ.
        """
        sums = slots @ self._powers.T
        values = np.exp(sums)
        values[:, self._as_it_is] = sums[:, self._as_it_is]
        factor = values.copy()
        factor[:, self._as_it_is] = 1.0
        gradient = factor[:, :, None] * self._powers
        for number, formula in self._others:
            values[:, number], found = formula.evaluate(slots)
            for slot, slope in zip(found.slots, found.slopes, strict=True):
                gradient[:, number, slot] += slope
        by_theta = (gradient * slopes[:, None, :]) @ self._scatter
        variance = np.sum((by_theta @ covariance) * by_theta, axis=2)
        return values, np.sqrt(variance)
