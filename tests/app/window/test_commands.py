import sqlite3
import threading

import pytest

from app.window.reading.commands import Commander, Told


@pytest.fixture
def commander(url):
    commander = Commander(url)
    yield commander
    commander.close()


def wait_for(told, attribute):
    pause = threading.Event()
    while not getattr(told, attribute) and not told.failure:
        pause.wait(0.02)


def test_an_answer_is_shown_with_the_time_it_took(commander, live_run):
    told = commander.tell(1, "stop")
    wait_for(told, "kept")
    assert not told.done
    assert "waiting for the run" in told.line
    (command,) = live_run.journal.take_commands()
    assert command.author
    live_run.journal.answer_command(command.id, "stop: current off")
    wait_for(told, "outcome")
    assert told.line.startswith("stop: current off (")
    assert told.line.endswith(" s)")


def test_a_time_that_the_run_gave_itself_is_not_doubled():
    told = Told(1, "stop", outcome="stop: current off (after 0.2 s)", seconds=0.31)
    assert told.line == "stop: current off (after 0.2 s)"


def test_a_run_that_ended_refuses_in_words(commander, finished_run):
    told = commander.tell(1, "stop")
    wait_for(told, "outcome")
    assert told.line.startswith("stop: not sent; run 1")
    assert "finished" in told.line


def test_a_run_that_ends_meanwhile_answers(commander, live_run):
    told = commander.tell(1, "note", "creaked")
    wait_for(told, "kept")
    live_run.end()
    wait_for(told, "outcome")
    assert "the run had ended" in told.line


def test_a_missing_store_is_told(tmp_path):
    told = Commander(f"sqlite:///{tmp_path / 'none.sqlite'}").tell(1, "abort")
    wait_for(told, "outcome")
    assert "there is no store" in told.line


def test_closing_waits_for_what_is_not_in_the_store_yet(commander, store, live_run, store_path):
    other = sqlite3.connect(store_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = commander.tell(1, "abort")
    threading.Event().wait(0.3)
    assert not told.kept
    other.rollback()
    commander.close()
    assert told.kept
    assert [command.verb for command in store.run(1).commands()] == ["abort"]
    other.close()
