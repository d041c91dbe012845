import math

import pytest

from app.window.shown import format as fmt


@pytest.mark.parametrize(
    ("value", "stderr", "shown", "error"),
    [
        (0.271234, 0.0012, "0.2712", "± 0.0012"),
        (0.271234, 0.004, "0.271", "± 0.004"),
        (365.12, 1.5, "365.1", "± 1.5"),
        (1840.0, 30.0, "1840", "± 30"),
        (0.5, 1e-9, "0.50000", "± < 0.00001"),
        (12.3456, math.nan, "12.3", ""),
        (-0.0004, math.nan, "−0.000400", ""),
        (math.nan, 1.0, "–", ""),
        (0.0, math.nan, "0.00", ""),
    ],
)
def test_digits_follow_the_uncertainty(value, stderr, shown, error):
    assert fmt.uncertain(value, stderr) == shown
    assert fmt.error_of(value, stderr) == error


def test_no_minus_zero():
    assert fmt.fixed(-0.00004, 3) == "0.000"
    assert fmt.fixed(-1.5, 1) == "−1.5"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, "0.0 s"),
        (0.42, "0.4 s"),
        (12.4, "12 s"),
        (99.6, "2 min"),
        (3599.0, "1 h 00 min"),
        (7500.0, "2 h 05 min"),
        (4 * 86400.0, "4 d"),
        (math.nan, "–"),
    ],
)
def test_ages(seconds, words):
    assert fmt.age(seconds) == words


def test_clock():
    assert fmt.clock(8 * 3600 + 21 * 60 + 5, with_seconds=True) == "8:21:05"
    assert fmt.clock(30 * 3600 + 29.0) == "30:00"
    assert fmt.clock(3599.0) == "1:00"
    assert fmt.clock(-60.0) == "−0:01"
    assert fmt.clock(math.nan) == "–"
