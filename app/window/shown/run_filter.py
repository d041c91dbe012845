"""The search words of the table of runs: free text, and terms such as ``metal:Li0.9Mg0.1 i>50``."""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.window.shown.run_rows import RunRow, Span
from core.cell import LITHIUM_FRACTION
from core.clock import utc_now
from core.errors import BadInput
from core.records import RunState

Test = Callable[[RunRow], bool]

HELP = """\
Words are looked for in every column; all of them have to be there.

cell:LLZO-07   metal:Li0.9Mg0.1   protocol:Geis   state:finished,stopped
ended:cut-off   campaign:"Fig. 5"   step:fig4   bench:2
i>50 (µA/cm²)   T=25 (°C)   p<1 (MPa)   t0<10 (h)   i:50..100
run>40   spectra>1000   hours<2   campaign=3
after:2026-01-01   before:2026-02   on:2026-01-15   after:yesterday
is:live   is:simulated   is:real

A comma means or, a minus in front means not (-state:failed),
"quotes" keep words together and take them as they are."""

_TOKEN = re.compile(r'(?P<name>[A-Za-z_][A-Za-z_0-9]*)(?P<sign><=|>=|:|=|<|>)(?P<value>"[^"]*"|[^\s"]*)')
_WORD = re.compile(r'"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+)')
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

_TEXTS: dict[str, Callable[[RunRow], str]] = {
    "cell": lambda row: row.overview.summary.cell,
    "metal": lambda row: row.overview.anode,
    "protocol": lambda row: row.overview.summary.protocol,
    "state": lambda row: row.state.value,
    "ended": lambda row: row.end,
    "campaign": lambda row: row.overview.title,
    "step": lambda row: row.step,
    "bench": lambda row: row.overview.summary.bench,
}
_WHOLE = {
    "metal": tuple(name.casefold() for name in LITHIUM_FRACTION),
    "state": tuple(state.value for state in RunState),
}
"""Words that are meant as a whole: Li is not all that begins with it."""

_NUMBERS: dict[str, Callable[[RunRow], Span | None]] = {
    "run": lambda row: _point(float(row.run)),
    "i": lambda row: row.current,
    "T": lambda row: row.temperature,
    "p": lambda row: row.pressure,
    "t0": lambda row: _point(row.t0_hours),
    "spectra": lambda row: _point(float(row.overview.summary.spectra)),
    "hours": lambda row: _point(row.hours),
}
_UNITS = {"i": "µA/cm²", "T": "°C", "p": "MPa", "t0": "h", "hours": "h", "run": "", "spectra": ""}
_COUNTS = ("run", "spectra", "campaign")
_ALIKE = {
    "anode": "metal",
    "number": "run",
    "length": "hours",
    "since": "after",
    "t": "T",
    "I": "i",
    "P": "p",
}
_FLAGS: dict[str, Test] = {
    "live": lambda row: row.overview.summary.live,
    "simulated": lambda row: row.overview.summary.simulated,
    "real": lambda row: not row.overview.summary.simulated,
    "binned": lambda row: row.overview.summary.binned,
}
DATES = ("after", "before", "on")
FIELDS = (*_TEXTS, *_NUMBERS, *DATES, "is")


@dataclass(frozen=True)
class Filter:
    """Which runs are wanted.

    Attributes
    ----------
    tests : tuple of callable
        All have to hold.
    wants_t0 : bool
        Whether it cannot be told without t0.
    """

    tests: tuple[Test, ...] = ()
    wants_t0: bool = False

    def matches(self, row: RunRow) -> bool:
        """Whether a run is wanted."""
        return all(test(row) for test in self.tests)


def parse(text: str, now: datetime | None = None) -> Filter:
    """Read search words.

    Parameters
    ----------
    text : str
        See `HELP`.
    now : datetime, optional
        What *today* is counted from.

    Raises
    ------
    BadInput
        If a term names a field that is not there, or its value cannot be understood.
    """
    tests, wants_t0, at = [], False, 0
    moment = (utc_now() if now is None else now).astimezone()
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        negative = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace()
        at += negative
        term, word = _TOKEN.match(text, at), _WORD.match(text, at)
        if term is not None:
            name = _ALIKE.get(term["name"], term["name"])
            test, at = _term(name, term["sign"], term["value"], moment), term.end()
            wants_t0 |= name == "t0"
        elif word is not None:
            test, at = _free(word["quoted"] if word["plain"] is None else word["plain"]), word.end()
        else:
            raise BadInput("a quotation mark is not closed;", 'write for example campaign:"Fig. 5".')
        tests.append(_not(test) if negative else test)
    return Filter(tuple(tests), wants_t0)


def _term(name: str, sign: str, value: str, now: datetime) -> Test:
    quoted = value.startswith('"')
    # A comma in a number would be read as "or" where somebody writes 0,5.
    whole = quoted or (name in _NUMBERS and name not in _COUNTS)
    words = [value.strip('"')] if whole else value.split(",")
    if not all(words):
        raise BadInput(f"{name}{sign} says nothing;", f"go on, for example {_example(name)}.")
    by_number = name in _NUMBERS or (name == "campaign" and sign != ":")
    if name in _TEXTS and not by_number:
        return _any([_text(name, sign, word) for word in words])
    if by_number:
        return _any([_number(name, sign, word) for word in words])
    if name in DATES:
        return _any([_date(name, word, now) for word in words])
    if name == "is":
        return _any([_flag(word) for word in words])
    raise BadInput(
        f"there is no field {name!r};",
        f"there are {', '.join(FIELDS)}; put quotation marks around words that are meant as they are.",
    )


def _example(name: str) -> str:
    if name in DATES:
        return f"{name}:2026-01-31"
    if name in _NUMBERS:
        return f"{name}>10"
    return {"is": "is:live", "metal": "metal:Li0.9Mg0.1", "state": "state:finished"}.get(
        name, f"{name}:a word"
    )


def _free(word: str) -> Test:
    small = word.casefold()
    return lambda row: small in row.haystack


def _not(test: Test) -> Test:
    return lambda row: not test(row)


def _any(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)


def _text(name: str, sign: str, word: str) -> Test:
    if sign not in ":=":
        raise BadInput(f"{name}{sign}{word}: {name} is a word;", f"write {name}:{word}.")
    value, small = _TEXTS[name], word.casefold()
    if name == "protocol":
        # Shown as "GEIS stripping", kept as GeisStripping.
        small = small.replace(" ", "")
    if sign == "=" or small in _WHOLE.get(name, ()):
        return lambda row: value(row).casefold() == small
    return lambda row: small in value(row).casefold()


def _number(name: str, sign: str, word: str) -> Test:
    low, dots, high = word.partition("..")
    if dots:
        if sign not in ":=":
            raise BadInput(f"{name}{sign}{word} says two things;", f"write {name}:{word}.")
        ends = (_read(name, low), _read(name, high))
        return _within(name, min(ends), max(ends))
    limit = _read(name, word)
    if sign in ":=":
        # What is written 25 may be 25.0 or 24.96: equal as far as it is written.
        half = 0.5 * 10.0 ** -len(word.partition(".")[2]) if "e" not in word.casefold() else 0.0
        half = 0.0 if name in _COUNTS else half
        return _within(name, limit - half, limit + half)
    compare, value, upwards = _COMPARE[sign], _value(name), sign.startswith(">")

    def test(row: RunRow) -> bool:
        found = value(row)
        return found is not None and compare(found.high if upwards else found.low, limit)

    return test


def _within(name: str, low: float, high: float) -> Test:
    value = _value(name)

    def test(row: RunRow) -> bool:
        found = value(row)
        return found is not None and found.low <= high and found.high >= low

    return test


def _value(name: str) -> Callable[[RunRow], Span | None]:
    if name == "campaign":
        return lambda row: _point(row.overview.summary.campaign)
    return _NUMBERS[name]


def _read(name: str, word: str) -> float:
    try:
        value = float(word.replace("−", "-"))
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    unit = _UNITS.get(name, "")
    if "," in word:
        remedy = "use a decimal point."
    else:
        remedy = f"write a plain number{f', in {unit}' if unit else ''}, for example {name}>10."
    raise BadInput(f"{name}: {word!r} is not a number;", remedy)


def _date(name: str, word: str, now: datetime) -> Test:
    begin, end = _period(word, now)
    if name == "after":
        return lambda row: row.overview.summary.started_utc >= begin
    if name == "before":
        return lambda row: row.overview.summary.started_utc < begin
    return lambda row: begin <= row.overview.summary.started_utc < end


def _period(word: str, now: datetime) -> tuple[datetime, datetime]:
    """Return begin and end of a day, a month or a year, in local time."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for name, back in (("today", 0), ("yesterday", 1)):
        if word.casefold() == name:
            begin = midnight - timedelta(days=back)
            return begin, begin + timedelta(days=1)
    found = _DATE.fullmatch(word)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        begin = datetime(year, month or 1, day or 1).astimezone()
        if day is not None:
            return begin, (datetime(year, month or 1, day) + timedelta(days=1)).astimezone()
        following = (year, month + 1) if month is not None and month < 12 else (year + 1, 1)
        return begin, datetime(*following, 1).astimezone()
    except (ValueError, OverflowError, OSError):
        raise BadInput(
            f"{word!r} is not a date;", "write 2026, 2026-01, 2026-01-31, today or yesterday."
        ) from None


def _flag(word: str) -> Test:
    if word.casefold() not in _FLAGS:
        raise BadInput(
            f"is:{word} means nothing;", f"there are {', '.join('is:' + each for each in _FLAGS)}."
        )
    return _FLAGS[word.casefold()]


def _point(value: float | None) -> Span | None:
    return None if value is None else Span(float(value), float(value))
