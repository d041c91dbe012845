"""The Mark-10 GCL2 dialect of force gauges, over a serial line or TCP.

A gauge answers questions (``?C`` the live force, ``?PC`` and ``?PT`` the peaks, ``LIST`` its
settings) and obeys commands in silence; a wrong one is answered with a code such as ``*10``. A
reading must carry its unit, because a gauge that was switched to another unit at its keys would
otherwise be read wrongly without anybody noticing. Compression is positive.
"""

import re
from typing import Any

from pymeasure.adapters import Adapter

from core.clock import wall_time
from core.errors import InstrumentError
from drivers.force_reading import ForceReading
from drivers.line_instrument import LINK_FAILURES, LineInstrument

STANDARD_GRAVITY = 9.80665
POUND = 0.45359237
NEWTONS = {
    "n": 1.0,
    "kn": 1e3,
    "mn": 1e-3,
    "lbf": POUND * STANDARD_GRAVITY,
    "lb": POUND * STANDARD_GRAVITY,
    "klbf": 1e3 * POUND * STANDARD_GRAVITY,
    "ozf": POUND / 16.0 * STANDARD_GRAVITY,
    "kgf": STANDARD_GRAVITY,
    "kg": STANDARD_GRAVITY,
    "gf": 1e-3 * STANDARD_GRAVITY,
    "g": 1e-3 * STANDARD_GRAVITY,
    "tf": 1e3 * STANDARD_GRAVITY,
}
"""Newtons in each unit a gauge may write, in lower case."""

ERRORS = {
    "*10": "illegal command",
    "*11": "not available on this gauge",
    "*12": "wrong specifier in the command",
    "*22": "value too large",
}
PATIENCE = 3.0
"""Wall seconds that a stream may take to end."""
STREAM_STEPS = (1, 2, 4, 8)
"""The gauge sends every so-manieth sample. It has larger steps, but a silence must mean a failure."""
SAMPLES_PER_SECOND = 10
"""Assumed; a gauge that is faster sends more than asked for, which does no harm."""

_READING = re.compile(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{0,9}))?\s*([A-Za-z]*)")


def parse_reading(reply: str, full_scale: float, where: str) -> ForceReading:
    """Turn a reply such as ``-18.78 lbF`` into newtons.

    Parameters
    ----------
    reply : str
    full_scale : float
        Nominal load in N; at and beyond it a reading is an overload.
    where : str
        Name and address of the gauge, for messages.

    Raises
    ------
    InstrumentError
        If it is an error code, no number, or has no or an unknown unit.
    """
    text = reply.strip()
    if text in ERRORS:
        raise InstrumentError(
            f"{where} answers {text}: {ERRORS[text]}.", "Check that it is a Mark-10 gauge or compatible."
        )
    match = _READING.fullmatch(text)
    if not match:
        raise InstrumentError(
            f"{where} answered {text[:80]!r}, which is no reading.",
            "Check the address, the line settings and the gauge's output format.",
        )
    sign, whole, decimals, unit = match[1], match[2], match[3] or "", match[4]
    factor = _newtons(unit, text, where)
    force = float(f"{sign}{whole}.{decimals}") * factor
    return ForceReading(force, 10.0 ** -len(decimals) * factor, text, abs(force) >= full_scale)


def _newtons(unit: str, text: str, where: str) -> float:
    """Return the newtons in one `unit`; a unit is never guessed."""
    if not unit:
        raise InstrumentError(
            f"{where} answered {text!r}, without a unit.", "Switch on the units in its output format."
        )
    if unit == "MN" or unit.lower() not in NEWTONS:
        raise InstrumentError(
            f"{where} answered {text!r}, in a unit that is not known here.", "Switch the gauge to N."
        )
    return NEWTONS[unit.lower()]


def is_streaming(settings: list[str]) -> bool:
    """Return whether a gauge's settings say so, or are a streamed reading themselves."""
    outputs = [each[4:] for each in settings if each.startswith("AOUT")]
    return any(each.strip("0") for each in outputs) or _READING.fullmatch(settings[0].strip()) is not None


class Mark10(LineInstrument):
    """A gauge, as the dialect shows it.

    Parameters
    ----------
    adapter : str or Adapter
        VISA resource name, e.g. ``ASRL/dev/ttyUSB0::INSTR``, or a PyMeasure adapter.
    name : str
    **kwargs
        See `LineInstrument`.
    """

    def __init__(self, adapter: str | Adapter, name: str = "The force gauge", **kwargs: Any) -> None:
        super().__init__(adapter, name, **kwargs)

    @property
    def settings(self) -> list[str]:
        """Get the gauge's settings, e.g. ``["V1.00", "N", "CUR", ...]``."""
        return self.ask("LIST").strip().split(";")

    def stream_every(self, interval: float) -> None:
        """Let the gauge send every so-manieth sample, as often as `interval` s or more often."""
        wanted = interval * SAMPLES_PER_SECOND
        every = max((each for each in STREAM_STEPS if each <= wanted), default=STREAM_STEPS[0])
        self.tell(f"AOUT{every}", acknowledged=False)

    def streamed(self) -> str | None:
        """Return the next line that the gauge sends by itself; None if none comes in time."""
        with self._line:
            try:
                return self.read()
            except LINK_FAILURES:
                return None

    def silence(self) -> list[str]:
        """Stop streaming, read away what was streamed, and return the settings.

        An unread stream would make every reading older than the one before.

        Raises
        ------
        InstrumentError
            If the gauge goes on streaming.
        """
        deadline = wall_time() + PATIENCE
        with self._line:
            self.tell("AOUT0", acknowledged=False)
            settings = self.settings
            while len(settings) < 2 or is_streaming(settings):
                if wall_time() > deadline:
                    raise InstrumentError(
                        f"{self.where} goes on streaming.", "Switch off its automatic output at its keys."
                    )
                try:
                    settings = self.read().strip().split(";")
                except LINK_FAILURES as error:
                    self.disconnect()
                    raise self._silent("LIST", error) from None
            return settings
