"""Opening a file that a lab has written: an experiment, or a campaign, as what a form shows."""

import math
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.campaign.expand import make_campaign
from app.campaign.plan import Plan
from app.campaign.reading import laid_over
from app.drafting.cell_form import as_written
from app.runner.job import parse_toml
from core.campaign import CampaignFile, Entry, is_campaign
from core.errors import BadInput
from core.files import ExperimentFile, explain
from drivers.bench import read_text

REMEDY = "check the path; examples lie in examples/."


def open_file(path: Path | str) -> dict[str, Any]:
    """Open an experiment or a campaign file; see `app.drafting` for what comes out.

    What is typed into the fields of an experiment is not judged here: a form shows it with its
    problems.

    Raises
    ------
    BadInput
        If it is no such file.
    """
    path = Path(path)
    text = read_text(path, "file", REMEDY)
    tables = parse_toml(text, str(path))
    if not is_campaign(tables):
        draft = experiment_draft(tables, str(path), path.parent)
        return {"kind": "experiment", "editable": True, "path": str(path), "draft": draft}
    plan = make_campaign(text, str(path), path.parent)
    file = CampaignFile.model_validate(tables)
    if all(map(_is_plain, file.steps)):
        queue = _queue(file, plan, path.parent)
        return {"kind": "queue", "editable": True, "path": str(path), "queue": queue}
    return {
        "kind": "campaign",
        "editable": False,
        "path": str(path),
        "name": plan.name,
        "title": plan.title,
        "notes": plan.notes,
        "steps": [
            {
                "path": where,
                "protocol": work.protocol,
                "cell": as_written(work.electrode.cell),
                "parameters": dict(work.parameters),
            }
            for where, work in plan.works()
        ],
    }


def experiment_draft(tables: dict[str, Any], source: str, folder: Path) -> dict[str, Any]:
    """Return the draft of an experiment file; a cell that it names by its path is read.

    Raises
    ------
    BadInput
        For keys that no experiment has, and for a cell file that cannot be read.
    """
    try:
        # The cell's own fields are for the form to judge.
        file = ExperimentFile.model_validate(tables | ({"cell": "-"} if "cell" in tables else {}))
    except ValidationError as error:
        raise explain(error, source) from None
    cell = tables["cell"]
    if isinstance(cell, str):
        path = folder / cell
        cell = parse_toml(read_text(path, "cell file", f'check "cell" in {source}.'), str(path))
    if not isinstance(cell, dict):
        raise BadInput(f"{source}: cell = {cell!r} is neither a table nor a path;", "write [cell].")
    return {
        "protocol": file.protocol,
        "parameters": _json_able(file.parameters),
        "cell": _json_able(cell),
        "bench": None,
        "store": None,
        "title": file.title,
        "notes": file.notes,
    }


def _is_plain(entry: Entry) -> bool:
    """Whether an entry is a step that simply follows the one before it."""
    return bool(entry.protocol) and not (entry.on or entry.at_most or entry.fixed or entry.override)


def _queue(file: CampaignFile, plan: Plan, folder: Path) -> dict[str, Any]:
    tables = {name: _cell_table(table, folder) for name, table in file.cells.items()}
    steps = []
    for entry, (_, work) in zip(file.steps, plan.works(), strict=True):
        kind = work.electrode.kind
        steps.append(
            {
                "name": entry.name,
                "protocol": entry.protocol,
                "parameters": dict(entry.parameters),
                "cell": tables[kind],
                "fresh": entry.fresh,
                "count": plan.kinds[kind].count,
                "allow_spent": entry.allow_spent,
            }
        )
    return {
        "name": file.campaign,
        "title": file.title,
        "notes": file.notes,
        "bench": None,
        "store": None,
        "steps": _json_able(steps),
    }


def _cell_table(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the table of a kind of cells, on top of the file it may name."""
    table = {name: value for name, value in given.items() if name not in ("file", "count")}
    if "file" not in given:
        return table
    path = folder / given["file"]
    below = parse_toml(read_text(path, "cell file", REMEDY), str(path))
    merged = laid_over(below, table)
    merged.pop("count", None)
    return merged


def _json_able(value: Any) -> Any:
    """Return what TOML holds as what JSON holds: dates, and what is no number, become text."""
    if isinstance(value, dict):
        return {name: _json_able(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_json_able(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if isinstance(value, str | int) else str(value)
