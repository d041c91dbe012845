"""Which format a file has: by what is in it first, by its extension only to say what is wrong."""

from pathlib import Path

from core.errors import BadInput
from storage.files import eclab_binary, relaxis_project
from storage.files.eclab_text import is_eclab_text, read_eclab_text
from storage.files.gamry import is_gamry, read_gamry
from storage.files.plain_table import read_plain_table
from storage.files.relaxis_text import is_relaxis_text, read_relaxis_text
from storage.files.spectra import FileSpectrum
from storage.files.text import as_text, read_bytes
from storage.files.zview import is_zview, read_zview

_TEXT_FORMATS = (
    (is_eclab_text, read_eclab_text),
    (is_relaxis_text, read_relaxis_text),
    (is_gamry, read_gamry),
    (is_zview, read_zview),
)
_BINARY = {".mpr": "an EC-Lab binary file", ".eis3": "a RelaxIS project"}


def read_spectra(path: str | Path) -> list[FileSpectrum]:
    """Read every spectrum of a file.

    Understood are EC-Lab's ``.mpt`` (and ``.mpr``, where yadg is installed), ZView's ``.z``,
    Gamry's ``.DTA``, RelaxIS 3's text export and ``.eis3`` project, and plain tables. The content
    decides which it is; the extension does not matter.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of FileSpectrum
        At least one, in the order of the file. Frequencies in Hz, impedances in Ω; Z″ is negative
        for a capacitive response.

    Raises
    ------
    BadInput
        If the file cannot be read, with the line and the value that are wrong.
    """
    name = str(path)
    content = read_bytes(path)
    if content.startswith(eclab_binary.MAGIC):
        return eclab_binary.read_eclab_binary(name)
    if content.startswith(relaxis_project.MAGIC):
        return relaxis_project.read_relaxis_project(name)
    if content.startswith(b"PK\x03\x04"):
        raise BadInput(f"{name} is a workbook or an archive;", "save the table as CSV, or unpack it.")
    extension = Path(path).suffix.lower()
    if extension in _BINARY:
        raise BadInput(
            f"{name} is called {extension} but does not begin like {_BINARY[extension]};",
            "it is damaged or something else; check it with the program that wrote it.",
        )
    file = as_text(name, content)
    for is_it, read in _TEXT_FORMATS:
        if is_it(file):
            return read(file)
    return read_plain_table(file)
