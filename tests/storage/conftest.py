import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from core.cell import Cell
from core.records import Fit, KramersKronig, Spectrum, Value
from storage import Journal, RunHeader, Store, open_store

GIVEN = {"name": "Li0.9Mg0.1", "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm", "notes": "µ Ω ²"}


@pytest.fixture
def header() -> RunHeader:
    return RunHeader(
        "GeisStripping",
        {"current_density": 100.0, "cut_off": None},
        Cell.model_validate(GIVEN),
        "bench",
        simulated=True,
        channel=3,
        cell_given=GIVEN,
        bench_text="name = 'µ'\n",
        experiment_text="[cell]\n",
        seed=2**40,
        log_path="run.log",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder" / "störe 100%.sqlite"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "store.sqlite"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def store(empty_store: Path, path: Path) -> Iterator[Store]:
    path.parent.mkdir()
    shutil.copy(empty_store, path)
    with open_store(path) as store:
        yield store


@pytest.fixture
def journal(store: Store, header: RunHeader) -> Iterator[Journal]:
    journal = store.begin_run(header)
    yield journal
    journal.close()


@pytest.fixture
def step(journal: Journal) -> int:
    return journal.begin_step("1/GeisStripping/geis/1", "GeisStripping", "geis", {"limit": 1.0}, 0.0)


@pytest.fixture
def make_spectrum() -> Callable[..., Spectrum]:
    def make(seed: int = 0, points: int = 40) -> Spectrum:
        columns = np.random.default_rng(seed).standard_normal((8, points))
        impedance = columns[0] + 1j * columns[1]
        return Spectrum(
            "GEIS", np.geomspace(7e6, 1, points), impedance, *columns[2:7], 3e-6, pass_number=seed
        )

    return make


@pytest.fixture
def make_fit() -> Callable[..., Fit]:
    def make(time: float = 1.0, version: int = 1, model: str = "R-ZARC", r_int: float = 500.0) -> Fit:
        parameters = {"R_int": Value(r_int, 1.5), "C_int": Value(1e-6, float("nan"))}
        covariance = np.array([[1e-4, np.nan], [1e-6, -0.0]])
        mask = np.arange(40) % 3 > 0
        verdict = KramersKronig(False, -1.25, 2.0, "drift")
        free = ("ln R_int", "ln C_int")
        flags = ("truncated arc", "poor fit")
        return Fit(model, version, time, parameters, free, covariance, mask, "modulus", 0.1, verdict, flags)

    return make
