"""Bringing the stack pressure to a value: a motor does it, or a hand on a screw is asked to."""

from core.errors import InstrumentError
from core.requests import Answer, Request
from protocols.session import Session
from protocols.waiting import force_if_known, obey, read_force

LOOK_EVERY = 1.0
"""s between looks at the force while a motor turns."""


def press(session: Session, megapascal: float, *, tolerance: float, hold: float, timeout: float) -> Answer:
    """Bring the force on the pellet to a pressure and say how it came about.

    Parameters
    ----------
    session : Session
    megapascal : float
        Wanted; 0 takes the cell out of its fixture.
    tolerance : float
        MPa around it that will do.
    hold : float
        s for which it has to stay there.
    timeout : float
        s after which nothing is waited for any more.

    Raises
    ------
    InstrumentError
        If a motorised press does not get there in time.
    StepStoppedError, SkippedError, Aborted, Interlocked
        If the operator or an interlock wants so.
    """
    cell = session.cell
    target, around = cell.force(megapascal), cell.force(tolerance)
    session.wanted.pop("F", None)
    if session.bench.press is not None:
        answer = _by_motor(session, target, around, hold, timeout)
    else:
        force = force_if_known(session)
        looser = force is not None and force > target
        question = (
            f"{'loosen' if looser else 'tighten'} until {target:.1f} ± {around:.1f} N ({megapascal:g} MPa)"
        )
        if megapascal == 0.0:
            question = "take the cell out of its fixture: no stack pressure"
        answer = session.desk.ask(
            session,
            Request("force", question, target=target, tolerance=around, hold=hold, timeout=timeout),
        )
    force = force_if_known(session)
    if force is None and session.bench.gauge is not None:
        message = f"not known: the gauge says nothing (wanted {target:.1f} N, {megapascal:g} MPa)"
        session.event("pressure", message, "warning", wanted_N=target)
    if force is not None:
        doubt = session.abilities.force_uncertainty
        session.event(
            "pressure",
            f"{cell.pressure(force):.2f} ± {cell.pressure(doubt):.2f} MPa "
            f"({force:.1f} ± {doubt:.0f} N; wanted {megapascal:g} MPa)",
            "info" if abs(force - target) <= around else "warning",
            force_N=force,
            force_uncertainty_N=doubt,
            wanted_N=target,
        )
    if answer in (Answer.HOLDS, Answer.ACKNOWLEDGED) and target > 0:
        session.wanted["F"] = target
    return answer


def _by_motor(session: Session, target: float, around: float, hold: float, timeout: float) -> Answer:
    motor = session.bench.press
    assert motor is not None
    motor.set_force(target)
    session.event("press", f"the press moves to {target:.1f} ± {around:.1f} N")
    began, since = session.clock.now(), None
    try:
        while True:
            # Looking is what moves it on: a press that nobody looks at stands still.
            motor.moving()
            now, force = session.clock.now(), read_force(session)
            if force is not None and abs(force - target) <= around:
                since = now if since is None else since
                if now - since >= hold:
                    return Answer.HOLDS
            else:
                since = None
            if now - began > timeout:
                raise InstrumentError(
                    f"the press has not reached {target:.1f} ± {around:.1f} N within {timeout / 60:.3g} min;",
                    "look whether it moves, and whether gauge and press agree about the force.",
                )
            obey(session, "the press moves")
            session.clock.wait(LOOK_EVERY)
            motor.moving()  # it takes its next step when it is looked at
    except BaseException:
        try:
            motor.stop()
        except InstrumentError as error:
            # The safe state, which comes next where it matters, tries again; why it ended goes first.
            session.event("press", f"the press was not halted: {error}", "alarm")
        raise
