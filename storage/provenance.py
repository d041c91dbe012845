"""Where a run or a campaign comes from: everything that is written down before anything is connected."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, TypeVar, cast

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
    campaign : int or None
        The campaign it belongs to.
    path : str
        Which step of the campaign it is, e.g. ``"3.fig4/2/relax"``; empty for a run of its own.
    bench_origin : float
        The campaign's bench second at which it begins; its own count from zero.
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
    campaign: int | None = None
    path: str = ""
    bench_origin: float = 0.0


@dataclass(frozen=True)
class CampaignHeader:
    """What is known of a campaign before it starts.

    Attributes
    ----------
    name : str
        Short, e.g. the name of its file.
    bench : str
        Name of the bench.
    simulated : bool
        Whether any instrument of the bench is simulated.
    title : str
        One line on what it is for.
    text : str
        The campaign file, or the script, as given.
    bench_text : str
        The bench file as given.
    purpose : {"campaign", "rehearsal", "script"}
    plan : sequence of dict
        The steps as planned, JSON-able.
    started_utc : datetime
        Date of its bench second zero.
    """

    name: str
    bench: str
    simulated: bool
    title: str = ""
    text: str = ""
    bench_text: str = ""
    purpose: Literal["campaign", "rehearsal", "script"] = "campaign"
    plan: Sequence[Mapping[str, Any]] = ()
    started_utc: datetime = field(default_factory=utc_now)


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
