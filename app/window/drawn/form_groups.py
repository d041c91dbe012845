"""Groups of fields: a protocol's own are open, those it shares are folded and say what they hold."""

from collections.abc import Mapping

from app.window.drawn import style
from app.window.drawn.form_rows import FieldRow, Write, heading
from app.window.drawn.labels import label
from app.window.drawn.painting import painting
from app.window.drawn.tab_order import order_tabs
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.form_fields import OWN, Group
from app.window.shown.form_summary import FieldNote


class Elided(QtWidgets.QLabel):
    """A line that ends in … where there is no room for all of it; the tooltip has the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("grey")
        self.setFont(style.font(14))
        self.setMinimumWidth(1)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint what there is room for."""
        with painting(self) as painter:
            metrics = QtGui.QFontMetrics(self.font())
            text = metrics.elidedText(self.text(), QtCore.Qt.TextElideMode.ElideRight, self.width())
            painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.WindowText))
            painter.drawText(self.rect(), QtCore.Qt.AlignmentFlag.AlignVCenter, text)


class GroupBox(QtWidgets.QWidget):
    """A group of fields; its rows are made when it is first opened.

    Parameters
    ----------
    group : Group
    write : callable
        Called with the path of a field and what has been written in it.
    """

    def __init__(self, group: Group, write: Write) -> None:
        super().__init__()
        self.group, self._write = group, write
        self.rows: dict[str, FieldRow] = {}
        self._texts: Mapping[str, str] = {}
        self._notes: Mapping[str, FieldNote] = {}
        self.button, self.says = QtWidgets.QToolButton(), Elided()
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.UNIT)
        self._body = QtWidgets.QWidget()
        self._body.setObjectName("panel")
        if group.own:
            # The part of the form that is about the cell has its heading above the registry.
            if group.name == OWN:
                self._column.addWidget(heading(group.title))
        else:
            self._column.addLayout(self._fold())
        self._column.addWidget(self._body)
        self._body.setVisible(group.own)
        if group.own:
            self._fill()

    def open(self, opened: bool = True) -> None:
        """Open or fold the group."""
        if self.group.own:
            return
        if opened:
            self._fill()
        self._body.setVisible(opened)
        self._summarise()
        self.button.setChecked(opened)
        arrow = QtCore.Qt.ArrowType.DownArrow if opened else QtCore.Qt.ArrowType.RightArrow
        self.button.setArrowType(arrow)

    @property
    def opened(self) -> bool:
        """Whether its rows are to be seen."""
        return not self._body.isHidden()

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show what is written."""
        self._texts = texts
        for path, row in self.rows.items():
            row.show_text(texts.get(path, ""))
        self._summarise()

    def show_notes(self, notes: Mapping[str, FieldNote]) -> None:
        """Show what the fields come to; a group in which something is wrong is opened."""
        self._notes = notes
        if any(notes[each.path].problem for each in self.group.fields if each.path in notes):
            self.open()
        for path, row in self.rows.items():
            row.show_note(notes.get(path, FieldNote()))

    def _fill(self) -> None:
        if self.rows:
            return
        column = QtWidgets.QVBoxLayout(self._body)
        column.setContentsMargins(0 if self.group.own else 3 * style.UNIT, 0, 0, style.UNIT)
        column.setSpacing(style.UNIT)
        for each in self.group.fields:
            self.rows[each.path] = FieldRow(each, self._write)
            column.addWidget(self.rows[each.path])
        order_tabs(self)
        self.show_texts(self._texts)
        self.show_notes(self._notes)

    def _fold(self) -> QtWidgets.QLayout:
        self.button.setText(f" {self.group.title}")
        self.button.setFont(style.font(15))
        self.button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(QtCore.Qt.ArrowType.RightArrow)
        self.button.setCheckable(True)
        self.button.setFixedWidth(176)
        self.button.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.button.setAccessibleName(f"{self.group.title}: show or fold the fields")
        self.button.setStyleSheet("border: none; text-align: left; background: transparent;")
        self.button.clicked.connect(self.open)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2 * style.UNIT)
        row.addWidget(self.button)
        row.addWidget(self.says, 1)
        return row

    def _summarise(self) -> None:
        if self.group.own:
            return
        changed = self.group.changed(self._texts)
        words = self.group.summary(self._texts)
        shown = f"{changed} changed · {words}" if changed else words
        self.says.setText("" if self.opened else shown)
        self.says.setToolTip(words)


class Groups(QtWidgets.QWidget):
    """Groups below one another.

    Parameters
    ----------
    write : callable
        As of `GroupBox`.
    """

    def __init__(self, write: Write) -> None:
        super().__init__()
        self._write = write
        self.boxes: list[GroupBox] = []
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.UNIT)

    def show_groups(self, groups: tuple[Group, ...]) -> None:
        """Show other groups, unless they are there already."""
        if tuple(box.group for box in self.boxes) == groups:
            return
        for box in self.boxes:
            self._column.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = [GroupBox(group, self._write) for group in groups]
        for box in self.boxes:
            self._column.addWidget(box)

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show what is written."""
        for box in self.boxes:
            box.show_texts(texts)

    def show_notes(self, notes: Mapping[str, FieldNote]) -> None:
        """Show what the fields come to."""
        for box in self.boxes:
            box.show_notes(notes)

    def row(self, path: str) -> FieldRow | None:
        """Return the row of a field, its group opened; None if there is no such field."""
        for box in self.boxes:
            if any(each.path == path for each in box.group.fields):
                box.open()
                return box.rows[path]
        return None


def grey(text: str, pixels: int = 14) -> QtWidgets.QLabel:
    """Return a line of text that matters less."""
    result = label(pixels, grey=True)
    result.setText(text)
    result.setWordWrap(True)
    return result
