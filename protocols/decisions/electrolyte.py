"""What the electrolyte alone shows, as the last fits saw it."""

import math
from dataclasses import dataclass

from analysis.circuits.llzo import BULK_ACTIVATION_ENERGY, GB_ACTIVATION_ENERGY, LN_GB_TO_BULK
from analysis.normalise import to_reference_temperature
from core.records import Fit
from protocols.decisions.kept_fit import KeptFit, number


@dataclass(frozen=True)
class Electrolyte:
    """R_bulk + R_gb of a fit, and what it would be at another temperature.

    Attributes
    ----------
    fit : int
        Id of the fit.
    bulk, gb : float
        In Ω.
    temperature : float or None
        In K.
    """

    fit: int
    bulk: float
    gb: float
    temperature: float | None

    @property
    def resistance(self) -> float:
        """R_bulk + R_gb in Ω."""
        return self.bulk + self.gb

    def at(self, temperature: float | None) -> float:
        """Return R_bulk + R_gb in Ω at another temperature; as it was, where none is measured.

        Bulk and grain boundary follow the activation energies of LLZO.
        """
        if temperature is None or self.temperature is None or temperature == self.temperature:
            return self.resistance
        parts = ((self.bulk, BULK_ACTIVATION_ENERGY), (self.gb, GB_ACTIVATION_ENERGY))
        return math.fsum(
            to_reference_temperature(each, self.temperature, energy, temperature) for each, energy in parts
        )


def electrolyte_of(kept: KeptFit) -> Electrolyte:
    """Return the electrolyte of a fit; where it does not tell bulk and grain boundary apart, as in LLZO."""
    fit = kept.fit
    whole = fit["R_electrolyte"]
    share = _share_of_boundary(fit)
    return Electrolyte(kept.id, whole * (1 - share), whole * share, number(fit, "T"))


def _share_of_boundary(fit: Fit) -> float:
    bulk, gb = number(fit, "R_bulk"), number(fit, "R_gb")
    if bulk is None or gb is None or not (bulk > 0 and gb > 0):
        return 1 / (1 + math.exp(-LN_GB_TO_BULK))
    return gb / (bulk + gb)
