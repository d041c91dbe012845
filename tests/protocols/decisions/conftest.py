import math

import numpy as np
import pytest

from core.records import Fit, KramersKronig, Value
from protocols.decisions import KeptFit


@pytest.fixture(scope="session")
def make():
    """A kept fit of a cell of 700 + 300 Ω of electrolyte; keyword arguments are its parameters."""

    def make(number, time=None, *, flags=(), passed=True, stderrs=None, **parameters):
        usual = {"R_int": 500.0, "R_bulk": 700.0, "R_gb": 300.0, "R_electrolyte": 1000.0, "tau_int": 1e-4}
        errors = {"R_int": 5.0, "R_electrolyte": 1.0} | (stderrs or {})
        found = {name: value for name, value in (usual | parameters).items() if value is not None}
        fit = Fit(
            model="test",
            version=1,
            time=30.0 * number if time is None else time,
            parameters={name: Value(value, errors.get(name, math.nan)) for name, value in found.items()},
            free=("ln R_int",),
            covariance=np.eye(1),
            mask=np.ones(3, bool),
            weights="modulus",
            rms_residual=0.003,
            kramers_kronig=KramersKronig(passed, 0.0 if passed else 9.0, None, "" if passed else "drift"),
            flags=tuple(flags),
        )
        return KeptFit(number, fit)

    return make
