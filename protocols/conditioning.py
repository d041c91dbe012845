"""Bringing the cell to a temperature."""

import math

from core.errors import InstrumentError
from core.records import Reading
from protocols.session import Session
from protocols.stability import Settled
from protocols.waiting import obey

LONGEST = 10_800.0
"""s that a chamber is given to settle."""

PATIENCE = 60.0
"""s for which a chamber may not answer while it is waited for."""

OBEY_EVERY = 1.0
"""s between looks for the operator's wishes while the chamber settles."""


def condition(
    session: Session,
    temperature: float,
    *,
    band: float = 0.5,
    dwell: float = 600.0,
    slope: float = math.inf,
    longest: float = LONGEST,
) -> bool:
    """Set the chamber to `temperature` K, start it, and wait until its air has held for `dwell` s.

    It holds while it stays within `band` K and changes by no more than `slope` K/s over the dwell.

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
    settled = Settled(temperature, band, dwell, slope)
    began = due = heard = session.clock.now()
    first: float | None = None
    cadence = min(session.file.cadence_of("temperature"), 10.0)
    while True:
        now = session.clock.now()
        if now >= due:
            due = now + cadence
            try:
                measured = chamber.temperature()
            except InstrumentError:
                if now - heard > PATIENCE:
                    raise
                continue
            heard = now
            session.recorder.readings([Reading(now, "chamber", "T", measured)])
            session.latest.see(now, T=measured)
            first = measured if first is None else first
            if settled.see(now, measured):
                return abs(first - temperature) > band
            if now - began > longest:
                raise InstrumentError(
                    f"the chamber has not settled at {temperature - 273.15:.1f} °C within "
                    f"{longest / 3600:.1f} h (it reads {measured - 273.15:.2f} °C);",
                    "check that it runs, that its door is closed and that its limits allow this temperature.",
                )
        obey(session, "the chamber settles")
        session.clock.wait_until(min(due, now + OBEY_EVERY))
