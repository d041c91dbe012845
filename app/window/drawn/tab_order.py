"""The order in which Tab goes through widgets: that in which they are laid out."""

from collections.abc import Iterator
from itertools import pairwise

from app.window.qt import QtCore, QtWidgets


def order_tabs(widget: QtWidgets.QWidget) -> None:
    """Let Tab go through what is in a widget as it is read.

    Qt goes through widgets in the order in which they were given their parents, so that a field that is
    made later comes after everything else of the window. The first one keeps its place; the others follow.
    """
    for before, after in pairwise(_in_order(widget)):
        QtWidgets.QWidget.setTabOrder(before, after)


def _in_order(widget: QtWidgets.QWidget) -> Iterator[QtWidgets.QWidget]:
    if widget.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus:
        yield widget
    inside = widget.layout()
    # What is inside a box to choose or to type in is its own business.
    if inside is not None and not isinstance(widget, QtWidgets.QComboBox | QtWidgets.QAbstractSpinBox):
        yield from _in_layout(inside)


def _in_layout(layout: QtWidgets.QLayout) -> Iterator[QtWidgets.QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            yield from _in_order(widget)
        elif inner is not None:
            yield from _in_layout(inner)
