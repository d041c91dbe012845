"""What run.json of an export says: where the run comes from, and what its tables hold."""

from dataclasses import asdict
from typing import Any

from app.cli.output import finite
from core.clock import utc_now
from storage import RunReader, RunSummary
from storage.provenance import cell_values


def about(
    reader: RunReader, summary: RunSummary, tables: dict[str, dict[str, Any]], left_out: list[str]
) -> dict[str, Any]:
    """Return what is known of a run, JSON-able.

    Parameters
    ----------
    reader : RunReader
    summary : RunSummary
        Its line of the listing, with the state it was really in when it was exported.
    tables : dict
        Rows and headings of each file beside it.
    left_out : list of str
        What could not be read, in words.
    """
    header = reader.header
    cell = header.cell
    known: dict[str, Any] = {
        "format": "stripbench tidy CSV, 1",
        "mark": "SIMULATED" if summary.simulated else "",
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
        "units": "SI and absolute as the headings say; areal values are per area of the electrode. time_s "
        "counts bench seconds from started_utc. Z = Zre + i Zim, so a capacitive response has Zim < 0. "
        "Amplitudes are peak. cell: m, m², Pa, K, s.",
        "tables": tables,
        "left_out": left_out,
        "exported_utc": utc_now().isoformat(),
    }
    found: dict[str, Any] = finite(known)
    return found


def _instrument(each: Any) -> dict[str, Any]:
    return asdict(each) | {"health_utc": each.health_utc.isoformat()}
