"""The window while spectra arrive: how long its thread is not free, and how its memory grows.

Run ``python -m benchmarks.window_live [--rate 100] [--spectra 10000]`` from the project's folder. A second
process writes a run, each spectrum durably as a runner does, with fit and readings; the real window
follows it off screen. A timer in the window's thread that ought to tick every 2 ms shows for how long it
did not. Nothing else should be at work on the machine: with two cores the writer and the reader share them.
"""

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.window.desk import Desk
from app.window.drawn import style
from app.window.qt import QtWidgets, choose_platform
from app.window.start import SWITCH_INTERVAL, application
from app.window.window import Window
from benchmarks.made_run import MadeRun
from benchmarks.watchdog import Watchdog
from core.clock import wall_time
from storage import open_store


def write(url: str, rate: float, spectra: int) -> None:
    """Write a run at a rate, in spectra a second; say at the end which rate was reached."""
    pause, began = threading.Event(), wall_time()
    with open_store(url, create=True) as store:
        run = MadeRun(store, life=spectra * 33.0)
        for number in range(spectra):
            run.sweep()
            ahead = began + number / rate - wall_time()
            if ahead > 0:
                pause.wait(ahead)
        print(f"{spectra / (wall_time() - began):.1f}", flush=True)
        run.end()


def resident() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def watch(url: str, spectra: int, page: str) -> tuple[Watchdog, dict[int, float], float]:
    """Follow the run to its end; return the watchdog, memory in MB by spectra shown, and seconds."""
    choose_platform(offscreen=True)
    app = application()
    style.use("light")
    sys.setswitchinterval(SWITCH_INTERVAL)
    # As the window itself does when it is opened.
    gc.freeze()
    window = Window(Desk(url), page)
    window.start()
    window.show()
    dog, memory, began, opened = Watchdog(), {}, wall_time(), False
    marks = [each for each in (1000, 2000, 5000, 10000, 20000, 50000) if each < spectra] + [spectra]
    while True:
        app.processEvents()
        QtWidgets.QApplication.sendPostedEvents()
        snapshot = window.desk.feed.view.snapshot
        shown = 0 if snapshot is None else len(snapshot.fits)
        if not opened and shown > 100:
            opened = True
            dog.reset()
        if marks and shown >= marks[0]:
            memory[marks.pop(0)] = resident()
        if snapshot is not None and not snapshot.summary.live and not marks:
            break
        app.thread().msleep(1)
    dog.stop()
    window.close()
    return dog, memory, wall_time() - began


def main() -> None:
    """Write and watch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--spectra", type=int, default=10_000)
    parser.add_argument("--page", default="live")
    parser.add_argument("--write", metavar="URL", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(given.write, given.rate, given.spectra)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/live.sqlite"
        open_store(url, create=True).close()
        command = [sys.executable, "-m", "benchmarks.window_live", "--write", url]
        command += ["--rate", str(given.rate), "--spectra", str(given.spectra)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            dog, memory, seconds = watch(url, given.spectra, given.page)
            reached = (writer.stdout.read() if writer.stdout else "").strip()
    figures = dog.figures()
    print(f"{given.spectra} spectra in {seconds:.0f} s, written at {reached} a second")
    print(
        f"gaps in the window's thread / ms: median {figures['p50']:.1f}, p95 {figures['p95']:.1f}, "
        f"p99 {figures['p99']:.1f}, longest {figures['longest']:.0f}; {figures['over_100']:.0f} over 100 ms"
    )
    for where, count in dog.blamed.most_common(8):
        print(f"  {count:4} × {where}")
    for shown, megabytes in memory.items():
        print(f"memory with {shown} spectra shown: {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
