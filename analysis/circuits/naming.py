"""From the names people write to those of a circuit's quantities."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from analysis.circuits.constraints import Restrictions, Tie
from analysis.circuits.network import Element, Kind, Node, Parallel, Series, Zarc
from analysis.circuits.slots import Slot, leaves, suffix_of
from core.errors import BadInput

T = TypeVar("T")


def split_where_said(node: Node, said: Restrictions) -> Node:
    """Return the circuit with R and CPE apart where something is said about Q of a CPE, or about a C.

    Raises
    ------
    BadInput
        If the time constant of the same arc is restricted, too.
    """
    names = set(said.names) | {tie if isinstance(tie, str) else tie[0] for tie in said.ties.values()}
    split = {arc for arc in leaves(node) if isinstance(arc, Zarc) and _charge_of(arc) in names}
    for arc in split:
        tau = f"tau{suffix_of(arc.resistor)}"
        if tau in names:
            raise BadInput(
                f"{tau} and {_charge_of(arc)} belong to the same arc and say the same thing;",
                "restrict only one of them.",
            )
    return _split(node, split)


def _charge_of(arc: Zarc) -> str:
    return arc.capacitor if arc.ideal else f"{arc.capacitor}_Q"


def _split(node: Node, split: set[Zarc]) -> Node:
    if isinstance(node, Series | Parallel):
        return replace(node, parts=tuple(_split(part, split) for part in node.parts))
    if isinstance(node, Zarc) and node in split:
        kind = Kind.CAPACITOR if node.ideal else Kind.CPE
        return Parallel((Element(Kind.RESISTOR, node.resistor), Element(kind, node.capacitor)))
    return node


def by_own_names(said: Restrictions, slots: Sequence[Slot], known: Sequence[str], where: str) -> Restrictions:
    """Return the restrictions under the names of the slots, aliases resolved.

    Parameters
    ----------
    said : Restrictions
    slots : sequence of Slot
    known : sequence of str
        All names to list for someone who wrote another one.
    where : str
        The circuit, for the message.

    Raises
    ------
    BadInput
        For names that the circuit has not.
    """
    own = {alias: slot.name for slot in slots for alias in (*slot.aliases, slot.name) if slot.name}

    def name_of(name: str) -> str:
        if name not in own:
            raise BadInput(
                f"{where} has no parameter {name!r};", f"known are {', '.join(dict.fromkeys(known))}."
            )
        return own[name]

    def renamed(mapping: Mapping[str, T]) -> dict[str, T]:
        result: dict[str, T] = {}
        for name, value in mapping.items():
            if name_of(name) in result:
                raise BadInput(f"{name_of(name)} is restricted twice;", "say only one of them.")
            result[name_of(name)] = value
        return result

    def other(tie: Tie) -> Tie:
        return name_of(tie) if isinstance(tie, str) else (name_of(tie[0]), tie[1])

    return Restrictions(
        fix=renamed(said.fix),
        bounds=renamed(said.bounds),
        ties={name: other(tie) for name, tie in renamed(said.ties).items()},
        priors=renamed(said.priors),
    )
