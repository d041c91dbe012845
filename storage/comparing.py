"""Two runs compared, every column of every row: what a copy of a run lost or changed."""

from collections.abc import Iterator
from itertools import chain

import sqlalchemy as sa

from storage.belonging import (
    TABLES,
    Numbering,
    Row,
    belonging,
    raw_rows,
    renumbered,
    snapshot,
)
from storage.store import Store


def differences(store_a: Store, run_a: int, store_b: Store, run_b: int) -> list[str]:
    """Return how what is kept of two runs differs, in words; nothing if one is a copy of the other.

    Compared is what the database holds, byte for byte, with campaign, cell registry and photos.
    Numbers of rows may differ, as long as what refers to a row refers to the same one.

    Raises
    ------
    StoreError
        If there is no such run.
    """
    for store, run in ((store_a, run_a), (store_b, run_b)):
        store.run(run)
    found: list[str] = []
    with snapshot(store_a.path) as one, snapshot(store_b.path) as other:
        mine, theirs = belonging(one, [run_a]), belonging(other, [run_b])
        first, second = _counted(mine), _counted(theirs)
        for table in TABLES:
            counts = len(mine[table.name]), len(theirs[table.name])
            if counts[0] != counts[1]:
                found.append(f"{table.name}: {counts[0]} and {counts[1]} rows")
                continue
            left = chain.from_iterable(raw_rows(one, table, mine[table.name]))
            right = chain.from_iterable(raw_rows(other, table, theirs[table.name]))
            for position, (a, b) in enumerate(zip(left, right, strict=True), 1):
                found += _unlike(table, position, renumbered(table, a, first), renumbered(table, b, second))
    return found


def _counted(numbers: dict[str, list[int]]) -> Numbering:
    """Return the place of a row among those of its run, from 1; what is not of the run has none."""
    places = {
        table: {number: place for place, number in enumerate(mine, 1)} for table, mine in numbers.items()
    }
    return lambda table, number: places[table].get(number, -number)


def _unlike(table: sa.Table, position: int, one: Row, other: Row) -> Iterator[str]:
    for column, a, b in zip(table.columns, one, other, strict=True):
        if type(a) is not type(b) or a != b:
            yield f"{table.name} {position}: {column.name} differs"
