"""``stripbench check``: what a file means, or all that is wrong with it, before anything is started."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.options import JsonOption, StoreOption, default_store
from app.cli.output import check_target, err, out, write_json

REFUSED = 2
"""Exit status where there are problems."""


def check(
    file: Annotated[Path, typer.Argument(metavar="EXPERIMENT.toml|CAMPAIGN.toml")],
    bench: Annotated[
        Path | None, typer.Option("--bench", metavar="BENCH.toml", help="Left out: the simulated bench.")
    ] = None,
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Check an experiment or a campaign; every problem is named, nothing is connected or started."""
    check_target(json_file)
    found = _found(file, None if bench is None else str(bench), store or default_store())
    if json_file:
        write_json(found, json_file)
    if json_file != "-":
        _print(file, found)
    if not found["ok"]:
        raise typer.Exit(REFUSED)


def _found(file: Path, bench: str | None, store: str) -> dict[str, Any]:
    from app import drafting

    opened = drafting.open_file(file)
    where = {"bench": bench, "store": store}
    if opened["kind"] == "experiment":
        return drafting.check(opened["draft"] | where)
    if opened["kind"] == "queue":
        return drafting.check_queue(opened["queue"] | where)
    return drafting.check_campaign(file, bench, store)


def _print(file: Path, found: dict[str, Any]) -> None:
    for each in found["problems"]:
        place = f"{each['field']}: " if each["field"] else ""
        _say(f"{place}{each['problem']} {each['remedy']}".rstrip(), to=err)
    for each in found["warnings"]:
        place = f"{each['field']}: " if each["field"] else ""
        _say(f"warning: {place}{each['text']}", to=err)
    if not found["ok"]:
        count = len(found["problems"])
        _say(f"{file}: {count} problem{'s' * (count != 1)}", to=err)
        return
    real = [f"{each['role']} {each['address'] or each['model']}" for each in found["real_instruments"]]
    instruments = f"real instruments: {', '.join(real)}" if real else "no real instrument"
    mark = "  SIMULATED" if found["simulated"] else ""
    _say(f"{file} on {found['bench']}: {instruments}{mark}")
    for number, step in enumerate(found.get("steps", [found]), 1):
        if "steps" in found:
            _say(f"step {step.get('path', number)}")
        _print_step(step)
    if "steps" in found:
        _print_totals(found)


def _print_step(step: dict[str, Any]) -> None:
    for each in step.get("derived", ()):
        place = f"  ({each['field']})" if each["field"] else ""
        _say(f"  {each['label']}: {each['text']}{place}")
    for line in step["plan"]:
        _say(f"  {line}")


def _print_totals(found: dict[str, Any]) -> None:
    for kind in found["cells"]:
        _say(f"cells of kind {kind['kind']} ({kind['anode']}): {', '.join(kind['names'])}")
    hours = "no bound" if found["hours"] is None else f"{found['hours']:.1f} h at most"
    spectra = "" if found["spectra"] is None else f", {found['spectra']} spectra at most"
    room = "" if found["disk_bytes"] is None else f", {found['disk_bytes'] / 1e6:.0f} MB at most"
    _say(f"in all: {hours}{spectra}{room}")


def _say(text: str, to: Any = out) -> None:
    to.print(text, markup=False, soft_wrap=True)
