"""One campaign, live or finished, as everything that does not write it sees it."""

from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from storage import rows, schema, sqlite
from storage.listing import campaign_summaries, summaries
from storage.provenance import CampaignHeader
from storage.records import CampaignSummary, RunSummary


class CampaignReader:
    """What is stored of one campaign. Every call sees what has been committed when it is made.

    Parameters
    ----------
    engine : Engine
        One that reads.
    path : Path
        Of the store, for messages.
    campaign : int
    owner : object, optional
        Whoever lets go of the engine once nobody holds it; held as long as this reader is.
    """

    def __init__(self, engine: sa.Engine, path: Path, campaign: int, owner: object = None) -> None:
        self.campaign = campaign
        self._engine, self._path, self._owner = engine, path, owner

    def summary(self) -> CampaignSummary:
        """Return the campaign's line of the listing, with the state it is really in."""
        with sqlite.explained(self._path), self._engine.connect() as connection:
            return campaign_summaries(connection, schema.campaign.c.id == self.campaign)[0]

    @cached_property
    def header(self) -> CampaignHeader:
        """What was known of the campaign before it started."""
        query = sa.select(schema.campaign).where(schema.campaign.c.id == self.campaign)
        with sqlite.explained(self._path), self._engine.connect() as connection:
            return rows.campaign_from(connection.execute(query).one()._mapping)

    def runs(self) -> list[RunSummary]:
        """Return the runs of the campaign in the order in which they were begun."""
        with sqlite.explained(self._path), self._engine.connect() as connection:
            return summaries(connection, schema.run.c.campaign == self.campaign)
