"""The right rail of the live page: what is asked, alarms, decisions, notes and the log."""

from datetime import datetime
from typing import Any

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.ask_card import AskCard
from app.window.drawn.attention import SOUND
from app.window.drawn.card_stack import CardStack
from app.window.drawn.cards import CardFrame, ContraryCard, EventCard
from app.window.drawn.confirm import Confirm
from app.window.drawn.decisions_panel import DecisionsPanel
from app.window.drawn.log_panel import LogPanel
from app.window.drawn.notes_panel import NotesPanel
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.commands import SKIP, why_not
from app.window.reading.feed import View
from app.window.reading.snapshot import Snapshot
from app.window.shown.asks import Ask, asks, entry
from app.window.shown.cards import SEEN, Card, cards
from app.window.shown.contrary import SHOWN_FOR, Contrary, contraries
from app.window.shown.log_lines import state_of
from app.window.shown.unheard import unheard
from core.clock import utc_now
from core.errors import StripbenchError

CARDS_SHARE = 0.62
"""Share of the rail that cards may take; a request gets as much as its card needs, to be read from afar."""

LEAST_TABS = 128
"""Pixels that are left to the tabs under the cards."""

FIRST_CARD = "Ctrl+J"
"""Puts the keyboard on the first card."""


class RightRail(QtWidgets.QWidget):
    """Everything in words about the run that is watched.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    open_wanted : pyqtSignal
        Somebody is asked for something, or something is wrong: a rail that was folded has to open.
    """

    open_wanted = QtCore.pyqtSignal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.desk = desk
        self._snapshot: Snapshot | None = None
        self._shown: dict[str, CardFrame] = {}
        self._answers: dict[str, str] = {}
        self._understood: set[str] = set()
        self._state: object = None
        self._found: tuple[Card, ...] = ()
        self.stack = CardStack()
        self.decisions, self.notes, self.log = DecisionsPanel(desk), NotesPanel(desk), LogPanel(desk)
        self.tabs = QtWidgets.QTabWidget()
        self.tabs.setFont(style.font(14))
        self.tabs.setMinimumHeight(LEAST_TABS)
        bar = self.tabs.tabBar()
        assert bar is not None
        for widget in (self.tabs, bar):
            widget.setObjectName("rail")
            widget.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        for panel, title in ((self.decisions, "Decisions"), (self.notes, "Notes"), (self.log, "Log")):
            self.tabs.addTab(panel, title)
        self.tabs.setCurrentWidget(self.log)
        self.skip = Confirm(f"{SKIP.label} …", "Skip it", self._skip)
        self.sound = self._sound_switch()
        self._arrange()
        desk.note_wanted.connect(self._write_note)
        keys = QtWidgets.QShortcut(QtGui.QKeySequence(FIRST_CARD), self)
        keys.setWhatsThis("go to the first card that waits for you")
        keys.activated.connect(self.stack.focus_first)
        skip = QtWidgets.QShortcut(QtGui.QKeySequence(SKIP.shortcut), self)
        skip.setWhatsThis("Skip step: asks once more before it does")
        skip.activated.connect(lambda: self.skip.open() if self.skip.first.isEnabled() else None)

    def show_view(self, view: View) -> None:
        """Draw the words of a run."""
        self._snapshot = view.snapshot
        self.notes.show_snapshot(view.snapshot)
        if view.snapshot is None:
            self._put([])
            return
        self.decisions.show_snapshot(view.snapshot)
        self.log.show_snapshot(view.snapshot)
        self._show_cards(view.snapshot, utc_now())

    def show_moment(self, view: View) -> None:
        """Open or close what can be said to the run, and show how its answers stand."""
        summary = None if view.snapshot is None else view.snapshot.summary
        reason = why_not(summary)
        self.skip.explain(reason or SKIP.meaning, not reason)
        # What is asked has a word of its own for it.
        self.skip.setVisible(not reason and not self._asking)
        old = unheard(view.snapshot, utc_now())
        told = [each for each in self.desk.told if summary is not None and each.run == summary.run]
        for card in self._shown.values():
            if isinstance(card, AskCard):
                card.show_unheard(old)
                card.show_told([each for each in told if each.issued >= card.began])
        self._fit()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Give the cards their share of another height."""
        super().resizeEvent(event)
        self._fit()

    def _show_cards(self, snapshot: Snapshot, now: datetime) -> None:
        """Requests first, then alarms, contrary commands and warnings."""
        wanted: list[tuple[str, Ask | Contrary | Card]] = [
            (f"ask/{each.request}", each) for each in asks(snapshot)
        ]
        state = (state_of(snapshot), snapshot.summary.state)
        if state != self._state:
            self._state, self._found = state, cards(snapshot)
        found = self._found
        wanted += [(each.key, each) for each in found if each.loud]
        wanted += [
            (each.key, each)
            for each in contraries(snapshot, self.desk.author)
            if each.key not in self._understood and now - each.last < SHOWN_FOR
        ]
        wanted += [(each.key, each) for each in found if not each.loud]
        run = snapshot.summary.run
        self._put([(f"{run}/{key}", shown) for key, shown in wanted])

    def _put(self, wanted: list[tuple[str, Ask | Contrary | Card]]) -> None:
        """Put up cards, keeping the widgets of those that are up already."""
        before, self._shown = self._shown, {}
        for key, shown in wanted:
            card = before.get(key) or self._card(shown)
            if isinstance(card, AskCard) and isinstance(shown, Ask):
                card.show_ask(shown)
            elif isinstance(card, ContraryCard) and isinstance(shown, Contrary):
                card.show_contrary(shown)
            elif isinstance(card, EventCard) and isinstance(shown, Card):
                card.show_card(shown)
                self._say(card)
            self._shown[key] = card
        self.stack.show_cards(list(self._shown.values()))
        self._fit()
        new = [card for key, card in self._shown.items() if key not in before]
        if any(card.severity in ("waiting", "alarm", "interrupted") for card in new):
            self.open_wanted.emit()

    def _card(self, shown: Ask | Contrary | Card) -> CardFrame:
        if isinstance(shown, Ask):
            return AskCard(shown, self._tell, self._entry)
        if isinstance(shown, Contrary):
            return ContraryCard(shown, self._understand)
        return EventCard(shown, self._acknowledge, self.desk.point)

    def _tell(self, verb: str, argument: str) -> object:
        # Whoever answers means the run whose card it is, not one that is coming up.
        return self.desk.tell(verb, argument, self._run)

    @property
    def _run(self) -> int | None:
        return None if self._snapshot is None else self._snapshot.summary.run

    def _entry(self, text: str) -> Any:
        assert self._snapshot is not None
        return entry(text, self._snapshot.header.cell)

    def _understand(self, key: str) -> None:
        self._understood.add(key)
        if self._snapshot is not None:
            self._show_cards(self._snapshot, utc_now())

    def _acknowledge(self, card: Card) -> None:
        """Keep with the run that somebody has seen what a card says."""
        if self._snapshot is None:
            return
        run, author = self._snapshot.summary.run, self.desk.author
        self._answers[card.key] = "being kept …"

        def keep(store: Any) -> None:
            if not card.events:
                store.annotate(run, "note", SEEN, time=card.time, author=author)
            for event in card.events:
                store.annotate(run, "acknowledged", about=event, author=author)

        self.desk.do(keep, lambda result: self._acknowledged(card, result))
        self._say_all()

    def _acknowledged(self, card: Card, result: Any) -> None:
        if isinstance(result, StripbenchError):
            self._answers[card.key] = f"Not kept: {result}"
        else:
            self._answers[card.key] = "kept"
        self.desk.feed.look()
        self._say_all()

    def _say_all(self) -> None:
        for shown in self._shown.values():
            if isinstance(shown, EventCard):
                self._say(shown)

    def _say(self, card: EventCard) -> None:
        answer = self._answers.get(card.card.key, "")
        card.say(answer, answer in ("being kept …", "kept"))

    def _skip(self) -> None:
        self.desk.tell(SKIP.word, run=self._run)

    def _write_note(self) -> None:
        self.open_wanted.emit()
        self.tabs.setCurrentWidget(self.notes)
        self.notes.note.setFocus()

    def _fit(self) -> None:
        """Share the height between cards and tabs: a card that asks is seen whole wherever it fits."""
        below = self.skip.sizeHint().height() if self.skip.isVisible() else 0
        room = self.height() - LEAST_TABS - below - 4 * style.UNIT
        self.stack.fit(room if self._asking else min(room, int(CARDS_SHARE * self.height())))

    @property
    def _asking(self) -> bool:
        return any(isinstance(card, AskCard) for card in self._shown.values())

    def _sound_switch(self) -> QtWidgets.QToolButton:
        switch = QtWidgets.QToolButton()
        switch.setObjectName("quiet")
        switch.setCheckable(True)
        switch.setFont(style.font(13))
        switch.setToolTip("Whether a new alarm or request is also to be heard; off unless you want it")
        switch.setChecked(self.desk.memory.yes(SOUND))

        def name(on: bool) -> None:
            switch.setText("♪ on" if on else "♪ off")
            self.desk.memory.keep(SOUND, on)

        switch.toggled.connect(name)
        switch.setText("♪ on" if switch.isChecked() else "♪ off")
        return switch

    def _arrange(self) -> None:
        self.tabs.setCornerWidget(self.sound)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT, style.UNIT, style.UNIT)
        column.setSpacing(style.UNIT)
        column.addWidget(self.stack)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.skip)
