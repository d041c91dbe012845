"""What is kept: schema, migrations, the journal a run writes and the readers of it.

`open_store` gives a `Store`; `Store.begin_run` gives the `Journal` that a run writes, and
`Store.run` the `RunReader` with which everything else looks at it, live or years later.
"""

from storage.encoding import checksum
from storage.journal import Journal
from storage.provenance import RunHeader
from storage.records import (
    Command,
    Request,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredInstrument,
    StoredSpectrum,
    StoredStep,
)
from storage.run_reader import RunReader
from storage.store import VERBS, Store, open_store

__all__ = [
    "VERBS",
    "Command",
    "Journal",
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
    "open_store",
]
