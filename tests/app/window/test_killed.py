"""A window that is killed while a run goes on, and the one that is opened after it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.window.qt import QtCore
from core.records import RunState

ROOT = Path(__file__).parents[3]
EXPERIMENT = """
protocol = "GeisStripping"
[cell]
name = "killed window"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
rest_minimum = "1 min"
rest_maximum = "2 min"
"""
PATIENCE = 60_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""


@pytest.fixture
def start(tmp_path):
    """Start a command in a process of its own, with a home of its own; it is ended after the test."""
    processes = []

    def start(*arguments):
        own = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        own |= {f"XDG_{name}_HOME": str(tmp_path) for name in ("STATE", "DATA", "CONFIG")}
        command = [sys.executable, "-m", "app.cli.main", *arguments]
        with (tmp_path / "said.txt").open("a") as said:
            process = subprocess.Popen(
                command, env=os.environ | own, cwd=tmp_path, stdout=said, stderr=subprocess.STDOUT
            )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def run(qtbot, start, tmp_path, url, store):
    """A run that has begun to strip, at 600 times the pace of a bench."""
    (tmp_path / "experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    process = start("run", "experiment.toml", "--store", url, "--speed", "600")
    qtbot.waitUntil(lambda: bool(store.runs()) or process.poll() is not None, timeout=PATIENCE)
    assert process.poll() is None, (tmp_path / "said.txt").read_text()
    qtbot.waitUntil(lambda: store.run(1).summary().spectra >= 2, timeout=PATIENCE)
    return process


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at the open files of a process")
def test_the_run_goes_on_nothing_stays_locked_and_a_new_window_shows_all(
    qtbot, run, start, open_window, store, store_path, url
):
    killed = start("watch", "--store", url)
    # It has the store open once it has read it; only then is killing it of interest.
    qtbot.waitUntil(lambda: has_open(killed.pid, store_path), timeout=PATIENCE)
    killed.kill()
    killed.wait()
    before = store.run(1).summary().spectra
    qtbot.waitUntil(lambda: store.run(1).summary().spectra > before + 5, timeout=PATIENCE)
    assert store.run(1).summary().live
    assert run.poll() is None
    assert store.run(1).commands() == []
    assert not [each for each in store.run(1).events() if each.event.severity == "alarm"]
    can_be_written(store_path)

    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "stripping", timeout=PATIENCE)
    qtbot.mouseClick(window.header.title.stop, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "stopped", timeout=PATIENCE)
    assert run.wait(60) == 3
    reader = store.run(1)
    assert reader.summary().state is RunState.STOPPED
    fitted = len(reader.fits())
    qtbot.waitUntil(lambda: len(window.desk.feed.view.snapshot.fits) == fitted, timeout=PATIENCE)
    snapshot = window.desk.feed.view.snapshot
    assert snapshot.fits[0, 0] == min(each.fit.time for each in reader.fits())
    assert store.check() == []


def has_open(pid, path):
    try:
        return any(os.readlink(each) == str(path) for each in Path(f"/proc/{pid}/fd").iterdir())
    except FileNotFoundError:
        # A descriptor was closed between listing and looking; the next look tells.
        return False


def can_be_written(path):
    """Take the lock of a writer, for a moment."""
    other = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    other.execute("BEGIN IMMEDIATE")
    other.rollback()
    other.close()
