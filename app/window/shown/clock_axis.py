"""Where the ticks of a time axis stand, and what they read: hours of a run, or the time of day."""

import math
from datetime import datetime, timedelta

HOUR = 3600.0
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""s between two ticks that read well on a clock."""
DAY = 86400


def spacing(span: float, most: int) -> float:
    """Return the seconds between two ticks, so that a span in s has no more than `most` of them."""
    wanted = span / max(most, 1)
    found = next((step for step in STEPS if step >= wanted), None)
    return float(found) if found is not None else DAY * math.ceil(wanted / DAY)


def ticks(begin: float, end: float, started: datetime, most: int) -> list[tuple[float, str]]:
    """Return hours of the run with the local time of day they read, between two hours.

    Midnight reads as a date. Local time is that at the start of the run, also where a run goes on
    over the day on which clocks are changed.

    Parameters
    ----------
    begin, end : float
        h since the run began.
    started : datetime
        With its time zone.
    most : int
        Ticks at most, about.
    """
    if not (math.isfinite(begin) and math.isfinite(end) and end > begin):
        return []
    local = started.astimezone()
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = (local - midnight).total_seconds()
    step = spacing((end - begin) * HOUR, most)
    first = math.ceil((begin * HOUR + shift) / step)
    last = math.floor((end * HOUR + shift) / step)
    seconds = [number * step for number in range(first, last + 1)]
    return [((each - shift) / HOUR, _read(midnight + timedelta(seconds=each), step)) for each in seconds]


def at_clock(time: float, started: datetime) -> str:
    """Write bench seconds as local date and time."""
    return (started.astimezone() + timedelta(seconds=time)).strftime("%a %d %b %H:%M:%S")


def _read(moment: datetime, step: float) -> str:
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.strftime("%d %b")
    return moment.strftime("%H:%M:%S" if step < 60 else "%H:%M")
