"""Checking a queue: several experiments one after the other, as the campaign they will be."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.campaign.expand import make_campaign, read_campaign
from app.campaign.plan import Plan
from app.drafting.asked import Queue, QueuedStep, read
from app.drafting.benches import UNKNOWN, BenchDraft
from app.drafting.checking import Judged, bench_to_check, judge
from app.drafting.known_cells import store_to_read
from app.drafting.problems import Problem, of_error, of_findings
from app.drafting.toml_text import document
from app.drafting.totals import Totals, totals_of
from app.launching.real import digest
from core.campaign import CellKind
from core.errors import BadInput
from drivers.bench import read_text

SOURCE = "the queue"
_PLACE = re.compile(r"\bsteps\.(\d+)((?:\.\w+)*)")
_KIND = re.compile(r"\bcells\.(.+?)(?: and |\.count|[:;]| =)")
_NUMBERING = re.compile(r"\{.*?\}")


@dataclass
class _Kind:
    """Cells with equal tables: `steps` are the numbers of those that use them, from 1."""

    name: str
    table: dict[str, Any]
    steps: list[int] = field(default_factory=list)
    mounted: int = 0
    wanted: int = 1

    @property
    def count(self) -> int:
        return max(self.mounted, self.wanted)


def check_queue(queue: Any) -> dict[str, Any]:
    """Check a queue as it is put together; see `app.drafting` for what goes in and comes out.

    Raises
    ------
    BadInput
        Only where it has not the shape of a queue.
    """
    asked = read(Queue, queue, SOURCE)
    bench, problems = bench_to_check(asked.bench)
    with ExitStack() as stack:
        store, warnings = store_to_read(asked.store)
        if store is not None:
            stack.callback(store.close)
        judged = [judge(step, bench, store, numbered=True) for step in asked.steps]
    if not asked.name.strip():
        problems.append(Problem("name", "the queue has no name;", "give it one."))
    if not judged:
        problems.append(Problem("steps", "the queue is empty;", "add an experiment."))
    for number, each in enumerate(judged, 1):
        problems += [found.under(f"steps.{number}") for found in each.problems]
    totals, text = Totals(), None
    if not problems and bench is not None:
        totals, text = _as_a_campaign(asked, judged, bench)
    problems += totals.problems
    return {
        "ok": not problems,
        "problems": [each.as_json() for each in problems],
        "warnings": [each.as_json() for each in (*warnings, *_of_steps(judged), *totals.warnings)],
        "steps": [each.as_json() for each in judged],
        **(totals.as_json() if not problems else Totals().as_json()),
        **(UNKNOWN if bench is None else bench.as_json()),
        "toml": None if problems else text,
    }


def check_campaign(path: Path | str, bench: str | None = None, store: str | None = None) -> dict[str, Any]:
    """Check a campaign file that is not edited in a form; the answer is that of `check_queue`.

    Its ``toml`` is null: the file is started as it lies there.
    """
    given, problems = bench_to_check(bench)
    totals = Totals()
    steps: list[dict[str, Any]] = []
    seen: list[str] = []
    try:
        plan = read_campaign(Path(path))
        seen.append(digest(read_text(Path(path), "campaign file", "check the path.")))
    except BadInput as error:
        problems.append(of_error("", error))
    else:
        if given is not None:
            totals = totals_of(plan, given, store)
            steps = [{"path": where, "plan": lines} for where, lines in totals.lines]
    problems += totals.problems
    found = UNKNOWN if given is None else given.as_json()
    return {
        "ok": not problems,
        "problems": [each.as_json() for each in problems],
        "warnings": [each.as_json() for each in totals.warnings],
        "steps": steps,
        **(totals.as_json() if not problems else Totals().as_json()),
        **found,
        "seen": [*found["seen"], *seen],
        "toml": None,
    }


def _of_steps(judged: list[Judged]) -> Any:
    for number, each in enumerate(judged, 1):
        for warned in each.warnings:
            yield type(warned)(".".join(filter(None, (f"steps.{number}", warned.field))), warned.text)


def _as_a_campaign(asked: Queue, judged: list[Judged], bench: BenchDraft) -> tuple[Totals, str | None]:
    """Write the queue as a campaign, read it as one, and add up what it takes."""
    kinds = _kinds(asked, judged)
    if problems := [problem for kind in kinds for problem in _numbered(kind)]:
        return Totals(problems=problems), None
    try:
        text = document(_tables(asked, judged, kinds))
        plan: Plan = make_campaign(text, SOURCE)
    except BadInput as error:
        return Totals(problems=[_placed(error, kinds)]), None
    return totals_of(plan, bench, asked.store), text


def _kinds(asked: Queue, judged: list[Judged]) -> list[_Kind]:
    """Put cells with equal tables together."""
    kinds: list[_Kind] = []
    for number, (step, each) in enumerate(zip(asked.steps, judged, strict=True), 1):
        table = each.typed.cell_table
        kind = next((known for known in kinds if known.table == table), None)
        if kind is None:
            kind = _Kind(_name_for(str(table["name"]), {known.name for known in kinds}), table)
            kinds.append(kind)
        if step.fresh or not kind.mounted:
            kind.mounted += 1
        kind.steps.append(number)
        kind.wanted = max(kind.wanted, step.count or 1)
    return kinds


def _name_for(cell: str, taken: set[str]) -> str:
    short = _NUMBERING.sub("", cell).strip(" -_.") or "cell"
    names = (short, *(f"{short} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _numbered(kind: _Kind) -> list[Problem]:
    """Return what is wrong with a kind once it is known how many of it there are."""
    try:
        CellKind.model_validate(kind.table | {"count": kind.count})
    except ValidationError as error:
        place = f"steps.{kind.steps[-1]}.cell"
        return of_findings(error, place, kind.table, f"{place}.name")
    return []


def _tables(asked: Queue, judged: list[Judged], kinds: list[_Kind]) -> dict[str, Any]:
    kind_of = {number: kind.name for kind in kinds for number in kind.steps}
    words = {"title": asked.title, "notes": asked.notes}
    return {
        "campaign": asked.name,
        **{name: text for name, text in words.items() if text},
        "cells": {
            kind.name: kind.table | ({"count": kind.count} if kind.count > 1 else {}) for kind in kinds
        },
        "steps": [
            _step(step, each, kind_of[number])
            for number, (step, each) in enumerate(zip(asked.steps, judged, strict=True), 1)
        ],
    }


def _step(step: QueuedStep, judged: Judged, kind: str) -> dict[str, Any]:
    said = {"fresh": step.fresh, "allow_spent": step.allow_spent}
    return {
        **({"name": step.name} if step.name else {}),
        "protocol": step.protocol,
        "cell": kind,
        **{name: True for name, wanted in said.items() if wanted},
        **({"parameters": judged.typed.values} if judged.typed.values else {}),
    }


def _placed(error: BadInput, kinds: list[_Kind]) -> Problem:
    """Return a refusal of the campaign at the step it speaks of."""
    problem = error.problem.removeprefix(f"{SOURCE}: ")
    if place := _PLACE.search(problem):
        return Problem(f"steps.{place[1]}{place[2]}", problem, error.remedy)
    if named := _KIND.search(problem):
        steps = [kind.steps[0] for kind in kinds if kind.name == named[1]]
        if steps:
            return Problem(f"steps.{steps[0]}.cell.name", problem, error.remedy)
    return Problem("", problem, error.remedy)
