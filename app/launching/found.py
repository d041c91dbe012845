"""Which run or campaign of a store belongs to a process."""

import platform
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from storage import sqlite


def found_by_process(path: Path, pid: int, since: datetime, table: sa.Table) -> int | None:
    """Return the number of the newest run, or campaign, that a process of this computer has begun.

    Parameters
    ----------
    path : Path
        Of the store; it may not be there yet.
    pid : int
    since : datetime
        When the process was started: an older row is of another one that had its number.
    table : Table
        `storage.schema.run` or `storage.schema.campaign`.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    query = sa.select(sa.func.max(table.c.id)).where(
        table.c.pid == pid, table.c.hostname == platform.node(), table.c.started_utc >= since
    )
    engine = sqlite.reader(path)
    try:
        with sqlite.explained(path), engine.connect() as connection:
            return connection.execute(query).scalar()
    finally:
        engine.dispose()
