"""A slice of a store: some of its runs, whole, in a store of their own; and the way back.

What is copied is copied as it lies there, byte for byte: also what is damaged, which is said.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from core.errors import BadInput
from core.telling import Tell
from storage import sqlite
from storage.belonging import TABLES, belonging, damage, insert_raw, raw_rows, snapshot
from storage.comparing import differences
from storage.store import Store, open_store
from storage.taking_in import TakenIn, take_in

__all__ = ["TakenIn", "differences", "take_in", "write_slice"]


def write_slice(store: Store, runs: Sequence[int], path: Path, tell: Tell | None = None) -> list[str]:
    """Write runs, with all that belongs to them, to a store of their own.

    With a run go its campaign and the registered entries and photos of its cell. Numbers stay as
    they are. The file stands alone: no write-ahead log lies beside it.

    Parameters
    ----------
    store : Store
    runs : sequence of int
    path : Path
        Of the file to make, on a local disk.
    tell : callable, optional

    Returns
    -------
    list of str
        What is damaged in the store and was copied as it is, in words.

    Raises
    ------
    BadInput
        If the file exists, no run is named, or a run goes on.
    StoreError
        If there is no such run, or the store cannot be read or the file not be written; nothing of it
        is left then.
    """
    path, chosen = path.absolute(), sorted(dict.fromkeys(runs))
    if not chosen:
        raise BadInput("no run was chosen;", "name at least one: stripbench runs lists them.")
    if path.exists():
        raise BadInput(f"{path} is there already;", "choose a name that does not exist.")
    for run in chosen:
        refuse_live(store, run)
    try:
        open_store(path, create=True).close()
        with snapshot(store.path) as source, _filling(path) as target:
            return _copied(source, target, chosen, tell)
    except BaseException:
        for each in (path, *_beside(path)):
            each.unlink(missing_ok=True)
        raise


def refuse_live(store: Store, run: int) -> None:
    """Raise a `BadInput` if a run goes on, or its process is there and only silent."""
    summary = store.run(run).summary()
    if summary.live or summary.silent:
        raise BadInput(
            f"run {run} of {summary.cell} goes on, so it cannot be copied whole;",
            "wait until it has ended, or stop it.",
        )


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]


@contextmanager
def _filling(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a transaction on a new store, which is one file afterwards."""
    with sqlite.explained(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")


def _copied(
    source: sqlite3.Connection, target: sqlite3.Connection, runs: Sequence[int], tell: Tell | None
) -> list[str]:
    numbers, damaged = belonging(source, runs), list[str]()
    total, done = sum(map(len, numbers.values())), 0
    for table in TABLES:
        for batch in raw_rows(source, table, numbers[table.name]):
            damaged += damage(table, batch)
            insert_raw(target, table, batch)
            done += len(batch)
            if tell is not None:
                tell("rows of the store", done, total)
    return damaged
