"""The SIMSERV protocol of Weiss and Vötsch chambers with S!MPAC controllers, over TCP.

A request is ``command ¶ chamber { ¶ argument } CR`` with the separator byte 0xB6, a reply
``1 { ¶ value } CR LF`` or an error code (vendor's manual "S!MPAC simserv"). The chamber index is
ignored by the controller and always 1. Temperatures are in °C here, as on the wire.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pymeasure.adapters import Adapter

from core.errors import InstrumentError
from drivers.line_instrument import LineInstrument

SEPARATOR = "\xb6"

Parsed = TypeVar("Parsed")

REFUSALS = {
    "-1": "an empty request",
    "-2": "the chamber's index is missing",
    "-3": "the chamber's index is out of range",
    "-4": "there is no such chamber",
    "-5": "unknown command",
    "-6": "too few or wrong parameters",
    "-7": "no server",
    "-8": "the data could not be read: there is no such channel",
    "-9": "the command could not be executed",
    "-10": "wrong index",
    "-11": "nobody is logged in",
    "-12": "no right to do this",
    "-13": "somebody is logged in already",
}
"""What the controller's error codes mean, those of older S!MPATI servers included."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?")

CELSIUS_BOUNDS = (-273.15, 1000.0)
"""A temperature beyond these is no temperature of a chamber, whatever the reply looks like."""


class SimservRefusedError(InstrumentError):
    """The controller understood the request and refused it."""


def parse_reply(reply: str, where: str) -> list[str]:
    """Return the values in a reply.

    Parameters
    ----------
    reply : str
        Without terminator.
    where : str
        Name and address of the chamber, for messages.

    Raises
    ------
    SimservRefusedError
        If it is an error code.
    InstrumentError
        If it is no reply of the protocol.
    """
    acknowledgement, *values = reply.split(SEPARATOR)
    if acknowledgement == "1":
        return values
    if reply in REFUSALS:
        raise SimservRefusedError(
            f"{where} refuses: {REFUSALS[reply]} (reply {reply}).",
            "Check that the controller's software has this function and this channel.",
        )
    if reply.startswith(("READ failed", "WRITE failed")):
        raise SimservRefusedError(
            f"{where} does not know this command (reply {reply[:80]!r}).",
            "The controller's software may be too old for it.",
        )
    if reply.startswith("100 OK"):
        raise InstrumentError(
            f"{where} answers with the greeting of its PLC ({reply[:80]!r}): this is the wrong port.",
            "Use the SIMSERV port, 2049 unless it was changed.",
        )
    raise _garbage(reply, where)


def parse_value(reply: str, where: str) -> str:
    """Return the only value in a reply, or raise `InstrumentError` if there are none or more."""
    values = parse_reply(reply, where)
    if len(values) != 1:
        raise _garbage(reply, where)
    return values[0]


def parse_switch(text: str, where: str) -> bool:
    """Return a digital state, or raise `InstrumentError` quoting what is neither 0 nor 1."""
    if text not in ("0", "1"):
        raise _garbage(text, where)
    return text == "1"


def parse_number(text: str, where: str) -> float:
    """Return a number with a decimal point, or raise `InstrumentError` quoting it."""
    if not _NUMBER.fullmatch(text):
        raise _garbage(text, where)
    return float(text)


def parse_temperature(text: str, where: str) -> float:
    """Return a temperature in °C, or raise `InstrumentError` if it cannot be one."""
    low, high = CELSIUS_BOUNDS
    celsius = parse_number(text, where)
    if not low < celsius < high:
        raise InstrumentError(
            f"{where} reports {text} °C, which is no temperature.", "Check the chamber's temperature sensor."
        )
    return celsius


def _garbage(reply: str, where: str) -> InstrumentError:
    return InstrumentError(
        f"{where} answered {reply[:80]!r}, which is no SIMSERV reply.",
        "Check that the address is that of the chamber, with the SIMSERV port (usually 2049).",
    )


class WeissSimserv(LineInstrument):
    """A chamber's controller, as the protocol shows it.

    Parameters
    ----------
    adapter : str or Adapter
        VISA resource name, e.g. ``TCPIP::192.168.0.2::2049::SOCKET``, or a PyMeasure adapter.
    name : str
    **kwargs
        See `LineInstrument`.
    """

    def __init__(self, adapter: str | Adapter, name: str = "The climate chamber", **kwargs: Any) -> None:
        super().__init__(adapter, name, **kwargs)

    def get(self, command: int, *arguments: int) -> str:
        """Ask for one value; asks again when no reply comes.

        Raises
        ------
        InstrumentError
        """
        return self._checked(parse_value, self.ask(_request(command, arguments)))

    def get_number(self, command: int, *arguments: int) -> float:
        """Ask for one number."""
        return self._checked(parse_number, self.get(command, *arguments))

    def get_temperature(self, command: int, *arguments: int) -> float:
        """Ask for a temperature in °C."""
        return self._checked(parse_temperature, self.get(command, *arguments))

    def get_switch(self, command: int, *arguments: int) -> bool:
        """Ask for a 0 or 1."""
        return self._checked(parse_switch, self.get(command, *arguments))

    def get_text(self, command: int, *arguments: int) -> str:
        """Ask for a text, which may be empty."""
        values = self._checked(parse_reply, self.ask(_request(command, arguments)))
        return SEPARATOR.join(values).strip()

    def set(self, command: int, *arguments: float) -> bool:
        """Send a command that changes something, once.

        Returns
        -------
        bool
            Whether the controller acknowledged it; if not, only reading back tells.
        """
        reply = self.tell(_request(command, arguments))
        if reply is None:
            return False
        self._checked(parse_reply, reply)
        return True

    @property
    def temperature(self) -> float:
        """Measure the temperature of the air in °C."""
        return self.get_temperature(11004, 1)

    @property
    def setpoint(self) -> float:
        """Get the set-point in °C that is followed now; it moves during a ramp."""
        return self.get_temperature(11002, 1)

    @property
    def limits(self) -> tuple[float, float]:
        """Get the lowest and highest set-point in °C."""
        return self.get_temperature(11007, 1), self.get_temperature(11009, 1)

    @property
    def gradients(self) -> tuple[float, float]:
        """Get the rates in K/min at which the set-point rises and falls; 0 jumps."""
        return self.get_number(11066, 1), self.get_number(11070, 1)

    @property
    def manual_mode(self) -> bool:
        """Get whether the start channel is on: digital argument 1, before the customer's channels."""
        return self.get_switch(14003, 1)

    @property
    def status(self) -> int:
        """Get the chamber's status: 1 idle, 3 running, 4 added for warnings, 8 for alarms."""
        return int(self.get_number(10012))

    def output(self, argument: int) -> bool:
        """Return a digital channel by its argument, which is its number plus one."""
        return self.get_switch(14003, argument)

    def _checked(self, parse: Callable[[str, str], Parsed], text: str) -> Parsed:
        """Parse a reply; after nonsense the line is no longer trusted to be in step."""
        try:
            return parse(text, self.where)
        except SimservRefusedError:
            raise
        except InstrumentError:
            self.disconnect()
            raise


def _request(command: int, arguments: tuple[float, ...]) -> str:
    return SEPARATOR.join([str(command), "1", *(str(each) for each in arguments)])
