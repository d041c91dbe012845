"""One rotating log file per runner, for what concerns the program rather than the cell."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

from core.clock import utc_now


def log_folder() -> Path:
    """Return the user's log folder for stripbench, made if need be."""
    return platformdirs.user_log_path("stripbench", appauthor=False, ensure_exists=True)


def open_log(debug: bool = False) -> Path:
    """Send this process's log records to a file of its own; return its path."""
    path = log_folder() / f"runner-{utc_now():%Y%m%dT%H%M%S}-{os.getpid()}.log"
    handler = RotatingFileHandler(path, maxBytes=2_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for noisy in ("pyvisa", "pymeasure", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return path
