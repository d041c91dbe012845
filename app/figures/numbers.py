"""Numbers with their intervals, as captions and legends print them."""

import math

from app.figures.words import figures


def decimals(error: float) -> int:
    """Return to how many places a number is written whose error is known: to the first of the error that
    counts, and one more where that is a 1.
    """
    first, power = f"{error:.1e}".split("e")
    return max(0, (float(first) < 2) - int(power))


def with_interval(value: float, low: float, high: float) -> str:
    """Return a number and its 95 % interval to the same place, e.g. ``"0.79 (0.70 to 0.90)"``."""
    near = min(value - low, high - value)
    if not (math.isfinite(near) and near > 0):
        either = ["∞" if math.isinf(each) else figures(each, 2) for each in (low, high)]
        return f"{figures(value, 2)} ({' to '.join(either)})"
    places = decimals(near)
    middle, *ends = (
        "∞" if math.isinf(each) else f"{each:.{places}f}".replace("-", "−") for each in (value, low, high)
    )
    return f"{middle} ({' to '.join(ends)})"


def diffusion(value: float, low: float, high: float) -> str:
    """Return D given in m²/s with its 95 % interval, in 10⁻¹¹ cm²/s as the field compares it."""
    scaled = [each * 1e15 for each in (value, low, high)]
    if math.isinf(high) and low <= 0:
        return f"{figures(scaled[0], 2)} × 10⁻¹¹ cm² s⁻¹ (interval unbounded)"
    return f"{with_interval(*scaled)} × 10⁻¹¹ cm² s⁻¹"


def with_error(value: float, error: float) -> str:
    """Return a number and its standard error, e.g. ``"0.37 ± 0.03"``; the number alone without one."""
    if not math.isfinite(error) or error <= 0:
        return figures(value, 3)
    places = decimals(error)
    return f"{value:.{places}f} ± {error:.{places}f}".replace("-", "−")
