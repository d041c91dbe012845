"""impedance.py used with care: modulus weights, and the frequency in MHz.

In hertz its optimiser moves the bulk capacitance of a solid electrolyte, 10 pF, to the bound that it
keeps 1e-10 away from zero; in megahertz the same number is of the order of 1e-5.
"""

import impedance as package
import numpy as np
from impedance.models.circuits import CustomCircuit
from worker import pin, run

MEGA = 1e6


def fit_one(circuit, impedance, start):
    """Return the fitted values."""
    R_b, C_b, R_g, Q_g, R_i, Q_i, alpha = start
    model = CustomCircuit(
        "L0-p(R0,C0)-p(R1,CPE1)-p(R2,CPE2)",
        initial_guess=[
            R_b,
            C_b * MEGA,
            R_g,
            Q_g * MEGA**circuit.alpha_gb,
            R_i,
            Q_i * MEGA**alpha,
            min(alpha, 0.999),
        ],
        constants={"L0": circuit.inductance * MEGA, "CPE1_1": circuit.alpha_gb},
    )
    model.fit(circuit.frequency / MEGA, impedance, weight_by_modulus=True)
    R_b, C_b, R_g, Q_g, R_i, Q_i, alpha = model.parameters_
    return np.array([R_b, C_b / MEGA, R_g, Q_g / MEGA**circuit.alpha_gb, R_i, Q_i / MEGA**alpha, alpha])


if __name__ == "__main__":
    pin()
    run(fit_one, f"impedance {package.__version__}")
