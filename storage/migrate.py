"""Bringing a store to the newest schema, with alembic and without an ini file.

Alembic is imported only when there is something to do: it takes a good part of a second.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.errors import StoreError
from storage.columns import Utc
from storage.listing import STALE_HEARTBEAT
from storage.process import Process
from storage.schema import KNOWN_VERSIONS, SCHEMA_VERSION

_PROCESS = ("pid", "process_started", "hostname", "boot")

MIGRATIONS = Path(__file__).parent / "migrations"


def version_of(engine: sa.Engine, path: Path) -> str | None:
    """Return the schema version of a store, None if it is an empty file.

    Raises
    ------
    StoreError
        If it is a database of something else.
    """
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if not tables:
            return None
        if not {"alembic_version", "run"} <= tables:
            raise StoreError(
                f"{path} is the database of another program, not a stripbench store;",
                "give the path of a store.",
            )
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def refuse_newer(version: str | None, path: Path) -> None:
    """Raise a `StoreError` if a store's version is not one this program knows."""
    if version is not None and version not in KNOWN_VERSIONS:
        raise StoreError(
            f"{path} was written by a newer stripbench: schema {version}, this one knows {SCHEMA_VERSION};",
            "update stripbench. Nothing was changed.",
        )


def upgrade(engine: sa.Engine, path: Path, migrations: Path = MIGRATIONS) -> None:
    """Make the tables of an empty store, or bring an older one to the newest schema.

    It happens in one transaction: after a failure the store is what it was before.

    Parameters
    ----------
    engine : Engine
        One that writes.
    path : Path
        Of the store, for messages.
    migrations : Path
        The folder with alembic's `env.py` and the versions.

    Raises
    ------
    StoreError
        If an older stripbench is still writing a run to it.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    # The configuration parser takes a per cent sign in a path for the start of a variable.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.begin() as connection:
        # Looked at under the write lock: another process may have done it in the meantime.
        version = MigrationContext.configure(connection).get_current_revision()
        if version == head:
            return
        if version is not None:
            _refuse_while_live(connection, path)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_while_live(connection: sa.Connection, path: Path) -> None:
    # Stores from before there were campaigns have no such table.
    for table in {"run", "campaign"} & set(sa.inspect(connection).get_table_names()):
        # Only columns that every version of the schema has.
        known: list[sa.ColumnClause[Any]] = [sa.column(name) for name in ("id", "ended_utc", *_PROCESS)]
        rows = sa.table(table, *known, sa.column("heartbeat_utc", Utc))
        heard = utc_now() - timedelta(seconds=STALE_HEARTBEAT)
        for row in connection.execute(sa.select(rows).where(rows.c.ended_utc.is_(None))):
            process = Process(row.pid, row.process_started, row.hostname, row.boot)
            # One that is only silent may have waited for the lock that is held here.
            if row.heartbeat_utc > heard or process.is_there():
                raise StoreError(
                    f"an older stripbench is writing {table} {row.id} to {path}, "
                    "so its schema cannot be changed now;",
                    f"wait until the {table} has ended, then try again.",
                )
