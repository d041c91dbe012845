"""What is said of work in the background, and of what came of it."""

from dataclasses import dataclass

from app.window.reading.works import Job


@dataclass(frozen=True)
class WorkLine:
    """One line about a job.

    Attributes
    ----------
    number : int
    text, tip : str
    severity : str
        ``"info"``, ``"good"``, ``"warning"`` or ``"alarm"``.
    over : bool
        Whether it can be put away instead of cancelled.
    """

    number: int
    text: str
    severity: str
    over: bool
    tip: str = ""


def work_line(job: Job) -> WorkLine:
    """Return the line about a job."""
    if job.state == "waiting":
        return WorkLine(job.number, f"{job.words}: waits for its turn", "info", False)
    if job.state == "working":
        return WorkLine(job.number, f"{job.words}: at work …", "info", False, job.said)
    if job.state == "cancelled":
        return WorkLine(job.number, f"{job.words}: cancelled, nothing of it was kept", "warning", True)
    if job.state == "failed":
        return WorkLine(job.number, f"{job.words} failed: {job.problem}", "alarm", True, job.problem)
    text, good = _outcome(job)
    return WorkLine(job.number, f"{job.words}: {text}", "good" if good else "warning", True)


def _outcome(job: Job) -> tuple[str, bool]:
    """Return what came of a job, and whether it is as it should be."""
    found, verb = job.outcome if isinstance(job.outcome, dict) else {}, job.arguments[0]
    entries = found.get("runs") or []
    if verb == "export":
        return f"written to {found.get('folder', '?')}", True
    if verb == "report":
        return f"written to {found.get('report', '?')}", True
    entry = entries[0] if entries else {}
    if verb == "replay":
        decisions, differences = entry.get("decisions", 0), found.get("differences", 0)
        return f"{decisions} decisions, {differences} differences", not differences
    return f"{entry.get('spectra', 0)} spectra, kept as version {entry.get('version', '?')} of the fits", True
