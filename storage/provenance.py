"""Where a run comes from: everything that is written down before anything is connected."""

import platform
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar, cast

from core.cell import Cell, CounterElectrode, FileModel, History
from core.clock import utc_now

Model = TypeVar("Model", bound=FileModel)

_PACKAGES = ("stripbench", "numpy", "scipy", "sqlalchemy", "pymeasure", "pyvisa", "pyvisa-py")


def installed_versions() -> dict[str, str]:
    """Return the versions of Python, of stripbench and of the packages its numbers depend on."""
    found = {"python": platform.python_version(), "system": platform.platform()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


@dataclass(frozen=True)
class RunHeader:
    """What is known of a run before it starts.

    Attributes
    ----------
    protocol : str
        Name of the protocol class.
    parameters : dict
        Its parameters, JSON-able, in the units they are declared in.
    cell : Cell
    bench : str
        Name of the bench.
    simulated : bool
        Whether any instrument of the bench is simulated.
    channel : int
        The potentiostat's channel, as printed on it.
    cell_given : dict
        The cell's table as its file had it, with units as people write them.
    bench_text, experiment_text : str
        The files as given.
    seed : int or None
        Of a simulated bench.
    started_utc : datetime
        Date of bench second zero.
    log_path : str
    versions : dict of str to str
    """

    protocol: str
    parameters: dict[str, Any]
    cell: Cell
    bench: str
    simulated: bool
    channel: int = 1
    cell_given: dict[str, Any] = field(default_factory=dict)
    bench_text: str = ""
    experiment_text: str = ""
    seed: int | None = None
    started_utc: datetime = field(default_factory=utc_now)
    log_path: str = ""
    versions: dict[str, str] = field(default_factory=installed_versions)


def cell_values(cell: Cell) -> dict[str, Any]:
    """Return a cell as SI numbers, with every default filled in as it was on the day."""
    return cell.model_dump(mode="python")


def cell_from(values: dict[str, Any]) -> Cell:
    """Return the cell that `cell_values` wrote down.

    It is not validated again: it was when the run began, and the limits of a later version
    must not make an old run unreadable.
    """
    parts = {
        "counter": _constructed(CounterElectrode, values["counter"]),
        "history": _constructed(History, values["history"]),
    }
    return _constructed(Cell, values | parts)


def _constructed(model: type[Model], values: dict[str, Any]) -> Model:
    known = {key: values[key] for key in model.model_fields if key in values}
    return cast(Model, model.model_construct(**known))
