"""Which rows of a store belong to a run, read as they are kept: nothing is decoded, so nothing is lost."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError
from core.records import TOLD_TO_RULES
from storage import photos, rows, schema, sqlite
from storage.columns import metadata
from storage.encoding import from_json, to_json

TABLES: tuple[sa.Table, ...] = tuple(metadata.sorted_tables)
"""Every table of a store, those that others refer to first."""

BATCH = 500
"""Rows that are held in memory at once."""

Row = tuple[Any, ...]
Numbering = Callable[[str, int], int]
"""Gives the number under which row `n` of a table is known elsewhere."""

_REFERENCES = {
    table.name: {key.parent.name: key.column.table.name for key in table.foreign_keys} for table in TABLES
}
_IN_EVENTS = {TOLD_TO_RULES: {"after": "fit"}, "request": {"request": "request"}}
_IN_EVENTS["answered"] = _IN_EVENTS["request"]
"""The keys of an event's data that hold the number of a row, by the event's kind."""


@contextmanager
def snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that sees a store as it is now, whatever is written to it meanwhile."""
    engine = sqlite.reader(path)
    try:
        with sqlite.explained(path), engine.connect() as connection:
            driver = sqlite.driver_of(connection)
            driver.execute("BEGIN")
            try:
                yield driver
            finally:
                driver.rollback()
    finally:
        engine.dispose()


def belonging(connection: sqlite3.Connection, runs: Sequence[int]) -> dict[str, list[int]]:
    """Return the row numbers of everything that belongs to runs, ascending, by table.

    With a run go its campaign and what the registry says of its cell.
    """
    found: dict[str, list[int]] = {}
    for table in TABLES:
        name = table.name
        if name == "run":
            numbers = list(runs)
        elif name == "campaign":
            numbers = _numbers(connection, "SELECT DISTINCT campaign FROM run WHERE id IN ({})", runs)
        elif name in ("cell_entry", "cell_photo"):
            cells = _numbers(connection, "SELECT DISTINCT cell_name FROM run WHERE id IN ({})", runs)
            numbers = _numbers(connection, f"SELECT rowid FROM {name} WHERE name IN ({{}})", cells)
        elif name == "decision_fit":
            query = "SELECT rowid FROM decision_fit WHERE decision IN ({})"
            numbers = _numbers(connection, query, found["decision"])
        else:
            numbers = _numbers(connection, f"SELECT rowid FROM {name} WHERE run IN ({{}})", runs)
        found[name] = sorted(numbers)
    return found


def _numbers(connection: sqlite3.Connection, query: str, values: Sequence[Any]) -> list[Any]:
    result: list[Any] = []
    for batch in _batches(values):
        marks = ",".join("?" * len(batch))
        result += [each for (each,) in connection.execute(query.format(marks), batch) if each is not None]
    return list(dict.fromkeys(result))


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(values), BATCH):
        yield values[first : first + BATCH]


def raw_rows(connection: sqlite3.Connection, table: sa.Table, numbers: Sequence[int]) -> Iterator[list[Row]]:
    """Return rows as the database gives them, in batches, columns in the order of the schema."""
    query = f"SELECT {_columns(table)} FROM {table.name} WHERE rowid IN ({{}}) ORDER BY rowid"
    for batch in _batches(numbers):
        yield connection.execute(query.format(",".join("?" * len(batch))), batch).fetchall()


def insert_raw(connection: sqlite3.Connection, table: sa.Table, found: Iterable[Row]) -> None:
    """Add rows as `raw_rows` gave them."""
    marks = ",".join("?" * len(table.columns))
    connection.executemany(f"INSERT INTO {table.name} ({_columns(table)}) VALUES ({marks})", found)


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def positions(table: sa.Table, *names: str) -> tuple[int, ...]:
    """Return where columns stand in a row."""
    order = [column.name for column in table.columns]
    return tuple(order.index(name) for name in names)


def renumbered(table: sa.Table, row: Row, number: Numbering) -> Row:
    """Return a row with its own number and all that it refers to as they are known elsewhere."""
    values = list(row)
    if "id" in table.columns:
        (own,) = positions(table, "id")
        values[own] = number(table.name, values[own])
    for column, other in _REFERENCES[table.name].items():
        (at,) = positions(table, column)
        if values[at] is not None:
            values[at] = number(other, values[at])
    if table is schema.event:
        kind, data = positions(table, "kind", "data")
        values[data] = _data(values[data], _IN_EVENTS.get(values[kind], {}), number)
    return tuple(values)


def _data(text: str, keys: Mapping[str, str], number: Numbering) -> str:
    """Return the data of an event; as it is, to the last character, where no number changes."""
    if not keys:
        return text
    data = from_json(text)
    # Fit 0 stands for "before the first fit".
    changed = {key: number(table, data[key]) for key, table in keys.items() if data.get(key)}
    return text if all(data[key] == value for key, value in changed.items()) else to_json(data | changed)


def damage(table: sa.Table, found: Iterable[Row]) -> Iterator[str]:
    """Return which of some rows do not match their checksums, in words."""
    if table is schema.spectrum:
        order = positions(table, *(column.name for column in rows.SPECTRUM_COLUMNS))
        for row in found:
            try:
                rows.spectrum_from([row[at] for at in order])
            except StoreError as error:
                yield error.problem.rstrip(";")
    if table is schema.cell_photo:
        order = positions(table, "id", "media_type", "data", "checksum")
        for row in found:
            try:
                photos.require_whole(*(row[at] for at in order))
            except StoreError as error:
                yield error.problem.rstrip(";")
