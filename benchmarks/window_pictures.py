"""Every view of the window, light and dark, on runs of the simulated bench.

Run ``python -m benchmarks.window_pictures [FOLDER]`` from the project's folder. It takes some minutes, runs
what is to be seen as anybody would, and draws each picture with ``stripbench watch --screenshot``. The
pictures are those of the documentation.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from app.runner.benches import SIMULATED_BENCH
from app.window.qt import QtGui
from core.clock import wall_time
from core.errors import StoreError
from storage import RunSummary, open_store

ROOT = Path(__file__).resolve().parents[1]
THEMES = ("light", "dark")
SERIES = """\
campaign = "Three currents"
title = "Stripping of Li and Li0.9Mg0.1 at 100, 200 and 400 µA/cm², 25 °C"
[cells.li]
file = "{examples}/cells/li.toml"
count = 3
[cells.limg]
file = "{examples}/cells/limg.toml"
count = 3
[[steps]]
name = "currents"
fresh = true
[steps.for_each]
cell = ["li", "limg"]
current_density = ["100 µA/cm²", "200 µA/cm²", "400 µA/cm²"]
[[steps.steps]]
name = "strip"
protocol = "GeisStripping"
parameters = {{ cut_off = "6 V" }}
"""
PRESSED = """\
protocol = "PressureRun"
[cell]
name = "LLZO-07-Li-02"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
pressure = "7.5 MPa"
current_density = "200 µA/cm²"
time_limit = "6 h"
"""


COLOURS = 256


def make_small(path: Path) -> None:
    """Write a picture again with the 256 colours that it has most of, in a third of the room."""
    image = QtGui.QImage(str(path)).convertToFormat(QtGui.QImage.Format.Format_RGB32)
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint32).reshape(height, width)
    found, which, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    parts = np.column_stack([(found >> shift) & 255 for shift in (16, 8, 0)]).astype(float)
    # Of colours that are hardly different only the commonest is chosen, so that rare ones find room.
    order, chosen, taken = np.argsort(-counts), [], set()
    for place in order:
        cell = tuple((parts[place] // 12).astype(int))
        if cell not in taken:
            taken.add(cell)
            chosen.append(place)
        if len(chosen) == COLOURS:
            break
    nearest = cKDTree(parts[chosen]).query(parts)[1].astype(np.uint8)
    indices = np.ascontiguousarray(nearest[which.reshape(height, width)])
    small = QtGui.QImage(indices.tobytes(), width, height, width, QtGui.QImage.Format.Format_Indexed8)
    small.setColorTable([int(found[place]) for place in chosen])
    small.save(str(path), "PNG", 0)


class Studio:
    """Makes stores and draws pictures of them.

    Parameters
    ----------
    work : Path
        Where stores and bench files are made.
    target : Path
        Where the pictures go.
    """

    def __init__(self, work: Path, target: Path) -> None:
        self.work, self.target = work, target
        self.environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}

    def stripbench(self, *words: str | int | Path) -> list[str]:
        """Return the command line of a command of stripbench."""
        return [sys.executable, "-m", "app.cli.main", *map(str, words)]

    def do(self, *words: str | int | Path) -> None:
        """Do something with the command line, quietly."""
        subprocess.run(
            self.stripbench(*words), cwd=ROOT, capture_output=True, check=False, env=self.environment
        )

    @contextmanager
    def going_on(self, *words: str | int | Path) -> Iterator[None]:
        """Let a command go on while pictures are taken; it is aborted afterwards."""
        process = subprocess.Popen(
            self.stripbench(*words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def bench(self, name: str, more: str) -> Path:
        """Write a bench file."""
        path = self.work / f"{name}.toml"
        path.write_text(SIMULATED_BENCH + more, encoding="utf-8")
        return path

    def draw(self, name: str, store: Path, view: str = "live", run: int | None = None) -> None:
        """Draw a view in both themes."""
        for theme in THEMES:
            path = self.target / f"{name}-{theme}.png"
            words = ["watch", *([] if run is None else [run]), "--store", store]
            self.do(*words, "--view", view, "--theme", theme, "--screenshot", path)
            if path.exists():
                make_small(path)
                print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
            else:
                print(f"{path.name}: not drawn")


def wait_for(what: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait until something is true."""
    pause, end = threading.Event(), wall_time() + seconds
    while not what():
        if wall_time() > end:
            raise SystemExit("what was to be drawn did not come about")
        pause.wait(0.2)


def newest(store: Path) -> RunSummary | None:
    """Return the newest run of a store; None while there is none, or the store is being made."""
    try:
        with open_store(store) as opened:
            runs = opened.runs()
    except StoreError:
        return None
    return runs[-1] if runs else None


def spectra(store: Path) -> int:
    """Return how many spectra the newest run of a store has."""
    found = newest(store)
    return 0 if found is None else found.spectra


def state(store: Path) -> str:
    """Return the state of the newest run of a store."""
    found = newest(store)
    return "" if found is None else found.state.value


def finished(studio: Studio) -> None:
    """Draw what one sees on Monday."""
    store = studio.work / "weekend.sqlite"
    series = studio.work / "series.toml"
    series.write_text(SERIES.format(examples=(ROOT / "examples").as_posix()), encoding="utf-8")
    studio.do("run", series, "--side-by-side", 2, "--store", store)
    for kind in ("li", "limg", "limg05"):
        studio.do("cell-add", f"examples/cells/{kind}.toml", "--count", 4, "--store", store)
    with open_store(store) as opened:
        alloy = next(each.summary.run for each in opened.overview() if each.anode == "Li0.9Mg0.1")
    studio.draw("live-finished", store, run=alloy)
    for view in ("bode", "residuals", "drt"):
        studio.draw(f"live-{view}", store, view, run=alloy)
    for view in ("runs", "compare", "experiment", "queue", "cells"):
        studio.draw(view, store, view)


def live(studio: Studio) -> None:
    """Draw a run while it goes on, paused, stopped, and after its process was killed."""
    store = studio.work / "live.sqlite"
    with studio.going_on("run", "examples/fig2_limg.toml", "--speed", 2400, "--store", store):
        wait_for(lambda: spectra(store) > 900)
        studio.draw("live", store)
        studio.do("tell", 1, "note", "pump of the glovebox switched on", "--store", store)
        studio.do("tell", 1, "pause", "--store", store)
        studio.draw("live-paused", store)
        studio.do("tell", 1, "resume", "--store", store)
        studio.do("tell", 1, "stop", "--store", store)
        wait_for(lambda: state(store) == "stopped")
        studio.draw("live-stopped", store)


def asking(studio: Studio) -> None:
    """Draw a run that waits for a hand on the screw, and one for which nobody came."""
    store = studio.work / "asking.sqlite"
    experiment = studio.work / "pressed.toml"
    experiment.write_text(PRESSED, encoding="utf-8")
    bench = studio.bench("nobody", "\n[simulation.operator]\npresent = false\n")
    with studio.going_on("run", experiment, "--bench", bench, "--store", store):
        wait_for(lambda: state(store) == "waiting")
        studio.draw("live-asking", store)
    absent = studio.bench("absent", "\n[simulation.operator]\nabsent = true\n")
    alarm = studio.work / "alarm.sqlite"
    studio.do("run", experiment, "--bench", absent, "--store", alarm)
    studio.draw("live-alarm", alarm)


def troubles(studio: Studio) -> None:
    """Draw what one sees where there is nothing to see."""
    empty = studio.work / "empty.sqlite"
    open_store(empty, create=True).close()
    for view in ("live", "runs", "compare", "cells"):
        studio.draw(f"{view}-empty", empty, view)
    studio.draw("live-missing", studio.work / "not-there.sqlite")
    studio.draw("live-no-such-run", empty, run=99)
    newer = studio.work / "newer.sqlite"
    shutil.copy(empty, newer)
    connection = sqlite3.connect(newer)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    studio.draw("live-newer-store", newer)


def main() -> None:
    """Draw all of them."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs" / "images" / "window")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder), target)
        for part in (finished, live, asking, troubles):
            part(studio)


if __name__ == "__main__":
    main()
