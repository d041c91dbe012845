"""``stripbench bin`` and ``restore``: hiding runs from the listings, and bringing them back."""

import getpass
from typing import Annotated

import typer

from app.cli.options import StoreOption, reading_store
from app.cli.output import out
from storage.annotations import refuse_move

RunsArgument = Annotated[list[int], typer.Argument(metavar="RUN…", min=1)]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept with it.")]


def put(runs: RunsArgument, reason: ReasonOption = "", store: StoreOption = "") -> None:
    """Put runs in the bin: the listings leave them out, nothing is deleted."""
    _say("binned", runs, reason, store)
    out.print(
        "Nothing was deleted. List the bin: stripbench runs --binned; take a run out: stripbench restore RUN"
    )


def restore(runs: RunsArgument, reason: ReasonOption = "", store: StoreOption = "") -> None:
    """Take runs out of the bin again."""
    _say("restored", runs, reason, store)


def _say(kind: str, runs: list[int], reason: str, url: str) -> None:
    kept, author = reading_store(url), getpass.getuser()
    numbers = list(dict.fromkeys(runs))
    # All are looked at first, so that a mistyped number leaves the others as they are.
    summaries = [kept.run(number).summary() for number in numbers]
    for summary in summaries:
        refuse_move(summary, kind)
    for summary in summaries:
        kept.annotate(summary.run, kind, reason, author=author)
        out.print(f"run {summary.run} of {summary.cell}: {kind}", markup=False)
