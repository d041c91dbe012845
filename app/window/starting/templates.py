"""Keeping, listing and removing templates."""

from collections.abc import Callable
from typing import Any

from app.window.qt import QtCore
from app.window.starting.companion import Companion, own_folder
from core.errors import StripbenchError


class Templates(QtCore.QObject):
    """The templates of the operator, and those that are built in.

    Parameters
    ----------
    companion : Companion

    Attributes
    ----------
    found : list of dict
        As `app.drafting` has them.
    read_anew : pyqtSignal
    said : pyqtSignal
        With what came of something.
    """

    read_anew = QtCore.pyqtSignal()
    said = QtCore.pyqtSignal(str)

    def __init__(self, companion: Companion) -> None:
        super().__init__(companion)
        self._companion = companion
        self.found: list[dict[str, Any]] = []

    @property
    def own(self) -> list[str]:
        """The names of those that are not built in."""
        return [each["name"] for each in self.found if not each["built_in"]]

    def read(self) -> None:
        """Read which there are."""

        def take(found: Any) -> None:
            if isinstance(found, StripbenchError):
                self.said.emit(str(found))
            else:
                self.found = found
                self.read_anew.emit()

        self._companion.ask("templates", take, replaces="templates", folder=str(own_folder("templates")))

    def keep(self, name: str, draft: dict[str, Any], replace: bool) -> None:
        """Keep a draft under a name; `replace` says whether one of that name makes room."""
        self._companion.ask(
            "save_template",
            self._told(f"“{name}” is kept as a template."),
            folder=str(own_folder("templates")),
            name=name,
            draft=draft,
            replace=replace,
        )

    def remove(self, template: dict[str, Any]) -> None:
        """Move a template to the removed ones."""
        told = self._told(f"“{template['name']}” lies in the folder “removed” of the templates.")
        self._companion.ask(
            "remove_template", told, folder=str(own_folder("templates")), name=template["name"]
        )

    def _told(self, words: str) -> Callable[[Any], None]:
        def told(result: Any) -> None:
            self.said.emit(str(result) if isinstance(result, StripbenchError) else words)
            self.read()

        return told
