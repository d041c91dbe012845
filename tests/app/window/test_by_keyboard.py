"""The window without a mouse: Tab reaches everything, keys do one thing each, and everything has a name."""

import pytest

from app.window.drawn.keys_sheet import keys_of
from app.window.pages.places import PLACES
from app.window.qt import QtCore, QtGui, QtWidgets

PATIENCE = 20_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""
Key, Modifier, Context = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier, QtCore.Qt.ShortcutContext
NAMES = [place.name for place in PLACES]
MOST = 250
"""Presses of Tab after which it has certainly been everywhere."""


@pytest.fixture
def window(qtbot, monkeypatch, tmp_path, open_window, url, live_run):
    """A window on a live run, with the keyboard."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    window = open_window(url)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.desk.feed.view.loading, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.desk.catalogue.listing.read, timeout=PATIENCE)
    return window


def go(qtbot, window, name):
    """Put a page in front, as far as it is without anything having been typed."""
    window.go(name)
    page = window.front
    if name in ("experiment", "queue"):
        qtbot.waitUntil(lambda: bool(page.companion.catalogue.protocols), timeout=PATIENCE)
    if name == "experiment":
        page.write("protocol", "PressureRun")
    if name == "runs":
        qtbot.waitUntil(lambda: bool(page.table.runs.lines), timeout=PATIENCE)
        page.table.selectRow(0)
    qtbot.wait(450)
    return page


def tabbed(window):
    """Press Tab until it comes round; return what it has been at."""
    seen = []
    window.places.buttons["live"].setFocus()
    for _ in range(MOST):
        focus = QtWidgets.QApplication.focusWidget()
        # Within a text, Tab goes from link to link.
        if not seen or focus is not seen[-1]:
            if focus in seen:
                break
            seen.append(focus)
        event = QtGui.QKeyEvent(QtCore.QEvent.Type.KeyPress, Key.Key_Tab, Modifier.NoModifier)
        QtWidgets.QApplication.sendEvent(focus, event)
    return seen


def inside_another(widget):
    """Whether it is part of a box, a line or a table, whose own business it is."""
    owner = widget.parentWidget()
    parts = (QtWidgets.QComboBox, QtWidgets.QAbstractSpinBox, QtWidgets.QLineEdit, QtWidgets.QTabBar)
    return isinstance(owner, (*parts, QtWidgets.QAbstractItemView))


def to_press_or_write_in(window):
    """All that can be pressed, chosen from or written in, as it is seen now."""
    kinds = (
        QtWidgets.QAbstractButton,
        QtWidgets.QLineEdit,
        QtWidgets.QComboBox,
        QtWidgets.QAbstractSpinBox,
        QtWidgets.QAbstractItemView,
        QtWidgets.QTabBar,
    )
    return [
        each
        for each in window.findChildren(QtWidgets.QWidget)
        if isinstance(each, kinds) and each.isVisible() and each.isEnabled() and not inside_another(each)
    ]


def siblings(button):
    """Buttons that the arrow keys reach from this one, because one of them is chosen at a time."""
    group = button.group() if isinstance(button, QtWidgets.QAbstractButton) else None
    if group is not None and group.exclusive():
        return group.buttons()
    if isinstance(button, QtWidgets.QAbstractButton) and button.autoExclusive():
        return button.parentWidget().findChildren(QtWidgets.QAbstractButton)
    return []


def words_of(widget):
    return f"{type(widget).__name__} {name_of(widget)!r} in {type(widget.parentWidget()).__name__}"


def name_of(widget):
    """What a screen reader calls it."""
    if isinstance(widget, QtWidgets.QTabBar):
        return widget.accessibleName() or widget.tabText(widget.currentIndex())
    written = isinstance(widget, QtWidgets.QAbstractButton | QtWidgets.QLabel)
    return widget.accessibleName() or (widget.text() if written else "")


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_everything_and_everything_has_a_name(qtbot, window, name):
    go(qtbot, window, name)
    reached = tabbed(window)
    assert len(reached) < MOST
    missed = [
        words_of(each)
        for each in to_press_or_write_in(window)
        if each not in reached and not any(other in reached for other in siblings(each))
    ]
    assert not missed, [words_of(each) for each in reached]
    assert [words_of(each) for each in reached if not name_of(each)] == []


def own_keys(window):
    """Every key that something reacts to now: its words, who has it, and where the keyboard has to be."""
    found = []
    for shortcut in window.findChildren(QtWidgets.QShortcut):
        owner = shortcut.parent()
        if owner.isVisible() and owner.isEnabled() and shortcut.isEnabled():
            found.append((shortcut.key().toString(), owner, shortcut.context()))
    for button in window.findChildren(QtWidgets.QAbstractButton):
        if button.isVisible() and button.isEnabled() and not button.shortcut().isEmpty():
            found.append((button.shortcut().toString(), button, Context.WindowShortcut))
    return found


def reacts(owner, context, focus):
    if context == Context.WidgetShortcut:
        return owner is focus
    if context == Context.WidgetWithChildrenShortcut:
        return owner is focus or owner.isAncestorOf(focus)
    return True


@pytest.mark.parametrize("name", NAMES)
def test_no_key_means_two_things_wherever_the_keyboard_is(qtbot, window, name):
    go(qtbot, window, name)
    for focus in (*to_press_or_write_in(window), window):
        focus.setFocus()
        window.refresh()
        assert not ambiguous(window, focus), f"in {words_of(focus)} on the page {name}"
    window.show_keys()
    window.refresh()
    assert not ambiguous(window, window.keys), f"in the sheet of keys on the page {name}"


def ambiguous(window, focus):
    """Return the keys that more than one thing reacts to, Esc apart where the sheet keeps it to itself."""
    found = [keys for keys, owner, context in own_keys(window) if reacts(owner, context, focus)]
    twice = {keys for keys in found if found.count(keys) > 1}
    return twice - {"Esc"} if focus is window.keys else twice


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_a_page_is_on_the_sheet(qtbot, window, name):
    page = go(qtbot, window, name)
    window.show_keys()
    listed = {each.keys for each in keys_of(window)}
    native = QtGui.QKeySequence.SequenceFormat.NativeText
    of_page = [each for each in page.findChildren(QtWidgets.QShortcut) if each.parent().isVisible()]
    missing = {each.key().toString(native) for each in of_page if not each.whatsThis()} - listed
    assert not missing - UNLISTED


UNLISTED = {"Esc", "Ctrl+C"}
"""What everybody tries: it leaves what was begun, and copies."""


def press(qtbot, window, keys):
    """Press keys as they are written on the sheet."""
    combined = QtGui.QKeySequence(keys)[0]
    modifier = Modifier(combined & 0xFE000000)
    focus = QtWidgets.QApplication.focusWidget()
    qtbot.keyClick(window if focus is None else focus, Key(combined & 0x01FFFFFF), modifier)


def test_the_keys_of_the_live_page_do_what_they_say(qtbot, window, store, live_run):
    live, desk = window.page("live"), window.desk
    window.setFocus()
    qtbot.waitUntil(live.right.notes.note.isEnabled, timeout=PATIENCE)

    def does(keys, came):
        press(qtbot, window, keys)
        qtbot.waitUntil(came, timeout=PATIENCE)
        if not window.keys.isVisible():
            window.setFocus()

    does("Home", lambda: desk.cursor is not None)
    first = desk.cursor
    does("Right", lambda: desk.cursor is not None and desk.cursor > first)
    does("Left", lambda: desk.cursor == first)
    does("End", lambda: desk.cursor is None)
    does("Home", lambda: desk.cursor == first)
    does("L", lambda: desk.cursor is None)
    for key, side in (("[", "left"), ("]", "right")):
        before = live.parts.has_rail(side)
        does(key, lambda side=side, before=before: live.parts.has_rail(side) != before)
        does(key, lambda side=side, before=before: live.parts.has_rail(side) == before)
    does("F", lambda: live.parts.whole is not None)
    does("Esc", lambda: live.parts.whole is None)
    does("A", live.nyquist.whole.isChecked)
    does("W", live.spectrum.bode.waterfall.isChecked)
    does("U", lambda: not desk.units.areal)
    does("F1", window.keys.isVisible)
    does("Esc", lambda: not window.keys.isVisible())
    does("?", window.keys.isVisible)
    does("?", lambda: not window.keys.isVisible())
    press(qtbot, window, "/")
    qtbot.waitUntil(live.left.search.hasFocus, timeout=PATIENCE)
    press(qtbot, window, "Ctrl+N")
    qtbot.waitUntil(live.right.notes.note.hasFocus, timeout=PATIENCE)
    window.setFocus()
    press(qtbot, window, "Ctrl+Shift+K")
    qtbot.waitUntil(live.right.skip.second.isVisible, timeout=PATIENCE)
    live.right.skip.back.click()
    for keys, verb in (("Ctrl+Shift+P", "pause"), ("Ctrl+Shift+S", "stop"), ("Ctrl+Shift+A", "abort")):
        press(qtbot, window, keys)
        qtbot.waitUntil(lambda verb=verb: verb in [each.verb for each in store.run(1).commands()])
    assert len(store.run(1).commands()) == 3


def test_the_key_of_a_page_leads_there_from_every_other(qtbot, window):
    for place in PLACES:
        for other in NAMES:
            window.go(other)
            press(qtbot, window, place.keys)
            qtbot.waitUntil(lambda place=place: window.front.name == place.name, timeout=PATIENCE)


def test_writing_and_theme_change_with_their_keys_and_nothing_is_lost(qtbot, window):
    window.desk.point(7200.0)
    for keys in ("Ctrl+=", "Ctrl+-", "Ctrl+0", "T", "T"):
        press(qtbot, window, keys)
        qtbot.wait(300)
        window.setFocus()
    assert window.front.name == "live"
    assert window.desk.cursor == 7200.0
    qtbot.waitUntil(lambda: window.header.title.word.text() == "stripping", timeout=PATIENCE)


def test_a_letter_that_is_written_does_nothing_else(qtbot, window):
    line = window.front.right.notes.note
    qtbot.waitUntil(line.isEnabled, timeout=PATIENCE)
    window.write_note()
    qtbot.waitUntil(line.hasFocus, timeout=PATIENCE)
    qtbot.keyClicks(line, "TULAWF[]?/")
    # What a key presses is pressed a moment later.
    qtbot.wait(300)
    assert line.text() == "TULAWF[]?/"
    assert not window.keys.isVisible()
    assert window.desk.units.areal
    assert window.front.right.notes.note is line
    assert window.front.parts.whole is None
