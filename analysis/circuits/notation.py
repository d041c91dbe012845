"""Circuits as text, in two notations that are told apart automatically.

The field's notation (as in ZView's and impedance.py's circuits)::

    L0-R0-p(R1,CPE1)-p(R2-W1,C2)

``-`` joins in series and ``p(a,b,…)`` in parallel, to any depth. An element is a symbol and, if
wanted, a number or a label with an underscore (``R_gb``): R, L, C, CPE (also Q), W semi-infinite,
Ws short (transmissive) and Wo open (reflecting) finite Warburg, G Gerischer, ZARC.

Boukamp's circuit description code (Boukamp 1986)::

    LR(RQ)([RW]Q)

What stands side by side is in series, in ``( )`` in parallel, in ``[ ]`` in series again. His
letters are R, L, C, Q for a CPE, W, G, and T and O for diffusion over a finite length. T and O name
the hyperbolic function in the *admittance*: T, Y = Y₀√(jω) tanh(B√(jω)), is the open end (our Wo,
whose impedance is a coth), and O, with coth, is the short one (our Ws).

Elements without number or label are numbered in order, for each symbol by itself. A resistor in
parallel with nothing but one CPE or one C becomes a `Zarc`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from analysis.circuits.network import Element, Kind, Node, Parallel, Series, Zarc
from core.errors import BadInput

_SYMBOLS = {
    "R": Kind.RESISTOR,
    "L": Kind.INDUCTOR,
    "C": Kind.CAPACITOR,
    "CPE": Kind.CPE,
    "W": Kind.WARBURG,
    "Ws": Kind.WARBURG_SHORT,
    "Wo": Kind.WARBURG_OPEN,
    "G": Kind.GERISCHER,
    "ZARC": Kind.ZARC,
}
_OTHER_SYMBOLS = {"Q": "CPE", "Zarc": "ZARC", "zarc": "ZARC"}
_BOUKAMP = {"R": "R", "L": "L", "C": "C", "Q": "CPE", "W": "W", "G": "G", "T": "Wo", "O": "Ws"}

_FIELD_ELEMENT = re.compile(r"([A-Za-z]+)(\d+|_\w+)?")
_BOUKAMP_ELEMENT = re.compile(r"([A-Za-z])(\d+|_[^\W_]+)?")
_TAKEN_LABEL = re.compile(r"_(?:\w*_)?(?:R|C|Q|tau|alpha)|_eff\w*")
"""Labels that would make an element's name look like one of its quantities."""

DEEPEST = 50
"""Levels of brackets."""


def parse(text: str) -> Node:
    """Read a circuit in either notation.

    Raises
    ------
    BadInput
        With the place of the mistake, for unknown symbols, unbalanced brackets, empty parts, a
        parallel connection of one branch, names used twice, and for nothing at all.
    """
    if not text.strip():
        raise BadInput("There is no circuit in an empty text;", 'write one, for example "R0-p(R1,CPE1)".')
    reader = _Reader(text)
    is_field = any(sign in text for sign in "-,") or "p(" in text.replace(" ", "") or reader.is_one_element()
    tree = reader.field() if is_field else reader.boukamp()
    return _fused(_numbered(tree, reader.taken))


def render(node: Node) -> str:
    """Return a circuit in the field's notation; `parse` reads it back to the same tree."""
    if isinstance(node, Element):
        return node.name
    if isinstance(node, Zarc):
        return f"p({node.resistor},{node.capacitor})"
    if isinstance(node, Series):
        return "-".join(render(part) for part in node.parts)
    return f"p({','.join(render(part) for part in node.parts)})"


@dataclass
class _Reader:
    """Reads a text from left to right."""

    text: str
    place: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.taken: set[str] = set()

    def is_one_element(self) -> bool:
        """Return whether the text is a single element of the field's notation."""
        match = _FIELD_ELEMENT.fullmatch(self.text.strip())
        return match is not None and (match[1] in _SYMBOLS or match[1] in _OTHER_SYMBOLS)

    def field(self) -> Node:
        """Read all in the field's notation."""
        return self._whole(self._field_series)

    def boukamp(self) -> Node:
        """Read all in Boukamp's code."""
        return self._whole(partial(self._boukamp_group, ""))

    def _whole(self, read: Callable[[], Node]) -> Node:
        node = read()
        if self._next():
            closing = self._next() in ")]"
            problem = "a bracket is closed that was never opened" if closing else "this does not belong here"
            raise self._refuse(problem, "remove it." if closing else 'join parts with "-".')
        return node

    def _field_series(self) -> Node:
        parts = [self._field_part()]
        while self._take("-"):
            parts.append(self._field_part())
        return _joined(Series, parts)

    def _field_part(self) -> Node:
        if self._next() in ("", "-", ",", ")"):
            raise self._refuse("a part is missing", "write an element here, or remove the sign before it.")
        if self._next() == "(":
            raise self._refuse("a bracket without p", 'write "p(…,…)" for a parallel connection.')
        start = self.place
        if not re.compile(r"p\s*\(").match(self.text, self.place):
            return self._element(_FIELD_ELEMENT, {name: name for name in _SYMBOLS} | _OTHER_SYMBOLS)
        self.place = self.text.index("(", self.place) + 1
        with_branches = [self._deeper(self._field_series)]
        while self._take(","):
            with_branches.append(self._deeper(self._field_series))
        self._close(")", start)
        return self._parallel(with_branches, start)

    def _boukamp_group(self, closing: str) -> Node:
        parts: list[Node] = []
        opened = self.place - 1
        while self._next() not in ("", ")", "]"):
            parts.append(self._boukamp_part())
        if closing:
            self._close(closing, opened)
        if not parts:
            raise self._refuse("nothing between the brackets", "write elements there.", opened)
        return self._parallel(parts, opened) if closing == ")" else _joined(Series, parts)

    def _boukamp_part(self) -> Node:
        for opening, closing in (("(", ")"), ("[", "]")):
            if self._take(opening):
                return self._deeper(partial(self._boukamp_group, closing))
        return self._element(_BOUKAMP_ELEMENT, _BOUKAMP)

    def _parallel(self, branches: list[Node], start: int) -> Node:
        if len(branches) < 2:
            raise self._refuse("a parallel connection of one branch", "add a branch or drop it.", start)
        return _joined(Parallel, branches)

    def _element(self, pattern: re.Pattern[str], symbols: dict[str, str]) -> Element:
        start = self.place
        match = pattern.match(self.text, start)
        if match is None or match[1] not in symbols:
            known = f"known are {', '.join(symbols)}."
            what = f"an unknown element {match[1]!r}" if match else f"an unexpected {self.text[start]!r}"
            raise self._refuse(what, known)
        label = match[2] or ""
        if _TAKEN_LABEL.fullmatch(label):
            raise self._refuse(f"the label {label[1:]!r} means a quantity", "choose another one.")
        name = f"{symbols[match[1]]}{label}"
        if label and name in self.taken:
            raise self._refuse(f"a second {name}", "give every element a name of its own.")
        self.taken.add(name)
        self.place = match.end()
        return Element(_SYMBOLS[symbols[match[1]]], name if label else "")

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._refuse(f"more than {DEEPEST} brackets inside each other", "write it more simply.")
        node = read()
        self.depth -= 1
        return node

    def _next(self) -> str:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1
        return self.text[self.place : self.place + 1]

    def _take(self, sign: str) -> bool:
        found = self._next() == sign
        self.place += found
        return found

    def _close(self, sign: str, opened: int) -> None:
        if self._take(sign):
            return
        if self._next():
            raise self._refuse("this does not belong here", f'separate parts, or close with "{sign}" first.')
        raise self._refuse("a bracket that is never closed", f'add "{sign}".', opened)

    def _refuse(self, problem: str, remedy: str, place: int | None = None) -> BadInput:
        at = self.place if place is None else place
        shown = "".join(" " if sign.isspace() else sign for sign in self.text)
        return BadInput(
            f"{shown!r} is not a circuit: {problem} at position {at + 1}:\n  {shown}\n  {' ' * at}^\n", remedy
        )


def _joined(group: type[Series] | type[Parallel], parts: list[Node]) -> Node:
    """Return parts joined, without groups of the same sort inside each other."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, group) else [part])
    return flat[0] if len(flat) == 1 else group(tuple(flat))


def _numbered(node: Node, taken: set[str]) -> Node:
    """Return the circuit with a name for every element, numbered from left to right."""
    if isinstance(node, Series | Parallel):
        return replace(node, parts=tuple(_numbered(part, taken) for part in node.parts))
    if isinstance(node, Zarc) or node.name:
        return node
    symbol = next(symbol for symbol, kind in _SYMBOLS.items() if kind is node.kind)
    number = 1
    while f"{symbol}{number}" in taken:
        number += 1
    taken.add(f"{symbol}{number}")
    return replace(node, name=f"{symbol}{number}")


def _fused(node: Node) -> Node:
    """Return the circuit with R and CPE, or R and C, in parallel as one arc."""
    if not isinstance(node, Series | Parallel):
        return node
    node = replace(node, parts=tuple(_fused(part) for part in node.parts))
    if isinstance(node, Series) or len(node.parts) != 2:
        return node
    first, second = sorted(node.parts, key=lambda part: not _is(part, Kind.RESISTOR))
    if not (isinstance(first, Element) and isinstance(second, Element)):
        return node
    if first.kind is not Kind.RESISTOR or second.kind not in (Kind.CPE, Kind.CAPACITOR):
        return node
    return Zarc(first.name, second.name, ideal=second.kind is Kind.CAPACITOR)


def _is(node: Node, kind: Kind) -> bool:
    return isinstance(node, Element) and node.kind is kind
