"""Bringing the cell to a temperature."""

from core.errors import InstrumentError
from core.records import Reading
from protocols.control import Aborted, StepStoppedError
from protocols.session import Session
from protocols.stability import Settled

OBEY_EVERY = 1.0
"""s between looks for the operator's wishes while the chamber settles."""


def condition(
    session: Session,
    temperature: float,
    *,
    band: float = 0.5,
    dwell: float = 600.0,
    longest: float = 10_800.0,
) -> bool:
    """Set the chamber to `temperature` K, start it, and wait until its air has held for `dwell` s.

    The chamber measures its own air; a cell in a press lags behind it by tens of minutes.

    Returns
    -------
    bool
        Whether the air was out of the band at first, so that the cell still has to follow.

    Raises
    ------
    InstrumentError
        If the chamber does not settle within `longest` s.
    StepStoppedError, Aborted
        If the operator wants so.
    """
    chamber = session.bench.chamber
    assert chamber is not None
    chamber.set_temperature(temperature)
    chamber.start()
    session.event("chamber", f"set to {temperature - 273.15:.1f} °C and started")
    settled = Settled(temperature, band, dwell)
    began = due = session.clock.now()
    first: float | None = None
    cadence = min(session.file.cadence_of("temperature"), 10.0)
    while True:
        now = session.clock.now()
        if now >= due:
            due = now + cadence
            measured = chamber.temperature()
            session.recorder.readings([Reading(now, "chamber", "T", measured)])
            session.latest["T"] = measured
            first = measured if first is None else first
            if settled.see(now, measured):
                return abs(first - temperature) > band
            if now - began > longest:
                raise InstrumentError(
                    f"the chamber has not settled at {temperature - 273.15:.1f} °C within "
                    f"{longest / 3600:.1f} h (it reads {measured - 273.15:.2f} °C);",
                    "check that it runs, that its door is closed and that its limits allow this temperature.",
                )
        _obey(session)
        session.clock.wait_until(min(due, now + OBEY_EVERY))


def _obey(session: Session) -> None:
    """Take the operator's wish while waiting, if there is one."""
    wish = session.control.take()
    if wish is None:
        return
    if wish.verb == "abort":
        wish.done("no current was flowing, the run ends")
        raise Aborted
    if wish.verb == "stop":
        session.control.stopped = True
        wish.done("the chamber is no longer waited for, the step has ended")
        raise StepStoppedError
    wish.answer(f"{wish.verb}: nothing done, no current flows while the chamber settles")
