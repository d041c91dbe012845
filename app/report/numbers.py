"""Numbers as a report writes them: with the digits that their uncertainty leaves, or a dash."""

import math
import re

import numpy as np

from core.records import Floats

DASH = "–"
"""What is not known."""

MOST_DIGITS = 5
"""Of a number whose error is smaller than anybody asks for."""

FIGURE = re.compile(r"[−-]?\d+(?:\.\d+)?")
"""A number in what somebody said: the same words with other numbers are counted together."""


def known(value: float | None) -> bool:
    """Return whether there is a number."""
    return value is not None and math.isfinite(value)


def plain(value: float | None, digits: int = 3) -> str:
    """Write a number with some significant digits, without powers of ten between 0.001 and 100,000."""
    if value is None or not math.isfinite(value):
        return DASH
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))  # 99.97 has three digits as 100
    if not -4 < size < 5:
        return _power(f"{value:.{digits - 1}e}")
    return _minus(f"{value:.{max(digits - 1 - size, 0)}f}")


def plus_minus(value: float | None, error: float | None, digits: int = 3) -> str:
    """Write a number and its standard error to two significant digits of it, and five of the number."""
    if value is None or error is None or not (known(value) and known(error)) or error <= 0:
        return plain(value, digits)
    decimals = 1 - math.floor(math.log10(error))
    if value:
        decimals = min(decimals, MOST_DIGITS - 1 - math.floor(math.log10(abs(value))))
    if decimals > 8:
        return plain(value, digits)
    if round(error, decimals) == 0:
        return _minus(f"{_rounded(value, decimals)} ± < {_rounded(10.0**-decimals, decimals)}")
    return _minus(f"{_rounded(value, decimals)} ± {_rounded(error, decimals)}")


def interval(low: float | None, high: float | None, digits: int = 3) -> str:
    """Write two ends; an end that is not known, or infinite, is said as one-sided."""
    if not known(low) and not known(high):
        return DASH
    if not known(low):
        return f"< {plain(high, digits)}"
    if not known(high):
        return f"> {plain(low, digits)}"
    return f"{plain(low, digits)} to {plain(high, digits)}"


def ends(interval: tuple[float, float] | Floats | None, scale: float = 1.0) -> tuple[float, float]:
    """Return the two ends of an interval times a scale, the lower one first; nan without one."""
    if interval is None:
        return math.nan, math.nan
    low, high = sorted(float(end) * scale for end in interval)
    return low, high


def spread(values: Floats) -> tuple[float | None, float | None]:
    """Return mean and standard deviation of the values that are known; None where there are too few."""
    found = values[np.isfinite(values)]
    if not len(found):
        return None, None
    return float(np.mean(found)), float(np.std(found, ddof=1)) if len(found) > 1 else None


def celsius(temperature: float, decimals: int = 0) -> str:
    """Write a temperature in K in °C, without unit; there is no −0."""
    text = f"{round(temperature - 273.15, decimals) + 0.0:.{decimals}f}"
    return _minus(text)


def counted(number: int, one: str, many: str = "") -> str:
    """Write how many there are of something, e.g. ``"3 runs"``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(runs: "tuple[int, ...] | list[int]", most: int = 60) -> str:
    """Write numbers of runs, with neighbours drawn together, e.g. ``"3–6, 9"``."""
    parts: list[list[int]] = []
    for run in sorted(set(runs)):
        if parts and run == parts[-1][-1] + 1:
            parts[-1].append(run)
        else:
            parts.append([run])
    written = [str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts]
    return ", ".join(written[:most]) + (" …" if len(written) > most else "")


def without_numbers(said: str) -> str:
    """Return words without their numbers, e.g. ``"press to … MPa"``."""
    return FIGURE.sub("…", said)


def _rounded(value: float, decimals: int) -> str:
    return f"{round(value, decimals):.{max(decimals, 0)}f}"


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _power(text: str) -> str:
    digits, exponent = text.split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{_minus(digits)} × 10{raised}"
