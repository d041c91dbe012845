"""``stripbench figure``: one figure for publication."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import check_target, err, out, write_json
from core.errors import BadInput

LIST = "list"
"""The name under which all figures are named."""


def figure(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help='Which figure, e.g. "sand" or "fig5c"; "list" shows all of them.'
        ),
    ] = LIST,
    runs: Annotated[list[int] | None, typer.Argument(metavar="RUN…", help="Runs to draw it of.")] = None,
    target: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Is made; must not exist. Ends in .svg, .pdf, .png or .tif.",
            show_default=False,
        ),
    ] = None,
    width: Annotated[
        str, typer.Option("--width", metavar="single|double", help="8.5 cm, one column, or 17.5 cm, both.")
    ] = "single",
    drop: Annotated[
        str,
        typer.Option("--drop", metavar="c0|c0-cmin", help="The drop in concentration that D rests on."),
    ] = "c0",
    truth: Annotated[
        bool,
        typer.Option("--truth/--no-truth", help="Show beside it what the simulated cells really were."),
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show all figures, and what each needs.")] = False,
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Draw one figure of runs for publication, and print a caption for it."""
    from app.figures import figure_named, kind_of, save
    from app.writing import refuse_existing

    check_target(json_file)
    if listing or name == LIST:
        _list(json_file)
        return
    kind = figure_named(name)
    _check(runs, target, width, drop)
    assert runs is not None
    assert target is not None
    kind_of(target)
    refuse_existing(target)
    if truth and kind.draw_truth is None:
        raise BadInput(f"the figure {kind.name!r} has no truth to show;", "leave out --truth.")

    from app.conclusions import conclude

    numbers = list(dict.fromkeys(runs))
    with err.status("concluding …") as status:
        conclusions = conclude(
            reading_store(store),
            numbers,
            "c0-cmin" if drop == "c0-cmin" else "c0",
            lambda what, _done, _total: status.update(f"{what} …"),
        )
        missing = kind.missing(conclusions)
        if missing:
            raise BadInput(f"the figure {kind.name!r} cannot be drawn:", missing)
        draw = kind.draw_truth if truth and kind.draw_truth is not None else kind.draw
        save(draw(conclusions, "double" if width == "double" else "single"), target)
    caption = kind.caption(conclusions)
    if json_file:
        write_json(
            {
                "figure": kind.name,
                "paper": kind.paper,
                "file": str(target),
                "runs": numbers,
                "simulated": conclusions.simulated,
                "drop": conclusions.drop,
                "caption": caption,
            },
            json_file,
        )
    if json_file == "-":
        return
    mark = "  SIMULATED" if conclusions.simulated else ""
    out.print(f"{kind.name} written to {target}{mark}", markup=False, soft_wrap=True)
    out.print(caption, markup=False, soft_wrap=True)


def _check(runs: list[int] | None, target: Path | None, width: str, drop: str) -> None:
    from app.figures import WIDTHS

    if not runs:
        raise BadInput("no run is named;", "name the runs to draw, for example `stripbench figure sand 4 6`.")
    if target is None:
        raise BadInput("no file is named;", "say where to write it, for example --out figure.svg.")
    if width not in WIDTHS:
        raise BadInput(f"--width {width!r} is refused;", f"write {' or '.join(WIDTHS)}.")
    if drop not in ("c0", "c0-cmin"):
        raise BadInput(f"--drop {drop!r} is refused;", "write c0 or c0-cmin.")


def _list(json_file: str) -> None:
    from app.figures import FIGURES

    if json_file:
        rows = [
            {"name": kind.name, "paper": kind.paper, "summary": kind.summary, "needs": kind.needs}
            for kind in FIGURES.values()
        ]
        write_json({"figures": rows}, json_file)
    if json_file == "-":
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "paper", "shows", "needs"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("name", "paper"))
    for kind in FIGURES.values():
        table.add_row(kind.name, kind.paper, kind.summary, kind.needs)
    out.print(table)
