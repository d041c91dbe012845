"""``stripbench report``: what runs came to, as one file of HTML or PDF."""

from pathlib import Path
from typing import Annotated, cast

import typer

from app.cli.bars import Bars, until_ended
from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import check_target, out, write_json
from core.errors import BadInput
from storage import Store


def report(
    runs: Annotated[list[int] | None, typer.Argument(metavar="RUN…", show_default=False)] = None,
    target: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="Ends in .html or .pdf; must not exist."),
    ] = Path("report.html"),
    drop: Annotated[
        str,
        typer.Option(
            "--drop", metavar="c0|c0-cmin", help="The concentration drop that D is calculated with."
        ),
    ] = "c0",
    campaign: Annotated[
        int | None, typer.Option("--campaign", metavar="N", help="All runs of a campaign.")
    ] = None,
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Write a report: results with their uncertainties, figures, conditions, decisions, and provenance."""
    from app.conclusions import as_json
    from app.report.write import Drop, report_and_conclusions

    check_target(json_file)
    if drop not in ("c0", "c0-cmin"):
        raise BadInput(f"--drop {drop!r} is not known;", "write c0 or c0-cmin.")
    kept = reading_store(store)
    numbers = _numbers(kept, runs or [], campaign)
    with until_ended(), Bars() as bars:
        conclusions = report_and_conclusions(kept, numbers, target, cast(Drop, drop), bars.tell)
    if json_file:
        outcome = {"report": str(target), "runs": numbers, "simulated": conclusions.simulated, "drop": drop}
        write_json(outcome | {"conclusions": as_json(conclusions)}, json_file)
    if json_file == "-":
        return
    names = f"run {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} runs"
    mark = "  SIMULATED" * any(each.simulated for each in conclusions.facts)
    out.print(f"report of {names} written to {target}{mark}", markup=False, soft_wrap=True)


def _numbers(kept: Store, runs: list[int], campaign: int | None) -> list[int]:
    """Return the runs that are asked for: those named, and those of a campaign that are not in the bin."""
    numbers = list(runs)
    if campaign is not None:
        found = [each.run for each in kept.campaign(campaign).runs() if not each.binned]
        if not found:
            raise BadInput(f"campaign {campaign} has no run to report on;", "name runs, or another campaign.")
        numbers += found
    if not numbers:
        raise BadInput("no run is named, so there is nothing to report on;", "name runs, or a --campaign.")
    return list(dict.fromkeys(numbers))
