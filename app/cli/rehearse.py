"""``stripbench rehearse``: a campaign on the simulated twin of a bench, before a microamp flows."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import JsonOption
from app.cli.output import check_target, err, out, write_json
from core.clock import utc_now

if TYPE_CHECKING:
    from app.campaign.plan import Plan
    from app.rehearsal.forecast import Forecast, StepForecast
    from app.runner.lanes import LaneDone


def rehearse(
    campaign: Annotated[Path, typer.Argument(metavar="CAMPAIGN.toml|EXPERIMENT.toml")],
    bench: Annotated[
        Path | None, typer.Option("--bench", metavar="BENCH.toml", help="Left out: the simulated bench.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Take every sweep, not every tenth.")] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FILE", help="Keep the rehearsal's store there.")
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Show what each step means and what was decided.")
    ] = False,
    json_file: JsonOption = "",
) -> None:
    """Rehearse a campaign on the simulated twin of the bench; nothing real is connected."""
    from analysis.engine.choice import is_made
    from app.rehearsal.rehearse import rehearse as do
    from app.runner.job import read_bench

    check_target(json_file)
    given = read_bench(bench)
    plan = _plan(campaign, bench)
    if not is_made():
        err.print("compiling the fit engine; this happens once for each installation …")
    planned, seen = sum(1 for _ in plan.works()), 0

    def news(done: "LaneDone") -> None:
        nonlocal seen
        for each in done.steps:
            seen += 1
            err.print(f"{seen} of about {planned}: {each.path}: {each.outcome.ended}", markup=False)

    found = do(plan, given.file, given.text, full=full, keep=keep, news=news)
    if json_file:
        write_json(_as_json(plan, found), json_file)
    if json_file != "-":
        _print(plan, found, details)


def _plan(path: Path, bench: Path | None) -> "Plan":
    """Read a campaign; an experiment is one of a single step."""
    import tomllib

    from app.campaign.expand import read_campaign
    from app.campaign.plan import Electrode, Plan, Work
    from app.runner.job import read_job
    from core.campaign import is_campaign

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        tables = {}
    if is_campaign(tables):
        return read_campaign(path)
    job = read_job(path, bench)
    name = type(job.protocol).__name__
    electrode = Electrode(job.cell.name, 0, job.cell, "")
    work = Work(f"1.{name}", "", name, job.protocol.as_written(), electrode, {}, str(path))
    return Plan(path.stem, (work,))


def _as_json(plan: "Plan", found: "Forecast") -> dict[str, object]:
    low, high = found.band_h
    return {
        "campaign": plan.name,
        "simulated": True,
        "hours": found.hours,
        "earliest_h": low,
        "latest_h": high,
        "spectra": found.spectra,
        "disk_bytes": found.disk_bytes,
        "wall_s": found.wall_s,
        "cells": [asdict(kind) for kind in found.needed.cells],
        "assumptions": found.assumptions,
        "steps": [asdict(step) for step in found.steps],
        "passed_over": [asdict(refusal) for refusal in found.passed_over],
    }


def _print(plan: "Plan", found: "Forecast", details: bool) -> None:
    low, high = found.band_h
    out.print(f"{plan.name}: REHEARSED on the simulated twin of the bench", style="bold")
    for kind in found.needed.cells:
        out.print(
            f"cells: {len(kind.names)} {kind.anode} ({', '.join(kind.names)})", markup=False, soft_wrap=True
        )
    _print_steps(found)
    for refusal in found.passed_over:
        out.print(f"{refusal.path} would be passed over: {refusal.reason}", markup=False, soft_wrap=True)
    if details:
        for step in found.steps:
            _print_step(step)
    asked = [each for step in found.steps for each in step.asked]
    if asked:
        out.print("The operator is asked:", style="bold")
        for request in asked:
            answer = f"  [{request.answer}]" if request.answer else ""
            words = f"  after {request.after_h:7.2f} h  {request.question}{answer}"
            out.print(words, markup=False, soft_wrap=True)
    end = utc_now() + timedelta(hours=found.hours)
    out.print(
        f"{found.hours:.1f} h on one bench ({low:.1f} to {high:.1f} h, 95 % over nominally equal cells): "
        f"begun now it ends on {end:%a %Y-%m-%d %H:%M} UTC; {found.spectra} spectra, "
        f"{found.disk_bytes / 1e6:.0f} MB; rehearsed in {found.wall_s:.0f} s"
    )
    out.print("The twin takes anode, history and areas from each cell and assumes:")
    for line in found.assumptions:
        out.print(f"  {line}", markup=False, soft_wrap=True)


def _print_steps(found: "Forecast") -> None:
    """Print a line a step; the path comes last, because it is as long as it is."""
    out.print("after/h  hours (95 % band)    spectra  ends         step", style="bold")
    after = 0.0
    for step in found.steps:
        after += step.hours
        band = f"({step.earliest_h:.2f}–{step.latest_h:.2f})" if step.earliest_h < step.latest_h else ""
        out.print(
            f"{after:7.1f}  {step.hours:6.2f} {band:<14}  {step.spectra:6}  {step.ended:<11}  "
            f"{step.path}, {step.cell}",
            markup=False,
            soft_wrap=True,
        )


def _print_step(step: "StepForecast") -> None:
    out.print(f"{step.path}: {step.protocol} on {step.cell}: {step.reason}", style="bold", markup=False)
    for line in (*step.lines, *step.decisions, *step.results):
        out.print(f"  {line}", markup=False, soft_wrap=True)
