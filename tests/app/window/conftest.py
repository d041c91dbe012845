import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from analysis import circuit
from app.window.reading.run_data import RunData
from app.window.reading.snapshot import Snapshot
from core.cell import Cell
from core.records import Decision, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import Journal, RunHeader, Store, open_store

if TYPE_CHECKING:
    from app.window.window import Window

# Qt chooses its platform when it is first imported, and the tests have no display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

HOUR = 3600.0
CELL = {"name": "LLZO-07-LiMg-03", "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm"}
PARAMETERS = {"current_density": 100.0, "threshold": "10 kΩ cm²", "criterion": "raw", "temperature": 25.0}


class SyntheticRun:
    """A stripping that loses contact at a constant rate, written the way a runner would.

    R_int = R0/(1 − x), C_int = C0 (1 − x) with x = time under current over `life`.
    """

    R0 = 270.0
    C0 = 0.9e-6 * 0.2827
    REST = 0.5 * HOUR

    def __init__(self, store: Store, simulated: bool = True, life: float = 15 * HOUR, **parameters) -> None:
        self.cell = Cell.model_validate(CELL)
        header = RunHeader("GeisStripping", PARAMETERS | parameters, self.cell, "bench 2", simulated, seed=7)
        self.journal: Journal = store.begin_run(header)
        self.life = life
        self.time = 0.0
        self.charge = 0.0
        self.current = self.cell.current(100.0)
        self.noise = np.random.default_rng(7)
        self.fits: list[int] = []
        self.step = 0

    @property
    def lost(self) -> float:
        return min((self.time - self.REST) / self.life, 0.9995)

    def begin(self, verb: str, **parameters) -> None:
        if self.step:
            self.journal.end_step(self.step, self.time, "done")
        key = f"1/GeisStripping/{verb}/{self.step}"
        self.step = self.journal.begin_step(key, "GeisStripping", verb, parameters, self.time)

    def reading(self, instrument: str, quantity: str, value: float) -> None:
        self.journal.readings([Reading(self.time, instrument, quantity, value)])

    def rest(self) -> None:
        self.journal.instrument("potentiostat", "VMP-300", "0123", "11.50")
        self.journal.event(Event("chamber", "set to 25.0 °C and started", 0.0))
        self.begin("rest")
        for seconds in range(10, int(self.REST) - 60, 10):
            self.time = float(seconds)
            self.reading("potentiostat", "E", 2e-4 * float(self.noise.standard_normal()))
            if self.time % 60 == 0:
                self.conditions()
        self.begin("peis")
        self.spectrum("PEIS", 0.0)
        self.time = self.REST

    def conditions(self) -> None:
        self.reading("chamber", "T", 298.15 + 0.05 * float(self.noise.standard_normal()))
        self.reading("gauge", "F", 2.0 + 0.5 * float(self.noise.standard_normal()))

    def strip(self, sweeps: int, every: float) -> None:
        if not self.fits or self.time == self.REST:
            self.begin("geis", cut_off_V=4.0)
            self.journal.event(Event("current on", f"{self.current:.4g} A", self.time))
        for _ in range(sweeps):
            for _ in range(6):
                self.time += every / 6
                self.charge += self.current * every / 6
                voltage = self.current * (self.R0 / (1 - self.lost) + 280.0) / self.cell.area * 1e-4
                self.reading("potentiostat", "E", voltage + 1e-4 * float(self.noise.standard_normal()))
                self.reading("potentiostat", "I", self.current)
                self.reading("potentiostat", "Q", self.charge)
            self.conditions()
            self.spectrum("GEIS", self.lost)
        self.journal.beat(self.time)

    def spectrum(self, technique: str, lost: float, fitted: bool = True) -> int:
        area, frequency = self.cell.area * 1e4, np.geomspace(7e6, 1.0, 69)
        r_int, c_int = self.R0 / (1 - lost) / area, self.C0 * (1 - lost)
        values = {"R_bulk": 215.0 / area, "tau_bulk": 1.3e-8, "R_gb": 62.0 / area, "tau_gb": 2e-6}
        values |= {"R_int": r_int, "tau_int": r_int * c_int}
        s = 2j * np.pi * frequency
        impedance = 0.3e-6 * s + values["R_bulk"] / (1 + s * values["tau_bulk"])
        impedance += values["R_gb"] / (1 + (s * values["tau_gb"]) ** 0.9)
        impedance += r_int / (1 + (s * values["tau_int"]) ** 0.92)
        relative = self.noise.standard_normal((2, len(frequency)))
        impedance = impedance * (1 + 2e-3 * (relative[0] + 1j * relative[1]))
        times = self.time - 27.0 + np.linspace(0.4, 27.0, len(frequency))
        still = np.zeros(len(frequency))
        measured = Spectrum(technique, frequency, impedance, times, still, still, still, still, 2.8e-6)
        number = self.journal.spectrum(self.step, measured)
        if fitted:
            mask = frequency > 1.4
            self.fits.append(self.journal.fit(number, self.fit(values, c_int, mask, measured.mid_time)))
        return number

    def fit(self, values: dict[str, float], c_int: float, mask: np.ndarray, time: float) -> Fit:
        noisy = {name: value * (1 + 3e-3 * self.noise.standard_normal()) for name, value in values.items()}
        parameters = {name: Value(value, 4e-3 * value) for name, value in noisy.items()}
        parameters |= {"C_int": Value(c_int, 0.01 * c_int), "alpha_int": Value(0.92, 0.002)}
        parameters |= {"L": Value(3e-7, 1e-9)}
        standard = circuit()
        covariance = np.diag(np.full(len(standard.free), 1.6e-5))
        verdict = KramersKronig(True, 0.1)
        return Fit(
            standard.model, 1, time, parameters, standard.free, covariance, mask, "modulus", 2e-3, verdict
        )

    def deplete(self) -> None:
        """Decide on depletion where the truth crosses 10 kΩ cm²."""
        crossing = self.REST + self.life * (1 - self.R0 / 10_000.0)
        found = {"t_cross_s": crossing, "why": "3 fits in a row", "threshold_ohm": 1e4}
        self.journal.decision(
            self.step, Decision("depletion", "depleted", self.time, found, tuple(self.fits[-3:]))
        )
        self.journal.event(Event("decision", "depletion: depleted", self.time))

    def current_off(self, reason: str) -> None:
        self.journal.event(Event("current off", reason, self.time))
        self.journal.end_step(self.step, self.time, "done")

    def end(self, state: RunState = RunState.FINISHED, reason: str = "cut-off") -> None:
        self.journal.event(Event("safe", "current off, cell at open circuit", self.time))
        self.journal.finish(state, reason, self.time)
        self.journal.close()


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def url(store_path: Path) -> str:
    return f"sqlite:///{store_path}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, create=True) as store:
        yield store


@pytest.fixture
def make_run(store: Store) -> Iterator[Callable[..., SyntheticRun]]:
    """Begin a synthetic run; its journal is closed at the end of the test."""
    made: list[SyntheticRun] = []

    def make(**options) -> SyntheticRun:
        made.append(SyntheticRun(store, **options))
        return made[-1]

    yield make
    for run in made:
        run.journal.close()


@pytest.fixture
def live_run(make_run: Callable[..., SyntheticRun]) -> SyntheticRun:
    """A run that has been stripping for four hours and goes on."""
    run = make_run()
    run.rest()
    run.strip(24, every=600.0)
    return run


@pytest.fixture
def finished_run(make_run: Callable[..., SyntheticRun]) -> SyntheticRun:
    """A run that was depleted, and ended at its cut-off."""
    run = make_run()
    run.rest()
    run.strip(90, every=600.0)
    run.deplete()
    run.current_off("cut-off")
    run.end()
    return run


@pytest.fixture
def look(store: Store) -> Callable[..., Snapshot]:
    """Read a run once, as the window's thread does."""

    def look(run: int = 1) -> Snapshot:
        data = RunData(store.run(run))
        list(data.steps())
        snapshot = data.snapshot()
        assert snapshot is not None
        return snapshot

    return look


@pytest.fixture
def open_window(qtbot: Any) -> Callable[..., "Window"]:
    """Open the real window; it is closed at the end of the test."""
    # Qt must not be imported before the platform is chosen, nor by tests that do not need it.
    from app.window.desk import Desk
    from app.window.drawn.memory import Memory
    from app.window.window import Window

    def open_window(
        url: str, run: int | None = None, memory: Memory | None = None, page: str = "live"
    ) -> Window:
        window = Window(Desk(url, run, memory), page)
        qtbot.addWidget(window)
        window.start()
        window.show()
        return window

    return open_window
