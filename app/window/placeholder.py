"""What is around the plots, or in their place: a notice, an empty or an error page, the footer."""

from collections.abc import Callable

from app.window import style
from app.window.header import label
from app.window.heading import FooterPart, Notice, Placeholder
from app.window.qt import QtCore, QtWidgets
from storage import RunSummary


class NoticeStrip(QtWidgets.QLabel):
    """A strip across the window that says what has to be known; hidden while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.setFont(style.font(16))
        self.setWordWrap(True)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        self.setVisible(notice is not None)
        if notice is not None:
            colour = style.SEVERITIES[notice.severity]
            self.setText(notice.text)
            self.setStyleSheet(
                f"background: {style.PAPER}; border-left: 8px solid {colour}; padding: 8px 16px;"
            )


class NewerStrip(QtWidgets.QWidget):
    """Says that another run has begun since, and offers to show it; hidden while there is none.

    Parameters
    ----------
    show : callable
        Called when the other run is wanted.
    """

    def __init__(self, show: Callable[[], None]) -> None:
        super().__init__()
        self.text, self.button = label(16), QtWidgets.QPushButton()
        self.button.setFont(style.font(15))
        self.button.clicked.connect(lambda: show())
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(3 * style.UNIT, 0, 2 * style.UNIT, 0)
        row.setSpacing(2 * style.UNIT)
        row.addWidget(self.text)
        row.addWidget(self.button)
        row.addStretch(1)
        self.hide()

    def show_run(self, summary: RunSummary | None) -> None:
        """Offer another run, or nothing."""
        self.setVisible(summary is not None)
        if summary is not None:
            self.text.setText(f"Run {summary.run} of {summary.cell} has begun since ({summary.state.value}).")
            self.button.setText(f"Show run {summary.run}")


class PlaceholderPage(QtWidgets.QWidget):
    """Stands in place of the plots when there is nothing to plot, and says what to do next."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.text = label(30, bold=True), label(18)
        self.text.setWordWrap(True)
        self.text.setMaximumWidth(880)
        self.text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QtWidgets.QVBoxLayout()
        column.addStretch(2)
        column.addWidget(self.title)
        column.addSpacing(2 * style.UNIT)
        column.addWidget(self.text)
        column.addStretch(3)
        row = QtWidgets.QHBoxLayout(self)
        row.addStretch(1)
        row.addLayout(column, 4)
        row.addStretch(1)

    def show_placeholder(self, placeholder: Placeholder) -> None:
        """Show another text."""
        self.title.setText(placeholder.title)
        self.text.setText(placeholder.text)


class Footer(QtWidgets.QWidget):
    """Small facts about store and run, the doubtful ones marked."""

    def __init__(self) -> None:
        super().__init__()
        self.text = label(13, grey=True)
        self.text.setTextFormat(QtCore.Qt.TextFormat.RichText)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(2 * style.UNIT, 0, 2 * style.UNIT, style.UNIT)
        row.addWidget(self.text)
        row.addStretch(1)

    def show_parts(self, parts: tuple[FooterPart, ...]) -> None:
        """Show the pieces, one after the other."""
        self.text.setText("&nbsp;&nbsp; · &nbsp;&nbsp;".join(_rich(part) for part in parts))


def _rich(part: FooterPart) -> str:
    text = part.text.replace("&", "&amp;").replace("<", "&lt;")
    if part.good is None:
        return text
    colour, sign = (style.GREEN, "●") if part.good else (style.VERMILLION, "■")
    return f"<span style='color:{colour}'>{sign}</span> {text}"
