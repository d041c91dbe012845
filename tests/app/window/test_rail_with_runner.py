"""The rail against real runners in other processes: answers, skipping, and two windows that disagree."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.runner.benches import SIMULATED_BENCH
from app.window.desk import Desk
from app.window.drawn.ask_card import AskCard
from app.window.drawn.cards import ContraryCard
from app.window.drawn.right_rail import RightRail
from app.window.qt import QtCore
from core.records import RunState

ROOT = Path(__file__).parents[3]
PATIENCE = 90_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""

EXPERIMENT = """
protocol = "{protocol}"
[cell]
name = "rail test"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
rest_minimum = "0.5 min"
rest_maximum = "1 min"
"""
CAMPAIGN = """
campaign = "two strippings"
[cells.li]
name = "rail test {n}"
anode = "Li"
electrode_diameter = "6 mm"
count = 2
[[steps]]
name = "first"
protocol = "GeisStripping"
cell = "li"
fresh = true
parameters = { rest_minimum = "0.5 min", rest_maximum = "1 min" }
[[steps]]
name = "second"
protocol = "GeisStripping"
cell = "li"
fresh = true
parameters = { rest_minimum = "0.5 min", rest_maximum = "1 min", time_limit = "0.02 h" }
"""
GAUGE = '[gauge]\nbackend = "simulated"\nmodel = "mark10"'
BY_HAND = '[gauge]\nbackend = "hardware"\nmodel = "manual"'
CHAMBER = '[chamber]\nbackend = "simulated"\nmodel = "weiss-simserv"\n'
NOBODY = "\n[simulation.operator]\npresent = false\n"


@pytest.fixture
def start(tmp_path, url, qtbot):
    """Start a run, and wait until it is in the store; the process is ended after the test."""
    processes = []

    def start(text, bench=SIMULATED_BENCH, speed="600"):
        (tmp_path / "what.toml").write_text(text, encoding="utf-8")
        (tmp_path / "bench.toml").write_text(bench, encoding="utf-8")
        own = {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        arguments = ("run", "what.toml", "--bench", "bench.toml", "--store", url, "--speed", speed)
        with (tmp_path / "said.txt").open("w") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.cli.main", *arguments],
                env=os.environ | own,
                cwd=tmp_path,
                stdout=said,
                stderr=said,
            )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def make_rail(qtbot, url):
    desks = []

    def make(run=None):
        desk = Desk(url, run)
        rail = RightRail(desk)
        qtbot.addWidget(rail)
        timer = QtCore.QTimer(rail)
        timer.timeout.connect(lambda: (rail.show_view(desk.feed.view), rail.show_moment(desk.feed.view)))
        desk.start()
        timer.start(100)
        rail.resize(328, 700)
        rail.show()
        desks.append((desk, timer))
        return rail

    yield make
    for desk, timer in desks:
        timer.stop()
        desk.close()


def asking(rail):
    return [card for card in rail.stack.cards if isinstance(card, AskCard)]


def happened(rail, kind):
    snapshot = rail.desk.feed.view.snapshot
    return snapshot is not None and any(each.event.kind == kind for each in snapshot.events)


def test_a_force_is_asked_for_on_a_card_and_the_run_goes_on_when_it_is_done(qtbot, start, make_rail, store):
    start(EXPERIMENT.format(protocol="PressureRun"), SIMULATED_BENCH + NOBODY)
    rail = make_rail()
    qtbot.waitUntil(lambda: bool(asking(rail)), timeout=PATIENCE)
    (card,) = asking(rail)
    assert card.title.text().startswith("Tighten until 811.6")
    assert not card.value.isVisible()
    qtbot.waitUntil(lambda: card.dial.dial is not None and card.dial.dial.place is not None, timeout=PATIENCE)
    assert card.dial.dial.words.startswith("tighten by ")
    qtbot.mouseClick(card.buttons["acknowledge"], QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not asking(rail), timeout=PATIENCE)
    (request,) = store.run(1).requests()
    assert request.answer == "acknowledged"
    assert request.author == rail.desk.author
    assert store.run(1).summary().live


def test_a_force_read_by_hand_is_entered_and_recognised(qtbot, start, make_rail, store):
    bench = SIMULATED_BENCH.replace(GAUGE, BY_HAND).replace(CHAMBER, "") + NOBODY
    assert 'model = "manual"' in bench
    assert "[chamber]" not in bench
    text = EXPERIMENT.format(protocol="PressureRun") + 'pressure_hold = "1 s"\n'
    start(text, bench, speed="1")
    rail = make_rail()
    qtbot.waitUntil(lambda: bool(asking(rail)), timeout=PATIENCE)
    (card,) = asking(rail)
    assert card.value.isVisible()
    qtbot.keyClicks(card.value, "15 MPa")
    assert "811.6 N" in card.verdict.text()
    qtbot.keyClick(card.value, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not asking(rail), timeout=PATIENCE)
    assert store.run(1).requests()[0].answer == "holds"
    (command,) = store.run(1).commands()
    assert command.outcome.startswith("enter: 811.")


def test_skipping_ends_the_run_as_skipped_and_what_its_campaign_has_next_goes_on(
    qtbot, start, make_rail, store
):
    process = start(CAMPAIGN)
    rail = make_rail(1)
    qtbot.waitUntil(lambda: happened(rail, "current on"), timeout=PATIENCE)
    assert "What its campaign has next goes on" in rail.skip.first.toolTip()
    rail.skip.first.click()
    rail.skip.second.click()
    qtbot.waitUntil(lambda: not rail.desk.feed.view.snapshot.summary.live, timeout=PATIENCE)
    ended = store.run(1).summary()
    assert (ended.state, ended.ended) == (RunState.STOPPED, "skipped")
    (command,) = store.run(1).commands()
    assert command.outcome.startswith("skip: current off, cell at open circuit")
    process.wait(timeout=PATIENCE / 1000)
    assert [each.ended for each in store.runs()] == ["skipped", "limit"]


def test_two_windows_that_contradict_each_other_both_say_so(qtbot, start, url, store):
    from app.window.window import Window

    start(EXPERIMENT.format(protocol="GeisStripping"))
    windows = []
    for _ in range(2):
        qtbot.waitUntil(lambda: bool(store.runs()), timeout=PATIENCE)
        windows.append(Window(Desk(url)))
        qtbot.addWidget(windows[-1])
        windows[-1].start()
        windows[-1].show()
    first, second = (window.page("live").right for window in windows)
    assert first.desk.author != second.desk.author
    qtbot.waitUntil(lambda: happened(first, "current on"), timeout=PATIENCE)
    first.desk.tell("pause")
    qtbot.waitUntil(lambda: store.run(1).summary().state is RunState.PAUSED, timeout=PATIENCE)
    second.desk.tell("resume")
    for rail in (first, second):
        qtbot.waitUntil(lambda rail=rail: bool(contrary(rail)), timeout=PATIENCE)
        qtbot.waitUntil(lambda rail=rail: "goes on" in contrary(rail)[0].said[1].text(), timeout=PATIENCE)
    told, answered = (label.text() for label in contrary(first)[0].said)
    assert "this window: pause — cell at open circuit" in told
    assert f"{second.desk.author}: resume — the run goes on" in answered
    assert "this window: resume" in contrary(second)[0].said[1].text()
    contrary(first)[0].button.click()
    assert not contrary(first)
    assert contrary(second)
    for window in windows:
        window.close()


def contrary(rail):
    return [card for card in rail.stack.cards if isinstance(card, ContraryCard)]
