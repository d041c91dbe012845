"""Conclusions as JSON, in the units of the field, which are part of each name."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from analysis.life import Survival
from app.conclusions.concluding import Conclusions
from app.conclusions.facts import MICROAMPERE_CM2, Facts
from app.conclusions.life import Life
from app.conclusions.transitions import Depletion
from core.units import ZERO_CELSIUS

Conversion = tuple[str, float, float]
"""The name in JSON; what a value in SI is multiplied by, and what is then added."""


def _per(name: str, factor: float, *, plus: float = 0.0) -> Conversion:
    return name, factor, plus


def _density(name: str) -> Conversion:
    return f"{name}_uA_cm2", 1 / MICROAMPERE_CM2, 0.0


def _megapascals(name: str) -> Conversion:
    return f"{name}_MPa", 1e-6, 0.0


def _hours(name: str) -> Conversion:
    return f"{name}_h", 1 / 3600, 0.0


def _areal_ohms(name: str) -> Conversion:
    return f"{name}_ohm_cm2", 1e4, 0.0


def _millivolts(name: str) -> Conversion:
    return f"{name}_mV", 1e3, 0.0


def _diffusivity(name: str) -> Conversion:
    return f"{name}_cm2_s", 1e4, 0.0


def _areal_charge(name: str) -> Conversion:
    return f"{name}_mAh_cm2", 1 / 3.6e4, 0.0


EVERYWHERE: dict[str, Conversion] = {
    "density": _density("current_density"),
    "temperature": _per("temperature_C", 1.0, plus=-ZERO_CELSIUS),
    "pressure": _megapascals("pressure"),
    "pressure_error": _megapascals("pressure_error"),
    "forming_pressure": _megapascals("forming_pressure"),
    "drop": _per("concentration_drop_mmol_cm3", 1e-3),
    "drop_name": _per("concentration_drop", 1.0),
    "resistance": _areal_ohms("r_int"),
    "resistance_mean": _areal_ohms("r_int_mean"),
    "resistance_sd": _areal_ohms("r_int_sd"),
    "resistance_end": _areal_ohms("r_int_end"),
    "resistance_end_error": _areal_ohms("r_int_end_error"),
    "start_resistance": _areal_ohms("r_int_start"),
    "ocv_mean": _millivolts("ocv_mean"),
    "ocv_sd": _millivolts("ocv_sd"),
    "measured_ocv": _millivolts("measured_ocv"),
    "predicted_ocv": _millivolts("predicted_ocv"),
    "rms": _millivolts("ocv_rms"),
    "relaxation": _hours("relaxation"),
    "measured_time": _hours("measured_t0"),
    "predicted_time": _hours("predicted_t0"),
    "t0": _hours("t0"),
    "charge": _areal_charge("charge_at_t0"),
    "capacity": _areal_charge("capacity_per_half_cycle"),
    "cumulative_charge": _areal_charge("cumulative_charge"),
    "diffusion": _diffusivity("D"),
    "diffusivity": _diffusivity("D"),
    "diffusivity_error": _diffusivity("D_error"),
    "thickness": _per("thickness_um", 1e6),
    "least_concentration": _per("least_concentration_mmol_cm3", 1e-3),
    "true_energy": _per("true_E_A_eV", 1.0),
}
"""By the name of a field, whichever record it is in."""

IN_RECORD: dict[str, dict[str, Conversion]] = {
    "Depletion": {
        "threshold": _areal_ohms("threshold"),
        "threshold_absolute": _per("threshold_ohm", 1.0),
        "time": _hours("t0"),
        "error": _hours("t0_error"),
        "vanishing": _hours("t0_vanishing"),
        "vanishing_error": _hours("t0_vanishing_error"),
        "true_time": _hours("true_t0"),
        "true_vanishing": _hours("true_t0_vanishing"),
        "contact": _per("c_int_relative_at_t0", 1.0),
        "used": _per("share_of_foil_at_t0", 1.0),
    },
    "SandLine": {
        "slope": _per("slope_per_sqrt_h_per_uA_cm2", 60.0 * MICROAMPERE_CM2),
        "slope_error": _per("slope_error_per_sqrt_h_per_uA_cm2", 60.0 * MICROAMPERE_CM2),
        "intercept": _per("intercept_per_sqrt_h", 60.0),
        "intercept_error": _per("intercept_error_per_sqrt_h", 60.0),
        "diffusion_error": _diffusivity("D_error"),
        "low": _diffusivity("D_low"),
        "high": _diffusivity("D_high"),
        "scatter": _per("scatter_of_t0", 1.0),
    },
    "PointD": {
        "by_vanishing": _diffusivity("D_vanishing"),
        "by_threshold": _diffusivity("D_threshold"),
        "error": _diffusivity("D_error"),
        "bias": _per("bias_of_threshold", 1.0),
        "bound": _per("lower_bound", 1.0),
    },
    "Arrhenius": {
        "energy": _per("E_A_eV", 1.0),
        "stderr": _per("E_A_error_eV", 1.0),
        "low": _per("E_A_low_eV", 1.0),
        "high": _per("E_A_high_eV", 1.0),
        "intercept": _per("intercept_of_ln_SI", 1.0),
    },
    "InterfaceEnergy": {"error": _areal_ohms("r_int_error")},
    "DiffusionEnergy": {"error": _diffusivity("D_error")},
    "StartRow": {"limit": _areal_ohms("r_int_limit")},
    "AlloyModel": {
        "diffusivity_by_time": _diffusivity("D_by_t0"),
        "ocv_by_time": _millivolts("ocv_by_t0"),
    },
    "RofP": {"error": _areal_ohms("r_int_error")},
    "CriticalPressure": {
        "low": _megapascals("low"),
        "high": _megapascals("high"),
        "error": _megapascals("error"),
    },
    "CriticalCurrent": {
        "value": _density("critical_current_density"),
        "held": _density("held"),
        "start": _density("first"),
        "step": _density("step"),
    },
    "UtilisationRow": {
        "time": _hours("time"),
        "total": _per("utilisation_total", 1.0),
        "beta": _per("utilisation_beta", 1.0),
    },
}
"""By the class of a record and the name of a field in it; comes before `EVERYWHERE`."""

LEFT_OUT = {"SandLine": ("drop", "covariance", "spread"), "RofP": ("law",), "PressureRow": ("slope",)}

LIVES = {
    "critical current density": _density(""),
    "cumulative areal capacity": _areal_charge(""),
    "t0": _hours(""),
}


def as_json(conclusions: Conclusions) -> dict[str, Any]:
    """Return conclusions as JSON would hold them; what is not finite or not known is None."""
    parts = {
        name: [_record(each) for each in getattr(conclusions, name)]
        for name in (field.name for field in fields(conclusions))
        if name not in ("facts", "drop", "simulated", "lives")
    }
    return {
        "simulated": conclusions.simulated,
        "concentration_drop": conclusions.drop,
        "runs": [_facts(each) for each in conclusions.facts],
        **parts,
        "lives": [_life(each) for each in conclusions.lives],
    }


def _facts(facts: Facts) -> dict[str, Any]:
    celsius = None if facts.temperature is None else facts.temperature - ZERO_CELSIUS
    return {
        "run": facts.run,
        "cell": facts.cell.name,
        "metal": facts.metal,
        "protocol": facts.protocol,
        "group": facts.group,
        "simulated": facts.simulated,
        "current_density_uA_cm2": _times(facts.density, 1 / MICROAMPERE_CM2),
        "temperature_C": celsius,
        "temperature_spread_K": facts.temperature_spread,
        "pressure_MPa": _times(facts.pressure, 1e-6),
        "pressure_error_MPa": _times(facts.pressure_error, 1e-6),
        "annealed": facts.annealed,
    }


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _record(record: Any) -> dict[str, Any]:
    """Return a record with its values converted, and the records in it."""
    kind, found = type(record).__name__, {}
    for field in fields(record):
        if field.name in LEFT_OUT.get(kind, ()):
            continue
        given = IN_RECORD.get(kind, {}).get(field.name) or EVERYWHERE.get(field.name)
        name, factor, plus = given or (field.name, 1.0, 0.0)
        found[name] = _value(getattr(record, field.name), factor, plus)
    if isinstance(record, Depletion):
        found["watched_h"] = found["t0_h"] if record.censored else None
        found["t0_h"] = None if record.censored else found["t0_h"]
    return found


def _life(life: Life) -> dict[str, Any]:
    """Return a distribution, whose values are in the unit of what is distributed."""
    ending, factor, _ = LIVES.get(life.what, ("", 1.0, 0.0))
    km: Survival = life.km
    return {
        "metal": life.metal,
        "what": life.what,
        "under": life.under,
        "runs": list(life.runs),
        f"values{ending}": _value(life.values, factor, 0.0),
        "censored": list(life.censored),
        f"median{ending}": _value(km.median, factor, 0.0),
        f"median_low{ending}": _value(km.median_low, factor, 0.0),
        f"median_high{ending}": _value(km.median_high, factor, 0.0),
        "cells": km.cells,
        "failed": km.failed,
    }


def _value(value: Any, factor: float, plus: float) -> Any:
    if is_dataclass(value):
        return _record(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_value(each, factor, plus) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _value(each, factor, plus) for key, each in value.items()}
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int) and (factor, plus) == (1.0, 0.0):
        return value
    number = float(value) * factor + plus
    return number if math.isfinite(number) else None
