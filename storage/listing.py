"""The listing of runs, with the state each of them is really in."""

from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.records import RunState
from storage import schema
from storage.process import Process
from storage.records import RunSummary

STALE_HEARTBEAT = 10.0
"""Seconds after which a run that has not been heard of reads as interrupted."""

_SAME = (
    "protocol",
    "simulated",
    "started_utc",
    "ended_utc",
    "heartbeat_utc",
    "bench_time",
    "bench",
    "channel",
)
_PROCESS = ("pid", "process_started", "hostname", "boot")
_COLUMNS = [schema.run.c[name] for name in ("id", "cell_name", "state", "end_reason", *_SAME, *_PROCESS)]


def summaries(connection: sa.Connection, run: int | None = None) -> list[RunSummary]:
    """Return the summaries of all runs, oldest first, or of one if it exists."""
    count = (
        sa.select(sa.func.count())
        .where(schema.spectrum.c.run == schema.run.c.id)
        .correlate(schema.run)
        .scalar_subquery()
    )
    query = sa.select(*_COLUMNS, count.label("spectra")).order_by(schema.run.c.id)
    if run is not None:
        query = query.where(schema.run.c.id == run)
    return [_summary(row) for row in connection.execute(query).all()]


def _summary(row: Any) -> RunSummary:
    state, end_reason = _observed(row)
    same = {name: row._mapping[name] for name in _SAME}
    return RunSummary(
        run=row.id, cell=row.cell_name, state=state, end_reason=end_reason, spectra=row.spectra, **same
    )


def _observed(row: Any) -> tuple[RunState, str]:
    """Return state and reason as they are, not as a runner that may be dead last wrote them."""
    written = RunState(row.state)
    if written not in (RunState.RUNNING, RunState.PAUSED):
        return written, row.end_reason
    process = Process(row.pid, row.process_started, row.hostname, row.boot)
    if process.is_gone():
        return RunState.INTERRUPTED, f"its process ({row.pid} on {row.hostname}) is gone"
    silence = (utc_now() - row.heartbeat_utc).total_seconds()
    if silence > STALE_HEARTBEAT:
        return RunState.INTERRUPTED, f"nothing was heard of its process for {silence:.0f} s"
    return written, row.end_reason
