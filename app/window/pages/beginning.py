"""What the pages have in common from which something is rehearsed and started."""

from app.window.desk import Desk
from app.window.drawn.forecast_panel import ForecastPanel
from app.window.drawn.form_card import SummaryCard
from app.window.pages.page import Page
from app.window.qt import QtWidgets
from app.window.starting.rehearser import Rehearser
from app.window.starting.starter import Starter


class BeginningPage(Page):
    """A page with a card that says what is to be begun, and a forecast in place of what is written.

    Starts and rehearsals outlive the page, which is made anew in another theme.

    Parameters
    ----------
    desk : Desk
    starter : Starter
    rehearser : Rehearser

    Attributes
    ----------
    card : SummaryCard
    forecast : ForecastPanel
    middle : QStackedWidget
        Shows what is written, or the forecast.
    """

    card: SummaryCard
    forecast: ForecastPanel
    middle: QtWidgets.QStackedWidget

    def __init__(self, desk: Desk, starter: Starter, rehearser: Rehearser) -> None:
        super().__init__(desk)
        self.starter, self.rehearser = starter, rehearser

    def _show_what_goes_on(self) -> None:
        """Show what was begun before this page was made, in another theme."""
        self._show_changed()
        self._show_started()
        self._show_rehearsed()
        if self.rehearser.going:
            self.middle.setCurrentWidget(self.forecast)

    def _show_started(self) -> None:
        """Show how a start stands."""
        self.card.show_status(self.starter.words, self.starter.severity)
        self._show_buttons()

    def _show_rehearsed(self) -> None:
        """Show how a rehearsal stands."""
        if self.rehearser.shown is not None:
            self.forecast.show_rehearsed(self.rehearser.shown)
        self._show_buttons()

    def _begun(self) -> None:
        """Take the tick back: it was for what has been begun."""
        self.card.confirm.setChecked(False)

    def _show_changed(self) -> None:
        """Show what is written, and that it is being checked."""
        raise NotImplementedError(f"{type(self).__name__} shows nothing")

    def _show_buttons(self) -> None:
        """Show which buttons make sense."""
        raise NotImplementedError(f"{type(self).__name__} has no buttons")
