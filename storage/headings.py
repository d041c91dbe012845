"""Headings of tables for people: a quantity, a stroke and its unit, as in ``"R_int / Ω cm²"``."""

import re

STROKE = " / "

READING_UNITS = {"E": "V", "I": "A", "Q": "C", "F": "N", "T": "K", "T_set": "K"}
"""Of the quantities of readings; one that is not here has a heading without unit."""

TRUTH_UNITS = {
    "U": "V", "voltage": "V", "current": "A", "current_through": "A", "charge": "C", "T": "K",
    "pressure": "Pa", "q": "C/m²", "q_CE": "C/m²", "j_loc": "A/m²", "j_loc_CE": "A/m²",
}  # fmt: skip
"""Of the true values besides resistances and capacitances; states of the model are as it keeps them."""

_BESIDE_FITS = {
    "T": "K", "p": "Pa", "E": "V", "I": "A", "E_ac": "V", "f_min": "Hz", "duration": "s",
    "amplitude": "V (PEIS) or A (GEIS)",
}  # fmt: skip
"""Units of what was measured along with a sweep and is kept with its fit."""

_ENDINGS = re.compile(r"(_upper|_low|_high)$")
_PARAMETERS = (
    (re.compile(r"alpha\w*|\w+_alpha"), ""),
    (re.compile(r"drift\w*"), "1/s"),
    (re.compile(r"Q_\w+|\w+_Q"), "F s^(α−1)"),
    (re.compile(r"tau\w*|\w+_tau"), "s"),
    (re.compile(r"R\w*|\w+_R"), "Ω"),
    (re.compile(r"W\w*"), "Ω s^(−1/2)"),
    (re.compile(r"C\w*|\w+_C"), "F"),
    (re.compile(r"L\w*"), "H"),
)
"""Units of what circuits are made of, by the names that fits give them; the first that matches counts."""


def heading(quantity: str, unit: str) -> str:
    """Return the heading of a column; that of a number without unit is its name."""
    return f"{quantity}{STROKE}{unit}" if unit else quantity


def unit_in(heading: str) -> str:
    """Return the unit that a heading names; empty if it names none."""
    return heading.partition(STROKE)[2]


def fit_unit(name: str) -> str:
    """Return the unit, SI and absolute, of a parameter of a fit; empty where it has none."""
    if name in _BESIDE_FITS:
        return _BESIDE_FITS[name]
    name = _ENDINGS.sub("", name)
    return next((unit for pattern, unit in _PARAMETERS if pattern.fullmatch(name)), "")


def truth_unit(name: str) -> str:
    """Return the unit, SI and absolute, of a true value; empty for states of the model."""
    if name in TRUTH_UNITS:
        return TRUTH_UNITS[name]
    return {"R_": "Ω", "C_": "F"}.get(name[:2], "")
