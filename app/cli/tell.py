"""``stripbench tell``: speaking to a run."""

import getpass
import threading
from typing import Annotated

import typer

from app.cli.options import StoreOption, reading_store
from app.cli.output import err, out
from core.clock import wall_time
from core.errors import BadInput
from storage import VERBS, Store
from storage.annotations import NOTE
from storage.verbs import check

ANSWER_WITHIN = 5.0
"""s of wall time that `tell` waits for the run's own answer."""

MEANINGS = {
    "pause": "ends the sweep and goes to open circuit; this cannot be undone for t0",
    "resume": "the current flows again",
    "stop": "current off, this protocol ends normally; what follows it goes on as declared",
    "abort": "safe state, everything ends",
    "acknowledge": "what the run asks for is done; it goes on",
    "skip": "what the run asks for is left out, and with it this run; what follows it goes on",
    "enter": "kept as what the gauge shows now",
    "override": "this rule only flags from now on; who said so is kept with its decisions",
    "note": "kept on the time axis",
}

_WITH_TEXT = ("enter", "override", "note")


def tell(
    run: Annotated[int, typer.Argument(metavar="RUN")],
    verb: Annotated[str, typer.Argument(metavar="VERB", help=f"{', '.join(VERBS)}.")],
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT]", help='Of a note; or a value, "405 N"; or the name of a rule.'),
    ] = None,
    store: StoreOption = "",
) -> None:
    """Tell a running run something, and wait for its answer; a note is kept of an ended one, too."""
    argument = " ".join(text or [])
    check(verb, argument)
    if verb not in _WITH_TEXT and argument:
        raise BadInput(f"{verb} takes no text, but got {argument!r};", "leave it out.")
    kept = reading_store(store)
    if verb == NOTE and not (summary := kept.run(run).summary()).live:
        kept.annotate(run, NOTE, argument, author=getpass.getuser())
        out.print(f"note: kept with run {run}, which is {summary.state.value}")
        return
    command = kept.tell(run, verb, argument, author=getpass.getuser())
    err.print(f"{verb}: {MEANINGS[verb]}", markup=False)
    outcome = wait_for_outcome(kept, command)
    if outcome is None:
        err.print(
            f"no answer within {ANSWER_WITHIN:g} s; the command is kept and the run may still take it up"
        )
        raise typer.Exit(4)
    out.print(outcome, markup=False)


def wait_for_outcome(store: Store, command: int) -> str | None:
    """Wait for what a run answers to a command; None if it does not in time."""
    pause, end = threading.Event(), wall_time() + ANSWER_WITHIN
    while wall_time() < end:
        if (outcome := store.command(command).outcome) is not None:
            return outcome
        pause.wait(0.05)
    return None
