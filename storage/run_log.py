"""The part of the journal that the runner writes: state, heartbeat, instruments, commands."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.records import Ended, RunState
from storage import schema, sqlite
from storage.pending import Pending
from storage.records import Command
from storage.states import refuse_end, require_end
from storage.writer import Writer


def insert(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> int:
    """Add a row and return its id."""
    key = connection.execute(sa.insert(table), row).inserted_primary_key
    assert key is not None
    return int(key[0])


class RunLog(Writer):
    """What the runner of a run writes. See `storage.journal.Journal`.

    Parameters
    ----------
    path : Path
        The store, whose schema is up to date.
    run : int
    """

    def __init__(self, path: Path, run: int) -> None:
        super().__init__(path, f"the journal of run {run}")
        self.run = run
        self._pending = Pending(run)
        self._steps: list[int] = []
        with sqlite.explained(path):
            self._insert_reading = sqlite.PreparedInsert(self._quick, schema.reading)
            self._insert_truth = sqlite.PreparedInsert(self._quick, schema.truth)
        self._reading = sqlite.reader(path)

    @property
    def _step(self) -> int | None:
        return self._steps[-1] if self._steps else None

    @contextmanager
    def _with_pending(self) -> Iterator[None]:
        """Write what waits together with the block's prepared inserts; forget it once it is committed."""
        with self._lock:
            with self._bare_transaction(self._quick):
                for row in self._pending.reading_rows():
                    self._insert_reading(row)
                for row in self._pending.truth_rows():
                    self._insert_truth(row)
                yield
            self._pending.clear()

    def _update_run(self, connection: sa.Connection, **values: Any) -> None:
        connection.execute(sa.update(schema.run).where(schema.run.c.id == self.run).values(**values))

    def flush(self) -> None:
        """Write the readings and the truth that wait."""
        with self._lock:
            if self._pending:
                with self._with_pending():
                    pass

    def beat(self, bench_time: float) -> None:
        """Say that the runner lives and how far bench time is, and write the readings that wait."""
        self.flush()
        with self._transaction(self._quick) as connection:
            self._update_run(connection, heartbeat_utc=utc_now(), bench_time=float(bench_time))

    def set_state(self, state: RunState, end_reason: str | None = None) -> None:
        """Change the run's state while it goes on, e.g. to paused. Durable."""
        refuse_end(state)
        reason = {} if end_reason is None else {"end_reason": end_reason}
        with self._transaction(self._durable) as connection:
            self._update_run(connection, state=state.value, heartbeat_utc=utc_now(), **reason)

    def finish(
        self, state: RunState, end_reason: str, bench_time: float | None = None, ended: Ended | str = ""
    ) -> None:
        """End the run; commands that wait are answered with its end. Durable.

        Parameters
        ----------
        state : RunState
        end_reason : str
            In words.
        bench_time : float, optional
            Bench seconds at the end; by default those of the last heartbeat.
        ended : Ended or str
            How it ended, in the one word that campaigns branch on; empty where nobody knows.
        """
        require_end(state)
        now, word = utc_now(), Ended(ended).value if ended else ""
        values: dict[str, Any] = {"state": state.value, "end_reason": end_reason, "ended_utc": now}
        values["ended"] = word
        if bench_time is not None:
            values["bench_time"] = float(bench_time)
        waiting = sa.update(schema.command).where(
            schema.command.c.run == self.run, schema.command.c.outcome.is_(None)
        )
        outcome = f"not carried out: the run had ended ({state.value})"
        self.flush()
        with self._transaction(self._durable) as connection:
            self._update_run(connection, **values, heartbeat_utc=now)
            connection.execute(waiting.values(outcome=outcome, outcome_utc=now))

    def instrument(
        self,
        role: str,
        model: str,
        serial: str = "",
        firmware: str = "",
        details: Mapping[str, str] | None = None,
        health: str = "ok",
        message: str = "",
    ) -> int:
        """Keep what an instrument says it is; return its id. Durable.

        Said again for the same role, as after a reconnection, it replaces what was said before.

        Parameters
        ----------
        role : str
            ``"potentiostat"``, ``"chamber"`` or ``"gauge"``.
        model, serial, firmware : str
        details : mapping of str to str, optional
        health : str
            ``"ok"``, or a word for what is wrong.
        message : str
            What is wrong, in words.
        """
        row: dict[str, Any] = {"run": self.run, "role": role, "model": model, "serial": serial}
        row |= {"firmware": firmware, "details": dict(details or {})}
        row |= {"health": health, "message": message, "health_utc": utc_now()}
        table = schema.instrument
        mine = sa.and_(table.c.run == self.run, table.c.role == role)
        with self._transaction(self._durable) as connection:
            known = connection.execute(sa.select(table.c.id).where(mine)).scalar()
            if known is None:
                return insert(connection, table, row)
            connection.execute(sa.update(table).where(mine).values(row))
            return int(known)

    def instrument_health(self, role: str, health: str, message: str = "") -> None:
        """Keep how an instrument is now."""
        table = schema.instrument
        mine = sa.update(table).where(table.c.run == self.run, table.c.role == role)
        with self._transaction(self._quick) as connection:
            connection.execute(mine.values(health=health, message=message, health_utc=utc_now()))

    def take_commands(self) -> list[Command]:
        """Return the commands of this run that nobody has picked up yet, in the order of issue.

        They are marked as picked up, durably, before they are returned: a command is carried out
        once or, if the runner dies now, not at all. Looking and finding none writes nothing.
        """
        table = schema.command
        waiting = sa.and_(table.c.run == self.run, table.c.picked_up_utc.is_(None))
        with sqlite.explained(self._path), self._reading.connect() as connection:
            if connection.execute(sa.select(table.c.id).where(waiting).limit(1)).first() is None:
                return []
        with self._transaction(self._durable) as connection:
            now = utc_now()
            found = connection.execute(sa.select(table).where(waiting).order_by(table.c.id)).all()
            connection.execute(sa.update(table).where(waiting).values(picked_up_utc=now))
        return [Command(**dict(row._mapping) | {"picked_up_utc": now}) for row in found]

    def answer_command(self, command: int, outcome: str) -> None:
        """Keep what became of a command of this run. Durable."""
        table = schema.command
        mine = sa.update(table).where(table.c.id == command, table.c.run == self.run)
        with self._transaction(self._durable) as connection:
            connection.execute(mine.values(outcome=outcome, outcome_utc=utc_now()))

    def request(
        self,
        question: str,
        time: float,
        options: Sequence[str] = (),
        details: Mapping[str, Any] | None = None,
    ) -> int:
        """Ask the person at the bench; return the request's id. Durable.

        Parameters
        ----------
        question : str
        time : float
            Bench seconds.
        options : sequence of str
            The answers that are understood; any text if there are none.
        details : mapping, optional
            JSON-able: its kind, and e.g. target and tolerance of a force in N.
        """
        row: dict[str, Any] = {"run": self.run, "step": self._step, "time": float(time)}
        row |= {"question": question, "options": list(options), "asked_utc": utc_now()}
        row["details"] = dict(details or {})
        with self._transaction(self._durable) as connection:
            return insert(connection, schema.request, row)

    def answer_request(self, request: int, answer: str, author: str = "", time: float | None = None) -> None:
        """Keep how a request of this run came to its end. Durable.

        Parameters
        ----------
        request : int
        answer : str
        author : str
            Who gave it; empty where nobody did, as for a force that holds.
        time : float, optional
            Bench seconds.
        """
        table = schema.request
        mine = sa.update(table).where(table.c.id == request, table.c.run == self.run)
        values = {"answer": answer, "author": author, "answered": None if time is None else float(time)}
        with self._transaction(self._durable) as connection:
            connection.execute(mine.values(**values, answered_utc=utc_now()))

    def close(self) -> None:
        """Write what waits and let go of the store. May be called twice."""
        try:
            super().close()
        finally:
            self._reading.dispose()
