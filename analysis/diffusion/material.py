"""What diffuses: a lithium alloy, its limit, its D(x, T), and the frame its concentrations are counted in.

Two frames. In the *fixed* frame the foil keeps its size and lithium leaves a box:
∂c/∂t = ∂/∂ξ(D ∂c/∂ξ), the flux at the interface is i/F, and the interface is depleted at c = c_min.
That is the paper's model. In the *conserving* frame magnesium stays and the foil becomes thinner: the
interface recedes at i V/F and lithium need only diffuse as far as magnesium is in its way,
J = x_Mg i/F. Counted per volume that the foil had at the start, which is counted per magnesium atom, its
content u = c_sites x₀ (1 − x)/x obeys the same equation with another coefficient,

    ∂u/∂t = ∂/∂Y( D(x) (x/x₀)² ∂u/∂Y ),  flux i/F at Y = L,

so that one solver serves both, and magnesium is conserved by construction. Both hold the integral
φ = ∫ D_eff du in closed form, whose differences are the fluxes.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.composition import LEAST_CONCENTRATION, concentration
from analysis.normalise import BOLTZMANN_EV
from core.cell import LITHIUM_FRACTION
from core.errors import BadInput
from core.records import Floats

Frame = Literal["fixed", "conserving"]

FRAMES: tuple[Frame, ...] = ("fixed", "conserving")

REFERENCE = 298.15
"""K; the temperature that a D is given at."""

DIFFUSIVITY = 3e-15
"""m²/s of lithium in the β phase of Li–Mg at 25 °C, by Sand's equation with c₀ − c_min (Krauskopf 2019)."""

ENERGY = 0.57
"""eV, of its activation, as the paper takes it from the literature."""


@dataclass(frozen=True)
class Alloy:
    """A homogeneous alloy of lithium and magnesium in one frame.

    Attributes
    ----------
    start : float
        c₀ in mol/m³ of lithium.
    sites : float
        mol/m³ of lithium and magnesium together, 1/V of the lattice; it does not change.
    least : float
        c_min in mol/m³: where the β phase ends.
    diffusivity : float
        D in m²/s at the starting composition and the temperature looked at.
    frame : str
    steepness : float
        β of D(x) = D exp(−β (x − x₀)), x the share of magnesium; 0 for a constant D.
    """

    start: float
    sites: float
    least: float
    diffusivity: float
    frame: Frame = "fixed"
    steepness: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.diffusivity < math.inf:
            raise BadInput(f"D of {self.diffusivity * 1e4:g} cm²/s is refused;", "it has to be above zero.")
        if not 0 <= self.least < self.start:
            raise BadInput(
                f"c_min of {self.least * 1e-3:g} mmol/cm³ is refused: the alloy starts with "
                f"{self.start * 1e-3:.4g} mmol/cm³;",
                "it has to be between zero and that.",
            )
        if self.frame == "conserving" and not self.magnesium > 0:
            raise BadInput(
                "a metal without magnesium has no frame that conserves it;",
                "take the fixed frame, or an alloy.",
            )

    @property
    def magnesium(self) -> float:
        """The share x₀ of magnesium at the start."""
        return 1 - self.start / self.sites

    @property
    def most_magnesium(self) -> float:
        """The share x at which the β phase ends."""
        return 1 - self.least / self.sites

    @property
    def limit(self) -> float:
        """The content at which the interface is depleted, in mol/m³ as the frame counts it."""
        return float(self.content(np.asarray(self.most_magnesium)))

    @property
    def drop(self) -> float:
        """By how much the content falls until then, mol/m³."""
        return self.start - self.limit

    @property
    def mean_diffusivity(self) -> float:
        """Mean of D_eff over the contents from the limit to the start, m²/s."""
        ends = self.potential(np.array([self.limit, self.start]))
        return float(ends[1] - ends[0]) / self.drop

    @property
    def linear(self) -> bool:
        """Whether D_eff is the same at every composition."""
        return self.frame == "fixed" and not self.steepness

    def with_diffusivity(self, diffusivity: float, steepness: float | None = None) -> "Alloy":
        """Return the alloy with another D in m²/s."""
        return replace(
            self,
            diffusivity=diffusivity,
            steepness=self.steepness if steepness is None else steepness,
        )

    def share(self, content: Floats) -> Floats:
        """Return x, the share of magnesium, from the content in mol/m³; the shapes are the same."""
        if self.frame == "fixed":
            return 1 - content / self.sites
        amount = self.sites * self.magnesium
        return amount / (amount + content)

    def content(self, share: Floats) -> Floats:
        """Return the content in mol/m³ from the share of magnesium."""
        if self.frame == "fixed":
            return self.sites * (1 - share)
        return self.sites * self.magnesium * (1 - share) / share

    def effective(self, content: Floats) -> Floats:
        """Return D_eff in m²/s of the frame's equation."""
        share = self.share(content)
        diffusivity = self.diffusivity * np.exp(-self.steepness * (share - self.magnesium))
        return diffusivity if self.frame == "fixed" else diffusivity * (share / self.magnesium) ** 2

    def potential(self, content: Floats) -> Floats:
        """Return φ = ∫ D_eff du in mol/(m s), 0 at the start. Fluxes are its differences over lengths.

        du is −c_sites dx in the fixed frame and −c_sites x₀/x² dx in the conserving one, where the
        coefficient brings (x/x₀)²: so φ is −∫ D dx in both, times c_sites or c_sites/x₀.
        """
        return -self._scale * self._integral(self.share(content) - self.magnesium)

    def content_at(self, potential: Floats) -> Floats:
        """Return the content in mol/m³ that has a `potential`; the inverse of it."""
        integral = -potential / (self._scale * self.diffusivity)
        if self.steepness:
            # beyond this the exponential law has no more potential to give: it is as good as infinite
            integral = -np.log(np.maximum(1 - self.steepness * integral, 1e-300)) / self.steepness
        return self.content(self.magnesium + integral)

    @property
    def _scale(self) -> float:
        return self.sites if self.frame == "fixed" else self.sites / self.magnesium

    def _integral(self, rise: Floats) -> Floats:
        """∫ D dx from x₀ to x₀ + rise."""
        if not self.steepness:
            return self.diffusivity * rise
        return -self.diffusivity * np.expm1(-self.steepness * rise) / self.steepness


def alloy(
    anode: str,
    diffusivity: float = DIFFUSIVITY,
    frame: Frame = "fixed",
    least: float = LEAST_CONCENTRATION,
    steepness: float = 0.0,
) -> Alloy:
    """Return one of the anodes the bench knows.

    Parameters
    ----------
    anode : str
        One of `core.cell.LITHIUM_FRACTION`.
    diffusivity, least, steepness : float
        See `Alloy`.
    """
    start = concentration(anode)
    return Alloy(start, start / LITHIUM_FRACTION[anode], least, diffusivity, frame, steepness)


def diffusivity_at(
    temperature: float, reference: float = DIFFUSIVITY, energy: float = ENERGY, at: float = REFERENCE
) -> float:
    """Return D(T) = D(T₀) exp(−E_A/k (1/T − 1/T₀)), Eq. 2, in m²/s.

    Parameters
    ----------
    temperature, at : float
        K; T₀ is 25 °C unless it is told otherwise.
    reference : float
        D(T₀) in m²/s.
    energy : float
        eV.
    """
    if not temperature > 0:
        raise BadInput(f"{temperature:g} K is no temperature;", "write one above absolute zero.")
    return reference * math.exp(-energy / BOLTZMANN_EV * (1 / temperature - 1 / at))
