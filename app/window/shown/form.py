"""A form as it is filled in: what is written where, what was written before, and the draft it comes to."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.window.shown.form_fields import CELL, PARAMETERS, Catalogue, Field

MOST_UNDONE = 200

_NUMBER = re.compile(r"\{n(?::0?(\d{1,2})d)?\}")


@dataclass(frozen=True)
class Written:
    """All that is written in a form.

    Attributes
    ----------
    protocol : str
        Name of the one that is chosen; empty while none is.
    parameters : dict
        By protocol: what is written in its fields, by name. What is not there is as by default.
    cell : dict
        What is written of the cell, by names with dots.
    bench : str
        Path of the bench file; empty for the built-in simulated bench.
    speed, title, notes : str
    """

    protocol: str = ""
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cell: Mapping[str, str] = field(default_factory=dict)
    bench: str = ""
    speed: str = "max"
    title: str = ""
    notes: str = ""


class Form:
    """What is written in a form, and how to take it back.

    Attributes
    ----------
    written : Written
    """

    def __init__(self, written: Written | None = None) -> None:
        self.written = Written() if written is None else written
        self._before: list[tuple[str, Written]] = []
        self._after: list[Written] = []

    def text(self, path: str) -> str:
        """Return what is written in a field; empty where it is as by default."""
        if path.startswith(PARAMETERS):
            return self.parameters.get(path.removeprefix(PARAMETERS), "")
        if path.startswith(CELL):
            return self.written.cell.get(path.removeprefix(CELL), "")
        return str(getattr(self.written, path))

    @property
    def parameters(self) -> Mapping[str, str]:
        """What is written in the fields of the chosen protocol, by name."""
        return self.written.parameters.get(self.written.protocol, {})

    @property
    def texts(self) -> dict[str, str]:
        """What is written, by path."""
        found = {PARAMETERS + name: text for name, text in self.parameters.items()}
        return found | {CELL + name: text for name, text in self.written.cell.items()}

    def write(self, path: str, text: str) -> bool:
        """Write in a field; return whether that changed it. What is typed in one go is undone in one."""
        if text == self.text(path):
            return False
        if path.startswith(PARAMETERS):
            table = _with(self.parameters, path.removeprefix(PARAMETERS), text)
            everything = {**self.written.parameters, self.written.protocol: table}
            changed = replace(self.written, parameters=everything)
        elif path.startswith(CELL):
            table = _with(self.written.cell, path.removeprefix(CELL), text)
            changed = replace(self.written, cell=table)
        else:
            plain: dict[str, Any] = {path: text}
            changed = replace(self.written, **plain)
        self._become(changed, path)
        return True

    def put(self, written: Written) -> None:
        """Fill in everything anew, e.g. from a template."""
        self._become(written, "")

    def put_cell(self, table: Mapping[str, Any]) -> None:
        """Fill in a cell, given as a cell file holds it."""
        self._become(replace(self.written, cell=flat(table)), "")

    def reset(self) -> None:
        """Set the parameters of the chosen protocol to what they are by default."""
        everything = {**self.written.parameters, self.written.protocol: {}}
        self._become(replace(self.written, parameters=everything), "")

    def undo(self) -> bool:
        """Take the last change back; return whether there was one."""
        if not self._before:
            return False
        self._after.append(self.written)
        _, self.written = self._before.pop()
        return True

    def redo(self) -> bool:
        """Do again what was taken back last; return whether there was anything."""
        if not self._after:
            return False
        self._before.append(("", self.written))
        self.written = self._after.pop()
        return True

    def pause(self) -> None:
        """Let what is typed next be undone by itself."""
        if self._before:
            self._before[-1] = ("", self._before[-1][1])

    def _become(self, written: Written, what: str) -> None:
        if written == self.written:
            return
        if not (what and self._before and self._before[-1][0] == what and not self._after):
            self._before = [*self._before[-MOST_UNDONE:], (what, self.written)]
        self._after = []
        self.written = written

    def draft(self, store: str | None, taken: Iterable[str] = ()) -> dict[str, Any]:
        """Return what is written as a draft, see `app.drafting`; a name with ``{n}`` takes the next number.

        Parameters
        ----------
        store : str or None
        taken : iterable of str
            Names of cells that are used already.
        """
        written = self.written
        return {
            **step_of(written, taken),
            "bench": written.bench or None,
            "store": store,
            "title": written.title,
            "notes": written.notes,
        }


def step_of(written: Written, taken: Iterable[str] = ()) -> dict[str, Any]:
    """Return protocol, parameters and cell as a draft holds them."""
    cell = dict(written.cell)
    number = next_number(cell.get("name", ""), taken)
    if number is not None:
        cell["name"] = named(cell["name"], number)
        cell.setdefault("counter.working_electrode_number", str(number))
    return {
        "protocol": written.protocol,
        "parameters": dict(written.parameters.get(written.protocol, {})),
        "cell": nested(cell),
    }


def written_of(draft: Mapping[str, Any], catalogue: Catalogue) -> Written:
    """Return what a draft says as it stands in a form."""
    protocol = draft.get("protocol", "")
    texts = {}
    for name, value in (draft.get("parameters") or {}).items():
        found = catalogue.field(protocol, PARAMETERS + name)
        texts[name] = as_text(value, found)
    return Written(
        protocol=protocol,
        parameters={protocol: texts},
        cell=flat(draft.get("cell") or {}),
        bench=draft.get("bench") or "",
        title=draft.get("title") or "",
        notes=draft.get("notes") or "",
    )


def as_text(value: Any, found: Field | None = None) -> str:
    """Return a value of a file as one would write it in a field."""
    if isinstance(value, list | tuple):
        return ", ".join(as_text(each, found) for each in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    units = "" if found is None or found.kind == "integer" else found.units
    return f"{value:.15g} {units}".rstrip()


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the values of nested tables as texts, by names with dots."""
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        elif value is not None and value != "":
            found[prefix + name] = as_text(value)
    return found


def nested(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return texts by names with dots as nested tables."""
    found: dict[str, Any] = {}
    for name, text in texts.items():
        *tables, last = name.split(".")
        inner = found
        for table in tables:
            inner = inner.setdefault(table, {})
        inner[last] = text
    return found


def next_number(pattern: str, taken: Iterable[str]) -> int | None:
    """Return the number after the highest one that is taken; None where the name has no ``{n}``."""
    if not _NUMBER.search(pattern):
        return None
    parts = [re.escape(part) for part in _NUMBER.sub("\0", pattern).split("\0")]
    form = re.compile(parts[0] + r"(\d{1,9})" + r"\d*".join(parts[1:]))
    numbers = [int(match[1]) for name in taken if (match := form.fullmatch(name))]
    return max(numbers, default=0) + 1


def named(pattern: str, number: int) -> str:
    """Return a name with its number in the place of ``{n}`` or ``{n:02d}``."""
    return _NUMBER.sub(lambda match: f"{number:0{int(match[1] or 1)}d}", pattern)


def as_memory(written: Written) -> str:
    """Return what is written as a text to remember."""
    return json.dumps(asdict(written))


def from_memory(text: str) -> Written:
    """Return what was remembered; an empty form where that cannot be read."""
    try:
        given = json.loads(text)
        known = Written(**given)
    except (ValueError, TypeError):
        return Written()
    texts = [known.protocol, known.bench, known.speed, known.title, known.notes, *_values(known.cell)]
    tables = known.parameters.values() if isinstance(known.parameters, dict) else [None]
    for table in tables:
        texts += _values(table)
    return known if all(isinstance(each, str) for each in texts) else Written()


def paths_from_memory(text: str) -> list[str]:
    """Return a remembered list of paths; an empty one where that cannot be read."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _values(table: Any) -> list[Any]:
    return list(table.values()) if isinstance(table, dict) else [None]


def _with(table: Mapping[str, str], name: str, text: str) -> dict[str, str]:
    """Return a table with another text in it; an empty one is left out."""
    rest = {key: value for key, value in table.items() if key != name}
    return rest | {name: text} if text else rest
