"""What is kept: schema, migrations, the journal a run writes and the readers of it.

`open_store` gives a `Store`; `Store.begin_run` gives the `Journal` that a run writes, and
`Store.run` the `RunReader` with which everything else looks at it, live or years later.
`Store.refit` takes the fits of a run that were made anew.
"""

from storage.encoding import checksum
from storage.journal import Journal
from storage.provenance import RunHeader, installed_versions
from storage.records import (
    Command,
    FitVersion,
    Request,
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
from storage.store import VERBS, Store, open_store

__all__ = [
    "VERBS",
    "Command",
    "FitVersion",
    "Journal",
    "Refit",
    "Request",
    "RunHeader",
    "RunReader",
    "RunSummary",
    "Store",
    "StoredDecision",
    "StoredEvent",
    "StoredFit",
    "StoredInstrument",
    "StoredSpectrum",
    "StoredStep",
    "checksum",
    "installed_versions",
    "open_store",
]
