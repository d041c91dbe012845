"""The form itself: the protocol's parameters, the cell and the bench below one another."""

from collections.abc import Mapping

from app.window.drawn import style
from app.window.drawn.form_bench import BenchPart
from app.window.drawn.form_cell import CellPart
from app.window.drawn.form_groups import GroupBox, Groups, grey
from app.window.drawn.form_rows import FieldRow
from app.window.drawn.labels import label
from app.window.drawn.tab_order import order_tabs
from app.window.qt import QtCore, QtWidgets
from app.window.shown.form_fields import CELL, ProtocolChoice
from app.window.shown.form_summary import FieldNote


class FormView(QtWidgets.QScrollArea):
    """Scrolls over the parts of a form.

    Parameters
    ----------
    cell : CellPart
    bench : BenchPart
    parameters : Groups
    """

    def __init__(self, parameters: Groups, cell: CellPart, bench: BenchPart) -> None:
        super().__init__()
        self.setAccessibleName("Form")
        self.parameters, self.cell, self.bench = parameters, cell, bench
        self.title, self.summary, self.details = label(24, bold=True), grey("", 15), grey("", 14)
        self.spends = label(14)
        self.spends.setText("▲ Spends the working electrode: contact is lost at the end.")
        self.more = QtWidgets.QToolButton()
        self.more.setText("More about it")
        self.more.setCheckable(True)
        self.more.setFont(style.font(13))
        self.more.toggled.connect(self.details.setVisible)
        self.details.hide()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QtWidgets.QWidget()
        inner.setObjectName("panel")
        inner.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        column = QtWidgets.QVBoxLayout(inner)
        column.setContentsMargins(3 * style.UNIT, 2 * style.UNIT, 3 * style.UNIT, 3 * style.UNIT)
        column.setSpacing(style.UNIT)
        top = QtWidgets.QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.more)
        column.addLayout(top)
        for each in (self.summary, self.details, self.spends):
            column.addWidget(each)
        for part in (parameters, cell, bench):
            column.addSpacing(style.UNIT)
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inner)
        self._ordered: list[GroupBox] = []

    def show_protocol(self, chosen: ProtocolChoice | None) -> None:
        """Show what a protocol is and its parameters; None where none is chosen."""
        self.title.setText("Choose a protocol on the left" if chosen is None else chosen.title)
        self.summary.setText("" if chosen is None else chosen.summary)
        self.details.setText("" if chosen is None else chosen.details)
        self.more.setVisible(chosen is not None and bool(chosen.details))
        self.spends.setVisible(chosen is not None and chosen.spends)
        self.parameters.show_groups(() if chosen is None else chosen.groups)
        boxes, inside = [*self.parameters.boxes, *self.cell.groups.boxes], self.widget()
        if boxes != self._ordered and inside is not None:
            self._ordered = boxes
            order_tabs(inside)

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show what is written."""
        self.parameters.show_texts(texts)
        self.cell.groups.show_texts(texts)

    def show_notes(self, notes: Mapping[str, FieldNote]) -> None:
        """Show what the fields come to, and what is wrong with them."""
        self.parameters.show_notes(notes)
        self.cell.groups.show_notes(notes)
        self.bench.show_notes(notes)

    def row(self, path: str) -> FieldRow | None:
        """Return the row of a field; None if there is no such field."""
        groups = self.cell.groups if path.startswith(CELL) else self.parameters
        return groups.row(path)

    def go_to(self, path: str) -> None:
        """Bring a field into sight and put the keyboard there."""
        row = self.row(path)
        elsewhere = self.bench.speed if path == "speed" else self.bench.bench
        target = elsewhere if row is None else row.editor
        target.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)
        QtCore.QTimer.singleShot(0, lambda: self.ensureWidgetVisible(target, 0, 12 * style.UNIT))
