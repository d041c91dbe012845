"""The real window against a real runner in another process, on the simulated bench."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.window.commands import Commander
from app.window.feed import Feed
from app.window.qt import QtCore
from app.window.window import Window
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


@pytest.fixture
def window(qtbot, runner, url):
    window = Window(Feed(url), Commander(url))
    qtbot.addWidget(window)
    window.start()
    window.show()
    return window


def shown_fits(window):
    x, _ = window.contact.curves[0][0].getData()
    return 0 if x is None else len(x)


def test_new_spectra_appear_and_stop_ends_the_run_as_stopped(qtbot, runner, window, url):
    qtbot.waitUntil(lambda: shown_fits(window) >= 3, timeout=PATIENCE)
    before = shown_fits(window)
    qtbot.waitUntil(lambda: shown_fits(window) > before + 5, timeout=PATIENCE)
    assert window.header.title.badge.isVisible()
    assert window.header.title.word.text() == "stripping"
    qtbot.mouseClick(window.header.title.stop, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "stop: current off" in window.header.answer.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "stopped", timeout=PATIENCE)
    assert runner.wait(timeout=60) == 3
    with open_store(url) as store:
        assert store.run(1).summary().state is RunState.STOPPED
        (command,) = store.run(1).commands()
        assert (command.verb, command.outcome.split(":")[0]) == ("stop", "stop")
        spectra = store.run(1).summary().spectra
    qtbot.waitUntil(lambda: f"{spectra} spectra" in window.footer.text.text(), timeout=PATIENCE)
    assert not window.header.title.stop.isEnabled()


def test_killing_a_window_changes_nothing(qtbot, runner, tmp_path, url):
    watching = stripbench(tmp_path, "watch", "--store", url)
    with open_store(url) as store:
        run = store.run(1)
        # The window has the store open once it has read it; only then is killing it of interest.
        qtbot.waitUntil(lambda: has_open(watching.pid, tmp_path / "store.sqlite"), timeout=PATIENCE)
        watching.kill()
        watching.wait()
        before = run.summary().spectra
        qtbot.waitUntil(lambda: run.summary().spectra > before + 5, timeout=PATIENCE)
        assert run.summary().live
        assert runner.poll() is None
        assert run.commands() == []
        assert not [each for each in run.events() if each.event.severity == "alarm"]
        assert store.check() == []


def has_open(pid, path):
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at the open files of another process")
    descriptors = Path(f"/proc/{pid}/fd")
    try:
        return any(os.readlink(each) == str(path) for each in descriptors.iterdir())
    except FileNotFoundError:
        # A descriptor was closed between listing and looking; the next look tells.
        return False
