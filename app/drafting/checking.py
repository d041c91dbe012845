"""Checking one draft: everything that is wrong with it, and what it means in absolute numbers."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from app.campaign.plan import Electrode, Plan, Work
from app.drafting import known_cells
from app.drafting.amounts import NOT_KNOWN, amounts, currents
from app.drafting.asked import Draft, StepDraft, read
from app.drafting.benches import UNKNOWN, BenchDraft, bench_of
from app.drafting.derived import Derived, of_amounts, of_cell, of_protocol, response_at_start
from app.drafting.heard import heard
from app.drafting.known_cells import Warned
from app.drafting.planning import plan_of
from app.drafting.problems import Problem, of_error
from app.drafting.reading import Typed, read_typed
from app.drafting.toml_text import document
from core.cell import Cell
from core.errors import BadInput
from drivers.abilities import Abilities
from protocols.decisions import LargeResponse
from protocols.protocol import Protocol
from storage import Store

WARNING = "WARNING: "
"""What a plan's line begins with where it warns."""


@dataclass
class Judged:
    """What came of the fields of one experiment.

    Attributes
    ----------
    typed : Typed
    problems : list of Problem
    warnings : list of Warned
    derived : list of Derived
    plan : list of str
    amounts : dict
        As `app.drafting.amounts` gives them.
    """

    typed: Typed
    problems: list[Problem]
    warnings: list[Warned] = field(default_factory=list)
    derived: list[Derived] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    amounts: dict[str, Any] = field(default_factory=lambda: dict(NOT_KNOWN))

    def as_json(self) -> dict[str, Any]:
        """Return what is told of it."""
        return {
            "ok": not self.problems,
            "problems": [each.as_json() for each in self.problems],
            "warnings": [each.as_json() for each in self.warnings],
            "derived": [each.as_json() for each in self.derived],
            "plan": self.plan,
            **self.amounts,
        }


def check(draft: Any) -> dict[str, Any]:
    """Check a draft as it is typed; see `app.drafting` for what goes in and comes out.

    Raises
    ------
    BadInput
        Only where it has not the shape of a draft.
    """
    asked = read(Draft, draft, "the draft")
    bench, against = bench_to_check(asked.bench)
    with ExitStack() as stack:
        store, warnings = known_cells.store_to_read(asked.store)
        if store is not None:
            stack.callback(store.close)
        judged = judge(asked, bench, store)
    judged.problems = against + judged.problems
    judged.warnings = warnings + judged.warnings
    text = _file(asked, judged)
    return judged.as_json() | (UNKNOWN if bench is None else bench.as_json()) | {"toml": text}


def bench_to_check(path: str | None) -> tuple[BenchDraft | None, list[Problem]]:
    """Read the bench of a draft, or say what is wrong with its file."""
    try:
        return bench_of(path), []
    except BadInput as error:
        return None, [of_error("bench", error)]


def judge(
    draft: StepDraft, bench: BenchDraft | None, store: Store | None, *, numbered: bool = False
) -> Judged:
    """Judge the fields of one experiment; `numbered`: the cell's name may hold ``{n}``."""
    typed = read_typed(draft, numbered=numbered)
    judged = Judged(typed, typed.problems)
    if typed.cell is not None:
        judged.derived += of_cell(typed.cell, typed.cell_table)
        if store is not None:
            file = None if bench is None else bench.file
            judged.warnings += known_cells.known_cell(store, typed.cell, typed.chosen, file)
    if bench is None:
        return judged
    with heard() as said:
        judged.plan, against = plan_of(typed, bench)
        judged.problems = judged.problems + against
        if typed.chosen is not None and typed.cell is not None and not judged.problems:
            _add_meaning(judged, typed.chosen, typed.cell, bench.abilities)
    if not judged.problems:
        judged.warnings += [Warned("parameters.sweep_time", words) for words in said]
    return judged


def _add_meaning(judged: Judged, chosen: type[Protocol], cell: Cell, abilities: Abilities) -> None:
    """Add what a draft means that can be done."""
    typed, built = judged.typed, chosen(**judged.typed.values)
    judged.warnings += [
        Warned("", line.removeprefix(WARNING)) for line in judged.plan if line.startswith(WARNING)
    ]
    judged.warnings += _large_response(built, abilities, cell)
    judged.amounts = amounts(built, abilities, cell, one_step(chosen, typed.values, cell))
    judged.derived += of_protocol(built, abilities, cell)
    judged.derived += of_amounts(judged.amounts)


def one_step(chosen: type[Protocol], values: dict[str, Any], cell: Cell) -> Plan:
    """Return one experiment as a plan of a single step."""
    name, electrode = chosen.__name__, Electrode(cell.name, 0, cell, "")
    return Plan(name, (Work(f"1.{name}", "", name, values, electrode, {}, name),))


def _large_response(built: Protocol, abilities: Abilities, cell: Cell) -> list[Warned]:
    """Warn where the AC response would be too large already with an interface as it was formed."""
    flowing = currents(built, abilities, cell)
    if not flowing:
        return []
    volts = max(response_at_start(each, cell) for each in flowing)
    limit = LargeResponse().limit
    if volts <= limit:
        return []
    words = f"the AC response is about {volts * 1e3:.3g} mV at the beginning, above {limit * 1e3:g} mV"
    if len(flowing) > 1 and flowing[0].adapt:
        remedy = "less is taken between currents, once that was seen"
    else:
        remedy = "the cell does not answer linearly; lower the amplitude"
    return [Warned("parameters.amplitude", f"{words}: {remedy}")]


def _file(asked: Draft, judged: Judged) -> str | None:
    """Return the experiment as a file; None where it is none yet."""
    if judged.problems:
        return None
    try:
        return experiment_file(judged.typed, asked.title, asked.notes)
    except BadInput as error:
        judged.problems.append(of_error("", error))
        return None


def experiment_file(typed: Typed, title: str, notes: str) -> str:
    """Write an experiment file of what was typed, letter by letter where a field was filled in."""
    assert typed.chosen is not None
    words = {"title": title, "notes": notes}
    return document(
        {
            "protocol": typed.chosen.__name__,
            **{name: text for name, text in words.items() if text},
            "cell": typed.cell_table,
            "parameters": typed.values,
        }
    )
