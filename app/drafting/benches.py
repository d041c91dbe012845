"""The bench that something is drafted for, known from its file alone: nothing is connected."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.launching.real import digest
from app.runner.job import read_bench
from core.files import BenchFile
from drivers.abilities import Abilities, abilities_of


@dataclass(frozen=True)
class BenchDraft:
    """A bench file, and what its instruments can do."""

    file: BenchFile
    abilities: Abilities
    text: str
    source: str

    def as_json(self) -> dict[str, Any]:
        """Say what it is, which of its instruments are real, and what was read for that."""
        return {
            "bench": self.file.name,
            "seen": [digest(self.text)],
            "simulated": self.file.wholly_simulated,
            "real_instruments": real_instruments(self.file),
        }


UNKNOWN: dict[str, Any] = {"bench": None, "seen": [], "simulated": None, "real_instruments": []}
"""What is said of a bench whose file cannot be used."""


def bench_of(path: str | None) -> BenchDraft:
    """Read a bench file; without one, take the built-in simulated bench.

    Raises
    ------
    BadInput
        Naming file, key, value and remedy.
    """
    given = read_bench(Path(path) if path else None)
    return BenchDraft(given.file, abilities_of(given.file), given.text, given.source)


@cache
def built_in_bench() -> BenchDraft:
    """Return the built-in simulated bench."""
    return bench_of(None)


def real_instruments(file: BenchFile) -> list[dict[str, str]]:
    """List the instruments of a bench that are no simulations: role, model and address of each."""
    return [
        {"role": role, "model": table.model, "address": table.address}
        for role in ("potentiostat", "chamber", "gauge", "press")
        if (table := getattr(file, role)) is not None and table.backend == "hardware"
    ]
