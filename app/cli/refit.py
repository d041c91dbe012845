"""``stripbench refit``: fit the spectra of runs anew, beside the fits there are."""

import os
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import check_target, err, number, out, write_json
from core.errors import BadInput

if TYPE_CHECKING:
    from analysis.systematics import Decade
    from app.refit import Refitted, Wishes
    from app.refit_changes import Change, Changes
    from storage import RunSummary, Store

INTERRUPTED = 3
"""Exit status after Ctrl-C."""

CircuitOption = Annotated[
    str,
    typer.Option(
        "--circuit",
        metavar="TEXT",
        help='For example "L0-R0-p(R1,CPE1)" or "two interface arcs"; three arcs by default.',
    ),
]
FixOption = Annotated[
    list[str] | None, typer.Option("--fix", metavar="NAME=VALUE", help="Hold a parameter: alpha_gb=0.85.")
]
BoundOption = Annotated[
    list[str] | None,
    typer.Option("--bound", metavar="NAME=LOW..HIGH", help="Keep a parameter between two values."),
]
TieOption = Annotated[
    list[str] | None, typer.Option("--tie", metavar="NAME=OTHER", help="Let one parameter follow another.")
]
PriorOption = Annotated[
    list[str] | None, typer.Option("--prior", metavar="NAME=VALUE±SPREAD", help="Say what to expect.")
]


def refit(
    runs: Annotated[list[int], typer.Argument(metavar="RUN…", min=1)],
    circuit: CircuitOption = "",
    fix: FixOption = None,
    bound: BoundOption = None,
    tie: TieOption = None,
    prior: PriorOption = None,
    interpolate: Annotated[
        bool, typer.Option(help="Correct the drift within a sweep by the sweeps before and after it.")
    ] = True,
    smooth: Annotated[bool, typer.Option(help="Also see each fit together with its neighbours.")] = True,
    systematic: Annotated[
        bool, typer.Option("--systematic", help="Also say what alpha_gb, L and the lowest frequencies do.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, help="Threads; all cores by default.")
    ] = os.cpu_count() or 1,
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Fit the spectra of runs anew; the fits become the next version, those there are stay."""
    check_target(json_file)
    kept = reading_store(store)
    summaries = _wanted(kept, runs)
    from app.circuit_choice import chosen_circuit
    from app.refit import Wishes

    chosen = chosen_circuit(circuit, fix or (), bound or (), tie or (), prior or ())
    wishes = Wishes(chosen, interpolate, smooth, jobs)
    entries: list[dict[str, Any]] = []
    try:
        for summary in summaries:
            entries.append(_one(kept, summary, wishes, systematic, quiet=json_file == "-"))
    except KeyboardInterrupt:
        done = ", ".join(f"run {entry['run']}" for entry in entries) or "nothing"
        err.print(f"interrupted: {done} was refitted, the rest is as it was", markup=False)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        if json_file and entries:
            write_json({"runs": entries}, json_file)


def _wanted(store: "Store", runs: list[int]) -> "list[RunSummary]":
    """Return the runs that are asked for, refusing what cannot be refitted before anything is done."""
    twice = [run for run, count in Counter(runs).items() if count > 1]
    if twice:
        raise BadInput(f"run {twice[0]} is named twice;", "name it once.")
    summaries = [store.run(run).summary() for run in runs]
    for summary in summaries:
        if not summary.spectra:
            raise BadInput(
                f"run {summary.run} has no spectra;", "choose another: stripbench runs lists them."
            )
    return summaries


def _one(
    store: "Store", summary: "RunSummary", wishes: "Wishes", systematic: bool, quiet: bool
) -> dict[str, Any]:
    """Refit one run, print what came of it, and return it for JSON."""
    from analysis.systematics import by_decade
    from app.refit import assumptions
    from app.refit import refit as work
    from app.refit_changes import changes

    if summary.live:
        err.print(f"run {summary.run} still goes on; what is there so far is fitted", markup=False)
    with _Bar(summary.run) as bar:
        refitted = work(store, summary.run, wishes, bar.tell)
        shifts = assumptions(refitted, wishes, bar.tell) if systematic else None
    for note in refitted.measured.notes:
        err.print(note, markup=False, soft_wrap=True)
    found = changes(store.run(summary.run), refitted)
    decades = [] if shifts is None else by_decade(refitted.fits, shifts, refitted.measured.area)
    if not quiet:
        _print(summary, refitted, found)
        _print_decades(decades)
    return {
        "run": summary.run,
        "cell": summary.cell,
        "state": str(summary.state),
        "simulated": summary.simulated,
        "version": refitted.version,
        "model": refitted.fits.model,
        **wishes.how(),
        "spectra": len(refitted.fits),
        "notes": refitted.measured.notes,
        "fits_per_s": refitted.fits_per_second,
        **found.as_json(),
        "systematic": [asdict(decade) for decade in decades] if systematic else None,
    }


def _print(summary: "RunSummary", refitted: "Refitted", found: "Changes") -> None:
    mark = "  SIMULATED" if summary.simulated else ""
    out.print(
        f"run {summary.run} · {summary.cell}: {len(refitted.fits)} spectra, "
        f"{refitted.fits_per_second:.0f} fits/s, kept as version {refitted.version} of "
        f"{refitted.fits.model}{mark}",
        markup=False,
        soft_wrap=True,
    )
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("against version 1", "spectra", "median", "largest"):
        table.add_column(heading, justify="left" if heading.startswith("against") else "right")
    for word, each in (("", found.alone), (", smoothed", found.smoothed)):
        for name, change in each.items():
            table.add_row(f"{name}{word}", *_cells(change))
    out.print(table)
    t0 = ", ".join(f"{word} {number(hours, 6)}" for word, hours in found.t0_h.items())
    out.print(f"t0 / h: {t0}")
    flags = ", ".join(f"{count} {flag}" for flag, count in found.flags.items()) or "none"
    out.print(f"refused: {found.refused}; flags: {flags}", soft_wrap=True)


def _print_decades(decades: "list[Decade]") -> None:
    """Print what other assumptions do to R_int and C_int, by decade of R_int."""
    if not decades:
        return
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("R_int / Ω cm²", "spectra", "assumption", "R_int", "C_int"):
        table.add_column(heading, justify="left" if heading == "assumption" else "right")
    for decade in decades:
        where = (f"{decade.low:g} to {decade.high:g}", str(decade.spectra))
        for assumption, shift in decade.shifts.items():
            table.add_row(*where, assumption, *(f"{each:+.2%}" for each in shift.values()))
            where = ("", "")
        table.add_row(*where, "together ±", *(f"{each:.2%}" for each in decade.spread.values()))
    out.print(table)


def _cells(change: "Change") -> tuple[str, str, str]:
    if change.median is None or change.largest is None:
        return "0", "–", "–"
    return str(change.spectra), f"{change.median:.3%}", f"{change.largest:.2%}"


class _Bar:
    """The progress of one run on standard error, a bar for each thing that is done."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=err,
        )

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, what: str, done: int, total: int) -> None:
        """Show how much of something is done."""
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(f"run {self._run}: {what}", total=total)
        self._progress.update(self._tasks[what], completed=done, total=total)
