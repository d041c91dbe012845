"""The column of cards: it takes the room its cards need, up to a bound, and says what is below."""

from app.window.drawn import style
from app.window.drawn.cards import CardFrame
from app.window.qt import QtCore, QtWidgets


class _Area(QtWidgets.QScrollArea):
    """Wants a certain height, and does with less where there is no more."""

    LEAST = 96

    def __init__(self) -> None:
        super().__init__()
        self.wanted = 0
        policy = QtWidgets.QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Preferred)

    def sizeHint(self) -> QtCore.QSize:
        """Return what is wanted."""
        return QtCore.QSize(200, self.wanted)

    def minimumSizeHint(self) -> QtCore.QSize:
        """Return what is enough to see that there is something."""
        return QtCore.QSize(120, min(self.LEAST, self.wanted))


class CardStack(QtWidgets.QWidget):
    """Cards one below the other in the order they are given; those that do not fit are scrolled to."""

    def __init__(self) -> None:
        super().__init__()
        policy = QtWidgets.QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Maximum)
        self.cards: list[CardFrame] = []
        self._inside = QtWidgets.QWidget()
        self._inside.setObjectName("rail")
        self._column = QtWidgets.QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.UNIT)
        self._column.addStretch(1)
        self.area = _Area()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._inside)
        self.area.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.more = QtWidgets.QPushButton()
        self.more.setObjectName("link")
        self.more.setFont(style.font(14, bold=True))
        self.more.setToolTip("Show the next card")
        self.more.clicked.connect(self._next)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area)
        column.addWidget(self.more)
        bar = self.area.verticalScrollBar()
        assert bar is not None
        self._bar = bar
        bar.valueChanged.connect(lambda: self._count())
        bar.rangeChanged.connect(lambda: self._count())
        self.hide()

    def show_cards(self, cards: list[CardFrame]) -> None:
        """Show these cards; those that are gone are taken down."""
        if cards == self.cards:
            return
        for gone in self.cards:
            if gone not in cards:
                self._column.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
        for place, card in enumerate(cards):
            self._column.insertWidget(place, card)
            card.show()
        self.cards = list(cards)
        self.setVisible(bool(cards))

    def fit(self, most: int) -> None:
        """Take the height that the cards need, at most `most` pixels."""
        inside = self.area.viewport()
        assert inside is not None
        needed = self._column.totalHeightForWidth(inside.width())
        height = max(min(needed, most), 0)
        if height != self.area.wanted:
            self.area.wanted = height
            self.area.setMaximumHeight(height)
            self.area.updateGeometry()
        self._count()

    def focus_first(self) -> None:
        """Put the keyboard on the first card."""
        if self.cards:
            self._bar.setValue(0)
            found = self.cards[0].findChildren(QtWidgets.QPushButton)
            usable = [each for each in found if each.isEnabled() and each.objectName() != "link"]
            if usable:
                usable[0].setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)

    @property
    def below(self) -> int:
        """How many cards begin below what is seen, or are cut off there."""
        end = self._bar.value() + self.area.height()
        return sum(1 for card in self.cards if card.geometry().bottom() > end + style.UNIT)

    def _count(self) -> None:
        end = self._bar.value() + self.area.height()
        cut = self.below if self.cards else 0
        hidden = sum(1 for card in self.cards if card.geometry().top() >= end - style.UNIT)
        self.more.setText(f"▾ {hidden} more" if hidden else "▾ more of this card")
        self.more.setVisible(cut > 0)

    def _next(self) -> None:
        end = self._bar.value() + self.area.height()
        for card in self.cards:
            if card.geometry().bottom() > end + style.UNIT:
                top = card.geometry().top()
                self._bar.setValue(
                    top if top > self._bar.value() else card.geometry().bottom() - self.area.height()
                )
                return
