"""Small things that widgets are drawn with."""

import sys

import numpy as np
import pytest

from app.window.drawn.canvas import Plot
from app.window.drawn.painting import painting
from app.window.drawn.sketch import Mark, Sketch
from app.window.drawn.turns import Turns
from app.window.qt import QtCore, QtGui, QtWidgets


@pytest.fixture
def plot(qtbot):
    plot = Plot("y", "x")
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    return plot


def ink(plot):
    """How many pixels of a plot are red."""
    QtWidgets.QApplication.processEvents()
    image = plot.grab().toImage().convertToFormat(QtGui.QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8).reshape(-1, 4)
    return int(np.count_nonzero((raw[:, 2] > 200) & (raw[:, 1] < 90) & (raw[:, 0] < 90)))


def test_the_range_follows_dots_and_their_size(plot):
    dots = plot.dots("#ff0000", 8)
    dots.setData(np.array([1.0, 2.0, np.nan, 3.0]), np.array([5.0, 7.0, 1.0, np.inf]))
    assert dots.dataBounds(0) == (1.0, 2.0)
    assert dots.dataBounds(1, orthoRange=(0.0, 1.5)) == (5.0, 5.0)
    plot.getViewBox().updateAutoRange()
    (left, right), (low, high) = plot.getViewBox().viewRange()
    assert left < 1.0
    assert right > 2.0
    assert low < 5.0
    assert high > 7.0
    assert ink(plot) > 2 * 40
    dots.setData([], [])
    assert dots.dataBounds(0) == (None, None)
    assert ink(plot) == 0


def test_dots_are_round_however_long_a_unit_is(plot):
    dots = plot.dots("#ff0000", 20)
    dots.setData([0.5], [0.5])
    for wide in (1000.0, 1e-3):
        plot.setXRange(0.5 - wide, 0.5 + wide, padding=0)
        QtWidgets.QApplication.processEvents()
        assert ink(plot) == pytest.approx(np.pi * 10.6**2, rel=0.15)


def test_dots_follow_logarithmic_axes_and_leave_out_what_has_no_logarithm(plot):
    dots = plot.dots("#ff0000", 8)
    dots.setData(np.array([1.0, 2.0, 3.0]), np.array([10.0, -1.0, 1000.0]))
    plot.setLogMode(y=True)
    assert dots.dataBounds(1) == (1.0, 3.0)
    assert dots.dataBounds(0) == (1.0, 3.0)
    assert dots.getData()[1].tolist() == [10.0, -1.0, 1000.0]


def test_a_hundred_thousand_dots_look_as_all_of_them_would_and_few_are_painted(plot):
    x = np.linspace(0.0, 1.0, 100_000)
    y = np.sin(9 * x)
    dots = plot.dots("#ff0000", 6)
    dots.setData(x, y)
    many = ink(plot)
    shown = dots._visible()
    assert shown.size() < 2000
    dots.setData(x[::20], y[::20])
    assert ink(plot) == pytest.approx(many, rel=0.02)
    plot.setXRange(0.5, 0.5005, padding=0)
    dots.setData(x, y)
    assert ink(plot) > 0
    assert 45 < dots._visible().size() <= 55


def test_hollow_dots_show_what_is_behind_their_rim_only(plot):
    dots = plot.dots("#ff0000", 20)
    dots.setData([0.5], [0.5])
    solid = ink(plot)
    dots.hide()
    hollow = plot.dots("#ff0000", 20, hollow=True)
    hollow.setData([0.5], [0.5])
    assert 0 < ink(plot) < solid / 2


def test_a_sketch_draws_lines_and_dots_and_does_not_move_the_range(plot):
    plot.setXRange(0, 1, padding=0)
    plot.setYRange(0, 1, padding=0)
    sketch = Sketch(plot, 5)
    x = np.array([0.1, 0.9])
    sketch.draw([Mark(x, x, "#ff0000", 2), Mark(x, 1 - x, "#ff0000", 9, dots=True)])
    both = ink(plot)
    sketch.draw([Mark(x, 1 - x, "#ff0000", 9, dots=True)])
    assert 0 < ink(plot) < both
    assert plot.getViewBox().viewRange() == [[0, 1], [0, 1]]
    sketch.draw([])
    assert ink(plot) == 0


def test_a_painter_lets_go_even_if_somebody_holds_on_to_what_went_wrong(qtbot):
    """A traceback holds the frame, the frame the painter; the next one could not paint."""

    def broken(image):
        with painting(image) as painter:
            painter.drawPoint(1, 1)
            raise ValueError("in the middle")

    image = QtGui.QImage(8, 8, QtGui.QImage.Format.Format_RGB32)
    with pytest.raises(ValueError, match="in the middle") as held:
        broken(image)
    assert held.tb is not None
    assert not image.paintingActive()


def test_everything_painted_by_hand_uses_a_painter_that_is_ended():
    from pathlib import Path

    import app.window.drawn as drawn

    for path in Path(drawn.__file__).parent.glob("*.py"):
        assert "QPainter(" not in path.read_text(encoding="utf-8") or path.name == "painting.py", path.name


def test_one_thing_is_done_a_turn_and_the_last_word_counts(qtbot):
    whole = QtCore.QObject()
    turns, done = Turns(whole), []
    for number in range(3):
        turns.ask("a", lambda n=number: done.append(f"a{n}"))
        turns.ask("b", lambda n=number: done.append(f"b{n}"))
    assert not done
    turns._do_one()
    assert done == ["a2"]
    qtbot.waitUntil(lambda: done == ["a2", "b2"])
    qtbot.wait(20)
    assert not turns._timer.isActive()


def test_turns_can_be_finished_at_once_or_dropped(qtbot):
    whole = QtCore.QObject()
    turns, done = Turns(whole), []
    turns.ask("a", lambda: done.append("a"))
    assert turns.finish()
    assert done == ["a"]
    assert not turns.finish()
    turns.ask("b", lambda: done.append("b"))
    turns.drop()
    qtbot.wait(20)
    assert done == ["a"]
    assert sys.exc_info() == (None, None, None)


def test_a_key_that_is_held_down_acts_once(qtbot):
    from app.window.drawn.form_files import give_keys

    whole = QtWidgets.QWidget()
    qtbot.addWidget(whole)
    give_keys(whole, [("Ctrl+Return", "start", lambda: None)])
    (shortcut,) = whole.findChildren(QtWidgets.QShortcut)
    assert not shortcut.autoRepeat()
