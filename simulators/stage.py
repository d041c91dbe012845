"""A motor on the screw of the press, whose controller speaks Zaber's ASCII protocol on TCP.

It turns the `SimulatedPress` that a hand would turn otherwise. While it moves, the press is
brought to where the screw is by now whenever somebody talks to the controller.
"""

import re
import threading
from dataclasses import dataclass

from core.clock import Clock
from core.files import PressFile
from simulators.on_the_wire import OnTheWire
from simulators.press import SimulatedPress
from simulators.server import LineServer

SPEED = 50e-6
"""Of the screw in m/s."""
TRAVEL = 10e-3
"""From open to the end, in m."""

_REQUEST = re.compile(r"/(?:([0-9]{1,2})(?: ([0-9])(?= |$))?)? ?(.*)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")


@dataclass(frozen=True)
class _Motion:
    """A movement from one travel in m to another, begun at a bench second."""

    began: float
    start: float
    end: float

    @property
    def over(self) -> float:
        """Bench second at which it ends."""
        return self.began + abs(self.end - self.start) / SPEED

    def at(self, time: float) -> float:
        """Return the travel at a bench second."""
        if time >= self.over:
            return self.end
        return self.start + (self.end - self.start) * (time - self.began) / (self.over - self.began)


class SimulatedStage(OnTheWire):
    """The controller on the wire, over a `SimulatedPress`.

    Parameters
    ----------
    clock : Clock
        Only read, never waited on.
    press : SimulatedPress
    settings : PressFile, optional
        For the microstep.

    Attributes
    ----------
    flag : str
        Its gravest warning, set from outside: ``"--"`` none, ``"WR"`` no reference, ``"FS"`` stalled.
    """

    def __init__(self, clock: Clock, press: SimulatedPress, settings: PressFile | None = None) -> None:
        self.server = LineServer("press", self._answer)
        self.flag = "--"
        self._clock, self._press = clock, press
        self._microstep = (settings or PressFile(backend="simulated")).microstep
        self._motion: _Motion | None = None
        self._turn = threading.Lock()

    def _answer(self, request: str) -> str | None:
        """Return the reply to one request; a request to another device has none."""
        match = _REQUEST.fullmatch(request.strip())
        if match is None or match[1] not in (None, "0", "00", "1", "01"):
            return None
        axis, command = match[2] or "0", match[3].strip()
        with self._turn:
            self._advance()
            if axis not in ("0", "1"):
                return self._reply(axis, "RJ", "BADAXIS")
            verdict, data = self._obey(command)
            return self._reply(axis, verdict, data)

    def _reply(self, axis: str, verdict: str, data: str) -> str:
        state = "BUSY" if self._motion is not None else "IDLE"
        return f"@01 {axis} {verdict} {state} {self.flag} {data}"

    def _obey(self, command: str) -> tuple[str, str]:
        words = command.split()
        if not words:
            return "OK", "0"
        if words[0] == "get" and len(words) == 2:
            value = self._settings().get(words[1])
            return ("OK", value) if value is not None else ("RJ", "BADCOMMAND")
        if words[0] == "stop" and len(words) == 1:
            self._motion = None
            return "OK", "0"
        if words[:2] in (["move", "rel"], ["move", "abs"]) and len(words) == 3:
            return self._move(words[2], relative=words[1] == "rel")
        return "RJ", "BADCOMMAND"

    def _settings(self) -> dict[str, str]:
        return {
            "pos": str(self._position()),
            "limit.min": "0",
            "limit.max": str(round(TRAVEL / self._microstep)),
            "deviceid": "30000",
            "system.serial": "12345",
            "version": "7.38",
        }

    def _move(self, number: str, *, relative: bool) -> tuple[str, str]:
        if not _WHOLE.fullmatch(number):
            return "RJ", "BADDATA"
        goal = int(number) + (self._position() if relative else 0)
        if not 0 <= goal <= round(TRAVEL / self._microstep):
            return "RJ", "BADDATA"
        now = self._clock.now()
        self._motion = _Motion(now, self._press.travel(now), goal * self._microstep)
        self._advance()
        return "OK", "0"

    def _position(self) -> int:
        return round(self._press.travel(self._clock.now()) / self._microstep)

    def _advance(self) -> None:
        """Bring the press to where the screw is by now."""
        motion, now = self._motion, self._clock.now()
        if motion is None:
            return
        travel = motion.at(now)
        if travel != self._press.travel(now):
            self._press.set_travel(now, travel)
        if now >= motion.over:
            self._motion = None
