"""The limits of a step: up to three tests in a chain, and the tick at which they are first met."""

from collections.abc import Callable
from itertools import pairwise

from simulators.eclib.front_end import FrontEnd
from simulators.eclib.program import Test

VOLTAGE, CURRENT = 0, 3
"""Variables of a test; the others are analogue inputs, which read zero."""


def limits_met(tests: tuple[Test, ...], front: FrontEnd, time: float) -> bool:
    """Return whether the chain ``(T1 op T2) op T3`` is true at `time`.

    A test counts only if the one before it is active.
    """
    if not tests or not tests[0].active:
        return False
    met = _true(tests[0], front, time)
    for before, test in pairwise(tests):
        if not test.active:
            break
        this = _true(test, front, time)
        met = (met and this) if before.with_next == "and" else (met or this)
    return met


def _true(test: Test, front: FrontEnd, time: float) -> bool:
    value = 0.0
    if test.variable == VOLTAGE:
        value = front.voltage(time)
    elif test.variable == CURRENT:
        value = front.current(time)
    return value >= test.threshold if test.at_least else value <= test.threshold


def first_tick(condition: Callable[[int], bool], after: int, until: int) -> int | None:
    """Return the first tick in (`after`, `until`] at which a condition holds that then goes on to hold.

    Parameters
    ----------
    condition : callable
        Of the tick.
    after, until : int
    """
    if until <= after or not condition(until):
        return None
    while until - after > 1:
        middle = (after + until) // 2
        if condition(middle):
            until = middle
        else:
            after = middle
    return until
