"""The programs that are stored in a S!MPAC controller: start, stop, pause and watch them."""

from core.errors import InstrumentError
from drivers.climate_chamber import ProgramState
from drivers.read_back import write_verified
from drivers.simserv import SimservRefusedError, WeissSimserv

RUNNING, PAUSED, WAITING_VALUE, FINISHED, WAITING_START, PAUSED_BY_PLC = 1, 2, 4, 8, 16, 32
_PAUSE, _CONTINUE = 2, 4


class Programs:
    """The controller's programs. Software before SS:55 has none that this protocol reaches.

    Parameters
    ----------
    wire : WeissSimserv
    """

    def __init__(self, wire: WeissSimserv) -> None:
        self._wire = wire

    def running(self) -> bool:
        """Return whether one runs; False where the software knows none."""
        try:
            return bool(self._status() & RUNNING)
        except SimservRefusedError:
            return False

    def state(self) -> ProgramState:
        """Return what the program does; see `ClimateChamber.program`."""
        status = self._status()
        text = self._wire.get_text(19204)
        return ProgramState(
            number=int(float(text)) if text.replace(".", "", 1).isdecimal() else 0,
            name=self._wire.get_text(19031),
            running=bool(status & RUNNING),
            paused=bool(status & (PAUSED | PAUSED_BY_PLC)),
            waiting=bool(status & (WAITING_VALUE | WAITING_START)),
            finished=bool(status & FINISHED),
            runs=int(self._wire.get_number(19004, 0)),
            runs_done=int(self._wire.get_number(19006, 0)),
        )

    def start(self, number: int, runs: int) -> None:
        """Start a program; see `ClimateChamber.start_program`."""
        where = self._wire.where
        if number < 1 or runs < 1:
            raise InstrumentError(
                f"{where} was asked to run its program {number} {runs} times; nothing was sent.",
                "Programs and runs count from 1.",
            )
        if self._status() & RUNNING:
            raise InstrumentError(f"{where} is running a program already.", "Stop that one first.")
        write_verified(
            where,
            lambda: self._wire.set(19014, number, runs),
            lambda: self._runs_now(number),
            f"started with program {number}",
        )

    def stop(self) -> None:
        """Stop the program if one runs; see `ClimateChamber.stop_program`."""
        if self.running():
            write_verified(
                self._wire.where,
                lambda: self._wire.set(19015),
                lambda: not self._status() & RUNNING,
                "told to stop its program",
            )

    def pause(self) -> None:
        """Pause the program; see `ClimateChamber.pause_program`."""
        self._require_running("paused")
        write_verified(
            self._wire.where,
            lambda: self._wire.set(19209, 1, _PAUSE),
            lambda: bool(self._status() & PAUSED),
            "told to pause its program",
        )

    def go_on(self) -> None:
        """Go on with a paused program; see `ClimateChamber.continue_program`."""
        self._require_running("continued")
        write_verified(
            self._wire.where,
            lambda: self._wire.set(19209, 1, _CONTINUE),
            lambda: not self._status() & PAUSED,
            "told to go on with its program",
        )

    def _status(self) -> int:
        return int(self._wire.get_number(19210))

    def _runs_now(self, number: int) -> bool:
        return bool(self._status() & RUNNING) and self.state().number == number

    def _require_running(self, what: str) -> None:
        if not self._status() & RUNNING:
            raise InstrumentError(
                f"{self._wire.where} runs no program that could be {what}.", "Start one first."
            )
