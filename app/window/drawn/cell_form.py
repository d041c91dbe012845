"""The form in which cells are written down: every field is checked as one types, and all names are shown."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cell_draft import Checked, Draft
from app.window.shown.cell_fields import BY_PATH, COUNT, FIRST, GROUPS, NAME, CellField

LABEL_WIDTH, FIELD_WIDTH, NAMES_WIDTH = 152, 216, 280


class CellForm(QtWidgets.QWidget):
    """Fields at the left, names and areas at the right.

    Parameters
    ----------
    changed : callable
        Called with the draft whenever something has been typed.
    register : callable
        Called when what is written is to be registered.
    leave : callable
        Called when it is not.
    """

    def __init__(
        self,
        changed: Callable[[Draft], None],
        register: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._changed = changed
        self.draft = Draft()
        self.checked = Checked(self.draft, {NAME: ""})
        self._busy = False
        self.title, self.hint = label(24, bold=True), label(15, grey=True)
        self.hint.setWordWrap(True)
        self.rows = {path: _FieldRow(each, self._write) for path, each in BY_PATH.items()}
        self.areas, self.names_title, self.names = label(15), label(16, bold=True), QtWidgets.QListWidget()
        self.verdict = label(15)
        self.register, self.cancel = QtWidgets.QPushButton(), QtWidgets.QPushButton("Cancel")
        self.register.setObjectName("primary")
        self.register.setToolTip("Write it into the registry  (Ctrl+Return)")
        self.cancel.setToolTip("Back to the list; what is written here is forgotten  (Esc)")
        for button, what in ((self.register, register), (self.cancel, leave)):
            button.setFont(style.font(15))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked, what=what: what())
        for keys, what in (("Ctrl+Return", self._enter), ("Ctrl+Enter", self._enter), ("Esc", leave)):
            shortcut = QtWidgets.QShortcut(QtGui.QKeySequence(keys), self)
            shortcut.setContext(QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(what)
        self._lay_out()

    def show_draft(self, draft: Draft) -> None:
        """Begin with a draft."""
        self.draft = draft
        self.busy(False)
        for path, row in self.rows.items():
            row.show_text(draft.texts.get(path, ""))
            row.show_error("")
        amends = bool(draft.amends)
        self.title.setText(f"A new entry for {draft.amends}" if amends else "New cells")
        self.hint.setText(
            "The entry is valid from now on. Those before it stay, and runs keep the cell as it was then."
            if amends
            else "One cell, or several of one kind with {n} or {n:02d} where the number goes in the name. "
            "Quantities have units: 6\u00a0mm, 0.28\u00a0cm², 12\u00a0MPa."
        )
        self.rows[NAME].editor.setEnabled(not amends)
        self.rows[COUNT].setVisible(not amends)
        self.rows[FIRST].name.setText("Number on its counter" if amends else BY_PATH[FIRST].label)
        self.names_title.setVisible(not amends)
        self.names.setVisible(not amends)
        self._changed(draft)

    def show_checked(self, checked: Checked) -> None:
        """Show what is to be said of the draft; of an older one nothing."""
        if checked.draft is not self.draft:
            return
        self.checked = checked
        for path, row in self.rows.items():
            row.show_error(checked.errors.get(path, ""))
        if not self.draft.amends:
            free = "" if checked.first is None else f"{checked.first}, the next free one"
            self.rows[FIRST].placeholder(free)
        electrode, pellet = checked.areas_text()
        self.areas.setText(f"Electrode  {electrode}\nPellet  {pellet}")
        self._show_names(checked)
        self._show_verdict()

    def busy(self, busy: bool) -> None:
        """Say whether the store is being written, so that nothing is registered twice."""
        self._busy = busy
        self._show_verdict()

    def focus_first(self) -> None:
        """Put the cursor where one begins to write."""
        first = self.rows["anode" if self.draft.amends else NAME].editor
        first.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _write(self, path: str, text: str) -> None:
        self.draft = self.draft.written(path, text)
        self._show_verdict()
        self._changed(self.draft)

    def _enter(self) -> None:
        if self.register.isEnabled():
            self.register.click()

    def _show_names(self, checked: Checked) -> None:
        several = f"{checked.count} names" if checked.count > 1 else "Its name"
        taken = f"  ·  {checked.taken} taken" if checked.taken else ""
        self.names_title.setText(several + taken)
        self.names.clear()
        for each in checked.names:
            item = QtWidgets.QListWidgetItem(
                f"✕ {each.name}: {each.taken}" if each.taken else f"✓ {each.name}"
            )
            item.setToolTip(each.taken)
            if each.taken:
                item.setForeground(QtGui.QColor(style.palette().vermillion))
                item.setFont(style.font(14, bold=True))
            self.names.addItem(item)
        more = checked.count - len(checked.names)
        if checked.names and more > 0:
            self.names.addItem(f"… and {more} more")

    def _show_verdict(self) -> None:
        current = self.checked.draft is self.draft
        ready = current and self.checked.ready and not self._busy
        words = "writing …" if self._busy else self.checked.verdict if current else "checking …"
        colours = style.palette()
        wrong = current and not self.checked.ready and not self._busy
        self.verdict.setText(("■ " if wrong else "") + words)
        self.verdict.setStyleSheet(f"color: {colours.vermillion if wrong else colours.grey}")
        self.register.setEnabled(ready)
        several = f"Register {self.checked.count} cells" if self.checked.count > 1 else "Register"
        self.register.setText("Add the entry" if self.draft.amends else several)

    def _lay_out(self) -> None:
        fields = QtWidgets.QWidget()
        fields.setObjectName("panel")
        column = QtWidgets.QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 2 * style.UNIT, 0)
        column.setSpacing(style.UNIT // 2)
        for group in GROUPS:
            title = label(16, bold=True)
            title.setText(group.title)
            column.addWidget(title)
            for each in group.fields:
                column.addWidget(self.rows[each.path])
            column.addSpacing(2 * style.UNIT)
        column.addStretch(1)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidget(fields)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(3 * style.UNIT, 2 * style.UNIT, 2 * style.UNIT, 2 * style.UNIT)
        grid.setHorizontalSpacing(2 * style.UNIT)
        grid.setVerticalSpacing(style.UNIT)
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(self.hint, 1, 0, 1, 2)
        grid.addWidget(scroll, 2, 0)
        grid.addWidget(self._side(), 2, 1)
        bottom = QtWidgets.QHBoxLayout()
        bottom.setSpacing(2 * style.UNIT)
        bottom.addWidget(self.register)
        bottom.addWidget(self.cancel)
        bottom.addWidget(self.verdict, 1)
        self.verdict.setWordWrap(True)
        grid.addLayout(bottom, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(2, 1)

    def _side(self) -> QtWidgets.QWidget:
        side = QtWidgets.QWidget()
        side.setObjectName("card")
        side.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(NAMES_WIDTH)
        column = QtWidgets.QVBoxLayout(side)
        column.setContentsMargins(2 * style.UNIT, 2 * style.UNIT, style.UNIT, style.UNIT)
        column.setSpacing(style.UNIT)
        heading = label(16, bold=True)
        heading.setText("Areas")
        self.areas.setToolTip(
            "A = π d² / 4; the electrode's normalises current, charge, R and C, the pellet's normalises force"
        )
        self.names.setFont(style.font(14))
        self.names.setAccessibleName("Names that would be registered")
        self.names.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.names.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.NoSelection)
        self.names.setStyleSheet(f"background: {style.palette().ground}")
        self.names.setWordWrap(True)
        for widget in (heading, self.areas, self.names_title):
            column.addWidget(widget)
        column.addWidget(self.names, 1)
        column.addStretch(0)
        return side


class _FieldRow(QtWidgets.QWidget):
    """One field: its label, where one writes, and beside or below it what is wrong."""

    def __init__(self, field: CellField, write: Callable[[str, str], None]) -> None:
        super().__init__()
        self.field, self._write = field, write
        self.name, self.error = label(15), label(14)
        self.name.setText(field.label)
        self.name.setFixedWidth(LABEL_WIDTH)
        self.name.setToolTip(field.tip)
        self.error.setWordWrap(True)
        self.error.setStyleSheet(f"color: {style.palette().vermillion}")
        self.error.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.editor: QtWidgets.QLineEdit | QtWidgets.QComboBox = (
            self._choice() if field.choices else self._line()
        )
        self.editor.setFont(style.font(15))
        self.editor.setFixedWidth(FIELD_WIDTH)
        self.editor.setAccessibleName(field.label)
        unit = f"\nAny unit of this kind is understood, e.g. 1 {field.shown_unit}" if field.shown_unit else ""
        self.editor.setToolTip(f"{field.label}: {field.tip}{unit}")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * style.UNIT)
        row.addWidget(self.name, 0, QtCore.Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.editor, 0, QtCore.Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.error, 1, QtCore.Qt.AlignmentFlag.AlignVCenter)

    def show_text(self, text: str) -> None:
        """Show what is written."""
        with QtCore.QSignalBlocker(self.editor):
            if isinstance(self.editor, QtWidgets.QComboBox):
                self.editor.setCurrentText(text or self.field.default)
            else:
                self.editor.setText(text)

    def show_error(self, words: str) -> None:
        """Show what is wrong beside the field; empty where nothing is."""
        self.error.setText(f"■ {words}" if words else "")
        if bool(self.editor.property("wrong")) != bool(words):
            self.editor.setProperty("wrong", bool(words))
            look = self.editor.style()
            if look is not None:
                look.unpolish(self.editor)
                look.polish(self.editor)

    def placeholder(self, text: str) -> None:
        """Say what it is where nothing is written."""
        if isinstance(self.editor, QtWidgets.QLineEdit):
            self.editor.setPlaceholderText(text)

    def _line(self) -> QtWidgets.QLineEdit:
        line = QtWidgets.QLineEdit()
        line.setPlaceholderText(self.field.default)
        line.textEdited.connect(lambda text: self._write(self.field.path, text))
        return line

    def _choice(self) -> QtWidgets.QComboBox:
        choice = Choice()
        choice.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        choice.addItems(["", *self.field.choices] if not self.field.default else self.field.choices)
        choice.setCurrentText(self.field.default)
        choice.currentTextChanged.connect(lambda text: self._write(self.field.path, text))
        return choice
