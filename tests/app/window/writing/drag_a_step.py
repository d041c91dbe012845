"""Drags a row of the list of steps with the mouse, in a process of its own, and prints where it was moved.

Qt's platform for tests without a display drags nothing; the one called minimal goes through the whole of
it, but has no fonts for the other tests.
"""

import sys

from PyQt5 import QtTest

from app.window.drawn.queue_list import QueueList
from app.window.qt import QtCore, QtWidgets
from app.window.shown.queue_rows import QueueRow

LEFT, NONE = QtCore.Qt.MouseButton.LeftButton, QtCore.Qt.KeyboardModifier.NoModifier


def drag(begin: int, end: int) -> None:
    """Press on the row `begin`, and let go on the outer edge of the row `end`."""
    application = QtWidgets.QApplication([])
    window = QtWidgets.QMainWindow()
    steps = QueueList(lambda place, to: print(place, to))
    window.setCentralWidget(steps)
    window.resize(600, 500)
    window.show()
    steps.show_rows([QueueRow(str(at), "a step", "a cell", "") for at in range(3)])
    application.processEvents()
    first, last = (steps.visualItemRect(steps.item(at)) for at in (begin, end))
    edge = QtCore.QPoint(last.center().x(), last.bottom() - 2 if end > begin else last.top() + 2)
    handle = window.windowHandle()

    def there(point: QtCore.QPoint) -> QtCore.QPoint:
        return steps.viewport().mapTo(window, point)

    def drag_on() -> None:
        QtTest.QTest.mouseMove(handle, there(last.center()))
        QtTest.QTest.mouseMove(handle, there(edge))
        QtTest.QTest.mouseRelease(handle, LEFT, NONE, there(edge))

    QtTest.QTest.mousePress(handle, LEFT, NONE, there(first.center()))
    # Once it drags, Qt comes back only when the button has been let go.
    QtCore.QTimer.singleShot(100, drag_on)
    for step in (4, 12, 20):
        QtTest.QTest.mouseMove(handle, there(first.center() + QtCore.QPoint(0, step)))


if __name__ == "__main__":
    drag(int(sys.argv[1]), int(sys.argv[2]))
