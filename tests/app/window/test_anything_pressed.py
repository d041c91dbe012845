"""Somebody leans on the keyboard and clicks everywhere: nothing breaks, and the run does not notice."""

import logging
import random

import pytest

from app.window.desk import Desk
from app.window.pages.places import PLACES
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.window import Window

PATIENCE = 20_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""
Key, Modifier, Button = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier, QtCore.Qt.MouseButton

ACTS = 1000
SEED = 5
REBUILDS = 3
"""How often theme or size of writing may change: each time everything is made anew, which takes a second."""

NOT_PRESSED = ("Stop", "Emergency stop", "Start", "Rehearse", "Refit", "Replay", "Export", "Skip it")
"""Ends the run, or begins work in other processes."""

KEYS = (
    *"ABCDEFGHIJKLMNOPQSUVWXYZ0123456789[]/?-=.",
    *("Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown", "Tab", "Backtab", "Return", "Esc"),
    *("Space", "Backspace", "Del", "Shift+Del", "F1", "F2"),
    *(f"Ctrl+{key}" for key in "123456ACDFJNVXYZ"),
    *("Ctrl+Shift+N", "Ctrl+Shift+P", "Ctrl+Shift+Z", "Alt+Up", "Alt+Down", "Alt+B", "Alt+K", "Alt+R"),
)
"""All keys but those of what is not pressed; R and P on the table of runs are work, too."""


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path, url, finished_run, make_run):
    """A window on a live run beside a finished one, in a home of its own."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    live = make_run()
    live.rest()
    live.strip(6, every=600.0)
    window = Window(Desk(url))
    window.heart = lambda: live.journal.beat(live.time)
    qtbot.addWidget(window)
    window.start()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    return window


class Hand:
    """Presses and pastes whatever there is, always the same with the same seed."""

    def __init__(self, qtbot, window):
        self.qtbot, self.window = qtbot, window
        self.choice = random.Random(SEED)
        self.rebuilt = 0
        self.done = []

    def act(self):
        self.choice.choice((self.click, self.click, self.click, self.key, self.key, self.turn, self.go))()
        QtWidgets.QApplication.processEvents()
        self.put_away()

    def click(self):
        target = self.anything()
        if target is None:
            return
        button = self.choice.choice((Button.LeftButton,) * 6 + (Button.RightButton,))
        place = QtCore.QPoint(
            self.choice.randrange(max(target.width(), 1)), self.choice.randrange(max(target.height(), 1))
        )
        self.done.append(
            f"click {type(target).__name__} {target.accessibleName()!r} {target.toolTip()[:30]!r}"
        )
        click = self.choice.choice((self.qtbot.mouseClick,) * 4 + (self.qtbot.mouseDClick,))
        click(target, button, pos=place)

    def key(self):
        keys = self.choice.choice(KEYS)
        focus = QtWidgets.QApplication.focusWidget()
        pressed = isinstance(focus, QtWidgets.QAbstractButton) and not self.allowed(focus)
        if pressed or (keys in ("R", "P", "E", "Return") and self.window.front.name == "runs"):
            return
        self.done.append(f"key {keys}")
        combined = QtCore.Qt.Key.Key_Tab if keys == "Backtab" else sequence(keys)
        modifier = Modifier.ShiftModifier if keys == "Backtab" else Modifier(combined & 0xFE000000)
        self.qtbot.keyClick(focus or self.window, Key(combined & 0x01FFFFFF), modifier)

    def turn(self):
        """Paste something where something can be written."""
        focus = QtWidgets.QApplication.focusWidget()
        if isinstance(focus, QtWidgets.QLineEdit):
            self.done.append("paste")
            text = self.choice.choice(("1e400", "−5 µA/cm²", "x{n}", "i>", "🔋", "nan", "'; --", "\n\n"))
            QtWidgets.QApplication.clipboard().setText(text)
            self.qtbot.keyClick(focus, Key.Key_V, Modifier.ControlModifier)

    def go(self):
        if self.choice.random() < 0.3:
            self.done.append("go")
            self.window.go(self.choice.choice(PLACES).name)

    def anything(self):
        """Return what is at any place of the window, or as often any of its buttons."""
        width, height = self.window.width(), self.window.height()
        target = self.window.childAt(self.choice.randrange(width), self.choice.randrange(height))
        if self.choice.random() < 0.5:
            buttons = self.window.findChildren(QtWidgets.QAbstractButton)
            target = self.choice.choice([each for each in buttons if each.isVisible()])
        if target is None or not target.isEnabled():
            return None
        if target is self.window.places.theme:
            self.rebuilt += 1
            return target if self.rebuilt <= REBUILDS else None
        return target if self.allowed(target) else None

    def allowed(self, target):
        if not isinstance(target, QtWidgets.QAbstractButton):
            return True
        if target is self.window.places.buttons["experiment"]:
            return True
        words = target.text().replace("&", "").strip()
        return not any(words.startswith(each) for each in NOT_PRESSED)

    def put_away(self):
        """Close menus and dialogs, none of which may hold up the window."""
        for each in QtWidgets.QApplication.topLevelWidgets():
            if each is not self.window and each.isVisible():
                assert not (isinstance(each, QtWidgets.QDialog) and each.isModal())
                each.close()
        assert self.window.isVisible()
        if not self.window.isActiveWindow():
            self.window.activateWindow()


def sequence(keys):
    return QtGui.QKeySequence(keys)[0]


def state_of(store):
    """What the store has of its runs."""
    return [
        (run.run, run.state, run.spectra, run.ended, len(store.run(run.run).fits()))
        for run in store.runs(binned=None)
    ]


@pytest.mark.timeout(180)
def test_a_thousand_clicks_and_keys_break_nothing_and_the_runs_stay_as_they_are(qtbot, window, store, caplog):
    before = state_of(store)
    hand = Hand(qtbot, window)
    # A menu keeps the program in a loop of its own until it is closed.
    closing = QtCore.QTimer(window)
    closing.timeout.connect(close_popup)
    closing.start(30)
    for number in range(ACTS):
        hand.act()
        if number % 100 == 0:
            # Nobody else says for this run that its process is there.
            window.heart()
        defects = [each for each in caplog.records if each.levelno >= logging.ERROR]
        assert not defects, (number, hand.done[-12:])
    window.go("live")
    qtbot.waitUntil(lambda: window.desk.feed.view.trouble is None, timeout=PATIENCE)
    window.heart()
    assert state_of(store) == before
    assert store.check() == []
    told = {each.verb for run in store.runs(binned=None) for each in store.run(run.run).commands()}
    assert told <= {"pause", "resume", "note", "override", "acknowledge"}


def close_popup():
    popup = QtWidgets.QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
