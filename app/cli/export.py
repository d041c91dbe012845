"""``stripbench export``: runs as files that other programs read."""

import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import check_target, err, out, write_json


def export(
    runs: Annotated[list[int], typer.Argument(metavar="RUN…", min=1)],
    folder: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Is made; must not exist.", show_default=False)
    ],
    form: Annotated[
        str, typer.Option("--format", metavar="NAME", help="csv: tidy tables, a folder for each run.")
    ] = "csv",
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Write runs to files: spectra, fits, readings, events, decisions, and where they come from."""
    from app.export import export as work

    check_target(json_file)
    kept = reading_store(store)
    # Whoever ends this process wants nothing half-done to stay behind.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _Bars() as bars:
            target = work(kept, runs, folder, form, bars.tell)
    finally:
        signal.signal(signal.SIGTERM, before)
    numbers = list(dict.fromkeys(runs))
    simulated = [number for number in numbers if kept.run(number).header.simulated]
    names = f"run {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} runs"
    mark = (
        "  SIMULATED" if len(simulated) == len(numbers) else f"  {len(simulated)} SIMULATED" * bool(simulated)
    )
    if json_file:
        write_json(
            {"folder": str(target), "runs": numbers, "simulated": simulated, "format": form}, json_file
        )
    if json_file == "-":
        return
    out.print(f"{names} written to {target}{mark}", markup=False, soft_wrap=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Bars:
    """The progress on standard error, a bar for each thing that is written."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskID] = {}
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=err)

    def __enter__(self) -> "_Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, what: str, done: int, total: int) -> None:
        """Show how much of something is done."""
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done, total=total)
