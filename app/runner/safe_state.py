"""The safe state: current off and seen to be off, pressure left alone, the chamber where it does no harm.

It is reached from any state, also when an instrument no longer answers, and nothing here raises:
what could not be confirmed is said instead.
"""

import logging
from dataclasses import dataclass, field

from app.runner.chamber_idle import go_idle, reason
from app.runner.current_off import CurrentOff, record_open_circuit
from app.runner.event_sink import EventSink, say
from core.clock import Clock
from core.interlocks import InterlocksFile
from core.recorder import Recorder
from core.records import Event
from drivers.bench import Bench
from drivers.climate_chamber import ClimateChamber
from drivers.potentiostat import Potentiostat

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""s of wall time that the potentiostat may take to confirm open circuit: lost connections are made anew."""

TRIES_FOR = 20.0
"""s of wall time for which a potentiostat that does not confirm it is told again, on a real bench."""

BY_HAND = "disconnect the cell by hand and look at the potentiostat"


@dataclass
class SafeState:
    """What was reached.

    Attributes
    ----------
    open_circuit : bool
        Whether the potentiostat reports that it has stopped and measures no current.
    recorded : bool
        Whether E at open circuit was recorded afterwards.
    chamber : str
        ``"none"``, ``"left as it is"``, ``"idle"``, ``"stopped"`` or ``"unknown"``.
    confirmed, unconfirmed : list of str
        What the instruments confirmed, and what they did not, in words.
    """

    open_circuit: bool = False
    recorded: bool = False
    chamber: str = "none"
    confirmed: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether everything was confirmed."""
        return self.open_circuit and not self.unconfirmed

    @property
    def words(self) -> str:
        """All of it in one line, what was not confirmed first."""
        return "; ".join([*(f"NOT CONFIRMED: {each}" for each in self.unconfirmed), *self.confirmed])


def safe_state(
    bench: Bench,
    events: EventSink,
    clock: Clock,
    settings: InterlocksFile,
    *,
    chamber_guilty: bool = False,
    recorder: Recorder | None = None,
    patience: float = PATIENCE,
) -> SafeState:
    """Bring a bench to the safe state; never raises.

    Current off first, whatever else no longer answers. Then, with a `recorder`, E is recorded at
    open circuit for `settings.record_open_circuit`; the calling thread has to be a worker of the
    clock for that. The chamber keeps its set-point unless it is itself what is wrong: then it goes
    to its idle temperature, or is stopped if it does not take that, also where it is shared. The
    pressure is left alone; a motorised press that moves is halted where it is.

    Parameters
    ----------
    bench : Bench
    events : EventSink
        Told what was reached; one that fails is only logged.
    clock : Clock
    settings : InterlocksFile
    chamber_guilty : bool
        Whether chamber or temperature are why the safe state is called for.
    recorder : Recorder, optional
    patience : float
        Wall seconds for the potentiostat.

    Returns
    -------
    SafeState
    """
    state = SafeState()
    _current_off(bench.potentiostat, state, patience)
    if not state.open_circuit and not clock.simulated:
        # Said at once, and then again how it came out: somebody may stand beside the bench.
        say(events, _event(state, clock.now()))
        state = SafeState()
        _current_off(bench.potentiostat, state, patience, TRIES_FOR)
    _press(bench, state)
    if bench.chamber is not None:
        _chamber(bench.chamber, state, settings, chamber_guilty)
    say(events, _event(state, clock.now()))
    if recorder is not None and state.open_circuit and settings.record_open_circuit > 0:
        _record(bench.potentiostat, state, recorder, clock, settings.record_open_circuit, patience)
        if not state.open_circuit:
            say(events, _event(state, clock.now()))
    return state


def _event(state: SafeState, now: float) -> Event:
    data = {"confirmed": state.confirmed, "unconfirmed": state.unconfirmed, "chamber": state.chamber}
    if state.open_circuit:
        severity = "alarm" if state.unconfirmed else "info"
        return Event("safe", state.words, now, severity, data)
    return Event("not safe", f"{state.words}; {BY_HAND}", now, "alarm", data)


def _current_off(
    potentiostat: Potentiostat, state: SafeState, patience: float, tries_for: float = 0.0
) -> None:
    confirmed = CurrentOff(potentiostat, tries_for).confirmed(max(patience, tries_for))
    state.open_circuit = bool(confirmed)
    if confirmed:
        state.confirmed.append("current off, cell at open circuit")
    elif confirmed is None:
        state.unconfirmed.append(f"open circuit, the potentiostat has not answered for {patience:.3g} s")
    else:
        state.unconfirmed.append("open circuit")


def _press(bench: Bench, state: SafeState) -> None:
    if bench.press is None:
        if bench.gauge is not None:
            state.confirmed.append("pressure left alone")
        return
    try:
        moving = bench.press.moving()
        if moving:
            bench.press.stop()
        state.confirmed.append("the press is halted where it was" if moving else "pressure left alone")
    except Exception as error:
        log.exception("the press could not be halted")
        state.unconfirmed.append(f"that the press stands still ({reason(error)}); look at the press")


def _chamber(chamber: ClimateChamber, state: SafeState, settings: InterlocksFile, guilty: bool) -> None:
    if not guilty:
        state.chamber = "left as it is"
        state.confirmed.append("the chamber keeps its set-point")
        return
    state.chamber, said = go_idle(chamber, settings)
    (state.unconfirmed if state.chamber == "unknown" else state.confirmed).append(said)


def _record(
    potentiostat: Potentiostat,
    state: SafeState,
    recorder: Recorder,
    clock: Clock,
    seconds: float,
    patience: float,
) -> None:
    """Record E at open circuit; what fails is logged, and open circuit is confirmed again afterwards."""
    try:
        record_open_circuit(potentiostat, recorder, clock, seconds)
        state.recorded = True
    except Exception:
        log.exception("E at open circuit could not be recorded")
    if not CurrentOff(potentiostat).confirmed(patience):
        state.open_circuit = False
        state.confirmed = [each for each in state.confirmed if not each.startswith("current off")]
        state.unconfirmed.append("open circuit after the last record")
