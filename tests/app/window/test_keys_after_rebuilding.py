"""The keyboard goes on working when the window is made anew in another theme or size."""

import pytest

from app.window.qt import QtCore, QtWidgets


@pytest.fixture
def window(qtbot, open_window, url, live_run):
    window = open_window(url)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


class Shown(QtCore.QObject):
    """Collects the windows that are shown."""

    def __init__(self):
        super().__init__()
        self.found = []

    def eventFilter(self, widget, event):
        shown = event.type() == QtCore.QEvent.Type.Show
        if shown and isinstance(widget, QtWidgets.QWidget) and widget.isWindow():
            self.found.append(widget)
        return False


@pytest.mark.parametrize("change", ["theme", "size"])
def test_no_other_window_appears_and_keys_work_at_once(qtbot, window, change):
    shown = Shown()
    QtWidgets.QApplication.instance().installEventFilter(shown)
    try:
        for _ in range(2):
            if change == "theme":
                window.change_theme()
            else:
                window.enlarge(1)
    finally:
        window.enlarge(0)
        # What was there before is gone only after a turn of the event loop, its keys with it.
        qtbot.wait(100)
        QtWidgets.QApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
        qtbot.wait(100)
        QtWidgets.QApplication.instance().removeEventFilter(shown)
    assert not shown.found
    assert window.isActiveWindow()
    qtbot.keyClick(QtWidgets.QApplication.focusWidget(), QtCore.Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: window.keys.isVisible())
