"""Runs a measurement in a process of its own: one core, one BLAS thread, arrays in and out."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
PEERS = PROJECT / "benchmarks" / "peers"

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
TIMEOUT = 600.0
"""Seconds after which a measurement is given up."""


class Failed(Exception):
    """A measurement ended without a result; the text says why."""


def run_script(
    python: Path | str, script: str, given: dict[str, Any], *arguments: str
) -> dict[str, np.ndarray]:
    """Run ``benchmarks/peers/SCRIPT.py`` with another Python, arrays in and arrays out.

    Raises
    ------
    Failed
        If it does not come back with a result.
    """
    return _run([str(python), str(PEERS / f"{script}.py")], given, arguments, {})


def run_module(
    module: str, given: dict[str, Any], *arguments: str, environment: dict[str, str] | None = None
) -> dict[str, np.ndarray]:
    """Run one of our own modules in a fresh process of this Python, arrays in and arrays out.

    Raises
    ------
    Failed
        If it does not come back with a result.
    """
    return _run([sys.executable, "-m", module], given, arguments, environment or {})


def _run(
    command: list[str], given: dict[str, Any], arguments: tuple[str, ...], environment: dict[str, str]
) -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(source, **given)
        try:
            answer = subprocess.run(
                [*command, str(source), str(target), *arguments],
                cwd=PROJECT,
                env=os.environ | ONE_THREAD | environment,
                capture_output=True,
                text=True,
                timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired as problem:
            raise Failed(f"no result within {TIMEOUT:g} s") from problem
        if answer.returncode != 0 or not target.exists():
            lines = answer.stderr.strip().splitlines() or [f"exit code {answer.returncode}"]
            raise Failed(lines[-1][:200])
        with np.load(target) as found:
            return dict(found)
