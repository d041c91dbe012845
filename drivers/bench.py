"""A bench: the instruments a bench file names, connected by the drivers for them."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from core.clock import wall_time
from core.errors import BadInput
from core.files import BenchFile, explain
from drivers.climate_chamber import ClimateChamber
from drivers.connecting import (
    Doubles,
    check_instruments,
    connect_chamber,
    connect_gauge,
    connect_potentiostat,
    connect_press,
    planner_for,
)
from drivers.force_gauge import ForceGauge
from drivers.instrument import Identity, Instrument
from drivers.potentiostat import Potentiostat
from drivers.press import Press

__all__ = [
    "Bench",
    "Doubles",
    "connect",
    "connect_chamber",
    "connect_gauge",
    "connect_potentiostat",
    "connect_press",
    "parse_bench_file",
    "planner_for",
    "read_bench_file",
    "read_text",
]


@dataclass
class Bench:
    """The connected instruments of one bench. A bench without chamber, gauge or press has None there."""

    name: str
    potentiostat: Potentiostat
    chamber: ClimateChamber | None = None
    gauge: ForceGauge | None = None
    press: Press | None = None
    identities: list[Identity] = field(default_factory=list)

    @property
    def instruments(self) -> list[Instrument]:
        """The instruments there are."""
        every = (self.potentiostat, self.chamber, self.gauge, self.press)
        return [each for each in every if each is not None]

    def close(self) -> None:
        """Release every connection. Never raises."""
        for instrument in self.instruments:
            instrument.close()


def read_text(path: Path, what: str, remedy: str) -> str:
    """Read a file a person wrote.

    Raises
    ------
    BadInput
        If it is missing or not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"there is no {what} {str(path)!r};", remedy) from None
    except UnicodeDecodeError:
        raise BadInput(f"the {what} {str(path)!r} is not UTF-8 text;", "save it as UTF-8.") from None
    except OSError as error:
        raise BadInput(f"the {what} {str(path)!r} cannot be read: {error};", "check the file.") from None


def read_bench_file(path: str | Path) -> BenchFile:
    """Read and check a bench file.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    remedy = 'check the path, or write one with "stripbench bench new FILE".'
    text = read_text(Path(path), "bench file", remedy)
    return parse_bench_file(text, str(path))


def parse_bench_file(text: str, source: str) -> BenchFile:
    """Check the text of a bench file; `source` names it in messages."""
    try:
        bench = BenchFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{source} is not valid TOML: {error};", "mend that line.") from None
    except ValidationError as error:
        raise explain(error, source) from None
    check_instruments(bench, source)
    return bench


def connect(file: BenchFile, doubles: Doubles | None = None, now: Callable[[], float] = wall_time) -> Bench:
    """Connect and identify every instrument of a bench.

    Parameters
    ----------
    file : BenchFile
    doubles : Doubles, optional
        What stands in for the instruments the file calls simulated.
    now : callable, optional
        Returns the bench second, by which the age of forces entered by hand is counted.

    Raises
    ------
    InstrumentError
        If one cannot be reached or is not what the file says; those already open are closed.
    """
    doubles = doubles or Doubles()
    bench = Bench(file.name, connect_potentiostat(file, doubles))
    try:
        bench.chamber = connect_chamber(file, doubles)
        bench.gauge = connect_gauge(file, doubles, now)
        bench.press = connect_press(file, doubles, bench.gauge)
        bench.identities = [instrument.identify() for instrument in bench.instruments]
    except BaseException:
        # A program that somebody left running must not go on because the chamber does not answer.
        bench.potentiostat.safe()
        bench.close()
        raise
    return bench
