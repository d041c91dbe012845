"""A force gauge that speaks the Mark-10 GCL2 dialect on TCP or a pty.

Printable commands end with CR or CR LF; only questions are answered, and a command that is
wrong is answered with an error code. Readings carry their unit. The load cell shows the force
of the press with a zero error that drifts with temperature, and noise; nothing true is sent.
"""

import math
import threading
from collections.abc import Callable

from core.clock import Clock
from core.files import GaugeFile
from simulators.noise import Normals
from simulators.on_the_wire import OnTheWire
from simulators.press import SimulatedPress
from simulators.server import LineServer

SAMPLES_PER_SECOND = 10
PEAK_EVERY = 60.0
"""Bench seconds between the instants at which the peak detector looks, besides turns of the screw."""
SATURATION = 1.1
"""Share of full scale beyond which the display no longer follows."""

ILLEGAL, NOT_AVAILABLE, BAD_SPECIFIER, TOO_LARGE = "*10", "*11", "*12", "*22"

STANDARD_GRAVITY = 9.80665
POUND = 0.45359237
NEWTONS = {
    "N": 1.0,
    "kN": 1e3,
    "mN": 1e-3,
    "lbF": POUND * STANDARD_GRAVITY,
    "kgF": STANDARD_GRAVITY,
    "gF": 1e-3 * STANDARD_GRAVITY,
}
UNIT_COMMANDS = {"N": "N", "KN": "kN", "MN": "mN", "LB": "lbF", "KG": "kgF", "G": "gF"}
STREAM_STEPS = (0, 1, 2, 4, 8, 16, 32, 64, 128)
MODES = {"CUR": "?C", "PT": "?PT", "PC": "?PC"}


class SimulatedGauge(OnTheWire):
    """The gauge on the wire, over a `SimulatedPress`.

    Parameters
    ----------
    clock : Clock
        Only read, never waited on.
    press : SimulatedPress
        Its parameters also describe the load cell.
    settings : GaugeFile, optional
        For the full scale.
    seed : int
        Of its noise.
    """

    def __init__(
        self, clock: Clock, press: SimulatedPress, settings: GaugeFile | None = None, seed: int = 1
    ) -> None:
        self.server = LineServer("gauge", self._answer)
        self._clock, self._press = clock, press
        # A bench reads the force every few seconds, at whole ones.
        self._noise = Normals(seed, "gauge/force", stride=SAMPLES_PER_SECOND)
        self._full_scale = (settings or GaugeFile(backend="simulated")).full_scale
        self._tare = 0.0
        self._unit, self._mode, self._with_unit, self._stream = "N", "CUR", True, 0
        self._extremes = _Extremes(self._untared, press.turns, clock.now())
        self._turn = threading.Lock()

    def display(self, time: float) -> float:
        """Return what somebody who looks at the display reads at a bench second, in N."""
        top = SATURATION * self._full_scale
        resolution = self._press.parameters.gauge_resolution
        shown = min(max(self._sample(time) - self._tare, -top), top)
        return round(shown / resolution) * resolution

    def load_cell(self, time: float) -> float:
        """Return what the load cell feels at a bench second in N, zero error and noise included."""
        return self._sample(time)

    def _untared(self, time: float) -> float:
        return self._press.force(time) + self._press.zero_error(time)

    def _reading(self) -> float:
        """Return the present sample in N, with noise and without tare."""
        return self._sample(self._clock.now())

    def _sample(self, time: float) -> float:
        tick = int(time * SAMPLES_PER_SECOND)
        return self._untared(time) + self._press.parameters.gauge_noise * self._noise(tick)

    def _show(self, newtons: float) -> str:
        """Write a force as the display does: in its unit, digits and range."""
        top = SATURATION * self._full_scale
        factor = NEWTONS[self._unit]
        decimals = max(0, math.ceil(-math.log10(self._press.parameters.gauge_resolution / factor) - 1e-9))
        shown = round(min(max(newtons, -top), top) / factor, decimals) + 0.0  # no "-0.0"
        number = f"{shown:.{decimals}f}"
        return f"{number} {self._unit}" if self._with_unit else number

    def _answer(self, request: str) -> str | None:
        """Return the reply to one request, or None for a command that is obeyed in silence."""
        with self._turn:
            return self._obey(request.strip().upper())

    def _obey(self, command: str) -> str | None:
        if command == "?":
            command = MODES[self._mode]
        questions: dict[str, Callable[[], str]] = {
            "?C": lambda: self._show(self._reading() - self._tare),
            "?PC": lambda: self._show(max(0.0, self._extremes.highest(self._clock.now()) - self._tare)),
            "?PT": lambda: self._show(min(0.0, self._extremes.lowest(self._clock.now()) - self._tare)),
            "LIST": self._list,
        }
        if command in questions:
            return questions[command]()
        if command.startswith("AOUT"):
            return self._set_stream(command[4:])
        return self._set(command)

    def _set(self, command: str) -> str | None:
        if command == "Z":
            self._tare = self._reading()
            self._extremes.clear(self._clock.now())
        elif command == "CLR":
            self._extremes.clear(self._clock.now())
        elif command in UNIT_COMMANDS:
            self._unit = UNIT_COMMANDS[command]
        elif command in MODES:
            self._mode = command
        elif command in ("FULL", "NUM"):
            self._with_unit = command == "FULL"
        elif command != "SAVE":
            return ILLEGAL
        return None

    def _set_stream(self, steps: str) -> str | None:
        """Send every n-th sample unasked. A stream runs in wall time, whatever the clock."""
        if not (steps.isascii() and steps.isdigit()):
            return BAD_SPECIFIER
        if len(steps) > 3 or int(steps) > STREAM_STEPS[-1]:
            return TOO_LARGE
        if int(steps) not in STREAM_STEPS:
            return BAD_SPECIFIER
        self._stream = int(steps)
        self.server.stream(self._stream / SAMPLES_PER_SECOND, lambda: self._answer("?") or "")
        return None

    def _list(self) -> str:
        units = {name: command for command, name in UNIT_COMMANDS.items()}
        form = "FULL" if self._with_unit else "NUM"
        unit = {"LB": "LBF", "KG": "KGF", "G": "GF"}.get(units[self._unit], units[self._unit])
        return f"V1.00;{unit};{self._mode};FLTC8;FLTP1;AOUT{self._stream:02d};AOFF5;{form};MIT;POL;B0"


class _Extremes:
    """Highest and lowest value since a clearing, looked at on a fixed grid of bench time.

    The grid makes the answer independent of when and how often it is asked for.
    """

    def __init__(
        self, value: Callable[[float], float], turns: Callable[[], tuple[float, ...]], time: float
    ) -> None:
        self._value, self._turns = value, turns
        self.clear(time)

    def clear(self, time: float) -> None:
        """Forget what was before `time`."""
        self._since = time
        self._seen = math.floor(time / PEAK_EVERY)
        self._range = (self._value(time), self._value(time))

    def highest(self, time: float) -> float:
        return self._look(time)[1]

    def lowest(self, time: float) -> float:
        return self._look(time)[0]

    def _look(self, time: float) -> tuple[float, float]:
        last = math.floor(time / PEAK_EVERY)
        grid = [self._value(knot * PEAK_EVERY) for knot in range(self._seen + 1, last + 1)]
        self._range = (min(self._range[0], *grid), max(self._range[1], *grid)) if grid else self._range
        self._seen = max(self._seen, last)
        turns = [self._value(turn) for turn in self._turns() if self._since <= turn <= time]
        now = self._value(time)
        return min(self._range[0], now, *turns), max(self._range[1], now, *turns)
