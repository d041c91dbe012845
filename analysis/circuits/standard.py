"""The circuits of a lithium | solid electrolyte cell, with physical names and what is known of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analysis.circuit import ALPHA_GB, ALPHA_MAX, ALPHA_MIN, MODEL
from analysis.circuits.compilation import all_slots
from analysis.circuits.expected import Expectation
from analysis.circuits.llzo import LN_TAU_INT_TYPICAL, expectations
from analysis.circuits.network import Element, Kind, Node, Series, Zarc
from analysis.circuits.reported import (
    AnyFormula,
    ArcCharge,
    ArcSlots,
    AsItIs,
    BrugCapacitance,
    Product,
    Total,
)
from analysis.circuits.slots import Slot

LN_CONSTRICTION_TO_INTERFACE = float(np.log(1 / 30))
"""Constriction is faster than charge transfer; about by this, as a logarithm of time constants."""


@dataclass(frozen=True)
class Standard:
    """A circuit known by name.

    Attributes
    ----------
    model : str
        Its name in the store.
    words : tuple of str
        What people call it.
    node : Node
    names : dict of str to str
        Physical names of quantities that would be named by their element.
    arcs : dict of str to str
        Resistor of each arc, from fast to slow, and what the arc is called.
    interface : tuple of str
        Which arcs make R_int, the slowest last.
    """

    model: str
    words: tuple[str, ...]
    node: Node
    names: dict[str, str]
    arcs: dict[str, str]
    interface: tuple[str, ...]

    def slots(self) -> list[tuple[Slot, ...]]:
        """Return the slots of each leaf under physical names; the grain boundary's α is held."""
        return [tuple(self._named(slot) for slot in own) for own in all_slots(self.node)]

    def _named(self, slot: Slot) -> Slot:
        name = self.names.get(slot.name, slot.name)
        if not name.startswith("alpha"):
            return replace(slot, name=name)
        held = ALPHA_GB if name == "alpha_gb" else None
        return replace(slot, name=name, aliases=(), low=ALPHA_MIN, high=ALPHA_MAX, held=held)

    def expectations(self, scale: float, temperature: float) -> list[Expectation]:
        """Return what is known of such a cell."""
        known = expectations(scale, temperature)
        if len(self.interface) == 1:
            return known
        slower = next(one for one in known if "alpha_int" in one.combination)
        resistance = next(one for one in known if "R_int" in one.combination)
        known.remove(resistance)
        return [
            *known,
            replace(resistance, combination={"R_ct": 1.0}),
            replace(resistance, combination={"R_con": 1.0}),
            replace(slower, combination={"alpha_con": 1.0}),
            Expectation({"tau_con": 1.0}, LN_TAU_INT_TYPICAL + LN_CONSTRICTION_TO_INTERFACE, 3.0),
        ]

    def formulas(self, place: Callable[[str], int]) -> dict[str, AnyFormula]:
        """Return the quantities that are read from a fit; `place` finds a slot by its name."""
        electrolyte = (place("R_bulk"), place("R_gb"))
        found: dict[str, AnyFormula] = {name: Product((place(name),)) for name in ("R_bulk", "tau_bulk")}
        found |= {name: Product((place(name),)) for name in ("R_gb", "tau_gb")}
        found |= {"alpha_gb": AsItIs(place("alpha_gb")), "R_electrolyte": Total(electrolyte)}
        if len(self.interface) > 1:
            total = (place("R_con"), place("R_ct"))
            found |= {"R_int": Total(total), "R_ct": Product(total[1:])}
            found |= _of_arc("con", "R_con", electrolyte, place)
            return found | _of_arc("int", "R_ct", electrolyte, place) | {"L": AsItIs(place("L"))}
        return found | _of_arc("int", "R_int", electrolyte, place) | {"L": AsItIs(place("L"))}


def _of_arc(
    name: str, resistor: str, electrolyte: tuple[int, ...], place: Callable[[str], int]
) -> dict[str, AnyFormula]:
    arc = ArcSlots(place(resistor), place(f"tau_{name}"), place(f"alpha_{name}"))
    own: dict[str, AnyFormula] = {} if resistor == "R_ct" else {resistor: Product((arc.ln_r,))}
    return own | {
        f"tau_{name}": Product((arc.ln_tau,)),
        f"alpha_{name}": AsItIs(arc.alpha),
        f"Q_{name}": ArcCharge(arc),
        f"C_{name}": Product((arc.ln_tau, arc.ln_r), (1.0, -1.0)),
        f"C_{name}_brug": BrugCapacitance(arc, electrolyte),
    }


_ELECTROLYTE = (
    Element(Kind.INDUCTOR, "L"),
    Zarc("R_bulk", "C_bulk", ideal=True),
    Zarc("R_gb", "CPE_gb", ideal=False),
)

THREE_ARCS = Standard(
    model=MODEL,
    words=("three arcs", MODEL),
    node=Series((*_ELECTROLYTE, Zarc("R_int", "CPE_int", ideal=False))),
    names={"CPE_gb_alpha": "alpha_gb", "CPE_int_alpha": "alpha_int"},
    arcs={"R_bulk": "bulk", "R_gb": "gb", "R_int": "int"},
    interface=("int",),
)
"""Bulk, grain boundary and one interface arc."""

TWO_INTERFACE_ARCS = Standard(
    model=f"{MODEL}-RQ",
    words=("two interface arcs", "constriction", f"{MODEL}-RQ"),
    node=Series(
        (
            *_ELECTROLYTE,
            Zarc("R_con", "CPE_con", ideal=False),
            Zarc("R_ct", "CPE_int", ideal=False),
        )
    ),
    names={
        "CPE_gb_alpha": "alpha_gb",
        "CPE_con_alpha": "alpha_con",
        "CPE_int_alpha": "alpha_int",
        "tau_ct": "tau_int",
    },
    arcs={"R_bulk": "bulk", "R_gb": "gb", "R_con": "con", "R_ct": "int"},
    interface=("con", "int"),
)
"""A second interface arc for the constriction of current at voids; R_int is both together, the
slower one, charge transfer, alone is R_ct."""

STANDARDS = (THREE_ARCS, TWO_INTERFACE_ARCS)
