"""How long it takes from ``stripbench watch`` to the first useful picture, on a store with 100 runs.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.window_start [STARTS]

A whole process is started each time: the interpreter, all imports, the window, the store read, and
the newest run painted; the process says when that was and is left to close by itself. With
``--screenshot`` the same is measured of a picture that is drawn and written to a file.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis import circuit
from core.cell import Cell
from core.records import Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import Journal, RunHeader, Store, open_store

RUNS, SPECTRA, READINGS = 100, 12, 40
LIMIT = 2.0
"""s within which the first useful picture is to be there."""

_CELL = {"name": "LLZO-07-LiMg-{n:03d}", "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm"}

_WATCH = """
import sys, time
sys.argv = ["stripbench", "watch", "--store", sys.argv[1]]
from app.window.qt import QtCore
from app.window.window import Window

def look(window):
    if window.desk.feed.view.snapshot is not None and window.header.tiles[0].value.text() != "–":
        window.grab()
        print(time.time(), flush=True)
        window.close()

plain = Window.start
def start(window):
    plain(window)
    window._looking = QtCore.QTimer(window)
    window._looking.timeout.connect(lambda: look(window))
    window._looking.start(10)
Window.start = start

from app.cli.main import main
main()
"""


def fill(store: Store) -> None:
    """Write finished runs with a few readings and spectra each."""
    for number in range(1, RUNS + 1):
        cell = Cell.model_validate({**_CELL, "name": f"LLZO-07-LiMg-{number:03d}"})
        parameters = {"current_density": 100.0, "threshold": "10 kΩ cm²", "criterion": "raw"}
        _write(store.begin_run(RunHeader("GeisStripping", parameters, cell, "bench 2", True, seed=7)), cell)


def _write(journal: Journal, cell: Cell) -> None:
    journal.instrument("potentiostat", "VMP-300", "0123", "11.50")
    step = journal.begin_step("1/GeisStripping/geis/0", "GeisStripping", "geis", {"cut_off_V": 4.0}, 0.0)
    journal.event(Event("current on", "28.3 µA", 0.0))
    for place in range(READINGS):
        seconds = 60.0 * (place + 1)
        for quantity, value in (("E", 0.04 + 1e-5 * seconds), ("I", 2.8e-5), ("Q", 2.8e-5 * seconds)):
            journal.readings([Reading(seconds, "potentiostat", quantity, value)])
        journal.readings([Reading(seconds, "chamber", "T", 298.15), Reading(seconds, "gauge", "F", 2.0)])
    for place in range(SPECTRA):
        _spectrum(journal, step, cell, 180.0 * (place + 1))
    journal.event(Event("current off", "cut-off", 2400.0))
    journal.end_step(step, 2400.0, "done")
    journal.finish(RunState.FINISHED, "cut-off", 2400.0)
    journal.close()


def _spectrum(journal: Journal, step: int, cell: Cell, seconds: float) -> None:
    frequency = np.geomspace(7e6, 1.0, 69)
    area = cell.area * 1e4
    bulk, contact = 215.0 / area, 270.0 / area
    s = 2j * np.pi * frequency
    impedance = bulk / (1 + s * 1.3e-8) + contact / (1 + (s * contact * 2.5e-7) ** 0.92)
    still, times = np.zeros(len(frequency)), seconds + np.linspace(0.0, 27.0, len(frequency))
    measured = Spectrum("GEIS", frequency, impedance, times, still, still, still, still, 2.8e-6)
    number = journal.spectrum(step, measured)
    standard = circuit()
    values = {name: Value(1.0, 0.01) for name in (*standard.free, "tau_int")}
    values |= {"R_int": Value(contact, 0.01 * contact), "C_int": Value(2.5e-7, 2.5e-9)}
    covariance = np.diag(np.full(len(standard.free), 1e-4))
    verdict = KramersKronig(True, 0.1)
    mask = frequency > 1.4
    fit = Fit(
        standard.model,
        1,
        measured.mid_time,
        values,
        standard.free,
        covariance,
        mask,
        "modulus",
        2e-3,
        verdict,
    )
    journal.fit(number, fit)


def until_painted(url: str) -> float:
    """Return the seconds from the start of a process until its window has painted the newest run."""
    began = time.time()
    command = [sys.executable, "-c", _WATCH, url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return float(done.stdout.split()[-1]) - began


def picture(url: str) -> float:
    """Return the seconds that a whole ``stripbench watch --screenshot`` takes."""
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "first.png")
        command = [sys.executable, "-m", "app.cli.main", "watch", "--store", url, "--screenshot", target]
        began = time.time()
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        return time.time() - began


def _say(what: str, measure: Callable[[str], float], url: str, starts: int) -> None:
    measure(url)  # the first start reads the program from the disk
    seconds = [measure(url) for _ in range(starts)]
    middle = statistics.median(seconds)
    verdict = "under" if middle < LIMIT else "OVER"
    print(
        f"{what}: median {middle:.2f} s, {min(seconds):.2f} to {max(seconds):.2f} s in {starts} starts, "
        f"{verdict} the {LIMIT:g} s wanted"
    )


def main() -> None:
    """Make the store, and start."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        # What the window remembers of other openings must neither help nor hinder.
        os.environ["XDG_CONFIG_HOME"] = folder
        url = f"sqlite:///{folder}/store.sqlite"
        with open_store(url, create=True) as store:
            fill(store)
        print(f"{RUNS} runs with {SPECTRA} spectra and {5 * READINGS} readings each")
        _say("window, until the newest run is painted", until_painted, url, starts)
        _say("picture, whole process", picture, url, starts)


if __name__ == "__main__":
    main()
