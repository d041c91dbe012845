"""What a store knows of a cell that a draft names: that it is spent, retired, or was another one."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app.campaign.walk import passes_current
from app.runner.campaign import spent
from core.cell import Cell
from core.errors import StoreError
from core.files import BenchFile
from protocols.protocol import Protocol
from storage import Store, migrate, open_store, schema, sqlite


@dataclass(frozen=True)
class Warned:
    """Something to know of a field that stands against nothing."""

    field: str
    text: str

    def as_json(self) -> dict[str, str]:
        """Return it as a table."""
        return asdict(self)


def store_to_read(url: str | None) -> tuple[Store | None, list[Warned]]:
    """Open a store only to look into it; one of an older stripbench is left as it is.

    Returns
    -------
    Store or None
        To be closed; None where there is none yet, or it cannot be looked into.
    list of Warned
        Why not.
    """
    if not url:
        return None, []
    try:
        path = sqlite.path_of(url)
        if not path.exists():
            return None, []
        if not _is_current(path):
            return None, [Warned("store", f"{path} is of an older stripbench; its cells are not known here")]
        return open_store(url), []
    except StoreError as error:
        return None, [Warned("store", str(error))]


def _is_current(path: Path) -> bool:
    engine = sqlite.reader(path)
    try:
        with sqlite.explained(path):
            version = migrate.version_of(engine, path)
        migrate.refuse_newer(version, path)
        return version == schema.SCHEMA_VERSION
    finally:
        engine.dispose()


def known_cell(
    store: Store, cell: Cell, chosen: type[Protocol] | None, bench: BenchFile | None
) -> list[Warned]:
    """Return what a store knows of a cell of this name."""
    try:
        return [*_spent(store, cell, chosen, bench), *_another(store, cell)]
    except StoreError as error:
        return [Warned("store", str(error))]


def _spent(
    store: Store, cell: Cell, chosen: type[Protocol] | None, bench: BenchFile | None
) -> Iterator[Warned]:
    word = spent(store, cell.name)
    if word is None:
        return
    run = next(each.run for each in store.last_of_cell(cell.name) if each.ended == word)
    words = f"the electrode of {cell.name} is spent: run {run} on it ended {str(word)!r}"
    if bench is not None and bench.wholly_simulated:
        words += "; a simulated bench begins with a new one"
    elif chosen is not None and passes_current(chosen):
        words += "; it is refused unless you mount another and name it so, or allow spent electrodes"
    yield Warned("cell.name", words)


def _another(store: Store, cell: Cell) -> Iterator[Warned]:
    """Warn where the name stands for a cell with other areas or another anode."""
    entries, runs = store.cell_entries(cell.name), store.last_of_cell(cell.name)
    if entries and entries[-1].retired:
        yield Warned("cell.name", f"{cell.name} is registered as retired")
    known = [(f"the registry has {cell.name}", entries[-1].cell)] if entries else []
    if runs:
        known.append((f"run {runs[0].run} was on {cell.name}", store.run(runs[0].run).header.cell))
    for where, other in known:
        if differences := differing(cell, other):
            yield Warned("cell.name", f"{where} with {', '.join(differences)}")
            return


def differing(cell: Cell, other: Cell) -> list[str]:
    """Return in words what `other` has that makes it another cell than `cell`."""
    found = []
    for what, ours, theirs in (
        ("electrode", cell.area, other.area),
        ("pellet", cell.pellet_area, other.pellet_area),
    ):
        if abs(ours - theirs) > 1e-6 * ours:
            found.append(f"an {what} area of {theirs * 1e4:.4g} cm²".replace("an pellet", "a pellet"))
    if cell.anode != other.anode:
        found.append(f"anode {other.anode}")
    return found
