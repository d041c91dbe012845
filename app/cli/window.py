"""``stripbench watch``: the window on a run. The only command that imports Qt."""

from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from app.cli.options import StoreOption, default_store
from core.errors import BadInput


def watch(
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", help="The newest run, if left out.")] = None,
    screenshot: Annotated[
        Path | None, typer.Option("--screenshot", metavar="FILE.png", help="Draw it once, off screen.")
    ] = None,
    view: Annotated[
        str, typer.Option("--view", metavar="NAME", help="What is in front: live, runs, bode, …")
    ] = "live",
    theme: Annotated[
        str, typer.Option("--theme", metavar="light|dark", help="Left out: the one chosen last.")
    ] = "",
    store: StoreOption = "",
) -> None:
    """Open the window on a live or a finished run; closing it changes nothing for the run."""
    if theme not in ("", "light", "dark"):
        raise BadInput(f"--theme {theme!r} is refused;", 'the themes are "light" and "dark".')
    from app.window.start import watch_run

    settings = platformdirs.user_config_path("stripbench", appauthor=False) / "window.ini"
    raise typer.Exit(watch_run(store or default_store(), run, screenshot, view, theme, settings))
