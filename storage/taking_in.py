"""Runs of another store taken into this one: all of them, or, whatever happens, none."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from core.errors import BadInput, StoreError
from storage import schema, sqlite
from storage.belonging import (
    TABLES,
    Row,
    belonging,
    damage,
    insert_raw,
    positions,
    raw_rows,
    renumbered,
    snapshot,
)
from storage.store import Store, open_store, version_of

BESIDE_LIVE = 64 * 2**20
"""Bytes that are taken in while runs go on: those have to wait, and can for a second or two."""

_BEGAN = ("protocol", "started_utc", "cell_name")
_WHAT_IT_IS = (*_BEGAN, "cell", "parameters", "seed", "bench", "path", "hostname", "pid", "process_started")
_CAMPAIGN = ("name", "started_utc", "text", "hostname", "pid", "process_started")


@dataclass(frozen=True)
class TakenIn:
    """What came of taking in the runs of a store.

    Attributes
    ----------
    runs : dict of int to int
        The number that each run has here, by the one it had there.
    already : dict of int to int
        Runs that were here before and were not taken again.
    damaged : tuple of str
        What does not match its checksum and was taken as it is, in words.
    """

    runs: dict[int, int] = field(default_factory=dict)
    already: dict[int, int] = field(default_factory=dict)
    damaged: tuple[str, ...] = ()


def take_in(store: Store, path: Path) -> TakenIn:
    """Take all runs of another store, or of a slice of one, into a store, in one transaction.

    Numbers stay where they come after all that are in use here; otherwise they are counted on, and
    whatever refers to them follows. A run that is here already, by where, when and on what it was
    begun and by the checksums of its spectra, is not taken again; nor is what the registry here
    knows otherwise of a cell.

    Parameters
    ----------
    store : Store
    path : Path
        Of the other store. It is not changed; an older one is read from a copy.

    Raises
    ------
    BadInput
        If a run there goes on, or it is large and one goes on here.
    StoreError
        If it is not a store, was written by a newer stripbench, or cannot be read.
    """
    with _newest(path) as current, open_store(current) as other:
        runs = [each.run for each in other.runs(None)]
        if not runs:
            raise BadInput(f"{path} has no runs;", "check that it is the store that you mean.")
        going = [each.run for each in other.runs(None) if each.live or each.silent]
        if going:
            raise BadInput(f"{path}: run {going[0]} goes on;", "take it in when it has ended.")
        _refuse_to_hold_up(store, current)
        with snapshot(current) as source, _writing(store.path) as target:
            return _taken(source, target, runs)


@contextmanager
def _newest(path: Path) -> Iterator[Path]:
    """Give a store with the newest schema: the one that is asked for, or a copy of it brought there."""
    path = path.absolute()
    if not path.is_file():
        raise StoreError(f"there is no store at {path};", "check the path.")
    version = version_of(path)
    if version is None:
        raise StoreError(f"{path} is empty, not a store;", "give the path of a store.")
    if version == schema.SCHEMA_VERSION:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="stripbench-") as folder:
        copy = Path(folder) / "copy.sqlite"
        with snapshot(path) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield copy


def _refuse_to_hold_up(store: Store, path: Path) -> None:
    live = [each.run for each in store.runs(None) if each.live]
    size = path.stat().st_size
    if live and size > BESIDE_LIVE:
        raise BadInput(
            f"{path} has {size / 2**20:.0f} MiB, and run {live[0]} is being written to {store.path}, "
            "which would have to wait too long;",
            "take it in when the run has ended, or into another store.",
        )


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    engine = sqlite.writer(path, "FULL")
    try:
        with sqlite.explained(path), engine.connect() as connection:
            driver = sqlite.driver_of(connection)
            with sqlite.bare_transaction(connection):
                yield driver
            # All of it stands in the log, which would stay as large as what was taken in.
            driver.execute("PRAGMA busy_timeout=0")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        engine.dispose()


def _taken(source: sqlite3.Connection, target: sqlite3.Connection, runs: Sequence[int]) -> TakenIn:
    already = {run: here for run in runs if (here := _same_run(source, target, run)) is not None}
    numbers = belonging(source, [run for run in runs if run not in already])
    campaigns = _same_campaigns(source, target, numbers["campaign"])
    numbers["campaign"] = [each for each in numbers["campaign"] if each not in campaigns]
    for name in ("cell_entry", "cell_photo"):
        numbers[name] = _unknown_of_cells(source, target, schema.metadata.tables[name], numbers[name])
    places = _Places(target, numbers, campaigns)
    damaged: list[str] = []
    for table in TABLES:
        for batch in raw_rows(source, table, numbers[table.name]):
            damaged += damage(table, batch)
            insert_raw(target, table, [renumbered(table, row, places) for row in batch])
    return TakenIn({run: places("run", run) for run in numbers["run"]}, already, tuple(damaged))


class _Places:
    """The numbers under which the rows of a slice are kept here, in the order they had there."""

    def __init__(
        self, target: sqlite3.Connection, numbers: dict[str, list[int]], campaigns: dict[int, int]
    ) -> None:
        self._shift: dict[str, int] = {}
        self._named: dict[str, dict[int, int]] = {"run": {}, "campaign": dict(campaigns)}
        for table, mine in numbers.items():
            (last,) = target.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()
            collide = bool(mine) and mine[0] <= last
            if table in self._named:
                # People say these, so no number is left out.
                new = range(last + 1, last + 1 + len(mine)) if collide else mine
                self._named[table] |= dict(zip(mine, new, strict=True))
            else:
                self._shift[table] = last + 1 - mine[0] if collide else 0

    def __call__(self, table: str, number: int) -> int:
        if table in self._named:
            return self._named[table][number]
        return number + self._shift[table]


def _same_run(source: sqlite3.Connection, target: sqlite3.Connection, run: int) -> int | None:
    """Return the number that a run has here, None if it is not here."""
    where = " AND ".join(f"{name} = ?" for name in _BEGAN)
    began = source.execute(f"SELECT {', '.join(_BEGAN)} FROM run WHERE id = ?", (run,)).fetchone()
    mine = _digest(source, run)
    for (other,) in target.execute(f"SELECT id FROM run WHERE {where} ORDER BY id", began).fetchall():
        if _digest(target, other) == mine:
            return int(other)
    return None


def _digest(connection: sqlite3.Connection, run: int) -> str:
    """Return what tells a run from every other: how it was begun, and what was measured."""
    row = connection.execute(f"SELECT {', '.join(_WHAT_IT_IS)} FROM run WHERE id = ?", (run,)).fetchone()
    sums = connection.execute("SELECT checksum FROM spectrum WHERE run = ? ORDER BY id", (run,)).fetchall()
    return hashlib.sha256(repr((row, sums)).encode()).hexdigest()


def _same_campaigns(
    source: sqlite3.Connection, target: sqlite3.Connection, campaigns: Sequence[int]
) -> dict[int, int]:
    """Return which campaigns are here already, and under which number."""
    query = f"SELECT id, {', '.join(_CAMPAIGN)} FROM campaign"
    here = {row[1:]: row[0] for row in target.execute(query)}
    there = {row[0]: row[1:] for row in source.execute(query)}
    return {each: here[there[each]] for each in campaigns if there[each] in here}


def _unknown_of_cells(
    source: sqlite3.Connection, target: sqlite3.Connection, table: sa.Table, numbers: Sequence[int]
) -> list[int]:
    """Return what the registry here does not know of cells.

    Of a cell that was registered here too, only what was added there since the two were the same: its
    latest entry is valid, so what comes from elsewhere must not be put on top of another history.
    """
    mine, theirs = _by_cell(source, table, numbers), _by_cell(target, table, None)
    found: list[int] = []
    for name, entries in mine.items():
        known = theirs.get(name, [])
        if [row for _, row in entries[: len(known)]] == [row for _, row in known]:
            found += [number for number, _ in entries[len(known) :]]
    return sorted(found)


def _by_cell(
    connection: sqlite3.Connection, table: sa.Table, numbers: Sequence[int] | None
) -> dict[str, list[tuple[int, Row]]]:
    """Return number and content of rows by the name of the cell; all rows for None."""
    if numbers is None:
        numbers = [each for (each,) in connection.execute(f"SELECT id FROM {table.name} ORDER BY id")]
    own, name = positions(table, "id", "name")
    found: dict[str, list[tuple[int, Row]]] = {}
    for batch in raw_rows(connection, table, numbers):
        for row in batch:
            found.setdefault(row[name], []).append((row[own], row[:own] + row[own + 1 :]))
    return found
