"""The header: state, cell, SIMULATED, the buttons, the live values, how far the run is, and its bench."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.marks import Badge, HeartDot, ProgressBar, StateSign, paint_sign, power_icon
from app.window.drawn.painting import painting
from app.window.drawn.value_tiles import TileRow, ValueTile
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.commands import ABORT, STOP, Verb, pause_or_resume, why_not
from app.window.shown.answers import HINTS, Answer
from app.window.shown.heading import Heading
from app.window.shown.health import Light
from app.window.shown.progress import Progress
from app.window.shown.tiles import Tile
from storage import RunSummary

REACHED = (
    QtCore.Qt.FocusReason.TabFocusReason,
    QtCore.Qt.FocusReason.BacktabFocusReason,
    QtCore.Qt.FocusReason.ShortcutFocusReason,
)
"""How somebody at the keyboard gets to a button."""


class TitleLine(QtWidgets.QWidget):
    """State and cell on the left in two lines, badge and buttons on the right.

    Parameters
    ----------
    press : callable
        Called with the verb of a button that was pressed.
    hint : callable
        Called with what a button will do, before it is pressed, and with nothing when it is left.
    """

    def __init__(self, press: Callable[[Verb], None], hint: Callable[[str], None]) -> None:
        super().__init__()
        self.sign, self.badge = StateSign(), Badge()
        self.word, self.remark = ElidedLabel(24, bold=True, least=320), ElidedLabel(15, grey=True)
        self.cell, self.details = ElidedLabel(16, bold=True, least=240), ElidedLabel(16, grey=True)
        self.badge.hide()
        self._press, self._hint = press, hint
        self._hinted: dict[QtCore.QObject, str] = {}
        self._pause_verb = pause_or_resume(None)
        self.pause = self._button(self._pause_verb, "pause")
        self.stop = self._button(STOP, "stop")
        self.abort = self._button(ABORT, "abort")
        self.abort.setIcon(power_icon(style.palette().paper))
        self.abort.setText(f" {ABORT.label}")
        # Setting the text of a button takes its shortcut away.
        self.abort.setShortcut(QtGui.QKeySequence(ABORT.shortcut))
        self._lay_out()

    def _lay_out(self) -> None:
        upper, lower, text = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout(), QtWidgets.QVBoxLayout()
        for line, widgets in ((upper, (self.word, self.remark)), (lower, (self.cell, self.details))):
            line.setSpacing(2 * style.UNIT)
            for widget in widgets:
                line.addWidget(widget, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
            line.addStretch(1)
            text.addLayout(line)
        text.setSpacing(2)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.sign, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        row.addWidget(self.badge)
        row.addSpacing(style.UNIT)
        for button in (self.pause, self.stop, self.abort):
            row.addWidget(button)

    def _button(self, verb: Verb, name: str) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(verb.label)
        button.setObjectName(name)
        button.setFont(style.font(15, bold=name in ("stop", "abort")))
        # "Resume" is the longer of the two words that this one bears.
        widest = max(("Resume", verb.label), key=len) if name == "pause" else verb.label
        width = QtGui.QFontMetrics(button.font()).horizontalAdvance(widest) + 3 * style.UNIT
        button.setFixedWidth(width + (30 if name == "abort" else 0))
        button.setWhatsThis(HINTS[verb.word].partition(",")[0].partition(";")[0])
        button.setAutoDefault(False)
        button.setShortcut(QtGui.QKeySequence(verb.shortcut))
        button.clicked.connect(lambda: self._pressed(self._pause_verb if name == "pause" else verb))
        button.installEventFilter(self)
        self._hinted[button] = verb.word
        return button

    def _pressed(self, verb: Verb) -> None:
        self._hint("")
        self._press(verb)

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        """Say what a button will do as soon as one is over it or has it in focus."""
        word = self._hinted.get(watched) if watched is not None else None
        if word is not None and event is not None and isinstance(watched, QtWidgets.QPushButton):
            kinds = QtCore.QEvent.Type
            # A window that comes forward gives the focus back, too; nobody has asked for a hint then.
            reached = isinstance(event, QtGui.QFocusEvent) and event.reason() in REACHED
            asked = event.type() == kinds.Enter or (event.type() == kinds.FocusIn and reached)
            if asked and watched.isEnabled():
                self._hint(HINTS[self._pause_verb.word if watched is self.pause else word])
            elif event.type() in (kinds.Leave, kinds.FocusOut):
                self._hint("")
        return super().eventFilter(watched, event)

    def show_heading(self, heading: Heading) -> None:
        """Show state and cell."""
        self.sign.show_sign(style.sign_of(heading.state))
        self.word.show_text(heading.word, heading.tip)
        self.remark.show_text(heading.remark, heading.tip)
        self.cell.show_text(heading.cell)
        self.details.show_text(heading.details)
        self.badge.setVisible(heading.simulated)

    def show_buttons(self, summary: RunSummary | None, waiting: set[str]) -> None:
        """Enable what makes sense now, and say on every button what it does or why it cannot.

        Parameters
        ----------
        summary : RunSummary or None
        waiting : set of str
            Verbs that the run has been told and has not answered yet.
        """
        verb = pause_or_resume(summary)
        if verb is not self._pause_verb:
            self._pause_verb = verb
            self.pause.setText(verb.label)
            # Setting the text of a button takes its shortcut away.
            self.pause.setShortcut(QtGui.QKeySequence(verb.shortcut))
        for button, each in ((self.pause, verb), (self.stop, STOP), (self.abort, ABORT)):
            busy, reason = each.word in waiting, why_not(summary, each.word)
            button.setEnabled(not reason and not busy)
            meaning = "Told; waiting for the run's answer." if busy else reason or each.meaning
            button.setToolTip(f"{each.label}: {meaning}  ({each.shortcut})")


class LightSign(QtWidgets.QWidget):
    """The light of one instrument: a coloured shape and its name."""

    def __init__(self) -> None:
        super().__init__()
        self._light: Light | None = None
        self.setFont(style.font(14))

    def show_light(self, light: Light) -> None:
        """Show how an instrument is."""
        if light != self._light:
            self._light = light
            metrics = QtGui.QFontMetrics(self.font())
            self.setFixedSize(metrics.horizontalAdvance(light.name) + 24, metrics.height() + 2)
            self.setToolTip(light.tip)
            self.setAccessibleName(f"{light.role}: {light.state}")
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint shape and name."""
        if self._light is None:
            return
        colours = style.palette()
        with painting(self) as painter:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            sign = style.standing(self._light.level)
            paint_sign(painter, QtCore.QRectF(0, (self.height() - 16) / 2, 16, 16), sign)
            calm = self._light.level in ("good", "quiet")
            painter.setPen(QtGui.QColor(colours.grey if calm else colours.ink))
            place = self.rect().adjusted(22, 0, 0, 0)
            painter.drawText(place, int(QtCore.Qt.AlignmentFlag.AlignVCenter), self._light.name)


class Header(QtWidgets.QWidget):
    """The four lines that are always there.

    Parameters
    ----------
    press : callable
        Called with the verb of a button that was pressed.
    tiles : tuple of Tile
        As they are without a run.
    """

    def __init__(self, press: Callable[[Verb], None], tiles: tuple[Tile, ...]) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._answer, self._hint = Answer(""), ""
        self.title, self.values = TitleLine(press, self._show_hint), TileRow(tiles)
        self.heart, self.bar, self.progress = HeartDot(), ProgressBar(), ElidedLabel(16)
        self.answer = ElidedLabel(15)
        self.answer.setAlignment(QtCore.Qt.AlignmentFlag.AlignRight)
        self.lights: list[LightSign] = []
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT, 2 * style.UNIT, style.UNIT)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.values)
        way, self._last = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        way.setSpacing(style.UNIT)
        way.addWidget(self.heart)
        way.addWidget(self.bar, 1)
        way.addSpacing(style.UNIT)
        way.addWidget(self.progress)
        self.progress.setMinimumHeight(self.heart.height())
        self._last.setSpacing(3 * style.UNIT)
        self._last.addWidget(self.answer, 1)
        self.answer.setMinimumHeight(QtGui.QFontMetrics(style.font(15)).height() + 2)
        column.addLayout(way)
        column.addLayout(self._last)

    @property
    def tiles(self) -> list[ValueTile]:
        """The live values, in order."""
        return self.values.tiles

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show the live values."""
        self.values.show_tiles(tiles)

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the run is."""
        shown = Progress(None, "") if progress is None else progress
        self.bar.show_progress(shown.share, shown.mark, shown.band)
        self.bar.setToolTip(shown.tip)
        self.progress.show_text(shown.text, f"{shown.text}\n{shown.tip}")

    def show_lights(self, lights: tuple[Light, ...]) -> None:
        """Show how the instruments are."""
        while len(self.lights) < len(lights):
            self.lights.append(LightSign())
            self._last.insertWidget(len(self.lights) - 1, self.lights[-1])
        for place, widget in enumerate(self.lights):
            widget.setVisible(place < len(lights))
            if place < len(lights):
                widget.show_light(lights[place])

    def show_answer(self, answer: Answer) -> None:
        """Show what came of what was told; what a button would do stands before it until there is news."""
        if answer != self._answer:
            # News of what was told matters more than what the button in focus would do.
            self._answer, self._hint = answer, ""
        self._write()

    def _show_hint(self, text: str) -> None:
        self._hint = text
        self._write()

    def _write(self) -> None:
        answer = Answer(self._hint) if self._hint else self._answer
        colours = style.palette()
        colour = {True: colours.ink, False: colours.vermillion, None: colours.grey}[answer.good]
        sheet = f"color: {colour}"
        if sheet != self.answer.styleSheet():
            self.answer.setStyleSheet(sheet)
        self.answer.show_text(answer.text)
