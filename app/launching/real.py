"""What a launch on real instruments has to be confirmed for."""

import hashlib
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import BadInput
from core.files import BenchFile, explain
from core.units import parse_quantity

DENSITY = "µA/cm²"


def read_bench(path: Path) -> BenchFile:
    """Read a bench file, without asking whether there are drivers for it.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    try:
        return BenchFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        raise explain(error, str(path)) from None
    except ValueError as error:
        raise BadInput(f"{str(path)!r} is no bench file: {error};", "choose another, or mend it.") from None
    except OSError as error:
        raise BadInput(f"the bench file {str(path)!r} cannot be read: {error};", "check the path.") from None


def digest(text: str) -> str:
    """Return what tells one text of a file from another."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def require_unchanged(path: Path, seen: Collection[str]) -> None:
    """Refuse a file that is not one of those that were looked at.

    Parameters
    ----------
    path : Path
    seen : collection of str
        The `digest` of each text that was looked at.

    Raises
    ------
    BadInput
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the file {str(path)!r} cannot be read: {error};", "check the path.") from None
    if digest(text) not in seen:
        raise BadInput(
            f"the file {str(path)!r} has been changed since it was looked at;",
            "leave the page and come back to have it checked again, then confirm what it says now.",
        )


def require_confirmed(bench: BenchFile, text: str, confirmed: bool) -> None:
    """Refuse to start anything on real instruments that nobody has confirmed.

    Raises
    ------
    BadInput
        Naming the bench, its instruments and what would flow.
    """
    real = [
        f"{role} {table.model}" + (f" at {table.address}" if table.address else "")
        for role in ("potentiostat", "chamber", "gauge", "press")
        if (table := getattr(bench, role)) is not None and table.backend == "hardware"
    ]
    if not real or confirmed:
        return
    raise BadInput(
        f"the bench {bench.name!r} has real instruments ({', '.join(real)}): {what_would_flow(text)};",
        "look at the cell, then confirm it.",
    )


def what_would_flow(text: str) -> str:
    """Say which protocols an experiment or a campaign has, on which cells, at which current densities."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return "what would flow cannot be told, the file is not valid TOML"
    named = list(dict.fromkeys(_named(tables, "protocol"))) or ["what its included files say"]
    cells = list(dict.fromkeys(_cells(tables)))
    on = f" on {', '.join(cells)}" if cells else ""
    densities = list(dict.fromkeys(_densities(tables)))
    flows = f"{', '.join(densities)} would flow" if densities else "the currents are the protocol's own"
    return f"{', '.join(named)}{on}; {flows}"


def _named(value: Any, name: str) -> Iterator[str]:
    """Return every text that a key of this name has, at any depth."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == name and isinstance(each, str):
                yield each
            yield from _named(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each, name)


def _cells(tables: dict[str, Any]) -> Iterator[str]:
    single, kinds = tables.get("cell"), tables.get("cells")
    for table in [single, *(kinds.values() if isinstance(kinds, dict) else ())]:
        if isinstance(table, dict) and isinstance(name := table.get("name", table.get("file")), str):
            yield name


def _densities(value: Any) -> Iterator[str]:
    """Return every current density that is written with its unit, at any depth."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _densities(each)
    elif isinstance(value, str) and "A" in value:
        try:
            parse_quantity(value, DENSITY)
        except BadInput:
            return
        yield value
