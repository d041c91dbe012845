"""Text files as lines, whatever their encoding and line ends, and what is said when they are bad."""

import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadInput

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class TextFile:
    """A text file in memory.

    Attributes
    ----------
    name : str
        The file as the caller named it.
    lines : list of str
        Without their ends; line 1 of the file is ``lines[0]``.
    whole : bool
        Whether the last line is ended; if not, the file may have been cut off within it.
    """

    name: str
    lines: list[str]
    whole: bool

    def refuse(self, line: int, problem: str, remedy: str) -> BadInput:
        """Return an error that names the file and a line, counted from 1."""
        return BadInput(f"{self.name}, line {line}: {problem};", remedy)


def read_bytes(path: str | Path) -> bytes:
    """Return what is in a file.

    Raises
    ------
    BadInput
        If there is no such file, or it is a folder, empty or not readable.
    """
    file = Path(path)
    if not str(path) or file.is_dir():
        raise BadInput(f"{str(path)!r} is a folder, not a file;", "name the files in it, for example *.mpt.")
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"there is no file {str(path)!r};", "check the name and the folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{str(path)!r} cannot be read: {reason};", "check its permissions.") from None
    if not content.strip():
        raise BadInput(f"{str(path)!r} is empty;", "export the spectrum again.")
    return content


def as_text(name: str, content: bytes) -> TextFile:
    """Decode a text file: UTF-8 or UTF-16 with a byte order mark, UTF-8, or Windows' Latin-1.

    Raises
    ------
    BadInput
        If it is no text.
    """
    encoding = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    if encoding is None and _CONTROL.search(content):
        raise BadInput(
            f"{name} is neither text nor a binary format that is known here;",
            "export it as text (.mpt, .z, .DTA, .csv) from the program that wrote it.",
        )
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding is not None:
            raise BadInput(
                f"{name} begins as {encoding} text but cannot be decoded;", "export it again."
            ) from None
        text = content.decode("latin-1")  # cp1252 has holes; what differs is no letter of a heading
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    whole = not lines[-1].strip("\x00 \t")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise BadInput(f"{name} is empty;", "export the spectrum again.")
    return TextFile(name, lines, whole)
