"""The fields of a cell, described as parameters are, so that one form shows both."""

import types
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt
from pydantic import BaseModel, PlainSerializer, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.drafting.words import short
from core.cell import Cell
from core.files import explain
from core.units import parse_quantity

LABELS = {"anode": "Anode", "counter.working_electrode_number": "Working electrode on this counter"}
"""Where the name of a field says it less well."""

UNITS = {"m": "mm", "m**2": "cm²", "Pa": "MPa", "s": "h", "K": "°C", "ohm*m**2": "kΩ cm²"}
"""What people write, for the unit that is kept."""
KEPT = {people: kept for kept, people in UNITS.items()} | {"µm": "m"}
"""The other way round."""
THIN = ("foil_thickness", "counter.thickness")
"""Lengths that people give in µm."""


def cell_fields() -> list[dict[str, Any]]:
    """Describe the fields of `core.cell.Cell`, those of its tables with a dot in their names."""
    return _fields(Cell, "")


def as_written(cell: Cell) -> dict[str, Any]:
    """Return what a cell says that is not taken for granted, in the units that people write."""
    written: dict[str, Any] = {}
    for field in cell_fields():
        value: Any = cell
        *tables, name = field["name"].split(".")
        for part in (*tables, name):
            value = getattr(value, part)
        text = _as_text(value, KEPT.get(field["units"], ""), field["units"])
        if text is None or text == field["default"]:
            continue
        table = written
        for part in tables:
            table = table.setdefault(part, {})
        table[name] = value if isinstance(value, int) else text
    return written


def tidy_cell(cell: Any) -> dict[str, Any]:
    """Return the table of a cell as people would write it; see `app.drafting`.

    Raises
    ------
    BadInput
        If it is not that of a cell.
    """
    try:
        return as_written(Cell.model_validate(cell))
    except ValidationError as error:
        raise explain(error, "the cell") from None


def _fields(model: type[BaseModel], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, field in model.model_fields.items():
        path = f"{table}.{name}" if table else name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += _fields(field.annotation, path)
        else:
            found.append(_field(path, table, field))
    return found


def _field(path: str, table: str, field: FieldInfo) -> dict[str, Any]:
    kind, inner, metadata = _taken_apart(field)
    kept = next((_unit(each) for each in metadata if isinstance(each, PlainSerializer)), "")
    units = "µm" if path in THIN else UNITS.get(kept, kept)
    optional = type(None) in get_args(field.annotation)
    names = {float: "optional number" if optional else "number", int: "integer"}
    limits = [each.gt if isinstance(each, Gt) else each.ge for each in metadata if isinstance(each, Gt | Ge)]
    return {
        "name": path,
        "label": LABELS.get(path, path.rpartition(".")[2].replace("_", " ").capitalize()),
        "kind": "choice" if kind is Literal else names.get(inner, "text"),
        "units": units,
        "default": _as_text(field.default, kept, units),
        "minimum": _least(limits[0], kept, units) if limits else None,
        "maximum": None,
        "choices": list(get_args(inner)) if kind is Literal else None,
        "description": field.description or "",
        "group": table or "cell",
        "required": field.is_required(),
    }


def _taken_apart(field: FieldInfo) -> tuple[Any, Any, list[Any]]:
    """Return origin and type of a field's value, and all that is said about it."""
    inner: Any = field.annotation
    metadata = list(field.metadata)
    if get_origin(inner) in (Union, types.UnionType):
        inner = next(each for each in get_args(inner) if each is not type(None))
    if hasattr(inner, "__metadata__"):
        metadata += inner.__metadata__
        inner = get_args(inner)[0]
    return get_origin(inner), inner, metadata


def _unit(serializer: PlainSerializer) -> str:
    """Return the unit that a quantity is written with, by writing one."""
    write: Any = serializer.func
    return str(write(1.0)).partition(" ")[2]


def _least(limit: Any, kept: str, units: str) -> float:
    return parse_quantity(f"{limit} {kept}", units) if kept else limit


def _as_text(value: Any, kept: str, units: str) -> str | None:
    if value is PydanticUndefined or value is None:
        return None
    if isinstance(value, float):
        # Twelve digits are more than a lab writes, and hide what the conversion does to the last ones.
        shown = float(f"{parse_quantity(f'{value!r} {kept}', units):.12g}")
        return f"{short(shown)} {units}"
    return str(value)
