"""``stripbench replay``: derive the decisions of runs again from their stored fits, and compare."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import check_target, out, write_json
from core.errors import BadInput

if TYPE_CHECKING:
    from app.replay import Difference, Replay
    from core.records import Decision
    from storage import RunSummary

DIFFERENT = 1
"""Exit status where a decision differs from what follows from the stored fits."""


def replay(
    runs: Annotated[list[int] | None, typer.Argument(metavar="[RUN…]")] = None,
    campaign: Annotated[
        int | None, typer.Option("--campaign", metavar="N", help="All runs of this campaign.")
    ] = None,
    store: StoreOption = "",
    json_file: JsonOption = "",
) -> None:
    """Derive every decision of runs again from their stored fits; exit with 1 if any differs."""
    from app.replay import replay as work

    if bool(runs) == (campaign is not None):
        raise BadInput("which runs are meant is not clear;", "name runs by their numbers, or a --campaign.")
    check_target(json_file)
    kept = reading_store(store)
    numbers = [each.run for each in kept.campaign(campaign).runs()] if campaign is not None else runs or []
    entries, total = [], 0
    for number in dict.fromkeys(numbers):
        reader = kept.run(number)
        found = work(reader)
        total += len(found.differences)
        entries.append(_entry(reader.summary(), found))
        if json_file != "-":
            _print(reader.summary(), found)
    if json_file:
        write_json({"runs": entries, "differences": total}, json_file)
    if json_file != "-" and len(entries) > 1:
        decisions = sum(entry["decisions"] for entry in entries)
        out.print(f"{len(entries)} runs, {decisions} decisions, {total} differences")
    if total:
        raise typer.Exit(DIFFERENT)


def _print(summary: "RunSummary", found: "Replay") -> None:
    mark = "  SIMULATED" if summary.simulated else ""
    out.print(
        f"run {summary.run} · {summary.cell}: {found.stored} decisions stored, {found.derived} derived "
        f"again, {len(found.differences)} differences{mark}",
        markup=False,
        soft_wrap=True,
    )
    for note in found.notes:
        out.print(f"  {note}", markup=False, soft_wrap=True)
    for each in found.differences:
        out.print(f"  {_in_words(each)}", markup=False, soft_wrap=True)


def _in_words(difference: "Difference") -> str:
    one, other = difference.stored, difference.derived
    if one is None or other is None:
        only = one or other
        assert only is not None
        return f"{difference.what}: {only.rule}: {only.outcome} at {only.time:.1f} s, fits {list(only.fits)}"
    name = difference.what.removeprefix("parameters.")
    values = " and ".join(str(_value(each, difference.what, name)) for each in (one, other))
    return f"{one.rule} at {one.time:.1f} s: {name} differs, stored and derived: {values}"


def _value(decision: "Decision", what: str, name: str) -> Any:
    return decision.parameters.get(name) if what != name else getattr(decision, name)


def _entry(summary: "RunSummary", found: "Replay") -> dict[str, Any]:
    return {
        "run": summary.run,
        "cell": summary.cell,
        "state": str(summary.state),
        "simulated": summary.simulated,
        "decisions": found.stored,
        "derived": found.derived,
        "notes": list(found.notes),
        "differences": [asdict(each) for each in found.differences],
    }
