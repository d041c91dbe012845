"""A queue of experiments as it is put together, and the rows that show it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.window.shown.form import Written, as_text, flat, nested, next_number
from app.window.shown.form_fields import PARAMETERS, Catalogue

MOST_UNDONE = 200
NUMBER = "counter.working_electrode_number"


@dataclass(frozen=True)
class QueueStep:
    """One experiment of a queue; texts as they are written in the form.

    Attributes
    ----------
    protocol : str
    parameters, cell : dict
        By name; those of the cell with dots.
    name : str
        What the step is called; may be empty.
    fresh : bool
        Whether the next working electrode of its kind is mounted for it.
    count : int or None
        How many working electrodes there are of its kind; None for as many as are mounted.
    allow_spent : bool
    """

    protocol: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    cell: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    fresh: bool = False
    count: int | None = None
    allow_spent: bool = False

    @property
    def numbered(self) -> bool:
        """Whether the name of its cell holds a number, so that there can be several."""
        return next_number(self.cell.get("name", ""), ()) is not None

    def as_json(self) -> dict[str, Any]:
        """Return it as the companion process wants it."""
        return {
            "name": self.name,
            "protocol": self.protocol,
            "parameters": dict(self.parameters),
            "cell": nested(self.cell),
            "fresh": self.fresh,
            "count": self.count,
            "allow_spent": self.allow_spent,
        }

    def written(self) -> Written:
        """Return it as it stands in a form."""
        return Written(self.protocol, {self.protocol: self.parameters}, self.cell)


@dataclass(frozen=True)
class Contents:
    """All that is written in a queue."""

    name: str = "Queue"
    title: str = ""
    notes: str = ""
    bench: str = ""
    steps: tuple[QueueStep, ...] = ()


class Queue:
    """A queue that is being put together, and how to take things back.

    Attributes
    ----------
    contents : Contents
    """

    def __init__(self) -> None:
        self.contents = Contents()
        self._before: list[Contents] = []
        self._after: list[Contents] = []

    @property
    def steps(self) -> tuple[QueueStep, ...]:
        """The steps in their order."""
        return self.contents.steps

    def put(self, place: int, step: QueueStep) -> None:
        """Put a step at a place, instead of the one there; at the end, behind the last one."""
        self._become(steps=(*self.steps[:place], step, *self.steps[place + 1 :]))

    def change(self, place: int, **what: Any) -> None:
        """Change something about a step, e.g. whether it has a fresh electrode."""
        self.put(place, replace(self.steps[place], **what))

    def duplicate(self, place: int) -> None:
        """Put the same step behind it, once more; the second has no name."""
        copy = replace(self.steps[place], name="")
        self._become(steps=(*self.steps[: place + 1], copy, *self.steps[place + 1 :]))

    def remove(self, place: int) -> None:
        """Take a step out."""
        self._become(steps=(*self.steps[:place], *self.steps[place + 1 :]))

    def move(self, place: int, to: int) -> int:
        """Move a step to where it has the index `to` among the others; return where it is then."""
        rest = [*self.steps[:place], *self.steps[place + 1 :]]
        to = max(0, min(to, len(rest)))
        rest.insert(to, self.steps[place])
        self._become(steps=tuple(rest))
        return to

    def write(self, **what: str) -> None:
        """Write name, title, notes or bench."""
        self._become(**what)

    def take(self, contents: Contents) -> None:
        """Begin another queue, e.g. one that was opened."""
        self._become(**vars(contents))

    def undo(self) -> bool:
        """Take the last change back; return whether there was one."""
        if not self._before:
            return False
        self._after.append(self.contents)
        self.contents = self._before.pop()
        return True

    def redo(self) -> bool:
        """Do again what was taken back last; return whether there was anything."""
        if not self._after:
            return False
        self._before.append(self.contents)
        self.contents = self._after.pop()
        return True

    def _become(self, **what: Any) -> None:
        changed = replace(self.contents, **what)
        if changed != self.contents:
            self._before = [*self._before[-MOST_UNDONE:], self.contents]
            self._after = []
            self.contents = changed

    def draft(self, store: str | None) -> dict[str, Any]:
        """Return it as the companion process wants it."""
        contents = self.contents
        return {
            "name": contents.name,
            "title": contents.title,
            "notes": contents.notes,
            "bench": contents.bench or None,
            "store": store,
            "steps": [step.as_json() for step in contents.steps],
        }


def step_from(written: Written, taken: Iterable[str], like: QueueStep | None = None) -> QueueStep:
    """Return what is written in a form as a step.

    Parameters
    ----------
    written : Written
    taken : iterable of str
        Names of cells that are used already; numbering goes on after them.
    like : QueueStep, optional
        The step it takes the place of: name, electrode and counts are kept.
    """
    cell = dict(written.cell)
    number = next_number(cell.get("name", ""), taken)
    if number is not None and number > 1:
        cell.setdefault(NUMBER, str(number))
    step = QueueStep(written.protocol) if like is None else like
    parameters = dict(written.parameters.get(written.protocol, {}))
    return replace(step, protocol=written.protocol, parameters=parameters, cell=cell)


def contents_from(given: Mapping[str, Any], catalogue: Catalogue) -> Contents:
    """Return a queue that was opened, as the companion process gives it."""
    return Contents(
        name=given.get("name") or "",
        title=given.get("title") or "",
        notes=given.get("notes") or "",
        bench=given.get("bench") or "",
        steps=tuple(_step(each, catalogue) for each in given["steps"]),
    )


def _step(given: Mapping[str, Any], catalogue: Catalogue) -> QueueStep:
    protocol = given["protocol"]
    parameters = {
        name: as_text(value, catalogue.field(protocol, PARAMETERS + name))
        for name, value in given["parameters"].items()
    }
    return QueueStep(
        protocol,
        parameters,
        flat(given["cell"]),
        given.get("name") or "",
        bool(given.get("fresh")),
        given.get("count"),
        bool(given.get("allow_spent")),
    )


def as_memory(contents: Contents) -> str:
    """Return a queue as a text to remember."""
    queue = Queue()
    queue.contents = contents
    return json.dumps(queue.draft(None))


def from_memory(text: str) -> Contents:
    """Return a queue that was remembered; an empty one where that cannot be read."""
    try:
        return contents_from(json.loads(text), Catalogue())
    except (ValueError, TypeError, KeyError, AttributeError):
        return Contents()
