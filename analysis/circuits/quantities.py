"""What is read from a fit of a circuit that was given as text."""

from collections.abc import Iterable, Sequence

from analysis.circuits.network import Element, Kind, Zarc
from analysis.circuits.reported import AnyFormula, ArcCharge, ArcSlots, AsItIs, Product
from analysis.circuits.slots import Scale, Slot, Unit, kind_of, suffix_of


def formulas_of(pairs: Iterable[tuple[Element | Zarc, Sequence[Slot]]]) -> dict[str, AnyFormula]:
    """Return every quantity of every element; arcs also get C = τ/R (Hsu and Mansfeld 2001).

    Parameters
    ----------
    pairs : iterable of (leaf, its slots)
        From left to right.
    """
    found: dict[str, AnyFormula] = {}
    first = 0
    for leaf, own in pairs:
        for number, slot in enumerate(own, first):
            if slot.name:
                as_it_is = slot.scale is not Scale.LOGARITHM
                found[slot.name] = AsItIs(number) if as_it_is else Product((number,))
        if kind_of(leaf) is Kind.ZARC:
            found |= _of_arc(leaf, ArcSlots(first, first + 1, first + 2))
        first += len(own)
    return found


def _of_arc(leaf: Element | Zarc, arc: ArcSlots) -> dict[str, AnyFormula]:
    capacitance = Product((arc.ln_tau, arc.ln_r), (1.0, -1.0))
    if isinstance(leaf, Element):
        return {f"{leaf.name}_Q": ArcCharge(arc), f"{leaf.name}_C": capacitance}
    if leaf.ideal:
        return {leaf.capacitor: capacitance}
    return {f"{leaf.capacitor}_Q": ArcCharge(arc), f"C_eff{suffix_of(leaf.resistor)}": capacitance}


def unit_symbol(name: str, slots: Sequence[Slot]) -> str:
    """Return the unit of a reported quantity as people write it."""
    for slot in slots:
        if slot.name == name:
            return slot.unit.symbol
    if name.startswith("Q_") or name.endswith("_Q"):
        return Unit.CPE.symbol
    return Unit.OHM.symbol if name.startswith("R") else Unit.FARAD.symbol
