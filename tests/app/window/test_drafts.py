"""The client of the companion process, with the real process, and with ones that misbehave."""

import os
import signal
import sys
import threading

import pytest

from app.window.reading.drafts import Drafts
from core.errors import StripbenchError

PATIENCE = 60.0


SMALL = (
    sys.executable,
    "-S",
    "-c",
    "import json, sys\nfor line in sys.stdin:\n"
    "    print(json.dumps({'id': json.loads(line)['id'], 'answer': 'here'}), flush=True)",
)
"""Answers as the companion process does, and imports nothing: for tests of how it is started and ended."""


@pytest.fixture(scope="module")
def real():
    """The real companion process."""
    asked = Drafts()
    yield asked
    asked.close()


@pytest.fixture
def drafts():
    made = []

    def make(**options):
        made.append(Drafts(**options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def answer(drafts, do, **given):
    found, there = [], threading.Event()

    def take(result):
        found.append(result)
        there.set()

    drafts.ask(do, take, **given)
    assert there.wait(PATIENCE)
    return found[0]


def test_the_companion_process_describes_and_checks(real):
    assert any(each["name"] == "GeisStripping" for each in answer(real, "catalogue")["protocols"])
    checked = answer(real, "check", draft={"protocol": "OcvRest"})
    assert not checked["ok"]


def test_a_question_that_is_refused_gives_the_error(real):
    found = answer(real, "open", path="/nowhere/at/all.toml")
    assert isinstance(found, StripbenchError)
    assert "/nowhere/at/all.toml" in found.problem


def test_a_process_that_was_killed_is_started_again_and_the_question_answered(drafts):
    asked = drafts(command=SMALL)
    assert answer(asked, "catalogue") == "here"
    os.kill(asked.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert answer(asked, "catalogue") == "here"
    assert asked.restarts == 1


def test_a_process_that_always_ends_is_told_with_its_last_words(drafts):
    words = "import sys; sys.stderr.write('no licence\\n'); sys.exit(3)"
    found = answer(drafts(command=[sys.executable, "-c", words]), "catalogue")
    assert isinstance(found, StripbenchError)
    assert "has ended" in found.problem


def test_a_process_that_hangs_is_ended(drafts):
    asked = drafts(command=[sys.executable, "-c", "import time; time.sleep(600)"], patience=0.2)
    assert isinstance(answer(asked, "catalogue"), StripbenchError)
    assert asked.pid is None


def test_a_program_that_is_not_there_is_told(drafts):
    assert isinstance(answer(drafts(command=["/nowhere/python"]), "catalogue"), StripbenchError)


def test_of_questions_that_replace_each_other_the_last_one_is_answered(real):
    found = []
    for place in range(20):
        real.ask("check", lambda _, place=place: found.append(place), replaces="check", draft={})
    assert real.wait(PATIENCE)
    assert found[-1] == 19
    assert len(found) < 20


def test_after_closing_nothing_is_left_and_a_question_starts_it_again(drafts):
    asked = drafts(command=SMALL)
    answer(asked, "catalogue")
    asked.close()
    assert asked.pid is None
    assert answer(asked, "catalogue") == "here"
