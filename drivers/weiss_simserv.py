"""Weiss and Vötsch climate chambers over SIMSERV, as a `ClimateChamber`.

The controller acknowledges set-points it does not take and commands it ignores, so whatever is
written is read back. While a ramp runs it reports the moving set-point, so the target is
remembered here.
"""

import math
from typing import Any

from pymeasure.adapters import Adapter

from core.errors import InstrumentError
from core.files import ChamberFile
from core.units import ZERO_CELSIUS
from drivers import weiss_messages
from drivers.climate_chamber import ChamberMessage, ChamberState, ClimateChamber, ProgramState
from drivers.instrument import Identity
from drivers.read_back import eventually, write_verified, written
from drivers.simserv import SimservRefusedError, WeissSimserv
from drivers.weiss_channels import DigitalChannels
from drivers.weiss_programs import Programs

__all__ = ["WeissChamber", "WeissSimserv"]

WRITTEN_DECIMALS = 2
SAME_SETPOINT = 0.011
"""Largest difference in K between a set-point written and read back that rounding explains."""
SAME_RATE = 1e-3
"""Largest difference in K/min between a gradient written and read back that rounding explains."""
RUNNING, WARNINGS, ALARMS = 2, 4, 8


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
        self._channels = DigitalChannels(self.wire)
        self._programs = Programs(self.wire)
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
        """Set the rates in K/s of the set-point; see `ClimateChamber.set_gradients`.

        They hold for set-points written from now on. A ramp that is under way when both are set to
        0 ends at its target at once: the target is written again, because the controller would
        stay where the ramp had come to.
        """
        if not all(math.isfinite(rate) and rate >= 0.0 for rate in (up, down)):
            raise InstrumentError(
                f"{self.wire.where} was asked for gradients of {up} and {down} K/s.", "Give 0 or more."
            )
        asked = (round(60.0 * up, 3), round(60.0 * down, 3))

        def write() -> bool:
            rising, falling = self.wire.set(11068, 1, asked[0]), self.wire.set(11072, 1, asked[1])
            return rising and falling

        def taken() -> bool:
            return all(abs(a - b) < SAME_RATE for a, b in zip(asked, self.wire.gradients, strict=True))

        if not written(write, taken):
            raise InstrumentError(
                f"{self.wire.where} was asked for gradients of {asked} K/min but took "
                f"{self.wire.gradients} K/min.",
                "Check the gradient limits at its panel.",
            )
        if not any(asked) and self.target is not None:
            self.set_temperature(self.target)

    def read(self) -> ChamberState:
        """Return temperature, set-point and messages; messages are only asked for when there are any."""
        temperature, setpoint, status = self.temperature(), self.wire.setpoint, self.wire.status
        messages = self.messages() if status & (WARNINGS | ALARMS) else ()
        return ChamberState(
            temperature=temperature,
            setpoint=setpoint + ZERO_CELSIUS,
            target=self.target,
            running=bool(status & RUNNING),
            warnings=weiss_messages.of_kind(messages, "warning", flagged=bool(status & WARNINGS)),
            alarms=weiss_messages.of_kind(messages, "alarm", flagged=bool(status & ALARMS)),
        )

    def start(self) -> None:
        """Start conditioning in manual mode and verify that it runs."""
        self._run(True)

    def stop(self) -> None:
        """Stop a program, if one runs, and conditioning, and verify that it stopped."""
        self._programs.stop()
        self._run(False)

    def idle(self, kelvin: float) -> None:
        """End programs and ramps and go to an idle set-point; see `ClimateChamber.idle`."""
        self._programs.stop()
        if self._ramping():
            self.target = None
            self.set_gradients(0.0, 0.0)
        self.set_temperature(kelvin)

    def channels(self) -> tuple[str, ...]:
        """Return the names of the customer's digital channels."""
        return tuple(self._channels.arguments())

    def switch(self, name: str, on: bool) -> None:
        """Switch a digital channel by its name, and verify it; see `DigitalChannels.find`."""
        self._channels.switch(name, on)

    def switched(self, name: str) -> bool:
        """Return whether a digital channel is on; see `DigitalChannels.find`."""
        return self._channels.is_on(name)

    def messages(self) -> tuple[ChamberMessage, ...]:
        """Return all active messages; each that the controller knows is asked for, some sixty."""
        return weiss_messages.active_messages(self.wire)

    def acknowledge(self) -> None:
        """Acknowledge all messages; one whose cause remains stays active."""
        weiss_messages.acknowledge(self.wire)

    def start_program(self, number: int, runs: int = 1) -> None:
        """Start a program of the controller; see `ClimateChamber.start_program`.

        The set-point is the program's from then on, so no target is remembered any more.
        """
        self._programs.start(number, runs)
        self.target = None

    def stop_program(self) -> None:
        """Stop the program; see `ClimateChamber.stop_program`."""
        self._programs.stop()

    def pause_program(self) -> None:
        """Pause the program; see `ClimateChamber.pause_program`."""
        self._programs.pause()

    def continue_program(self) -> None:
        """Go on with the program; see `ClimateChamber.continue_program`."""
        self._programs.go_on()

    def program(self) -> ProgramState:
        """Return what the program does; see `ClimateChamber.program`."""
        return self._programs.state()

    def close(self) -> None:
        """Release the connection. The chamber goes on as it is. Never raises."""
        self.wire.shutdown()

    def _run(self, on: bool) -> None:
        write_verified(
            self.wire.where,
            lambda: self.wire.set(14001, 1, int(on)),
            lambda: self.wire.manual_mode == on and bool(self.wire.status & RUNNING) == on,
            "started" if on else "stopped",
        )

    def _settled(self, asked: float, before: float) -> float | None:
        """Return None when the set-point is as asked, or under way to it; else what it is."""
        if eventually(lambda: abs(self.wire.setpoint - asked) < SAME_SETPOINT or self._ramping()):
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

    def _info(self, number: int) -> str:
        try:
            return self.wire.get_text(99997, number)
        except SimservRefusedError:  # not every controller fills in its whole name plate
            return ""
