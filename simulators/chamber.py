"""A climate chamber that speaks SIMSERV on TCP, byte for byte, to any client.

Requests are ``command ¶ chamber { ¶ argument } CR`` with the separator byte 0xB6; replies are
``1 { ¶ value } CR LF``, ``-6`` for wrong arguments, ``-8`` for what does not exist, and
``READ failed: tag`` for a command nobody knows. A set-point beyond the limits is accepted and
clamped, as the vendor's manual says of the real controller. The chamber index is ignored.
"""

import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from core.clock import Clock
from core.units import ZERO_CELSIUS
from simulators.chamber_model import ChamberModel, ChamberParameters
from simulators.chamber_programs import ProgramPlayer
from simulators.noise import normal
from simulators.on_the_wire import OnTheWire
from simulators.server import Hangup, LineServer
from simulators.simserv_replies import WRONG_ARGUMENTS, Command, Refused, index_of, only_first, written

SEPARATOR = "\xb6"
SAMPLES_PER_SECOND = 10
SECONDS_PER_MINUTE = 60.0
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?")

OUTPUTS = ("Condensation protection", "", "", "Compressed air / N2", "Air dryer")
"""Names of the customer's digital channels; over the wire channel k is argument k + 1."""

INFO = ("SIMULATED LabEvent T/110/70/3", "2026", "SIM-0001", "0", "1.0", "1.0", "1.0", "SIMULATED SS:55")


@dataclass
class Message:
    """A message of the controller; `raised` is set from outside, besides its own condition."""

    text: str
    kind: int
    raised: bool = False


ALARM, WARNING, INFO_MESSAGE = 1, 2, 4


class SimulatedChamber(OnTheWire):
    """The chamber on the wire, over a `ChamberModel`.

    Parameters
    ----------
    clock : Clock
        Only read, never waited on.
    parameters : ChamberParameters
    seed : int
        Of the sensor's noise.
    on_change : callable
        Called with the bench second when set-point or running state change.
    """

    def __init__(
        self,
        clock: Clock,
        parameters: ChamberParameters | None = None,
        seed: int = 1,
        on_change: Callable[[float], None] = lambda time: None,
    ) -> None:
        self.parameters = parameters or ChamberParameters()
        self.model = ChamberModel(self.parameters, clock.now())
        self.server = LineServer("chamber", self._answer)
        self._clock, self._seed, self._on_change = clock, seed, on_change
        self._outputs = [False] * len(OUTPUTS)
        self._fan = 100.0
        self._messages = (
            Message("Warning limit temperature", WARNING),
            Message("Alarm limit temperature", ALARM),
            Message("Door open", WARNING),
            Message("Over-temperature protection", ALARM),
            Message("Service interval has ended", INFO_MESSAGE),
        )
        self.programs = ProgramPlayer(self.model, on_change)
        self._commands = self._command_table()
        self._turn = threading.Lock()

    def raise_message(self, number: int, raised: bool = True) -> None:
        """Raise or withdraw message `number` (from 1), e.g. 3, the open door."""
        self._messages[number - 1].raised = raised

    def cell_temperature(self, time: float) -> float:
        """Return the true temperature of the cell in K at a bench second."""
        return self.model.cell_temperature(time)

    def air_temperature(self, time: float) -> float:
        """Return the true temperature of the air in K at a bench second."""
        return self.model.air_temperature(time)

    def _answer(self, request: str) -> str:
        """Return the reply to one request, both without terminators."""
        code, *arguments = request.split(SEPARATOR)
        if code.strip().lower() == "quit":
            raise Hangup
        if code not in self._commands:
            return f"READ failed: {code[:20]}"
        count, command = self._commands[code]
        if len(arguments) != count + 1 or not all(_NUMBER.fullmatch(each) for each in arguments):
            return WRONG_ARGUMENTS
        try:
            with self._turn:
                value = command(*(float(each) for each in arguments[1:]))
        except Refused as refusal:
            return str(refusal)
        return "1" if value is None else f"1{SEPARATOR}{value}"

    def _command_table(self) -> dict[str, Command]:
        """Return the number of arguments and the function of each command."""
        p = self.parameters
        low, high = p.lowest - ZERO_CELSIUS, p.highest - ZERO_CELSIUS
        limits = {
            "11007": low,
            "11009": high,
            "11016": low - p.warning_margin,
            "11017": high + p.warning_margin,
            "11014": low - p.alarm_margin,
            "11015": high + p.alarm_margin,
        }
        texts = {"11026": "Temperature", "11023": "°C", "12019": "Specimen", "12016": "°C"}
        fan = {"13011": "Fan speed", "13010": "%", "13002": "0", "13004": "100"}
        counts = {
            "11018": 1,
            "13007": 1,
            "12012": 1,
            "14007": len(OUTPUTS),
            "15004": 0,
            "17002": len(self._messages),
        }
        constant = {code: written(value) for code, value in limits.items()} | texts | fan
        own: dict[str, Command] = {
            **{code: (1, only_first(text)) for code, text in constant.items()},
            **{code: (0, lambda count=count: str(count)) for code, count in counts.items()},
            "99997": (1, lambda n: INFO[index_of(n, len(INFO))]),
            "10012": (0, self._status),
            "11001": (2, self._set_setpoint),
            "11002": (1, self._get_setpoint),
            "11004": (1, self._get_actual),
            "11066": (1, lambda n: self._get_gradient(n, "gradient_up")),
            "11068": (2, lambda n, rate: self._set_gradient(n, rate, "gradient_up")),
            "11070": (1, lambda n: self._get_gradient(n, "gradient_down")),
            "11072": (2, lambda n, rate: self._set_gradient(n, rate, "gradient_down")),
            "12002": (1, self._get_specimen),
            "13005": (1, self._get_fan),
            "13006": (2, self._set_fan),
            "14010": (1, lambda k: OUTPUTS[index_of(k, len(OUTPUTS))]),
            "14001": (2, self._set_output),
            "14003": (1, self._get_output),
            "17007": (1, lambda n: self._message(n).text),
            "17009": (1, lambda n: str(int(self._active(self._message(n))))),
            "17005": (1, lambda n: str(self._message(n).kind)),
            "17012": (0, lambda: None),
        }
        return own | self.programs.commands(self._clock.now)

    def _sample(self, stream: str) -> float:
        """Return the sensor's noise in K at its present sample."""
        tick = int(self._clock.now() * SAMPLES_PER_SECOND)
        return self.parameters.noise * float(normal(self._seed, stream, tick)[0])

    def _set_setpoint(self, variable: float, celsius: float) -> None:
        index_of(variable, 1)
        now = self._clock.now()
        if self.programs.running(now):
            return  # acknowledged without effect: the set-point is the program's
        self.model.set_target(now, celsius + ZERO_CELSIUS)
        self._on_change(now)

    def _get_setpoint(self, variable: float) -> str:
        index_of(variable, 1)
        return written(self.model.setpoint(self._clock.now()) - ZERO_CELSIUS)

    def _get_actual(self, variable: float) -> str:
        index_of(variable, 1)
        air = self.model.air_temperature(self._clock.now()) + self._sample("chamber/air")
        return written(air - ZERO_CELSIUS)

    def _get_specimen(self, variable: float) -> str:
        index_of(variable, 1)
        cell = self.model.cell_temperature(self._clock.now()) + self._sample("chamber/specimen")
        return written(cell - ZERO_CELSIUS)

    def _get_gradient(self, variable: float, direction: str) -> str:
        index_of(variable, 1)
        return written(getattr(self.model, direction) * SECONDS_PER_MINUTE)

    def _set_gradient(self, variable: float, kelvin_per_minute: float, direction: str) -> None:
        index_of(variable, 1)
        setattr(self.model, direction, abs(kelvin_per_minute) / SECONDS_PER_MINUTE)

    def _get_fan(self, variable: float) -> str:
        index_of(variable, 1)
        return written(self._fan)

    def _set_fan(self, variable: float, percent: float) -> None:
        index_of(variable, 1)
        self._fan = min(max(percent, 0.0), 100.0)

    def _set_output(self, argument: float, value: float) -> None:
        """Switch a digital channel; argument 1 is start and stop, the customer's begin at 2."""
        index = index_of(argument, len(OUTPUTS) + 1)
        if value not in (0.0, 1.0):
            raise Refused(WRONG_ARGUMENTS)
        if index > 0:
            self._outputs[index - 1] = bool(value)
            return
        now = self._clock.now()
        if not value:
            self.programs.stop(now)
        self.model.run(now, bool(value))
        self._on_change(now)

    def _get_output(self, argument: float) -> str:
        index = index_of(argument, len(OUTPUTS) + 1)
        on = self._outputs[index - 1] if index > 0 else self.model.running(self._clock.now())
        return str(int(on))

    def _message(self, number: float) -> Message:
        return self._messages[index_of(number, len(self._messages))]

    def _active(self, message: Message) -> bool:
        p, air = self.parameters, self.model.air_temperature(self._clock.now())
        margins = {"Warning limit temperature": p.warning_margin, "Alarm limit temperature": p.alarm_margin}
        margin = margins.get(message.text, math.inf)
        return message.raised or not p.lowest - margin <= air <= p.highest + margin

    def _status(self) -> str:
        """1 idle, 3 running; 4 is added for a warning and 8 for an alarm."""
        kinds = {message.kind for message in self._messages if self._active(message)}
        running = self.model.running(self._clock.now())
        return str(1 + 2 * running + 4 * (WARNING in kinds) + 8 * (ALARM in kinds))
