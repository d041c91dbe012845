"""Which engine answers: the compiled one where it can be had, numpy where not or not yet.

Compiled code is kept on disk, so it is made once for each installation. Nobody waits for it: until
it is ready, the numpy engine gives the same answers, a few milliseconds a spectrum.
"""

import contextlib
import hashlib
import importlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import platformdirs

from analysis.engine import interpreted_kk, interpreted_minimise, interpreted_scan, interpreted_trends
from core.errors import BadInput

VARIABLE = "STRIPBENCH_ENGINE"
"""Set this in the environment to ``numpy`` or ``compiled`` to have one engine only."""


MAKER = "STRIPBENCH_ENGINE_MAKER"
READY = "ready"
LONGEST, GLANCE = 300.0, 0.5
"""Seconds that another process is given to compile, and between looks at whether it has."""


class Kernels(NamedTuple):
    """What an engine does to a block of spectra, and to a run of fits.

    Attributes
    ----------
    name : str
        ``"numpy"`` or ``"compiled"``.
    minimise_block, scan_block, band_block : callable
        See `interpreted_minimise`, `interpreted_scan` and `interpreted_kk`.
    joint_block : callable
        See `interpreted_trends`.
    """

    name: str
    minimise_block: Callable[..., None]
    scan_block: Callable[..., None]
    band_block: Callable[..., None]
    joint_block: Callable[..., bool]


NUMPY = Kernels(
    "numpy",
    interpreted_minimise.minimise_block,
    interpreted_scan.scan_block,
    interpreted_kk.band_block,
    interpreted_trends.joint_block,
)


class _Compiler:
    """Loads the compiled engine once, in a thread of its own."""

    def __init__(self) -> None:
        self.kernels: Kernels | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> threading.Thread:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._load, name="compiled engine", daemon=True)
                self._thread.start()
            return self._thread

    def _load(self) -> None:
        try:
            numba = importlib.import_module("numba")
        except ImportError:
            return  # no compiler on this machine: numpy goes on answering
        folder = _cache_folder(numba.__version__)
        numba.config.CACHE_DIR = numba.config.CACHE_DIR or str(folder)
        if not (folder / READY).exists() and os.environ.get(MAKER) != "1":
            _made_elsewhere(folder)
        self.kernels = importlib.import_module("analysis.engine.compiled_engine").load()
        with contextlib.suppress(OSError):  # a folder that cannot be written is no cache, but no harm
            (folder / READY).touch()


def _made_elsewhere(folder: Path) -> None:
    """Have the code compiled in a process of its own, so that it does not hold up whoever is answered.

    Of several processes that want it at once, one sees to it and the others wait.
    """
    lock = folder / "making"
    pause = threading.Event()
    for _ in range(round(LONGEST / GLANCE)):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            pause.wait(GLANCE)
        except OSError:
            return
        if (folder / READY).exists():
            return
    try:
        subprocess.run([sys.executable, "-m", "analysis.engine.making"], check=False)
    finally:
        lock.unlink(missing_ok=True)


def _cache_folder(version: str) -> Path:
    """Return where compiled code is kept: a folder of its own for every version of its sources."""
    digest = hashlib.sha256(version.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    name = digest.hexdigest()[:16]
    folder = platformdirs.user_cache_path("stripbench") / "engine" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"stripbench-engine-{name}"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_made() -> bool:
    """Return whether the compiled engine only needs to be loaded, or will never be there."""
    try:
        version = importlib.metadata.version("numba")
    except importlib.metadata.PackageNotFoundError:
        return True
    return _asked_for() == "numpy" or (_cache_folder(version) / READY).exists()


_compiler = _Compiler()


def prepare(wait: bool = False) -> None:
    """Begin to load the compiled engine, and wait for it where that is wanted.

    A simulated run waits, because its clock does not, and the last digits of an answer should not
    depend on how busy the machine is. A real one does not.
    """
    if _asked_for() != "numpy":
        thread = _compiler.start()
        if wait:
            thread.join()


def kernels(wait: bool = False) -> Kernels:
    """Return the engine that is ready.

    Parameters
    ----------
    wait : bool
        Wait for the compiled one rather than use the slower one: for many spectra.

    Raises
    ------
    BadInput
        If the environment asks for an engine that does not exist or cannot be had.
    """
    if _compiler.kernels is not None:
        return _compiler.kernels if _asked_for() != "numpy" else NUMPY
    asked = _asked_for()
    if asked == "numpy":
        return NUMPY
    prepare(wait or asked == "compiled")
    if _compiler.kernels is None and asked == "compiled":
        raise BadInput(
            f"{VARIABLE} asks for the compiled engine, and numba cannot be imported here;",
            f"install numba, or unset {VARIABLE} to have the slower numpy engine.",
        )
    return _compiler.kernels or NUMPY


def _asked_for() -> str:
    asked = os.environ.get(VARIABLE, "")
    if asked not in ("", "numpy", "compiled"):
        raise BadInput(
            f"{VARIABLE} is {asked!r}, which is no engine;", "use 'numpy', 'compiled', or leave it out."
        )
    return asked
