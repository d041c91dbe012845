"""Waiting while no current flows: what the operator may want meanwhile."""

from core.errors import InstrumentError
from core.records import Reading
from protocols.control import Aborted, SkippedError, StepStoppedError, Wish
from protocols.session import Session


def obey(session: Session, doing: str, *, asks: bool = False) -> Wish | None:
    """Take the operator's wish while something is waited for, if there is one.

    Parameters
    ----------
    session : Session
    doing : str
        What is waited for, e.g. ``"the chamber settles"``; used in answers.
    asks : bool
        Whether the operator is asked for something, so that there is something to acknowledge.

    Returns
    -------
    Wish or None
        A wish to acknowledge what is asked, which the caller answers; everything else is answered here.

    Raises
    ------
    StepStoppedError, SkippedError, Aborted, Interlocked
        If the operator or an interlock wants so.
    """
    wish = session.control.take()
    if wish is None:
        return None
    if wish.verb == "abort":
        wish.done("no current was flowing, the run ends")
        raise Aborted
    if wish.verb == "stop":
        session.control.stopped = True
        wish.done(f"nothing is waited for any more ({doing}), the step has ended")
        raise StepStoppedError
    if wish.verb == "skip":
        wish.done(f"left out while {doing}; what follows goes on")
        raise SkippedError
    if wish.verb == "override":
        session.override(wish)
        return None
    if wish.verb == "acknowledge" and asks:
        return wish
    why = "nothing is asked" if wish.verb == "acknowledge" else "no current flows"
    wish.answer(f"{wish.verb}: nothing done, {why} while {doing}")
    return None


def force_if_known(session: Session) -> float | None:
    """As `read_force`; None also while the gauge does not answer, or nobody has entered what it shows."""
    try:
        return read_force(session)
    except InstrumentError:
        return None


def read_force(session: Session) -> float | None:
    """Return the force on the gauge now in N, kept as a reading; None where nobody measures it.

    Raises
    ------
    InstrumentError
        If the gauge does not answer, or nobody has entered yet what it shows.
    """
    gauge = session.bench.gauge
    if gauge is None:
        return None
    force = gauge.read().force
    now = session.clock.now()
    session.recorder.readings([Reading(now, "gauge", "F", force)])
    session.latest.see(now, F=force)
    return force
