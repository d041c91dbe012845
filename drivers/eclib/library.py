"""Finding and loading the vendor's library on the machine that drives the instrument."""

import ctypes
import os
import struct
import sys
from pathlib import Path

from core.errors import InstrumentError
from drivers.eclib.functions import VendorLibrary

_REMEDY = (
    "Install the EC-Lab Development Package and give its folder, the one with EClib64.dll and the .ecc "
    "files, as `library` in the bench file."
)


def find_library(folder: str) -> Path:
    """Return the library's file in the vendor's folder, for this interpreter's word size.

    Raises
    ------
    InstrumentError
        If no folder is given, or the file is not in it.
    """
    name = "EClib64.dll" if struct.calcsize("P") == 8 else "EClib.dll"
    if not folder:
        raise InstrumentError("The bench file names no folder for the potentiostat's library.", _REMEDY)
    path = Path(folder) / name
    if not path.is_file():
        raise InstrumentError(f"The potentiostat's library {path} does not exist.", _REMEDY)
    return path.resolve()


def load_vendor_library(folder: str) -> VendorLibrary:
    """Load the vendor's library, with its own folder searched for the files it needs.

    Parameters
    ----------
    folder : str
        Where EClib64.dll, the firmware and the .ecc files are.

    Raises
    ------
    InstrumentError
        On another platform than Windows, or if the file is missing or cannot be loaded.
    """
    if sys.platform != "win32":
        raise InstrumentError(
            f"The potentiostat's library is for Windows only; this is {sys.platform}.",
            'Run on the Windows machine of the bench, or write backend = "simulated" in the bench file.',
        )
    path = find_library(folder)
    try:
        os.add_dll_directory(str(path.parent))
        return ctypes.WinDLL(str(path))
    except OSError as error:
        raise InstrumentError(
            f"The potentiostat's library {path} cannot be loaded: {error}.", _REMEDY
        ) from error
