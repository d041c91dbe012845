"""The ASCII protocol of Zaber's motor controllers, for one axis.

A request is ``/device axis command`` and a line end, a reply ``@device axis OK|RJ BUSY|IDLE flag
data`` (vendor's "ASCII Protocol Manual"). Positions count microsteps. Only a few commands are
used: ``get``, ``move rel``, ``stop`` and the empty one, which asks for nothing but the status.
"""

import re
from dataclasses import dataclass
from typing import Any

from pymeasure.adapters import Adapter

from core.errors import InstrumentError
from drivers.line_instrument import LineInstrument

DEVICE, AXIS = 1, 1

REJECTIONS = {
    "BADDATA": "the value is out of range",
    "BADCOMMAND": "it does not know this command",
    "BADAXIS": "it has no such axis",
    "STATUSBUSY": "it is busy with something else",
    "PARKED": "the axis is parked",
    "DRIVERDISABLED": "the motor's driver is switched off",
}
NO_REFERENCE = "WR"
_REPLY = re.compile(r"@([0-9]{2}) ([0-9]) (OK|RJ) (BUSY|IDLE) (\S\S)(?: (.*))?")


@dataclass(frozen=True)
class Reply:
    """A reply of the controller.

    Attributes
    ----------
    busy : bool
        Whether the axis moves.
    flag : str
        The gravest warning, ``"--"`` for none; those that begin with F are faults.
    data : str
    """

    busy: bool
    flag: str
    data: str


class ZaberRejectedError(InstrumentError):
    """The controller understood the request and refused it; `reason` is its word for why."""

    def __init__(self, where: str, reason: str) -> None:
        self.reason = reason
        explained = REJECTIONS.get(reason, "see the vendor's protocol manual")
        super().__init__(f"{where} refuses: {explained} ({reason}).", "Check the axis and its settings.")


def parse_reply(text: str, where: str) -> Reply:
    """Take a reply apart.

    Raises
    ------
    ZaberRejectedError
        If the request was rejected.
    InstrumentError
        If it is no reply of this axis, or reports a fault.
    """
    match = _REPLY.fullmatch(text.strip())
    if match is None or int(match[1]) != DEVICE:
        raise InstrumentError(
            f"{where} answered {text[:80]!r}, which is no reply of device {DEVICE} in Zaber's protocol.",
            "Check the address, that the controller speaks ASCII, and that it is the first of its chain.",
        )
    if match[3] == "RJ":
        raise ZaberRejectedError(where, match[6] or "")
    if match[5].startswith("F"):
        raise InstrumentError(
            f"{where} reports the fault {match[5]}.", "Look at the motor; it may have stalled or lost power."
        )
    return Reply(match[4] == "BUSY", match[5], match[6] or "")


class ZaberAxis(LineInstrument):
    """One axis of a controller, as the protocol shows it.

    Parameters
    ----------
    adapter : str or Adapter
        VISA resource name, e.g. ``ASRL/dev/ttyUSB0::INSTR``, or a PyMeasure adapter.
    name : str
    **kwargs
        See `LineInstrument`.
    """

    def __init__(self, adapter: str | Adapter, name: str = "The press", **kwargs: Any) -> None:
        super().__init__(adapter, name, **kwargs)

    def status(self) -> Reply:
        """Return whether the axis moves, and its warnings."""
        return self._parsed(self.ask(f"/{DEVICE} {AXIS}"))

    def setting(self, name: str) -> str:
        """Return a setting of the axis, e.g. ``pos``."""
        return self._parsed(self.ask(f"/{DEVICE} {AXIS} get {name}")).data

    def device_setting(self, name: str) -> str:
        """Return a setting of the controller, e.g. ``system.serial``; empty where it has none."""
        try:
            return self._parsed(self.ask(f"/{DEVICE} get {name}")).data
        except ZaberRejectedError:
            return ""

    def number(self, name: str) -> int:
        """Return a setting that counts microsteps.

        Raises
        ------
        InstrumentError
            If it is no number.
        """
        text = self.setting(name)
        if not re.fullmatch(r"-?[0-9]{1,12}", text):
            raise InstrumentError(f"{self.where} says that {name} is {text!r}.", "Check the controller.")
        return int(text)

    def move(self, microsteps: int) -> None:
        """Begin to move by so many microsteps. Sent once: whether it arrived, the position tells."""
        self._tell(f"move rel {microsteps}")

    def stop(self) -> bool:
        """Stop; return whether the controller confirmed it."""
        return self._tell("stop")

    def _tell(self, command: str) -> bool:
        reply = self.tell(f"/{DEVICE} {AXIS} {command}")
        if reply is None:
            return False
        self._parsed(reply)
        return True

    def _parsed(self, text: str) -> Reply:
        try:
            return parse_reply(text, self.where)
        except ZaberRejectedError:
            raise
        except InstrumentError:
            self.disconnect()
            raise
