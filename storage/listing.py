"""The listings of runs and of campaigns, with the state each of them is really in."""

from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.records import RunState
from storage import schema
from storage.process import Process
from storage.provenance import cell_from
from storage.records import CampaignSummary, RunOverview, RunSummary
from storage.states import is_live

STALE_HEARTBEAT = 10.0
"""Seconds after which a run or a campaign that has not been heard of reads as interrupted."""

BINNED, RESTORED = "binned", "restored"
"""Kinds of annotation, of which the latest says whether a run is in the bin."""

_SAME = (
    "protocol",
    "simulated",
    "started_utc",
    "ended_utc",
    "heartbeat_utc",
    "bench_time",
    "bench",
    "channel",
    "campaign",
    "path",
    "ended",
    "bench_origin",
)
_OF_CAMPAIGNS = (
    "name",
    "title",
    "purpose",
    "simulated",
    "started_utc",
    "ended_utc",
    "heartbeat_utc",
    "bench",
)
_PROCESS = ("pid", "process_started", "hostname", "boot")
_STATE = ("id", "state", "end_reason", *_PROCESS)
_COLUMNS = [schema.run.c[name] for name in ("cell_name", *_STATE, *_SAME)]


def summaries(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[RunSummary]:
    """Return the summaries of the runs for which all of `which` hold, oldest first."""
    query = _query().where(*which)
    return [_summary(row) for row in connection.execute(query).all()]


def overviews(connection: sa.Connection) -> list[RunOverview]:
    """Return what is browsed of every run, oldest first, with one query."""
    run, campaign = schema.run, schema.campaign
    query = _query(run.c.cell, run.c.parameters, campaign.c.title).outerjoin(
        campaign, campaign.c.id == run.c.campaign
    )
    return [_overview(row) for row in connection.execute(query).all()]


def in_listing(summary: RunSummary, binned: bool | None) -> bool:
    """Whether a run belongs to a listing.

    Parameters
    ----------
    summary : RunSummary
    binned : bool or None
        Whether the listing is that of the bin; None for one of everything. A run that was put in
        the bin while it was taken for dead and has been heard of since is shown in both.
    """
    if binned is None:
        return True
    return summary.binned if binned else summary.live or not summary.binned


def _query(*more: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
    run, spectrum, said = schema.run, schema.spectrum, schema.annotation
    # Answered by the index alone; the table itself is hundreds of times larger.
    count = sa.select(sa.func.count()).where(spectrum.c.run == run.c.id).correlate(run).scalar_subquery()
    move = (
        sa.select(said.c.kind)
        .where(said.c.run == run.c.id, said.c.kind.in_((BINNED, RESTORED)))
        .order_by(said.c.id.desc())
        .limit(1)
        .correlate(run)
        .scalar_subquery()
    )
    columns = (*_COLUMNS, count.label("spectra"), move.label("move"), *more)
    return sa.select(*columns).select_from(run).order_by(run.c.id)


def _summary(row: Any) -> RunSummary:
    state, end_reason, silent = _observed(row)
    same = {name: row._mapping[name] for name in _SAME}
    return RunSummary(
        run=row.id,
        cell=row.cell_name,
        state=state,
        end_reason=end_reason,
        spectra=row.spectra,
        binned=row.move == BINNED,
        silent=silent,
        **same,
    )


def _overview(row: Any) -> RunOverview:
    cell = cell_from(row.cell)
    return RunOverview(
        _summary(row), cell.anode, cell.area, cell.pellet_area, row.parameters, row.title or ""
    )


def campaign_summaries(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[CampaignSummary]:
    """Return the summaries of the campaigns for which all of `which` hold, oldest first."""
    campaign, mine = schema.campaign, schema.run.c.campaign == schema.campaign.c.id
    begun, ended = (
        sa.select(sa.func.count()).select_from(schema.run).where(*each).correlate(campaign).scalar_subquery()
        for each in ((mine,), (mine, schema.run.c.ended_utc.is_not(None)))
    )
    columns = [campaign.c[name] for name in (*_STATE, *_OF_CAMPAIGNS)]
    query = sa.select(*columns, begun.label("runs"), ended.label("runs_ended")).where(*which)
    return [_campaign_summary(row) for row in connection.execute(query.order_by(campaign.c.id)).all()]


def _campaign_summary(row: Any) -> CampaignSummary:
    state, end_reason, _silent = _observed(row)
    same = {name: row._mapping[name] for name in (*_OF_CAMPAIGNS, "runs", "runs_ended")}
    return CampaignSummary(campaign=row.id, state=state, end_reason=end_reason, **same)


def _observed(row: Any) -> tuple[RunState, str, bool]:
    """Return state and reason as they are, not as a runner that may be dead last wrote them.

    The third says whether nothing is heard of a process that is there all the same.
    """
    written = RunState(row.state)
    if not is_live(written):
        return written, row.end_reason, False
    process = Process(row.pid, row.process_started, row.hostname, row.boot)
    if process.is_gone():
        return RunState.INTERRUPTED, f"its process ({row.pid} on {row.hostname}) is gone", False
    silence = (utc_now() - row.heartbeat_utc).total_seconds()
    if silence > STALE_HEARTBEAT:
        words = f"nothing was heard of its process for {silence:.0f} s"
        return RunState.INTERRUPTED, words, process.is_there()
    return written, row.end_reason, False
