"""Which fits of a run there are, and choosing some of them."""

from typing import Any

from analysis.circuit import MODEL
from core.errors import BadInput
from storage import FitVersion, RunReader

LIVE_VERSION = 1
"""What was fitted, and decided on, while the run went on."""


def choose(run: RunReader, text: str) -> FitVersion | None:
    """Return the version that ``VERSION`` or ``VERSION/MODEL`` names.

    Parameters
    ----------
    run : RunReader
    text : str
        Empty for what was fitted while the run went on. Without a model the one that runs decide
        by comes first.

    Returns
    -------
    FitVersion or None
        None only for empty text, where nothing has been fitted.

    Raises
    ------
    BadInput
        If there is none, or more than one that it could be.
    """
    known = run.fit_versions()
    if not text:
        return next((each for each in known if each.version == LIVE_VERSION), None)
    number, _, model = text.partition("/")
    found = [each for each in known if str(each.version) == number and model in ("", each.model)]
    found = [each for each in found if each.model == MODEL] or found
    if len(found) == 1:
        return found[0]
    there_are = "; ".join(f"{each.version}/{each.model}" for each in known) or "none"
    what = "could be several" if found else "are not in the store"
    raise BadInput(f"run {run.run}: fits {text!r} {what};", f"there are {there_are}.")


def words(version: FitVersion) -> str:
    """Return one line about a version."""
    made = (
        "made while the run went on" if version.how is None else f"refitted {version.made_utc:%Y-%m-%d %H:%M}"
    )
    how = version.how or {}
    done = [word for key, word in (("interpolate", "interpolated"), ("smooth", "smoothed")) if how.get(key)]
    return ", ".join(
        (f"version {version.version} of {version.model}", f"{version.count} spectra", made, *done)
    )


def as_json(version: FitVersion) -> dict[str, Any]:
    """Return a version for JSON."""
    return {
        "version": version.version,
        "model": version.model,
        "spectra": version.count,
        "made_utc": version.made_utc.isoformat(),
        "how": version.how,
    }
