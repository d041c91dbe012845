"""The numbers a fit is read for, with standard errors from the covariance."""

import numpy as np

from analysis.circuit import (
    ALPHA_GB,
    FREE,
    LN_R_BULK,
    LN_R_GB,
    LN_R_INT,
    LN_TAU_BULK,
    LN_TAU_GB,
    LN_TAU_INT,
    LOGIT_ALPHA,
    MICROHENRY,
    L,
    alpha_of,
    alpha_slope,
    logit_of,
)
from core.records import Fit, Floats, Value

INTERFACE_QUANTITIES = ("R_int", "tau_int", "alpha_int", "Q_int", "C_int", "C_int_brug")
QUANTITIES = (
    "R_bulk",
    "tau_bulk",
    "R_gb",
    "tau_gb",
    "alpha_gb",
    "R_electrolyte",
    *INTERFACE_QUANTITIES,
    "L",
    "drift_int",
    "drift_tau",
)
"""Every fit reports these; nan where they are not known. SI and absolute; `drift_int` is d ln R_int/dt
and `drift_tau` d ln τ_int/dt, as the model used them."""

UNKNOWN = Value(float("nan"), float("nan"))


def quantities(theta: Floats, covariance: Floats) -> dict[str, Value]:
    """Return the parameters and what follows from them.

    C_int is τ/R, which is (R^(1−α) Q)^(1/α) (Hsu and Mansfeld 2001). C_int_brug is
    Q^(1/α) (1/R_e + 1/R)^((α−1)/α) = C_int (1 + R/R_e)^(−(1−α)/α) with R_e = R_bulk + R_gb
    (Brug et al. 1984). R_electrolyte is R_bulk + R_gb, which stays meaningful where only their
    sum can be seen.

    Parameters
    ----------
    theta : ndarray, shape (8,)
        In the order of `FREE`.
    covariance : ndarray, shape (8, 8)
    """
    result = {
        name: _exponential(theta, covariance, {position: 1.0})
        for name, position in (
            ("R_bulk", LN_R_BULK),
            ("tau_bulk", LN_TAU_BULK),
            ("R_gb", LN_R_GB),
            ("tau_gb", LN_TAU_GB),
            ("R_int", LN_R_INT),
            ("tau_int", LN_TAU_INT),
        )
    }
    alpha = alpha_of(theta[LOGIT_ALPHA])
    per_logit = alpha_slope(alpha)
    result["alpha_gb"] = Value(ALPHA_GB, 0.0)
    result["alpha_int"] = Value(alpha, per_logit * float(np.sqrt(covariance[LOGIT_ALPHA, LOGIT_ALPHA])))
    result["L"] = Value(float(theta[L]) * MICROHENRY, float(np.sqrt(covariance[L, L])) * MICROHENRY)
    result["C_int"] = _exponential(theta, covariance, {LN_TAU_INT: 1.0, LN_R_INT: -1.0})
    result["Q_int"] = _value(
        float(np.exp(alpha * theta[LN_TAU_INT] - theta[LN_R_INT])),
        covariance,
        {LN_TAU_INT: alpha, LN_R_INT: -1.0, LOGIT_ALPHA: per_logit * theta[LN_TAU_INT]},
    )
    bulk, gb = result["R_bulk"].value, result["R_gb"].value
    electrolyte = bulk + gb
    result["R_electrolyte"] = _value(
        electrolyte, covariance, {LN_R_BULK: bulk / electrolyte, LN_R_GB: gb / electrolyte}
    )
    result["C_int_brug"] = _brug(result, covariance, per_logit)
    return result


def _brug(known: dict[str, Value], covariance: Floats, per_logit: float) -> Value:
    alpha, electrolyte = known["alpha_int"].value, known["R_electrolyte"].value
    ratio = known["R_int"].value / electrolyte
    power = (1 - alpha) / alpha
    pull = power * ratio / (1 + ratio)
    return _value(
        known["C_int"].value * float((1 + ratio) ** -power),
        covariance,
        {
            LN_TAU_INT: 1.0,
            LN_R_INT: -1.0 - pull,
            LN_R_BULK: pull * known["R_bulk"].value / electrolyte,
            LN_R_GB: pull * known["R_gb"].value / electrolyte,
            LOGIT_ALPHA: per_logit * float(np.log1p(ratio)) / alpha**2,
        },
    )


def _exponential(theta: Floats, covariance: Floats, gradient: dict[int, float]) -> Value:
    logarithm = sum(factor * float(theta[position]) for position, factor in gradient.items())
    return _value(float(np.exp(logarithm)), covariance, gradient)


def _value(value: float, covariance: Floats, gradient: dict[int, float]) -> Value:
    """Return a positive quantity whose logarithm has the given gradient."""
    row = np.zeros(len(FREE))
    for position, factor in gradient.items():
        row[position] = factor
    return Value(value, value * float(np.sqrt(row @ covariance @ row)))


def unknown() -> dict[str, Value]:
    """Return all quantities as not known."""
    return dict.fromkeys(QUANTITIES, UNKNOWN)


def parameters_of(fit: Fit) -> Floats | None:
    """Return the parameter vector of an earlier fit, shape (8,), or None if it is not complete."""
    names = ("R_bulk", "tau_bulk", "R_gb", "tau_gb", "R_int", "tau_int")
    needed = [fit.parameters.get(name, UNKNOWN).value for name in (*names, "L", "alpha_int")]
    if not np.all(np.isfinite(needed)) or min(needed[: len(names)]) <= 0:
        return None
    theta = np.empty(len(FREE))
    theta[LN_R_BULK : LN_TAU_INT + 1] = np.log(needed[: len(names)])
    theta[L] = needed[-2] / MICROHENRY
    theta[LOGIT_ALPHA] = logit_of(needed[-1])
    return theta
