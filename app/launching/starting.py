"""How a command of stripbench is started in a process of its own, on any system."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).parents[2]
"""The folder that the packages lie in."""

WIDE = "200"
"""Columns, so that tables and messages are not broken in a file."""


def command(arguments: Sequence[str]) -> list[str]:
    """Return the command line of ``stripbench`` with arguments, by this same Python."""
    return [sys.executable, "-m", "app.cli.main", *arguments]


def start(
    arguments: Sequence[str], output: BinaryIO, extra: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``stripbench`` with arguments in a session and a process group of its own.

    It does not end with the process that starts it, nor by what ends that one's group.

    Parameters
    ----------
    arguments : sequence of str
    output : binary file
        Takes what it writes to standard output and standard error.
    extra : dict of str, optional
        Variables of its environment.
    """
    return subprocess.Popen(
        command(arguments),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment() | (extra or {}),
        close_fds=True,
        **_apart(),
    )


def environment() -> dict[str, str]:
    """Return the variables that a child is given: it finds the packages, and writes UTF-8 in long lines."""
    variables = dict(os.environ, PYTHONUTF8="1", PYTHONUNBUFFERED="1", COLUMNS=WIDE)
    # Installed packages are found anyway, and must not come before the standard library.
    if "site-packages" not in ROOT.parts:
        known = variables.get("PYTHONPATH", "")
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), known)))
    return variables


def _apart() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
