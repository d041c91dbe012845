"""A press whose screw is turned by a stepper motor on a Zaber controller.

The controller knows positions only, so the force of the bench's gauge closes the loop: a step is
as long as the stiffest spring allows without passing the target, the gauge is read when the motor
stands still, and the next step follows. No step can go beyond the target unless the spring is
stiffer than the bench file says, and the controller ends each one by itself, so a computer that
dies leaves the press on the near side of its target.

Nothing here was tried on hardware. Any motor on such a controller will do, so what a microstep is
and what the spring is like must stand in the bench file, and limits of travel belong into the
controller's own settings.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pymeasure.adapters import Adapter

from core.errors import BadInput, InstrumentError
from core.files import PressFile
from drivers.force_gauge import ForceReading
from drivers.instrument import Identity
from drivers.press import Press
from drivers.read_back import eventually
from drivers.zaber import NO_REFERENCE, ZaberAxis

SHARE_OF_THE_WAY = 0.9
"""Of what is left, taken in one step: noise and a stiffer spring must not carry it beyond."""
MOST_STEPS = 100


class ZaberPress(Press):
    """A motorised screw press; see the module.

    Parameters
    ----------
    settings : PressFile
    read_force : callable
        Reads the bench's gauge.
    full_scale : float
        Of that gauge in N; no force beyond it may be asked for.
    adapter : Adapter, optional
        A PyMeasure adapter to use instead of the address.
    **options
        `visa_library` and `timeout`; see `LineInstrument`.

    Raises
    ------
    InstrumentError
        If it cannot be reached, or does not know where it is.
    """

    def __init__(
        self,
        settings: PressFile,
        read_force: Callable[[], ForceReading],
        full_scale: float = math.inf,
        adapter: Adapter | None = None,
        **options: Any,
    ) -> None:
        self._settings, self._read_force = settings, read_force
        self._limits = (settings.lowest, min(settings.highest, full_scale))
        self.wire = ZaberAxis(adapter or settings.address, **options)
        self._target: float | None = None
        self._under_way = False
        self._steps, self._stiffness = 0, settings.stiffness
        self._before: tuple[float, int] | None = None
        try:
            self._require_reference()
            self._ends = (self.wire.number("limit.min"), self.wire.number("limit.max"))
        except InstrumentError:
            self.close()
            raise

    def identify(self) -> Identity:
        """Ask for the controller's identity; see `Instrument.identify`."""
        low, high = self._limits
        settings = self._settings
        details = {
            "protocol": "Zaber ASCII",
            "address": self.wire.address,
            "visa": self.wire.backend,
            "force": f"{low:g} to {high:g} N, within {settings.tolerance:g} N",
            "microstep": f"{settings.microstep:g} m",
            "stiffness": f"{settings.stiffness:g} N/m",
        }
        return Identity(
            "press",
            f"Zaber controller {self.wire.device_setting('deviceid')}".strip(),
            self.wire.device_setting("system.serial"),
            self.wire.device_setting("version"),
            details,
        )

    def limits(self) -> tuple[float, float]:
        """Return the lowest and highest force in N that may be asked for."""
        return self._limits

    def target(self) -> float | None:
        """Return the force in N that was asked for last; None before, and after a stop."""
        return self._target

    def set_force(self, newtons: float) -> None:
        """Set out for a force in N; see `Press.set_force`."""
        low, high = self._limits
        if not low <= newtons <= high:
            raise BadInput(
                f"{self.wire.where} was asked for {newtons:g} N, but may be set from {low:g} to {high:g} N "
                "only; nothing has moved.",
                "Ask for a force within these limits.",
            )
        if self._under_way:
            self.stop()
        self._target, self._under_way = newtons, True
        self._steps, self._stiffness = 0, self._settings.stiffness
        self._before = None
        self.moving()

    def moving(self) -> bool:
        """Look once and take the next step if one is due; see `Press.moving`."""
        if not self._under_way:
            return self.wire.status().busy
        try:
            # In this order: a force that was read before the motor came to rest would be too old.
            busy = self.wire.status().busy
            reading = self._read_force()
            self._require_bearable(reading)
            return busy or self._step(reading.force)
        except InstrumentError:
            self._halt()
            raise

    def stop(self) -> None:
        """Stop the motor and verify that it stands still."""
        self._target, self._under_way = None, False
        self.wire.stop()
        if not eventually(lambda: not self.wire.status().busy):
            raise InstrumentError(
                f"{self.wire.where} goes on moving after a stop.", "Switch its controller off by hand."
            )

    def close(self) -> None:
        """Release the connection. A step that was begun ends by itself. Never raises."""
        self.wire.shutdown()

    def _step(self, force: float) -> bool:
        """Take one step towards the target from a motor at rest; return whether there was one to take."""
        assert self._target is not None
        missing = self._target - force
        if abs(missing) <= self._settings.tolerance:
            self._under_way = False
            return False
        position = self.wire.number("pos")
        self._learn(force, position)
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise InstrumentError(
                f"{self.wire.where} took {MOST_STEPS} steps towards {self._target:g} N and is at "
                f"{force:g} N.",
                "Look whether the screw turns and the gauge bears; `stiffness` and `microstep` in the bench "
                "file may be wrong.",
            )
        microsteps = self._within_travel(position, missing)
        if microsteps == 0:
            self._under_way = False
            return False
        self._before = (force, position)
        self.wire.move(microsteps)
        return True

    def _within_travel(self, position: int, missing: float) -> int:
        """Return the microsteps of the next step; 0 when the press is open as far as it goes."""
        metres = SHARE_OF_THE_WAY * missing / self._stiffness
        wanted = math.trunc(metres / self._settings.microstep) or int(math.copysign(1, missing))
        low, high = self._ends
        microsteps = min(max(wanted, low - position), high - position)
        if microsteps == 0 and missing > 0:
            raise InstrumentError(
                f"{self.wire.where} is at the end of its travel, {missing:g} N short of {self._target:g} N.",
                "Put a spacer under the cell, or correct `limit.max` in the controller.",
            )
        return microsteps

    def _learn(self, force: float, position: int) -> None:
        """Take note of a spring that is stiffer than thought; a softer one only takes more steps."""
        if self._before is None or position == self._before[1]:
            return
        change, travel = force - self._before[0], (position - self._before[1]) * self._settings.microstep
        if abs(change) > self._settings.tolerance:
            self._stiffness = max(self._stiffness, change / travel)

    def _require_bearable(self, reading: ForceReading) -> None:
        if reading.overload or reading.force > self._limits[1] + self._settings.tolerance:
            raise InstrumentError(
                f"{self.wire.where} was stopped: the gauge shows {reading.text!r}, more than "
                f"{self._limits[1]:g} N.",
                "Open the press by hand before anything else.",
            )

    def _require_reference(self) -> None:
        if self.wire.status().flag == NO_REFERENCE:
            raise InstrumentError(
                f"{self.wire.where} does not know its position since it was switched on.",
                "Take the cell out and home the axis with the vendor's software.",
            )

    def _halt(self) -> None:
        """Stop without looking: the error that led here is the one to be told."""
        self._target, self._under_way = None, False
        with suppress(InstrumentError):
            self.wire.stop()
