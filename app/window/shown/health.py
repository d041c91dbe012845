"""How each instrument of the bench is: by what it said last, and by how long ago that was."""

from dataclasses import dataclass

import numpy as np

from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now
from app.window.shown.format import age
from app.window.shown.steps import WORDS
from core.records import Floats
from storage import StoredInstrument

GOOD, LATE, BAD, QUIET = "good", "late", "bad", "quiet"
"""Answers in time; later than usual; failing or silent; nothing is expected of it."""

QUANTITIES = {"potentiostat": ("E", "I"), "chamber": ("T",), "gauge": ("F",)}
"""What is read from an instrument, by its role."""

REMEDIES = {
    "potentiostat": "Look at its lamps, its USB or network cable and the channel. The firmware keeps the "
    "limits of the program; Emergency stop ends the run.",
    "chamber": "Look at its panel: external mode, alarms, network. It keeps its last set-point by itself.",
    "gauge": "Look at its display, cable and power. The force on the cell does not change by this.",
}
"""What to do about an instrument that does not answer."""

MEASURING = frozenset({"rest", "peis", "geis"})
"""Verbs during which the potentiostat is read."""

RECENT = 10
"""Intervals that the usual one is taken from."""

SHORTEST = {"potentiostat": 60.0, "chamber": 10.0, "gauge": 10.0}
"""s below which an interval is not taken for the usual one; a sweep can be long between two readings."""

LATE_AFTER, BAD_AFTER = 2.0, 6.0
"""Usual intervals after which a reading is late, and an instrument counts as silent."""


@dataclass(frozen=True)
class Light:
    """The light of one instrument.

    Attributes
    ----------
    role : str
    level : str
        `GOOD`, `LATE`, `BAD` or `QUIET`; each has a colour and a shape.
    name : str
        Role, with the age of the last reading where it is late.
    identity : str
        Model, serial number and firmware.
    state : str
        In words, with since when.
    tip : str
        All of it, and what to do.
    age : str
        Of the last reading, while the run goes on.
    """

    role: str
    level: str
    name: str
    identity: str
    state: str
    tip: str
    age: str = ""

    @property
    def below(self) -> str:
        """What stands under its role: what it is while all is well, else how it is."""
        return self.state if self.level in (LATE, BAD) else self.identity or self.state


def lights(snapshot: Snapshot | None) -> tuple[Light, ...]:
    """Return a light for every instrument of a run."""
    return () if snapshot is None else tuple(_light(snapshot, each) for each in snapshot.instruments)


def _light(snapshot: Snapshot, instrument: StoredInstrument) -> Light:
    role = instrument.role
    level, state, late = _level(snapshot, instrument)
    old = _age(snapshot, role)
    name = f"{role} {age(late)}" if late is not None else role
    serial = f"no. {instrument.serial}" if instrument.serial else ""
    firmware = f"firmware {instrument.firmware}" if instrument.firmware else ""
    identity = ", ".join(part for part in (instrument.model, serial, firmware) if part)
    remedy = REMEDIES.get(role, "") if level in (LATE, BAD) else ""
    tip = "\n".join(part for part in (f"{role}: {state}", identity, remedy) if part)
    return Light(role, level, name, identity, state, tip, "" if old is None else age(old))


def _age(snapshot: Snapshot, role: str) -> float | None:
    """Return how old the last reading is in s, None where there is none or the run has ended."""
    times = _times(snapshot, role)
    if not snapshot.summary.live or times is None or not len(times):
        return None
    return bench_now(snapshot) - float(times[-1])


def _level(snapshot: Snapshot, instrument: StoredInstrument) -> tuple[str, str, float | None]:
    """Return level, state in words, and the age in s of a reading that is late."""
    if instrument.health != "ok":
        since = instrument.health_utc.astimezone()
        words = f"{instrument.health} since {since:%H:%M:%S}"
        return BAD, f"{words}: {instrument.message}" if instrument.message else words, None
    if not snapshot.summary.live:
        return QUIET, "the run has ended", None
    times = _times(snapshot, instrument.role)
    if times is None:
        return QUIET, "answered when the run began; nothing is read from it", None
    if not len(times):
        return QUIET, "not read yet", None
    old = bench_now(snapshot) - float(times[-1])
    if "by hand" in instrument.model or (instrument.role == "potentiostat" and not _measuring(snapshot)):
        return QUIET, f"last reading {age(old)} ago; none is due now", None
    usual = _usual(times, SHORTEST.get(instrument.role, 10.0))
    if old <= LATE_AFTER * usual:
        return GOOD, f"ok, last reading {age(old)} ago", None
    words = f"last reading {age(old)} ago, usually every {age(usual)}"
    return (BAD if old > BAD_AFTER * usual else LATE), words, old


def _times(snapshot: Snapshot, role: str) -> Floats | None:
    """Return when the instrument was read; None if nothing is read from such a one."""
    traces = [snapshot.traces[name] for name in QUANTITIES.get(role, ())]
    if not traces:
        return None
    return max((trace[:, 0] for trace in traces), key=lambda time: float(time[-1]) if len(time) else -1.0)


def _usual(times: Floats, shortest: float) -> float:
    return max([shortest, *np.diff(times[-RECENT - 1 :]).tolist()])


def _measuring(snapshot: Snapshot) -> bool:
    """Whether the present step reads the potentiostat."""
    verbs = [step.verb for step in snapshot.steps if step.ended is None and step.verb in WORDS]
    return bool(verbs) and verbs[-1] in MEASURING
