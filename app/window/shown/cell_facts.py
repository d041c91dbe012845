"""What is said of one cell: its two areas and what each normalises, how it was made, what was noted."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.protocol_words import in_words
from app.window.shown.cell_rows import CM2, CellRow
from app.window.shown.format import DASH, clock, uncertain
from app.window.shown.run_rows import RunRow
from core.cell import OHM_CM2, Cell
from core.records import RunState
from storage import CellEntry, CellPhoto

CELSIUS = 273.15
MOST_RUNS = 500
"""Runs of a cell that its table shows; of more, the newest."""


@dataclass(frozen=True)
class AreaCard:
    """One of the two areas of a cell.

    Attributes
    ----------
    title, area, diameter : str
    normalises : str
        What is divided by it.
    example : str
        What that comes to.
    tip : str
        The equation.
    """

    title: str
    area: str
    diameter: str
    normalises: str
    example: str
    tip: str


def electrode_card(cell: Cell) -> AreaCard:
    """Return what is said of the electrode's area."""
    given = cell.electrode_diameter
    equal = 2 * math.sqrt(cell.area / math.pi)
    diameter = f"⌀ {millimetres(given)}" if given is not None else f"as ⌀ {millimetres(equal)}"
    return AreaCard(
        "Electrode",
        square_centimetres(cell.area),
        diameter,
        "normalises current, charge, R and C",
        f"100 µA/cm² = {uncertain(cell.current(100.0) * 1e6)} µA",
        "i = I / A(electrode), Q = ∫ I dt / A(electrode)\nR = Re Z · A(electrode), C per A(electrode)",
    )


def pellet_card(cell: Cell) -> AreaCard:
    """Return what is said of the pellet's area."""
    return AreaCard(
        "Pellet",
        square_centimetres(cell.pellet_area),
        f"⌀ {millimetres(cell.pellet_diameter)}",
        "normalises force",
        f"1 MPa = {uncertain(cell.force(1.0))} N",
        "p = F / A(pellet): the stack pressure, from the force that the gauge shows",
    )


def square_centimetres(area: float) -> str:
    """Write an area in m² as cm²."""
    return f"{area * CM2:.4g} cm²"


def millimetres(length: float) -> str:
    """Write a length in m as mm, or as µm where it is short."""
    return f"{length * 1e6:.4g} µm" if length < 0.9995e-3 else f"{length * 1e3:.4g} mm"


@dataclass(frozen=True)
class Fact:
    """A line of what is known: what it is called, and what it is."""

    label: str
    text: str


def facts(row: CellRow) -> list[Fact]:
    """Return what else is known of a cell; nothing is said of what was not declared."""
    cell, entry = row.cell, row.registered
    found = [
        Fact("Working electrode", f"{cell.anode}, foil of {millimetres(cell.foil_thickness)}"),
        Fact("History of it", _history(cell)),
        Fact("Pellet", f"{millimetres(cell.pellet_thickness)} thick"),
        Fact("Counter electrode", _counter(cell)),
        Fact("Notes", cell.notes),
    ]
    if entry is not None:
        found.append(Fact("Remarks", entry.remarks))
        found.append(Fact("Entry of", " by ".join(filter(None, (when(entry.made_utc), entry.author)))))
    return [each for each in found if each.text]


def _history(cell: Cell) -> str:
    history = cell.history
    pressed = "" if history.forming_pressure is None else f"at {_megapascals(history.forming_pressure)}"
    formed = " ".join(filter(None, (pressed, f"({history.formed_at})" if history.formed_at else "")))
    hours = "" if history.annealed_for is None else f"for {clock(history.annealed_for)} h"
    degrees = "" if history.annealed_at is None else f"at {history.annealed_at - CELSIUS:.4g} °C"
    annealed = " ".join(filter(None, (hours, degrees)))
    parts = [f"formed {formed}" if formed else "", f"annealed {annealed}" if annealed else ""]
    parts += [f"polished: {history.polishing}" if history.polishing else ""]
    return "; ".join(filter(None, parts))


def _counter(cell: Cell) -> str:
    counter = cell.counter
    parts = [f"{counter.anode}, {millimetres(counter.thickness)}"]
    parts += [f"formed at {_megapascals(counter.forming_pressure)}"]
    if counter.interface_resistance is not None:
        parts.append(f"R_int {counter.interface_resistance / OHM_CM2:.4g} Ω cm²")
    parts.append(f"this is working electrode {counter.working_electrode_number} on it")
    return "; ".join(parts)


def _megapascals(pressure: float) -> str:
    return f"{pressure * 1e-6:.4g} MPa"


def when(moment: Any) -> str:
    """Write date and time by the local clock."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


RUN_COLUMNS = ("", "Run", "Started", "Protocol", "i / µA cm⁻²", "T / °C", "p / MPa", "How it ended")
RUN_TIPS = (
    "As it really is: a run whose process is gone is interrupted",
    "Number in this store",
    "Local date and time of bench second zero",
    "What was done",
    "Current density, over the area of the electrode",
    "Temperature that was asked for",
    "Stack pressure that was asked for: force over the area of the pellet",
    "In the run's own words",
)


@dataclass(frozen=True)
class CellRun:
    """A run of a cell: its number, its state and what its columns hold after the sign."""

    run: int
    state: RunState
    texts: tuple[str, ...]


def cell_runs(row: CellRow) -> list[CellRun]:
    """Return the runs that were done to a cell, newest first."""
    return [_run(RunRow(each)) for each in row.runs[:MOST_RUNS]]


def _run(row: RunRow) -> CellRun:
    summary = row.overview.summary
    spans = (DASH if each is None else each.text for each in (row.current, row.temperature, row.pressure))
    end = row.end or row.state.value
    notes = ["SIMULATED"] if summary.simulated else []
    notes += ["in the bin"] if summary.binned else []
    end = " · ".join((*notes, end))
    texts = (str(row.run), when(summary.started_utc), in_words(summary.protocol), *spans, end)
    return CellRun(row.run, row.state, texts)


@dataclass(frozen=True)
class EntryLine:
    """An entry of the registry: when and by whom, and what it changed."""

    head: str
    text: str


def entry_lines(entries: Sequence[CellEntry]) -> list[EntryLine]:
    """Return the entries of a cell, newest first, each with what it changed of the one before."""
    found = []
    for place, entry in enumerate(entries):
        head = " by ".join(filter(None, (when(entry.made_utc), entry.author)))
        before = entries[place - 1] if place else None
        found.append(EntryLine(head, "; ".join(_changes(before, entry))))
    return found[::-1]


def _changes(before: CellEntry | None, entry: CellEntry) -> list[str]:
    if before is None:
        return ["registered" + (", as retired" if entry.retired else ""), *_said(entry.remarks)]
    found = list(changes(before.cell, entry.cell))
    if before.retired != entry.retired:
        found.append("retired" if entry.retired else "taken back into use")
    if before.remarks != entry.remarks:
        found.extend(_said(entry.remarks) or ["remarks removed"])
    return found or ["nothing changed"]


def _said(remarks: str) -> list[str]:
    return [f"remarks: {remarks}"] if remarks else []


_LENGTHS = frozenset(
    {"electrode_diameter", "pellet_diameter", "pellet_thickness", "foil_thickness", "counter.thickness"}
)


def changes(before: Cell, after: Cell) -> Iterator[str]:
    """Say in which properties a cell differs from what it was taken for before, and how."""
    old, new = _flat(before.model_dump()), _flat(after.model_dump())
    for path, value in new.items():
        if not _same(old.get(path), value):
            name = path.replace("_", " ").replace(".", ", ")
            yield f"{name}: {_shown(path, old.get(path))} → {_shown(path, value)}"


def _flat(tables: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in tables.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return bool(one == other)


def _shown(path: str, value: Any) -> str:
    if value is None or value == "":
        return "none"
    if path in _LENGTHS:
        return millimetres(value)
    if path == "electrode_area":
        return square_centimetres(value)
    if path.endswith("forming_pressure"):
        return _megapascals(value)
    if path.endswith("annealed_at"):
        return f"{value - CELSIUS:.4g} °C"
    if path.endswith("annealed_for"):
        return f"{clock(value)} h"
    if path.endswith("interface_resistance"):
        return f"{value / OHM_CM2:.4g} Ω cm²"
    return str(value)


def photo_words(photo: CellPhoto) -> str:
    """Say what a photo is."""
    size = f"{photo.size / 1024:.0f} KiB" if photo.size < 2**20 else f"{photo.size / 2**20:.1f} MiB"
    parts = (photo.caption or f"photo {photo.id}", when(photo.made_utc), photo.author, size)
    return " · ".join(filter(None, parts))
