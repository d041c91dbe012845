"""How the panels of the live page stand: in splitters, between two rails, or one of them alone."""

from app.window.drawn import style
from app.window.drawn.memory import Memory
from app.window.qt import QtCore, QtWidgets

Orientation = QtCore.Qt.Orientation
LEFT_WIDTH, RIGHT_WIDTH = 208, 328


class LiveLayout(QtWidgets.QSplitter):
    """Two rails and four quarters between them.

    Parameters
    ----------
    memory : Memory
        Of the sizes, and of which rails are folded away.
    left, right : QWidget
        The rails.
    line : QWidget
        The slim line above the panels.
    quarters : list of list of QWidget
        Row by row, from left to right.
    """

    def __init__(
        self,
        memory: Memory,
        left: QtWidgets.QWidget,
        right: QtWidgets.QWidget,
        line: QtWidgets.QWidget,
        quarters: list[list[QtWidgets.QWidget]],
    ) -> None:
        super().__init__(Orientation.Horizontal)
        self._memory = memory
        self.rails = {"left": left, "right": right}
        self.whole: QtWidgets.QWidget | None = None
        self._put_away: list[QtWidgets.QWidget] = []
        self._rails_before: dict[str, bool] = {}
        self.rows = [stood(Orientation.Horizontal, row) for row in quarters]
        self.panels = stood(Orientation.Vertical, self.rows)
        for row in self.rows:
            row.splitterMoved.connect(self._align)
        middle = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        column.addWidget(line)
        column.addWidget(self.panels, 1)
        for widget in (left, middle, right):
            self.addWidget(widget)
        self.setHandleWidth(style.UNIT)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(1, 1)
        self.setSizes([LEFT_WIDTH, 1440 - LEFT_WIDTH - RIGHT_WIDTH, RIGHT_WIDTH])
        self._restore()

    def show_rail(self, side: str, shown: bool) -> None:
        """Fold a rail, ``"left"`` or ``"right"``, away or out again."""
        self.rails[side].setVisible(shown)
        self._memory.keep(f"rail {side}", shown)

    def has_rail(self, side: str) -> bool:
        """Whether a rail is there."""
        return not self.rails[side].isHidden()

    def fill_with(self, panel: QtWidgets.QWidget | None) -> None:
        """Let one panel fill the place of all, or None to have all back."""
        for widget in self._put_away:
            widget.show()
        self._put_away, self.whole = [], panel
        inner: QtWidgets.QWidget | None = panel
        while inner is not None and inner is not self.panels:
            outer = inner.parentWidget()
            if isinstance(outer, QtWidgets.QSplitter):
                others = [outer.widget(place) for place in range(outer.count())]
                away = [
                    each for each in others if each is not inner and each is not None and not each.isHidden()
                ]
                for each in away:
                    each.hide()
                self._put_away += away
            inner = outer

    def keep(self) -> None:
        """Remember how everything stands."""
        self.fill_with(None)
        self._memory.keep("live sizes", self.saveState())
        for name, splitter in self._named():
            self._memory.keep(f"live sizes {name}", splitter.saveState())

    def _restore(self) -> None:
        for side in self.rails:
            self.rails[side].setVisible(self._memory.yes(f"rail {side}", True))
        for name, splitter in (("", self), *self._named()):
            state = self._memory.state(f"live sizes {name}".strip())
            if state is not None:
                splitter.restoreState(state)

    def _named(self) -> list[tuple[str, QtWidgets.QSplitter]]:
        return [("panels", self.panels), *((f"row {number}", row) for number, row in enumerate(self.rows))]

    def _align(self, *_: object) -> None:
        """Keep the middle of both rows on one line."""
        moved = self.sender()
        for row in self.rows:
            if row is not moved and isinstance(moved, QtWidgets.QSplitter):
                row.setSizes(moved.sizes())


def stood(
    orientation: Orientation, widgets: list[QtWidgets.QWidget] | list[QtWidgets.QSplitter]
) -> QtWidgets.QSplitter:
    """Return a splitter with widgets side by side, or one above the other, all with the same share."""
    result = QtWidgets.QSplitter(orientation)
    result.setHandleWidth(style.UNIT)
    result.setChildrenCollapsible(False)
    for place, widget in enumerate(widgets):
        result.addWidget(widget)
        result.setStretchFactor(place, 1)
    result.setSizes([10_000] * len(widgets))
    return result
