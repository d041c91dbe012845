"""Cards of the right rail: a coloured edge, a shape, what it is about, and a way to have done with it."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cards import Card
from app.window.shown.contrary import Contrary

EDGE = 6
"""Pixels of the coloured edge on the left."""

MARK = 20
"""Pixels of the shape beside the title."""


def words(pixels: int, bold: bool = False, grey: bool = False) -> QtWidgets.QLabel:
    """Return a label of plain text that wraps."""
    result = QtWidgets.QLabel()
    result.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    result.setFont(style.font(pixels, bold))
    result.setWordWrap(True)
    if grey:
        result.setObjectName("grey")
    return result


def button(text: str, meaning: str, pressed: Callable[[], None], name: str = "") -> QtWidgets.QPushButton:
    """Return a button with what it does in its tooltip; `name` is that of its style, e.g. ``"primary"``."""
    result = QtWidgets.QPushButton(text)
    result.setFont(style.font(15))
    result.setToolTip(meaning)
    result.setAutoDefault(True)
    if name:
        result.setObjectName(name)
    result.clicked.connect(lambda: pressed())
    return result


class Shape(QtWidgets.QWidget):
    """The shape before a card's title, so that its colour need not speak alone."""

    def __init__(self, severity: str) -> None:
        super().__init__()
        self._severity = severity
        self.setFixedSize(MARK, MARK)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(severity)

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint it: a ring waits, a square alarms, a triangle warns, two arrows contradict."""
        with painting(self) as painter:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            colour = QtGui.QColor(colour_of(self._severity))
            if self._severity == "waiting":
                painter.setPen(QtGui.QPen(colour, 4))
                painter.drawEllipse(QtCore.QRectF(3, 3, MARK - 6, MARK - 6))
                return
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            shapes: dict[str, list[tuple[tuple[int, int], ...]]] = {
                "alarm": [((2, 2), (18, 2), (18, 18), (2, 18))],
                "warning": [((10, 2), (19, 18), (1, 18))],
                "contrary": [((8, 3), (8, 17), (0, 10)), ((12, 3), (12, 17), (20, 10))],
                "interrupted": [((1, 8), (8, 8), (8, 12), (1, 12)), ((12, 8), (19, 8), (19, 12), (12, 12))],
            }
            for shape in shapes.get(self._severity, []):
                painter.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(*place) for place in shape]))


def colour_of(severity: str) -> str:
    """Return the colour of a card."""
    colours = style.palette()
    waits = {"waiting": colours.orange, "contrary": colours.orange}
    return waits.get(severity) or style.severity_colour(severity)


class CardFrame(QtWidgets.QWidget):
    """What every card has: the edge, the shape, the title and a column for the rest.

    Parameters
    ----------
    severity : str
        ``"waiting"``, ``"alarm"``, ``"warning"``, ``"contrary"`` or ``"interrupted"``.
    """

    def __init__(self, severity: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.severity = severity
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Preferred)
        self.title = words(15 if severity == "warning" else 17, bold=True)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(style.UNIT)
        row.addWidget(Shape(severity), 0, QtCore.Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.title, 1)
        self.column = QtWidgets.QVBoxLayout(self)
        self.column.setContentsMargins(2 * style.UNIT + EDGE, 12, 2 * style.UNIT, 12)
        self.column.setSpacing(style.UNIT)
        self.column.addLayout(row)

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        """Paint the coloured edge over the ground of the style sheet."""
        option = QtWidgets.QStyleOption()
        option.initFrom(self)
        with painting(self) as painter:
            found = self.style()
            if found is not None:
                found.drawPrimitive(QtWidgets.QStyle.PrimitiveElement.PE_Widget, option, painter, self)
            painter.fillRect(0, 0, EDGE, self.height(), QtGui.QColor(colour_of(self.severity)))


class EventCard(CardFrame):
    """An alarm, a warning or an interruption that stays until somebody has seen it.

    Parameters
    ----------
    card : Card
    seen : callable
        Called with the card when its button is pressed.
    point : callable
        Called with bench seconds when its time is asked for.
    """

    def __init__(self, card: Card, seen: Callable[[Card], None], point: Callable[[float], None]) -> None:
        super().__init__(card.severity)
        self.card = card
        self.since = QtWidgets.QPushButton()
        self.since.setObjectName("link")
        self.since.setFont(style.font(13))
        self.since.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.since.setToolTip("Point the cursor there")
        self.since.clicked.connect(lambda: point(self.card.time))
        self.text, self.more, self.remedy = words(14), words(14), words(14, grey=not card.loud)
        loud = card.loud
        meaning = (
            "Say that you have seen it; who and when is kept with the run, and the card goes to the log."
        )
        self.button = button("Acknowledge" if loud else "Dismiss", meaning, lambda: seen(self.card))
        self.answer = words(13, grey=True)
        for each in (self.since, self.text, self.more, self.remedy):
            self.column.addWidget(each)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.answer, 1)
        self.column.addLayout(row)
        self.show_card(card)

    def show_card(self, card: Card) -> None:
        """Show what has become of it."""
        self.card = card
        self.title.setText(card.title + (f"  ({card.count} times)" if card.count > 1 else ""))
        self.since.setText(("since " if card.count > 1 else "") + card.since)
        self.text.setText(card.text)
        self.more.setText("\n".join(card.more))
        self.more.setVisible(bool(card.more))
        self.remedy.setText(card.remedy)

    def say(self, answer: str, busy: bool) -> None:
        """Say how the acknowledgement stands; while it is on its way the button waits."""
        self.answer.setText(answer)
        self.button.setEnabled(not busy)


class ContraryCard(CardFrame):
    """Two people told the run opposite things.

    Parameters
    ----------
    contrary : Contrary
    seen : callable
        Called with its key when its button is pressed.
    """

    def __init__(self, contrary: Contrary, seen: Callable[[str], None]) -> None:
        super().__init__("contrary")
        self.title.setText(contrary.title)
        self.said, self.advice = [words(14), words(14)], words(14, grey=True)
        for each in (*self.said, self.advice):
            self.column.addWidget(each)
        meaning = "Takes the card away from this window; what was said stays in the log."
        self.button = button("Understood", meaning, lambda: seen(contrary.key))
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.show_contrary(contrary)

    def show_contrary(self, contrary: Contrary) -> None:
        """Show what the run has answered since."""
        for shown, text in zip(self.said, contrary.said, strict=True):
            shown.setText(text)
        self.advice.setText(contrary.advice)
