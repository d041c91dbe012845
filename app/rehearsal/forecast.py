"""What a rehearsal found out, step by step, as a forecast for the real bench."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.campaign.needed import Needed
from app.campaign.walk import Refusal
from core.records import Ended
from storage import RunReader, Store

CELL_SCATTER = 0.3
"""Standard deviation of the logarithm of the time to depletion from cell to cell: that of the diffusivity,
by which Sand's law makes the time go; so much is scatter among nominally equal cells (30 %)."""
BAND = 1.96
"""Standard deviations either way."""

BY_THE_CELL = (Ended.CUT_OFF, Ended.DEPLETED, Ended.SHORTED)
"""Ends that come when the cell decides; all others come when the clock or the operator does."""


@dataclass(frozen=True)
class AskedOfTheOperator:
    """A request, and when it comes: hours from the start of the campaign, and from its step's."""

    path: str
    question: str
    after_h: float
    in_step_h: float
    answer: str


@dataclass(frozen=True)
class StepForecast:
    """What one step came to in the rehearsal.

    Attributes
    ----------
    path, protocol, cell : str
    lines : tuple of str
        In absolute numbers, what will be done.
    hours : float
        How long it took.
    earliest_h, latest_h : float
        95 % band of that over nominally equal cells; the same where the clock decides.
    spectra : int
        That the real run would take.
    ended : Ended
    reason : str
    decisions : tuple of str
    results : tuple of str
    asked : tuple of AskedOfTheOperator
    run : int
        In the rehearsal's store.
    """

    path: str
    protocol: str
    cell: str
    lines: tuple[str, ...]
    hours: float
    earliest_h: float
    latest_h: float
    spectra: int
    ended: Ended
    reason: str
    decisions: tuple[str, ...]
    results: tuple[str, ...]
    asked: tuple[AskedOfTheOperator, ...]
    run: int


@dataclass(frozen=True)
class Forecast:
    """A campaign as it went on the simulated twin.

    Attributes
    ----------
    steps : list of StepForecast
        One after the other, as a bench with one cell would do them.
    needed : Needed
        The cells that have to be there.
    bytes_a_spectrum : float
        Of the store, with fits and readings.
    wall_s : float
        How long the rehearsal took.
    assumptions : list of str
        What the twin takes a cell to be, besides what its file says.
    passed_over : list of Refusal
        Steps that were not done, because their electrode was spent by then.
    """

    steps: list[StepForecast]
    needed: Needed
    bytes_a_spectrum: float
    wall_s: float = math.nan
    assumptions: list[str] = field(default_factory=list)
    passed_over: list[Refusal] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """How long the campaign takes on one bench."""
        return math.fsum(step.hours for step in self.steps)

    @property
    def band_h(self) -> tuple[float, float]:
        """95 % band of that; the cells are independent, so the scatter adds in squares."""
        low = math.sqrt(math.fsum((step.hours - step.earliest_h) ** 2 for step in self.steps))
        high = math.sqrt(math.fsum((step.latest_h - step.hours) ** 2 for step in self.steps))
        return self.hours - low, self.hours + high

    @property
    def spectra(self) -> int:
        """How many spectra the real campaign takes."""
        return sum(step.spectra for step in self.steps)

    @property
    def disk_bytes(self) -> float:
        """Room that they need."""
        return self.spectra * self.bytes_a_spectrum


def forecast(store: Store, order: Sequence[str], needed: Needed, thin: int) -> Forecast:
    """Read a rehearsal's store.

    Parameters
    ----------
    store : Store
    order : sequence of str
        The paths of the plan in the order of the file; a path that came about by a branch follows
        the one it begins like.
    needed : Needed
    thin : int
        Of sweeps back to back only every so-manieth was taken.
    """
    place = {path: index for index, path in enumerate(order)}
    summaries = sorted(store.runs(), key=lambda run: (place.get(run.path.split("~")[0], len(place)), run.run))
    steps: list[StepForecast] = []
    began = 0.0
    for summary in summaries:
        step = _step(store.run(summary.run), began, thin)
        began += step.hours
        steps.append(step)
    measured = sum(summary.spectra for summary in summaries)
    return Forecast(_with_mountings(steps, needed), needed, store.path.stat().st_size / max(measured, 1))


def _with_mountings(steps: list[StepForecast], needed: Needed) -> list[StepForecast]:
    """Add the cells that somebody has to mount where steps on several cells follow each other.

    In the rehearsal, independent cells have a bench each, on which they are mounted from the start.
    """
    mounted, began, found = "", 0.0, []
    words = {mounting.name: mounting.words for mounting in needed.mountings}
    for step in steps:
        asked = step.asked
        if step.cell != mounted and not any(each.question.startswith("mount ") for each in asked):
            what = ", ".join(filter(None, (step.cell, words.get(step.cell, ""))))
            place = f" in place of {mounted}" if mounted else ""
            asked = (AskedOfTheOperator(step.path, f"mount {what}{place}", began, 0.0, ""), *asked)
        mounted, began = step.cell, began + step.hours
        found.append(replace(step, asked=asked))
    return found


def _step(run: RunReader, began: float, thin: int) -> StepForecast:
    summary = run.summary()
    events = [stored.event for stored in run.events()]
    ended = Ended(summary.ended or Ended.FAILED)
    seconds = _seconds(run)
    current = _current_seconds(run)
    low, high = (math.exp(sign * BAND * CELL_SCATTER) if ended in BY_THE_CELL else 1.0 for sign in (-1, 1))
    return StepForecast(
        path=summary.path,
        protocol=summary.protocol,
        cell=summary.cell,
        lines=tuple(event.message for event in events if event.kind == "plan"),
        hours=seconds / 3600,
        earliest_h=(seconds - current * (1 - low)) / 3600,
        latest_h=(seconds + current * (high - 1)) / 3600,
        spectra=sum(count * (thin if technique == "GEIS" else 1) for technique, count in _counts(run)),
        ended=ended,
        reason=summary.end_reason,
        decisions=tuple(
            f"{each.decision.rule}: {each.decision.outcome} ({each.decision.time / 3600:.2f} h)"
            for each in run.decisions()
        ),
        results=tuple(event.message for event in events if event.kind == "result"),
        asked=tuple(_asked(run, began, summary.path)),
        run=summary.run,
    )


def _seconds(run: RunReader) -> float:
    """Return how long a run lasted in bench seconds: its last event, or what the heartbeat says."""
    last = max((stored.event.time for stored in run.events()), default=0.0)
    return max(last, run.summary().bench_time)


def _current_seconds(run: RunReader) -> float:
    """Return for how long a current was on."""
    on, total = None, 0.0
    for event in (stored.event for stored in run.events()):
        if event.kind == "current on":
            on = event.time
        elif event.kind == "current off" and on is not None:
            total, on = total + event.time - on, None
    return total


def _counts(run: RunReader) -> Iterator[tuple[str, int]]:
    """Return how many spectra there are of each technique."""
    names: dict[str, int] = {}
    for stored in run.spectra():
        technique = stored.spectrum.technique
        names[technique] = names.get(technique, 0) + 1
    yield from names.items()


def _asked(run: RunReader, began: float, path: str) -> Iterator[AskedOfTheOperator]:
    for request in run.requests():
        hours = request.time / 3600
        yield AskedOfTheOperator(path, request.question, began + hours, hours, request.answer or "")
