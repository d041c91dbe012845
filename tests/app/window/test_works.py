"""Work in the background: refits, replays and exports, one after the other."""

import json
import time
from pathlib import Path

import pytest

from app.launching import Progress
from app.window.reading.works import Job, Works
from app.window.shown.work_lines import work_line


def wait_for(true, seconds=60.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came to pass"
        time.sleep(0.02)


class Pretended:
    """A process that does what the test says."""

    started: list["Pretended"] = []  # noqa: RUF012

    def __init__(self, arguments, store):
        self.arguments, self.progress, self.cancelled, self.closed = (
            arguments,
            Progress("working"),
            False,
            False,
        )
        Pretended.started.append(self)

    def poll(self):
        return self.progress

    def cancel(self):
        self.cancelled, self.progress = True, Progress("cancelled")

    def close(self):
        self.closed = True


@pytest.fixture
def works():
    Pretended.started = []
    made = Works("sqlite:///x", Pretended)
    yield made
    made.close()


def test_the_second_job_waits_for_the_first(works):
    works.refit(1)
    works.replay(2)
    wait_for(lambda: Pretended.started)
    assert [job.state for job in works.jobs] == ["working", "waiting"]
    Pretended.started[0].progress = Progress("done", ("said",), {"runs": [{"spectra": 90, "version": 3}]})
    wait_for(lambda: len(Pretended.started) == 2)
    assert Pretended.started[1].arguments == ("replay", "2")
    assert "90 spectra, kept as version 3" in work_line(works.jobs[0]).text


def test_a_job_that_waits_is_cancelled_without_ever_beginning(works):
    works.refit(1)
    works.cancel(works.refit(2))
    wait_for(lambda: Pretended.started)
    Pretended.started[0].progress = Progress("failed", problem="the store is locked")
    wait_for(lambda: all(job.over for job in works.jobs))
    assert len(Pretended.started) == 1
    assert [work_line(job).severity for job in works.jobs] == ["alarm", "warning"]
    works.put_away()
    assert works.jobs == ()


def test_closing_ends_what_is_under_way_and_begins_nothing_more(works):
    works.refit(1)
    works.refit(2)
    wait_for(lambda: Pretended.started)
    works.close()
    assert Pretended.started[0].cancelled
    assert len(Pretended.started) == 1


def test_a_replay_tells_its_decisions_and_differences():
    outcome = {"runs": [{"decisions": 9}], "differences": 0}
    line = work_line(Job(1, "replay of run 7", ("replay", "7"), "done", outcome=outcome))
    assert line.text == "replay of run 7: 9 decisions, 0 differences"
    assert line.severity == "good"
    outcome["differences"] = 2
    assert (
        work_line(Job(1, "replay of run 7", ("replay", "7"), "done", outcome=outcome)).severity == "warning"
    )


def test_real_processes_export_and_replay_a_run(url, live_run, tmp_path: Path):
    live_run.current_off("cut-off")
    live_run.end()
    number, target = live_run.journal.run, tmp_path / "exported"
    works = Works(url)
    works.export((number,), target)
    works.replay(number)
    wait_for(lambda: all(job.over for job in works.jobs))
    works.close()
    assert [job.state for job in works.jobs] == ["done", "done"], works.jobs
    known = json.loads(next(target.glob("*/run.json")).read_text(encoding="utf-8"))
    assert known["run"] == number
    assert str(target) in work_line(works.jobs[0]).text
