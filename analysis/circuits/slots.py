"""The quantities of a circuit's elements: their names, units and how each follows what is fitted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from analysis.circuits.network import SLOTS, Element, Kind, Node, Parallel, Series, Zarc

MICROHENRY = 1e-6
"""What an inductance is fitted in, so that it is of the size of the other parameters."""


class Scale(Enum):
    """How a quantity is handled inside the fit."""

    LOGARITHM = "ln"
    LINEAR = ""
    EXPONENT = "logit"


class Unit(Enum):
    """Units of the quantities: as written for people, and as pint reads them."""

    OHM = ("Ω", "ohm")
    HENRY = ("H", "H")
    FARAD = ("F", "F")
    SECOND = ("s", "s")
    CPE = ("F s^(α−1)", "")
    WARBURG = ("Ω s^(−1/2)", "ohm/s**0.5")
    NONE = ("", "")

    @property
    def symbol(self) -> str:
        """Return the unit as people write it."""
        return str(self.value[0])

    @property
    def pint(self) -> str:
        """Return the unit in pint's notation; empty where only a plain number makes sense."""
        return str(self.value[1])


@dataclass(frozen=True)
class Slot:
    """One quantity of one element, and how it follows what is fitted.

    Attributes
    ----------
    name : str
        As people write and read it, e.g. ``"R1"``, ``"CPE1_alpha"``, ``"tau_gb"``.
    scale : Scale
    unit : Unit
    aliases : tuple of str
        Other names that are understood.
    held : float or None
        Its value where it is not fitted, as the fit handles it (a logarithm, H, α).
    low, high : float
        Where finite, it stays between them where it is fitted; as the fit handles it.
    follows : str
        Name of the quantity it is tied to; empty if it is not.
    ratio : float
        What the other one is multiplied with.
    sign : float
        −1 where the engine wants the opposite of what is handled here, see `slots_of`.
    """

    name: str
    scale: Scale
    unit: Unit
    aliases: tuple[str, ...] = ()
    held: float | None = None
    low: float = -np.inf
    high: float = np.inf
    follows: str = ""
    ratio: float = 1.0
    sign: float = 1.0

    @property
    def bounded(self) -> bool:
        """Return whether it stays between two limits."""
        return bool(np.isfinite(self.low))

    @property
    def theta_name(self) -> str:
        """Return the name of the fitted parameter, e.g. ``"ln R1"``; inductances are in µH."""
        if self.scale is Scale.LINEAR and not self.bounded:
            return self.name
        if self.scale is Scale.LOGARITHM and not self.bounded:
            return f"ln {self.name}"
        return f"logit {self.name}"

    def inside(self, value: float) -> float:
        """Return how the fit handles a value in SI."""
        return float(np.log(value)) if self.scale is Scale.LOGARITHM else float(value)

    def outside(self, handled: float) -> float:
        """Return the value in SI of what the fit handles."""
        return float(np.exp(handled)) if self.scale is Scale.LOGARITHM else float(handled)


ALPHA_LOW, ALPHA_HIGH = 0.3, 1.0
"""CPE exponents stay between these unless the circuit or the user says otherwise."""

_UNITS = {"R": Unit.OHM, "L": Unit.HENRY, "C": Unit.FARAD, "Q": Unit.CPE, "tau": Unit.SECOND}


def leaves(node: Node) -> Iterator[Element | Zarc]:
    """Yield elements and ZARCs from left to right."""
    if isinstance(node, Series | Parallel):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def series_leaves(node: Node) -> tuple[Element | Zarc, ...]:
    """Return the elements and ZARCs that are in series with everything else."""
    parts = node.parts if isinstance(node, Series) else (node,)
    return tuple(part for part in parts if isinstance(part, Element | Zarc))


def kind_of(leaf: Element | Zarc) -> Kind:
    """Return the kind of an element or of the ZARC that a pair was fused into."""
    return Kind.ZARC if isinstance(leaf, Zarc) else leaf.kind


def slots_of(leaf: Element | Zarc, in_series: bool) -> tuple[Slot, ...]:
    """Return the slots of an element in the order of `SLOTS`, not yet restricted.

    An inductor that is not simply in series with all else (an inductive loop) can have any size and
    is positive, so it is handled by its logarithm; to the engine it is a CPE with α = −1 and Q = 1/L.

    Parameters
    ----------
    leaf : Element or Zarc
    in_series : bool
        Whether it is in series with everything else.
    """
    if isinstance(leaf, Zarc):
        return _zarc_slots(leaf)
    if leaf.kind is Kind.INDUCTOR and not in_series:
        return (
            Slot(leaf.name, Scale.LOGARITHM, Unit.HENRY, sign=-1.0),
            Slot("", Scale.EXPONENT, Unit.NONE, held=-1.0),
        )
    if leaf.kind is Kind.INDUCTOR:
        return (Slot(leaf.name, Scale.LINEAR, Unit.HENRY),)
    if leaf.kind is Kind.WARBURG:
        return (Slot(leaf.name, Scale.LOGARITHM, Unit.WARBURG),)
    symbols = SLOTS[leaf.kind]
    if len(symbols) == 1:
        return (Slot(leaf.name, Scale.LOGARITHM, _UNITS[symbols[0]]),)
    return tuple(_slot(f"{leaf.name}_{symbol}", symbol) for symbol in symbols)


def engine_kind(leaf: Element | Zarc, in_series: bool) -> Kind:
    """Return what the engine evaluates for an element, see `slots_of`."""
    kind = kind_of(leaf)
    return Kind.CPE if kind is Kind.INDUCTOR and not in_series else kind


def suffix_of(resistor: str) -> str:
    """Return what follows the R: the tau of ``R1`` is ``tau1``, that of ``R_gb`` is ``tau_gb``."""
    return resistor[1:]


def _zarc_slots(arc: Zarc) -> tuple[Slot, ...]:
    suffix = suffix_of(arc.resistor)
    exponent = _slot(f"{arc.capacitor}_alpha", "alpha")
    exponent = replace(exponent, aliases=(f"alpha{suffix}",))
    if arc.ideal:
        exponent = Slot("", Scale.EXPONENT, Unit.NONE, held=1.0)
    return (_slot(arc.resistor, "R"), _slot(f"tau{suffix}", "tau"), exponent)


def _slot(name: str, symbol: str) -> Slot:
    if symbol == "alpha":
        return Slot(name, Scale.EXPONENT, Unit.NONE, low=ALPHA_LOW, high=ALPHA_HIGH)
    return Slot(name, Scale.LOGARITHM, _UNITS[symbol])
