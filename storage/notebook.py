"""A store as it is used in a notebook: tables with units, read only.

::

    import storage

    store = storage.open("sqlite:///night.sqlite")
    store.runs()
    fits = store.run(7).fits()
    fits.plot("time since current on / h", "R_int / Ω cm²", logy=True)

Nothing here writes to a run, tells it anything or makes a store. A run that still goes on is read as
far as it is; asking again gives more.
"""

from html import escape
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from core.errors import BadInput
from storage.headings import unit_in
from storage.records import RunOverview
from storage.run_tables import MARK, RunTables
from storage.store import Store, open_store

if TYPE_CHECKING:
    import pandas as pd


def open(url: str | Path) -> "StoreTables":
    """Open a store for reading.

    Parameters
    ----------
    url : str or Path
        ``"sqlite:///path"``, or the path. One with an older schema is brought to the newest first.

    Raises
    ------
    StoreError
        If it does not exist, was written by a newer stripbench, is not a store or is damaged.
    """
    return StoreTables(open_store(url))


class StoreTables:
    """A store as tables; made by `open`.

    Parameters
    ----------
    store : Store
        Stays reachable as `store`, for what takes one, e.g. `app.conclusions.conclude`.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def path(self) -> Path:
        """The file."""
        return self.store.path

    def runs(self, *parameters: str, binned: bool | None = False) -> "pd.DataFrame":
        """Return a row for each run, oldest first, with its number as index.

        Parameters
        ----------
        *parameters : str
            Parameters of the protocols that become columns, as they were given and in the units that
            the protocols declare; a run whose protocol does not have one has nothing there.
        binned : bool or None
            False for runs that are not in the bin, True for those that are, None for all.

        Raises
        ------
        BadInput
            If no run has such a parameter.
        """
        import pandas as pd

        found = self.store.overview(binned)
        known = {name for each in found for name in each.parameters}
        unknown = [name for name in parameters if name not in known]
        if unknown:
            there_are = ", ".join(sorted(known)) or "none"
            raise BadInput(f"no run has a parameter {unknown[0]!r};", f"there are: {there_are}.")
        rows = [_row(each) | {name: each.parameters.get(name) for name in parameters} for each in found]
        columns = [*_COLUMNS, *parameters]
        frame = pd.DataFrame(rows, columns=columns).set_index("run")
        units = {name: unit_in(name) for name in columns if unit_in(name)}
        frame.attrs = {"store": str(self.path), "units": units}
        return frame

    def run(self, run: int) -> "RunTables":
        """Return a run, also one in the bin; raise a `StoreError` that lists which exist if it does not."""
        return RunTables(self.store.run(run))

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        found = self.store.runs()
        simulated = sum(each.simulated for each in found)
        return f"<store {self.path}: {len(found)} runs, {simulated} of them {MARK}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self)[1:-1])}</p>{self.runs().to_html()}"


_COLUMNS = (
    *("run", "simulated", "cell", "anode", "protocol", "state", "ended", "end reason", "spectra"),
    *("started", "duration / h", "electrode area / cm²", "bench", "campaign", "step of campaign"),
)


def _row(each: RunOverview) -> dict[str, Any]:
    summary = each.summary
    values = (
        *(summary.run, summary.simulated, summary.cell, each.anode, summary.protocol),
        *(summary.state.value, summary.ended, summary.end_reason, summary.spectra, summary.started_utc),
        *(
            summary.bench_time / 3600,
            each.electrode_area * 1e4,
            summary.bench,
            summary.campaign,
            summary.path,
        ),
    )
    return dict(zip(_COLUMNS, values, strict=True))
