"""One channel: firmware, messages, a program, and its progress on the bench's clock."""

from collections import deque
from collections.abc import Sequence

from simulators.eclib.codes import Code, EclibError
from simulators.eclib.faults import Faults
from simulators.eclib.front_end import FrontEnd
from simulators.eclib.leads import Load
from simulators.eclib.memory import Batch, Memory
from simulators.eclib.noise_model import ChannelNoise, NoiseParameters
from simulators.eclib.program import Exit, Loop
from simulators.eclib.program_list import ProgramList
from simulators.eclib.runs import Place, Run, begin
from simulators.eclib.structs import CURRENT_VALUES, EccParam, ExperimentInfos
from simulators.eclib.tables import (
    FIRMWARE_ECLAB,
    FIRMWARE_KERNEL,
    FIRMWARE_NONE,
    STATE_RUN,
    STATE_STOP,
    VOLTAGE_RANGES,
)

_MESSAGES_KEPT = 100


class Channel:
    """A channel board. It runs by itself: every call first catches up with the clock.

    Parameters
    ----------
    number : int
        Slot, from 0.
    load : Load
        What its leads are clamped to.
    seed : int
    noise : NoiseParameters
    overhead : float
        Dead time of an impedance point in s.
    faults : Faults

    Attributes
    ----------
    firmware : int
        Code of the loaded firmware.
    hardware : tuple of int
        Electrode connection and grounding.
    messages : deque of str
    experiment : ExperimentInfos
    """

    def __init__(
        self, number: int, load: Load, seed: int, noise: NoiseParameters, overhead: float, faults: Faults
    ) -> None:
        self.number = number
        self.front = FrontEnd(load, ChannelNoise(noise, seed, number))
        self.firmware = FIRMWARE_ECLAB if faults.eclab_loaded else FIRMWARE_NONE
        self.hardware = (0, 0)
        self.messages: deque[str] = deque(maxlen=_MESSAGES_KEPT)
        self.experiment = ExperimentInfos()
        self.program = ProgramList()
        self.memory = Memory(faults.memory_bytes)
        self._faults, self._overhead = faults, overhead
        self._run: Run | None = None
        self._running = False
        self._origin = self._halted = 0.0
        self._jumps: dict[int, int] = {}
        self._passes = 0
        self._idle = self._late = 0
        self._timebase = 0.0

    @property
    def running(self) -> bool:
        """Whether a program runs."""
        return self._running

    def require_kernel(self) -> None:
        """Refuse to work without the library's firmware."""
        if self.firmware != FIRMWARE_KERNEL:
            raise EclibError(Code.FIRMWARENOTLOADED)

    def load(self, file: str, parameters: Sequence[EccParam], first: bool, last: bool, now: float) -> None:
        """Load a technique; what is wrong with it also goes to the message queue."""
        self.require_kernel()
        self.advance(now)
        if self._running:
            # The first technique of a list is taken without complaint and then forgotten.
            self.messages.append("cannot load experiment after make")
            if first:
                return
            raise EclibError(Code.LOADTECHNIQUEFAILED)
        try:
            self.program.load(file, parameters, first, last, self.front.range)
        except EclibError as failure:
            self.messages.append(failure.message)
            raise

    def update(self, index: int, file: str, parameters: Sequence[EccParam], now: float) -> None:
        """Change parameters of a running program."""
        self.require_kernel()
        self.advance(now)
        try:
            if not self._running:
                raise EclibError(Code.UPDATEPARAMETERS, f"{file}: the channel does not run")
            technique = self.program.update(index, file, parameters, self.front.range)
        except EclibError as failure:
            self.messages.append(failure.message)
            raise
        if self._run is not None and self._run.place.index == index:
            self._run.change(technique, now)
            self.advance(now)

    def start(self, now: float) -> None:
        """Start the loaded program."""
        self.require_kernel()
        self.advance(now)
        if self._running:
            raise EclibError(Code.CHANNEL_RUNNING)
        if not self.program.complete:
            self.messages.append("make experiment failed: the list of techniques has no end")
            raise EclibError(Code.FUNCTIONFAILED)
        self.memory = Memory(self._faults.memory_bytes)
        self._running = True
        self._origin, self._jumps, self._passes = now, {}, 0
        self._idle, self._late = self._faults.idle_polls, 0
        self._begin(0, now)

    def stop(self, now: float) -> None:
        """Halt the program; nothing happens when none runs."""
        self.require_kernel()
        self.advance(now)
        if self._running:
            self._halt(now, "halt experiment...")

    def advance(self, now: float) -> None:
        """Catch up with the clock: do everything that was due until `now`, each at its instant."""
        while (run := self._run) is not None:
            if run.ended is not None:
                self._leave(run)
            elif run.due <= now:
                run.proceed(now)
            else:
                run.peek(now)
                if run.ended is None:
                    return

    def _leave(self, run: Run) -> None:
        assert run.ended is not None
        if run.exit is Exit.STOP:
            self._halt(run.ended, "end protocol")
        else:
            self._begin(run.place.index + 1, run.ended)

    def _begin(self, index: int, time: float) -> None:
        """Start the technique at `index`, following loops on the way, or end the program."""
        techniques = self.program.techniques
        while index < len(techniques):
            technique = techniques[index].technique
            if not isinstance(technique, Loop):
                self._timebase = technique.hardware.timebase
                self._run = begin(self._place(index, time), technique)
                return
            index = self._jump(index, technique)
        self._halt(time, "end protocol")

    def _jump(self, index: int, loop: Loop) -> int:
        jumps = self._jumps.get(index, 0)
        if loop.repeats >= 0 and jumps >= loop.repeats:
            self._jumps[index] = 0
            return index + 1
        self._jumps[index] = jumps + 1
        self._passes += 1
        return loop.target

    def _place(self, index: int, time: float) -> Place:
        return Place(
            self.front,
            self.memory,
            self._faults,
            index,
            self._passes,
            time,
            self._origin,
            self._overhead,
        )

    def _halt(self, time: float, message: str) -> None:
        self._run = None
        self._running = False
        self._halted = time
        self.front.open(time)
        self.messages.append(message)
        self.memory.truncate(self._faults.truncated_rows)
        self._late = self._faults.late_polls

    def take(self, now: float) -> tuple[Batch, bytes, int] | None:
        """Take the rows of one read, their batch and the rows skipped before; None when nothing is ready."""
        self.advance(now)
        if self._idle > 0:
            return None
        if not self._running and self._late > 0:
            self._late -= 1
            return None
        taken = self.memory.take()
        if taken is None:
            return None
        skipped = self.memory.skipped + self._faults.skipped_irqs
        self.memory.skipped = self._faults.skipped_irqs = 0
        return *taken, skipped

    def values(self, now: float) -> bytes:
        """Return the current values as they cross the boundary."""
        self.advance(now)
        return self.values_beside(now, self._timebase)

    def values_beside(self, now: float, timebase: float) -> bytes:
        """Return the current values beside rows that were taken at the same instant.

        Parameters
        ----------
        now : float
        timebase : float
            Of those rows.
        """
        state = self.state_seen()
        voltage, current = self.front.look(now)
        full = VOLTAGE_RANGES[self.front.voltage_range]
        elapsed = (now if self._running else self._halted) - self._origin
        return CURRENT_VALUES.pack(
            state,
            self.memory.filled,
            timebase,
            voltage,
            -full,
            full,
            float("nan") if self._faults.nan_ece else 0.0,
            -full,
            full,
            int(abs(voltage) >= full),
            current,
            self.front.range,
            int(abs(current) >= self.front.full_scale),
            elapsed,
            self._run.frequency if self._run is not None else 0.0,
            0.0,
            0,
            0,
            0,
        )

    def state_seen(self) -> int:
        """Return the state as a look at the channel shows it, which may lag behind a start."""
        if self._idle > 0:
            self._idle -= 1
            return STATE_STOP
        return STATE_RUN if self._running else STATE_STOP
