"""SciPy's least_squares (MINPACK) with logarithms of the parameters and analytic derivatives."""

import numpy as np
import scipy
from scipy.optimize import least_squares
from worker import pin, run


def fit_one(circuit, impedance, start):
    """Return the fitted values."""
    weight = 1 / np.abs(impedance)

    def values(theta):
        return [*np.exp(theta[:-1]), theta[-1]]

    def residual(theta):
        off = (circuit.impedance(values(theta)) - impedance) * weight
        return np.concatenate([off.real, off.imag])

    def jacobian(theta):
        slope = circuit.derivatives(values(theta)) * weight
        return np.concatenate([slope.real, slope.imag], axis=1).T

    begin = np.array([*np.log(start[:-1]), start[-1]])
    return values(least_squares(residual, begin, jac=jacobian, method="lm").x)


if __name__ == "__main__":
    pin()
    run(fit_one, f"scipy {scipy.__version__}")
