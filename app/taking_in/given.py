"""What a person says of files from elsewhere: the cell, how warm and pressed it was, the current."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.cell import OHM_CM2, Cell
from core.errors import BadInput
from core.files import explain
from core.units import parse_quantity
from storage import Store

AGREE = 0.01
"""How far two areas may lie apart, relative, and still be the same one rounded."""


@dataclass(frozen=True)
class Threshold:
    """R_int at which the electrode counts as depleted: `value` in Ω m² if `areal`, else in Ω."""

    value: float
    areal: bool

    def absolute(self, cell: Cell) -> float:
        """Return it in Ω for a cell."""
        return self.value / cell.area if self.areal else self.value

    def __str__(self) -> str:
        if self.areal:
            return f"{self.value / OHM_CM2 / 1e3:g} kΩ cm²"
        return f"{self.value / 1e3:g} kΩ"


@dataclass(frozen=True)
class Given:
    """What is said of files; None or empty where nothing was.

    Attributes
    ----------
    cell : str
        A cell file, or the name of a registered cell.
    name, anode : str
    area : float or None
        Of the electrode, m².
    temperature : float or None
        K.
    pressure : float or None
        Stack pressure, Pa.
    density : float or None
        A/m² at which the electrode was stripped, positive.
    threshold : Threshold or None
    interval : float or None
        Seconds from one spectrum to the next, for files without times.
    circuit : str
        As `app.circuit_choice.chosen_circuit` reads it.
    """

    cell: str = ""
    name: str = ""
    anode: str = ""
    area: float | None = None
    temperature: float | None = None
    pressure: float | None = None
    density: float | None = None
    threshold: Threshold | None = None
    interval: float | None = None
    circuit: str = ""


def given(
    cell: str = "",
    name: str = "",
    anode: str = "",
    area: str = "",
    temperature: str = "",
    pressure: str = "",
    strip: str = "",
    threshold: str = "",
    interval: str = "",
    circuit: str = "",
) -> Given:
    """Read what was said, with units as people write them.

    Raises
    ------
    BadInput
        If something cannot be read, is not above zero, or asks for a threshold without a current.
    """
    if threshold and not strip:
        raise BadInput(
            f"--threshold {threshold!r} says when, but not under which current;",
            'add it, for example --strip "100 µA/cm²".',
        )
    return Given(
        cell,
        name,
        anode,
        _positive("--electrode-area", area, "m**2"),
        _positive("--temperature", temperature, "K"),
        _positive("--pressure", pressure, "Pa"),
        _positive("--strip", strip, "A/m**2"),
        _threshold(threshold),
        _positive("--interval", interval, "s"),
        circuit,
    )


def _positive(option: str, text: str, unit: str) -> float | None:
    if not text:
        return None
    value = parse_quantity(text, unit)
    if value <= 0:
        raise BadInput(f"{option} {text!r} is refused: it is not above zero;", "check it.")
    return value


def _threshold(text: str) -> Threshold | None:
    if not text:
        return None
    for unit, areal in (("ohm*m**2", True), ("ohm", False)):
        try:
            value = parse_quantity(text, unit)
        except BadInput:
            continue
        if value <= 0:
            raise BadInput(f"--threshold {text!r} is refused: it is not above zero;", "check it.")
        return Threshold(value, areal)
    raise BadInput(
        f"--threshold {text!r} is no resistance;",
        'write "10 kΩ cm²" (areal) or "35 kΩ" (absolute); the two differ.',
    )


@dataclass(frozen=True)
class Said:
    """What files themselves say of their cell; None or empty where they do not.

    Attributes
    ----------
    file : str
        Named in errors.
    name, anode : str
    area : float or None
        Of the electrode, m².
    """

    file: str
    name: str = ""
    anode: str = ""
    area: float | None = None


def cell_of(given: Given, store: Store, said: Said) -> tuple[Cell, dict[str, Any]]:
    """Return the cell that files were measured on, and its table as given.

    Parameters
    ----------
    given : Given
    store : Store
        Whose registry is asked for a name.
    said : Said

    Raises
    ------
    BadInput
        If the area or the metal of the electrode is not known, or two sources contradict each other.
    """
    if given.cell:
        cell, table = _known(given.cell, store)
        of_cell = f"the cell {cell.name!r} has"
        _same_area(of_cell, cell.area, "--electrode-area says", given.area)
        _same_area(of_cell, cell.area, f"{said.file} says", said.area)
        _same_anode(of_cell, cell.anode, "--anode says", given.anode)
        _same_anode(of_cell, cell.anode, f"{said.file} says", said.anode)
        return cell, table
    _same_area("--electrode-area says", given.area, f"{said.file} says", said.area)
    _same_anode("--anode says", given.anode, f"{said.file} says", said.anode)
    area = said.area if given.area is None else given.area
    if area is None:
        raise BadInput(
            f"{said.file}: the area of the electrode is missing, without which no current density and no "
            "areal resistance can be said;",
            'give it: --electrode-area "0.283 cm²", or a cell file: --cell cell.toml',
        )
    anode = given.anode or said.anode
    if not anode:
        raise BadInput(
            f"{said.file}: what the working electrode is made of is missing;",
            "give it: --anode Li, or a cell file: --cell cell.toml",
        )
    name = given.name or said.name or Path(said.file).stem
    table = {"name": name, "anode": anode, "electrode_area": f"{area * 1e4:.12g} cm²"}
    try:
        return Cell.model_validate(table), table
    except ValidationError as error:
        raise explain(error, f"the cell of {said.file}") from None


def _known(cell: str, store: Store) -> tuple[Cell, dict[str, Any]]:
    """Return a cell of a file, or of the registry."""
    from app.runner.job import parse_toml
    from drivers.bench import read_text

    entries = [] if Path(cell).exists() else store.cell_entries(cell)
    if entries:
        return entries[-1].cell, {}
    text = read_text(Path(cell), "cell file", "give the path of one, or the name of a registered cell.")
    table = parse_toml(text, cell)
    try:
        return Cell.model_validate(table), table
    except ValidationError as error:
        raise explain(error, cell) from None


def _same_area(one: str, area: float | None, other: str, second: float | None) -> None:
    if area is not None and second is not None and abs(area - second) > AGREE * area:
        raise BadInput(
            f"{one} an electrode of {area * 1e4:.4g} cm², {other} {second * 1e4:.4g} cm²;",
            "find out which is true, and leave out or correct the other.",
        )


def _same_anode(one: str, anode: str, other: str, second: str) -> None:
    if anode and second and anode != second:
        raise BadInput(
            f"{one} a working electrode of {anode}, {other} {second};",
            "find out which is true, and leave out or correct the other.",
        )
