"""A sheet of paper with a title, a menu and plots on it."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from numpy.typing import NDArray

from app.window.drawn import export, style
from app.window.drawn.canvas import Box, DecadeAxis, Plot, pen
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.origin import Origin

__all__ = ["Array", "Box", "DecadeAxis", "Panel", "Plot", "pen"]

Array: TypeAlias = NDArray[Any]
"""A column of a table: numbers, or words."""

HOW = "Wheel: zoom.  Middle button, or drag an axis: move.  Shift and drag: zoom into a rectangle."
"""What the mouse does in a plot, in words."""


class Title(QtWidgets.QLabel):
    """The title of a panel; a double click on it makes the panel fill the page."""

    doubly_clicked = QtCore.pyqtSignal()

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent | None) -> None:
        """Tell of it."""
        super().mouseDoubleClickEvent(event)
        self.doubly_clicked.emit()


class _Teller(QtCore.QObject):
    said = QtCore.pyqtSignal(str)


class Panel(QtWidgets.QWidget):
    """A sheet of paper with a title, something at its right, a menu, and plots one above the other.

    Parameters
    ----------
    title : str
    plots : list of (Plot, int)
        With their share of the height.
    right : QWidget, optional
        Beside the title.

    Attributes
    ----------
    menu : QMenu
        Behind ⋯; a panel may put actions of its own before `fit`.
    fit : QAction
        Fits the ranges to what is shown.
    origin : Origin or None
        Of which run the panel is; it goes into everything that is exported.
    said : pyqtSignal
        With what came of an export.
    maximised : pyqtSignal
        The panel is wanted to fill the page, or not to any more.
    """

    said = QtCore.pyqtSignal(str)
    maximised = QtCore.pyqtSignal()

    def __init__(
        self, title: str, plots: list[tuple[Plot, int]], right: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(240)
        self.plots = [plot for plot, _ in plots]
        self.origin: Origin | None = None
        self.heading = Title(title)
        self.heading.setFont(style.font(14, bold=True))
        self.heading.setToolTip("Double click, or F: fill the page with this panel. Esc: back.")
        self.heading.doubly_clicked.connect(self.maximised)
        self.menu = QtWidgets.QMenu(self)
        self.fit = self._menu_actions()
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(style.UNIT, style.UNIT, style.UNIT, style.UNIT)
        column.setSpacing(4)
        column.addLayout(self._title_row(right))
        for plot, stretch in plots:
            column.addWidget(plot, stretch)
            plot.setAccessibleName(title)
            plot.box.menu_wanted.connect(self.menu.popup)

    def columns(self) -> dict[str, Array]:
        """Return what the panel shows, as columns of a table.

        Returns
        -------
        dict of str to ndarray
            By heading with unit, e.g. ``"f / Hz"``, each of shape (n,); they may differ in length.
        """
        return {}

    def remarks(self) -> list[str]:
        """Return what has to be said of `columns`, line by line, above the table."""
        return []

    def show_origin(self, origin: Origin) -> None:
        """Say of which run the panel is from now on."""
        self.origin = origin
        for plot in self.plots:
            plot.mark_simulated(origin.simulated)

    def fit_ranges(self) -> None:
        """Fit the ranges of all plots to what is shown, and let them follow it again."""
        for plot in self.plots:
            plot.fit_range()

    def offer_log(self, plot: Plot, name: str) -> QtWidgets.QAction:
        """Offer a logarithmic y axis in the menu; `name` is what is drawn, e.g. ``"R_int"``."""
        action = QtWidgets.QAction(f"Logarithmic {name} axis", self.menu)
        action.setCheckable(True)
        action.setChecked(plot.logarithmic("y"))
        action.toggled.connect(lambda on: plot.setLogMode(y=on))
        self.menu.insertAction(self.fit, action)
        return action

    def export(self, kind: str) -> None:
        """Ask for a file and write the panel to it.

        Parameters
        ----------
        kind : {"SVG", "PNG", "CSV"}
        """
        name = self.heading.text().split(",")[0].lower()
        stem = f"{self.origin.stem} {name}" if self.origin is not None else name
        export.ask_where(self, f"{stem}.{kind.lower()}", kind, lambda target: self._export_to(target, kind))

    def _export_to(self, target: str, kind: str) -> None:
        """Take what is shown down here, because only this thread may, and do all the rest in another one."""
        title, origin = self.heading.text(), self.origin
        work: Callable[[], bytes]
        if kind == "CSV":
            columns, remarks = self.columns(), self.remarks()
            work = partial(export.table, title, columns, remarks, origin)
        else:
            taken = export.take_down(title, self.plots, origin)
            work = partial(export.vectors if kind == "SVG" else export.pixels, taken)
        # The panel may be gone before the file is written; who tells of it must not be, and has to go in
        # the thread that it was made in.
        teller = _Teller(QtWidgets.QApplication.instance())
        teller.said.connect(self.said)
        teller.said.connect(teller.deleteLater)
        threading.Thread(target=lambda: teller.said.emit(export.write(target, work)), name="export").start()

    def _menu_actions(self) -> QtWidgets.QAction:
        fit = QtWidgets.QAction("Fit range", self.menu)
        fit.triggered.connect(lambda: self.fit_ranges())
        self.menu.addAction(fit)
        whole = QtWidgets.QAction("Fill the page\tF", self.menu)
        whole.triggered.connect(lambda: self.maximised.emit())
        self.menu.addAction(whole)
        self.menu.addSeparator()
        for kind in ("SVG", "PNG", "CSV"):
            action = QtWidgets.QAction(f"Export as {kind} …", self.menu)
            action.triggered.connect(self._export_action(kind))
            self.menu.addAction(action)
        return fit

    def _export_action(self, kind: str) -> Callable[[], None]:
        return lambda: self.export(kind)

    def _title_row(self, right: QtWidgets.QWidget | None) -> QtWidgets.QHBoxLayout:
        top = QtWidgets.QHBoxLayout()
        top.setContentsMargins(style.UNIT, 0, 0, 0)
        top.setSpacing(style.UNIT)
        top.addWidget(self.heading)
        top.addSpacing(style.UNIT)
        policy = None if right is None else right.sizePolicy().horizontalPolicy()
        if policy != QtWidgets.QSizePolicy.Policy.Expanding:
            top.addStretch(1)
        if right is not None:
            top.addWidget(right)
        more = QtWidgets.QToolButton()
        more.setObjectName("quiet")
        more.setText("⋯")
        more.setToolTip(f"Axes, range and export.  {HOW}")
        more.setAccessibleName(f"Menu of {self.heading.text()}")
        more.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        more.clicked.connect(lambda: self.menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        self.more = more
        top.addWidget(more)
        return top
