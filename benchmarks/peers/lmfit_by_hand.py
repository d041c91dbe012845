"""lmfit with logarithms of the parameters, modulus weights and MINPACK's leastsq."""

import lmfit
import numpy as np
from worker import NAMES, pin, run


def fit_one(circuit, impedance, start):
    """Return the fitted values."""
    parameters = lmfit.Parameters()
    for name, value in zip(NAMES[:-1], start[:-1], strict=True):
        parameters.add(name, value=np.log(value))
    parameters.add(NAMES[-1], value=start[-1])
    weight = 1 / np.abs(impedance)

    def residual(current):
        theta = [parameter.value for parameter in current.values()]
        off = (circuit.impedance((*np.exp(theta[:-1]), theta[-1])) - impedance) * weight
        return off.view(float)

    found = lmfit.minimize(residual, parameters, method="leastsq").params.valuesdict()
    return [*np.exp([found[name] for name in NAMES[:-1]]), found[NAMES[-1]]]


if __name__ == "__main__":
    pin()
    run(fit_one, f"lmfit {lmfit.__version__}")
