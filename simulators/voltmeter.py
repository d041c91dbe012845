"""A voltmeter on the amplifier of the load cell, speaking SCPI on TCP.

It shows the voltage that the calibration of the bench file assigns to what the load cell feels:
zero error, drift and noise included, and nothing true.
"""

import threading
from collections.abc import Callable

from core.clock import Clock
from core.errors import BadInput
from core.files import GaugeFile
from simulators.on_the_wire import OnTheWire
from simulators.server import LineServer

IDENTITY = "SIMULATED,Voltmeter,SIM-0002,1.0"
RANGE = 12.0
"""V; beyond it the reply is the overflow number of SCPI."""
OVERFLOW = "+9.90000000E+37"
UNDEFINED_HEADER = '-113,"Undefined header"'
NO_ERROR = '+0,"No error"'


class SimulatedVoltmeter(OnTheWire):
    """The voltmeter on the wire.

    Parameters
    ----------
    clock : Clock
        Only read, never waited on.
    load : callable
        What the load cell feels in N at a bench second.
    settings : GaugeFile
        With the calibration of the amplifier.

    Raises
    ------
    BadInput
        If there is no calibration.
    """

    def __init__(self, clock: Clock, load: Callable[[float], float], settings: GaugeFile) -> None:
        if settings.calibration is None:
            raise BadInput("gauge.calibration is missing;", "an analogue gauge needs two points.")
        self.server = LineServer("voltmeter", self._answer, request_end=b"\n", reply_end=b"\n")
        self._clock, self._load, self._points = clock, load, settings.calibration
        self._error = NO_ERROR
        self._turn = threading.Lock()

    def voltage(self, time: float) -> float:
        """Return the voltage of the amplifier in V at a bench second."""
        low, high = self._points
        share = (self._load(time) - low.force) / (high.force - low.force)
        return low.voltage + share * (high.voltage - low.voltage)

    def _answer(self, request: str) -> str | None:
        """Return the reply to one request; what is not understood has none, only an entry of the error."""
        with self._turn:
            command = request.strip().upper()
            if command == "*IDN?":
                return IDENTITY
            if command in ("MEAS:VOLT:DC?", "MEAS:VOLT?", "MEASURE:VOLTAGE:DC?", "READ?"):
                volts = self.voltage(self._clock.now())
                return f"{volts:+.8E}" if abs(volts) <= RANGE else OVERFLOW
            if command in ("SYST:ERR?", "SYSTEM:ERROR?"):
                error, self._error = self._error, NO_ERROR
                return error
            if command == "*CLS":
                self._error = NO_ERROR
            elif command:
                self._error = UNDEFINED_HEADER
            return None
