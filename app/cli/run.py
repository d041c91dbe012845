"""``stripbench run``: execute an experiment in the foreground."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption, SpeedOption, StoreOption, parse_speed, writing_store
from app.cli.output import check_target, err, write_json
from core.errors import BadInput


def run(
    experiment: Annotated[Path, typer.Argument(metavar="EXPERIMENT.toml")],
    bench: Annotated[
        Path | None, typer.Option("--bench", metavar="BENCH.toml", help="Left out: the simulated bench.")
    ] = None,
    json_file: JsonOption = "",
    speed: SpeedOption = "max",
    progress: Annotated[
        str, typer.Option("--progress", metavar="jsonl", help="A JSON line for every spectrum durably kept.")
    ] = "",
    store: StoreOption = "",
) -> None:
    """Run an experiment: Ctrl-C stops it, twice aborts; SIGTERM aborts to the safe state."""
    from app.cli.execute import execute
    from app.results import as_json
    from app.runner.job import read_job

    if progress not in ("", "jsonl"):
        raise BadInput(f"--progress {progress!r} is refused;", 'the one machine-readable form is "jsonl".')
    job = read_job(experiment, bench)
    pace = parse_speed(speed)
    if not job.bench.wholly_simulated and speed not in ("max", "1"):
        raise BadInput(
            f"--speed {speed!r} is refused: the bench {job.bench.name!r} has real instruments;",
            "leave it out.",
        )
    check_target(json_file)
    for line in job.plan():
        if not progress:
            err.print(line, markup=False)
    kept = writing_store(store)
    outcome = execute(kept, job, pace, announce=_print_line if progress else None, live=not progress)
    if json_file:
        write_json({"runs": [as_json(kept.run(outcome.run))]}, json_file)
    else:
        err.print(f"run {outcome.run}: {outcome.state} ({outcome.end_reason})", markup=False)
    raise typer.Exit(outcome.exit_status)


def _print_line(spectrum: int, checksum: int) -> None:
    # Whoever listens may go away; the run must not end because of that.
    with suppress(OSError, ValueError):
        sys.stderr.write(json.dumps({"id": spectrum, "checksum": checksum}) + "\n")
        sys.stderr.flush()
