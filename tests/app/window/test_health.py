import pytest

from app.window.shown.health import BAD, GOOD, LATE, QUIET, REMEDIES, lights
from core.records import RunState


@pytest.fixture
def equipped(live_run):
    live_run.journal.instrument("chamber", "LabEvent T/110/70/3", "5", "SS:55")
    live_run.journal.instrument("gauge", "Mark-10", "", "V1.00")
    live_run.journal.flush()
    return live_run


def levels(snapshot):
    return {light.role: light.level for light in lights(snapshot)}


def test_instruments_that_answer_in_time_are_good(look, equipped):
    assert levels(look()) == {"potentiostat": GOOD, "chamber": GOOD, "gauge": GOOD}
    light = lights(look())[0]
    assert light.identity == "VMP-300, no. 0123, firmware 11.50"
    assert light.name == "potentiostat"
    assert "last reading 0.0 s ago" in light.tip


@pytest.mark.parametrize(("minutes", "level"), [(15, GOOD), (25, LATE), (59, LATE), (70, BAD)])
def test_a_reading_that_is_overdue_is_late_and_then_bad(look, equipped, minutes, level):
    # The chamber is read every ten minutes by this run.
    equipped.journal.beat(equipped.time + 60.0 * minutes)
    light = lights(look())[1]
    assert light.level == level
    if level != GOOD:
        assert "min ago, usually every 10 min" in light.state
        assert light.name.startswith("chamber ")
        assert REMEDIES["chamber"] in light.tip


def test_an_instrument_that_fails_is_bad_with_its_words_and_since_when(look, equipped):
    equipped.journal.instrument_health("gauge", "failing", "the gauge at COM3 does not answer;")
    light = lights(look())[2]
    assert light.level == BAD
    assert "failing since" in light.state
    assert "COM3 does not answer" in light.tip
    assert REMEDIES["gauge"] in light.tip


def test_nothing_is_expected_of_a_potentiostat_while_the_press_is_set(look, equipped):
    equipped.begin("press", pressure_MPa=7.5)
    equipped.journal.beat(equipped.time + 7200.0)
    assert levels(look())["potentiostat"] == QUIET
    assert levels(look())["chamber"] == BAD


def test_instruments_of_a_run_that_ended_are_quiet(look, equipped):
    equipped.end(RunState.FINISHED)
    assert set(levels(look()).values()) == {QUIET}
    assert lights(look())[0].age == ""


def test_without_a_run_there_are_no_lights():
    assert lights(None) == ()
