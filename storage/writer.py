"""The two connections through which whoever writes to a store does so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from core.errors import StoreError
from storage import sqlite


class Writer:
    """One connection whose commits have reached the disk, and one that costs no fsync.

    Its methods may be called from any thread; only one of them writes at a time.

    Parameters
    ----------
    path : Path
        The store, whose schema is up to date.
    name : str
        What is written, for messages, e.g. ``"the journal of run 3"``.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self._lock = threading.RLock()
        with sqlite.explained(path):
            self._durable = sqlite.writer(path, "FULL").connect()
            self._quick = sqlite.writer(path, "NORMAL").connect()

    @contextmanager
    def _transaction(self, connection: sa.Connection) -> Iterator[sa.Connection]:
        with self._opened(connection), connection.begin():
            yield connection

    @contextmanager
    def _bare_transaction(self, connection: sa.Connection) -> Iterator[None]:
        """Like `_transaction`, for prepared inserts only."""
        with self._opened(connection), sqlite.bare_transaction(connection):
            yield

    @contextmanager
    def _opened(self, connection: sa.Connection) -> Iterator[None]:
        with self._lock, sqlite.explained(self._path):
            if connection.closed:
                raise StoreError(f"{self._name} is closed.")
            yield

    def flush(self) -> None:
        """Write what waits; nothing does here."""

    def close(self) -> None:
        """Write what waits and let go of the store. May be called twice."""
        with self._lock:
            if self._durable.closed:
                return
            try:
                self.flush()
                with sqlite.explained(self._path):
                    sqlite.checkpoint(self._durable)
            finally:
                for connection in (self._quick, self._durable):
                    connection.close()
                    connection.engine.dispose()
