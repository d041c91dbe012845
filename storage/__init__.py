"""What is kept: schema, migrations, the journal a run writes and the readers of it.

`open_store` gives a `Store`; `Store.begin_run` gives the `Journal` that a run writes, and
`Store.run` the `RunReader` with which everything else looks at it, live or years later.
`Store.begin_campaign` and `Store.campaign` do the same for a campaign, whose steps are runs.
`Store.refit` takes the fits of a run that were made anew, `Store.annotate` what people say of a run,
and `Store.register_cell` what they know of a cell. `open` gives the same to read as tables, for notebooks.
"""

from storage.campaign_log import CampaignLog
from storage.campaign_reader import CampaignReader
from storage.cell_records import CellEntry, CellPhoto, RegisteredCell
from storage.encoding import checksum
from storage.journal import Journal
from storage.notebook import StoreTables, open
from storage.provenance import CampaignHeader, RunHeader, installed_versions
from storage.quantities import quantity
from storage.records import (
    Annotation,
    CampaignSummary,
    Command,
    FitVerdict,
    FitVersion,
    Request,
    RunOverview,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredInstrument,
    StoredSpectrum,
    StoredStep,
)
from storage.refit import Refit
from storage.run_reader import RunReader
from storage.run_tables import RunTables
from storage.store import Store, open_store
from storage.verbs import VERBS, entered

__all__ = [
    "VERBS",
    "Annotation",
    "CampaignHeader",
    "CampaignLog",
    "CampaignReader",
    "CampaignSummary",
    "CellEntry",
    "CellPhoto",
    "Command",
    "FitVerdict",
    "FitVersion",
    "Journal",
    "Refit",
    "RegisteredCell",
    "Request",
    "RunHeader",
    "RunOverview",
    "RunReader",
    "RunSummary",
    "RunTables",
    "Store",
    "StoreTables",
    "StoredDecision",
    "StoredEvent",
    "StoredFit",
    "StoredInstrument",
    "StoredSpectrum",
    "StoredStep",
    "checksum",
    "entered",
    "installed_versions",
    "open",
    "open_store",
    "quantity",
]
