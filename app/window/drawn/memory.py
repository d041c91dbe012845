"""What the window remembers from one opening to the next: its size, rails, units, theme and search words."""

from pathlib import Path
from typing import Any

from app.window.qt import QtCore


class Memory:
    """A small book of settings.

    Parameters
    ----------
    path : Path or None
        An INI file, made when something is first kept; None forgets everything, as pictures and
        tests want.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._kept: dict[str, Any] = {}
        self._file = None
        if path is not None:
            self._file = QtCore.QSettings(str(path), QtCore.QSettings.Format.IniFormat)

    def text(self, key: str, otherwise: str = "") -> str:
        """Return a remembered word."""
        value = self._value(key, otherwise)
        return value if isinstance(value, str) else otherwise

    def yes(self, key: str, otherwise: bool = False) -> bool:
        """Return a remembered choice."""
        return self.text(key, "yes" if otherwise else "no") == "yes"

    def state(self, key: str) -> QtCore.QByteArray | None:
        """Return a remembered geometry or state of a widget; None if there is none."""
        value = self._value(key, None)
        return value if isinstance(value, QtCore.QByteArray) else None

    def keep(self, key: str, value: str | bool | QtCore.QByteArray) -> None:
        """Remember something."""
        kept = ("yes" if value else "no") if isinstance(value, bool) else value
        self._kept[key] = kept
        if self._file is not None:
            self._file.setValue(key, kept)

    def _value(self, key: str, otherwise: Any) -> Any:
        if self._file is not None:
            return self._file.value(key, otherwise)
        return self._kept.get(key, otherwise)
