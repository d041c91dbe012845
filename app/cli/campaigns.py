"""``stripbench campaigns`` and ``campaign``: what is worked through, and how far it is."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from app.cli import requests, run_table
from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import out, write_json
from storage import CampaignReader, CampaignSummary, Request, RunSummary, Store

NAME = 20
"""Characters of a campaign's name in the listing."""


def campaigns(store: StoreOption = "", json_file: JsonOption = "") -> None:
    """List the campaigns, oldest first."""
    found = reading_store(store).campaigns()
    if json_file:
        write_json({"campaigns": [_entry(each) for each in found]}, json_file)
        return
    if not found:
        out.print("No campaign yet. Start one: stripbench run CAMPAIGN.toml")
        return
    headings = ("no.", "name", "state", "", "started (UTC)", "runs")
    rows = [_row(each) for each in found]
    widths = [max(map(len, column)) + 1 for column in zip(headings, *rows, strict=True)]
    room = max(out.width - sum(widths), run_table.END)
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for heading in headings:
        right = heading in ("no.", "runs")
        table.add_column(heading, justify="right" if right else "left", no_wrap=True)
    table.add_column("end", no_wrap=True)
    for each, row in zip(found, rows, strict=True):
        table.add_row(*map(Text, (*row, run_table.cut(each.end_reason, room - 1))))
    out.print(table)


def campaign(
    number: Annotated[int, typer.Argument(metavar="CAMPAIGN")],
    store: StoreOption = "",
    json_file: JsonOption = "",
) -> None:
    """Show one campaign: how far it is, how each of its runs ended, and what is asked now."""
    kept = reading_store(store)
    reader = kept.campaign(number)
    runs = reader.runs()
    asked = _asked(kept, runs)
    if json_file:
        write_json(_full(reader, runs, asked), json_file)
        return
    _print_campaign(reader, runs)
    if runs:
        out.print(run_table.table(runs, out.width))
    for run, request in asked:
        line = f"run {run} asks: {request.question} – {requests.fate(run, request)}"
        out.print(line, markup=False, soft_wrap=True)


def _row(each: CampaignSummary) -> list[str]:
    name, started = run_table.cut(each.name, NAME), f"{each.started_utc:%Y-%m-%d %H:%M}"
    return [str(each.campaign), name, str(each.state), _mark(each), started, str(each.runs)]


def _asked(store: Store, runs: list[RunSummary]) -> list[tuple[int, Request]]:
    """Return what is waited for at present, each with the number of the run that asks."""
    live = [each.run for each in runs if each.live]
    return [(run, each) for run in live for each in store.run(run).requests() if each.awaited]


def _mark(summary: CampaignSummary) -> str:
    return "SIMULATED" if summary.simulated else ""


def _print_campaign(reader: CampaignReader, runs: list[RunSummary]) -> None:
    summary, header = reader.summary(), reader.header
    kind = "" if summary.purpose == "campaign" else f" · {summary.purpose}"
    words = f"campaign {summary.campaign} · {summary.name}{kind} · {summary.state}  {_mark(summary)}"
    out.print(words.rstrip(), markup=False)
    for line in filter(None, (summary.title, summary.end_reason and f"ended: {summary.end_reason}")):
        out.print(line, markup=False)
    planned = f" of {len(header.plan)} steps planned" if header.plan else ""
    out.print(
        f"bench {summary.bench}, started {summary.started_utc:%Y-%m-%d %H:%M} UTC, "
        f"{len(runs)} runs begun{planned}, {summary.runs_ended} ended",
        markup=False,
        soft_wrap=True,
    )


def _entry(summary: CampaignSummary) -> dict[str, Any]:
    ended = summary.ended_utc
    return {
        "campaign": summary.campaign,
        "name": summary.name,
        "title": summary.title,
        "purpose": summary.purpose,
        "state": str(summary.state),
        "end_reason": summary.end_reason,
        "simulated": summary.simulated,
        "bench": summary.bench,
        "started_utc": summary.started_utc.isoformat(),
        "ended_utc": None if ended is None else ended.isoformat(),
        "runs": summary.runs,
        "runs_ended": summary.runs_ended,
    }


def _full(reader: CampaignReader, runs: list[RunSummary], asked: list[tuple[int, Request]]) -> dict[str, Any]:
    return {
        **_entry(reader.summary()),
        "plan": list(reader.header.plan),
        "runs": [run_table.entry(each) for each in runs],
        "asked": [{"run": run, **requests.entry(request)} for run, request in asked],
    }
