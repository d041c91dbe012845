"""Labels of plain text, and one that gives way where there is too little room."""

from app.window.drawn import style
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets

RIGHT_END = QtCore.Qt.TextElideMode.ElideRight
MIDDLE = QtCore.Qt.TextElideMode.ElideMiddle


def label(pixels: int, bold: bool = False, grey: bool = False) -> QtWidgets.QLabel:
    """Return an empty label of plain text."""
    return _dressed(QtWidgets.QLabel(), pixels, bold, grey)


def _dressed(result: QtWidgets.QLabel, pixels: int, bold: bool, grey: bool) -> QtWidgets.QLabel:
    result.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    result.setFont(style.font(pixels, bold))
    if grey:
        result.setObjectName("grey")
    return result


class ElidedLabel(QtWidgets.QLabel):
    """One line that is shortened to the room there is, with all of it in its tooltip.

    Parameters
    ----------
    pixels : int
    bold, grey : bool
    mode : Qt.TextElideMode
        Where it is shortened.
    least : int
        Pixels up to which the text is not shortened.
    """

    def __init__(
        self,
        pixels: int,
        bold: bool = False,
        grey: bool = False,
        mode: QtCore.Qt.TextElideMode = RIGHT_END,
        least: int = 0,
    ) -> None:
        super().__init__()
        self._mode, self._tip, self._least = mode, "", least
        _dressed(self, pixels, bold, grey)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, tip: str = "") -> None:
        """Show a text; without a tip its own words are the tip where it is shortened."""
        self._tip = tip
        if text != self.text():
            self.setText(text)
        self._tell()

    @property
    def elided(self) -> bool:
        """Whether some of the text is left out."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self._room()

    def sizeHint(self) -> QtCore.QSize:
        """Return the room that all of the text wants."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QtCore.QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QtCore.QSize:
        """Return the room for a few letters, so that it can give way."""
        few = max(self.fontMetrics().horizontalAdvance("mm…"), self._least)
        return QtCore.QSize(min(few, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Say in the tooltip what does not fit."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint what fits."""
        with painting(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            room = self.contentsRect()
            text = self.fontMetrics().elidedText(self.text(), self._mode, room.width())
            painter.drawText(room, int(self.alignment() | QtCore.Qt.AlignmentFlag.AlignVCenter), text)

    def _room(self) -> int:
        return self.contentsRect().width()

    def _tell(self) -> None:
        self.setToolTip(self._tip or (self.text() if self.elided else ""))
