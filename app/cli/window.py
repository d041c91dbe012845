"""``stripbench watch``: the window on a run. The only command that imports Qt."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import StoreOption, default_store


def watch(
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", help="The newest run, if left out.")] = None,
    screenshot: Annotated[
        Path | None, typer.Option("--screenshot", metavar="FILE.png", help="Draw it once, off screen.")
    ] = None,
    store: StoreOption = "",
) -> None:
    """Open the window on a live or a finished run; closing it changes nothing for the run."""
    from app.window.start import watch_run

    raise typer.Exit(watch_run(store or default_store(), run, screenshot))
