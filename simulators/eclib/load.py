"""A simulated library for any client, on the real clock."""

import os
import tomllib
from pathlib import Path

from pydantic import ValidationError

from core.cell import Cell
from core.clock import RealClock
from core.errors import BadInput
from core.files import BenchFile, PotentiostatFile, explain
from simulators.cell import SimulatedCell
from simulators.eclib.library import SimulatedEClib
from simulators.eclib.noise_model import NoiseParameters

ROOM_TEMPERATURE = 298.15


def load(bench: str | os.PathLike[str] | None = None) -> SimulatedEClib:
    """Return a simulated library over a lithium cell at 25 °C, without force, on the real clock.

    Parameters
    ----------
    bench : path, optional
        A bench file, for its ``[potentiostat]`` and ``[simulation]`` tables; a default bench without.

    Raises
    ------
    BadInput
        If the bench file is missing or malformed.
    """
    if bench is None:
        file = BenchFile(name="default", potentiostat=PotentiostatFile(backend="simulated"))
    else:
        file = _read(Path(bench))
    settings = file.simulation
    mounted = Cell.model_validate(
        {
            "name": "simulated cell",
            "anode": "Li",
            "electrode_diameter": "6 mm",
            "pellet_diameter": "8.3 mm",
        }
    )
    cell = SimulatedCell(
        mounted, settings.cell, lambda time: ROOM_TEMPERATURE, lambda time: 0.0, settings.seed
    )
    return SimulatedEClib(
        cell,
        RealClock(),
        seed=settings.seed,
        noise=NoiseParameters.from_table(settings.noise),
        point_overhead=file.potentiostat.point_overhead,
        channel=file.potentiostat.channel - 1,
    )


def _read(path: Path) -> BenchFile:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(f"{path}: the bench file cannot be read ({reason}).", "Check its path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not a TOML file: {error}.", "Correct that line.") from None
    try:
        return BenchFile.model_validate(table)
    except ValidationError as error:
        raise explain(error, str(path)) from None
