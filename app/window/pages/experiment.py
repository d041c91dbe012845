"""The page on which an experiment is written, checked, rehearsed and started."""

from app.window.desk import Desk
from app.window.drawn import form_card, style
from app.window.drawn.forecast_panel import ForecastPanel
from app.window.drawn.form_bar import Bar, TemplateLine
from app.window.drawn.form_bench import BenchPart
from app.window.drawn.form_card import SummaryCard
from app.window.drawn.form_cell import CellPart
from app.window.drawn.form_files import button, file_dialog, give_keys
from app.window.drawn.form_groups import Groups
from app.window.drawn.form_protocols import NARROW_WIDTH, WIDTH, ProtocolList
from app.window.drawn.form_view import FormView
from app.window.pages.beginning import BeginningPage
from app.window.qt import QtGui, QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.shown.form_cells import KnownCell, known_cells, number_words
from app.window.shown.form_summary import at_work, busy_words, queue_words, real_words
from app.window.starting.experiment import experiment_of
from app.window.starting.files import save

NARROW = 1200
"""Pixels below which lists and card make room for the form."""


class ExperimentPage(BeginningPage):
    """Protocols on the left, the form in the middle, what it comes to on the right."""

    name, title = "experiment", "Start"

    def __init__(self, desk: Desk) -> None:
        self.experiment = experiment_of(desk)
        super().__init__(desk, self.experiment.starter, self.experiment.rehearser)
        self.companion = self.experiment.companion
        self._listing = Listing()
        self._dialog: QtWidgets.QFileDialog | None = None
        self.list = ProtocolList(
            lambda name: self.write("protocol", name),
            self.experiment.fill_in,
            self.experiment.templates.remove,
        )
        self.cell = CellPart(self.write, self._choose_cell, self.experiment.register_cell)
        self.bench = BenchPart(self.write)
        self.view = FormView(Groups(self.write), self.cell, self.bench)
        self.forecast = ForecastPanel("Back to the form")
        self.start_button = button("Start", "Start the run in a process of its own  (Ctrl+Return)", "primary")
        self.rehearse_button = button("Rehearse", "Do it on the simulated twin of the bench first  (Ctrl+R)")
        self.queue_button = button("Add to the queue", "Put it behind the other steps of the queue")
        self.cancel_button = button("Leave the step as it was", "Back to the queue")
        buttons = [self.start_button, self.rehearse_button, self.queue_button, self.cancel_button]
        self.card = SummaryCard(self._go_to, buttons)
        self.bar, self.template_line = self._bar(), TemplateLine(self.experiment.keep_template)
        self.middle = QtWidgets.QStackedWidget()
        self._lay_out()
        self._connect()
        self._give_keys()
        self._show_what_goes_on()

    def come_forward(self) -> None:
        """Have it checked again: the store may have changed since."""
        self.experiment.begin()

    def show_listing(self, listing: Listing) -> None:
        """Take note of cells, names and what is at work."""
        self._listing = listing
        self.experiment.take_listing(listing)
        self.cell.show_known(known_cells(listing.cells), self.experiment.form.text("cell.name"))
        self._show_number()
        self._show_card()

    def show_moment(self, view: View) -> None:
        """Show which buttons make sense."""
        self._show_buttons()

    def settle(self) -> bool:
        """For a picture: have everything answered."""
        return self.experiment.settle()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Give the form most of a small window."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.list.setFixedWidth(NARROW_WIDTH if narrow else WIDTH)
        self.card.setFixedWidth(form_card.NARROW_WIDTH if narrow else form_card.WIDTH)

    def write(self, path: str, text: str) -> None:
        """Write in a field, as the operator does."""
        self.experiment.write(path, text)

    def start(self) -> None:
        """Start what is written, if it can be."""
        self.experiment.start(self.card.confirm.isChecked())

    def rehearse(self) -> None:
        """Rehearse what is written, if it can be."""
        if self.experiment.rehearse(self.view.title.text()):
            self.middle.setCurrentWidget(self.forecast)
            self.forecast.cancel.setFocus()

    def _show_changed(self) -> None:
        """Show what is written, and that it is being checked."""
        self.card.confirm.setChecked(False)
        self._show_catalogue()
        form = self.experiment.form
        self.list.mark(form.written.protocol)
        self.view.show_protocol(self.companion.catalogue.protocol(form.written.protocol))
        self.view.show_texts(form.texts)
        self.bench.show_words(form.written.title, form.written.notes)
        self.cell.show_known(known_cells(self._listing.cells), form.text("cell.name"))
        self._show_number()
        self._show_answer()

    def _show_answer(self) -> None:
        """Show what the last check came to."""
        experiment, written = self.experiment, self.experiment.form.written
        if experiment.checked:
            self.view.show_notes(experiment.notes)
        self.bench.show_bench(written.bench, experiment.benches, written.speed, experiment.shown.simulated)
        self._show_card()
        self._show_buttons()

    def _show_catalogue(self) -> None:
        catalogue = self.companion.catalogue
        if catalogue.protocols and not self.cell.groups.boxes:
            self.list.show_protocols(catalogue.protocols)
            self.cell.groups.show_groups(catalogue.cell)

    def _show_templates(self) -> None:
        self.list.show_templates(self.experiment.templates.found)

    def _show_number(self) -> None:
        name = self.experiment.form.text("cell.name")
        editing = self.companion.editing is not None
        self.cell.show_number("" if editing else number_words(name, self.experiment.names))

    def _show_card(self) -> None:
        shown, listing = self.experiment.shown, self._listing
        busy = at_work(listing.runs, listing.campaigns, shown.bench)
        self.card.show_summary(shown, busy_words(shown, busy))
        self.card.show_real("" if self.companion.editing is not None else real_words(shown, "cell"))

    def _show_buttons(self) -> None:
        editing, experiment = self.companion.editing, self.experiment
        for each in (self.start_button, self.rehearse_button):
            each.setVisible(editing is None)
        self.start_button.setEnabled(experiment.may_start(self.card.confirm.isChecked()))
        self.rehearse_button.setEnabled(experiment.shown.ready and not self.rehearser.going)
        self.queue_button.setEnabled(bool(experiment.form.written.protocol))
        self.queue_button.setText(queue_words(editing, len(self.companion.queue.steps)))
        self.cancel_button.setVisible(editing is not None)

    def _show_what_goes_on(self) -> None:
        """Show what was begun before this page was made, and the templates there are."""
        super()._show_what_goes_on()
        self._show_templates()

    def _show_form(self) -> None:
        self.middle.setCurrentWidget(self.view)

    def _choose_cell(self, known: KnownCell | None) -> None:
        self.experiment.choose_cell(None if known is None else dict(known.table))
        if known is None:
            self.view.go_to("cell.name")

    def _ask_for_template(self) -> None:
        proposed = self.experiment.form.written.title or self.view.title.text()
        self.template_line.ask(proposed, self.experiment.templates.own)

    def _open(self) -> None:
        self._dialog = file_dialog(self, "Open an experiment or a campaign", self.experiment.open)

    def _save(self) -> None:
        text, written = self.experiment.shown.toml, self.experiment.form.written
        if not text:
            self._say("It can be saved once nothing is to be mended.")
            return
        proposed = f"{written.title or written.protocol}.toml"
        self._dialog = file_dialog(
            self, "Save", lambda path: save(self.companion, path, text, self.experiment.said.emit), proposed
        )

    def _go_to(self, path: str) -> None:
        self._show_form()
        self.view.go_to(path)

    def _say(self, words: str) -> None:
        self.bar.said.setText(words)
        self.bar.said.setToolTip(words)

    def _bar(self) -> Bar:
        bar, experiment = Bar(), self.experiment
        bar.add("Open…", "Open an experiment or a campaign from a TOML file  (Ctrl+O)", self._open)
        bar.add("Save as…", "Write the experiment to a TOML file  (Ctrl+S)", self._save)
        bar.add("Keep as template…", "Keep it in the list of templates", self._ask_for_template)
        bar.add("Reset", "Set the protocol's parameters to what they are by default", experiment.reset)
        bar.add(
            "Undo", "Take the last change back  (Ctrl+Z, and Ctrl+Shift+Z for again)", self.experiment.undo
        )
        return bar

    def _connect(self) -> None:
        # What outlives the page is connected to its methods only, which Qt lets go of with the page.
        self.experiment.changed.connect(self._show_changed)
        self.experiment.answered.connect(self._show_answer)
        self.experiment.said.connect(self._say)
        self.experiment.templates.read_anew.connect(self._show_templates)
        self.companion.editing_changed.connect(self._show_form)
        self.starter.changed.connect(self._show_started)
        self.starter.begun.connect(self._begun)
        self.rehearser.changed.connect(self._show_rehearsed)
        self.desk.said.connect(self._say)
        self.forecast.back.clicked.connect(self._show_form)
        self.forecast.cancel.clicked.connect(self.rehearser.cancel)
        self.start_button.clicked.connect(self.start)
        self.rehearse_button.clicked.connect(self.rehearse)
        self.queue_button.clicked.connect(self.experiment.queue)
        self.cancel_button.clicked.connect(self.experiment.back_to_queue)
        self.card.confirm.toggled.connect(self._show_buttons)

    def _give_keys(self) -> None:
        give_keys(
            self,
            (
                (QtGui.QKeySequence.StandardKey.Undo, "take the last change back", self.experiment.undo),
                (QtGui.QKeySequence.StandardKey.Redo, "change it again", self.experiment.redo),
                ("Ctrl+Return", "start the run", self.start),
                ("Ctrl+R", "rehearse it", self.rehearse),
                ("Ctrl+O", "open an experiment or a campaign from a file", self._open),
                ("Ctrl+S", "write the experiment to a file", self._save),
                ("Esc", "back to the form", self._show_form),
            ),
        )

    def _lay_out(self) -> None:
        for each in (self.view, self.forecast):
            self.middle.addWidget(each)
        centre = QtWidgets.QVBoxLayout()
        centre.setSpacing(style.UNIT)
        for part in (self.bar, self.template_line):
            centre.addWidget(part)
        centre.addWidget(self.middle, 1)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(style.UNIT, 0, style.UNIT, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.list)
        row.addLayout(centre, 1)
        row.addWidget(self.card)
