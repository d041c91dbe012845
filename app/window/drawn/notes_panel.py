"""The notes of a run, and the line to write one."""

from typing import Any

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.cards import words
from app.window.drawn.line_list import LineList, Row
from app.window.qt import QtCore, QtWidgets
from app.window.reading.commands import NOTE
from app.window.reading.snapshot import Snapshot
from app.window.shown.notes import keep, notes, pin
from core.errors import StripbenchError


class NotesPanel(QtWidgets.QWidget):
    """Shows notes and takes them: a live run keeps them itself, an ended one gets them added.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._snapshot: Snapshot | None = None
        self.list = LineList(self._point)
        self.list.setAccessibleName("Notes")
        self.empty = words(14, grey=True)
        self.empty.setText("No notes yet. Write the first one below; the cursor says where it is pinned.")
        self.where, self.answer = words(13, grey=True), words(13, grey=True)
        self.note = QtWidgets.QLineEdit()
        self.note.setFont(style.font(14))
        self.note.setAccessibleName("Note to write")
        self.note.setMaxLength(2000)
        self.note.setPlaceholderText("Note, then Enter")
        self.note.setToolTip(f"{NOTE.meaning}  ({NOTE.shortcut})")
        self.note.returnPressed.connect(self._send)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, style.UNIT, 0, 0)
        column.setSpacing(style.UNIT)
        for widget in (self.empty, self.list, self.answer, self.where, self.note):
            column.addWidget(widget, 1 if widget is self.list else 0)
        desk.pointed.connect(self._say_where)
        self._say_where()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the notes of a run."""
        self._snapshot = snapshot
        found = () if snapshot is None else notes(snapshot, self._desk.author)
        self.empty.setVisible(not found)
        self.list.show_rows(
            [Row(each.key, each.when, each.author, each.text, "info", each.time) for each in found]
        )
        self._say_where()

    def _say_where(self, _time: float | None = None) -> None:
        where = pin(self._snapshot, self._desk.cursor)
        self.note.setEnabled(where is not None)
        self.where.setText(
            "There is no run to write to." if where is None else f"The next one is {where.words}."
        )

    def _point(self, row: Row) -> None:
        if row.time is not None:
            self._desk.point(row.time)

    def _send(self) -> None:
        text, where = self.note.text().strip(), pin(self._snapshot, self._desk.cursor)
        if not text or where is None or self._snapshot is None:
            return
        run, author = self._snapshot.summary.run, self._desk.author
        self.note.clear()
        if where.time is None:
            self._desk.tell(NOTE.word, text, run)
            return
        self.answer.setText("being kept …")
        self._desk.do(
            lambda store: keep(store, run, text, where.time, author), lambda kept: self._kept(kept, text)
        )

    def _kept(self, result: Any, text: str) -> None:
        """Say what came of a note; one that was not kept is given back to whoever wrote it."""
        self._desk.feed.look()
        if isinstance(result, StripbenchError):
            self.answer.setText(f"Not kept: {result}")
            if not self.note.text():
                self.note.setText(text)
            return
        self.answer.setText("")
