import pytest

from app.window.desk import Desk
from app.window.drawn.ask_card import AskCard
from app.window.drawn.attention import SOUND, Attention
from app.window.drawn.cards import EventCard
from app.window.drawn.line_list import MOST_LINES, LineList, Row, breakable
from app.window.drawn.right_rail import RightRail
from app.window.qt import QtCore, QtWidgets
from core.records import Event, RunState

FORCE = {"kind": "force", "target_N": 405.8, "tolerance_N": 4.1, "hold_s": 30.0, "timeout_s": 7200.0}
CLICK = QtCore.Qt.MouseButton.LeftButton


@pytest.fixture
def make_rail(qtbot, url):
    """Make a rail that is shown what its desk reads, five times a second as in the window."""
    desks = []

    def make(height=700):
        desk = Desk(url)
        rail = RightRail(desk)
        qtbot.addWidget(rail)
        rail.resize(328, height)

        def refresh():
            rail.show_view(desk.feed.view)
            rail.show_moment(desk.feed.view)

        timer = QtCore.QTimer(rail)
        timer.timeout.connect(refresh)
        desk.start()
        timer.start(50)
        rail.show()
        desks.append((desk, timer))
        qtbot.waitUntil(lambda: desk.feed.view.snapshot is not None and not desk.feed.view.loading)
        refresh()
        return rail

    yield make
    for desk, timer in desks:
        timer.stop()
        desk.close()


def ask(run, kind="force", question="tighten until 405.8 ± 4.1 N (7.5 MPa)"):
    details = FORCE | {"kind": kind}
    number = run.journal.request(question, run.time, ("acknowledge", "skip"), details)
    run.journal.set_state(RunState.WAITING)
    run.time += 1.0
    run.reading("gauge", "F", 285.8)
    run.journal.beat(run.time)
    return number


def cards(rail, kind):
    return [card for card in rail.stack.cards if isinstance(card, kind)]


def test_a_request_is_the_first_card_opens_the_rail_and_done_is_told(qtbot, make_rail, live_run, store):
    rail = make_rail()
    live_run.journal.event(Event("limit", "too hot", live_run.time, "alarm"))
    qtbot.waitUntil(lambda: len(rail.stack.cards) == 1)
    with qtbot.waitSignal(rail.open_wanted):
        ask(live_run)
    qtbot.waitUntil(lambda: len(rail.stack.cards) == 2)
    card = rail.stack.cards[0]
    assert isinstance(card, AskCard)
    assert card.dial.isVisible()
    assert card.dial.accessibleName() == "285.8 N, tighten by 120 N"
    assert not rail.skip.isVisible()
    qtbot.mouseClick(card.buttons["acknowledge"], CLICK)
    qtbot.waitUntil(lambda: [each.verb for each in store.run(1).commands()] == ["acknowledge"])
    qtbot.waitUntil(lambda: "waiting for the run" in card.answer.text())
    assert not card.buttons["skip"].isEnabled()
    (command,) = live_run.journal.take_commands()
    live_run.journal.answer_command(command.id, "acknowledge: taken as the answer")
    live_run.journal.answer_request(1, "acknowledged", "anna", live_run.time)
    qtbot.waitUntil(lambda: not cards(rail, AskCard))


def test_a_mount_is_asked_for_without_a_dial(qtbot, make_rail, live_run):
    rail = make_rail()
    ask(live_run, "mount", "mount LLZO-07-Li-04, WE 4 of 6 on this counter")
    qtbot.waitUntil(lambda: bool(cards(rail, AskCard)))
    (card,) = cards(rail, AskCard)
    assert not card.dial.isVisible()
    assert not card.value.isVisible()
    assert "not mounted" in card.meanings.text()


def test_a_value_read_by_hand_is_checked_as_it_is_typed(qtbot, make_rail, live_run, store):
    live_run.journal.instrument("gauge", "display read by a person", details={"protocol": "manual entry"})
    ask(live_run)
    rail = make_rail()
    qtbot.waitUntil(lambda: bool(cards(rail, AskCard)))
    (card,) = cards(rail, AskCard)
    qtbot.keyClicks(card.value, "405.8")
    assert "neither a force nor a pressure" in card.verdict.text()
    assert not card.enter.isEnabled()
    qtbot.keyClick(card.value, QtCore.Qt.Key.Key_Return)
    assert store.run(1).commands() == []
    qtbot.keyClicks(card.value, " N")
    assert card.verdict.text() == "405.8 N, 7.50 MPa on the pellet"
    qtbot.keyClick(card.value, QtCore.Qt.Key.Key_Return)
    told = [("enter", "405.8 N")]
    qtbot.waitUntil(lambda: [(each.verb, each.argument) for each in store.run(1).commands()] == told)


def test_an_alarm_stays_in_both_windows_until_one_acknowledges_it(qtbot, make_rail, live_run, store):
    event = live_run.journal.event(Event("limit", "too hot", live_run.time, "alarm"))
    here, there = make_rail(), make_rail()
    for rail in (here, there):
        qtbot.waitUntil(lambda rail=rail: len(cards(rail, EventCard)) == 1)
    qtbot.mouseClick(cards(here, EventCard)[0].button, CLICK)
    for rail in (here, there):
        qtbot.waitUntil(lambda rail=rail: not rail.stack.cards)
    (kept,) = store.run(1).annotations()
    assert (kept.kind, kept.about, kept.author) == ("acknowledged", event, here.desk.author)


def test_an_acknowledgement_that_is_not_kept_says_why(qtbot, make_rail, live_run, store_path):
    live_run.journal.event(Event("limit", "too hot", live_run.time, "alarm"))
    rail = make_rail()
    qtbot.waitUntil(lambda: bool(cards(rail, EventCard)))
    away = store_path.with_suffix(".away")
    store_path.rename(away)
    (card,) = cards(rail, EventCard)
    qtbot.mouseClick(card.button, CLICK)
    qtbot.waitUntil(lambda: card.answer.text().startswith("Not kept: "))
    assert card.button.isEnabled()
    away.rename(store_path)
    qtbot.waitUntil(lambda: rail.desk.catalogue.read().trouble is None)
    qtbot.mouseClick(card.button, CLICK)
    qtbot.waitUntil(lambda: not rail.stack.cards)


def test_more_cards_than_fit_are_counted_and_scrolled_to(qtbot, make_rail, live_run):
    for kind in ("instrument", "limit", "dryer", "press", "disk"):
        live_run.journal.event(
            Event(kind, "something that takes a line or two to say", live_run.time, "alarm")
        )
    rail = make_rail(600)
    qtbot.waitUntil(lambda: rail.stack.more.isVisible())
    assert rail.stack.more.text().endswith(" more")
    assert rail.stack.area.height() < 0.7 * rail.height()
    for _ in range(12):
        rail.stack.more.click()
    assert not rail.stack.more.isVisible()


def test_skipping_says_what_it_does_and_takes_two_clicks(qtbot, make_rail, live_run, store):
    rail = make_rail()
    qtbot.mouseClick(rail.skip.first, CLICK)
    assert rail.skip.second.isVisible()
    assert "What its campaign has next goes on" in rail.skip.meaning.text()
    qtbot.mouseClick(rail.skip.back, CLICK)
    assert rail.skip.first.isVisible()
    assert store.run(1).commands() == []
    qtbot.mouseClick(rail.skip.first, CLICK)
    qtbot.mouseClick(rail.skip.second, CLICK)
    qtbot.waitUntil(lambda: [each.verb for each in store.run(1).commands()] == ["skip"])


def test_a_run_that_ended_cannot_be_skipped(qtbot, make_rail, finished_run):
    assert not make_rail().skip.isVisible()


def test_a_decision_shows_its_fits_and_a_click_points_there(qtbot, make_rail, finished_run):
    rail = make_rail()
    panel = rail.decisions
    rail.tabs.setCurrentWidget(panel)
    qtbot.waitUntil(lambda: len(panel.list.lines.rows) == 1)
    panel.list.setCurrentIndex(panel.list.lines.index(0))
    links = panel.detail.fits
    qtbot.waitUntil(lambda: len(links.findChildren(QtWidgets.QPushButton)) == 3)
    last = links.findChildren(QtWidgets.QPushButton)[-1]
    last.click()
    assert rail.desk.cursor == pytest.approx(finished_run.time - 13.3, abs=0.5)
    assert not panel.detail.override.isVisible()


def test_overriding_a_rule_takes_two_clicks_in_its_entry(qtbot, make_rail, live_run, store):
    live_run.deplete()
    rail = make_rail()
    rail.tabs.setCurrentWidget(rail.decisions)
    qtbot.waitUntil(lambda: len(rail.decisions.list.lines.rows) == 1)
    rail.decisions.list.setCurrentIndex(rail.decisions.list.lines.index(0))
    override = rail.decisions.detail.override
    override.first.click()
    assert "cannot be undone" in override.meaning.text()
    override.second.click()
    told = [("override", "depletion")]
    qtbot.waitUntil(lambda: [(each.verb, each.argument) for each in store.run(1).commands()] == told)


def test_a_note_of_a_live_run_is_told_and_one_at_the_cursor_is_pinned(qtbot, make_rail, live_run, store):
    rail = make_rail()
    rail.desk.note_wanted.emit()
    assert rail.tabs.currentWidget() is rail.notes
    qtbot.keyClicks(rail.notes.note, "creaked µ")
    qtbot.keyClick(rail.notes.note, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.argument for each in store.run(1).commands()] == ["creaked µ"])
    rail.desk.point(5400.0)
    assert "1:30:00" in rail.notes.where.text()
    qtbot.keyClicks(rail.notes.note, "here it began")
    qtbot.keyClick(rail.notes.note, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(store.run(1).annotations()) == 1)
    (kept,) = store.run(1).annotations()
    assert (kept.time, kept.text) == (5400.0, "here it began")


def test_a_note_is_added_to_a_run_that_has_ended(qtbot, make_rail, finished_run, store):
    rail = make_rail()
    qtbot.keyClicks(rail.notes.note, "a good cell")
    qtbot.keyClick(rail.notes.note, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.text for each in store.run(1).annotations()] == ["a good cell"])
    qtbot.waitUntil(lambda: [row.text for row in rail.notes.list.lines.rows] == ["a good cell"])
    assert store.run(1).annotations()[0].time == finished_run.time


def test_the_log_is_filtered_copied_and_points(qtbot, make_rail, finished_run):
    rail = make_rail()
    log = rail.log
    qtbot.waitUntil(lambda: len(log.list.lines.rows) == 5)
    qtbot.keyClicks(log.text, "cut-off")
    assert [row.kind for row in log.list.lines.rows] == ["current off"]
    log.copy.click()
    assert QtWidgets.QApplication.clipboard().text().endswith("current off\tcut-off")
    log.list.clicked.emit(log.list.lines.index(0))
    assert rail.desk.cursor == finished_run.time
    log.text.clear()
    log.kind.setCurrentText("decision")
    assert [row.kind for row in log.list.lines.rows] == ["decision"]
    qtbot.keyClicks(log.text, "nothing like it")
    assert "No line passes" in log.empty.text()


@pytest.fixture
def lines(qtbot):
    made = LineList(lambda row: None)
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def rows(count):
    return [Row(str(each), f"{each}", "event", "a text " * (1 + each % 9)) for each in range(count)]


def at_end(lines):
    bar = lines.verticalScrollBar()
    return bar.value() == bar.maximum()


def test_the_list_follows_the_newest_unless_somebody_has_scrolled_away(qtbot, lines):
    lines.show_rows(rows(60))
    qtbot.waitUntil(lambda: lines.verticalScrollBar().maximum() > 0 and at_end(lines))
    lines.show_rows(rows(70))
    qtbot.waitUntil(lambda: at_end(lines))
    lines.verticalScrollBar().setValue(40)
    lines.show_rows(rows(80))
    qtbot.wait(50)
    assert lines.verticalScrollBar().value() == 40


def test_of_very_many_lines_the_newest_are_shown(lines):
    lines.show_rows(rows(MOST_LINES + 500))
    assert len(lines.lines.rows) == MOST_LINES
    assert lines.lines.rows[-1].key == str(MOST_LINES + 499)


def test_what_is_chosen_stays_chosen_when_lines_are_put_anew(lines):
    lines.show_rows(rows(10))
    lines.setCurrentIndex(lines.lines.index(4))
    lines.show_rows(rows(10)[2:])
    assert [row.key for row in lines.selected] == ["4"]


def test_very_long_words_may_be_broken():
    word = "/" + "path" * 20
    assert breakable("a short text") == "a short text"
    assert breakable(f"in {word}").replace("\u200b", "") == f"in {word}"
    assert max(len(part) for part in breakable(word).split("\u200b")) <= 28


def test_a_new_alarm_or_request_calls_once_and_what_was_there_before_does_not(
    qtbot, make_rail, live_run, monkeypatch
):
    live_run.journal.event(Event("limit", "too hot", live_run.time, "alarm"))
    rail = make_rail()
    called, heard = [], []
    monkeypatch.setattr(QtWidgets.QApplication, "alert", lambda window: called.append(window))
    monkeypatch.setattr(QtWidgets.QApplication, "beep", lambda: heard.append(True))
    monkeypatch.setattr(type(rail), "isActiveWindow", lambda window: False)
    attention = Attention(rail.desk, rail)

    def look():
        attention.look(rail.desk.feed.view)
        return attention.calls

    look()
    assert called == []
    ask(live_run)
    qtbot.waitUntil(lambda: look() == 1)
    assert (len(called), heard) == (1, [])
    rail.sound.click()
    assert rail.desk.memory.yes(SOUND)
    live_run.journal.event(Event("instrument", "the gauge does not answer", live_run.time, "alarm"))
    qtbot.waitUntil(lambda: look() == 2)
    assert heard == [True]
    live_run.journal.event(Event("disk", "a warning calls nobody", live_run.time, "warning"))
    qtbot.waitUntil(lambda: len(cards(rail, EventCard)) == 3)
    assert look() == 2


def test_the_keyboard_reaches_the_first_card(qtbot, make_rail, live_run):
    ask(live_run)
    rail = make_rail()
    qtbot.waitUntil(lambda: bool(cards(rail, AskCard)))
    rail.activateWindow()
    rail.stack.focus_first()
    qtbot.waitUntil(cards(rail, AskCard)[0].buttons["acknowledge"].hasFocus)
