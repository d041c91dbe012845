"""From what was typed to a protocol's parameters and a cell, with everything that is wrong in it."""

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.drafting.asked import StepDraft
from app.drafting.problems import Problem, of_error, of_findings
from core.campaign import CellKind
from core.cell import Cell
from core.errors import BadInput
from protocols.parameters import IntegerParameter
from protocols.protocol import Protocol
from protocols.registry import protocol

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*")


@dataclass
class Typed:
    """What was made of the fields of a form.

    Attributes
    ----------
    chosen : type of Protocol or None
        None where the name is not that of one.
    values : dict
        The parameters that are given and accepted, as a file would hold them.
    refused : set of str
        Those that are given and not accepted.
    cell : Cell or None
        None where the fields do not make one; of several electrodes the first.
    cell_table : dict
        As a cell file would hold it: what was left blank is left out.
    problems : list of Problem
    """

    chosen: type[Protocol] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    cell: Cell | None = None
    cell_table: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_typed(draft: StepDraft, *, numbered: bool = False) -> Typed:
    """Read the fields of a draft, one by one; `numbered`: the cell's name may hold ``{n}``."""
    typed = Typed()
    try:
        typed.chosen = protocol(draft.protocol)
    except BadInput as error:
        missing = Problem("protocol", "no protocol is chosen;", "choose one.")
        typed.problems.append(of_error("protocol", error) if draft.protocol else missing)
    else:
        _read_parameters(typed, draft.parameters)
    _read_cell(typed, draft.cell, numbered)
    return typed


def _read_parameters(typed: Typed, given: dict[str, Any]) -> None:
    assert typed.chosen is not None
    declared = typed.chosen.declared()
    for name, value in given.items():
        if is_blank(value):
            continue
        if isinstance(declared.get(name), IntegerParameter) and isinstance(value, str):
            value = int(value) if _WHOLE.fullmatch(value) else value
        try:
            typed.chosen(**{name: value})
        except BadInput as error:
            typed.problems.append(of_error(f"parameters.{name}", error))
            typed.refused.add(name)
        else:
            typed.values[name] = value
    typed.values = {name: typed.values[name] for name in declared if name in typed.values}


def _read_cell(typed: Typed, given: dict[str, Any], numbered: bool) -> None:
    table = without_blanks(given)
    whole = "electrode_area" if "electrode_area" in table and "electrode_diameter" not in table else ""
    try:
        if numbered:
            typed.cell = CellKind.model_validate(table).electrode(0)
        else:
            typed.cell = Cell.model_validate(table)
    except ValidationError as error:
        typed.problems += of_findings(error, "cell", table, f"cell.{whole or 'electrode_diameter'}")
    else:
        typed.cell_table = table


def is_blank(value: Any) -> bool:
    """Whether a field is left empty."""
    return value is None or (isinstance(value, str) and not value.strip())


def without_blanks(table: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is blank, in tables within it, too."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        inner = without_blanks(value) if isinstance(value, dict) else value
        if not is_blank(inner) and inner != {}:
            kept[name] = inner
    return kept
