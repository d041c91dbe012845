"""What counts as alike: levels of a quantity, and thresholds of depletion."""

from collections.abc import Iterable, Sequence

from analysis.normalise import ROOM_TEMPERATURE
from app.conclusions.transitions import Depletion

SAME_THRESHOLD = 0.01
"""Share within which areal thresholds count as one."""

ABOUT_ROOM = 2.5
"""K from 25 °C within which R_int as it is and normalised are one."""


def levels(values: Iterable[float], apart: float) -> dict[float, float]:
    """Return for each value the mean of those that it is one level with.

    Values are of one level that differ from the least of it by no more than `apart`. Rounding to a grid
    would tear apart what lies on its edges: a stack pressure of 7.5 MPa, read as 7.49 and 7.51.

    Parameters
    ----------
    values : iterable of float
    apart : float
        In their unit.
    """
    groups: list[list[float]] = []
    for value in sorted(set(values)):
        if groups and value - groups[-1][0] <= apart:
            groups[-1].append(value)
        else:
            groups.append([value])
    return {value: sum(group) / len(group) for group in groups for value in group}


def about_room(row: Depletion) -> bool:
    """Return whether a run was at about 25 °C, so that normalising its R_int to that changes nothing."""
    return abs(row.temperature - ROOM_TEMPERATURE) < ABOUT_ROOM


def unlike_thresholds(rows: Sequence[Depletion]) -> str:
    """Return by which thresholds runs were judged, in words, where these differ; empty where they do not.

    10 kΩ cm² and 10 kΩ are two thresholds, and so is the same one on R_int as it is and normalised, except
    where it is about 25 °C.
    """
    kinds: dict[str, list[int]] = {}
    for row in rows:
        kinds.setdefault(row.criterion, []).append(row.run)
    values = [row.threshold for row in rows]
    judged = {row.criterion.partition(",")[2] for row in rows if not about_room(row)}
    if not rows or (len(judged) < 2 and max(values) <= min(values) * (1 + SAME_THRESHOLD)):
        return ""
    first = {row.criterion: row.threshold for row in reversed(rows)}
    return "; ".join(
        f"run{'s' * (len(runs) > 1)} {', '.join(map(str, runs))}: {criterion} "
        f"({first[criterion] * 10:.3g} kΩ cm²)"
        for criterion, runs in kinds.items()
    )
