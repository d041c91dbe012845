"""``stripbench runs``, ``show`` and ``tell``: what is in the store, and speaking to a run."""

import getpass
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import err, number, out, write_json
from core.clock import wall_time
from core.errors import BadInput
from storage import FitVersion, RunReader, RunSummary, Store

if TYPE_CHECKING:
    from app.results import Stripping

ANSWER_WITHIN = 5.0
"""s of wall time that `tell` waits for the run's own answer."""

WIDE = 100
"""Characters from which on a listing shows the protocol, too."""
CELL = 16

MEANINGS = {
    "pause": "ends the sweep and goes to open circuit; this cannot be undone for t0",
    "resume": "the current flows again",
    "stop": "current off, this protocol ends normally; what follows it goes on as declared",
    "abort": "safe state, everything ends",
    "note": "kept on the time axis",
}


def runs(store: StoreOption = "", json_file: JsonOption = "") -> None:
    """List the runs, oldest first."""
    found = reading_store(store).runs()
    if json_file:
        write_json({"runs": [_entry(each) for each in found]}, json_file)
        return
    if not found:
        out.print("No run yet. Start one: stripbench demo")
        return
    wide = out.width >= WIDE
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for heading in ("run", "cell", "protocol", "state", "", "started (UTC)", "spectra", "end"):
        if wide or heading != "protocol":
            right = heading in ("run", "spectra")
            table.add_column(heading, justify="right" if right else "left", no_wrap=True)
    # One line a run: what does not fit is cut, and `show` has all of it.
    room = out.width - (66 if wide else 52) - CELL
    for each in found:
        row = [str(each.run), _cut(each.cell, CELL), *([each.protocol] if wide else []), str(each.state)]
        row += ["SIMULATED" if each.simulated else "", f"{each.started_utc:%Y-%m-%d %H:%M}"]
        table.add_row(*row, str(each.spectra), _cut(each.end_reason or "", room))
    out.print(table)


def _cut(text: str, room: int) -> str:
    """Return a text in so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def show(
    run: Annotated[int, typer.Argument(metavar="RUN")],
    fits: Annotated[
        str,
        typer.Option(
            "--fits", metavar="VERSION[/MODEL]", help="Results by these fits, not those decided on."
        ),
    ] = "",
    store: StoreOption = "",
    json_file: JsonOption = "",
) -> None:
    """Show one run: what was done to which cell, what came of it, and what was decided."""
    from app.fit_versions import choose
    from app.results import true

    reader = reading_store(store).run(run)
    version = choose(reader, fits)
    results, truth = _results(reader, version if fits else None), true(reader)
    if json_file:
        write_json(_full(reader, results, asdict(truth), version), json_file)
        return
    _print_run(reader)
    if reader.header.simulated:
        results["true (simulated)"] = truth
    _print_results(results)
    _print_versions(reader, version)
    for event in (stored.event for stored in reader.events()):
        out.print(
            f"{event.time / 3600:8.3f} h  {event.severity:7}  {event.kind}: {event.message}", markup=False
        )


def _results(reader: RunReader, version: FitVersion | None) -> "dict[str, Stripping]":
    """Return the results under the headings of their columns; None stands for those decided on."""
    from app.results import by_fits, measured, smoothed

    if version is None:
        return {"measured": measured(reader)}
    fits = reader.fits(model=version.model, version=version.version)
    results = {f"version {version.version}": by_fits(reader, fits)}
    if any(each.fit.smoothing for each in fits):
        results["smoothed"] = by_fits(reader, smoothed(fits))
    return results


def _print_run(reader: RunReader) -> None:
    summary, header = reader.summary(), reader.header
    mark = "  SIMULATED" if summary.simulated else ""
    out.print(
        f"run {summary.run} · {summary.cell} · {summary.protocol} · {summary.state}{mark}", markup=False
    )
    if summary.end_reason:
        out.print(f"ended: {summary.end_reason}", markup=False)
    out.print(f"bench {header.bench}, {summary.spectra} spectra, log {header.log_path or '–'}", markup=False)
    for name, value in header.parameters.items():
        out.print(f"  {name} = {'–' if value is None else value}", markup=False)
    for instrument in reader.instruments():
        known = " ".join(filter(None, (instrument.model, instrument.serial, instrument.firmware)))
        out.print(f"  {instrument.role}: {known} ({instrument.health})", markup=False)


def _print_results(results: "dict[str, Stripping]") -> None:
    table = Table(box=None, header_style="bold")
    table.add_column("result")
    for heading in results:
        table.add_column(heading, justify="right")
    columns = [asdict(each) for each in results.values()]
    for name in columns[0]:
        table.add_row(name, *(number(column[name], 4) for column in columns))
    out.print(table)


def _print_versions(reader: RunReader, shown: FitVersion | None) -> None:
    """Say which fits there are, and which the results are by."""
    from app.fit_versions import words

    for each in reader.fit_versions():
        mark = "  ← shown" if each == shown else ""
        out.print(f"fits: {words(each)}{mark}", markup=False, soft_wrap=True)


def tell(
    run: Annotated[int, typer.Argument(metavar="RUN")],
    verb: Annotated[str, typer.Argument(metavar="pause|resume|stop|abort|note")],
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT]")] = None,
    store: StoreOption = "",
) -> None:
    """Tell a running run something, and wait for its answer."""
    if verb not in MEANINGS:
        raise BadInput(f"{verb!r} is nothing a run can be told;", f"there are {', '.join(MEANINGS)}.")
    argument = " ".join(text or [])
    if verb == "note" and not argument.strip():
        raise BadInput("the note is empty;", 'write it after the word: stripbench tell RUN note "text".')
    if verb != "note" and argument:
        raise BadInput(f"{verb} takes no text, but got {argument!r};", "leave it out.")
    kept = reading_store(store)
    command = kept.tell(run, verb, argument, author=getpass.getuser())
    err.print(f"{verb}: {MEANINGS[verb]}", markup=False)
    outcome = wait_for_outcome(kept, command)
    if outcome is None:
        err.print(
            f"no answer within {ANSWER_WITHIN:g} s; the command is kept and the run may still take it up"
        )
        raise typer.Exit(4)
    out.print(outcome, markup=False)


def wait_for_outcome(store: Store, command: int) -> str | None:
    """Wait for what a run answers to a command; None if it does not in time."""
    pause, end = threading.Event(), wall_time() + ANSWER_WITHIN
    while wall_time() < end:
        if (outcome := store.command(command).outcome) is not None:
            return outcome
        pause.wait(0.05)
    return None


def _entry(summary: RunSummary) -> dict[str, Any]:
    return {
        "run": summary.run,
        "cell": summary.cell,
        "protocol": summary.protocol,
        "state": str(summary.state),
        "end_reason": summary.end_reason,
        "simulated": summary.simulated,
        "started_utc": summary.started_utc.isoformat(),
        "spectra": summary.spectra,
    }


def _full(
    reader: RunReader, results: "dict[str, Stripping]", truth: dict[str, Any], shown: FitVersion | None
) -> dict[str, Any]:
    from app.fit_versions import as_json

    header, (result, *more) = reader.header, results.values()
    return {
        **_entry(reader.summary()),
        "parameters": header.parameters,
        "bench": header.bench,
        "channel": header.channel,
        "versions": header.versions,
        "log": header.log_path,
        "result": asdict(result),
        **({"result_smoothed": asdict(more[0])} if more else {}),
        "truth": truth,
        "fits": None if shown is None else as_json(shown),
        "fit_versions": [as_json(each) for each in reader.fit_versions()],
        "instruments": [asdict(each) | {"health_utc": str(each.health_utc)} for each in reader.instruments()],
        "events": [
            {"time_s": each.time, "kind": each.kind, "severity": each.severity, "message": each.message}
            for each in (stored.event for stored in reader.events())
        ],
        "decisions": [
            {
                "rule": each.decision.rule,
                "outcome": each.decision.outcome,
                "time_s": each.decision.time,
                "parameters": each.decision.parameters,
                "fits": list(each.decision.fits),
            }
            for each in reader.decisions()
        ],
    }
