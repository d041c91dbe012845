"""Waiting at open circuit until the operator goes on."""

from protocols.control import Aborted, StepStoppedError, Wish
from protocols.session import Session


def pause(session: Session, wish: Wish) -> None:
    """Wait at wall pace until the operator resumes; the current is off already.

    Parameters
    ----------
    session : Session
    wish : Wish
        The wish to pause, which is answered first.

    Raises
    ------
    StepStoppedError
        If the operator stops the step instead.
    Aborted
        If the operator ends the run.
    """
    session.set_state("paused")
    session.event("paused", "open circuit; t0 of this run is disturbed from here on", "warning")
    wish.done("cell at open circuit; this cannot be undone for t0")
    with session.clock.at_real_pace():
        decided = _wait(session)
    session.set_state("running")
    if decided.verb == "stop":
        session.control.stopped = True
        session.event("stopped", "the step was ended while it was paused", "warning")
        decided.done("the step has ended, the cell stays at open circuit; data kept")
        raise StepStoppedError
    session.event("resumed", "the run goes on", "warning")
    decided.done("the run goes on")


def _wait(session: Session) -> Wish:
    """Return the wish that ends the pause."""
    while True:
        wish = session.control.take()
        if wish is None:
            session.clock.wait(session.file.cadence.commands)
        elif wish.verb == "pause":
            wish.answer("pause: the run is paused already")
        elif wish.verb == "abort":
            wish.done("the cell is at open circuit, the run ends")
            raise Aborted
        else:
            return wish
