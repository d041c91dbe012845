"""``stripbench run``: execute an experiment in the foreground."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import JsonOption, SpeedOption, StoreOption, parse_speed, writing_store
from app.cli.output import check_target, err, write_json
from core.errors import BadInput

if TYPE_CHECKING:
    from protocols.control import Control


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
    from app.cli.signals import signals
    from protocols.control import Control

    if progress not in ("", "jsonl"):
        raise BadInput(f"--progress {progress!r} is refused;", 'the one machine-readable form is "jsonl".')
    control = Control()
    with signals(control, lambda text: err.print(text, markup=False)):
        status = _run(experiment, bench, json_file, speed, progress, store, control)
    raise typer.Exit(status)


def _run(
    experiment: Path,
    bench: Path | None,
    json_file: str,
    speed: str,
    progress: str,
    store: str,
    control: "Control",
) -> int:
    from analysis.engine.choice import is_made
    from app.cli.execute import execute
    from app.results import as_json
    from app.runner.job import read_job

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
    if control.wanted:
        err.print("nothing was started")
        return 3
    if job.bench.wholly_simulated and not is_made():
        err.print("compiling the fit engine; this happens once for each installation …")
    outcome = execute(kept, job, pace, control, announce=_print_line if progress else None, live=not progress)
    if json_file:
        write_json({"runs": [as_json(kept.run(outcome.run))]}, json_file)
    if not progress or outcome.exit_status == 4:
        with suppress(OSError, ValueError):
            ended = f"run {outcome.run}: {outcome.state} ({outcome.end_reason})"
            err.print(ended, markup=False, soft_wrap=True)
    return outcome.exit_status


def _print_line(spectrum: int, checksum: int) -> None:
    # Whoever listens may go away; the run must not end because of that.
    with suppress(OSError, ValueError):
        sys.stderr.write(json.dumps({"id": spectrum, "checksum": checksum}) + "\n")
        sys.stderr.flush()
