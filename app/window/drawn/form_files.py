"""A dialog for files that stays beside the window, the keys of a page, and its buttons."""

from collections.abc import Callable, Iterable
from typing import Any

from app.window.drawn import style
from app.window.qt import QtCore, QtGui, QtWidgets

Keys = tuple[Any, str, Callable[[], object]]
"""A sequence, what it does in words for the sheet of keys, and what is called."""


def file_dialog(
    parent: QtWidgets.QWidget, title: str, then: Callable[[str], None], save: str = ""
) -> QtWidgets.QFileDialog:
    """Open a dialog for a TOML file beside the window, which goes on meanwhile.

    Parameters
    ----------
    parent : QWidget
    title : str
    then : callable
        Called with the path that was chosen.
    save : str, optional
        The name that is proposed for a file to write; empty to open one.
    """
    dialog = QtWidgets.QFileDialog(parent, title)
    dialog.setNameFilter("TOML files (*.toml);;All files (*)")
    dialog.setDefaultSuffix("toml")
    dialog.setModal(False)
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    if save:
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(save)
    else:
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.show()
    return dialog


def give_keys(widget: QtWidgets.QWidget, keys: Iterable[Keys]) -> None:
    """Let keys do something while the keyboard is in a widget or one of its children."""
    for sequence, words, do in keys:
        shortcut = QtWidgets.QShortcut(QtGui.QKeySequence(sequence), widget)
        shortcut.setWhatsThis(words)
        # A key that is held down must not start a second run where the first one did not begin.
        shortcut.setAutoRepeat(False)
        shortcut.setContext(QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda do=do: do())


def button(text: str, tip: str, name: str = "") -> QtWidgets.QPushButton:
    """Return a button with a tooltip; `name` is that of the style sheet."""
    result = QtWidgets.QPushButton(text)
    if name:
        result.setObjectName(name)
    result.setFont(style.font(16, bold=name == "primary"))
    result.setToolTip(tip)
    result.setAutoDefault(False)
    return result
