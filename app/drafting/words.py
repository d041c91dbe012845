"""Names and quantities as people write them."""

import math
from decimal import Decimal

_PREFIXES = ((1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))


def short(value: float) -> str:
    """Return a number as briefly as it can be written without changing it."""
    for digits in (6, 9, 12, 15):
        text = f"{value:.{digits}g}"
        if float(text) == value:
            return f"{Decimal(text):f}" if 1e-4 <= abs(value) < 1e9 else text
    return repr(value)


def shown_unit(unit: str | None) -> str:
    """Return a unit as people read it; files understand it, too."""
    return {"degC": "°C", None: ""}.get(unit, unit or "")


def with_prefix(value: float, unit: str) -> tuple[float, str]:
    """Return a value with the prefix of its unit that makes it easy to read."""
    size = abs(value)
    if size == 0.0 or not math.isfinite(size):
        return value, unit
    for factor, prefix in _PREFIXES:
        if size >= factor * 0.9995:
            return value / factor, f"{prefix}{unit}"
    return value / _PREFIXES[-1][0], f"{_PREFIXES[-1][1]}{unit}"
