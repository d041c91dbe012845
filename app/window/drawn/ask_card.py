"""The card of a request: what a hand has to do, the force dial, and the answers."""

from collections.abc import Callable, Sequence
from functools import partial

from app.window.drawn import style
from app.window.drawn.cards import CardFrame, button, words
from app.window.drawn.dial import ForceDial
from app.window.qt import QtWidgets
from app.window.reading.commands import Told
from app.window.shown.asks import Ask, Entry
from app.window.shown.unheard import faded_ask
from core.clock import utc_now

ANSWERS = ("acknowledge", "skip", "enter")
"""Verbs that answer a request."""


class AskCard(CardFrame):
    """Asks for something only a hand can do; never in the way of anything else.

    Parameters
    ----------
    ask : Ask
    tell : callable
        Called with verb and argument of an answer.
    check : callable
        Looks at a value as it is typed.
    """

    def __init__(self, ask: Ask, tell: Callable[[str, str], object], check: Callable[[str], Entry]) -> None:
        super().__init__("waiting")
        self.request = ask.request
        self.began = utc_now().timestamp()
        self._tell, self._check, self._busy = tell, check, False
        self._ask, self._unheard = ask, None  # type: tuple[Ask, float | None]
        self.since, self.until, self.dial = words(14, grey=True), words(13, grey=True), ForceDial()
        self.value, self.enter, self.verdict = QtWidgets.QLineEdit(), QtWidgets.QPushButton(), words(13)
        if ask.by_hand:
            self._add_entry()
        self.column.addWidget(self.dial)
        self.dial.setVisible(ask.dial is not None)
        self.buttons: dict[str, QtWidgets.QPushButton] = {}
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(style.UNIT)
        for choice in ask.choices:
            primary = "primary" if choice.verb == "acknowledge" else ""
            made = button(
                choice.label,
                choice.meaning,
                partial(self._say, choice.verb),
                primary,
            )
            self.buttons[choice.verb] = made
            row.addWidget(made, 1)
        self.column.addLayout(row)
        self.meanings = words(13, grey=True)
        self.meanings.setText("\n".join(f"{each.label}: {each.meaning}." for each in ask.choices))
        self.column.addWidget(self.meanings)
        # What the buttons do comes before how long there is for it: a low window shows the first.
        self.column.addWidget(self.since)
        self.column.addWidget(self.until)
        self.answer = words(14, bold=True)
        self.column.addWidget(self.answer)
        self.show_ask(ask)

    def show_ask(self, ask: Ask) -> None:
        """Show another moment of it."""
        self._ask = ask
        if self._unheard is not None:
            ask = faded_ask(ask, self._unheard)
        self.title.setText(ask.title)
        self.since.setText(ask.since)
        self.until.setText(ask.until)
        if ask.dial is not None:
            self.dial.show_dial(ask.dial)

    def show_unheard(self, old: float | None) -> None:
        """Show that nothing has been read for `old` s, None: that all is fresh."""
        if old != self._unheard:
            self._unheard = old
            self.show_ask(self._ask)

    def show_told(self, told: Sequence[Told]) -> None:
        """Show how the answers given at this window stand; an answer on its way is not given twice."""
        mine = [each for each in told if each.verb in ANSWERS]
        self._busy = any(not each.done for each in mine)
        self.answer.setText(mine[-1].line if mine else "")
        self.answer.setVisible(bool(mine))
        for made in self.buttons.values():
            made.setEnabled(not self._busy)
        self._look()

    def _say(self, verb: str) -> None:
        self._tell(verb, "")

    def _add_entry(self) -> None:
        """Add the line that takes what the gauge shows."""
        self.value.setFont(style.font(16))
        self.value.setPlaceholderText("405.8 N")
        self.value.setMaxLength(40)
        self.value.setAccessibleName("What the gauge shows")
        self.value.textChanged.connect(lambda: self._look())
        self.value.returnPressed.connect(self._send)
        self.enter = button("Enter value", "Kept as what the gauge shows now", self._send)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(style.UNIT)
        row.addWidget(self.value, 1)
        row.addWidget(self.enter)
        self.column.addLayout(row)
        self.column.addWidget(self.verdict)
        self._look()

    def _look(self) -> None:
        found = self._check(self.value.text())
        wrong = bool(self.value.text().strip()) and not found.good
        self.verdict.setText(found.words)
        self.enter.setEnabled(found.good and not self._busy)
        if self.value.property("wrong") != wrong:
            self.value.setProperty("wrong", wrong)
            looks = self.value.style()
            if looks is not None:
                looks.unpolish(self.value)
                looks.polish(self.value)

    def _send(self) -> None:
        if self._check(self.value.text()).good and not self._busy:
            self._tell("enter", self.value.text().strip())
            self.value.clear()
