"""A pause: open circuit, recorded, until the operator goes on."""

from drivers.techniques import OpenCircuit
from protocols.acquisition import REST_VOLTAGE, Acquisition, Charge, Ending
from protocols.control import SkippedError, StepStoppedError, Wish
from protocols.generators import held
from protocols.session import Session

RECORDED_AT_A_TIME = 36_000.0
"""s of open circuit in one program; the next one follows, as long as the pause lasts."""


def pause(session: Session, wish: Wish, charge: Charge) -> None:
    """Wait at wall pace until the operator resumes; the current is off already.

    E goes on being recorded, and with it the charge, which does not change. Events say when the
    interruption began and ended, with E and charge at both.

    Parameters
    ----------
    session : Session
    wish : Wish
        The wish to pause, which is answered first.
    charge : Charge
        What has passed so far.

    Raises
    ------
    StepStoppedError, SkippedError
        If the operator ends the step instead.
    Aborted, Interlocked
        If the operator or an interlock ends the run.
    """
    began, at_first = session.clock.now(), dict(session.latest)
    session.set_state("paused")
    session.event(
        "paused",
        "open circuit; t0 of this run is disturbed from here on",
        "warning",
        charge_C=charge.total,
        E_V=at_first.get("E"),
    )
    wish.done("cell at open circuit; this cannot be undone for t0")
    with session.clock.at_real_pace():
        acquisition = _record(session, charge)
    session.set_state("running")
    hours = (session.clock.now() - began) / 3600
    if acquisition.ending is not Ending.RESUMED or acquisition.wish is None:
        session.event("stopped", f"the step was ended while it was paused ({hours:.3g} h)", "warning")
        raise SkippedError if acquisition.ending is Ending.SKIPPED else StepStoppedError
    session.event(
        "resumed",
        f"the run goes on after {hours:.3g} h at open circuit",
        "warning",
        seconds=session.clock.now() - began,
        charge_C=charge.total,
        E_V=session.latest.get("E"),
    )
    acquisition.wish.done("the run goes on")


def _record(session: Session, charge: Charge) -> Acquisition:
    """Record open circuit until the operator wants something; return what was ended by that."""
    while True:
        acquisition = Acquisition(
            session, [OpenCircuit(RECORDED_AT_A_TIME)], REST_VOLTAGE, charge, paused=True
        )
        with held(acquisition.rows()) as batches:
            for _ in batches:
                pass
        if acquisition.ending is not Ending.PROGRAM:
            return acquisition
