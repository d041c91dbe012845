"""What looks wrong in a spectrum but cannot be proven: units a thousandfold off, a sign turned round."""

import numpy as np

from core.records import Complexes, Floats

HIGHEST = 1e8
LOWEST_TOP = 100.0
"""Hz: no sweep of a cell goes above the first, and few end below the second."""
LARGEST, SMALLEST = 1e10, 1e-4
"""Ω."""
CABLE = 10e-9
"""H: the inductance of a few millimetres of wire; no cell holder has less."""
CONTRADICTION = -0.5


def doubts(frequency: Floats, impedance: Complexes) -> list[str]:
    """Return what seems wrong with the units of a spectrum, in words.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz.
    impedance : ndarray of complex, shape (n,)
        Ω.
    """
    good = np.isfinite(frequency) & np.isfinite(impedance) & (frequency > 0)
    if not np.any(good):
        return ["no point has both a frequency and an impedance"]
    with np.errstate(over="ignore"):
        f, size = frequency[good], np.abs(impedance[good])
    top = int(np.argmax(f))
    result = []
    if f[top] > HIGHEST:
        result.append(f"frequencies up to {f[top]:.3g} Hz are implausible: is the unit right?")
    if f[top] < LOWEST_TOP:
        result.append(f"no frequency above {f[top]:.3g} Hz is unusual: is the unit right?")
    if np.median(size) > LARGEST or np.max(size) < SMALLEST:
        result.append(f"an impedance of {np.median(size):.3g} Ω is implausible: is the unit right?")
    elif size[top] < 2 * np.pi * f[top] * CABLE:
        result.append(
            f"{size[top]:.3g} Ω at {f[top]:.3g} Hz is less than a centimetre of wire has: is the unit right?"
        )
    return result


def sign_contradicts(frequency: Floats, impedance: Complexes) -> bool:
    """Return whether the imaginary part has the opposite sign of what the real part demands.

    By the Kramers–Kronig relations Im Z is about (π/2) dRe Z/d ln ω (Bode's rule), so the two
    are positively correlated in any impedance; clearly negative means that −Z″ was written.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz.
    impedance : ndarray of complex, shape (n,)
        Ω, the imaginary part with the sign in question.
    """
    good = np.isfinite(frequency) & np.isfinite(impedance) & (frequency > 0)
    f, at = np.unique(frequency[good], return_index=True)
    if len(f) < 5:
        return False
    Z = impedance[good][at]
    with np.errstate(all="ignore"):  # numbers of any size come out of a damaged file
        size = np.maximum(np.abs(Z), np.finfo(float).tiny)
        slope = np.gradient(Z.real, np.log(f)) / size
        imaginary = Z.imag / size
        correlation = np.sum(slope * imaginary) / np.sqrt(np.sum(slope**2) * np.sum(imaginary**2))
    return bool(correlation < CONTRADICTION)
