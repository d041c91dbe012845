"""Something that measures a voltage: the amplifier of a load cell hangs on it."""

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from pymeasure.adapters import Adapter

from core.errors import InstrumentError
from drivers.line_instrument import LineInstrument

OVERFLOW = 9e37
"""V; a SCPI voltmeter beyond its range answers 9.9E37."""

_NUMBER = re.compile(r"([+-]?)([0-9]{1,12})(?:\.([0-9]{0,15}))?(?:[Ee]([+-]?[0-9]{1,3}))?")


@dataclass(frozen=True)
class VoltageReading:
    """One voltage in V, its resolution in V, and the reply itself."""

    voltage: float
    resolution: float
    text: str


class VoltageInput(ABC):
    """A voltmeter or data-acquisition channel, connected for the length of a run."""

    @abstractmethod
    def read(self) -> VoltageReading:
        """Measure once.

        Raises
        ------
        InstrumentError
            If it does not answer with a number, or the voltage is beyond its range.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return what it says it is."""

    @abstractmethod
    def close(self) -> None:
        """Release the connection. Never raises."""


def parse_voltage(reply: str, where: str) -> VoltageReading:
    """Turn a reply such as ``+1.23456E-03`` into volts.

    Raises
    ------
    InstrumentError
        If it is no number, or the one that stands for an overflow.
    """
    text = reply.strip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InstrumentError(
            f"{where} answered {text[:80]!r}, which is no voltage.",
            "Check the address, and that the instrument understands MEAS:VOLT:DC?.",
        )
    voltage, exponent = float(text), int(match[4] or 0)
    if not math.isfinite(voltage) or abs(voltage) >= OVERFLOW:
        raise InstrumentError(
            f"{where} is beyond its range (it answered {text!r}).", "Choose a larger range, check the cable."
        )
    return VoltageReading(voltage, 10.0 ** (exponent - len(match[3] or "")), text)


class ScpiVoltmeter(VoltageInput):
    """Any multimeter that speaks SCPI, over VISA: ``*IDN?`` and ``MEAS:VOLT:DC?``.

    Parameters
    ----------
    adapter : str or Adapter
        VISA resource name, e.g. ``TCPIP::192.168.0.9::5025::SOCKET`` or ``USB0::…::INSTR``.
    **options
        `visa_library` and `timeout`; see `LineInstrument`.
    """

    def __init__(self, adapter: str | Adapter, **options: Any) -> None:
        self.wire = LineInstrument(adapter, "The gauge's voltmeter", ends=("\n", "\n"), **options)

    def read(self) -> VoltageReading:
        """Measure once; see `VoltageInput.read`."""
        try:
            return parse_voltage(self.wire.ask("MEAS:VOLT:DC?"), self.wire.where)
        except InstrumentError:
            # What came may have been the answer to something else; a new connection is in step.
            self.wire.disconnect()
            raise

    def describe(self) -> str:
        """Return its answer to ``*IDN?``: maker, model, serial number, firmware."""
        return self.wire.ask("*IDN?").strip()

    def close(self) -> None:
        """Release the connection. Never raises."""
        self.wire.shutdown()
