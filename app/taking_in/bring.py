"""Files brought into a store, each by what it is: all of it, or nothing."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from app.circuit_choice import chosen_circuit
from app.taking_in.as_run import Measured, write_run
from app.taking_in.given import Given, Said, cell_of
from app.taking_in.package import store_of
from app.taking_in.source import Source, in_time, source
from core.errors import BadInput
from core.records import Spectrum
from core.telling import Tell
from storage import Store, open_store
from storage.slice import TakenIn, take_in

_ONE_BY_ONE = "import files of different cells one by one."
_ZIP, _SQLITE = b"PK\x03\x04", b"SQLite format 3\x00"


@dataclass(frozen=True)
class Brought:
    """What came of one file, or of several that are one run.

    Attributes
    ----------
    files : tuple of str
        As they were named.
    kind : str
        ``"package"``, ``"store"`` or ``"spectra"``.
    runs : dict of int to int
        The number each run has here, by the one it had there; of spectra the key is 1.
    already : dict of int to int
        Those that were here before.
    notes : tuple of str
        What had to be assumed, and what is damaged.
    """

    files: tuple[str, ...]
    kind: str
    runs: dict[int, int]
    already: dict[int, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def is_package(path: Path) -> bool:
    """Whether a file is a zip archive, as run packages are."""
    return _beginning(path) == _ZIP


def is_store(path: Path) -> bool:
    """Whether a file is a database that is no RelaxIS project."""
    return path.suffix.lower() != ".eis3" and _beginning(path, len(_SQLITE)) == _SQLITE


def _beginning(path: Path, size: int = len(_ZIP)) -> bytes:
    """Return the first bytes of a file; raise a `BadInput` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        raise BadInput(f"there is no file {str(path)!r};", "check the name and the folder.") from None
    except OSError as error:
        raise BadInput(f"{str(path)!r} cannot be read: {error.strerror};", "check it.") from None


def bring_in(store: Store, path: Path) -> Brought:
    """Take the runs of a run package or of another store into a store.

    Raises
    ------
    BadInput
        If the package is damaged, changed, of another program, or a run in it goes on.
    StoreError
        If the store cannot be read, or was written by a newer stripbench.
    """
    if not is_package(path):
        return _brought(path, "store", take_in(store, path))
    with store_of(path) as inside:
        return _brought(path, "package", take_in(store, inside))


def _brought(path: Path, kind: str, taken: TakenIn) -> Brought:
    return Brought((str(path),), kind, taken.runs, taken.already, taken.damaged)


def bring_in_spectra(store: Store, paths: Sequence[Path], given: Given, tell: Tell) -> Brought:
    """Make one run of the spectra in files that any program wrote.

    The run is written and fitted in a store of its own first, and then taken over at once.

    Raises
    ------
    BadInput
        If a file cannot be read or is in the store already, the area or the metal of the electrode is
        missing, or two sources contradict each other.
    """
    sources = [source(path) for path in paths]
    for each in sources:
        _refuse_again(store, each)
    cell, table = cell_of(given, store, _said(sources))
    spectra, started, notes = in_time(sources, given.interval)
    said = [note for each in sources for note in each.notes]
    notes = [*dict.fromkeys(said), *notes, *_about_current(spectra, given, cell.area)]
    circuit = chosen_circuit(given.circuit)
    measured = Measured(sources, [_kept(each) for each in spectra], started, cell, table, given)
    with tempfile.TemporaryDirectory(prefix="stripbench-") as folder:
        path = Path(folder) / "imported.sqlite"
        with open_store(path, create=True) as aside:
            write_run(aside, measured, circuit, notes, tell)
        taken = take_in(store, path)
    return Brought(tuple(map(str, paths)), "spectra", taken.runs, {}, tuple(notes))


def _refuse_again(store: Store, one: Source) -> None:
    for each in store.overview(False):
        files = each.parameters.get("files")
        if isinstance(files, list) and any(
            isinstance(file, dict) and file.get("sha256") == one.sha256 for file in files
        ):
            raise BadInput(
                f"{one.name} is in {store.path} already, as run {each.summary.run};",
                f"put that one in the bin to import it anew: stripbench bin {each.summary.run}",
            )


def _said(sources: Sequence[Source]) -> Said:
    """Return what files say of their cell; raise a `BadInput` if they do not agree."""
    first = Said(sources[0].name)
    for each in sources:
        area, other = each.area, first.area
        if area is not None and other is not None and not np.isclose(area, other, rtol=1e-3):
            raise BadInput(
                f"{first.file} has an electrode of {other * 1e4:.4g} cm², {each.name} one of "
                f"{area * 1e4:.4g} cm²;",
                _ONE_BY_ONE,
            )
        if each.cell and first.name and each.cell != first.name:
            raise BadInput(
                f"{first.file} is of cell {first.name!r}, {each.name} of {each.cell!r};", _ONE_BY_ONE
            )
        first = Said(first.file, first.name or each.cell, first.anode or each.anode, other or area)
    return first


def _about_current(spectra: Sequence[Spectrum], given: Given, area: float) -> list[str]:
    """Return what could be concluded, had the current been said."""
    if given.density is not None:
        return []
    means = [float(np.nanmean(each.current)) for each in spectra if np.any(np.isfinite(each.current))]
    largest = max(means, key=abs, default=0.0) / area * 1e2
    if largest < 1:
        return []
    return [
        f"the current reaches {largest:.4g} µA/cm²: without --strip and --threshold no depletion is decided"
    ]


def _kept(spectrum: Spectrum) -> Spectrum:
    """Return a spectrum as a store takes it, which has no room for an amplitude that is not known."""
    return spectrum if np.isfinite(spectrum.amplitude) else replace(spectrum, amplitude=0.0)
