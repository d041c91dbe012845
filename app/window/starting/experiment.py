"""The experiment that is written on the Start page: checked as one types, rehearsed, started, queued."""

import json
from dataclasses import replace
from typing import Any

from app.window.desk import Desk
from app.window.qt import QtCore
from app.window.reading.listing import Listing
from app.window.shown.form import Form, Written, as_memory, from_memory, nested, paths_from_memory, written_of
from app.window.shown.form_cells import taken
from app.window.shown.form_pace import pace_note, with_pace
from app.window.shown.form_summary import FieldNote, Summary, notes, summary
from app.window.shown.queue import step_from
from app.window.starting.companion import Companion, companion_of
from app.window.starting.rehearser import Rehearser
from app.window.starting.starter import Start, Starter
from app.window.starting.templates import Templates
from core.cell import Cell
from core.errors import StripbenchError

DEBOUNCE = 150
"""ms after the last key before what was typed is checked."""
WAITING = Summary("Checking …")
NOTHING = Summary("Choose a protocol, or a template, on the left")


class Experiment(QtCore.QObject):
    """What is written in the form, and what is done with it.

    Parameters
    ----------
    companion : Companion

    Attributes
    ----------
    form : Form
        One's own draft, or the step of the queue that is being edited.
    shown : Summary
        What the last check came to; `WAITING` while there is none.
    notes : dict of FieldNote
        What stands at the fields, by path.
    benches : list of str
        Bench files that were used before.
    names : frozenset of str
        Of cells that are taken.
    starter, rehearser, templates
    changed : pyqtSignal
        What is written has changed.
    answered : pyqtSignal
        A check has come to something.
    said : pyqtSignal
        With words.
    """

    changed = QtCore.pyqtSignal()
    answered = QtCore.pyqtSignal()
    said = QtCore.pyqtSignal(str)

    def __init__(self, companion: Companion) -> None:
        super().__init__(companion)
        self.companion, self.desk = companion, companion.desk
        self.form = Form(from_memory(self.desk.memory.text("experiment draft")))
        self.shown, self.names = WAITING, frozenset[str]()
        self.notes: dict[str, FieldNote] = {}
        self.benches = paths_from_memory(self.desk.memory.text("bench files"))
        self.starter, self.rehearser = Starter(companion), Rehearser(companion)
        self.templates = Templates(companion)
        self._aside: Form | None = None
        self._number = 0
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE)
        self._timer.timeout.connect(self.check)
        self.starter.begun.connect(self._begun)
        self.templates.said.connect(self.said)
        companion.editing_changed.connect(self._edit)
        companion.catalogue_read.connect(self._take_catalogue)
        self.desk.closed.connect(self._timer.stop)
        self.desk.closed.connect(self._keep)

    @property
    def checked(self) -> bool:
        """Whether what is shown is about what is written."""
        return self.shown is not WAITING

    def begin(self) -> None:
        """Be there for a page: what the store and the files hold may have changed since."""
        self.companion.begin()
        self.templates.read()
        self._changed()
        self.check()

    def take_listing(self, listing: Listing) -> None:
        """Take note of which names of cells are taken."""
        names = taken(listing.cells, (*listing.runs, *listing.binned))
        if names != self.names:
            self.names = names
            self._changed()

    def write(self, path: str, text: str) -> None:
        """Write in a field, as the operator does."""
        if self.form.write(path, text):
            if path == "bench" and text and text not in self.benches:
                self.benches = [*self.benches, text]
            self._changed()

    def undo(self) -> None:
        """Take the last change back."""
        if self.form.undo():
            self._changed()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.form.redo():
            self._changed()

    def reset(self) -> None:
        """Set the parameters to what they are by default."""
        self.form.reset()
        self._changed()
        self.said.emit("All parameters are as by default; Ctrl+Z brings them back.")

    def check(self) -> None:
        """Have what is written checked now."""
        self._timer.stop()
        number, queue, editing = self._number, self.companion.queue, self.companion.editing is not None
        draft = self.form.draft(self.desk.store_url, () if editing else self.names)
        if editing:
            draft["bench"] = queue.contents.bench or None
        self.companion.ask("check", lambda answer: self._take(number, answer), replaces="check", draft=draft)

    def settle(self) -> bool:
        """Have everything answered, for a picture; return whether anything was still to be."""
        if self._timer.isActive():
            self.check()
        if self.companion.drafts.idle and self.checked and self.companion.catalogue.protocols:
            return False
        self.companion.wait()
        return self.companion.trouble is None

    def may_start(self, confirmed: bool) -> bool:
        """Whether it can be started; `confirmed` says whether the real instruments were ticked."""
        real = bool(self.shown.real) and not confirmed
        return self.shown.ready and not real and not self.starter.going and self.companion.editing is None

    def start(self, confirmed: bool) -> None:
        """Start what is written, if it can be."""
        if self.may_start(confirmed):
            written = self.form.written
            speed = written.speed if self.shown.simulated else "max"
            work, seen = self.shown.toml, self.shown.seen
            what = Start(work, "experiment", written.bench, speed, confirmed=confirmed, seen=seen)
            self.starter.start(what)

    def rehearse(self, title: str) -> bool:
        """Rehearse what is written, if it can be; return whether it is. `title` is that of the protocol."""
        if not self.shown.ready or self.rehearser.going:
            return False
        written = self.form.written
        self.rehearser.rehearse(self.shown.toml, written.bench, written.title or title)
        return True

    def fill_in(self, template: dict[str, Any]) -> None:
        """Fill in a template; bench and pace, and a cell where it has none, stay as they are."""
        found, before = written_of(template["draft"], self.companion.catalogue), self.form.written
        parameters = {**before.parameters, **found.parameters}
        cell = found.cell or before.cell
        self._put(replace(found, parameters=parameters, cell=cell, bench=before.bench, speed=before.speed))
        self.said.emit(f"Filled in “{template['name']}”; Ctrl+Z brings back what was there.")

    def keep_template(self, name: str, replaced: bool) -> None:
        """Keep what is written as a template; `replaced` says whether one of that name makes room."""
        draft = self.form.draft(None)
        draft["cell"] = nested(dict(self.form.written.cell))
        self.templates.keep(name, draft, replaced)

    def choose_cell(self, table: dict[str, Any] | None) -> None:
        """Fill in a cell as the registry holds it; None for a new one."""
        if table is None:
            self._put_cell({})
        else:
            self.companion.ask("tidy_cell", self._put_cell, cell=table)

    def register_cell(self) -> None:
        """Write the cell into the registry of the store."""
        wrong = any(path.startswith("cell.") and note.problem for path, note in self.notes.items())
        if wrong or not self.checked or not self.form.written.cell:
            self.said.emit("The cell is not registered: mend what is wrong with it first.")
            return
        cell = Cell.model_validate(self.form.draft(None, self.names)["cell"])
        author = self.desk.author

        def told(result: Any) -> None:
            failed = isinstance(result, StripbenchError)
            self.said.emit(f"Not registered: {result}" if failed else f"{cell.name} is in the registry.")
            self.desk.catalogue.look()

        self.desk.do(lambda store: store.register_cell(cell, author=author, new=True), told)

    def open(self, path: str) -> None:
        """Open an experiment file in the form, or a campaign in the queue."""

        def take(found: Any) -> None:
            if isinstance(found, StripbenchError):
                self.said.emit(str(found))
            elif found["kind"] == "experiment":
                self._put(written_of(found["draft"], self.companion.catalogue))
                self.said.emit(f"Opened {path}; Ctrl+Z brings back what was there.")
            else:
                self.desk.page_wanted.emit("queue")
                self.companion.opened.emit(found)

        self.companion.ask("open", take, path=path)

    def queue(self) -> None:
        """Put what is written into the queue, or back to where it came from."""
        queue, editing = self.companion.queue, self.companion.editing
        place = len(queue.steps) if editing is None else editing
        like = queue.steps[place] if place < len(queue.steps) else None
        queue.put(place, step_from(self.form.written, self.names, like))
        self.companion.queue_changed.emit()
        if editing is None:
            self.said.emit(f"It is step {place + 1} of the queue.")
        else:
            self.back_to_queue()

    def back_to_queue(self) -> None:
        """Be done with the step that was edited."""
        self.companion.edit(None)
        self.desk.page_wanted.emit("queue")

    def _put(self, written: Written) -> None:
        self.form.put(written)
        self._changed()

    def _put_cell(self, table: Any) -> None:
        if isinstance(table, StripbenchError):
            self.said.emit(str(table))
        else:
            self.form.put_cell(table)
            self._changed()

    def _changed(self) -> None:
        self._number += 1
        self.shown = WAITING
        self._timer.start()
        self.changed.emit()

    def _take(self, number: int, answer: Any) -> None:
        if number != self._number:
            return
        written = self.form.written
        if isinstance(answer, StripbenchError):
            self.shown = Summary(f"Not checked: {answer}", "alarm")
        elif written == Written(speed=written.speed):
            self.shown, self.notes = replace(NOTHING, bench=answer.get("bench") or ""), {}
        else:
            found = summary(answer, self.companion.catalogue, written.protocol)
            self.shown = with_pace(found, written.speed)
            self.notes = notes(answer) | pace_note(found, written.speed)
        self.answered.emit()

    def _take_catalogue(self) -> None:
        if self.companion.trouble is not None:
            self.shown = Summary(f"No protocols: {self.companion.trouble}", "alarm")
            self.answered.emit()
        else:
            self._changed()
            self.check()

    def _edit(self) -> None:
        """Set one's own draft aside while a step of the queue is edited, and take it up again."""
        editing, steps = self.companion.editing, self.companion.queue.steps
        if editing is not None:
            self._aside = self._aside or self.form
            own = self._aside.written
            self.form = Form(steps[editing].written() if editing < len(steps) else own)
        elif self._aside is not None:
            self.form, self._aside = self._aside, None
        self._changed()

    def _keep(self) -> None:
        """Have one's own draft remembered over a restart of the window."""
        kept = self.form if self._aside is None else self._aside
        self.desk.memory.keep("experiment draft", as_memory(kept.written))
        self.desk.memory.keep("bench files", json.dumps(self.benches))

    def _begun(self, number: int) -> None:
        self.desk.watch(number)
        self.desk.catalogue.look()
        self.starter.say(f"Run {number} has begun.", "good")
        self.desk.page_wanted.emit("live")


def experiment_of(desk: Desk) -> Experiment:
    """Return the experiment of a desk, made when it is first wanted."""
    companion = companion_of(desk)
    found = companion.findChild(Experiment)
    return found if isinstance(found, Experiment) else Experiment(companion)
