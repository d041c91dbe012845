"""What the Cells page writes into the registry: entries and photos, each answered in the strip."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from app.window.desk import Desk
from app.window.drawn.cell_strip import CellStrip
from app.window.drawn.cell_work import Work, read_photo
from app.window.shown.cell_draft import Checked
from app.window.shown.cell_rows import CellRow, count
from core.cell import Cell
from core.errors import StripbenchError
from storage import Store


class CellWriting:
    """Adds to the registry behind the window's back.

    Parameters
    ----------
    desk : Desk
    work : Work
        Where photos are read.
    strip : CellStrip
        That says what came of it.
    written : callable
        Called whenever something has been added.
    """

    def __init__(self, desk: Desk, work: Work, strip: CellStrip, written: Callable[[], None]) -> None:
        self._desk, self._work, self._strip, self._written = desk, work, strip, written
        self._gone = False

    def close(self) -> None:
        """Tell nobody any more; what was asked is still done."""
        self._gone = True

    def do(self, what: Callable[[Store], Any], then: Callable[[Any], None]) -> None:
        """Do something with the store; `then` is told in the window's thread, unless the page is gone."""
        self._desk.do(what, lambda result: None if self._gone else then(result))

    def register(
        self, checked: Checked, before: CellRow | None, then: Callable[[StripbenchError | None], None]
    ) -> None:
        """Register what a form holds.

        Parameters
        ----------
        checked : Checked
            Without errors.
        before : CellRow or None
            Of a cell that is changed: how it was.
        then : callable
            Called with the trouble there was, or None.
        """
        draft, author, first = checked.draft, self._desk.author, checked.names[0].name

        def registering(store: Store) -> list[int]:
            cells, new = checked.cells(), not draft.amends
            return store.register_cells(
                cells, remarks=draft["remarks"], retired=draft.retired, author=author, new=new
            )

        def told(result: list[int] | StripbenchError) -> None:
            trouble = result if isinstance(result, StripbenchError) else None
            then(trouble)
            if before is not None:
                self._tell(f"{first} has a new entry; those before it stay.", result, before)
            elif checked.count == 1:
                self._tell(f"{first} is registered.", result)
            else:
                self._tell(f"{checked.count} cells are registered, {first} and so on.", result)

        self.do(registering, told)

    def register_runs(self, cells: Sequence[Cell]) -> None:
        """Register cells as their newest runs have them."""
        author = self._desk.author
        words = f"{count(len(cells), 'cell')} registered as the newest run has it."
        if len(cells) != 1:
            words = f"{count(len(cells), 'cell')} registered, each as its newest run has it."
        self.do(
            lambda store: store.register_cells(cells, author=author, new=True), partial(self._tell, words)
        )

    def retire(self, row: CellRow, retired: bool) -> None:
        """Retire a cell or take it back: an entry that says nothing else than the one before it."""
        words = f"{row.name} is retired." if retired else f"{row.name} is in use again."
        self._repeat(row, retired, partial(self._tell, words, before=row))

    def add_photos(self, name: str, files: Sequence[Path]) -> None:
        """Add photos: read and checked in a thread, then written to the store."""
        for file in files:
            self._work.do(partial(read_photo, file), partial(self._keep_photo, name, file.stem))

    def _keep_photo(self, name: str, caption: str, data: bytes | StripbenchError) -> None:
        if isinstance(data, StripbenchError):
            self._strip.complain(f"No photo was added: {data}")
            return
        author = self._desk.author
        self.do(
            lambda store: store.add_photo(name, data, caption, author),
            partial(self._tell, f"The photo {caption!r} of {name} is in the store."),
        )

    def _put_back(self, row: CellRow) -> None:
        """Undo: add the entry again that was valid before."""
        entry = row.registered
        if entry is not None:
            words = f"{row.name} is as it was before; another entry says so."
            self._repeat(row, entry.retired, partial(self._tell, words))

    def _repeat(self, row: CellRow, retired: bool, then: Callable[[Any], None]) -> None:
        entry, author = row.registered, self._desk.author
        if entry is not None:
            self.do(
                lambda store: store.register_cell(
                    entry.cell, remarks=entry.remarks, retired=retired, author=author
                ),
                then,
            )

    def _tell(self, words: str, result: object, before: CellRow | None = None) -> None:
        if isinstance(result, StripbenchError):
            self._strip.complain(f"Nothing was changed: {result}")
            return
        self._strip.say(words, None if before is None else partial(self._put_back, before))
        self._written()
        self._desk.catalogue.look()
