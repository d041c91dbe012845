"""The slim line above the plots: what is looked at, and the values there."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.qt import QtCore, QtWidgets
from app.window.shown.readout import LIVE_HINT, Readout


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
        self.values.setText(_rich(readout))
        self.values.setToolTip("\n".join(f"{name}  {value}" for name, value in readout.values))

    def _restyle(self) -> None:
        kind = self.chip.style()
        if kind is not None:
            kind.unpolish(self.chip)
            kind.polish(self.chip)


def _rich(readout: Readout) -> str:
    grey = style.palette().grey
    if readout.live:
        return f"<span style='color:{grey}'>{LIVE_HINT}</span>"
    parts = [
        f"<span style='color:{grey}'>{_symbol(name)}</span>&nbsp;{value.replace(' ', '&nbsp;')}"
        for name, value in readout.values
    ]
    if readout.decision:
        decision = readout.decision.replace("&", "&amp;").replace("<", "&lt;")
        parts.insert(1, f"<span style='color:{style.palette().green}'>◆</span> {decision}")
    return "&nbsp;&nbsp; ".join(parts)


def _symbol(name: str) -> str:
    letter, _, index = name.partition("_")
    return f"<i>{letter}</i><sub>{index}</sub>" if index else f"<i>{letter}</i>"
