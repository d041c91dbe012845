"""A forecast to read: what a rehearsal came to, step by step, and what somebody will be asked."""

from html import escape

from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtWidgets
from app.window.shown.forecast import ForecastShown, Rehearsed


class ForecastPanel(QtWidgets.QWidget):
    """A rehearsal under way, or its forecast.

    Parameters
    ----------
    back : str
        What the button that leads back says.
    """

    def __init__(self, back: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.said = label(20, bold=True), label(15, grey=True)
        self.title.setWordWrap(True)
        self.said.setWordWrap(True)
        self.bar = QtWidgets.QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(style.UNIT)
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {style.palette().hairline}; border: none; border-radius: 4px; }}"
            f"QProgressBar::chunk {{ background: {style.palette().accent}; border-radius: 4px; }}"
        )
        self.cancel, self.back = QtWidgets.QPushButton("Cancel"), QtWidgets.QPushButton(back)
        for button in (self.cancel, self.back):
            button.setFont(style.font(15))
            button.setAutoDefault(False)
        self.cancel.setToolTip("End the rehearsal; nothing real is touched by it.")
        self.back.setToolTip(f"{back}  (Esc)")
        self.text = QtWidgets.QTextBrowser()
        self.text.setFont(style.font(14))
        self._lay_out()

    def show_rehearsed(self, shown: Rehearsed) -> None:
        """Show how far a rehearsal is, or what came of it."""
        self.title.setText(shown.title)
        self.said.setText(shown.words)
        self.bar.setRange(0, shown.of)
        self.bar.setValue(shown.done)
        self.bar.setVisible(shown.going)
        self.cancel.setVisible(shown.going)
        self.back.setVisible(not shown.going)
        self.text.setVisible(shown.forecast is not None)
        if shown.forecast is not None:
            self.text.setHtml(_html(shown.forecast))

    def _lay_out(self) -> None:
        top = QtWidgets.QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.cancel)
        top.addWidget(self.back)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(3 * style.UNIT, 2 * style.UNIT, 3 * style.UNIT, 2 * style.UNIT)
        column.setSpacing(style.UNIT)
        column.addLayout(top)
        column.addWidget(self.said)
        column.addWidget(self.bar)
        column.addWidget(self.text, 1)
        # Where there is no table, its room is left at the lower end.
        column.addStretch(0)


def _html(forecast: ForecastShown) -> str:
    grey = style.palette().grey
    facts = "".join(
        f"<tr><td style='color:{grey}; padding-right:16px'>{escape(name)}</td><td>{escape(text)}</td></tr>"
        for name, text in forecast.facts
    )
    parts = [f"<table cellpadding='2' cellspacing='0'>{facts}</table>", _steps(forecast)]
    parts += [_list(title, lines) for title, lines in forecast.lists]
    return "".join(parts)


def _steps(forecast: ForecastShown) -> str:
    colours = style.palette()
    bands = any(row.band for row in forecast.rows)
    names = ("done after", "takes", *(["95 % band"] if bands else []), "spectra", "ends", "step", "cell")
    # A row that is too wide is scrolled to; words of a table that are broken cannot be read.
    cell = "<td style='white-space:nowrap; padding-right:16px"
    head = "".join(f"{cell}; color:{colours.grey}; padding-bottom:4px'>{name}</td>" for name in names)
    lines = []
    for row in forecast.rows:
        band = [row.band] if bands else []
        cells = (row.after, row.takes, *band, row.spectra, row.ends, row.step, row.cell)
        lines.append("".join(f"{cell}'>{_unbroken(each)}</td>" for each in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<p></p><table cellpadding='2' cellspacing='0'><tr>{head}</tr>{body}</table>"


def _unbroken(text: str) -> str:
    return escape(text).replace(" ", "&nbsp;").replace("-", "\u2011")


def _list(title: str, lines: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<p style='margin-bottom:2px'><b>{escape(title)}</b></p><ul style='margin-top:0'>{items}</ul>"
