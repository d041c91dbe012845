"""The queue that is put together, or a campaign of a file or of the store: checked, rehearsed, started."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.window.desk import Desk
from app.window.qt import QtCore
from app.window.reading.listing import Listing
from app.window.shown.form import written_of
from app.window.shown.form_pace import pace_note, with_pace
from app.window.shown.form_summary import FieldNote, Summary, notes, summary
from app.window.shown.queue import contents_from, step_from
from app.window.shown.queue_rows import QueueRow, rows, totals
from app.window.shown.queue_running import FILE, OWN, campaign_rows, headline, opened_rows
from app.window.starting.companion import Companion, companion_of
from app.window.starting.rehearser import Rehearser
from app.window.starting.starter import Start, Starter
from core.errors import StripbenchError
from storage import Store

WAITING = Summary("Checking …")
NOTHING = Summary("Nothing to start yet")


class Queued(QtCore.QObject):
    """What the Queue page shows, and what is done with it.

    Parameters
    ----------
    companion : Companion

    Attributes
    ----------
    queue : Queue
        That is being written.
    mode : str
        What is shown: `OWN`, `FILE`, or the number of a campaign of the store.
    file : dict or None
        The campaign that was opened, as `app.drafting.open_file` has it.
    shown : Summary
        What the last check came to.
    notes : dict of FieldNote
        What is wrong with bench and pace.
    speed : str
    benches : list of str
        Bench files that were used before.
    starter, rehearser
    changed : pyqtSignal
        What is shown has changed.
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
        self.companion, self.desk, self.queue = companion, companion.desk, companion.queue
        self.mode, self.speed = OWN, "max"
        self.benches: list[str] = []
        self.file: dict[str, Any] | None = None
        self.shown = NOTHING
        self.notes: dict[str, FieldNote] = {}
        self.starter, self.rehearser = Starter(companion), Rehearser(companion)
        self._answer: dict[str, Any] | None = None
        self._campaign: tuple[Any, ...] | None = None
        self._awaited: int | None = None
        self._number = 0
        self.starter.begun.connect(self._begun)
        companion.catalogue_read.connect(self.check)
        companion.queue_changed.connect(self.check)
        companion.opened.connect(self.take_opened)

    @property
    def editable(self) -> bool:
        """Whether its steps can be changed."""
        return self.mode == OWN

    @property
    def startable(self) -> bool:
        """Whether it is something to start, not a campaign of the store."""
        return self.mode in (OWN, FILE)

    @property
    def called(self) -> str:
        """The name of what is shown."""
        return str(self.file["name"]) if self.mode == FILE and self.file else self.queue.contents.name

    @property
    def rows(self) -> list[QueueRow]:
        """The steps."""
        catalogue = self.companion.catalogue
        if self.mode == OWN:
            return rows(self.queue.contents, catalogue, self._answer)
        if self.mode == FILE:
            return opened_rows(self.file["steps"], catalogue) if self.file else []
        if self._campaign is None:
            return []
        line, plan, runs = self._campaign
        return campaign_rows(plan, runs, line.live, catalogue)

    @property
    def words(self) -> str:
        """What is said above the steps; empty where nothing is."""
        if self.mode == FILE and self.file is not None:
            return f"{self.file['path']} has loops or branches: shown with every round, not edited here."
        if self.startable or self._campaign is None:
            return ""
        line, plan, _runs = self._campaign
        return headline(line, len(plan))

    def take_listing(self, listing: Listing) -> None:
        """Take note of how far campaigns are, and watch the first run of one that was started here."""
        self._read_campaign()
        mine = [each for each in listing.runs if each.summary.campaign == self._awaited]
        if self._awaited is not None and mine:
            self.desk.watch(mine[-1].summary.run)
            self._awaited = None

    def choose(self, mode: str) -> None:
        """Show something else."""
        if mode != self.mode:
            self.mode, self._campaign = mode, None
            self.check()
            self._read_campaign()

    def write(self, path: str, text: str) -> None:
        """Write name, bench or pace, as the operator does."""
        if path == "speed":
            self.speed = text
            self._tell()
            return
        if path == "bench" and text and text not in self.benches:
            self.benches = [*self.benches, text]
        self.queue.write(**{path: text})
        self.check()

    def undo(self) -> None:
        """Take the last change of the queue back."""
        if self.editable and self.queue.undo():
            self.check()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.editable and self.queue.redo():
            self.check()

    def check(self) -> None:
        """Show what there is, and have it checked."""
        self._number += 1
        number, self._answer = self._number, None
        self.shown = WAITING if self.startable and self.rows else NOTHING
        self.changed.emit()
        store, bench = self.desk.store_url, self.queue.contents.bench or None

        def take(answer: Any) -> None:
            if number == self._number:
                self._take(answer)

        if self.mode == FILE and self.file is not None:
            path = self.file["path"]
            self.companion.ask("check_campaign", take, replaces="queue", path=path, bench=bench, store=store)
        elif self.mode == OWN and self.queue.steps:
            queue = self.queue.draft(store)
            self.companion.ask("check_queue", take, replaces="queue", queue=queue)

    def settle(self) -> bool:
        """Have everything answered, for a picture; return whether anything was still to be."""
        read = self.startable or self._campaign is not None
        if self.companion.drafts.idle and read and self.shown is not WAITING:
            return False
        self.companion.wait()
        if not read:
            self.desk.catalogue.work()
        return self.companion.trouble is None

    def open(self, path: str) -> None:
        """Open a campaign or an experiment from a file."""
        self.companion.ask("open", self.take_opened, path=path)

    def take_opened(self, found: Any) -> None:
        """Show what a file was opened to."""
        if isinstance(found, StripbenchError):
            self.said.emit(str(found))
            return
        if found["kind"] == "campaign":
            self.file, self.mode = found, FILE
            self.check()
            return
        if found["kind"] == "experiment":
            step = step_from(written_of(found["draft"], self.companion.catalogue), ())
            self.queue.put(len(self.queue.steps), step)
        else:
            contents = contents_from(found["queue"], self.companion.catalogue)
            self.queue.take(replace(contents, bench=contents.bench or self.queue.contents.bench))
        self.mode = OWN
        self.said.emit(f"Opened {found['path']}; Ctrl+Z brings back what was there.")
        self.check()

    def may_start(self, confirmed: bool) -> bool:
        """Whether it can be started; `confirmed` says whether the real instruments were ticked."""
        real = bool(self.shown.real) and not confirmed
        return self.shown.ready and not real and not self.starter.going and self.startable

    def start(self, side_by_side: int, confirmed: bool) -> None:
        """Start it, if it can be; `side_by_side` is how many cells at a time on a simulated bench."""
        if self.may_start(confirmed):
            simulated = self.shown.simulated
            speed, lanes = (self.speed, side_by_side) if simulated else ("max", 1)
            bench = self.queue.contents.bench
            seen = self.shown.seen
            self.starter.start(Start(self._work, "campaign", bench, speed, lanes, confirmed, seen))

    def rehearse(self) -> bool:
        """Rehearse it, if it can be; return whether it is."""
        if not self.shown.ready or self.rehearser.going:
            return False
        self.rehearser.rehearse(self._work, self.queue.contents.bench, self.called)
        return True

    @property
    def _work(self) -> str | Path:
        return Path(self.file["path"]) if self.mode == FILE and self.file else self.shown.toml

    def _take(self, answer: Any) -> None:
        self._answer = None if isinstance(answer, StripbenchError) else answer
        self._tell(f"Not checked: {answer}" if self._answer is None else "")

    def _tell(self, trouble: str = "") -> None:
        """Say what the last check came to, at the pace that is written."""
        if trouble:
            self.shown = Summary(trouble, "alarm")
        elif self._answer is not None:
            found = summary(self._answer, self.companion.catalogue, "")
            found = replace(found, amounts=tuple(totals(self._answer)), ready=bool(self._answer["ok"]))
            self.shown = with_pace(found, self.speed)
        told = {} if self._answer is None else notes({"derived": (), **self._answer})
        self.notes = told | pace_note(self.shown, self.speed)
        self.answered.emit()

    def _begun(self, number: int) -> None:
        self._awaited = number
        self.starter.say("")
        self.choose(str(number))
        self.desk.catalogue.look()

    def _read_campaign(self) -> None:
        if not self.startable:
            mode, number = self.mode, int(self.mode)
            self.desk.do(lambda store: _read(store, number), lambda found: self._take_campaign(mode, found))

    def _take_campaign(self, mode: str, found: Any) -> None:
        if isinstance(found, StripbenchError):
            self.said.emit(str(found))
        elif mode == self.mode and found != self._campaign:
            self._campaign = found
            self.changed.emit()


def queued_of(desk: Desk) -> Queued:
    """Return the queue of a desk, made when it is first wanted."""
    companion = companion_of(desk)
    found = companion.findChild(Queued)
    return found if isinstance(found, Queued) else Queued(companion)


def _read(store: Store, number: int) -> tuple[Any, ...]:
    reader = store.campaign(number)
    return reader.summary(), tuple(reader.header.plan), tuple(reader.runs())
