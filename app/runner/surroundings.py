"""What is checked around the cell: the chamber's own messages, and room on the disk."""

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.runner.checks import CONFIRMED_BY, TEMPERATURE, Check, Finding, Look
from core.clock import wall_time
from core.errors import InstrumentError

if TYPE_CHECKING:
    from drivers.climate_chamber import ChamberState, ClimateChamber

GIGABYTE = 1e9

LOOK_AT_DISK_EVERY = 10.0
"""s of wall time: the disk fills in wall time, whatever the pace of the bench."""

log = logging.getLogger(__name__)


class ChamberMessages(Check):
    """Acts on the chamber's alarms, flags its warnings and that it does not run although it should.

    Parameters
    ----------
    chamber : ClimateChamber
    every : float
        Bench seconds between looks.
    """

    def __init__(self, chamber: "ClimateChamber", every: float) -> None:
        self._chamber, self._every = chamber, every
        self._due = 0.0
        self._shown: set[str] = set()
        self._idle = 0

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say which messages are new and which are gone."""
        if seen.now < self._due:
            return
        self._due = seen.now + self._every
        try:
            state = self._chamber.read()
        except InstrumentError as error:
            # That it does not answer is said by who reads the temperature, and by its staleness.
            log.info("the chamber's messages could not be read: %s", error)
            return
        for text in state.alarms:
            if text not in self._shown:
                message = f"the chamber is in alarm: {text}"
                yield Finding("limit", message, "alarm", {"message": text}, trips=True, by_chamber=True)
        for text in state.warnings:
            if text not in self._shown:
                yield Finding("chamber", f"the chamber warns: {text}", data={"message": text})
        present = {*state.alarms, *state.warnings}
        for text in sorted(self._shown - present):
            yield Finding("chamber", f"no longer said by the chamber: {text}", data={"message": text})
        self._shown = present
        yield from self._conditioning(state, TEMPERATURE.symbol in seen.wanted)

    def _conditioning(self, state: "ChamberState", wanted: bool) -> Iterator[Finding]:
        """Say that a chamber which should hold a temperature does not run, and when it does again."""
        idle = wanted and not state.running
        if idle:
            self._idle += 1
            if self._idle == CONFIRMED_BY:
                yield Finding("chamber", "the chamber does not run although a temperature is wanted")
            return
        if self._idle >= CONFIRMED_BY and wanted:
            yield Finding("chamber", "the chamber runs again")
        self._idle = 0


class DiskSpace(Check):
    """Flags a disk that fills up, and acts before the store cannot be written any more.

    Parameters
    ----------
    free : callable
        Gives the free bytes where the store lies.
    low, full : float
        Bytes from which it is flagged and acted on.
    """

    def __init__(self, free: Callable[[], float], low: float, full: float) -> None:
        self._free, self._low, self._full = free, low, full
        self._due = wall_time()
        self._flagged = self._acted = False

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say when there is little room, too little, and enough again."""
        if wall_time() < self._due:
            return
        self._due = wall_time() + LOOK_AT_DISK_EVERY
        free = self._free()
        data = {"free_bytes": free}
        room = f"{free / GIGABYTE:.2f} GB free where the store lies"
        if free < self._full and not self._acted:
            self._acted = self._flagged = True
            message = f"{room}, less than {self._full / GIGABYTE:g} GB; make room"
            yield Finding("limit", message, "alarm", data, trips=True)
        elif free < self._low and not self._flagged:
            self._flagged = True
            message = f"{room}, less than {self._low / GIGABYTE:g} GB; make room, the run goes on"
            yield Finding("disk", message, data=data)
        elif free >= self._low and self._flagged:
            self._flagged = self._acted = False
            yield Finding("disk", f"room again: {room}", data=data)
