"""Sending the chamber where it does no harm: at once where it is at fault, else after a while."""

import logging

from app.runner.event_sink import EventSink, say
from core.clock import Clock, Worker
from core.errors import StripbenchError
from core.interlocks import InterlocksFile
from core.records import Event
from drivers.climate_chamber import ClimateChamber

log = logging.getLogger(__name__)


def reason(error: Exception) -> str:
    """Return what was wrong in words, without what to do about it."""
    return error.problem if isinstance(error, StripbenchError) else f"{type(error).__name__}: {error}"


def go_idle(chamber: ClimateChamber, settings: InterlocksFile) -> tuple[str, str]:
    """Send a chamber to its idle temperature, or stop it if it does not take that. Never raises.

    Returns
    -------
    (str, str)
        ``"idle"``, ``"stopped"`` or ``"unknown"``, and what was reached in words.
    """
    try:
        chamber.set_temperature(settings.idle_temperature)
        return "idle", f"the chamber goes to {settings.idle_temperature - 273.15:.1f} °C"
    except Exception:
        log.exception("the chamber does not take its idle temperature; it is stopped")
    try:
        chamber.stop()
        return "stopped", "the chamber is stopped, it did not take its idle temperature"
    except Exception as error:
        log.exception("the chamber could not be stopped")
        return "unknown", f"the chamber's idle temperature ({reason(error)}); look at the chamber"


class ChamberIdle:
    """Sends an unshared chamber to its idle temperature some time after the safe state was reached.

    Parameters
    ----------
    chamber : ClimateChamber
    events : EventSink
    settings : InterlocksFile
    """

    def __init__(self, chamber: ClimateChamber, events: EventSink, settings: InterlocksFile) -> None:
        self._chamber, self._events, self._settings = chamber, events, settings

    def start(self, clock: Clock) -> Worker | None:
        """Begin to wait, in a worker called ``"chamber idle"``; stopping it leaves the chamber as it is.

        Returns
        -------
        Worker or None
            None where another cell uses the chamber, which then stays as it is for good.
        """
        settings = self._settings
        if settings.shared_chamber:
            return None
        place = f"{settings.idle_temperature - 273.15:.1f} °C"
        message = f"the chamber goes to {place} in {settings.idle_after / 60:.0f} min"
        say(self._events, Event("chamber", message, clock.now()))
        return clock.spawn("chamber idle", lambda: self._run(clock))

    def _run(self, clock: Clock) -> None:
        if not clock.wait(self._settings.idle_after):
            return
        word, said = go_idle(self._chamber, self._settings)
        severity = "alarm" if word == "unknown" else "info"
        message = f"NOT CONFIRMED: {said}" if word == "unknown" else said
        say(self._events, Event("chamber", message, clock.now(), severity, {"chamber": word}))
