"""The two areas of a cell side by side, with what each normalises, and a drawing of both to scale."""

import math

from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cell_facts import AreaCard, electrode_card, pellet_card
from core.cell import Cell

ROOM = 656
"""Pixels of width from which on there is room for the drawing."""


class AreaPanel(QtWidgets.QWidget):
    """Electrode and pellet."""

    def __init__(self) -> None:
        super().__init__()
        self.discs, self.electrode, self.pellet = _Discs(), _Card(), _Card()
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * style.UNIT)
        row.addWidget(self.discs)
        row.addWidget(self.electrode, 1)
        row.addWidget(self.pellet, 1)

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Leave the drawing out where there is little room."""
        super().resizeEvent(event)
        self.discs.setVisible(self.width() >= ROOM * style.scale())

    def show_cell(self, cell: Cell) -> None:
        """Show the areas of a cell."""
        self.discs.show_areas(cell.area, cell.pellet_area)
        self.electrode.show_card(electrode_card(cell), style.palette().accent)
        self.pellet.show_card(pellet_card(cell), style.palette().faint)


class _Card(QtWidgets.QWidget):
    """One area: a caption, the area in large figures, its diameter, and what it normalises."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._colour = ""
        self.title, self.area, self.diameter = (
            label(14, bold=True),
            label(24, bold=True),
            label(14, grey=True),
        )
        self.normalises, self.example = label(14), label(14, grey=True)
        for each in (self.title, self.normalises, self.example):
            each.setWordWrap(True)
        line = QtWidgets.QHBoxLayout()
        line.setSpacing(style.UNIT)
        line.addWidget(self.area)
        line.addWidget(self.diameter, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.diameter.setContentsMargins(0, 0, 0, 3)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT, style.UNIT, style.UNIT)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addLayout(line)
        column.addWidget(self.normalises)
        column.addWidget(self.example)
        column.addStretch(1)

    def show_card(self, card: AreaCard, colour: str) -> None:
        """Show another area; its colour is that of its disc."""
        self._colour = colour
        self.title.setText(card.title)
        self.area.setText(card.area)
        self.diameter.setText(card.diameter)
        self.normalises.setText(card.normalises)
        self.example.setText(card.example)
        self.setToolTip(card.tip)
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        """Paint the edge that belongs to the disc."""
        super().paintEvent(event)
        if self._colour:
            with painting(self) as painter:
                painter.fillRect(QtCore.QRect(0, 0, 4, self.height()), QtGui.QColor(self._colour))


class _Discs(QtWidgets.QWidget):
    """The electrode on its pellet, seen from above, to scale."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(112, 112)
        self.setAccessibleName("electrode and pellet to scale")
        self.setToolTip("The electrode (filled) on its pellet (ring), to scale")
        self._share = 0.0

    def show_areas(self, electrode: float, pellet: float) -> None:
        """Show two areas; only their ratio matters."""
        self._share = math.sqrt(electrode / pellet)
        self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint both discs."""
        colours = style.palette()
        with painting(self) as painter:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            middle, radius = QtCore.QPointF(56, 56), 52.0
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.faint), 2))
            painter.setBrush(QtGui.QColor(colours.ground))
            painter.drawEllipse(middle, radius, radius)
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(QtGui.QColor(colours.accent))
            painter.drawEllipse(middle, radius * self._share, radius * self._share)
