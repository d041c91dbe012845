"""The rows of a queue as the list shows them: what is done to which cell, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.window.shown.form import as_text
from app.window.shown.form_fields import PARAMETERS, Catalogue
from app.window.shown.form_summary import amounts, grouped, lasting, sentence
from app.window.shown.queue import Contents, QueueStep

EMPTY_TITLE = "No step in the queue yet"
EMPTY_WORDS = (
    "A queue is several experiments one after the other, on one cell or on many, started with one click "
    "and rehearsed as a whole before."
)
EMPTY_WAYS = (
    "1.  Write an experiment on the Start page and press “Add to the queue”.",
    "2.  Come back, drag the steps into their order, rehearse and start.",
)


@dataclass(frozen=True)
class QueueRow:
    """How a step looks in the list.

    Attributes
    ----------
    number : str
    title, cell : str
        Of the protocol; the cell and what it is made of.
    words : str
        What was written that differs from the defaults.
    problem, warning : str
        What is wrong; the first of several.
    amounts : str
        How long it takes, and how many spectra.
    mounts : bool
        Whether an electrode is mounted for it.
    note : str
        Anything else, e.g. which run it is.
    colour : str
        Name of the colour at its edge while nothing is wrong; empty for none.
    """

    number: str
    title: str
    cell: str
    words: str
    problem: str = ""
    warning: str = ""
    amounts: str = ""
    mounts: bool = False
    note: str = ""
    colour: str = ""

    @property
    def where(self) -> str:
        """The cell, and whether an electrode is mounted first."""
        return f"mounts {self.cell}" if self.mounts else self.cell

    @property
    def below(self) -> tuple[str, str]:
        """The last line with the name of its colour: what is wrong, or else what was written."""
        if self.problem:
            return f"■ {self.problem}", "vermillion"
        return (f"▲ {self.warning}", "ink") if self.warning else (self.words, "grey")

    @property
    def edge(self) -> str:
        """Name of the colour at its edge; empty for none."""
        return "vermillion" if self.problem else "orange" if self.warning else self.colour

    @property
    def tip(self) -> str:
        """All that may not fit."""
        return "\n".join(filter(None, (self.problem, self.warning, self.words)))


def rows(queue: Contents, catalogue: Catalogue, answer: Mapping[str, Any] | None) -> list[QueueRow]:
    """Return the rows of a queue; `answer` is that of the last check, None while there is none."""
    seen: list[Mapping[str, str]] = []
    found = []
    for index, step in enumerate(queue.steps):
        mounts = step.fresh or step.cell not in seen
        seen.append(step.cell)
        found.append(_row(index, step, mounts, catalogue, answer))
    return found


def _row(
    index: int, step: QueueStep, mounts: bool, catalogue: Catalogue, answer: Mapping[str, Any] | None
) -> QueueRow:
    chosen = catalogue.protocol(step.protocol)
    title = chosen.title if chosen is not None else step.protocol or "no protocol chosen"
    checked = {} if answer is None else _checked(answer, index)
    return QueueRow(
        number=str(index + 1),
        title=f"{step.name}: {title}" if step.name else title,
        cell=" · ".join(filter(None, (step.cell.get("name", "no cell"), step.cell.get("anode", "")))),
        words=what_is_written(step.protocol, step.parameters, catalogue),
        problem=problem_of(answer, index, step, catalogue),
        warning="" if answer is None else _warning_of(answer, index),
        amounts=_amounts(checked),
        mounts=mounts,
    )


def what_is_written(protocol: str, parameters: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return in words which parameters differ from their defaults, and what they are."""
    found = []
    for name, value in parameters.items():
        field_of = catalogue.field(protocol, PARAMETERS + name)
        found.append(f"{name if field_of is None else field_of.label} {as_text(value, field_of)}")
    return ", ".join(found) or "everything as by default"


def problem_of(answer: Mapping[str, Any] | None, index: int, step: QueueStep, catalogue: Catalogue) -> str:
    """Return what is wrong with a step; empty if nothing is. Of several problems, the first and how many."""
    place = f"steps.{index + 1}."
    problems = [] if answer is None else [each for each in answer["problems"] if _is_at(each, place)]
    if not problems:
        return ""
    first = problems[0]
    path = first["field"].removeprefix(place)
    found = catalogue.field(step.protocol, path)
    words = sentence(first) if found is None else f"{found.label}: {sentence(first)}"
    return words if len(problems) == 1 else f"{words} ({len(problems) - 1} more)"


def totals(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how long, until when, how much, and which cells."""
    found = list(amounts(answer))
    for place, kind in enumerate(answer.get("cells") or ()):
        found.append(
            ("" if place else "Cells", f"{len(kind['names'])} {kind['anode']} ({', '.join(kind['names'])})")
        )
    return found


def _checked(answer: Mapping[str, Any], index: int) -> Mapping[str, Any]:
    steps = answer.get("steps") or []
    return steps[index] if index < len(steps) else {}


def _amounts(checked: Mapping[str, Any]) -> str:
    parts = []
    if checked.get("hours") is not None:
        parts.append(f"at most {lasting(checked['hours'])}")
    if checked.get("spectra") is not None:
        parts.append(f"{grouped(checked['spectra'])} spectra")
    return " · ".join(parts)


def _is_at(each: Mapping[str, str], place: str) -> bool:
    return f"{each['field']}.".startswith(place)


def _warning_of(answer: Mapping[str, Any], index: int) -> str:
    place = f"steps.{index + 1}."
    return next((each["text"] for each in answer["warnings"] if _is_at(each, place)), "")
