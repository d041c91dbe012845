"""``stripbench``: the commands and what they have in common."""

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli.output import err
from core.errors import StripbenchError

COMMANDS = {
    "demo": "demo.demo",
    "run": "run.run",
    "check": "check.check",
    "rehearse": "rehearse.rehearse",
    "bench": "bench.app",
    "simulate": "bench.simulate",
    "runs": "store.runs",
    "show": "store.show",
    "campaigns": "campaigns.campaigns",
    "campaign": "campaigns.campaign",
    "tell": "tell.tell",
    "bin": "bin.put",
    "restore": "bin.restore",
    "cells": "cells.cells",
    "cell": "cells.cell",
    "cell-add": "cells.cell_add",
    "refit": "refit.refit",
    "replay": "replay.replay",
    "report": "report.report",
    "figure": "figure.figure",
    "model": "model.app",
    "export": "export.export",
    "import": "take_in.take_in",
    "watch": "window.watch",
    "fit": "fit.fit",
}
"""The commands in the order of the help, and where in `app.cli` each of them is."""


class Commands(TyperGroup):
    """Imports a command when it is wanted: the window and a short question would otherwise wait for all.

    Some versions of typer bring a click of their own, so its types are not named here.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(".")
        found = getattr(import_module(f"app.cli.{module}"), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(cmd_name)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="stripbench",
    help="Runs a stripping bench and decides on the interface resistance while it is measured.",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Runs a stripping bench and decides on the interface resistance while it is measured."""


def main() -> None:
    """Run the command line; an error is one message and an exit status."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(arguments)
    except StripbenchError as error:
        if debug:
            raise
        err.print(f"[bold red]error:[/] {_plain(error.problem)} {_plain(error.remedy)}", soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        err.print("interrupted")
        sys.exit(3)


def _plain(text: str) -> str:
    """Keep rich from reading a message's brackets as markup."""
    return text.replace("[", "\\[")


if __name__ == "__main__":
    main()
