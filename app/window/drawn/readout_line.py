"""The slim line above the plots: what is looked at, and the values there."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.readout import LIVE_HINT, Readout

GAP = "   "
"""As wide as what stands between two values."""


class ReadoutLine(QtWidgets.QWidget):
    """Says whether the window is live or where the cursor stands, and what is read there.

    Parameters
    ----------
    go_live : callable
        Called when the chip is clicked while something is selected.
    """

    def __init__(self, go_live: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("readout")
        self.chip = QtWidgets.QPushButton()
        self.chip.setObjectName("chip")
        self.chip.setFont(style.font(13, bold=True))
        self.chip.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.chip.clicked.connect(lambda: go_live())
        self.values = QtWidgets.QLabel()
        self.values.setFont(style.font(12))
        self.values.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.values.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred
        )
        self.values.installEventFilter(self)
        self.setFixedHeight(4 * style.UNIT)
        self.row = QtWidgets.QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(style.UNIT)
        self.row.addWidget(self.chip)
        self.row.addWidget(self.values, 1)
        self._shown: Readout | None = None

    def show_readout(self, readout: Readout) -> None:
        """Show other values."""
        if readout == self._shown:
            return
        self._shown = readout
        self.chip.setText(("● " if readout.live else "◆ ") + readout.chip)
        self.chip.setProperty("live", readout.live)
        self.chip.setEnabled(not readout.live)
        self.chip.setToolTip("" if readout.live else "back to the newest spectrum (L or End)")
        self._restyle()
        lines = [f"{name}  {value}" for name, value in readout.values]
        self.values.setToolTip("\n".join([*lines, readout.decision] if readout.decision else lines))
        self._fit()

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        """Show as many values as there is room for, when that changes."""
        if event is not None and event.type() == QtCore.QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Write as many whole values as there is room for; the tooltip has all of them."""
        if self._shown is None:
            return
        metrics, room = QtGui.QFontMetrics(self.values.font()), self.values.width()
        used = metrics.horizontalAdvance("…")
        parts: list[str] = []
        for plain, rich in _parts(self._shown):
            used += metrics.horizontalAdvance(plain + GAP)
            if parts and used > room:
                parts.append("…")
                break
            parts.append(rich)
        self.values.setText("&nbsp;&nbsp; ".join(parts))

    def _restyle(self) -> None:
        kind = self.chip.style()
        if kind is not None:
            kind.unpolish(self.chip)
            kind.polish(self.chip)


def _parts(readout: Readout) -> list[tuple[str, str]]:
    """Return what is to be read, the most wanted first: how it measures, and how it is written."""
    grey = style.palette().grey
    if readout.live:
        return [(LIVE_HINT, f"<span style='color:{grey}'>{LIVE_HINT}</span>")]
    parts = [
        (
            f"{name.replace('_', '')} {value}",
            f"<span style='color:{grey}'>{_symbol(name)}</span>&nbsp;{value.replace(' ', '&nbsp;')}",
        )
        for name, value in readout.values
    ]
    if readout.decision:
        decision = readout.decision.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "&nbsp;")
        mark = f"<span style='color:{style.palette().green}'>◆</span>&nbsp;{decision}"
        parts.append((f"◆ {readout.decision}", mark))
    return parts


def _symbol(name: str) -> str:
    letter, _, index = name.partition("_")
    return f"<i>{letter}</i><sub>{index}</sub>" if index else f"<i>{letter}</i>"
