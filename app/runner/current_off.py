"""Taking the current off whatever the potentiostat does, and a last look at the open circuit."""

import logging
import threading

from core.clock import Clock, wall_time
from core.errors import InstrumentError
from core.recorder import Recorder
from core.records import Reading
from drivers.potentiostat import ChannelState, Potentiostat, Samples
from drivers.techniques import OpenCircuit

log = logging.getLogger(__name__)

REST_VOLTAGE = 2.0
"""V that the ranges of the last record are planned for; Li and its alloys stay far below."""

TRY_EVERY = 2.0
"""s of wall time between tries to take off a current that could not be confirmed to be off."""

LOOK_EVERY = 1.0
"""Bench seconds between looks while E is recorded at open circuit."""


class CurrentOff:
    """Takes the current off in a thread of its own: a call into a dead library may never come back.

    Should it come back later, the current goes off then.

    Parameters
    ----------
    potentiostat : Potentiostat
    tries_for : float
        s of wall time for which it is tried again while it is not confirmed: a network comes back.
    """

    def __init__(self, potentiostat: Potentiostat, tries_for: float = 0.0) -> None:
        self._potentiostat = potentiostat
        self._until = wall_time() + tries_for
        self._confirmed: bool | None = None
        self._thread = threading.Thread(target=self._run, name="current off", daemon=True)
        self._thread.start()

    def confirmed(self, patience: float) -> bool | None:
        """Return whether open circuit was read back; None if nothing came back in so many wall seconds."""
        self._thread.join(patience)
        return self._confirmed

    def _run(self) -> None:
        pause = threading.Event()
        while not (confirmed := self._once()) and wall_time() < self._until:
            pause.wait(TRY_EVERY)
        self._confirmed = confirmed

    def _once(self) -> bool:
        try:
            return self._potentiostat.safe()
        except Exception:
            log.exception("the potentiostat's driver failed in going to open circuit")
            return False


def record_open_circuit(potentiostat: Potentiostat, recorder: Recorder, clock: Clock, seconds: float) -> None:
    """Run a rest and keep its rows as readings; the caller is a worker of the clock.

    Raises
    ------
    InstrumentError
        If it brings nothing.
    """
    origin = clock.now()
    potentiostat.start([OpenCircuit(seconds)], REST_VOLTAGE)
    kept = 0
    while clock.now() - origin < seconds + 2 * LOOK_EVERY:
        poll = potentiostat.poll()
        for rows in poll.rows:
            if isinstance(rows, Samples):
                kept += len(rows.time)
                recorder.readings(_readings(rows, origin))
        if poll.live.state is ChannelState.STOPPED or not clock.wait(LOOK_EVERY):
            break
    if not kept:
        raise InstrumentError("The potentiostat recorded nothing at open circuit.", "Look at its channel.")


def _readings(rows: Samples, origin: float) -> list[Reading]:
    columns = zip(rows.time.tolist(), rows.voltage.tolist(), rows.current.tolist(), strict=True)
    return [
        Reading(origin + time, "potentiostat", quantity, value)
        for time, voltage, current in columns
        for quantity, value in (("E", voltage), ("I", current))
    ]
