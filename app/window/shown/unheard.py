"""When what is shown of a run that goes on is not how it is any more, because nothing new is read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.window.reading.snapshot import Snapshot
from app.window.shown.asks import Ask
from app.window.shown.format import age
from app.window.shown.health import LATE, Light
from app.window.shown.tiles import Tile
from storage.listing import STALE_HEARTBEAT


def unheard(snapshot: Snapshot | None, now: datetime) -> float | None:
    """Return for how many s nothing has been read of a run that was going on; None while that is known.

    Such a run says every second that it lives, and one that does not is read as interrupted. So a last
    word that is older, of a run that still seems to go on, means that the window does not read.

    Parameters
    ----------
    snapshot : Snapshot or None
    now : datetime
        UTC.
    """
    if snapshot is None or not snapshot.summary.live:
        return None
    old = (now - snapshot.summary.heartbeat_utc).total_seconds()
    return old if old > STALE_HEARTBEAT else None


def faded_tiles(tiles: Iterable[Tile], old: float) -> tuple[Tile, ...]:
    """Return live values as what they are: what was last read, `old` s ago."""
    return tuple(replace(tile, stale=True, remark=f"read {age(old)} ago") for tile in tiles)


def faded_lights(lights: Iterable[Light], old: float) -> tuple[Light, ...]:
    """Return lights that do not say that all is well: nobody knows."""
    words = f"not known, nothing has been read for {age(old)}"
    return tuple(
        replace(light, level=LATE, state=words, tip=f"{light.role}: {words}\n{light.identity}", age="")
        for light in lights
    )


def faded_ask(ask: Ask, old: float) -> Ask:
    """Return a request whose force is not to be turned a screw by."""
    if ask.dial is None:
        return ask
    words = "do not turn, the force is not known"
    remark = f"read {age(old)} ago"
    dial = replace(ask.dial, stale=True, words=words, remark=remark, held=None, held_words="")
    return replace(ask, dial=dial)
