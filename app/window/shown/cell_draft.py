"""A cell as somebody is writing it down: what is wrong with the fields, and the names that would come."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from app.window.shown.cell_fields import BY_PATH, COUNT, FIRST, NAME, REMARKS, CellField
from app.window.shown.cell_rows import CM2
from app.window.shown.form import next_number
from core.campaign import MOST_ROUNDS, CellKind, cell_names
from core.cell import Cell
from core.errors import BadInput
from core.units import parse_quantity
from storage import RegisteredCell

MOST_NAMES = 200
"""Names that are listed; of more, how many there are."""
DIAMETER, AREA = "electrode_diameter", "electrode_area"


@dataclass(frozen=True)
class Draft:
    """What is written in the fields.

    Attributes
    ----------
    texts : mapping of str to str
        By path; what is empty is left to its default.
    kept : mapping of str to (str, value)
        Of a cell that is changed: how each of its values was written into its field, and the value as
        a file holds it, so that what nobody touches stays exactly as it was.
    amends : str
        Name of the cell that is changed; empty for new ones.
    retired : bool
        Whether that one is retired.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    amends: str = ""
    retired: bool = False

    def __getitem__(self, path: str) -> str:
        """Return what is written in a field, without spaces around it."""
        return self.texts.get(path, "").strip()

    def written(self, path: str, text: str) -> "Draft":
        """Return the draft with something else in a field."""
        return replace(self, texts={**self.texts, path: text})


@dataclass(frozen=True)
class NameLine:
    """A name that would come, and why it cannot be had; empty where it can."""

    name: str
    taken: str = ""


@dataclass(frozen=True)
class Checked:
    """A draft, and what is to be said of it.

    Attributes
    ----------
    draft : Draft
    errors : mapping of str to str
        By the path of the field they stand beside.
    names : tuple of NameLine
        At most `MOST_NAMES`.
    count, taken : int
        How many cells it would be, and how many of their names are taken.
    first : int or None
        The number of the first, where the name has one.
    area, pellet_area : float or None
        m², as far as they can be told.
    table : mapping
        As a file would hold it; of use where there is no error.
    """

    draft: Draft
    errors: Mapping[str, str] = field(default_factory=dict)
    names: tuple[NameLine, ...] = ()
    count: int = 1
    taken: int = 0
    first: int | None = None
    area: float | None = None
    pellet_area: float | None = None
    table: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether it can be registered as it is."""
        return not self.errors and not self.taken

    @property
    def verdict(self) -> str:
        """What stands in the way, in one line; what would come, where nothing does."""
        if self.errors:
            several = len(self.errors) != 1
            return (
                f"{len(self.errors)} fields are" * several
                + "One field is" * (not several)
                + " not right yet."
            )
        if self.taken:
            if self.count == 1:
                return f"The name is taken: {self.names[0].taken}."
            return (
                f"{self.taken} of the {self.count} names are taken; choose another pattern or first number."
            )
        if self.draft.amends:
            return "A new entry is added. The old ones stay, and runs keep the cell as it was then."
        names = self.names
        if self.count == 1:
            return f"{names[0].name} will be registered."
        return f"{self.count} cells will be registered, {names[0].name} and so on."

    def areas_text(self) -> tuple[str, str]:
        """Write both areas, a dash for what cannot be told."""
        shown = (None if each is None else each * CM2 for each in (self.area, self.pellet_area))
        one, other = ("–" if each is None else f"{each:.4g} cm²" for each in shown)
        return one, other

    def cells(self) -> list[Cell]:
        """Return the cells; call it where it may take a moment.

        Raises
        ------
        pydantic.ValidationError
            If there are errors.
        """
        if self.draft.amends:
            return [Cell.model_validate(self.table)]
        kind = CellKind.model_validate({**self.table, "count": self.count})
        return [kind.electrode(index) for index in range(self.count)]


def draft_of(cell: Cell, entry: RegisteredCell | None, amends: bool) -> Draft:
    """Return the draft that a cell begins with: to be changed, or as the model of new ones.

    Parameters
    ----------
    cell : Cell
    entry : RegisteredCell or None
        Where its remarks stand.
    amends : bool
        Whether it is to be changed.
    """
    values, written = cell.model_dump(), cell.model_dump(mode="json")
    texts: dict[str, str] = {}
    kept: dict[str, tuple[str, Any]] = {}
    for path, each in BY_PATH.items():
        value = _within(values, path)
        if each.in_cell and value is not None and value != "":
            texts[path] = each.text(value)
            kept[path] = (texts[path], _within(written, path))
    if not amends:
        # A new one has a number of its own; what it is called is for whoever writes it.
        texts.pop(FIRST, None)
        texts[NAME] = pattern_of(cell.name)
        return Draft(texts, kept)
    texts[REMARKS] = "" if entry is None else entry.remarks
    return Draft(texts, kept, cell.name, entry is not None and entry.retired)


def pattern_of(name: str) -> str:
    """Return the pattern a name may have come from: ``"LLZO-07-Li-03"`` from ``"LLZO-07-Li-{n:02d}"``."""
    found = re.search(r"[0-9]{1,9}$", name)
    if found is None or re.search(r"[{}]", name):
        return name
    digits = len(found[0])
    return name[: found.start()] + ("{n}" if digits == 1 else f"{{n:0{digits}d}}")


def _within(tables: Mapping[str, Any], path: str) -> Any:
    value: Any = tables
    for key in path.split("."):
        value = None if value is None else value.get(key)
    return value


def check(draft: Draft, taken: Mapping[str, str]) -> Checked:
    """Look at everything that is written. The first quantity takes a second; call it in a thread.

    Parameters
    ----------
    draft : Draft
    taken : mapping of str to str
        Names that no new cell may have, with the reason.
    """
    errors: dict[str, str] = {}
    numbers = _whole_numbers(draft, errors)
    table = _table(draft, errors)
    if numbers.get(FIRST) is None and not draft.amends:
        numbers[FIRST] = next_number(draft[NAME], taken)
    first, count = numbers.get(FIRST) or 1, numbers.get(COUNT) or 1
    if not errors.keys() & {FIRST}:
        table.setdefault("counter", {})["working_electrode_number"] = first
    names = _names(draft, first, count, errors, taken)
    _validate(draft, table, 1 if draft.amends else count, errors)
    area, pellet = _area(draft, DIAMETER, AREA), _area(draft, "pellet_diameter", "")
    return Checked(
        draft,
        errors,
        names[:MOST_NAMES],
        count,
        sum(1 for each in names if each.taken),
        numbers.get(FIRST),
        area,
        pellet,
        table,
    )


def _whole_numbers(draft: Draft, errors: dict[str, str]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for path in (COUNT, FIRST):
        text = draft[path]
        if not text:
            continue
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
        if 1 <= number <= MOST_ROUNDS:
            found[path] = number
        else:
            errors[path] = f"{text!r} is not a whole number from 1 to {MOST_ROUNDS}."
    return found


def _table(draft: Draft, errors: dict[str, str]) -> dict[str, Any]:
    """Gather what is written as the tables of a file, and note what cannot be read."""
    table: dict[str, Any] = {}
    for path, each in BY_PATH.items():
        text = draft[path]
        if not each.in_cell or not text or path == FIRST:
            continue
        inside = table
        *parents, key = path.split(".")
        for parent in parents:
            inside = inside.setdefault(parent, {})
        kept = draft.kept.get(path)
        inside[key] = kept[1] if kept is not None and draft.texts.get(path) == kept[0] else text
        if each.unit and inside[key] == text:
            _read(text, each, errors)
    if draft.amends:
        table[NAME] = draft.amends
    return table


def _read(text: str, each: CellField, errors: dict[str, str]) -> None:
    try:
        parse_quantity(text, each.unit)
    except BadInput as error:
        # Units in pint's notation are not what people write.
        errors[each.path] = str(error).replace(each.unit, each.shown_unit)


def _validate(draft: Draft, table: Mapping[str, Any], count: int, errors: dict[str, str]) -> None:
    """Let the model of a cell look at it, and put each of its findings beside a field."""
    if not draft[DIAMETER] and not draft[AREA]:
        errors.setdefault(DIAMETER, "Give the diameter of the electrode, or its area below.")
    if draft[DIAMETER] and draft[AREA]:
        errors.setdefault(AREA, "Give either the diameter or the area, and not both.")
    try:
        if draft.amends:
            Cell.model_validate(table)
        else:
            CellKind.model_validate({**table, "count": count})
    except ValidationError as error:
        for finding in error.errors():
            path = ".".join(map(str, finding["loc"]))
            words = _sentence(finding["msg"].removeprefix("Value error, "))
            if finding["type"] == "missing":
                words = "To be filled in."
            if path in BY_PATH:
                errors.setdefault(path, words)
            elif not errors:
                errors[NAME if "name" in words else AREA if draft[AREA] else DIAMETER] = words


def _sentence(words: str) -> str:
    words = words.replace("Input should be", "It has to be").rstrip(".")
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith("?") else ".")


def _names(
    draft: Draft, first: int, count: int, errors: dict[str, str], taken: Mapping[str, str]
) -> tuple[NameLine, ...]:
    if draft.amends:
        return (NameLine(draft.amends),)
    if not draft[NAME] or errors.keys() & {NAME, COUNT, FIRST}:
        return ()
    try:
        names = cell_names(draft[NAME], first, count)
    except BadInput as error:
        errors[NAME] = _sentence(str(error))
        return ()
    return tuple(NameLine(name, taken.get(name, "")) for name in names)


def _area(draft: Draft, diameter: str, area: str) -> float | None:
    """Return an area in m², as far as what is written can be read."""
    parts = {"name": "x", "anode": "Li"}
    written = {DIAMETER: draft[diameter]} if draft[diameter] else {}
    if area and draft[area]:
        written |= {AREA: draft[area]}
    if not written and not area:
        written = {DIAMETER: BY_PATH[diameter].default}
    try:
        # The pellet is taken for larger than anything: here it is only about one of the two.
        return Cell.model_validate({**parts, **written, "pellet_diameter": "1e6 km"}).area
    except ValidationError:
        return None
