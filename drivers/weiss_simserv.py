"""Weiss and Vötsch climate chambers over SIMSERV, as a `ClimateChamber`.

The controller acknowledges set-points it does not take and commands it ignores, so whatever is
written is read back. While a ramp runs it reports the moving set-point, so the target is
remembered here. Its own digital channels are found by name, because their numbers differ from
chamber to chamber and the wrong one may do damage.
"""

import math
from collections.abc import Callable
from typing import Any

from pymeasure.adapters import Adapter

from core.clock import wall_time
from core.errors import InstrumentError
from core.files import ChamberFile
from drivers.climate_chamber import ChamberState, ClimateChamber
from drivers.instrument import Identity
from drivers.simserv import SimservRefusedError, WeissSimserv

__all__ = ["WeissChamber", "WeissSimserv"]

ZERO_CELSIUS = 273.15
WRITTEN_DECIMALS = 2
SAME_SETPOINT = 0.011
"""Largest difference in K between a set-point written and read back that rounding explains."""
PATIENCE = 1.0
"""Wall seconds that a controller may take to show what it acknowledged."""
RUNNING, WARNINGS, ALARMS = 2, 4, 8
MESSAGE_KINDS = {1: "alarm", 2: "warning"}


class WeissChamber(ClimateChamber):
    """A Weiss or Vötsch chamber with a S!MPAC controller.

    Parameters
    ----------
    settings : ChamberFile
        Its `address` is a VISA resource name, e.g. ``TCPIP::192.168.0.2::2049::SOCKET``.
    adapter : Adapter, optional
        A PyMeasure adapter to use instead of the address.
    **options
        `visa_library` and `timeout`; see `LineInstrument`.

    Raises
    ------
    InstrumentError
        If it cannot be reached or does not speak SIMSERV.
    """

    def __init__(self, settings: ChamberFile, adapter: Adapter | None = None, **options: Any) -> None:
        self.wire = WeissSimserv(adapter or settings.address, **options)
        self.target: float | None = None
        self._channels: dict[str, int] | None = None
        try:
            self._limits = self.wire.limits
        except InstrumentError:
            self.close()
            raise

    def identify(self) -> Identity:
        """Ask for type, serial number and software; see `Instrument.identify`."""
        low, high = self._limits
        details = {
            "protocol": "SIMSERV",
            "address": self.wire.address,
            "visa": self.wire.backend,
            "set-point limits": f"{low:g} to {high:g} °C",
            "year": self._info(2),
            "order number": self._info(4),
            "PLC": self._info(7),
            "control program": self._info(8),
        }
        return Identity("chamber", self._info(1), self._info(3), self._info(8), details)

    def limits(self) -> tuple[float, float]:
        """Return the lowest and highest set-point in K."""
        low, high = self._limits
        return low + ZERO_CELSIUS, high + ZERO_CELSIUS

    def temperature(self) -> float:
        """Return the temperature of the air in K."""
        return self.wire.temperature + ZERO_CELSIUS

    def set_temperature(self, kelvin: float) -> None:
        """Write a set-point and read it back; see `ClimateChamber.set_temperature`.

        If the acknowledgement was lost and the read-back shows another value, it is written once
        more. While a gradient is set the controller shows only the moving set-point; then it is
        verified that this lies between the old one and the new.
        """
        low, high = self._limits
        asked = round(kelvin - ZERO_CELSIUS, WRITTEN_DECIMALS)
        if math.isnan(asked):
            raise InstrumentError(f"{self.wire.where} was asked for {kelvin} K.", "Ask for a temperature.")
        if not low <= asked <= high:
            clamped = min(max(asked, low), high)
            raise InstrumentError(
                f"{self.wire.where} was asked for {asked:g} °C, but takes set-points from {low:g} to "
                f"{high:g} °C only and would silently take {clamped:g} °C; nothing was sent.",
                "Ask for a temperature within these limits.",
            )
        before = self.wire.setpoint
        acknowledged = self.wire.set(11001, 1, asked)
        taken = self._settled(asked, before)
        if taken is not None and not acknowledged:
            self.wire.set(11001, 1, asked)
            taken = self._settled(asked, before)
        if taken is not None:
            raise InstrumentError(
                f"{self.wire.where} was asked for {asked:g} °C but took {taken:g} °C "
                f"(its limits: {low:g} to {high:g} °C).",
                "Check the limits at its panel, that it accepts external control, and that no other "
                "program sets it.",
            )
        self.target = asked + ZERO_CELSIUS

    def set_gradients(self, up: float, down: float) -> None:
        """Set the rates in K/s at which the set-point rises and falls from now on; 0 jumps.

        Raises
        ------
        InstrumentError
            If the controller has no gradients or did not take these.
        """
        asked = tuple(round(60.0 * rate, 3) for rate in (up, down))
        self.wire.set(11068, 1, asked[0])
        self.wire.set(11072, 1, asked[1])
        taken = self.wire.gradients
        if any(abs(a - b) > 1e-3 for a, b in zip(asked, taken, strict=True)):
            raise InstrumentError(
                f"{self.wire.where} was asked for gradients of {asked} K/min but took {taken} K/min.",
                "Check the gradient limits at its panel.",
            )

    def read(self) -> ChamberState:
        """Return temperature, set-point and messages; messages are only asked for when there are any."""
        temperature, setpoint, status = self.temperature(), self.wire.setpoint, self.wire.status
        messages = self._messages() if status & (WARNINGS | ALARMS) else []
        return ChamberState(
            temperature=temperature,
            setpoint=setpoint + ZERO_CELSIUS,
            target=self.target,
            running=bool(status & RUNNING),
            warnings=_of_kind(messages, "warning", flagged=bool(status & WARNINGS)),
            alarms=_of_kind(messages, "alarm", flagged=bool(status & ALARMS)),
        )

    def start(self) -> None:
        """Start conditioning in manual mode and verify that it runs."""
        self._run(True)

    def stop(self) -> None:
        """Stop a program, if one runs, and conditioning, and verify that it stopped."""
        if self._program_running():
            self.wire.set(19015)
        self._run(False)

    def digital_channels(self) -> dict[str, int]:
        """Return the customer's digital channels: name to the argument that switches it.

        The controller answers names by channel number, but counts the start channel as number
        one when switching: the argument is the number plus one.
        """
        if self._channels is None:
            names = {k: self.wire.get_text(14010, k) for k in range(1, self._count(14007) + 1)}
            self._channels = {name: k + 1 for k, name in names.items() if name}
        return dict(self._channels)

    def set_digital(self, name: str, on: bool) -> None:
        """Switch a customer's digital channel by its name, and verify it.

        Raises
        ------
        InstrumentError
            If there is no channel of this name, or it did not switch.
        """
        channels = {each.casefold(): argument for each, argument in self.digital_channels().items()}
        argument = channels.get(name.strip().casefold())
        if argument is None:
            raise InstrumentError(
                f"{self.wire.where} has no digital channel {name!r}.",
                f"It has: {', '.join(self.digital_channels()) or 'none'}.",
            )
        self._write_verified(
            lambda: self.wire.set(14001, argument, int(on)),
            lambda: self.wire.output(argument) == on,
            f"switched {name!r} {'on' if on else 'off'}",
        )

    def acknowledge(self) -> None:
        """Acknowledge all messages; one whose cause remains stays active."""
        self.wire.set(17012)

    def close(self) -> None:
        """Release the connection. The chamber goes on as it is. Never raises."""
        self.wire.shutdown()

    def _run(self, on: bool) -> None:
        self._write_verified(
            lambda: self.wire.set(14001, 1, int(on)),
            lambda: self.wire.manual_mode == on and bool(self.wire.status & RUNNING) == on,
            "started" if on else "stopped",
        )

    def _write_verified(self, write: Callable[[], bool], done: Callable[[], bool], what: str) -> None:
        """Write, and read back until it shows; write once more if the acknowledgement was lost."""
        if write():
            shown = self._eventually(done)
        else:
            shown = self._eventually(done) or (write() and self._eventually(done))
        if not shown:
            raise InstrumentError(
                f"{self.wire.where} acknowledged being {what}, but its read-back says it was not.",
                "Check alarms and the external-control setting at its panel.",
            )

    def _eventually(self, done: Callable[[], bool]) -> bool:
        """Return whether a condition holds within the patience; it is looked at at least twice."""
        deadline = wall_time() + PATIENCE
        while not done():
            if wall_time() > deadline:
                return done()
        return True

    def _settled(self, asked: float, before: float) -> float | None:
        """Return None when the set-point is as asked, or under way to it; else what it is."""
        if self._eventually(lambda: abs(self.wire.setpoint - asked) < SAME_SETPOINT or self._ramping()):
            setpoint = self.wire.setpoint
            low, high = sorted((before, asked))
            if low - SAME_SETPOINT < setpoint < high + SAME_SETPOINT:
                return None
        return self.wire.setpoint

    def _ramping(self) -> bool:
        """Return whether a gradient is set; controllers without the function have none."""
        try:
            return any(rate > 0 for rate in self.wire.gradients)
        except SimservRefusedError:
            return False

    def _program_running(self) -> bool:
        try:
            return bool(int(self.wire.get_number(19210)) & 1)
        except SimservRefusedError:  # software before programs came to the protocol
            return False

    def _info(self, number: int) -> str:
        try:
            return self.wire.get_text(99997, number)
        except SimservRefusedError:  # not every controller fills in its whole name plate
            return ""

    def _count(self, command: int) -> int:
        return int(self.wire.get_number(command))

    def _messages(self) -> list[tuple[str, str]]:
        """Return kind and text of the active messages."""
        numbers = range(1, self._count(17002) + 1)
        active = [n for n in numbers if self.wire.get_number(17009, n) == 1]
        return [(self._message_kind(n), self.wire.get_text(17007, n)) for n in active]

    def _message_kind(self, number: int) -> str:
        try:
            return MESSAGE_KINDS.get(int(self.wire.get_number(17005, number)), "info")
        except SimservRefusedError:  # kinds are not documented by the vendor for every controller
            return "unknown"


def _of_kind(messages: list[tuple[str, str]], kind: str, *, flagged: bool) -> tuple[str, ...]:
    """Return the texts of a kind; a flagged kind always has one, be it of unknown kind or unnamed."""
    if not flagged:
        return ()
    texts = tuple(text for each, text in messages if each == kind)
    unknown = tuple(text for each, text in messages if each == "unknown")
    return texts or unknown or (f"{kind} without a message",)
