"""What is around the plots, or in their place: a notice, the offer of a newer run, a page of words."""

from collections.abc import Callable

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.pages.places import PLACES
from app.window.qt import QtCore, QtWidgets
from app.window.reading.listing import Listing
from app.window.shown.heading import Notice
from app.window.shown.placeholders import ACTIONS, Placeholder
from app.window.shown.placeholders import placeholder as placeholder_of
from app.window.shown.run_lines import RunLine
from storage import RunSummary


class NoticeStrip(QtWidgets.QWidget):
    """A strip across the window that says what has to be known; hidden while all is well.

    Parameters
    ----------
    act : callable
        Called with a word of `ACTIONS` when the notice's button is pressed.
    """

    def __init__(self, act: Callable[[str], None]) -> None:
        super().__init__()
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._notice: Notice | None = None
        self._text, self.button = label(16), QtWidgets.QPushButton()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button.setFont(style.font(15))
        self.button.clicked.connect(lambda: act(self._notice.action) if self._notice is not None else None)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(3 * style.UNIT, style.UNIT, 2 * style.UNIT, style.UNIT)
        row.setSpacing(2 * style.UNIT)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self.hide()

    def text(self) -> str:
        """Return what it says."""
        return self._text.text()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        self.setVisible(notice is not None)
        if notice is None or notice == self._notice:
            return
        self._notice = notice
        self._text.setText(notice.text)
        self.button.setVisible(bool(notice.action))
        self.button.setText(ACTIONS.get(notice.action, ""))
        paper, colour = style.palette().paper, style.severity_colour(notice.severity)
        self.setObjectName("notice")
        self.setStyleSheet(
            f"QWidget#notice {{ background: {paper}; border-left: 8px solid {colour}; }}"
            "QLabel { background: transparent; }"
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
        self.text, self.button = label(15), QtWidgets.QPushButton()
        self.button.setFont(style.font(15))
        self.button.setObjectName("link")
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
    """Stands in place of the plots when there is nothing to plot: what happened, and what to do next.

    Parameters
    ----------
    desk : Desk
    """

    WIDTH = 880

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._shown: Placeholder | None = None
        self.title, self.text, self.works = label(30, bold=True), label(18), label(16, grey=True)
        self.remedy = label(18)
        self._actions, self._runs = QtWidgets.QHBoxLayout(), QtWidgets.QGridLayout()
        self.buttons: list[QtWidgets.QPushButton] = []
        column = QtWidgets.QVBoxLayout()
        column.setSpacing(2 * style.UNIT)
        column.addStretch(2)
        for widget in (self.title, self.text, self.remedy, self.works):
            widget.setWordWrap(True)
            widget.setMaximumWidth(self.WIDTH)
            widget.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(widget)
        for row in (self._actions, self._runs):
            row.setSpacing(style.UNIT)
            column.addLayout(row)
        column.addStretch(3)
        row = QtWidgets.QHBoxLayout(self)
        row.addStretch(1)
        row.addLayout(column, 4)
        row.addStretch(1)

    def show_placeholder(self, placeholder: Placeholder) -> None:
        """Show another page."""
        if placeholder == self._shown:
            return
        self._shown = placeholder
        self.title.setText(placeholder.title)
        for widget, text in (
            (self.text, placeholder.happened),
            (self.remedy, placeholder.remedy),
            (self.works, placeholder.works),
        ):
            widget.setText(text)
            widget.setVisible(bool(text))
        self._clear()
        for word in placeholder.actions:
            if word == "newest" or word in (place.name for place in PLACES):
                self._offer(word, first=not self.buttons)
        self._actions.addStretch(1)
        for place, run in enumerate(placeholder.runs):
            self._offer_run(run, place)

    def show_listing(self, listing: Listing) -> None:
        """Take up what the store holds, where that belongs on the page."""
        page = placeholder_of(self._desk.feed.view, listing)
        if page is not None:
            self.show_placeholder(page)

    def _clear(self) -> None:
        for layout in (self._actions, self._runs):
            while (item := layout.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None:
                    # Until Qt deletes it, it would still be painted where it was.
                    widget.hide()
                    widget.deleteLater()
        self.buttons = []

    def _offer(self, word: str, first: bool) -> None:
        button = QtWidgets.QPushButton(ACTIONS[word])
        button.setFont(style.font(16, bold=first))
        button.setObjectName("primary" if first else "")
        button.clicked.connect(lambda: act(self._desk, word))
        self._actions.addWidget(button)
        self.buttons.append(button)

    def _offer_run(self, line: RunLine, place: int) -> None:
        button = QtWidgets.QPushButton(f"{line.right}:  {line.text}   ({line.state.value})")
        button.setFont(style.font(15))
        button.setToolTip(line.tip)
        button.clicked.connect(lambda: self._desk.watch(line.run))
        self._runs.addWidget(button, place // 2, place % 2)
        self.buttons.append(button)


def act(desk: Desk, word: str) -> None:
    """Do what the button of a notice or a placeholder says.

    Parameters
    ----------
    desk : Desk
    word : str
        A word of `ACTIONS`.
    """
    if word != "newest":
        desk.page_wanted.emit(word)
    elif runs := desk.catalogue.listing.runs:
        desk.watch(runs[-1].summary.run)
