"""``stripbench``: the commands and what they have in common."""

import sys
from typing import Annotated

import typer

from app.cli import (
    bench,
    bin,
    campaigns,
    cells,
    check,
    demo,
    export,
    fit,
    refit,
    rehearse,
    replay,
    run,
    store,
    tell,
    window,
)
from app.cli.output import err
from core.errors import StripbenchError

app = typer.Typer(
    name="stripbench",
    help="Runs a stripping bench and decides on the interface resistance while it is measured.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("rehearse")(rehearse.rehearse)
app.add_typer(bench.app, name="bench")
app.command("simulate")(bench.simulate)
app.command("runs")(store.runs)
app.command("show")(store.show)
app.command("campaigns")(campaigns.campaigns)
app.command("campaign")(campaigns.campaign)
app.command("tell")(tell.tell)
app.command("bin")(bin.put)
app.command("restore")(bin.restore)
app.command("cells")(cells.cells)
app.command("cell")(cells.cell)
app.command("cell-add")(cells.cell_add)
app.command("refit")(refit.refit)
app.command("replay")(replay.replay)
app.command("export")(export.export)
app.command("watch")(window.watch)
app.command("fit")(fit.fit)


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
