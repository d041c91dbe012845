"""Impedance of one circuit at many sets of parameters at once, without derivatives: for searches."""

import numpy as np

from analysis.circuits.network import Kind
from analysis.engine.interpreted import DEEP, HALF_PI, LARGEST_EXPONENT, LARGEST_LOGARITHM, SHALLOW
from analysis.engine.program import Program
from core.records import Complexes, Floats


def impedances(program: Program, omega: Floats, theta: Floats) -> Complexes:
    """Return the impedance at each set of parameters.

    Parameters
    ----------
    program : Program
    omega : ndarray, shape (n,)
        Angular frequency, rad/s.
    theta : ndarray, shape (B, p)

    Returns
    -------
    ndarray of complex, shape (B, n)
        Ω.
    """
    slots = slot_values(program, theta)
    found: list[Complexes] = []
    for kind, first, count in program.nodes.tolist():
        if kind in (Kind.SERIES, Kind.PARALLEL):
            parts = [found[part] for part in program.children[first : first + count]]
            if kind == Kind.SERIES:
                found.append(np.sum(parts, axis=0))
            else:
                found.append(1 / np.sum([1 / part for part in parts], axis=0))
        else:
            found.append(element(Kind(kind), omega, slots[:, first : first + count]))
    return found[-1]


def slot_values(program: Program, theta: Floats) -> Floats:
    """Return the slots, shape (B, s), at θ of shape (B, p)."""
    own = np.where(program.slot_parameter >= 0, theta[:, program.slot_parameter], 0.0)
    value = program.slot_offset + program.slot_factor * own
    bounded = np.isfinite(program.slot_low) & np.isfinite(program.slot_high)
    bounded &= program.slot_parameter >= 0
    low, high = program.slot_low[bounded], program.slot_high[bounded]
    share = 1 / (1 + np.exp(np.minimum(-own[:, bounded], LARGEST_LOGARITHM)))
    value[:, bounded] = low + (high - low) * share
    return np.asarray(value)


def element(kind: Kind, omega: Floats, slots: Floats) -> Complexes:
    """Return the impedance of one element for many values of its slots.

    Parameters
    ----------
    kind : Kind
    omega : ndarray, shape (n,)
    slots : ndarray, shape (B, slots of the element)

    Returns
    -------
    ndarray of complex, shape (B, n)
    """
    first = slots[:, :1]
    if kind is Kind.INDUCTOR:
        return first * (1j * omega)
    logarithm = np.clip(first, -LARGEST_LOGARITHM, LARGEST_LOGARITHM)
    if kind is Kind.RESISTOR:
        return np.broadcast_to(np.exp(logarithm).astype(complex), (len(slots), len(omega)))
    if kind is Kind.CAPACITOR:
        return np.exp(-logarithm) / (1j * omega)
    if kind is Kind.WARBURG:
        return np.exp(logarithm) * ((1 - 1j) / np.sqrt(omega))
    if kind is Kind.CPE:
        alpha = slots[:, 1:2]
        return np.exp(-logarithm - alpha * np.log(omega)) * np.exp(-1j * HALF_PI * alpha)
    return np.exp(logarithm) * _timed(kind, omega, slots)


def _timed(kind: Kind, omega: Floats, slots: Floats) -> Complexes:
    """Return the shape of an element with R and τ, for R = 1."""
    ln_tau = np.clip(slots[:, 1:2], -LARGEST_LOGARITHM, LARGEST_LOGARITHM)
    if kind is Kind.ZARC:
        alpha = slots[:, 2:3]
        size = np.exp(np.minimum(alpha * (np.log(omega) + ln_tau), LARGEST_EXPONENT))
        return 1 / (1 + size * np.exp(1j * HALF_PI * alpha))
    if kind is Kind.GERISCHER:
        inner: Complexes = 1j * np.exp(ln_tau) * omega
        return np.asarray(1 / np.sqrt(1 + inner))
    part = np.maximum(np.sqrt(0.5 * np.exp(ln_tau) * omega), SHALLOW)
    tangent = np.tanh(np.minimum(part, DEEP) * (1 + 1j))
    return (tangent if kind is Kind.WARBURG_SHORT else 1 / tangent) / (part * (1 + 1j))
