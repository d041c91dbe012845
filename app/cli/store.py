"""``stripbench runs`` and ``show``: what is in the store."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from app.cli import annotations, requests, run_table
from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import number, out, write_json
from core.records import TOLD_TO_RULES
from storage import FitVersion, RunReader, Store

if TYPE_CHECKING:
    from app.results import Stripping


def runs(
    campaign: Annotated[
        int | None, typer.Option("--campaign", metavar="N", help="Runs of this campaign only.")
    ] = None,
    binned: Annotated[bool, typer.Option("--binned", help="The runs in the bin.")] = False,
    store: StoreOption = "",
    json_file: JsonOption = "",
) -> None:
    """List the runs, oldest first; those of a campaign with the step they are, and those in the bin."""
    kept = reading_store(store)
    if campaign is None:
        found = kept.runs(binned)
    else:
        found = [each for each in kept.campaign(campaign).runs() if each.binned or not binned]
    if json_file:
        write_json({"runs": [run_table.entry(each) | {"binned": each.binned} for each in found]}, json_file)
        return
    out.print(run_table.table(found, out.width) if found else _none(kept, campaign, binned))


def _none(kept: Store, campaign: int | None, binned: bool) -> str:
    if binned:
        return (
            "No run is in the bin." if campaign is None else f"No run of campaign {campaign} is in the bin."
        )
    if campaign is not None:
        return f"Campaign {campaign} has begun no run yet."
    if kept.runs(True):
        return "All runs are in the bin. List them: stripbench runs --binned"
    return "No run yet. Start one: stripbench demo"


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
    for request in reader.requests():
        line = f"{request.time / 3600:8.3f} h  request  {request.question} – {requests.fate(run, request)}"
        out.print(line, markup=False, soft_wrap=True)
    for event in (stored.event for stored in reader.events()):
        if event.kind == TOLD_TO_RULES:
            continue
        out.print(
            f"{event.time / 3600:8.3f} h  {event.severity:7}  {event.kind}: {event.message}", markup=False
        )
    events = {stored.id: stored for stored in reader.events()}
    for said in reader.annotations():
        out.print(annotations.line(said, events), markup=False, soft_wrap=True)


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
    if summary.campaign is not None:
        after = f"{summary.bench_origin / 3600:.3f} h after its start"
        out.print(f"step {summary.path} of campaign {summary.campaign}, {after}", markup=False)
    if summary.binned:
        out.print("in the bin")
    if ended := run_table.end(summary):
        out.print(f"ended: {ended}", markup=False)
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


def _full(
    reader: RunReader, results: "dict[str, Stripping]", truth: dict[str, Any], shown: FitVersion | None
) -> dict[str, Any]:
    from app.fit_versions import as_json

    summary, header, (result, *more) = reader.summary(), reader.header, results.values()
    return {
        **run_table.entry(summary),
        "binned": summary.binned,
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
        "requests": [requests.entry(each) for each in reader.requests()],
        "events": [
            {"time_s": each.time, "kind": each.kind, "severity": each.severity, "message": each.message}
            for each in (stored.event for stored in reader.events())
        ],
        "annotations": [annotations.entry(each) for each in reader.annotations()],
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
