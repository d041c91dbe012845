"""What the footer says: the store, how fresh everything is, and where it is kept."""

from dataclasses import dataclass
from datetime import datetime

from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now
from app.window.shown.format import age
from app.window.shown.placeholders import NO_SUCH_RUN
from core.records import RunState

LATE_HEARTBEAT = 3.0
"""s after which a missing heartbeat is worth a warning in the footer."""

LATE_COMMIT = 15.0
"""s after which a live run should have written something."""

LITTLE_DISK = 2e9
"""Bytes free on the store's drive below which it says so."""


@dataclass(frozen=True)
class FooterPart:
    """One piece of the footer; `good` is None where there is nothing to judge."""

    text: str
    good: bool | None = None
    tip: str = ""


def footer(view: View, listing: Listing, now: datetime) -> tuple[FooterPart, ...]:
    """Return the pieces of the footer, without the path of the store.

    Parameters
    ----------
    view : View
    listing : Listing
    now : datetime
        UTC.
    """
    # A number that no run has is no fault of the store.
    ok = view.trouble is None or NO_SUCH_RUN in view.trouble.problem
    trouble = "" if view.trouble is None else f"{view.trouble.problem} {view.trouble.remedy}"
    parts = [FooterPart("store ok" if ok else "store not readable", ok, trouble)]
    snapshot = view.snapshot
    if snapshot is not None:
        parts += _of_run(view, snapshot, now)
    if listing.disk_free is not None:
        enough = None if listing.disk_free > LITTLE_DISK else False
        parts.append(FooterPart(f"disk {size(listing.disk_free)} free", enough, "On the drive of the store."))
    return tuple(parts)


def _of_run(view: View, snapshot: Snapshot, now: datetime) -> list[FooterPart]:
    summary, parts = snapshot.summary, []
    heard = (now - summary.heartbeat_utc).total_seconds()
    if summary.live:
        if snapshot.last is not None:
            since = bench_now(snapshot) - float(snapshot.last.spectrum.time[-1])
            parts.append(FooterPart(f"last spectrum {age(since)} ago", None, "In bench time."))
        if view.written is not None:
            written = (now - view.written).total_seconds()
            tip = "Anything at all that was written to the store."
            parts.append(FooterPart(f"last commit {age(written)} ago", written < LATE_COMMIT, tip))
        late = heard >= LATE_HEARTBEAT
        tip = "The run says every second that it lives; without that for 10 s it counts as interrupted."
        parts.append(FooterPart(f"heartbeat {age(heard)} ago" if late else "heartbeat ok", not late, tip))
    elif summary.state is RunState.INTERRUPTED:
        parts.append(FooterPart(f"last heartbeat {age(heard)} ago", False))
    elif summary.ended_utc is not None:
        parts.append(FooterPart(f"ended {summary.ended_utc.astimezone():%Y-%m-%d %H:%M}"))
    parts.append(FooterPart(f"{summary.spectra} {'spectrum' if summary.spectra == 1 else 'spectra'}"))
    if view.loading:
        parts.append(FooterPart("reading …"))
    parts.append(FooterPart(f"{summary.bench}, channel {summary.channel}"))
    return parts


def size(count: float) -> str:
    """Write a count of bytes: ``"81 GB"``, ``"0.9 GB"``, ``"640 MB"``."""
    if count >= 1e10:
        return f"{count / 1e9:.0f} GB"
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def path_of(url: str) -> str:
    """Return the path of a store, or the address as it was given."""
    return url.removeprefix("sqlite:///")
