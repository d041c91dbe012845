"""The list of cells: those of the registry and those that only runs name, each with what became of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.window.reading.listing import Listing
from app.window.shown.form_cells import SPENT
from core.cell import Cell
from core.records import Ended
from storage import RegisteredCell, RunOverview

CM2 = 1e4
"""cm² in one m²."""

_LEFT = {Ended.DEPLETED: "depleted", Ended.CUT_OFF: "stripped to the cut-off", Ended.SHORTED: "shorted"}
_SPENT = {Ended.DEPLETED: "spent: depleted", Ended.CUT_OFF: "spent: cut-off", Ended.SHORTED: "spent: shorted"}
_QUIET = frozenset({str(Ended.FINISHED), str(Ended.LIMIT), str(Ended.NOT_REACHED), str(Ended.SKIPPED)})
"""Ends that leave nothing to be looked at."""


@dataclass(frozen=True)
class Condition:
    """What became of an electrode.

    Attributes
    ----------
    kind : str
        ``"fresh"``, ``"used"``, ``"live"``, ``"doubtful"`` (its last run was broken off) or ``"spent"``.
    words : str
        In a few words.
    advice : str
        What that means for whoever wants to use it.
    """

    kind: str
    words: str
    advice: str = ""

    @property
    def spent(self) -> bool:
        """Whether it is of no more use."""
        return self.kind == "spent"


def condition(runs: Sequence[RunOverview]) -> Condition:
    """Return what became of an electrode, by its runs, newest first.

    One that was depleted or shorted once stays so, whatever was done to it later.
    """
    if not runs:
        return Condition("fresh", "fresh", "No run was done to it yet.")
    newest = runs[0].summary
    now = f"in run {newest.run} now" if newest.live else ""
    for each in runs:
        summary = each.summary
        if summary.ended in SPENT:
            words = _LEFT[Ended(summary.ended)]
            advice = (
                f"This electrode is spent: it was {words} in run {summary.run}. "
                "Mount a fresh one for the next stripping."
            )
            return Condition("spent", ", ".join(filter(None, (_SPENT[Ended(summary.ended)], now))), advice)
    if now:
        return Condition("live", now, f"Run {newest.run} is being done to it.")
    if newest.ended in _QUIET:
        return Condition("used", f"used, run {newest.run} {newest.ended}", "Used, and not spent so far.")
    word = newest.ended or newest.state.value
    advice = f"Run {newest.run} was broken off ({word}); look at its contact before it is used again."
    return Condition("doubtful", f"run {newest.run} {word}", advice)


@dataclass(frozen=True)
class CellRow:
    """A cell of the list.

    Attributes
    ----------
    name : str
    cell : Cell
        By the latest entry of the registry, or by its newest run where there is none.
    registered : RegisteredCell or None
    runs : tuple of RunOverview
        Newest first, those in the bin included.
    """

    name: str
    cell: Cell
    registered: RegisteredCell | None
    runs: tuple[RunOverview, ...] = ()

    @cached_property
    def condition(self) -> Condition:
        """What became of it."""
        return condition(self.runs)

    @property
    def retired(self) -> bool:
        """Whether it is not to be used any more."""
        return self.registered is not None and self.registered.retired

    @cached_property
    def areas(self) -> str:
        """Both of its areas, the electrode's first."""
        return f"{self.cell.area * CM2:.3g} / {self.cell.pellet_area * CM2:.3g} cm²"

    @cached_property
    def used(self) -> str:
        """How many runs were done to it, and when the last one began, by the local calendar."""
        if not self.runs:
            return "no run yet"
        last = self.runs[0].summary.started_utc.astimezone()
        return f"{count(len(self.runs), 'run')} · {last:%Y-%m-%d}"

    @cached_property
    def words(self) -> str:
        """What stands at the right of its name."""
        parts = ("retired" if self.retired else "", self.condition.words)
        return ", ".join(filter(None, parts))

    @cached_property
    def below(self) -> str:
        """What stands below its name."""
        return " · ".join((self.cell.anode, self.areas, self.used))

    @cached_property
    def tip(self) -> str:
        """All of it in words."""
        lines = [self.name, self.condition.advice]
        lines += [
            f"electrode {self.cell.area * CM2:.4g} cm² (current, charge, R and C)",
            f"pellet {self.cell.pellet_area * CM2:.4g} cm² (force)",
        ]
        lines += ["" if self.registered is not None else "Not in the registry: only runs name it."]
        lines += [self.registered.remarks if self.registered is not None else ""]
        return "\n".join(filter(None, lines))

    @cached_property
    def haystack(self) -> str:
        """All its words, in small letters, for searching."""
        remarks = "" if self.registered is None else self.registered.remarks
        parts = (self.name, self.below, self.words, self.condition.kind, remarks, self.cell.notes)
        history = self.cell.history
        return " ".join((*parts, history.formed_at, history.polishing)).casefold()


def count(number: int, word: str) -> str:
    """Write how many there are of something: ``"1 run"``, ``"3 runs"``, ``"2 entries"``."""
    if number == 1:
        return f"1 {word}"
    many = f"{word[:-1]}ies" if word.endswith("ry") else f"{word}s"
    return f"{number:,} {many}".replace(",", "\u202f")


def natural(name: str) -> list[tuple[int, int | str]]:
    """Return by what names are sorted so that number 10 comes after number 9."""
    parts = re.split(r"(\d+)", name.casefold())
    # Numbers before words, each compared with its like only.
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]


def runs_by_cell(listing: Listing) -> dict[str, tuple[RunOverview, ...]]:
    """Return the runs of every cell, newest first, those in the bin included."""
    every = {each.summary.run: each for each in (*listing.binned, *listing.runs)}
    found: dict[str, list[RunOverview]] = {}
    for number in sorted(every, reverse=True):
        found.setdefault(every[number].summary.cell, []).append(every[number])
    return {name: tuple(runs) for name, runs in found.items()}


def unregistered_names(listing: Listing) -> frozenset[str]:
    """Return the names that runs have and the registry has not."""
    known = {each.name for each in listing.cells}
    return frozenset(each.summary.cell for each in (*listing.runs, *listing.binned)) - known


def cell_rows(listing: Listing, unregistered: Mapping[str, Cell]) -> tuple[CellRow, ...]:
    """Return all cells, those of the registry first, each part by name.

    Parameters
    ----------
    listing : Listing
    unregistered : mapping of str to Cell
        What the newest run of each name says that is not in the registry.
    """
    runs = runs_by_cell(listing)
    known = [CellRow(each.name, each.cell, each, runs.get(each.name, ())) for each in listing.cells]
    names = unregistered_names(listing)
    others = [CellRow(name, cell, None, runs[name]) for name, cell in unregistered.items() if name in names]
    return (*_sorted(known), *_sorted(others))


def _sorted(rows: Iterable[CellRow]) -> list[CellRow]:
    return sorted(rows, key=lambda row: natural(row.name))


@dataclass(frozen=True)
class CellLine:
    """A line of the list: a cell, or the heading of a part of it."""

    heading: str = ""
    row: CellRow | None = None

    @property
    def name(self) -> str:
        """Name of the cell; empty for a heading."""
        return "" if self.row is None else self.row.name


def lines(rows: Sequence[CellRow], words: str = "", retired: bool = False) -> list[CellLine]:
    """Return the lines of the list.

    Parameters
    ----------
    rows : sequence of CellRow
        As `cell_rows` gives them.
    words : str
        All of them have to occur in what is said of a cell.
    retired : bool
        Whether those that are retired are shown, too.
    """
    wanted = words.casefold().split()
    found = [row for row in rows if all(word in row.haystack for word in wanted)]
    result: list[CellLine] = []
    for title, part in (
        ("Registered", [row for row in found if row.registered is not None and not row.retired]),
        ("Retired", [row for row in found if row.retired] if retired else []),
        ("Not registered, only in runs", [row for row in found if row.registered is None]),
    ):
        if part:
            result.append(CellLine(f"{title}  ·  {len(part)}"))
            result.extend(CellLine(row=row) for row in part)
    return result


def taken(listing: Listing) -> dict[str, str]:
    """Return the names that no new cell may have, each with the reason in a few words."""
    found = {
        name: f"run {runs[0].summary.run} was done to it" for name, runs in runs_by_cell(listing).items()
    }
    for each in listing.cells:
        found[each.name] = "retired, but registered" if each.retired else "registered already"
    return found


def footer(rows: Sequence[CellRow]) -> str:
    """Say how many cells there are of each kind."""
    known = [row for row in rows if row.registered is not None]
    others = len(rows) - len(known)
    spent, gone = sum(row.condition.spent for row in rows), sum(row.retired for row in known)
    parts = [f"{len(known)} registered"]
    parts += [
        f"{number} {word}" for number, word in ((gone, "retired"), (others, "not registered")) if number
    ]
    parts += [f"{spent} spent"] if spent else []
    return ", ".join(parts)


@dataclass(frozen=True)
class Gathered:
    """What the page shows of a listing: its rows, taken names and a count; `read` as the listing was."""

    rows: tuple[CellRow, ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict)
    footer: str = ""
    read: bool = False


def gather(listing: Listing, unregistered: Mapping[str, Cell]) -> Gathered:
    """Return what there is to show, ready to be searched; with thousands of cells better in a thread."""
    rows = cell_rows(listing, unregistered)
    for row in rows:
        # Asked for here, so that the first letter of a search need not wait for all of them.
        _ = row.haystack
    return Gathered(rows, taken(listing), footer(rows), listing.read)
