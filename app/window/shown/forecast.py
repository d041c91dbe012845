"""What a rehearsal foretells, as a page shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from app.window.shown.form_summary import grouped, lasting, local_time, size
from core.clock import utc_now

_PROGRESS = re.compile(r"(\d+) of about (\d+): (.*)")


@dataclass(frozen=True)
class ForecastRow:
    """One step: when it is done, how long it takes with its 95 % band, and how it ends."""

    after: str
    takes: str
    band: str
    spectra: str
    ends: str
    step: str
    cell: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What the operator is asked, and when."""

    when: str
    question: str
    answer: str

    @property
    def words(self) -> str:
        """All of it in one line."""
        return f"{self.when}: {self.question}" + (f" [{self.answer}]" if self.answer else "")


@dataclass(frozen=True)
class ForecastShown:
    """A forecast in words.

    Attributes
    ----------
    title, headline : str
    facts : tuple of (str, str)
        Spectra, room on the disk, cells needed.
    rows : tuple of ForecastRow
    asked : tuple of Asked
    passed_over, assumptions : tuple of str
    """

    title: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[ForecastRow, ...]
    asked: tuple[Asked, ...]
    passed_over: tuple[str, ...]
    assumptions: tuple[str, ...]

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is said below the steps: titles, and the lines of each."""
        found = (
            ("Passed over, because the electrode is spent by then", self.passed_over),
            ("The operator is asked", tuple(each.words for each in self.asked) or ("nothing",)),
            (
                "What was decided and found",
                tuple(f"{row.step}: {line}" for row in self.rows for line in row.details),
            ),
            ("The twin takes anode, history and areas from each cell and assumes", self.assumptions),
        )
        return tuple((title, lines) for title, lines in found if lines)


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal that is under way, or what came of it.

    Attributes
    ----------
    title, words : str
    going : bool
    done, of : int
        Steps, while it is going; none of none while that is not known.
    forecast : ForecastShown or None
        None where there is none.
    """

    title: str
    words: str
    going: bool = False
    done: int = 0
    of: int = 0
    forecast: ForecastShown | None = None


def begun() -> Rehearsed:
    """Return what is shown of a rehearsal that has said nothing yet."""
    return going(())


def going(lines: Sequence[str]) -> Rehearsed:
    """Return how far a rehearsal is, from the lines that it has said."""
    read = [each for each in map(progress, lines) if each is not None]
    done, of, words = read[-1] if read else (0, 0, lines[-1] if lines else "beginning …")
    return Rehearsed("Rehearsing on the simulated twin of the bench", words, True, done, max(done, of))


def refused(words: str) -> Rehearsed:
    """Return what is shown of a rehearsal that could not begin."""
    return Rehearsed("The rehearsal could not begin", words)


def rehearsed(state: str, outcome: Any, problem: str, name: str) -> Rehearsed:
    """Return what came of a rehearsal.

    Parameters
    ----------
    state : {"done", "failed", "cancelled"}
    outcome : dict or None
        As ``stripbench rehearse --json`` writes it.
    problem : str
        Why it failed.
    name : str
        What was rehearsed, as the title of the forecast has it.
    """
    if state == "cancelled":
        return Rehearsed("The rehearsal was cancelled", "Nothing real was touched.")
    if state != "done":
        return Rehearsed("The rehearsal failed", problem)
    found = forecast(outcome | {"campaign": name})
    return Rehearsed(found.title, found.headline, forecast=found)


def forecast(
    given: Mapping[str, Any], now: datetime | None = None, zone: tzinfo | None = None
) -> ForecastShown:
    """Return a forecast in words.

    Parameters
    ----------
    given : dict
        As ``stripbench rehearse --json`` writes it.
    now : datetime, optional
        When it would begin; by default now.
    zone : tzinfo, optional
        In which times are told; by default that of this machine.
    """
    begin = utc_now() if now is None else now
    hours, low, high = given["hours"], given["earliest_h"], given["latest_h"]
    ends = local_time((begin + timedelta(hours=hours)).isoformat(), zone)
    band = f" ({_band(low, high)}, 95 % over nominally equal cells)" if high - low > 1e-3 else ""
    cells = [f"{len(kind['names'])} {kind['anode']}: {', '.join(kind['names'])}" for kind in given["cells"]]
    rows, after = [], 0.0
    for step in given["steps"]:
        after += step["hours"]
        rows.append(_row(step, after))
    return ForecastShown(
        title=f"{given['campaign']}: rehearsed on the simulated twin of the bench",
        headline=f"Takes {lasting(hours)}{band}. Begun now, it ends {ends}.",
        facts=(
            ("Spectra", grouped(given["spectra"])),
            ("Disk", size(given["disk_bytes"])),
            ("Cells", "; ".join(cells) or "none"),
        ),
        rows=tuple(rows),
        asked=tuple(
            Asked(_when(each["after_h"]), each["question"], each["answer"])
            for step in given["steps"]
            for each in step["asked"]
        ),
        passed_over=tuple(f"{each['path']}: {each['reason']}" for each in given["passed_over"]),
        assumptions=tuple(given["assumptions"]),
    )


def progress(line: str) -> tuple[int, int, str] | None:
    """Read a line of a rehearsal's progress: how many steps are done, of how many, and what was last."""
    found = _PROGRESS.match(line.strip())
    return None if found is None else (int(found[1]), int(found[2]), found[3])


def _row(step: Mapping[str, Any], after: float) -> ForecastRow:
    low, high = step["earliest_h"], step["latest_h"]
    return ForecastRow(
        after=lasting(after),
        takes=lasting(step["hours"]),
        band=_band(low, high) if high - low > 1e-3 else "",
        spectra=str(step["spectra"]),
        ends=str(step["ended"]),
        step=step["path"],
        cell=step["cell"],
        details=(*step["decisions"], *step["results"]),
    )


def _when(hours: float) -> str:
    return "at the beginning" if hours < 0.5 / 60 else f"after {lasting(hours)}"


def _band(low: float, high: float) -> str:
    """Return a band in one unit, that of its upper end."""
    if high < 1:
        return f"{low * 60:.0f} to {high * 60:.0f} min"
    return f"{low:.1f} to {high:.1f} h"
