"""The footer: small facts about store and run, the doubtful ones marked."""

from app.window.drawn import style
from app.window.drawn.labels import MIDDLE, ElidedLabel, label
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.footing import FooterPart

LEAST_PATH = 160
"""Pixels that are kept for the path of the store and the margins."""


class Footer(QtWidgets.QWidget):
    """One line under everything; the path of the store gives way first."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[FooterPart, ...] = ()
        self.text, self.path = label(13, grey=True), ElidedLabel(13, grey=True, mode=MIDDLE)
        self.text.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.path.setAlignment(QtCore.Qt.AlignmentFlag.AlignRight)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(2 * style.UNIT, 0, 2 * style.UNIT, style.UNIT)
        row.setSpacing(3 * style.UNIT)
        row.addWidget(self.text)
        row.addWidget(self.path, 1)

    def show_parts(self, parts: tuple[FooterPart, ...], path: str) -> None:
        """Show the pieces, one after the other, and where the store is.

        Where there is too little room, pieces that nothing can be wrong with are left out, the last first.
        """
        self._parts = parts
        self.text.setToolTip("\n".join(f"{part.text}: {part.tip}" for part in parts if part.tip))
        self.path.show_text(path, path)
        self._write()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        shown, room = list(self._parts), self.width() - LEAST_PATH
        metrics = self.text.fontMetrics()
        while metrics.horizontalAdvance("  ·  ".join(f"● {part.text}" for part in shown)) > room:
            calm = [part for part in shown if part.good is None]
            if not calm:
                break
            shown.remove(calm[-1])
        self.text.setText("&nbsp; · &nbsp;".join(_rich(part) for part in shown))


def _rich(part: FooterPart) -> str:
    text = part.text.replace("&", "&amp;").replace("<", "&lt;")
    if part.good is None:
        return text
    colour, sign = (style.palette().green, "●") if part.good else (style.palette().vermillion, "■")
    return f"<span style='color:{colour}'>{sign}</span> {text}"
