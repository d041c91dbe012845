"""Whether a bench can do what was drafted, and which field has to be changed where it cannot."""

import re
from collections.abc import Iterable
from typing import Any

from app.drafting.benches import BenchDraft, built_in_bench
from app.drafting.problems import Problem, of_error
from app.drafting.reading import Typed
from core.cell import Cell
from core.errors import BadInput
from drivers.abilities import Abilities
from protocols.protocol import Protocol
from simulators.bench import check_simulation

_NUMBERS = re.compile(r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?")
_FIRST_NAME = re.compile(r"(\w+) = ")
MOST = 12
"""Refusals that are looked for; a plan stops at its first, so each is put aside to find the next."""


def plan_of(typed: Typed, bench: BenchDraft) -> tuple[list[str], list[Problem]]:
    """Plan what was typed for a bench; return the lines for the operator, and what stands against it."""
    chosen, cell = typed.chosen, typed.cell
    if chosen is None or cell is None:
        return [], []
    problems = list(_simulation(bench, cell))
    trial = _Trial(chosen, cell, typed.refused)
    refusals: list[Problem] = []
    lines: list[str] = []
    values = dict(typed.values)
    for _ in range(MOST):
        found = trial(values, bench.abilities)
        if not isinstance(found, BadInput):
            lines = found
            break
        error = found
        if trial.owes_to_refused(error):
            break
        field = trial.field(error, values, bench)
        refusals.append(of_error(field, error))
        name = field.removeprefix("parameters.")
        if name not in values:
            break
        del values[name]
    problems += refusals
    return ([] if typed.refused or problems else lines), problems


def _simulation(bench: BenchDraft, cell: Cell) -> Iterable[Problem]:
    if not bench.file.simulated:
        return
    try:
        check_simulation(bench.file, cell)
    except BadInput as error:
        yield of_error("bench", error)


class _Trial:
    """Tries a protocol with other parameters, to learn what a refusal is owed to."""

    def __init__(self, chosen: type[Protocol], cell: Cell, refused: set[str]) -> None:
        self._chosen, self._cell, self._refused = chosen, cell, refused

    def __call__(self, values: dict[str, Any], abilities: Abilities) -> list[str] | BadInput:
        """Return the lines of the plan, or why a bench does not do it."""
        try:
            return self._chosen(**values).plan(abilities, self._cell)
        except BadInput as error:
            return error

    def owes_to_refused(self, error: BadInput) -> bool:
        """Whether it may only be there because a parameter that was not accepted has its default here."""
        return any(re.search(rf"\b{re.escape(name)}\b", error.problem) for name in self._refused)

    def field(self, error: BadInput, values: dict[str, Any], bench: BenchDraft) -> str:
        """Return the field to change: the one it names, or the one without which it is not there."""
        named = _FIRST_NAME.match(error.problem)
        if named and named[1] in self._chosen.declared():
            return f"parameters.{named[1]}"
        for name in values:
            rest = {key: value for key, value in values.items() if key != name}
            if self._is_another(self(rest, bench.abilities), error):
                return f"parameters.{name}"
        if self._is_another(self(values, built_in_bench().abilities), error):
            return "bench"
        return ""

    @staticmethod
    def _is_another(found: list[str] | BadInput, error: BadInput) -> bool:
        """Whether there is no refusal any more, or one that differs by more than its numbers."""
        return not isinstance(found, BadInput) or _NUMBERS.sub("", found.problem) != _NUMBERS.sub(
            "", error.problem
        )
