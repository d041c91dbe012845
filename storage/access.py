"""An open store's file: how it is read, and how something is written to it in one durable transaction."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from core.errors import StoreError
from storage import schema, sqlite
from storage.listing import summaries
from storage.records import RunSummary


class Access:
    """The file of a store and the engine that reads it. What a store can do is built on this.

    Parameters
    ----------
    path : Path
        The file, whose schema is up to date.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = sqlite.reader(path)
        # A store that nobody holds any more lets go of its file, closed or not.
        weakref.finalize(self, self._engine.dispose)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees what has been committed when a statement begins."""
        with sqlite.explained(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _durably(self) -> Iterator[sa.Connection]:
        """Give one transaction that has reached the disk when the block has ended."""
        engine = sqlite.writer(self.path, "FULL")
        try:
            with sqlite.explained(self.path), engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def _summary(self, connection: sa.Connection, run: int) -> RunSummary:
        """Return a run's summary; raise a `StoreError` that lists which runs exist if it does not."""
        found = summaries(connection, schema.run.c.id == run)
        if not found:
            ids = connection.execute(sa.select(schema.run.c.id).order_by(schema.run.c.id)).scalars().all()
            raise StoreError(f"{self.path} has no run {run};", f"it has {ranges('runs', list(ids))}.")
        return found[0]

    def close(self) -> None:
        """Let go of the file. Readers of its runs cannot be used any more."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def ranges(what: str, numbers: list[int]) -> str:
    """Return ascending numbers in words, e.g. ``"runs 1–3, 7"``."""
    if not numbers:
        return f"no {what} yet"
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = (f"{low}–{high}" if high > low else str(low) for low, high in spans)
    return f"{what} {', '.join(words)}"
