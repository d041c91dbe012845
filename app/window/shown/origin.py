"""Where something that was exported came from, as it is written on it."""

from dataclasses import dataclass
from datetime import datetime

from app.window.reading.snapshot import Snapshot


@dataclass(frozen=True)
class Origin:
    """Of which run a picture or a table is.

    Attributes
    ----------
    run : int
    cell : str
    protocol : str
    started : datetime
        With its time zone.
    simulated : bool
    """

    run: int
    cell: str
    protocol: str
    started: datetime
    simulated: bool

    @property
    def words(self) -> str:
        """One line that names the run, what was done to which cell, when, and whether it was simulated."""
        day = self.started.astimezone().strftime("%Y-%m-%d %H:%M")
        parts = [f"run {self.run}", self.cell, self.protocol, f"began {day}"]
        return " · ".join(parts + (["SIMULATED"] if self.simulated else []))

    @property
    def stem(self) -> str:
        """The beginning of a file's name; signs that a file system does not take are replaced."""
        plain = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in self.cell)
        return f"run {self.run} {plain}"


def origin(snapshot: Snapshot) -> Origin:
    """Return where what a snapshot shows comes from."""
    summary = snapshot.summary
    return Origin(summary.run, summary.cell, summary.protocol, summary.started_utc, summary.simulated)
