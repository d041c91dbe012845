"""Telling what happens to the bench, when keeping it must not stand in the way of what is done."""

import logging
from typing import Protocol

from core.records import Event

log = logging.getLogger(__name__)


class EventSink(Protocol):
    """What is told of events: a journal, or anything like it."""

    def event(self, event: Event) -> object:
        """Keep an event."""


def say(events: EventSink, event: Event) -> None:
    """Keep an event; where the store does not take it, the log has it. Never raises."""
    try:
        events.event(event)
    except Exception:
        # Nothing that keeps a record may stand in the way of what makes the bench safe.
        log.exception("the store did not take: %s", event.message)
