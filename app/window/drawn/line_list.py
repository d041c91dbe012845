"""A list of entries with a time, a kind and a text that wraps; quick with thousands of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.window.drawn import style
from app.window.qt import QtCore, QtGui, QtWidgets

MOST_LINES = 2000
"""Entries that are shown; of more, the newest."""

SCROLL_BAR = 10
"""Pixels that the scroll bar takes, see the style sheet."""

LONGEST_WORD = 28
"""Letters after which a word may be broken: paths and the like would else be cut off."""

SIGNS = {"warning": "▲ ", "alarm": "■ "}

_GAP = style.UNIT
"""Pixels of the room under an entry."""


@dataclass(frozen=True)
class Row:
    """An entry: `head` is grey, `kind` has the colour of its severity, `text` wraps under them."""

    key: str
    head: str
    kind: str
    text: str
    severity: str = "info"
    time: float | None = None


def breakable(text: str) -> str:
    """Return a text whose very long words may be broken, by spaces of no width."""
    if all(len(word) <= LONGEST_WORD for word in text.split()):
        return text
    parts = (
        "\u200b".join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
        for word in text.split(" ")
    )
    return " ".join(parts)


class LineModel(QtCore.QAbstractListModel):
    """The entries as Qt's views want them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def rowCount(self, parent: QtCore.QModelIndex | None = None) -> int:
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QtCore.QModelIndex, role: int = QtCore.Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the entry in words, for whoever reads the screen aloud."""
        if role in (QtCore.Qt.ItemDataRole.DisplayRole, QtCore.Qt.ItemDataRole.AccessibleTextRole):
            row = self.rows[index.row()]
            return f"{row.head} {row.kind} {row.text}"
        return None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other entries; where they only go on, what is there stays as it is."""
        wanted, known = list(rows), len(self.rows)
        if wanted == self.rows:
            return
        if known and wanted[:known] == self.rows:
            self.beginInsertRows(QtCore.QModelIndex(), known, len(wanted) - 1)
            self.rows = wanted
            self.endInsertRows()
            return
        self.beginResetModel()
        self.rows = wanted
        self.endResetModel()


class _Painter(QtWidgets.QStyledItemDelegate):
    """Paints an entry, and remembers how high each is at the present width."""

    WRAP = int(QtCore.Qt.TextFlag.TextWordWrap | QtCore.Qt.AlignmentFlag.AlignTop)

    def __init__(self, view: QtWidgets.QListView, model: LineModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._heights: dict[str, int] = {}
        self._width = 0
        self._font, self._bold = style.font(13), style.font(13, bold=True)
        self._metrics = QtGui.QFontMetrics(self._font)
        self._advances: dict[str, float] = {}
        self._exact = QtGui.QFontMetricsF(self._font)
        self._space = self._exact.horizontalAdvance(" ")
        self._head = self._metrics.lineSpacing() + 4

    def sizeHint(self, _option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        """Return how much room an entry takes."""
        # Whether or not there is a scroll bar now: else everything is measured twice.
        width = self._view.width() - SCROLL_BAR - 2 * style.UNIT
        if width != self._width:
            self._width, self._heights = width, {}
        text = self._model.rows[index.row()].text
        height = self._heights.get(text)
        if height is None:
            height = self._height(breakable(text), width)
            self._heights[text] = height
        return QtCore.QSize(width, self._head + height + _GAP)

    def _height(self, text: str, width: int) -> int:
        """Return how high a text is; measured word by word, as Qt takes ten times as long for thousands."""
        lines = sum(self._lines(line, width) for line in text.split("\n"))
        return lines * self._metrics.lineSpacing()

    def _lines(self, line: str, width: int) -> int:
        known, exact, lines, at = self._advances, self._exact, 1, 0.0
        for word in line.replace("\u200b", " ").split():
            wide = known.get(word)
            if wide is None:
                wide = known[word] = exact.horizontalAdvance(word)
            if at and at + wide > width - 1:
                lines, at = lines + 1, 0.0
            at += wide + self._space
        return lines

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint an entry; the chosen one on a darker ground."""
        assert painter is not None
        row, colours, frame = self._model.rows[index.row()], style.palette(), option.rect
        if option.state & QtWidgets.QStyle.StateFlag.State_Selected:
            painter.fillRect(frame, QtGui.QColor(colours.hairline))
        frame = QtCore.QRect(frame.left() + style.UNIT, frame.top() + 2, self._width, frame.height() - 2)
        painter.setFont(self._font)
        painter.setPen(QtGui.QColor(colours.grey))
        head = QtCore.QRect(frame.left(), frame.top(), frame.width(), self._head)
        middle = int(QtCore.Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(head, middle, row.head)
        wide = self._metrics.horizontalAdvance(row.head) + (2 * style.UNIT if row.head else 0)
        painter.setFont(self._bold)
        painter.setPen(QtGui.QColor(style.severity_colour(row.severity)))
        place = head.adjusted(wide, 0, 0, 0)
        kind = SIGNS.get(row.severity, "") + row.kind
        elided = QtGui.QFontMetrics(self._bold).elidedText(
            kind, QtCore.Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, middle, elided)
        painter.setFont(self._font)
        painter.setPen(QtGui.QColor(colours.ink))
        painter.drawText(frame.adjusted(0, self._head, 0, 0), self.WRAP, breakable(row.text))


class LineList(QtWidgets.QListView):
    """Entries, newest last; follows the newest unless somebody has scrolled away from it.

    Parameters
    ----------
    chosen : callable
        Called with an entry that was clicked, or on which Enter was pressed.
    """

    def __init__(self, chosen: Callable[[Row], None]) -> None:
        super().__init__()
        self.lines = LineModel()
        self.setModel(self.lines)
        self.setItemDelegate(_Painter(self, self.lines))
        self.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self._chosen = chosen
        self._following = True
        bar = self.verticalScrollBar()
        assert bar is not None
        self._bar = bar
        bar.rangeChanged.connect(lambda low, high: bar.setValue(high) if self._following else None)
        bar.valueChanged.connect(self._scrolled)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other entries."""
        follow, before, kept = self._following, self._bar.value(), self._selected()
        self.lines.show_rows(rows[-MOST_LINES:])
        if follow:
            self.scrollToBottom()
        else:
            self._bar.setValue(before)
        if kept and not self._selected():
            self._select(kept)

    @property
    def selected(self) -> list[Row]:
        """The chosen entries, in their order."""
        found = self.selectionModel()
        assert found is not None
        return [self.lines.rows[place] for place in sorted(each.row() for each in found.selectedIndexes())]

    def _scrolled(self, value: int) -> None:
        self._following = value >= self._bar.maximum() - 4

    def _selected(self) -> set[str]:
        return {row.key for row in self.selected}

    def _select(self, keys: set[str]) -> None:
        """Choose again what was chosen before the entries were put anew."""
        found = self.selectionModel()
        assert found is not None
        for place, row in enumerate(self.lines.rows):
            if row.key in keys:
                found.select(self.lines.index(place), QtCore.QItemSelectionModel.SelectionFlag.Select)

    def _choose(self, index: QtCore.QModelIndex) -> None:
        self._chosen(self.lines.rows[index.row()])
