import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import utc_now
from core.errors import StoreError
from core.records import RunState
from storage.process import Process


def set_run(path, **values) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for name, value in values.items():
            connection.execute(f"UPDATE run SET {name} = ?", (value,))
    connection.close()


def test_run_is_listed_before_anything_else_happens(store, header):
    journal = store.begin_run(header)
    (summary,) = store.runs()
    assert (summary.run, summary.cell, summary.protocol) == (journal.run, "Li0.9Mg0.1", "GeisStripping")
    assert (summary.state, summary.simulated, summary.spectra) == (RunState.RUNNING, True, 0)
    assert (summary.bench, summary.channel, summary.live) == ("bench", 3, True)
    assert summary.started_utc == header.started_utc
    journal.close()


def test_runs_are_listed_oldest_first_with_their_spectra(store, header, make_spectrum):
    for spectra in (2, 0, 1):
        journal = store.begin_run(header)
        step = journal.begin_step("1", "P", "geis", {}, 0.0)
        for seed in range(spectra):
            journal.spectrum(step, make_spectrum(seed))
        journal.close()
    assert [(each.run, each.spectra) for each in store.runs()] == [(1, 2), (2, 0), (3, 1)]


def test_readers_see_states_change(store, journal):
    run = store.run(journal.run)
    journal.set_state(RunState.PAUSED, "by the operator")
    assert (run.summary().state, run.summary().end_reason) == (RunState.PAUSED, "by the operator")
    journal.set_state(RunState.RUNNING, "")
    journal.beat(123.5)
    assert (run.summary().state, run.summary().bench_time) == (RunState.RUNNING, 123.5)
    journal.finish(RunState.STOPPED, "by the operator", 130.0)
    summary = run.summary()
    assert (summary.state, summary.bench_time, summary.live) == (RunState.STOPPED, 130.0, False)
    assert summary.ended_utc >= summary.started_utc


@pytest.mark.parametrize("state", [RunState.INTERRUPTED, RunState.RUNNING])
def test_run_cannot_end_in_a_state_that_is_no_end(journal, state):
    with pytest.raises(ValueError, match=f"cannot end as {state}"):
        journal.finish(state, "")


def test_end_is_not_set_in_passing(journal):
    with pytest.raises(ValueError, match="finish"):
        journal.set_state(RunState.FINISHED)


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.PAUSED, RunState.WAITING])
def test_run_that_is_not_heard_of_reads_as_interrupted(store, journal, path, state):
    journal.set_state(state)
    silent = (utc_now() - timedelta(seconds=9)).replace(tzinfo=None)
    set_run(path, heartbeat_utc=str(silent))
    assert store.runs()[0].state == state
    set_run(path, heartbeat_utc=str(silent - timedelta(seconds=3)))
    assert store.runs()[0].state == RunState.INTERRUPTED
    assert "nothing was heard" in store.runs()[0].end_reason
    journal.beat(1.0)
    assert store.runs()[0].state == state


def test_run_whose_process_is_gone_reads_as_interrupted_at_once(store, journal, path):
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    set_run(path, pid=child.pid)
    assert store.runs()[0].state == RunState.INTERRUPTED
    assert f"({child.pid} on" in store.runs()[0].end_reason


def test_ended_run_stays_what_it_was_when_its_process_is_gone(store, journal, path):
    journal.finish(RunState.FINISHED, "cut-off")
    set_run(path, pid=2**22 + 1, heartbeat_utc="2001-01-01 00:00:00.000000")
    assert (store.runs()[0].state, store.runs()[0].end_reason) == (RunState.FINISHED, "cut-off")


def test_process_is_told_from_others():
    me = Process.current()
    assert me.pid == os.getpid()
    assert not me.is_gone()
    assert not replace(me, pid=2**22 + 1, hostname="another computer").is_gone()
    assert replace(me, boot="an earlier boot").is_gone()
    if me.started:
        assert replace(me, started=me.started + "1").is_gone()
        assert not replace(me, started="").is_gone()


def test_process_that_nobody_waited_for_is_gone():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = replace(Process.current(), pid=child.pid, started="")
    assert not process.is_gone()
    child.stdin.close()
    while not process.is_gone():
        pass
    child.wait()


def test_closed_journal_refuses_in_words(store, journal):
    journal.close()
    journal.close()
    with pytest.raises(StoreError, match=f"journal of run {journal.run} is closed"):
        journal.beat(1.0)


def test_file_alone_holds_a_closed_run_while_somebody_reads(
    store, journal, step, path, tmp_path, make_spectrum
):
    number = journal.spectrum(step, make_spectrum())
    run = store.run(journal.run)
    assert len(run.spectra()) == 1
    journal.finish(RunState.FINISHED, "")
    journal.close()
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(path.read_bytes())
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT id FROM spectrum").fetchall() == [(number,)]
    connection.close()
