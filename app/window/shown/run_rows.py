"""A run as the table of runs has it: its quantities, and what it is searched by."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.conclusion import Transition
from app.protocol_words import in_words
from core.records import RunState
from storage import RunOverview

HOUR = 3600.0

STATE_ORDER = {state: place for place, state in enumerate(RunState)}


@dataclass(frozen=True)
class Span:
    """A quantity of a run that may take several values, e.g. the currents of a ramp."""

    low: float
    high: float

    @property
    def text(self) -> str:
        """The value, or both ends."""
        if self.low == self.high:
            return f"{self.low:.4g}"
        return f"{self.low:g} … {self.high:g}"


@dataclass(frozen=True)
class RunRow:
    """One run of the table.

    Attributes
    ----------
    overview : RunOverview
    transition : Transition or None
        Its t0, where it has been looked up and there is one.
    looked_up : bool
        Whether it has been looked up.
    """

    overview: RunOverview
    transition: Transition | None = None
    looked_up: bool = False

    @property
    def run(self) -> int:
        """Its number."""
        return self.overview.summary.run

    @property
    def state(self) -> RunState:
        """Its state."""
        return self.overview.summary.state

    @cached_property
    def current(self) -> Span | None:
        """Current density in µA/cm²."""
        given = self.overview.parameters
        return span([given.get("current_density")]) or span([given.get("start"), given.get("stop")])

    @cached_property
    def temperature(self) -> Span | None:
        """Temperature in °C, as the protocol asked for it."""
        return self._of("temperature")

    @cached_property
    def pressure(self) -> Span | None:
        """Stack pressure in MPa, as the protocol asked for it."""
        return self._of("pressure")

    @property
    def hours(self) -> float:
        """Bench hours up to its end, or its last heartbeat."""
        return self.overview.summary.bench_time / HOUR

    @property
    def t0_hours(self) -> float | None:
        """Hours from current on to depletion; None without depletion, or if not known yet."""
        found = self.transition
        return found.seconds / HOUR if found is not None and found.depleted else None

    @cached_property
    def end(self) -> str:
        """How it ended: the word for it, unless the reason has it anyway, and the reason."""
        summary = self.overview.summary
        if summary.ended in summary.end_reason:
            return summary.end_reason
        return "; ".join(filter(None, (summary.ended, summary.end_reason)))

    @property
    def step(self) -> str:
        """Which step of its campaign it is; empty for a run of its own."""
        summary = self.overview.summary
        return "" if summary.campaign is None else summary.path

    @property
    def protocol_words(self) -> str:
        """Its protocol as it is found by: as it is shown, and as files have it."""
        name = self.overview.summary.protocol
        return f"{in_words(name)} {name}"

    @cached_property
    def haystack(self) -> str:
        """All its words, in small letters, for searching."""
        summary, overview = self.overview.summary, self.overview
        words = (
            summary.run,
            summary.cell,
            overview.anode,
            self.protocol_words,
            summary.state.value,
            self.end,
        )
        return " ".join(map(str, (*words, overview.title, summary.path, summary.bench))).casefold()

    def _of(self, name: str) -> Span | None:
        given = self.overview.parameters
        several = given.get(f"{name}s")
        return span([given.get(name)]) or span(several if isinstance(several, list) else [])


def span(values: Iterable[Any]) -> Span | None:
    """Return from where to where numbers go; None without one."""
    known = [float(each) for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    known = [each for each in known if math.isfinite(each)]
    return Span(min(known), max(known)) if known else None


def refreshed(before: Mapping[int, RunRow], overviews: Sequence[RunOverview]) -> dict[int, RunRow]:
    """Return the rows of a new listing; what was known of a run that has not changed is kept.

    Parameters
    ----------
    before : mapping of int to RunRow
    overviews : sequence of RunOverview
    """
    rows = {}
    for overview in overviews:
        known = before.get(overview.summary.run)
        if known is None or known.overview.summary != overview.summary:
            # Of a run that has ended only whether it lies in the bin can change.
            final = known is not None and known.looked_up and not known.overview.summary.live
            known = RunRow(overview, known.transition if known else None, looked_up=final)
        rows[known.run] = known
    return rows


@dataclass(frozen=True)
class Choice:
    """What was chosen from lists; empty for everything."""

    metal: str = ""
    state: str = ""
    protocol: str = ""

    def matches(self, row: RunRow) -> bool:
        """Whether a run is wanted."""
        return (
            self.metal in ("", row.overview.anode)
            and self.state in ("", row.state.value)
            and self.protocol in ("", row.overview.summary.protocol)
        )


def choices(rows: Iterable[RunRow]) -> dict[str, list[str]]:
    """Return the metals, states and protocols there are, each in an order of its own."""
    metals, states, protocols = set(), set(), set()
    for row in rows:
        metals.add(row.overview.anode)
        states.add(row.state)
        protocols.add(row.overview.summary.protocol)
    ordered = sorted(states, key=lambda state: STATE_ORDER[state])
    return {"metal": sorted(metals), "state": [each.value for each in ordered], "protocol": sorted(protocols)}
