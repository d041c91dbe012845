import sqlite3

import pytest

from core.errors import BadInput, StoreError
from core.records import RunState
from storage import VERBS, entered


def test_commands_are_taken_once_in_order_and_answered(store, journal):
    ids = [store.tell(journal.run, verb, author="operator@window") for verb in ("pause", "resume")]
    ids.append(store.tell(journal.run, "note", "dry ice refilled"))
    assert store.command(ids[0]).picked_up_utc is None
    taken = journal.take_commands()
    assert [each.id for each in taken] == ids
    assert [each.verb for each in taken] == ["pause", "resume", "note"]
    assert (taken[0].author, taken[2].argument) == ("operator@window", "dry ice refilled")
    assert journal.take_commands() == []
    found = store.command(ids[0])
    assert found.picked_up_utc is not None
    assert found.picked_up_utc >= found.issued_utc
    assert found.outcome is None
    journal.answer_command(ids[0], "open circuit since 12.5 s")
    found = store.command(ids[0])
    assert found.outcome == "open circuit since 12.5 s"
    assert found.outcome_utc >= found.picked_up_utc
    run = store.run(journal.run)
    assert [each.id for each in run.commands()] == ids
    assert run.commands(after=ids[1])[0].verb == "note"


def test_looking_for_commands_writes_nothing(journal, path):
    journal.take_commands()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert journal.take_commands() == []
    connection.execute("ROLLBACK")
    connection.close()


def test_a_command_reaches_its_own_run_only(store, journal, header):
    other = store.begin_run(header)
    number = store.tell(journal.run, "stop")
    assert other.take_commands() == []
    other.answer_command(number, "mistaken")
    assert store.command(number).outcome is None
    assert [each.id for each in journal.take_commands()] == [number]
    other.close()


@pytest.mark.parametrize("state", [RunState.FINISHED, RunState.STOPPED, RunState.ABORTED, RunState.FAILED])
def test_an_ended_run_refuses(store, journal, state):
    journal.finish(state, "cut-off")
    for verb in VERBS:
        with pytest.raises(StoreError, match=rf"run 1 of Li0.9Mg0.1 is {state} \(cut-off\).*{verb}"):
            store.tell(journal.run, verb, "405 N")
    assert store.run(journal.run).commands() == []


def test_an_interrupted_or_unknown_run_refuses(store, journal, path):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE run SET heartbeat_utc = '2001-01-01 00:00:00.000000'")
    connection.close()
    with pytest.raises(StoreError, match="interrupted"):
        store.tell(journal.run, "pause")
    # Its process lives, only nothing is heard of it: what ends it is kept for it all the same.
    assert store.tell(journal.run, "stop")
    with pytest.raises(StoreError, match="no run 9; it has runs 1"):
        store.tell(9, "stop")


def test_words_that_mean_nothing_are_refused(store, journal):
    with pytest.raises(BadInput, match=r"'halt'.*pause, resume, stop"):
        store.tell(journal.run, "halt")
    with pytest.raises(BadInput, match="note is empty"):
        store.tell(journal.run, "note", "  ")
    assert store.run(journal.run).commands() == []


@pytest.mark.parametrize("argument", ["405.8 N", "7.5 MPa", "0.4 kN", "75 bar"])
def test_what_a_gauge_shows_is_entered_as_it_was_read(store, journal, argument):
    store.tell(journal.run, "enter", argument)
    assert [(each.verb, each.argument) for each in journal.take_commands()] == [("enter", argument)]


@pytest.mark.parametrize("argument", ["", "405", "405,8 N", "25 °C", "N", "nan N", "1e999 N"])
def test_what_no_gauge_shows_is_refused(store, journal, argument):
    with pytest.raises(BadInput, match=r"neither a force nor a pressure.*405\.8 N"):
        store.tell(journal.run, "enter", argument)
    assert store.run(journal.run).commands() == []


def test_entered_values_are_si():
    assert entered("0.4058 kN") == (pytest.approx(405.8), "N")
    assert entered("7.5 MPa") == (pytest.approx(7.5e6), "Pa")


@pytest.mark.parametrize("state", [RunState.PAUSED, RunState.WAITING])
def test_a_run_that_waits_can_be_told(store, journal, state):
    journal.set_state(state)
    store.tell(journal.run, "acknowledge")
    assert [each.verb for each in journal.take_commands()] == ["acknowledge"]


def test_an_override_names_its_rule(store, journal):
    with pytest.raises(BadInput, match="name of a rule"):
        store.tell(journal.run, "override", " ")
    store.tell(journal.run, "override", "soft short", "kim")
    (taken,) = journal.take_commands()
    assert (taken.verb, taken.argument, taken.author) == ("override", "soft short", "kim")


def test_commands_nobody_answered_are_answered_by_the_end(store, journal):
    taken = store.tell(journal.run, "pause")
    journal.take_commands()
    waiting = store.tell(journal.run, "stop")
    done = store.tell(journal.run, "note", "x")
    journal.answer_command(done, "noted")
    journal.finish(RunState.FINISHED, "cut-off")
    for number in (taken, waiting):
        assert store.command(number).outcome == "not carried out: the run had ended (finished)"
    assert store.command(done).outcome == "noted"
    with pytest.raises(StoreError, match="no command 99"):
        store.command(99)
