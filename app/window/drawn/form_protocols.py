"""The list of protocols and the templates, with a line to search them."""

from collections.abc import Callable, Sequence
from typing import Any

from app.window.drawn import style
from app.window.drawn.form_rows import Line
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.form_fields import ProtocolChoice

Role = QtCore.Qt.ItemDataRole.UserRole
WIDTH, NARROW_WIDTH = 240, 184


class _Item(QtWidgets.QStyledItemDelegate):
    """Paints a title with a line of summary below it."""

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint one entry."""
        assert painter is not None
        colours = style.palette()
        painter.save()
        chosen = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QtGui.QColor(colours.ground))
            mark = QtCore.QRect(option.rect.left(), option.rect.top(), 4, option.rect.height())
            painter.fillRect(mark, QtGui.QColor(colours.accent))
        frame = option.rect.adjusted(2 * style.UNIT, 6, -style.UNIT, -6)
        painter.setFont(style.font(15, bold=chosen))
        painter.setPen(QtGui.QColor(colours.ink))
        height = QtGui.QFontMetrics(painter.font()).height()
        title = str(index.data(QtCore.Qt.ItemDataRole.DisplayRole))
        painter.drawText(frame, 0, _elided(painter, title, frame.width()))
        painter.setFont(style.font(12))
        painter.setPen(QtGui.QColor(colours.grey))
        below = frame.adjusted(0, height + 2, 0, 0)
        words = str(index.data(Role + 1) or "")
        painter.drawText(below, 0, _elided(painter, words, frame.width()))
        painter.restore()

    def sizeHint(self, _option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        """Return the room that an entry needs."""
        metrics = QtGui.QFontMetrics(style.font(15))
        below = QtGui.QFontMetrics(style.font(12)).height() + 2 if index.data(Role + 1) else 0
        return QtCore.QSize(NARROW_WIDTH - 6 * style.UNIT, metrics.height() + below + 12)


def _elided(painter: QtGui.QPainter, text: str, width: int) -> str:
    metrics = QtGui.QFontMetrics(painter.font())
    return str(metrics.elidedText(text, QtCore.Qt.TextElideMode.ElideRight, width))


class _List(QtWidgets.QListWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(_Item(self))
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)


class ProtocolList(QtWidgets.QWidget):
    """Protocols above, templates below.

    Parameters
    ----------
    choose : callable
        Called with the name of a protocol.
    fill_in : callable
        Called with a template as `app.drafting` has it.
    remove : callable
        Called with the name of a template of one's own.
    """

    def __init__(
        self,
        choose: Callable[[str], None],
        fill_in: Callable[[dict[str, Any]], None],
        remove: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._choose, self._fill_in, self._remove = choose, fill_in, remove
        self._protocols: tuple[ProtocolChoice, ...] = ()
        self._templates: Sequence[dict[str, Any]] = ()
        self.search = Line()
        self.search.setFont(style.font(15))
        self.search.setPlaceholderText("Search…")
        self.search.setAccessibleName("Search protocols and templates")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.protocols, self.templates = _List("Protocols"), _List("Templates")
        self.protocols.currentItemChanged.connect(self._chosen)
        self.templates.itemClicked.connect(self._fill_in_item)
        self.templates.itemActivated.connect(self._fill_in_item)
        self.remove = QtWidgets.QToolButton()
        self.remove.setText("Remove")
        self.remove.setFont(style.font(13))
        self.remove.setToolTip("Move this template of yours to the removed ones; it can be brought back.")
        self.remove.clicked.connect(self._remove_item)
        self.templates.currentItemChanged.connect(lambda *_: self._mark_removable())
        self._lay_out()
        self._mark_removable()

    def show_protocols(self, protocols: tuple[ProtocolChoice, ...]) -> None:
        """Show which there are."""
        self._protocols = protocols
        self._fill()

    def show_templates(self, templates: Sequence[dict[str, Any]]) -> None:
        """Show which there are."""
        self._templates = templates
        self._fill()

    def mark(self, protocol: str) -> None:
        """Mark the protocol that is chosen."""
        with QtCore.QSignalBlocker(self.protocols):
            for row in range(self.protocols.count()):
                item = self.protocols.item(row)
                if item is not None and item.data(Role) == protocol:
                    self.protocols.setCurrentRow(row)
                    return
            self.protocols.setCurrentRow(-1)

    def _fill(self) -> None:
        words = self.search.text()
        marked = self.protocols.currentItem()
        chosen = "" if marked is None else marked.data(Role)
        with QtCore.QSignalBlocker(self.protocols), QtCore.QSignalBlocker(self.templates):
            self.protocols.clear()
            for each in self._protocols:
                if each.matches(words):
                    _add(self.protocols, each.title, each.name, each.summary, each.details)
            self.templates.clear()
            for kept in self._templates:
                text = f"{kept['name']} {kept.get('title', '')}".lower()
                if all(word in text for word in words.lower().split()):
                    below = kept.get("problem") or kept.get("title") or ""
                    _add(self.templates, kept["name"], kept, below, "" if kept["built_in"] else "your own")
        self.mark(chosen)
        self._mark_removable()

    def _chosen(self, item: QtWidgets.QListWidgetItem | None) -> None:
        if item is not None:
            self._choose(item.data(Role))

    def _fill_in_item(self, item: QtWidgets.QListWidgetItem) -> None:
        given = item.data(Role)
        if "draft" in given:
            self._fill_in(given)

    def _remove_item(self) -> None:
        item = self.templates.currentItem()
        if item is not None:
            self._remove(item.data(Role))

    def _mark_removable(self) -> None:
        item = self.templates.currentItem()
        self.remove.setVisible(item is not None and not item.data(Role)["built_in"])

    def _lay_out(self) -> None:
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, style.UNIT, 0, style.UNIT)
        column.setSpacing(style.UNIT)
        top = QtWidgets.QHBoxLayout()
        top.setContentsMargins(style.UNIT, 0, style.UNIT, 0)
        top.addWidget(self.search)
        column.addLayout(top)
        column.addLayout(_caption("Protocols"))
        column.addWidget(self.protocols, 3)
        column.addLayout(_caption("Templates", self.remove))
        column.addWidget(self.templates, 2)


def _caption(text: str, *more: QtWidgets.QWidget) -> QtWidgets.QLayout:
    row = QtWidgets.QHBoxLayout()
    row.setContentsMargins(2 * style.UNIT, 0, style.UNIT, 0)
    words = label(14, bold=True)
    words.setText(text)
    row.addWidget(words)
    row.addStretch(1)
    for each in more:
        row.addWidget(each)
    return row


def _add(target: QtWidgets.QListWidget, title: str, given: Any, below: str, tip: str) -> None:
    item = QtWidgets.QListWidgetItem(title)
    item.setData(Role, given)
    item.setData(Role + 1, below)
    item.setToolTip("\n\n".join(filter(None, (title, below, tip))))
    target.addItem(item)
