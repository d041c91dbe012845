"""What can be done with a queue and its steps, and how many cells at a time: buttons, each with its key."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.form_bar import Bar
from app.window.qt import QtCore, QtWidgets
from app.window.shown.queue import QueueStep

FRESH = "Fresh electrode"


class QueueBar(Bar):
    """Buttons for the whole queue.

    Parameters
    ----------
    open, save, undo : callable
    """

    def __init__(self, open: Callable[[], None], save: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__()
        self.open = self.add("Open…", "Open a campaign or an experiment from a TOML file  (Ctrl+O)", open)
        self.save = self.add("Save as…", "Write the queue to a TOML file  (Ctrl+S)", save)
        tip = "Take the last change back  (Ctrl+Z, and Ctrl+Shift+Z for again)"
        self.undo = self.add("Undo", tip, undo)

    def show_editable(self, editable: bool) -> None:
        """Leave out what makes no sense for a campaign that cannot be changed."""
        for each in (self.save, self.undo):
            each.setVisible(editable)


class StepsBar(Bar):
    """Buttons for the step that is selected.

    Parameters
    ----------
    new, edit, copy, remove : callable
    shift : callable
        Called with −1 to do the step earlier, +1 to do it later.
    change : callable
        Called with what is to be different, ``fresh`` or ``count``.
    """

    def __init__(
        self,
        new: Callable[[], None],
        edit: Callable[[], None],
        copy: Callable[[], None],
        remove: Callable[[], None],
        shift: Callable[[int], None],
        change: Callable[[str, int | bool | None], None],
    ) -> None:
        super().__init__()
        self.add("New…", "Write another step on the Start page  (Ctrl+Shift+N)", new)
        self.edit = self.add("Edit…", "Change the step on the Start page  (Return)", edit)
        self.copy = self.add("Copy", "Put the same step behind it once more  (Ctrl+D)", copy)
        self.remove = self.add("Remove", "Take the step out; Ctrl+Z brings it back  (Del)", remove)
        self.up = self.add("↑", "Do it earlier  (Alt+↑, or drag it)", lambda: shift(-1))
        self.down = self.add("↓", "Do it later  (Alt+↓, or drag it)", lambda: shift(1))
        self.fresh = QtWidgets.QToolButton()
        self.fresh.setText(FRESH)
        self.fresh.setFont(style.font(14))
        self.fresh.setAccessibleName(FRESH)
        self.fresh.setToolTip("Mount the next working electrode of its kind for this step")
        self.fresh.setCheckable(True)
        self.fresh.setSizePolicy(QtWidgets.QSizePolicy.Policy.Minimum, QtWidgets.QSizePolicy.Policy.Fixed)
        self.fresh.toggled.connect(lambda fresh: change("fresh", fresh))
        self.put(self.fresh)
        self.count = QtWidgets.QSpinBox()
        self.count.setRange(0, 10_000)
        self.count.setSpecialValueText("as mounted")
        self.count.setSuffix(" electrodes")
        self.count.setButtonSymbols(QtWidgets.QSpinBox.ButtonSymbols.NoButtons)
        self.count.setFont(style.font(14))
        self.count.setKeyboardTracking(False)
        self.count.setAccessibleName("Working electrodes of this kind")
        self.count.setToolTip(
            "How many working electrodes of this kind there are; more than one need {n} in the cell's name."
        )
        self.count.valueChanged.connect(lambda count: change("count", count or None))
        self.put(self.count)

    def make_room(self, narrow: bool) -> None:
        """Say less in a small window."""
        self.fresh.setText("Fresh" if narrow else FRESH)

    def show_step(self, step: QueueStep | None, place: int, steps: int) -> None:
        """Show what can be done with the step at a place; None where none is selected."""
        for button in (self.edit, self.copy, self.remove):
            button.setEnabled(step is not None)
        self.up.setEnabled(step is not None and place > 0)
        self.down.setEnabled(step is not None and place < steps - 1)
        with QtCore.QSignalBlocker(self.fresh), QtCore.QSignalBlocker(self.count):
            self.fresh.setEnabled(step is not None)
            self.fresh.setChecked(step is not None and step.fresh)
            self.count.setEnabled(step is not None and step.numbered)
            self.count.setValue(0 if step is None else step.count or 0)


class SideBySide(QtWidgets.QSpinBox):
    """How many cells are worked at in processes of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(1, 16)
        self.setButtonSymbols(QtWidgets.QSpinBox.ButtonSymbols.NoButtons)
        self.setPrefix("cells side by side: ")
        self.setFont(style.font(14))
        self.setAccessibleName("Cells side by side")
        self.setToolTip(
            "On a simulated bench, how many cells are worked at in processes of their own; ↑ and ↓ change it."
        )
