"""What exported files are called: the number of the run, and whether it was simulated."""

MARK = "SIMULATED"
"""In the name and the content of whatever does not come from a real cell."""


def folder_name(run: int, simulated: bool) -> str:
    """Return the name of a run's folder, e.g. ``"run-0007-SIMULATED"``."""
    return file_name(f"run-{run:04d}", simulated)


def file_name(stem: str, simulated: bool, suffix: str = "") -> str:
    """Return the name of a file, with the mark of a simulated run before its suffix."""
    return f"{stem}{f'-{MARK}' if simulated else ''}{suffix}"
