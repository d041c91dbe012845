"""A fit that is kept, and which fits a conclusion may rest on."""

import math
from dataclasses import dataclass

from core.records import Fit

UNUSABLE = frozenset({"below resolution", "poor fit", "few points", "no fit", "not identifiable"})
"""Flags of fits that no conclusion is drawn from."""

ELECTROLYTE_UNUSABLE = frozenset({"poor fit", "few points", "no fit"})
"""A fit that sees no interface arc still sees the electrolyte, a short circuit above all."""

MEASURED = frozenset({"T", "p", "E", "I", "E_ac", "Re_low"})
"""What was measured beside a spectrum, in SI: no fit can spoil it."""


@dataclass(frozen=True)
class KeptFit:
    """A fit with the identifier it has in the journal."""

    id: int
    fit: Fit


def number(fit: Fit, name: str) -> float | None:
    """Return a quantity of a fit; None where the fit does not have it, or it is no number."""
    found = fit.parameters.get(name)
    return found.value if found is not None and math.isfinite(found.value) else None


def stderr(fit: Fit, name: str) -> float:
    """Return the standard error of a quantity of a fit; nan where it is not known."""
    found = fit.parameters.get(name)
    return math.nan if found is None else found.stderr


def usable(fit: Fit, name: str = "R_int") -> bool:
    """Whether a conclusion about `name` may rest on this fit.

    A fit with masked low frequencies counts as long as the apex of the interface arc lies within
    the frequencies used, and drift alone is no veto. What was measured beside the spectrum
    (`MEASURED`) has only to be there.
    """
    value = number(fit, name)
    if value is None:
        return False
    if name in MEASURED:
        return True
    if value <= 0:
        return False
    if name == "R_electrolyte":
        return not ELECTROLYTE_UNUSABLE.intersection(fit.flags)
    return not UNUSABLE.intersection(fit.flags) and "truncated arc" not in fit.flags
