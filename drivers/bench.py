"""A bench: the instruments a bench file names, connected by the drivers for them."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import BadInput
from core.files import BenchFile, explain
from drivers.climate_chamber import ClimateChamber
from drivers.force_gauge import ForceGauge
from drivers.instrument import Identity, Instrument
from drivers.potentiostat import Planner, Potentiostat


@dataclass
class Bench:
    """The connected instruments of one bench. A bench without chamber or gauge has None there."""

    name: str
    potentiostat: Potentiostat
    chamber: ClimateChamber | None = None
    gauge: ForceGauge | None = None
    identities: list[Identity] = field(default_factory=list)

    @property
    def instruments(self) -> list[Instrument]:
        """The instruments there are."""
        return [each for each in (self.potentiostat, self.chamber, self.gauge) if each is not None]

    def close(self) -> None:
        """Release every connection. Never raises."""
        for instrument in self.instruments:
            instrument.close()


@dataclass(frozen=True)
class Doubles:
    """What answers in place of real instruments: a library object and VISA addresses."""

    library: Any = None
    chamber: str = ""
    gauge: str = ""


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
    _require_addresses(bench, source)
    return bench


def _require_addresses(bench: BenchFile, source: str) -> None:
    if bench.potentiostat.backend == "hardware":
        for key, example in (("address", "192.168.0.10"), ("library", "C:/EC-Lab Development Package/lib")):
            if not getattr(bench.potentiostat, key):
                raise BadInput(
                    f"{source}: potentiostat.{key} is missing;",
                    f'a real potentiostat needs it, e.g. "{example}".',
                )
    for role in ("chamber", "gauge"):
        table = getattr(bench, role)
        if table is not None and table.backend == "hardware" and not table.address:
            raise BadInput(
                f"{source}: {role}.address is missing;",
                'a real instrument needs its VISA address, e.g. "TCPIP::192.168.0.20::2049::SOCKET".',
            )


def planner_for(file: BenchFile) -> Planner:
    """Return what the bench's model of potentiostat can do, without connecting to it."""
    from drivers.eclib.planner import Vmp300Planner

    return Vmp300Planner(file.potentiostat)


def connect_potentiostat(file: BenchFile, doubles: Doubles) -> Potentiostat:
    """Connect the potentiostat of a bench file, or its double."""
    from drivers.eclib.library import load_vendor_library
    from drivers.eclib.vmp300 import Vmp300

    if file.potentiostat.backend == "simulated":
        address = file.potentiostat.address or "USB0"
        return Vmp300(doubles.library, file.potentiostat.model_copy(update={"address": address}))
    return Vmp300(load_vendor_library(file.potentiostat.library), file.potentiostat)


def connect_chamber(file: BenchFile, doubles: Doubles) -> ClimateChamber | None:
    """Connect the chamber of a bench file, or its double; None where there is none."""
    from drivers.weiss_simserv import WeissChamber

    if file.chamber is None:
        return None
    if file.chamber.backend == "simulated":
        return WeissChamber(file.chamber.model_copy(update={"address": doubles.chamber}))
    return WeissChamber(file.chamber)


def connect_gauge(file: BenchFile, doubles: Doubles) -> ForceGauge | None:
    """Connect the force gauge of a bench file, or its double; None where there is none."""
    from drivers.mark10 import Mark10Gauge

    if file.gauge is None:
        return None
    if file.gauge.backend == "simulated":
        return Mark10Gauge(file.gauge.model_copy(update={"address": doubles.gauge}))
    return Mark10Gauge(file.gauge)


def connect(file: BenchFile, doubles: Doubles | None = None) -> Bench:
    """Connect and identify every instrument of a bench.

    Parameters
    ----------
    file : BenchFile
    doubles : Doubles, optional
        What stands in for the instruments the file calls simulated.

    Raises
    ------
    InstrumentError
        If one cannot be reached or is not what the file says; those already open are closed.
    """
    doubles = doubles or Doubles()
    bench = Bench(file.name, connect_potentiostat(file, doubles))
    try:
        bench.chamber = connect_chamber(file, doubles)
        bench.gauge = connect_gauge(file, doubles)
        bench.identities = [instrument.identify() for instrument in bench.instruments]
    except BaseException:
        # A program that somebody left running must not go on because the chamber does not answer.
        bench.potentiostat.safe()
        bench.close()
        raise
    return bench
