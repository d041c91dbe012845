"""The force dial: how far the force on the pellet is from what is asked for, and which way to turn."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now
from app.window.shown.format import DASH, age, fixed
from core.cell import Cell
from core.records import Floats
from storage import Request

RECENT = 20_000
"""Readings of the force that are looked at; a request waits for hours, and reads once a second."""

OLDEST = 5.0
"""Bench seconds after which a force is old even where it is read more seldom than once a second."""

BY_HAND = "manual entry"
"""How a gauge without a line describes itself."""


@dataclass(frozen=True)
class Mark:
    """A figure on the rim of the dial; `place` runs from −1 on the left to 1 on the right."""

    place: float
    label: str


@dataclass(frozen=True)
class Dial:
    """A dial with the force asked for at the top, too little on the left and too much on the right.

    The scale is that of asinh(distance/tolerance): one tolerance is a broad band however narrow it is
    in N, and the whole range from no force to twice the target is still there.

    Attributes
    ----------
    place : float or None
        Of the needle, from −1 to 1; None while no force is known.
    band : float
        The force is within its tolerance from −band to band.
    marks : tuple of Mark
    loosening : bool
        Whether the force comes from above, so that passing the target is on the left.
    state : {"unknown", "before", "within", "past"}
        Where the force is, seen in the direction of turning.
    newtons, pressure : str
        The force in N without its unit, and the stack pressure with it.
    words : str
        Which way to turn, and by how much.
    remark : str
        How old the force is, or that it was entered by hand; empty where it is fresh.
    stale : bool
        Whether the needle is not to be trusted.
    held : float or None
        Share of the time for which it has to hold that it has held; None outside the band.
    held_words : str
    """

    place: float | None
    band: float
    marks: tuple[Mark, ...]
    loosening: bool
    state: Literal["unknown", "before", "within", "past"]
    newtons: str
    pressure: str
    words: str
    remark: str = ""
    stale: bool = False
    held: float | None = None
    held_words: str = ""


def dial(snapshot: Snapshot, request: Request) -> Dial | None:
    """Return the dial of a request; None where it asks for no force."""
    target, tolerance = request.details.get("target_N"), request.details.get("tolerance_N")
    if request.details.get("kind") != "force" or target is None or not tolerance:
        return None
    target, tolerance = float(target), float(tolerance)
    cell, trace = snapshot.header.cell, snapshot.traces["F"][-RECENT:]
    loosening = _loosening(trace, request, target)
    scale = _Scale(target, tolerance, cell)
    if not len(trace):
        words = "enter what the gauge shows" if read_by_hand(snapshot) else "the gauge says nothing yet"
        return Dial(None, scale.band, scale.marks(), loosening, "unknown", DASH, "", words, stale=True)
    latest = trace[int(np.argmax(trace[:, 0]))]
    force = float(latest[1])
    remark, stale = _age(snapshot, trace[trace[:, 0] >= request.time], float(latest[0]))
    held = _held(trace, request, target, tolerance)
    wanted = float(request.details.get("hold_s") or 0.0)
    return Dial(
        place=scale.place(force),
        band=scale.band,
        marks=scale.marks(),
        loosening=loosening,
        state=_state(force, target, tolerance, loosening),
        newtons=fixed(force, decimals(tolerance)),
        pressure=f"{fixed(cell.pressure(force), 2)} MPa",
        words=_turn(force, target, tolerance),
        remark=remark,
        stale=stale,
        held=None if held is None or not wanted else min(held / wanted, 1.0),
        held_words="" if held is None or not wanted else f"held {min(held, wanted):.0f} of {wanted:.0f} s",
    )


def read_by_hand(snapshot: Snapshot) -> bool:
    """Whether the gauge of the bench has no line, so that a person has to enter what it shows."""
    return any(
        each.role == "gauge" and each.details.get("protocol") == BY_HAND for each in snapshot.instruments
    )


def decimals(tolerance: float) -> int:
    """Return how many decimals a force deserves that is wanted within a tolerance, both in N."""
    return 0 if tolerance >= 50 else 1


@dataclass(frozen=True)
class _Scale:
    target: float
    tolerance: float
    cell: Cell

    @property
    def span(self) -> float:
        """N from the top of the dial to its ends."""
        return max(self.target, 20 * self.tolerance)

    def place(self, force: float) -> float:
        distance = (force - self.target) / self.tolerance
        whole = math.asinh(self.span / self.tolerance)
        return min(max(math.asinh(distance) / whole, -1.0), 1.0)

    @property
    def band(self) -> float:
        return self.place(self.target + self.tolerance)

    def marks(self) -> tuple[Mark, ...]:
        """Return the figures of the rim: the ends, the half ways there, and the target."""
        forces = [self.target + share * self.span for share in (-1.0, -0.2, 0.0, 0.2, 1.0)]
        shown = [force for force in forces if force >= -1e-9]
        return tuple(Mark(self.place(force), fixed(force, 0)) for force in shown)


def _loosening(trace: Floats, request: Request, target: float) -> bool:
    """Whether the force was above the target when it was asked for."""
    before = trace[trace[:, 0] <= request.time] if len(trace) else trace
    first = before[-1:] if len(before) else trace[:1]
    return bool(len(first)) and float(first[0, 1]) > target


def _state(
    force: float, target: float, tolerance: float, loosening: bool
) -> Literal["before", "within", "past"]:
    if abs(force - target) <= tolerance:
        return "within"
    return "past" if (force > target) != loosening else "before"


def _turn(force: float, target: float, tolerance: float) -> str:
    missing = target - force
    if abs(missing) <= tolerance:
        return "hold it there"
    by = fixed(abs(missing), 0 if abs(missing) >= 9.95 else 1)
    return f"tighten by {by} N" if missing > 0 else f"release by {by} N"


def _held(trace: Floats, request: Request, target: float, tolerance: float) -> float | None:
    """Return for how many s the force has been within its band without a break; None if it is outside."""
    rows = trace[trace[:, 0] >= request.time]
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    inside = np.abs(rows[:, 1] - target) <= tolerance
    if not len(rows) or not inside[-1]:
        return None
    outside = np.flatnonzero(~inside)
    first = rows[outside[-1] + 1, 0] if len(outside) else rows[0, 0]
    return float(rows[-1, 0] - first)


def _age(snapshot: Snapshot, trace: Floats, latest: float) -> tuple[str, bool]:
    """Return how old the force is, in words, and whether that is too old to turn a screw by.

    It is read once a second while it is asked for; `trace` holds what was read since then.
    """
    if read_by_hand(snapshot):
        entries = [each for each in snapshot.commands if each.verb == "enter" and each.outcome]
        if not entries:
            return "entered by hand", False
        ago = (snapshot.summary.heartbeat_utc - entries[-1].issued_utc).total_seconds()
        return f"entered by hand {age(ago)} ago", False
    old = bench_now(snapshot) - latest
    steps = np.diff(trace[-10:, 0])
    usual = float(np.median(steps)) if len(steps) else 0.0
    return (f"{age(old)} old", True) if old > max(OLDEST, 3 * usual) else ("", False)
