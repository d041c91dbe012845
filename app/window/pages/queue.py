"""The page on which a campaign is put together and started, and seen while it goes on."""

from app.window.desk import Desk
from app.window.drawn import form_card, style
from app.window.drawn.forecast_panel import ForecastPanel
from app.window.drawn.form_card import SummaryCard
from app.window.drawn.form_files import button, file_dialog, give_keys
from app.window.drawn.queue_bar import QueueBar, SideBySide, StepsBar
from app.window.drawn.queue_empty import EmptyQueue
from app.window.drawn.queue_head import QueueHead
from app.window.drawn.queue_list import QueueList
from app.window.pages.beginning import BeginningPage
from app.window.qt import QtGui, QtWidgets
from app.window.reading.listing import Listing
from app.window.shown.form_summary import at_work, busy_words, real_words
from app.window.shown.queue_running import choices
from app.window.starting.files import save
from app.window.starting.queued import queued_of

NARROW = 1200
"""Pixels below which the card makes room for the steps."""


class QueuePage(BeginningPage):
    """Steps in the middle, what they come to on the right."""

    name, title = "queue", "Queue"

    def __init__(self, desk: Desk) -> None:
        self.queued = queued_of(desk)
        super().__init__(desk, self.queued.starter, self.queued.rehearser)
        self.companion, self.queue = self.queued.companion, self.queued.queue
        self._listing = Listing()
        self._dialog: QtWidgets.QFileDialog | None = None
        self._chosen: int | None = None
        self.list = QueueList(self._move)
        self.bar = QueueBar(self._open, self._save, self.queued.undo)
        self.steps_bar = StepsBar(self._new, self._edit, self._copy, self._remove, self._shift, self._change)
        self.head = QueueHead(self._choose, self.queued.write, self.bar, self.steps_bar)
        self.what, self.bench, self.said = self.head.what, self.head.bench, self.head.said
        self.empty = EmptyQueue(self._new, self._open)
        self.side_by_side = SideBySide()
        self.forecast = ForecastPanel("Back to the queue")
        tips = (
            "Start the campaign in a process of its own  (Ctrl+Return)",
            "Do all of it on the simulated twin of the bench first  (Ctrl+R)",
        )
        self.start_button = button("Start", tips[0], "primary")
        self.rehearse_button = button("Rehearse", tips[1])
        self.card = SummaryCard(self._go_to, [self.side_by_side, self.start_button, self.rehearse_button])
        self.middle = QtWidgets.QStackedWidget()
        self._lay_out()
        self._connect()
        self._give_keys()
        self._show_what_goes_on()

    def come_forward(self) -> None:
        """Check what is there."""
        self.companion.begin()
        self.desk.catalogue.look()
        self.queued.check()

    def show_listing(self, listing: Listing) -> None:
        """Take note of which campaigns there are and how far they are."""
        self._listing = listing
        self._show_choices()
        self.queued.take_listing(listing)
        self._show_card()

    def settle(self) -> bool:
        """For a picture: have everything answered."""
        return self.queued.settle()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Give the steps most of a small window."""
        super().resizeEvent(event)
        self.card.setFixedWidth(form_card.NARROW_WIDTH if self.width() < NARROW else form_card.WIDTH)

    @property
    def mode(self) -> str:
        """What is shown: ``"own"``, ``"file"``, or the number of a campaign."""
        return self.queued.mode

    def show_campaign(self, number: int) -> None:
        """Show a campaign of the store."""
        self._choose(str(number))

    def start(self) -> None:
        """Start the queue, or the campaign that was opened, if it can be."""
        self.queued.start(self.side_by_side.value(), self.card.confirm.isChecked())

    def rehearse(self) -> None:
        """Rehearse the queue, or the campaign that was opened."""
        if self.queued.rehearse():
            self.middle.setCurrentWidget(self.forecast)
            self.forecast.cancel.setFocus()

    def _show_changed(self) -> None:
        """Show the steps, and that they are being checked."""
        self._show_choices()
        self._show_answer()

    def _show_answer(self) -> None:
        """Show the steps with what the last check came to."""
        queued, contents, found = self.queued, self.queue.contents, self.queued.rows
        self.list.allow_moves(queued.editable)
        self.list.show_rows(found, self._chosen)
        self._chosen = None
        empty = not found and queued.editable
        self.head.show_name(contents.name, queued.editable and not empty)
        self.head.show_rows(bench=queued.startable and not empty, steps=queued.editable and not empty)
        self.head.show_words(queued.words)
        self.bench.show_bench(contents.bench, queued.benches, queued.speed, queued.shown.simulated)
        self.bench.show_notes(queued.notes)
        self.bar.show_editable(queued.editable)
        self.empty.setVisible(empty)
        self.list.setVisible(not empty)
        self.card.setVisible(queued.startable and not empty)
        self._show_card()
        self._show_buttons()

    def _show_choices(self) -> None:
        opened = None if self.queued.file is None else str(self.queued.file["name"])
        self.head.show_choices(choices(opened, self._listing.campaigns, self.mode), self.mode)

    def _show_card(self) -> None:
        shown, listing = self.queued.shown, self._listing
        busy = at_work(listing.runs, listing.campaigns, shown.bench)
        self.card.show_summary(shown, busy_words(shown, busy))
        self.card.show_real(real_words(shown, "cells"))

    def _show_buttons(self) -> None:
        place, steps = self.list.currentRow(), self.queue.steps
        step = steps[place] if self.queued.editable and 0 <= place < len(steps) else None
        self.steps_bar.show_step(step, place, len(steps))
        self.start_button.setEnabled(self.queued.may_start(self.card.confirm.isChecked()))
        self.rehearse_button.setEnabled(self.queued.shown.ready and not self.rehearser.going)
        self.side_by_side.setVisible(self.queued.shown.simulated)

    def _show_steps(self) -> None:
        self.middle.setCurrentIndex(0)

    def _choose(self, mode: str) -> None:
        self._show_steps()
        self._chosen = -1
        self.queued.choose(mode)

    def _changed(self, chosen: int | None = None) -> None:
        """Have the queue checked that was changed here; `chosen` is the step to be selected then."""
        self._chosen = chosen
        self.queued.check()

    @property
    def _place(self) -> int | None:
        """The place of the step that is selected; None where no step can be changed."""
        place = self.list.currentRow()
        return place if self.queued.editable and 0 <= place < len(self.queue.steps) else None

    def _move(self, place: int, to: int) -> None:
        if self.queued.editable and place != to:
            self._changed(self.queue.move(place, to))
            self.list.setFocus()

    def _shift(self, by: int) -> None:
        if self._place is not None:
            self._move(self._place, max(0, min(self._place + by, len(self.queue.steps) - 1)))

    def _edit(self) -> None:
        place = self._place
        if place is not None:
            self.desk.page_wanted.emit("experiment")
            self.companion.edit(place)

    def _new(self) -> None:
        self.desk.page_wanted.emit("experiment")
        self.companion.edit(len(self.queue.steps))

    def _copy(self) -> None:
        if self._place is not None:
            place = self._place
            self.queue.duplicate(place)
            self._changed(place + 1)

    def _remove(self) -> None:
        if self._place is not None:
            place = self._place
            self.queue.remove(place)
            self._say(f"Step {place + 1} is taken out; Ctrl+Z brings it back.")
            self._changed(min(place, len(self.queue.steps) - 1))

    def _change(self, what: str, value: int | bool | None) -> None:
        if self._place is not None:
            self.queue.change(self._place, **{what: value})
            self._changed()

    def _go_to(self, path: str) -> None:
        parts = path.split(".")
        self._show_steps()
        if parts[0] == "steps" and len(parts) > 1 and parts[1].isdigit():
            self.list.setCurrentRow(int(parts[1]) - 1)
            self.list.setFocus()
        elif path in ("bench", "speed"):
            getattr(self.bench, path).setFocus()

    def _open(self) -> None:
        self._dialog = file_dialog(self, "Open a campaign or an experiment", self.queued.open)

    def _save(self) -> None:
        text = self.queued.shown.toml
        if not self.queued.editable or not text:
            self._say("It can be saved once nothing is to be mended.")
            return
        self._dialog = file_dialog(
            self,
            "Save",
            lambda path: save(self.companion, path, text, self.queued.said.emit),
            f"{self.queue.contents.name}.toml",
        )

    def _say(self, words: str) -> None:
        self.head.tell(words)

    def _connect(self) -> None:
        # What outlives the page is connected to its methods only, which Qt lets go of with the page.
        self.queued.changed.connect(self._show_changed)
        self.queued.answered.connect(self._show_answer)
        self.queued.said.connect(self._say)
        self.starter.changed.connect(self._show_started)
        self.starter.begun.connect(self._begun)
        self.rehearser.changed.connect(self._show_rehearsed)
        self.desk.said.connect(self._say)
        self.list.currentRowChanged.connect(self._show_buttons)
        self.list.itemDoubleClicked.connect(self._edit)
        self.forecast.back.clicked.connect(self._show_steps)
        self.forecast.cancel.clicked.connect(self.rehearser.cancel)
        self.start_button.clicked.connect(self.start)
        self.rehearse_button.clicked.connect(self.rehearse)
        self.card.confirm.toggled.connect(self._show_buttons)

    def _give_keys(self) -> None:
        give_keys(
            self,
            (
                (QtGui.QKeySequence.StandardKey.Undo, "take the last change back", self.queued.undo),
                (QtGui.QKeySequence.StandardKey.Redo, "change it again", self.queued.redo),
                ("Ctrl+Return", "start the campaign", self.start),
                ("Ctrl+R", "rehearse the campaign", self.rehearse),
                ("Ctrl+O", "open a campaign from a file", self._open),
                ("Ctrl+S", "write the campaign to a file", self._save),
                ("Ctrl+Shift+N", "write another step", self._new),
                ("Ctrl+D", "put the same step behind it once more", self._copy),
                ("Alt+Up", "do the step earlier", lambda: self._shift(-1)),
                ("Alt+Down", "do the step later", lambda: self._shift(1)),
                ("Esc", "back to the steps", self._show_steps),
            ),
        )
        give_keys(
            self.list, (("Del", "take the step out", self._remove), ("Return", "change the step", self._edit))
        )

    def _lay_out(self) -> None:
        steps = QtWidgets.QWidget()
        inner = QtWidgets.QVBoxLayout(steps)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.empty, 1)
        inner.addWidget(self.list, 1)
        self.middle.addWidget(steps)
        self.middle.addWidget(self.forecast)
        centre = QtWidgets.QVBoxLayout()
        centre.setSpacing(style.UNIT)
        centre.addWidget(self.head)
        centre.addWidget(self.middle, 1)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(style.UNIT, 0, style.UNIT, 0)
        row.setSpacing(style.UNIT)
        row.addLayout(centre, 1)
        row.addWidget(self.card)
