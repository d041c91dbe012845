"""What people said of a run: in a line for people, and as entries for programs."""

from collections.abc import Mapping
from typing import Any

from storage import Annotation, StoredEvent


def line(annotation: Annotation, events: Mapping[int, StoredEvent]) -> str:
    """Return an annotation as a line under its run; `events` are those of the run by their id."""
    pinned = "–" if annotation.time is None else f"{annotation.time / 3600:.3f} h"
    stored = None if annotation.about is None else events.get(annotation.about)
    about = "" if stored is None else f"{stored.event.kind}: {stored.event.message}"
    said = "; ".join(filter(None, (about, annotation.text)))
    by = " by ".join(filter(None, (f"{annotation.made_utc:%Y-%m-%d %H:%M} UTC", annotation.author)))
    return f"{pinned:>10}  {annotation.kind}{': ' if said else ''}{said} ({by})"


def entry(annotation: Annotation) -> dict[str, Any]:
    """Return an annotation, JSON-able."""
    return {
        "id": annotation.id,
        "kind": annotation.kind,
        "about_event": annotation.about,
        "time_s": annotation.time,
        "text": annotation.text,
        "author": annotation.author,
        "made_utc": annotation.made_utc.isoformat(),
    }
