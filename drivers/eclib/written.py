"""Values as they appear in messages to the operator."""

import math

_PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"))


def amperes(value: float) -> str:
    """Write a current, e.g. ``"28.3 µA"``."""
    return _with_prefix(value, "A")


def volts(value: float) -> str:
    """Write a voltage, e.g. ``"6.6 V"``."""
    return _with_prefix(value, "V")


def hertz(value: float) -> str:
    """Write a frequency, e.g. ``"7e+06 Hz"``."""
    return f"{value:g} Hz"


def peak_amperes(peak: float) -> str:
    """Write the amplitude of a sine in all three ways in use, so that none is taken for another."""
    return f"{amperes(peak)} peak ({amperes(peak / math.sqrt(2))} rms, {amperes(2 * peak)} peak-to-peak)"


def _with_prefix(value: float, unit: str) -> str:
    size = abs(value)
    # A value that rounds up to the next prefix at four digits belongs to that one.
    for scale, prefix in _PREFIXES:
        if size >= 0.9999 * scale:
            return f"{value / scale:.4g} {prefix}{unit}"
    return f"{value:.4g} {unit}"
