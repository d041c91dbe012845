"""How long the window takes to draw a frame while somebody zooms, pans and moves the cursor.

Run with ``QT_QPA_PLATFORM=offscreen python -m benchmarks.window_frames [--runs N] [--readings N]
[--fits N] [--frames N] [--store FILE]``. It writes a store with so many runs, the first with all the fits and
the others with an eighth of them. It opens the real Compare page and the real live page on it, moves the
range of a plot or the cursor for every frame, and takes the time until everything that follows from it has
been done and painted; on a machine that is busy with other things the work of the window's thread tells
more than the clock. The peer is pyqtgraph alone, given the same traces of E at once and told to thin them
itself: the same moves, in the same process, painted by the same means.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from analysis import circuit
from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.memory import Memory
from app.window.qt import QtWidgets, pg
from app.window.reading.history import MOST_OF_ALL
from app.window.start import application
from app.window.window import SIZE, Window
from core.cell import Cell
from core.records import Decision, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import RunHeader, Store, open_store

HOUR = 3600.0
HOURS = 50.0
METALS = ("Li", "Li0.95Mg0.05", "Li0.9Mg0.1")
LIMIT = 33.0
"""ms a frame may take."""


def voltage(number: int, readings: int) -> tuple[np.ndarray, np.ndarray]:
    """Return time and E of a stripping: noise on a slow rise that steepens at the end."""
    time_s = np.linspace(1.0, HOURS * HOUR, readings)
    left = 1 - time_s / (HOURS * HOUR * 1.001)
    noise = np.random.default_rng(number).standard_normal(readings)
    return time_s, 0.05 / left * (1 + 0.02 * number) + 1e-3 * noise


def write_run(store: Store, number: int, readings: int, fits: int) -> None:
    """Write one run as a runner would have."""
    cell = Cell.model_validate(
        {"name": f"LLZO-{number:02d}", "anode": METALS[number % 3], "electrode_diameter": "6 mm"}
    )
    parameters = {"current_density": 50.0 * (1 + number % 4), "temperature": 25.0, "threshold": "10 kΩ cm²"}
    journal = store.begin_run(RunHeader("GeisStripping", parameters, cell, "bench", True, seed=number))
    step = journal.begin_step("1/GeisStripping/geis/0", "GeisStripping", "geis", {"cut_off_V": 4.0}, 0.0)
    journal.event(Event("current on", "28.27 µA", 0.5))
    times, values = voltage(number, readings)
    for begin in range(0, readings, 20_000):
        part = slice(begin, begin + 20_000)
        pairs = list(zip(times[part].tolist(), values[part].tolist(), strict=True))
        journal.readings([Reading(moment, "potentiostat", "E", value) for moment, value in pairs])
        journal.readings(
            [Reading(moment, "potentiostat", "Q", 28.27e-6 * moment) for moment, _ in pairs[::50]]
        )
    frequency, still = np.geomspace(7e6, 1.0, 69), np.zeros(69)
    standard, kept = circuit(), KramersKronig(True, 0.1)
    for each in range(fits):
        middle = (each + 0.5) / fits * HOURS * HOUR
        r_int = 1000.0 / (1 - middle / (HOURS * HOUR * 1.001))
        impedance = r_int / (1 + 2j * np.pi * frequency * 1e-4)
        sweep = middle + np.linspace(-13, 13, 69)
        spectrum = journal.spectrum(step, Spectrum("GEIS", frequency, impedance, sweep, *[still] * 4, 2.8e-6))
        parameters_of_fit = {name: Value(value, 4e-3 * value) for name, value in (
            ("R_bulk", 700.0), ("tau_bulk", 1.3e-8), ("R_gb", 200.0), ("tau_gb", 2e-6), ("R_int", r_int),
            ("tau_int", 1e-4), ("alpha_int", 0.92), ("C_int", 1e-4 / r_int), ("L", 3e-7),
        )}  # fmt: skip
        journal.fit(spectrum, Fit(
            standard.model, 1, middle, parameters_of_fit, standard.free, np.eye(len(standard.free)),
            np.ones(69, dtype=bool), "modulus", 2e-3, kept,
        ))  # fmt: skip
    at_t0 = {"t_cross_s": 0.9 * HOURS * HOUR, "why": "3 fits in a row"}
    journal.decision(step, Decision("depletion", "depleted", 0.91 * HOURS * HOUR, at_t0))
    journal.event(Event("current off", "cut-off", HOURS * HOUR))
    journal.finish(RunState.FINISHED, "cut-off", HOURS * HOUR)
    journal.close()


def make_store(path: Path, runs: int, readings: int, fits: int) -> str:
    """Write the store, unless it is there; return its URL."""
    url = f"sqlite:///{path}"
    if not path.exists():
        with open_store(url, create=True) as store:
            for number in range(runs):
                write_run(store, number, readings, fits if number == 0 else fits // 8)
                print(f"wrote run {number + 1} of {runs}", file=sys.stderr)
    return url


def moves(frames: int, extent: float) -> Iterator[tuple[float, float]]:
    """Zoom in by a thousand, pan along, zoom out again: ranges of x."""
    for frame in range(frames):
        share = frame / frames
        depth = 1 - abs(2 * share - 1)
        width = extent * 10 ** (-3 * depth)
        middle = extent * (0.2 + 0.6 * share)
        yield middle - width / 2, middle + width / 2


def timed(widget: QtWidgets.QWidget, act: Callable[[], object]) -> tuple[float, float]:
    """Return ms from the act until all is done and painted: by the clock, and of this thread's work."""
    begun, worked = time.perf_counter(), time.thread_time()
    act()
    widget.update()
    QtWidgets.QApplication.processEvents()
    return 1e3 * (time.perf_counter() - begun), 1e3 * (time.thread_time() - worked)


def swept(plot: pg.PlotWidget, ranges: Iterator[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the times of each frame of a plot that is taken through ranges of x."""
    return [timed(plot, lambda r=r: plot.setXRange(*r, padding=0)) for r in ranges]


def told(what: str, found: list[tuple[float, float]]) -> float:
    """Print medians and 95th percentiles; return the latter of the clock."""
    clock, work = (np.array(each) for each in zip(*found, strict=True))
    parts = [f"{what:44}"]
    for name, values in (("clock", clock), ("work", work)):
        median, p95 = np.percentile(values, [50, 95])
        parts.append(f"{name}: median {median:5.1f}, p95 {p95:5.1f}, longest {max(values):5.1f} ms")
    print("   ".join(parts))
    return float(np.percentile(clock, 95))


def settle(window: Window) -> None:
    """Wait until the page has read and drawn everything."""
    while window.front.settle():
        QtWidgets.QApplication.processEvents()
        window.refresh()
    for _ in range(10):
        QtWidgets.QApplication.processEvents()


def compare_frames(url: str, runs: int, frames: int) -> dict[str, float]:
    """Zoom and pan on the Compare page."""
    memory = Memory()
    memory.keep("compared", " ".join(map(str, range(1, runs + 1))))
    window = Window(Desk(url, None, memory), "compare")
    window.resize(*SIZE)
    window.desk.catalogue.read()
    window.show()
    begun = time.perf_counter()
    settle(window)
    print(f"{'Compare: until all runs were read':44} {time.perf_counter() - begun:6.1f} s")
    page = window.front
    found = {}
    for name, plot, extent in (("E(t)", page.voltage.plot, HOURS), ("R_int", page.resistance.plot, 1.0)):
        found[name] = told(f"Compare, {name}: zoom and pan", swept(plot, moves(frames, extent)))
    numbers = [1 + frame % runs for frame in range(frames)]
    plot = page.voltage.plot
    told("Compare: another run brought forward",
         [timed(plot, lambda n=n: page.bring_forward(n)) for n in numbers])  # fmt: skip
    window.close()
    return found


def live_frames(url: str, frames: int) -> dict[str, float]:
    """Zoom, pan and move the cursor on the live page, with every spectrum drawn."""
    window = Window(Desk(url, 1), "live")
    window.resize(*SIZE)
    window.desk.feed.want(arcs=MOST_OF_ALL)
    window.desk.feed.read_all()
    window.desk.catalogue.read()
    window.show()
    window.refresh()
    settle(window)
    page, plot = window.front, window.front.voltage.plot
    drawn = len(window.desk.feed.view.snapshot.history)
    found = {"E(t)": told("Live, E(t): zoom and pan", swept(plot, moves(frames, HOURS)))}
    plot.enableAutoRange()
    for name, turned in (("Nyquist", page.nyquist.plot), ("Bode", page.spectrum.bode.modulus)):
        wobbles = [timed(turned, lambda n=n, t=turned: wobble(t, n)) for n in range(frames)]
        found[name] = told(f"Live, {name} of {drawn} spectra: zoom and pan", wobbles)
    cursor = np.linspace(0.05, 0.95, frames) * HOURS * HOUR
    moved = [timed(page, lambda t=t: window.desk.point(float(t))) for t in cursor]
    found["cursor"] = told(f"Live, {drawn} spectra: the cursor moved", moved)
    window.close()
    return found


def wobble(plot: pg.PlotWidget, number: int) -> None:
    """Zoom in and out a little while panning to and fro."""
    factor = 0.97 if number % 40 < 20 else 1 / 0.97
    box = plot.getViewBox()
    box.scaleBy((factor, factor))
    width = box.viewRect().width()
    box.translateBy(x=0.01 * width * (1 if number % 20 < 10 else -1))


def peer_arcs(fits: int, frames: int) -> float:
    """Zoom and pan in a plot of pyqtgraph alone that was given all the spectra, an item a colour."""
    frequency = np.geomspace(7e6, 1.0, 69)
    plot = pg.PlotWidget(background=style.palette().paper)
    plot.resize(380, 300)
    colours = style.sequence(32)
    for number, colour in enumerate(colours):
        x, y = [], []
        for each in range(number * fits // 32, (number + 1) * fits // 32):
            r_int = 1000.0 / (1 - (each + 0.5) / (fits * 1.001))
            impedance = r_int / (1 + 2j * np.pi * frequency * 1e-4)
            x += [impedance.real, [np.nan]]
            y += [-impedance.imag, [np.nan]]
        plot.plot(np.concatenate(x), np.concatenate(y), pen=pg.mkPen(colour, width=1), connect="finite",
                  antialias=False)  # fmt: skip
    plot.setXRange(0, 10_000)
    plot.setYRange(0, 5_000)
    plot.show()
    for _ in range(5):
        QtWidgets.QApplication.processEvents()
    found = [timed(plot, lambda n=n: wobble(plot, n)) for n in range(frames)]
    plot.close()
    return told(f"peer, pyqtgraph alone, {fits} spectra: zoom and pan", found)


def peer_frames(runs: int, readings: int, frames: int) -> float:
    """Zoom and pan in a plot of pyqtgraph alone that was given all the samples."""
    plot = pg.PlotWidget(background=style.palette().paper)
    plot.resize(500, 270)
    plot.setDownsampling(auto=True, mode="peak")
    plot.setClipToView(True)
    for number in range(runs):
        times, values = voltage(number, readings)
        plot.plot(times / HOUR, values, pen=pg.mkPen(style.series(number), width=1), antialias=False)
    plot.show()
    for _ in range(5):
        QtWidgets.QApplication.processEvents()
    found = swept(plot, moves(frames, HOURS))
    plot.close()
    return told("peer, pyqtgraph alone, E(t): zoom and pan", found)


def main() -> None:
    """Print the times of frames."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=16)
    parser.add_argument("--readings", type=int, default=1_000_000)
    parser.add_argument("--fits", type=int, default=2000)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--store", type=Path)
    chosen = parser.parse_args()
    kept = application()
    style.use("light")
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.store or Path(folder) / "frames.sqlite"
        url = make_store(path, chosen.runs, chosen.readings, chosen.fits)
        print(
            f"{chosen.runs} runs of {chosen.readings:,} readings of E and {chosen.fits:,} fits; "
            f"{chosen.frames} frames"
        )
        ours = compare_frames(url, chosen.runs, chosen.frames)
        live = live_frames(url, chosen.frames)
    arcs = peer_arcs(chosen.fits, chosen.frames)
    peer = peer_frames(chosen.runs, chosen.readings, chosen.frames)
    print(f"p95 of E(t): ours {ours['E(t)']:.1f} ms, peer {peer:.1f} ms, ratio {peer / ours['E(t)']:.1f}")
    mine = live["Nyquist"]
    print(f"p95 of spectra: ours {mine:.1f} ms, peer {arcs:.1f} ms, ratio {arcs / mine:.1f}")
    worst = max(*ours.values(), *live.values())
    print(f"limit {LIMIT:.0f} ms at p95: {'kept' if worst < LIMIT else 'NOT kept'}")
    del kept


if __name__ == "__main__":
    main()
