"""The circuit of a solid electrolyte with one interface, with analytic derivatives.

    Z = jωL + R_bulk/(1 + jωτ_bulk) + R_gb/(1 + (jωτ_gb)^0.9) + R_int/(1 + (jωτ_int)^α_int)

Time constants instead of capacitances keep the parameters apart, and logarithms make them of
one size: LLZO's bulk capacitance is 10 pF, where optimisers with linear parameters lose their way.
"""

from typing import NamedTuple

import numpy as np

from core.records import Complexes, Floats

MODEL = "L-RC-RQ-RQ"
"""Name of the circuit in the records: inductance, bulk, grain boundary, interface."""

ALPHA_GB = 0.9
"""CPE exponent of the grain boundary, held: it cannot be told from R_int when R_int is small."""

ALPHA_MIN, ALPHA_MAX = 0.5, 1.0
"""The CPE exponent of the interface stays between these."""

FREE = (
    "L",
    "ln R_bulk",
    "ln tau_bulk",
    "ln R_gb",
    "ln tau_gb",
    "ln R_int",
    "ln tau_int",
    "logit alpha_int",
)
"""Fitted quantities in the order of the parameter vector; L in µH inside the vector."""

L, LN_R_BULK, LN_TAU_BULK, LN_R_GB, LN_TAU_GB, LN_R_INT, LN_TAU_INT, LOGIT_ALPHA = range(len(FREE))

MICROHENRY = 1e-6


class Slope(NamedTuple):
    """How fast ln R_int and ln τ_int change during the sweep, in 1/s."""

    ln_r: float = 0.0
    ln_tau: float = 0.0


STEADY = Slope()


def alpha_of(logit: float) -> float:
    """Return the CPE exponent α for its unbounded transform."""
    return float(ALPHA_MIN + (ALPHA_MAX - ALPHA_MIN) / (1 + np.exp(-logit)))


def logit_of(alpha: float) -> float:
    """Return the unbounded transform of a CPE exponent between ALPHA_MIN and ALPHA_MAX."""
    share = (alpha - ALPHA_MIN) / (ALPHA_MAX - ALPHA_MIN)
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def alpha_slope(alpha: float) -> float:
    """Return dα/d(logit) at α."""
    return (alpha - ALPHA_MIN) * (ALPHA_MAX - alpha) / (ALPHA_MAX - ALPHA_MIN)


class ThreeArcs:
    """The circuit at given frequencies, for one sweep.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz.
    delay : ndarray, shape (n,), optional
        Seconds from the middle of the sweep to each point, needed with `slope`.
    slope : Slope
        Known drift of the interface during the sweep. The fitted parameters then belong to the
        middle of the sweep, although every point saw another R_int.
    """

    def __init__(self, frequency: Floats, delay: Floats | None = None, slope: Slope = STEADY) -> None:
        omega = 2 * np.pi * frequency
        self._inductor = 1j * omega * MICROHENRY
        self._j_omega = 1j * omega
        self._gb_table = self._j_omega**ALPHA_GB
        self._log_j_omega = np.log(omega) + 0.5j * np.pi
        self._growth: Floats | float = 1.0
        if delay is not None and slope != STEADY:
            self._growth = np.exp(slope.ln_r * delay)
            self._log_j_omega = self._log_j_omega + slope.ln_tau * delay

    def evaluate(self, theta: Floats) -> tuple[Complexes, Complexes]:
        """Return the impedance, shape (n,), and its derivatives, shape (8, n), in the order of `FREE`."""
        derivative = np.empty((len(FREE), len(self._j_omega)), dtype=complex)
        exponentials = np.exp(theta[LN_R_BULK : LN_TAU_INT + 1])
        r_bulk, tau_bulk, r_gb, tau_gb, r_int, _ = exponentials
        derivative[L] = self._inductor

        share = 1 / (1 + self._j_omega * tau_bulk)
        derivative[LN_R_BULK] = r_bulk * share
        derivative[LN_TAU_BULK] = derivative[LN_R_BULK] * (share - 1)

        share = 1 / (1 + self._gb_table * tau_gb**ALPHA_GB)
        derivative[LN_R_GB] = r_gb * share
        derivative[LN_TAU_GB] = (ALPHA_GB * derivative[LN_R_GB]) * (share - 1)

        alpha = alpha_of(theta[LOGIT_ALPHA])
        log_x = self._log_j_omega + theta[LN_TAU_INT]
        share = 1 / (1 + np.exp(alpha * log_x))
        derivative[LN_R_INT] = (r_int * self._growth) * share
        bent = derivative[LN_R_INT] * (share - 1)
        derivative[LN_TAU_INT] = alpha * bent
        derivative[LOGIT_ALPHA] = alpha_slope(alpha) * (bent * log_x)

        impedance = (
            theta[L] * self._inductor + derivative[LN_R_BULK] + derivative[LN_R_GB] + derivative[LN_R_INT]
        )
        return impedance, derivative
