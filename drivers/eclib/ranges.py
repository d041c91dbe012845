"""The ranges of the VMP-300 family, and the numbers that the library knows them by."""

CURRENT_RANGES = {
    1e-12: 14,
    1e-11: 13,
    1e-10: 0,
    1e-9: 1,
    1e-8: 2,
    1e-7: 3,
    1e-6: 4,
    1e-5: 5,
    1e-4: 6,
    1e-3: 7,
    1e-2: 8,
    1e-1: 9,
    1.0: 10,
}
"""Full scale in A to the library's number, smallest first."""

AUTOMATIC_RANGE = 12
"""The library's number of a current range that the instrument chooses itself; under voltage control only."""

VOLTAGE_RANGES = {2.5: 0, 5.0: 1, 10.0: 2}
"""Full scale in V, either sign, to the library's number, smallest first."""

LOWEST_FREQUENCY = 10e-6
HIGHEST_FREQUENCY = 7e6
"""Limits of impedance in Hz."""

FASTEST_RECORD = 1e-3
"""Shortest interval in s between rows: shorter ones fill the channel's memory faster than it is read."""


def full_scale(number: int) -> float | None:
    """Return the full scale in A of a current range, None for booster, automatic or unknown."""
    return next((scale for scale, known in CURRENT_RANGES.items() if known == number), None)


def current_ranges(smallest: float, lowest: int = 0, highest: int = 0) -> tuple[float, ...]:
    """Return the current ranges that may be used, in A, smallest first.

    Parameters
    ----------
    smallest : float
        The bench file's `smallest_range` in A.
    lowest, highest : int
        The library's numbers of the channel's smallest and largest range, as it reports them. A
        booster counts as the largest of the table; both zero means that it reports none.
    """
    reported = bool(lowest or highest)
    floor = full_scale(lowest) if reported else None
    ceiling = full_scale(highest) if reported else None
    return tuple(
        scale
        for scale in CURRENT_RANGES
        if scale >= smallest * (1 - 1e-9)
        and (floor is None or scale >= floor)
        and (ceiling is None or scale <= ceiling)
    )
