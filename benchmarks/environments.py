"""An environment of its own for each peer, made when it is first needed.

Packages are pinned because newer ones may have become faster, slower or right: what is measured is
named. An environment that cannot be made is reported with the reason, never left out silently.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

INSTALL_TIMEOUT = 900.0
"""Seconds a package index may take."""

COMPLETE = "complete.txt"
"""Written into an environment when everything is installed; an interrupted one is made again."""


@dataclass(frozen=True)
class Environment:
    """What a peer needs.

    Attributes
    ----------
    name : str
        Name of its folder.
    packages : tuple of str
        As pip wants them.
    pythons : tuple of str
        Versions of Python it runs on, the best first; empty if the one running this will do.
    """

    name: str
    packages: tuple[str, ...]
    pythons: tuple[str, ...] = ()


LMFIT = Environment("lmfit-1.3.4", ("lmfit==1.3.4",))
IMPEDANCE = Environment(
    "impedance-1.7.1", ("impedance==1.7.1", "numpy<2", "pandas<3"), ("3.11", "3.12", "3.10")
)
"""Its own metadata asks for neither, but it crashes on NumPy 2 and without pandas."""
PYIMPSPEC = Environment("pyimpspec-5.2.0", ("pyimpspec==5.2.0",), ("3.13", "3.12"))
PYIMPSPEC_OLD = Environment("pyimpspec-5.1.3", ("pyimpspec==5.1.3",))
"""For machines with no Python newer than 3.11."""


class NotInstalled(Exception):
    """A peer's environment could not be made; the text says why."""


def default_folder() -> Path:
    """Return the user's cache folder for these environments."""
    return user_cache_path("stripbench") / "benchmark-environments"


def python_of(environment: Environment, folder: Path) -> Path:
    """Return the environment's Python, making the environment if need be.

    Parameters
    ----------
    environment : Environment
    folder : Path
        Where environments live, each in a folder of its own.

    Raises
    ------
    NotInstalled
        If there is no fitting Python or the packages cannot be installed.
    """
    home = folder / environment.name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (home / COMPLETE).exists():
        return python
    base = _find_python(environment.pythons)
    if home.exists():
        shutil.rmtree(home)
    home.parent.mkdir(parents=True, exist_ok=True)
    print(f"making {home} …", file=sys.stderr, flush=True)
    _run([base, "-m", "venv", str(home)])
    _run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *environment.packages]
    )
    (home / COMPLETE).write_text("\n".join(environment.packages), encoding="utf-8")
    return python


def _find_python(versions: tuple[str, ...]) -> str:
    """Return a command that starts one of these versions of Python, the first that is found."""
    if not versions or f"{sys.version_info.major}.{sys.version_info.minor}" == versions[0]:
        return sys.executable
    for version in versions:
        for candidate in _candidates(version):
            if _version_of(candidate) == version:
                return candidate
    raise NotInstalled(f"needs Python {' or '.join(versions)}, which is not on PATH")


def _candidates(version: str) -> list[str]:
    """Return what may start this version; shims of version switchers are looked behind."""
    found = shutil.which(f"python{version}")
    candidates = [] if found is None else [found]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [str(path) for path in sorted(versions.glob(f"{version}.*/bin/python"), reverse=True)]
    if f"{sys.version_info.major}.{sys.version_info.minor}" == version:
        candidates.append(sys.executable)
    return candidates


def _version_of(python: str) -> str:
    """Return ``"3.12"`` for a Python that starts, nothing for one that does not."""
    show = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", show], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _run(command: list[str]) -> None:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NotInstalled(str(problem)) from problem
    if answer.returncode != 0:
        lines = [line for line in (answer.stderr + answer.stdout).splitlines() if line.strip()]
        wanted = [line for line in lines if "ERROR" in line] or lines or ["no message"]
        raise NotInstalled(wanted[0].strip()[:200])
