"""``stripbench run``: execute an experiment or a campaign in the foreground."""

import json
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import JsonOption, SpeedOption, StoreOption, parse_speed, writing_store
from app.cli.output import check_target, err, write_json
from core.errors import BadInput

if TYPE_CHECKING:
    from app.runner.job import Job
    from core.files import BenchFile
    from protocols.control import Control
    from storage import Store


def run(
    experiment: Annotated[Path, typer.Argument(metavar="EXPERIMENT.toml|CAMPAIGN.toml")],
    bench: Annotated[
        Path | None, typer.Option("--bench", metavar="BENCH.toml", help="Left out: the simulated bench.")
    ] = None,
    json_file: JsonOption = "",
    speed: SpeedOption = "max",
    progress: Annotated[
        str, typer.Option("--progress", metavar="jsonl", help="A JSON line for every spectrum durably kept.")
    ] = "",
    side_by_side: Annotated[
        int,
        typer.Option("--side-by-side", min=1, help="Of a campaign on a simulated bench: cells at a time."),
    ] = 1,
    allow_spent: Annotated[
        bool, typer.Option("--allow-spent", help="Also on an electrode that is depleted or shorted.")
    ] = False,
    store: StoreOption = "",
) -> None:
    """Run an experiment or a campaign: Ctrl-C stops the step, twice aborts; SIGTERM aborts."""
    from app.cli.signals import signals
    from protocols.control import Control

    if progress not in ("", "jsonl"):
        raise BadInput(f"--progress {progress!r} is refused;", 'the one machine-readable form is "jsonl".')
    control = Control()
    with signals(control, lambda text: err.print(text, markup=False)):
        if _is_campaign(experiment):
            status = _campaign(experiment, bench, json_file, speed, progress, store, side_by_side, control)
        else:
            status = _run(experiment, bench, json_file, speed, progress, store, allow_spent, control)
    raise typer.Exit(status)


def _run(
    experiment: Path,
    bench: Path | None,
    json_file: str,
    speed: str,
    progress: str,
    store: str,
    allow_spent: bool,
    control: "Control",
) -> int:
    from app.cli.execute import execute
    from app.results import as_json
    from app.runner.job import read_job

    job = read_job(experiment, bench)
    pace = _pace(speed, job.bench)
    check_target(json_file)
    for line in job.plan():
        if not progress:
            err.print(line, markup=False)
    kept = writing_store(store)
    if not allow_spent:
        _refuse_spent(job, kept)
    if control.wanted:
        err.print("nothing was started")
        return 3
    _say_compiling(job.bench)
    outcome = execute(kept, job, pace, control, announce=_print_line if progress else None, live=not progress)
    if json_file:
        write_json({"runs": [as_json(kept.run(outcome.run))]}, json_file)
    if not progress or outcome.exit_status == 4:
        with suppress(OSError, ValueError):
            ended = f"run {outcome.run}: {outcome.state} ({outcome.end_reason})"
            err.print(ended, markup=False, soft_wrap=True)
    return outcome.exit_status


def _is_campaign(path: Path) -> bool:
    """Whether a file is a campaign; what cannot be read is refused where experiments are."""
    from core.campaign import is_campaign

    try:
        return is_campaign(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError):
        return False


def _campaign(
    path: Path,
    bench: Path | None,
    json_file: str,
    speed: str,
    progress: str,
    store: str,
    side_by_side: int,
    control: "Control",
) -> int:
    from app.campaign.expand import read_campaign
    from app.cli.campaign_run import run_campaign
    from app.runner.job import read_bench

    plan, given = read_campaign(path), read_bench(bench)
    pace = _pace(speed, given.file)
    if side_by_side > 1 and not given.file.wholly_simulated:
        raise BadInput(
            f"--side-by-side {side_by_side} is refused: the bench {given.file.name!r} has real instruments;",
            "leave it out.",
        )
    check_target(json_file)
    kept = writing_store(store)
    _say_compiling(given.file)
    return run_campaign(
        plan,
        given,
        kept,
        control,
        json_file=json_file,
        speed=pace,
        side_by_side=side_by_side,
        announce=_print_line if progress else None,
    )


def _pace(speed: str, bench: "BenchFile") -> float:
    """Read ``--speed`` and refuse it where there are real instruments."""
    pace = parse_speed(speed)
    if not bench.wholly_simulated and speed not in ("max", "1"):
        raise BadInput(
            f"--speed {speed!r} is refused: the bench {bench.name!r} has real instruments;", "leave it out."
        )
    return pace


def _refuse_spent(job: "Job", store: "Store") -> None:
    """Refuse to strip a real electrode that an earlier run left without contact, or shorted."""
    from app.runner.campaign import spent

    if job.bench.wholly_simulated or not type(job.protocol).spends_electrode:
        return
    word = spent(store, job.cell.name)
    if word is not None:
        raise BadInput(
            f"the electrode of {job.cell.name} is spent: an earlier run on it ended {str(word)!r};",
            "mount another and name it so, or say --allow-spent.",
        )


def _say_compiling(bench: "BenchFile") -> None:
    from analysis.engine.choice import is_made

    if bench.wholly_simulated and not is_made():
        err.print("compiling the fit engine; this happens once for each installation …")


def _print_line(spectrum: int, checksum: int) -> None:
    # Whoever listens may go away; the run must not end because of that.
    with suppress(OSError, ValueError):
        sys.stderr.write(json.dumps({"id": spectrum, "checksum": checksum}) + "\n")
        sys.stderr.flush()
