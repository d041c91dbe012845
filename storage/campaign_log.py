"""What whoever works through a campaign writes of it: how it goes on, and how it ended."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.records import RunState
from storage import schema
from storage.states import refuse_end, require_end
from storage.writer import Writer


class CampaignLog(Writer):
    """The state and the heartbeat of one campaign; made by `Store.begin_campaign`.

    Its runs are begun with `Store.begin_run` and `RunHeader.campaign`, by this process or by others.

    Parameters
    ----------
    path : Path
        The store, whose schema is up to date.
    campaign : int
    """

    def __init__(self, path: Path, campaign: int) -> None:
        super().__init__(path, f"the log of campaign {campaign}")
        self.campaign = campaign

    def _update(self, connection: sa.Connection, **values: Any) -> None:
        table = schema.campaign
        mine = sa.update(table).where(table.c.id == self.campaign)
        with self._transaction(connection) as begun:
            begun.execute(mine.values(heartbeat_utc=utc_now(), **values))

    def beat(self) -> None:
        """Say that somebody is at work on it; without a beat for ten seconds it reads as interrupted."""
        self._update(self._quick)

    def set_state(self, state: RunState, reason: str | None = None) -> None:
        """Change its state while it goes on, e.g. to paused. Durable."""
        refuse_end(state)
        words = {} if reason is None else {"end_reason": reason}
        self._update(self._durable, state=state.value, **words)

    def finish(self, state: RunState, reason: str) -> None:
        """End it. Durable."""
        require_end(state)
        self._update(self._durable, state=state.value, end_reason=reason, ended_utc=utc_now())
