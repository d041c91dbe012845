import pytest

from app.window.reading.commands import ABORT, PAUSE, RESUME, STOP, Told
from app.window.shown.answers import HINTS, answer


def test_a_command_on_its_way():
    told = Told(1, "stop")
    assert answer(told).text == "stop: being written to the store …"
    told.kept = True
    assert answer(told).text == "told stop, waiting for the run …"
    told.issued -= 12
    assert "no answer for 12 s; it is kept" in answer(told).text


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (
            "stop: current off, cell at open circuit; the step has ended, data kept (after 0.2 s)",
            "told stop → current off after 0.2 s, cell at open circuit; the step has ended, data kept",
        ),
        ("stop: current off", "told stop → current off after 0.7 s"),
    ],
)
def test_what_the_run_did_comes_with_how_soon_it_was(outcome, text):
    told = Told(1, "stop", kept=True, outcome=outcome, seconds=0.7)
    assert answer(told).text == text
    assert answer(told).good


def test_an_emergency_stop_is_called_so():
    told = Told(1, "abort", kept=True, outcome="abort: current off (after 0.1 s)")
    assert answer(told).text == "told emergency stop → current off after 0.1 s"


def test_what_did_not_come_about_is_told_as_such():
    refused = Told(1, "resume", kept=True, outcome="resume: nothing done, nothing is paused")
    assert answer(refused).good is False
    lost = Told(1, "stop", failure="the store is gone")
    assert answer(lost).text == "stop: not sent; the store is gone"
    assert answer(lost).good is False


def test_every_button_says_beforehand_what_it_will_do():
    for verb in (STOP, ABORT, PAUSE, RESUME):
        assert HINTS[verb.word]
    assert "current off, cell at open circuit" in HINTS["stop"]
    assert "data kept" in HINTS["stop"]
