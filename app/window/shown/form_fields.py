"""What a form asks for: the protocols, their parameters in groups, and the fields of a cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.window.shown.format import MINUS

OWN = "own"
"""The group of the parameters that a protocol has to itself."""
PARAMETERS, CELL = "parameters.", "cell."


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    path : str
        E.g. ``"parameters.current_density"`` or ``"cell.counter.thickness"``.
    label, kind, units, description, group : str
        As `app.drafting` has them.
    default : str or None
        As a file would hold it.
    minimum, maximum : float or None
        In `units`.
    choices : tuple of str
        What there is to choose from; empty where anything can be written.
    required : bool
        Whether it must not be left out.
    """

    path: str
    label: str
    kind: str
    units: str
    default: str | None
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    description: str
    group: str
    required: bool = False

    @property
    def limits(self) -> str:
        """Between what a number has to lie, in words; empty where there are no limits."""
        low = "" if self.minimum is None else _number(self.minimum)
        high = "" if self.maximum is None else _number(self.maximum)
        if low and high:
            return f"{low} to {high} {self.units}".rstrip()
        if low:
            above = "above" if self.path.startswith(CELL) and self.kind != "integer" else "from"
            return f"{above} {low} {self.units}".rstrip()
        return ""

    @property
    def placeholder(self) -> str:
        """What the field shows while nothing is written in it."""
        if self.default:
            return self.default
        if self.required:
            return "to be filled in"
        return " · ".join(filter(None, ("none", self.limits)))

    @property
    def tip(self) -> str:
        """What it is, for the tooltip."""
        wanted = {"number": "a quantity; any unit of this kind is understood", "text": "", "choice": ""}
        wanted |= {"optional number": "a quantity or nothing; any unit of this kind is understood"}
        wanted |= {"numbers": "several quantities, with commas between them", "integer": "a whole number"}
        wanted |= {"resistance": "a resistance; kΩ cm² is areal, kΩ is absolute"}
        lines = [f"{self.label}: {self.description}" if self.description else self.label]
        lines += [wanted.get(self.kind, "")]
        lines += [f"limits: {self.limits}" if self.limits else ""]
        lines += [f"left empty: {self.default}" if self.default else ""]
        lines += [f"in files: {self.path.partition('.')[2]}"]
        return "\n".join(filter(None, lines))


@dataclass(frozen=True)
class Group:
    """Fields that belong together."""

    name: str
    title: str
    fields: tuple[Field, ...]

    @property
    def own(self) -> bool:
        """Whether it is always open."""
        return self.name in (OWN, "cell")

    def summary(self, texts: Mapping[str, str]) -> str:
        """Say what a folded group holds; `texts` are what is written, by path."""
        parts = []
        for each in self.fields:
            text = texts.get(each.path) or each.default
            if text:
                parts.append(f"{each.label} {text}")
        return ", ".join(parts)

    def changed(self, texts: Mapping[str, str]) -> int:
        """Return how many of its fields differ from what they are by default."""
        return sum(1 for each in self.fields if texts.get(each.path, "") not in ("", each.default))


@dataclass(frozen=True)
class ProtocolChoice:
    """A protocol that can be chosen."""

    name: str
    title: str
    summary: str
    details: str
    spends: bool
    groups: tuple[Group, ...]

    def matches(self, words: str) -> bool:
        """Whether all of some words occur in what is said about it."""
        text = f"{self.name} {self.title} {self.summary} {self.details}".lower()
        return all(word in text for word in words.lower().split())

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of its parameters."""
        return tuple(field for group in self.groups for field in group.fields)


@dataclass(frozen=True)
class Catalogue:
    """What there is to choose from."""

    protocols: tuple[ProtocolChoice, ...] = ()
    cell: tuple[Group, ...] = ()

    def protocol(self, name: str) -> ProtocolChoice | None:
        """Return a protocol by its name; None if there is none."""
        return next((each for each in self.protocols if each.name == name), None)

    def field(self, protocol: str, path: str) -> Field | None:
        """Return a field of a protocol's form by its path; None if there is none."""
        chosen = self.protocol(protocol)
        groups = (*(() if chosen is None else chosen.groups), *self.cell)
        return next((each for group in groups for each in group.fields if each.path == path), None)


def catalogue(given: Mapping[str, Any]) -> Catalogue:
    """Read the catalogue as the companion process gives it."""
    protocols = (_protocol(each) for each in given["protocols"])
    return Catalogue(tuple(protocols), _groups(given["cell"], CELL))


def _protocol(given: Mapping[str, Any]) -> ProtocolChoice:
    return ProtocolChoice(
        given["name"],
        given["title"],
        given["summary"],
        given["details"],
        given["spends_electrode"],
        _groups(given["parameters"], PARAMETERS),
    )


def _groups(given: Sequence[Mapping[str, Any]], prefix: str) -> tuple[Group, ...]:
    """Gather fields by their groups, the own ones first, in the order they come in otherwise."""
    found: dict[str, list[Field]] = {}
    for each in given:
        found.setdefault(each["group"], []).append(_field(each, prefix))
    order = sorted(found, key=lambda name: name not in (OWN, "cell"))
    return tuple(Group(name, _title(name, prefix), tuple(found[name])) for name in order)


def _title(name: str, prefix: str) -> str:
    if name == OWN:
        return "Parameters"
    titles = {"counter": "Counter electrode", "history": "History"}
    return titles.get(name, name.capitalize()) if prefix == CELL else name.capitalize()


def _field(given: Mapping[str, Any], prefix: str) -> Field:
    return Field(
        path=prefix + given["name"],
        label=given["label"],
        kind=given["kind"],
        units=given["units"] or "",
        default=given["default"] or None,
        minimum=given["minimum"],
        maximum=given["maximum"],
        choices=tuple(given["choices"] or ()),
        description=given["description"],
        group=given["group"],
        required=bool(given.get("required")),
    )


def _number(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)
