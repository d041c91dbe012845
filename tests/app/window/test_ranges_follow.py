"""Plots that share a time or a charge go on following a run that is watched from its beginning."""

import pytest

from app.window.desk import Desk
from app.window.window import Window

TOTAL = 0.4 * 3600


@pytest.fixture
def page(qtbot, url, make_run):
    """The live page on a run of which only the chamber has told anything; the run is its attribute."""
    run = make_run()
    for seconds in (0.0, 60.0, 120.0):
        run.time = seconds
        run.conditions()
    run.journal.beat(run.time)
    window = Window(Desk(url))
    qtbot.addWidget(window)
    window.start()
    window.show()
    found = window.page("live")
    qtbot.waitUntil(lambda: not window.desk.feed.view.loading and found._drawn is not None)
    qtbot.waitUntil(lambda: hours(found)[1] < 0.1)
    found.run = run
    return found


def hours(page):
    return page.voltage.plot.box.viewRange()[0]


def test_before_there_is_a_voltage_the_time_of_the_conditions_is_shown(page):
    assert hours(page) == pytest.approx([0.0, 120 / 3600], abs=0.01)


def test_the_time_follows_a_run_that_is_watched_from_its_beginning(qtbot, page):
    for seconds in range(180, int(TOTAL), 20):
        page.run.time = float(seconds)
        page.run.reading("potentiostat", "E", 0.1)
        page.run.conditions()
    page.run.journal.beat(page.run.time)
    qtbot.waitUntil(lambda: hours(page)[1] >= 0.39)
    for seconds in range(int(TOTAL), 3 * int(TOTAL), 20):
        page.run.time = float(seconds)
        page.run.reading("potentiostat", "E", 0.2)
    page.run.journal.beat(page.run.time)
    qtbot.waitUntil(lambda: hours(page)[1] >= 1.19)
    assert page.voltage.plot.box.autoRangeEnabled()[0]


def test_fitting_the_ranges_leaves_linked_plots_linked(qtbot, page):
    for panel in page.panels():
        panel.fit_ranges()
    qtbot.wait(100)
    assert page.voltage.plot.box.autoRangeEnabled()[0]
    assert page.contact.resistance.box.autoRangeEnabled()[0]
    assert not page.voltage.temperature.box.autoRangeEnabled()[0]
