"""The real window against a real runner in another process, on the simulated bench."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.window.qt import QtCore
from core.records import RunState
from storage import open_store

ROOT = Path(__file__).parents[3]
EXPERIMENT = """
protocol = "GeisStripping"
[cell]
name = "window test"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
current_density = "100 µA/cm²"
rest_minimum = "1 min"
rest_maximum = "2 min"
"""
PATIENCE = 60_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""


def stripbench(folder, *arguments, **options):
    # A home of its own, so that log files do not end up among those of a real bench.
    own = {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    command = [sys.executable, "-m", "app.cli.main", *arguments]
    return subprocess.Popen(command, env=os.environ | own, cwd=folder, text=True, **options)


@pytest.fixture
def runner(qtbot, tmp_path, url):
    """A runner at 600 times the pace of the bench, and past its first spectrum."""
    (tmp_path / "experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    said = tmp_path / "runner.txt"
    with said.open("w") as file:
        process = stripbench(
            tmp_path,
            *("run", "experiment.toml", "--store", url, "--speed", "600", "--progress", "jsonl"),
            stderr=file,
        )
    try:
        qtbot.waitUntil(
            lambda: "checksum" in said.read_text() or process.poll() is not None, timeout=PATIENCE
        )
        assert process.poll() is None, said.read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def snapshot_of(window):
    return window.desk.feed.view.snapshot


def fits(window):
    """How many fits the window has read and drawn."""
    snapshot = snapshot_of(window)
    return 0 if snapshot is None else len(snapshot.fits)


def test_new_spectra_appear_and_stop_ends_the_run_as_stopped(qtbot, runner, open_window, url):
    window = open_window(url)
    title = window.header.title
    qtbot.waitUntil(lambda: fits(window) >= 3, timeout=PATIENCE)
    before = fits(window)
    qtbot.waitUntil(lambda: fits(window) > before + 5, timeout=PATIENCE)
    qtbot.waitUntil(lambda: title.word.text() == "stripping", timeout=PATIENCE)
    assert title.badge.isVisible()
    qtbot.mouseClick(title.stop, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "stop → current off" in window.header.answer.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: title.word.text() == "stopped", timeout=PATIENCE)
    assert runner.wait(timeout=60) == 3
    with open_store(url) as store:
        assert store.run(1).summary().state is RunState.STOPPED
        (command,) = store.run(1).commands()
        assert (command.verb, command.outcome.split(":")[0]) == ("stop", "stop")
        spectra = store.run(1).summary().spectra
    qtbot.waitUntil(lambda: snapshot_of(window).summary.spectra == spectra, timeout=PATIENCE)
    assert not title.stop.isEnabled()


def test_a_run_whose_process_is_killed_while_watched_is_told_to_be_interrupted(
    qtbot, runner, open_window, url
):
    window = open_window(url)
    qtbot.waitUntil(lambda: fits(window) >= 3, timeout=PATIENCE)
    runner.kill()
    runner.wait()
    qtbot.waitUntil(lambda: window.header.title.word.text() == "interrupted", timeout=PATIENCE)
    assert "Interrupted" in window.notice.text()
    assert "Look at the potentiostat" in window.notice.text()
    assert not window.header.title.stop.isEnabled()
    with open_store(url) as store:
        kept = len(store.run(1).fits())
        assert store.check() == []
    qtbot.waitUntil(lambda: fits(window) == kept, timeout=PATIENCE)
