"""Numbers, ages and durations as the window shows them."""

import math

DASH = "–"
MINUS = "−"
MOST_DIGITS = 5
HUGE = 1e12
"""From here on numbers are written with a power of ten."""


def fixed(value: float, decimals: int) -> str:
    """Write a number with a fixed count of decimals; a dash if it is not finite, and no −0."""
    if not math.isfinite(value):
        return DASH
    # No quantity of a bench is as large: a defect of an instrument must not fill the whole line.
    text = f"{value:.{decimals}f}" if abs(value) < HUGE else f"{value:.2e}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def decimals_for(value: float, stderr: float) -> int:
    """Return how many decimals a number deserves.

    The last digit shown is the first of its standard error, or the second where that begins
    with 1. Never more than five digits are shown, and three where the error is not known.

    Parameters
    ----------
    value, stderr : float
        Its standard error may be nan; of a value that is not finite no decimals are known.
    """
    if not math.isfinite(value):
        return 0
    size = math.floor(math.log10(abs(value))) if value else 0
    if not (math.isfinite(stderr) and stderr > 0):
        return max(0, 2 - size)
    order = math.floor(math.log10(stderr))
    wanted = -order + (1 if stderr / 10.0**order < 2 else 0)
    return max(0, min(wanted, MOST_DIGITS - 1 - size))


def uncertain(value: float, stderr: float = math.nan) -> str:
    """Write a number with the digits that its uncertainty allows."""
    if not math.isfinite(value):
        return DASH
    return fixed(value, decimals_for(value, stderr))


def error_of(value: float, stderr: float) -> str:
    """Write ``"± …"`` with the decimals of the number it belongs to; empty if it is not known."""
    if not (math.isfinite(value) and math.isfinite(stderr) and stderr > 0):
        return ""
    decimals = decimals_for(value, stderr)
    shown = fixed(stderr, decimals)
    return f"± {shown}" if float(shown) else f"± < {10.0**-decimals:.{decimals}f}"


def age(seconds: float) -> str:
    """Write how long ago something was: ``"0.4 s"``, ``"12 s"``, ``"3 min"``, ``"2 h 05 min"``, ``"4 d"``."""
    seconds = max(seconds, 0.0)
    if not math.isfinite(seconds):
        return DASH
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{seconds / 86400:.0f} d"


def clock(seconds: float, with_seconds: bool = False) -> str:
    """Write a duration like a clock that does not stop at 24: ``"8:21"`` or ``"8:21:05"`` (hours first)."""
    if not math.isfinite(seconds):
        return DASH
    sign = MINUS if seconds < 0 else ""
    whole = abs(int(seconds)) if with_seconds else abs(round(seconds / 60)) * 60
    hours, minutes = whole // 3600, whole // 60 % 60
    text = f"{sign}{hours}:{minutes:02d}"
    return f"{text}:{whole % 60:02d}" if with_seconds else text
