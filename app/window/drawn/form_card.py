"""The card beside a form: whether it can start, what it comes to, and the buttons that do something."""

from collections.abc import Callable
from html import escape

from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtWidgets
from app.window.shown.form_summary import Summary

WIDTH, NARROW_WIDTH = 336, 272
SIGNS = {"good": "✓", "warning": "▲", "alarm": "■", "info": ""}


class SummaryCard(QtWidgets.QWidget):
    """What a draft comes to, with its buttons at the lower end, which never scroll away.

    Parameters
    ----------
    go_to : callable
        Called with the path of a field that is to be shown.
    buttons : list of QWidget
        At the lower end.
    """

    def __init__(self, go_to: Callable[[str], None], buttons: list[QtWidgets.QWidget]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.headline, self.text = label(20, bold=True), QtWidgets.QLabel()
        self.headline.setWordWrap(True)
        self.text.setFont(style.font(14))
        self.text.setWordWrap(True)
        self.text.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self.text.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text.linkActivated.connect(go_to)
        self.status = label(14)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.confirm = QtWidgets.QCheckBox()
        self.confirm.setFont(style.font(14))
        self.confirm.setToolTip("Start is refused on real instruments until this is ticked.")
        self.real = label(14)
        self.real.setWordWrap(True)
        self._lay_out(buttons)
        self.show_status("")
        self.show_real("")

    def show_summary(self, summary: Summary, more: str = "") -> None:
        """Show what a draft comes to; `more` is said first, e.g. that the bench is at work."""
        colour = style.severity_colour(summary.severity)
        self.headline.setText(f"{SIGNS[summary.severity]} {summary.headline}".strip())
        self.headline.setStyleSheet(f"color: {colour}" if summary.severity == "alarm" else "")
        self.text.setText(_html(summary, more))

    def show_real(self, words: str) -> None:
        """Ask for the tick that real instruments need; empty words hide it."""
        self.real.setText(words)
        self.real.setVisible(bool(words))
        self.confirm.setVisible(bool(words))
        if not words:
            self.confirm.setChecked(False)

    def _word_tick(self) -> None:
        tick = "☑" if self.confirm.isChecked() else "☐"
        self.confirm.setText(f"{tick}  Yes, on the real instruments")

    def show_status(self, words: str, severity: str = "") -> None:
        """Show what is under way, or what came of it."""
        self.status.setText(words)
        self.status.setVisible(bool(words))
        colour = style.severity_colour(severity) if severity else style.palette().accent
        self.status.setStyleSheet(f"border-left: 4px solid {colour}; padding-left: 8px;")

    def _lay_out(self, buttons: list[QtWidgets.QWidget]) -> None:
        self.setFixedWidth(WIDTH)
        scroll = QtWidgets.QScrollArea()
        scroll.setAccessibleName("What it comes to")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setStyleSheet(f"background: {style.palette().paper}")
        inner = QtWidgets.QWidget()
        inner.setObjectName("panel")
        box = QtWidgets.QVBoxLayout(inner)
        box.setContentsMargins(0, 0, style.UNIT, 0)
        box.addWidget(self.text)
        box.addStretch(1)
        scroll.setWidget(inner)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT, style.UNIT, 2 * style.UNIT)
        column.setSpacing(style.UNIT)
        column.addWidget(self.headline)
        column.addWidget(scroll, 1)
        self.confirm.setStyleSheet("QCheckBox::indicator { width: 0; height: 0; }")
        self.confirm.toggled.connect(self._word_tick)
        self._word_tick()
        self.real.setStyleSheet(f"border-left: 4px solid {style.palette().vermillion}; padding-left: 8px;")
        for each in (self.status, self.real, self.confirm, *buttons):
            column.addWidget(each)


def _html(summary: Summary, more: str) -> str:
    colours = style.palette()
    parts = []
    if more:
        parts.append(f"<p><span style='color:{colours.orange}'>▲</span> {escape(more)}</p>")
    for each in summary.problems:
        name = f"<b>{escape(each.label)}</b>: " if each.label else ""
        link = f"<a href='{escape(each.path)}' style='color:{colours.ink}; text-decoration:none'>"
        words = f"<span style='color:{colours.vermillion}'>■</span> {name}{escape(each.words)}"
        parts.append(f"<p>{link}{words}</a></p>" if each.path else f"<p>{words}</p>")
    for words in summary.warnings:
        parts.append(f"<p><span style='color:{colours.orange}'>▲</span> {escape(words)}</p>")
    amounts, bench, plan = _amounts(summary), _bench(summary), _plan(summary)
    # On real instruments what will be done is to be read before the tick, so it comes first.
    parts += [*bench, plan, amounts] if summary.real else [amounts, *bench, plan]
    return "".join(parts)


def _amounts(summary: Summary) -> str:
    if not summary.amounts:
        return ""
    rows = "".join(
        f"<tr><td style='color:{style.palette().grey}; padding-right:12px'>{escape(name)}</td>"
        f"<td>{escape(text)}</td></tr>"
        for name, text in summary.amounts
    )
    return f"<table cellspacing='0' cellpadding='2' style='margin-top:8px'>{rows}</table>"


def _plan(summary: Summary) -> str:
    if not summary.plan:
        return ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in summary.plan)
    title = f"<p style='color:{style.palette().grey}; margin-bottom:2px'>What will be done</p>"
    return f"{title}<ul style='margin-top:0; margin-left:-24px'>{lines}</ul>"


def _bench(summary: Summary) -> list[str]:
    if not summary.bench:
        return []
    colours = style.palette()
    if summary.simulated:
        badge = f"<span style='background:{colours.hatch}'>&nbsp;SIMULATED&nbsp;</span>"
        return [f"<p>{badge} {escape(summary.bench)}</p>"]
    real = "<br>".join(escape(each) for each in summary.real)
    return [f"<p><b style='color:{colours.vermillion}'>REAL</b> {escape(summary.bench)}<br>{real}</p>"]
