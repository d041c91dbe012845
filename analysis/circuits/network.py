"""A circuit as a tree: elements joined in series and in parallel."""

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What an element is; the numbers are what the engine knows it by."""

    SERIES = 0
    PARALLEL = 1
    RESISTOR = 2
    INDUCTOR = 3
    CAPACITOR = 4
    CPE = 5
    ZARC = 6
    WARBURG = 7
    WARBURG_SHORT = 8
    WARBURG_OPEN = 9
    GERISCHER = 10


SLOTS: dict[Kind, tuple[str, ...]] = {
    Kind.RESISTOR: ("R",),
    Kind.INDUCTOR: ("L",),
    Kind.CAPACITOR: ("C",),
    Kind.CPE: ("Q", "alpha"),
    Kind.ZARC: ("R", "tau", "alpha"),
    Kind.WARBURG: ("A",),
    Kind.WARBURG_SHORT: ("R", "tau"),
    Kind.WARBURG_OPEN: ("R", "tau"),
    Kind.GERISCHER: ("R", "tau"),
}
"""The quantities of each element, in the order the engine wants them.

    R                                       ohm
    jωL                                     H
    1/(jωC)                                 F
    1/(Q (jω)^α)                            CPE: F s^(α−1), α dimensionless
    R/(1 + (jωτ)^α)                         ZARC (α = 1: R in parallel with C = τ/R)
    A (1 − j)/√ω                            semi-infinite Warburg: Ω s^(−1/2)
    R tanh √(jωτ) / √(jωτ)                  finite-length Warburg, short (transmissive)
    R coth √(jωτ) / √(jωτ)                  finite-space Warburg, open (reflecting)
    R / √(1 + jωτ)                          Gerischer

Every quantity but α is positive and handled as its natural logarithm, except an inductance, which
may be zero or (as a correction of cables) negative and is handled as it is.
"""


@dataclass(frozen=True)
class Element:
    """One element with its name in the circuit, e.g. ``"CPE_gb"`` or ``"R1"``."""

    kind: Kind
    name: str


@dataclass(frozen=True)
class Zarc:
    """A resistor and a CPE (or capacitor) in parallel, handled by its time constant.

    Attributes
    ----------
    resistor : str
        Name of the R.
    capacitor : str
        Name of the CPE or C.
    ideal : bool
        Whether it is a C, so that α is 1.
    """

    resistor: str
    capacitor: str
    ideal: bool


@dataclass(frozen=True)
class Series:
    """Two or more parts one after the other."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Parallel:
    """Two or more parts side by side."""

    parts: "tuple[Node, ...]"


Node = Element | Zarc | Series | Parallel
