"""Opening a run package (`.eln`): nothing of it is believed before it has been looked at.

Only the store in it is taken out, to a name of our own, so that no name in the file says where anything
is written.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.errors import BadInput

SLICE = "stripbench.sqlite"
METADATA = "ro-crate-metadata.json"

LARGEST_DESCRIPTION = 64 * 2**20
LARGEST_RATIO = 200
"""Measured numbers pack three or four to one; far beyond that it is made to fill a disk."""

BLOCK = 2**20


@contextmanager
def store_of(path: Path) -> Iterator[Path]:
    """Give the store that is in a package, in a folder of its own that is gone afterwards.

    Raises
    ------
    BadInput
        If it is no package, or of another program, damaged, encrypted, changed since it was written, or
        holds more than the disk has room for.
    """
    try:
        with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory(prefix="stripbench-") as folder:
            root = _root(path, package)
            target = Path(folder) / "slice.sqlite"
            digest = _unpack(path, package, _entry(path, package, f"{root}/{SLICE}"), target)
            _check(path, digest, _described(path, package, root))
            yield target
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BadInput(f"{path} is damaged: {error};", "fetch the package again.") from None


def _root(path: Path, package: zipfile.ZipFile) -> str:
    """Return the folder that everything in the package stands in."""
    roots = [name.split("/")[0] for name in package.namelist() if name.split("/")[1:] == [METADATA]]
    if len(roots) != 1:
        raise BadInput(
            f"{path} is no run package: it has {len(roots) or 'no'} folder{'s' * (len(roots) != 1)} with a "
            f"{METADATA};",
            "choose a file that stripbench export --format eln wrote.",
        )
    return roots[0]


def _entry(path: Path, package: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    found = [each for each in package.infolist() if each.filename == name]
    if len(found) != 1:
        raise BadInput(
            f"{path} holds {'several' if found else 'no'} {SLICE}, so there are no runs to take from it;",
            "unpack it and import the files of spectra in it: .mpt, .z or .csv.",
        )
    entry = found[0]
    if entry.flag_bits & 1:
        raise BadInput(f"{path} is encrypted;", "decrypt it first.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadInput(f"{path} is packed in an unusual way;", "pack it again as a plain zip file.")
    if entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1):
        raise BadInput(
            f"{path}: {entry.compress_size} bytes claim to hold {entry.file_size}, as no measurement does;",
            "ask who made it.",
        )
    return entry


def _unpack(path: Path, package: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> str:
    """Write the store to a file; return its SHA-256."""
    free = shutil.disk_usage(target.parent).free
    if entry.file_size > free:
        raise BadInput(
            f"{path} holds a store of {entry.file_size / 2**20:.0f} MiB, and {target.parent} has room for "
            f"{free / 2**20:.0f} MiB;",
            "make room there, or set TMPDIR to a folder with more.",
        )
    found = hashlib.sha256()
    with package.open(entry) as source, target.open("xb") as file:
        # The library reads no more than the size it announced, and checks it.
        while block := source.read(BLOCK):
            found.update(block)
            file.write(block)
    return found.hexdigest()


def _described(path: Path, package: zipfile.ZipFile, root: str) -> dict[str, Any]:
    """Return what the package says of its store."""
    entry = package.getinfo(f"{root}/{METADATA}")
    if entry.file_size > LARGEST_DESCRIPTION:
        raise BadInput(f"{path}: its description has {entry.file_size} bytes;", "ask who made it.")
    try:
        graph = json.loads(package.read(entry))["@graph"]
        return next((each for each in graph if each.get("@id") == SLICE), {})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{path}: {METADATA} in it is no RO-Crate;", "fetch the package again.") from None


def _check(path: Path, digest: str, described: dict[str, Any]) -> None:
    said = described.get("sha256")
    if said is None:
        raise BadInput(
            f"{path} does not say what its {SLICE} must be (no sha256), so a change could not be seen;",
            f"unpack it, and import {SLICE} itself if you trust it.",
        )
    if said != digest:
        raise BadInput(
            f"{path}: {SLICE} in it is not what was packed (its SHA-256 is {digest[:12]}…, the description "
            f"says {str(said)[:12]}…);",
            "fetch the package again, or ask who changed it.",
        )
