"""Dots are round, whatever the axes say; and axes write a minus."""

import numpy as np
import pytest

from app.window.drawn.plot import Plot
from app.window.qt import QtGui, QtWidgets

SIZE = 9.0


@pytest.mark.parametrize("extent", [(0.02, 5.0), (5.0, 0.02), (1e-9, 1e-9), (1e4, 1e4)])
def test_a_dot_is_as_wide_as_it_is_high(qtbot, extent):
    plot = Plot("y", "x")
    qtbot.addWidget(plot)
    plot.resize(500, 400)
    plot.show()
    plot.setXRange(0.0, extent[0])
    plot.setYRange(0.0, extent[1])
    plot.dots("#ff0000", SIZE).setData(np.array([0.5 * extent[0]]), np.array([0.5 * extent[1]]))
    QtWidgets.QApplication.processEvents()
    image = plot.grab().toImage().convertToFormat(QtGui.QImage.Format.Format_RGB888)
    red = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).red() > 200 and image.pixelColor(x, y).green() < 100
    ]
    wide, high = (max(each) - min(each) + 1 for each in zip(*red, strict=True))
    assert wide == pytest.approx(high, abs=1)
    assert wide == pytest.approx(SIZE, abs=2)


def test_negative_numbers_at_the_axes_have_a_minus_as_the_labels_have(qtbot):
    plot = Plot("y", "x")
    qtbot.addWidget(plot)
    for side in ("left", "bottom"):
        assert plot.getAxis(side).tickStrings([-0.1, 0.2], 1.0, 0.1) == ["−0.1", "0.2"]
