"""What is said of a run beside its exported files: where it comes from, and what they hold."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.cli.output import finite
from app.export.naming import MARK
from core.clock import utc_now
from storage import RunReader, RunSummary
from storage.provenance import cell_values

UNITS = (
    "SI and absolute as the headings say; areal values are per area of the electrode. time_s "
    "counts bench seconds from started_utc. Z = Zre + i Zim, so a capacitive response has Zim < 0. "
    "Amplitudes are peak. cell: m, m², Pa, K, s."
)
"""Of tidy CSV."""


def about(
    reader: RunReader,
    summary: RunSummary,
    tables: dict[str, dict[str, Any]],
    left_out: Sequence[str],
    form: str = "stripbench tidy CSV, 1",
    units: str = UNITS,
) -> dict[str, Any]:
    """Return what is known of a run, JSON-able.

    Parameters
    ----------
    reader : RunReader
    summary : RunSummary
        Its line of the listing, with the state it was really in when it was exported.
    tables : dict
        Rows and headings of each file beside it.
    left_out : sequence of str
        What could not be read or has no place in the format, in words.
    form : str
        What the files beside it are.
    units : str
        Units and signs in them, in words.
    """
    header = reader.header
    cell = header.cell
    known: dict[str, Any] = {
        "format": form,
        "mark": MARK if summary.simulated else "",
        "simulated": summary.simulated,
        "run": summary.run,
        "protocol": header.protocol,
        "parameters": header.parameters,
        "cell": cell_values(cell),
        "cell_as_given": header.cell_given,
        "electrode_area_cm2": cell.area * 1e4,
        "pellet_area_cm2": cell.pellet_area * 1e4,
        "state": summary.state.value,
        "ended": summary.ended,
        "end_reason": summary.end_reason,
        "complete": not summary.live,
        "started_utc": summary.started_utc.isoformat(),
        "ended_utc": None if summary.ended_utc is None else summary.ended_utc.isoformat(),
        "bench_time_s": summary.bench_time,
        "bench": header.bench,
        "channel": header.channel,
        "seed": header.seed,
        "campaign": summary.campaign,
        "step_of_campaign": summary.path,
        "instruments": [_instrument(each) for each in reader.instruments()],
        "steps": [asdict(each) for each in reader.steps()],
        "versions": header.versions,
        "experiment_file": header.experiment_text,
        "bench_file": header.bench_text,
        "units": units,
        "tables": tables,
        "left_out": list(left_out),
        "exported_utc": utc_now().isoformat(),
    }
    found: dict[str, Any] = finite(known)
    return found


def write_about(known: dict[str, Any], path: Path) -> None:
    """Write what `about` returned as JSON."""
    text = json.dumps(known, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _instrument(each: Any) -> dict[str, Any]:
    return asdict(each) | {"health_utc": each.health_utc.isoformat()}
