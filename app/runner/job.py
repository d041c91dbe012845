"""A job: what is to be done to which cell on which bench, read from the files a lab writes."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.runner.benches import SIMULATED_BENCH
from core.cell import Cell
from core.errors import BadInput
from core.files import BenchFile, ExperimentFile, explain
from drivers.abilities import abilities_of
from drivers.bench import parse_bench_file, read_text
from protocols.protocol import Protocol
from protocols.registry import protocol
from simulators.bench import check_simulation


@dataclass(frozen=True)
class Job:
    """One run before it starts: checked files, the cell, and the protocol with its parameters."""

    bench: BenchFile
    bench_text: str
    experiment_text: str
    cell: Cell
    cell_given: dict[str, Any]
    protocol: Protocol
    campaign: int | None = None
    path: str = ""
    """Where in a campaign it stands."""
    working_electrode: str = ""
    """In words, which of its kind the cell is, e.g. ``"WE 2 of 6 on this counter"``."""

    def plan(self) -> list[str]:
        """Check it against what the bench can do, connecting to nothing; return lines for the operator.

        Raises
        ------
        BadInput
            For what the bench or the cell cannot do.
        """
        return self.protocol.plan(abilities_of(self.bench), self.cell)


@dataclass(frozen=True)
class BenchGiven:
    """A bench file that was read: what it says, its text, and what to call it in messages."""

    file: BenchFile
    text: str
    source: str


def read_bench(path: Path | None) -> BenchGiven:
    """Read a bench file; without one, the wholly simulated bench with its defaults.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    if path is None:
        text, source = SIMULATED_BENCH, "the built-in simulated bench"
    else:
        remedy = 'check the path, or write one with "stripbench bench new FILE".'
        text, source = read_text(path, "bench file", remedy), str(path)
    return BenchGiven(parse_bench_file(text, source), text, source)


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """Parse TOML; `source` names the file in the message of the BadInput raised where it is not."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{source} is not valid TOML: {error};", "mend that line.") from None


def read_job(experiment: Path, bench: Path | None) -> Job:
    """Read an experiment file, the cell file it may name, and a bench file.

    Without a bench file the wholly simulated bench with its default cell parameters is used.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    text = read_text(experiment, "experiment file", "check the path; examples lie in examples/.")
    given = read_bench(bench)
    return make_job(text, str(experiment), given.text, given.source, folder=experiment.parent)


def make_job(
    experiment_text: str, source: str, bench_text: str, bench_source: str, folder: Path = Path()
) -> Job:
    """Check the texts of an experiment and a bench file; `folder` is where a cell path starts."""
    bench = parse_bench_file(bench_text, bench_source)
    tables = parse_toml(experiment_text, source)
    cell, given = _cell(tables.get("cell"), source, folder)
    try:
        experiment = ExperimentFile.model_validate(tables | ({} if cell is None else {"cell": cell}))
    except ValidationError as error:
        raise explain(error, source) from None
    assert cell is not None
    if bench.simulated:
        try:
            check_simulation(bench, cell)
        except BadInput as error:
            raise BadInput(f"{bench_source}: {error.problem}", error.remedy) from None
    try:
        chosen = protocol(experiment.protocol)(**experiment.parameters)
    except BadInput as error:
        raise BadInput(f"{source}: {error.problem}", error.remedy) from None
    job = Job(bench, bench_text, experiment_text, cell, given, chosen)
    try:
        job.plan()
    except BadInput as error:
        raise BadInput(f"{source} on {bench_source}: {error.problem}", error.remedy) from None
    return job


def _cell(given: Any, source: str, folder: Path) -> tuple[Cell | None, dict[str, Any]]:
    """Return the cell of an experiment's ``cell``, a table or the path of a file; None if it is neither."""
    if isinstance(given, str):
        path = folder / given
        text = read_text(path, "cell file", f'check "cell" in {source}.')
        source, table, given = str(path), "", parse_toml(text, str(path))
    else:
        table = "cell"
    if not isinstance(given, dict):
        return None, {}
    try:
        return Cell.model_validate(given), given
    except ValidationError as error:
        raise explain(error, source, table) from None
