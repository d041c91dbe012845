"""Stores and runs as they should not be: the window says what is wrong and what to do, and goes on."""

import logging
import math
import os
import sqlite3
import sys
from dataclasses import replace

import numpy as np
import pytest

from app.window.pages.places import PLACES
from app.window.qt import QtCore
from app.window.start import watch_run
from core.cell import Cell
from core.records import Event, Reading, Spectrum, Value
from storage import RunHeader, open_store

LEFT = QtCore.Qt.MouseButton.LeftButton
PATIENCE = 20_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""


@pytest.fixture(autouse=True)
def nothing_raised(caplog):
    """No defect is logged, in whatever thread; one that reaches Qt fails the test by itself."""
    yield
    defects = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.ERROR and "was not sent" not in record.getMessage()
    ]
    assert not defects


def words(window):
    """What the live page says in place of the plots."""
    empty = window.front.empty
    return f"{empty.title.text()}\n{empty.text.text()}\n{empty.remedy.text()}"


def shows(window, run=1):
    snapshot = window.desk.feed.view.snapshot
    return snapshot is not None and snapshot.summary.run == run and not window.desk.feed.view.loading


def goes_everywhere(qtbot, window):
    """Look at every page until it has drawn what there is."""
    for place in PLACES:
        window.go(place.name)
        qtbot.wait(60)
    window.go("live")


def missing(path):
    path.unlink(missing_ok=True)


def empty_file(path):
    path.write_bytes(b"")


def letters(path):
    path.write_text("Dear colleague, the data are in the other folder.\n" * 300, encoding="utf-8")


def other_database(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE samples (name TEXT)")
    other.close()


def folder(path):
    path.mkdir()


def newer(path):
    with open_store(f"sqlite:///{path}", create=True):
        pass
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()


def truncated(path):
    with open_store(f"sqlite:///{path}", create=True):
        pass
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def no_permission(path):
    with open_store(f"sqlite:///{path}", create=True):
        pass
    path.chmod(0)


UNPRIVILEGED = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="whoever may do anything is refused nothing"
)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (missing, "there is no store"),
        (empty_file, "is empty"),
        (letters, "not a stripbench store"),
        (other_database, "not a stripbench store"),
        (folder, "folder"),
        (newer, "newer stripbench"),
        (truncated, "damaged"),
        pytest.param(no_permission, "cannot be opened", marks=UNPRIVILEGED),
    ],
)
def test_what_is_no_store_is_explained_in_the_window_and_in_a_picture(
    qtbot, open_window, store_path, url, tmp_path, capsys, spoil, problem
):
    spoil(store_path)
    window = open_window(url)
    qtbot.waitUntil(lambda: problem in words(window).lower(), timeout=PATIENCE)
    trouble = window.desk.feed.view.trouble
    assert trouble.remedy
    assert "internal error" not in trouble.problem
    assert trouble.remedy[1:].rstrip(".") in words(window)
    assert not window.header.title.stop.isEnabled()
    goes_everywhere(qtbot, window)
    assert watch_run(url, None, tmp_path / "seen.png") == 2
    said = capsys.readouterr().err
    assert problem in said.lower()
    assert trouble.remedy in said
    assert (tmp_path / "seen.png").stat().st_size > 10_000


def test_a_run_number_that_does_not_exist_is_told_with_those_that_do(
    qtbot, open_window, url, live_run, tmp_path, capsys
):
    window = open_window(url, 9)
    qtbot.waitUntil(lambda: "no run 9" in words(window), timeout=PATIENCE)
    assert "it has runs 1" in words(window).lower()
    goes_everywhere(qtbot, window)
    assert watch_run(url, 9, tmp_path / "seen.png") == 2
    assert "no run 9" in capsys.readouterr().err


def test_a_store_that_another_process_keeps_locked_is_waited_for(
    qtbot, open_window, url, store, store_path, live_run
):
    """The window says that it was not sent and why, and offers it until the store takes it."""
    window = open_window(url)
    title, answer = window.header.title, window.header.answer
    qtbot.waitUntil(lambda: shows(window) and title.pause.isEnabled(), timeout=PATIENCE)
    holder = sqlite3.connect(store_path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    qtbot.mouseClick(title.pause, LEFT)
    qtbot.waitUntil(lambda: "being written to the store" in answer.text(), timeout=PATIENCE)
    goes_everywhere(qtbot, window)
    qtbot.waitUntil(lambda: "pause: NOT SENT YET" in answer.text(), timeout=PATIENCE)
    assert "locked" in answer.text()
    assert len(window.desk.feed.view.snapshot.fits) == 25
    holder.rollback()
    holder.close()
    qtbot.waitUntil(lambda: window.desk.told[0].kept, timeout=PATIENCE)
    assert [each.verb for each in store.run(1).commands()] == ["pause"]


def test_a_locked_store_that_a_window_opens_on_is_shown_when_it_is_free(
    qtbot, open_window, url, store, store_path, finished_run
):
    store.close()
    holder = sqlite3.connect(store_path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    window = open_window(url)
    qtbot.waitUntil(lambda: "locked" in words(window).lower(), timeout=PATIENCE)
    assert "close what else has it open" in words(window).lower()
    goes_everywhere(qtbot, window)
    holder.rollback()
    holder.close()
    qtbot.waitUntil(lambda: shows(window), timeout=PATIENCE)


def test_a_store_that_goes_and_comes_back_is_shown_again_on_every_page(
    qtbot, open_window, url, store_path, live_run
):
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window), timeout=PATIENCE)
    away = store_path.with_suffix(".away")
    store_path.rename(away)
    qtbot.waitUntil(window.notice.isVisible, timeout=PATIENCE)
    assert "not there any more" in window.notice.text()
    assert "bring the drive or the file back" in window.notice.text()
    goes_everywhere(qtbot, window)
    qtbot.mouseClick(window.header.title.stop, LEFT)
    qtbot.waitUntil(lambda: "stop: not sent" in window.header.answer.text(), timeout=PATIENCE)
    away.rename(store_path)
    qtbot.waitUntil(lambda: not window.notice.isVisible(), timeout=PATIENCE)
    live_run.strip(1, every=600.0)
    qtbot.waitUntil(lambda: len(window.desk.feed.view.snapshot.fits) == 26, timeout=PATIENCE)


def test_a_run_in_the_bin_is_still_shown_and_can_be_drawn(
    qtbot, open_window, url, store, finished_run, tmp_path
):
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window), timeout=PATIENCE)
    store.annotate(1, "binned")
    qtbot.waitUntil(lambda: "in the bin" in window.notice.text(), timeout=PATIENCE)
    assert "restores it" in window.notice.text()
    goes_everywhere(qtbot, window)
    assert watch_run(url, 1, tmp_path / "seen.png") == 0


NOT_A_NUMBER = complex(math.nan, math.nan)


def nan_spectrum(run):
    frequency = np.geomspace(7e6, 1.0, 69)
    still = np.zeros(69)
    times = run.time - 27.0 + np.linspace(0.4, 27.0, 69)
    spectrum = Spectrum(
        "GEIS", frequency, np.full(69, NOT_A_NUMBER), times, still, still, still, still, 2.8e-6
    )
    run.journal.spectrum(run.step, spectrum)


def odd_fit(run):
    plain = run.fit

    def fit(*given):
        found = plain(*given)
        odd = {"R_int": Value(math.inf, math.nan), "C_int": Value(math.nan, math.inf)}
        return replace(found, parameters=dict(found.parameters) | odd)

    run.fit = fit
    run.strip(2, every=600.0)
    run.fit = plain


def unknown_event(run):
    event = Event("the moon", "rose over the laboratory", run.time, "alarm", {"phase": math.nan})
    run.journal.event(event)


def zero_frequency(run):
    frequency = np.array([0.0, -1.0, math.inf, math.nan])
    still = np.zeros(4)
    impedance = np.array([0j, complex(math.inf, 0), complex(0, -math.inf), NOT_A_NUMBER])
    run.journal.spectrum(
        run.step,
        Spectrum("GEIS", frequency, impedance, np.full(4, run.time), still, still, still, still, 2.8e-6),
    )


def odd_readings(run):
    for quantity in ("E", "I", "Q", "T", "F"):
        for value in (math.nan, math.inf, -math.inf, 1e300):
            run.reading("potentiostat", quantity, value)


@pytest.mark.parametrize("spoil", [nan_spectrum, odd_fit, unknown_event, zero_frequency, odd_readings])
def test_what_cannot_be_drawn_is_left_out_and_the_rest_is_shown(
    qtbot, open_window, url, live_run, tmp_path, spoil
):
    spoil(live_run)
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window), timeout=PATIENCE)
    for view in window.front.VIEWS:
        window.front.look_at(view)
        qtbot.wait(220)
    for time in (0.0, 7200.0, live_run.time, 1e9):
        window.desk.point(time)
        qtbot.wait(100)
    window.desk.point(None)
    window.change_units()
    goes_everywhere(qtbot, window)
    assert window.desk.feed.view.trouble is None
    live_run.strip(2, every=600.0)
    qtbot.waitUntil(
        lambda: window.desk.feed.view.snapshot.fits[-1, 0] > live_run.time - 60.0, timeout=PATIENCE
    )
    assert watch_run(url, None, tmp_path / "seen.png") == 0


def test_a_run_of_which_little_is_known_and_of_a_huge_cell_is_shown(qtbot, open_window, url, store, tmp_path):
    pane = {"name": "pane", "anode": "Li", "electrode_diameter": "2 m", "pellet_diameter": "2.1 m"}
    cell = Cell.model_validate(pane)
    journal = store.begin_run(RunHeader("Homemade", {}, cell, "bench 3", simulated=False, seed=None))
    journal.readings([Reading(1.0, "potentiostat", "E", 0.4), Reading(1.0, "gauge", "F", 4e6)])
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.header.title.cell.text() == "pane", timeout=PATIENCE)
    goes_everywhere(qtbot, window)
    window.change_units()
    goes_everywhere(qtbot, window)
    journal.close()
    assert watch_run(url, None, tmp_path / "seen.png") == 0
