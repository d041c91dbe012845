"""The abstract potentiostat: runs programs by itself, hands over what it measured."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.records import Floats
from drivers.instrument import Instrument
from drivers.techniques import Sweep, Technique


class ChannelState(StrEnum):
    """What the channel is doing."""

    STOPPED = "stopped"
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True)
class Live:
    """Instantaneous values of the channel.

    Attributes
    ----------
    state : ChannelState
    time : float
        Seconds since the channel was started, by the instrument's own count.
    voltage, current : float
        E = E_WE - E_CE in V and I in A, positive stripping the working electrode.
    overload : bool
        Whether E or I is beyond its range.
    """

    state: ChannelState
    time: float
    voltage: float
    current: float
    overload: bool = False


@dataclass(frozen=True, eq=False)
class Samples:
    """Scalar rows of one technique (hold, rest or constant current); arrays of shape (n,).

    `time` is in seconds since the channel was started. `current` is zero at open circuit.
    """

    technique: int
    pass_number: int
    time: Floats
    voltage: Floats
    current: Floats


FREQUENCY, VOLTAGE_AMPLITUDE, CURRENT_AMPLITUDE, PHASE, VOLTAGE, CURRENT, TIME = range(7)
"""The columns of a finished frequency."""


@dataclass(frozen=True, eq=False)
class SweepPoints:
    """Finished frequencies of one impedance technique.

    Kept as one array, because few points come at a time and many times. `time` as in `Samples`;
    `phase` in rad, negative for a capacitive response; `voltage` and `current` are the means during
    the point; amplitudes are peaks.

    Attributes
    ----------
    technique, pass_number : int
    columns : ndarray, shape (7, n)
        In the order of `FREQUENCY` to `TIME`.
    """

    technique: int
    pass_number: int
    columns: Floats

    def __len__(self) -> int:
        return self.columns.shape[1]

    @property
    def time(self) -> Floats:
        """Seconds since the channel was started, shape (n,)."""
        return self.columns[TIME]

    @property
    def frequency(self) -> Floats:
        """In Hz, shape (n,)."""
        return self.columns[FREQUENCY]

    @property
    def voltage_amplitude(self) -> Floats:
        """Peak in V, shape (n,)."""
        return self.columns[VOLTAGE_AMPLITUDE]

    @property
    def current_amplitude(self) -> Floats:
        """Peak in A, shape (n,)."""
        return self.columns[CURRENT_AMPLITUDE]

    @property
    def phase(self) -> Floats:
        """In rad, shape (n,)."""
        return self.columns[PHASE]

    @property
    def voltage(self) -> Floats:
        """Mean E in V, shape (n,)."""
        return self.columns[VOLTAGE]

    @property
    def current(self) -> Floats:
        """Mean I in A, shape (n,)."""
        return self.columns[CURRENT]


@dataclass(frozen=True)
class Poll:
    """Everything that one look at the channel brought, in the order it was measured."""

    live: Live
    rows: tuple[Samples | SweepPoints, ...] = ()
    lost: int = 0
    """Rows the instrument says were lost since the last look."""


@dataclass(frozen=True)
class PlannedTechnique:
    """A technique with the ranges it will run in.

    Attributes
    ----------
    current_range, voltage_range : float
        Full scale in A and V; ``nan`` for a range that the technique does not use.
    duration : float
        Expected seconds of one pass.
    """

    technique: Technique
    current_range: float
    voltage_range: float
    duration: float


class Planner(ABC):
    """What a model of potentiostat can do, known without being connected to one."""

    @abstractmethod
    def plan(self, program: Sequence[Technique], e_max: float) -> tuple[PlannedTechnique, ...]:
        """Choose ranges for a program and check it, touching nothing.

        Parameters
        ----------
        program : sequence of Technique
        e_max : float
            The largest |E| in V that the step allows, its cut-off.

        Raises
        ------
        BadInput
            If a frequency, amplitude, current or voltage is beyond the instrument.
        """

    @abstractmethod
    def sweep_within(self, seconds: float, f_max: float, f_min: float) -> Sweep:
        """Return the densest sweep of 10, 8, 7, 6 or 5 points a decade that fits in `seconds`.

        Raises
        ------
        BadInput
            If not even 5 points a decade with one average fit.
        """

    @abstractmethod
    def sweep_duration(self, sweep: Sweep) -> float:
        """Return the expected duration of a sweep in s on this instrument."""


class Potentiostat(Planner, Instrument):
    """A one-channel potentiostat with impedance, driven by programs."""

    @abstractmethod
    def start(self, program: Sequence[Technique], e_max: float) -> None:
        """Load a program and start it. The channel must be stopped."""

    @abstractmethod
    def poll(self) -> Poll:
        """Look at the channel once and take over all rows that are ready.

        After the program has ended, polls go on bringing rows until the channel's memory is
        empty; only then is `Live.state` stopped.
        """

    @abstractmethod
    def stop(self) -> tuple[Samples | SweepPoints, ...]:
        """Stop the program: current off, open circuit. Returns the rows still in the channel."""

    @abstractmethod
    def safe(self) -> bool:
        """Bring the channel to open circuit whatever its state. Never raises.

        Returns
        -------
        bool
            Whether open circuit was confirmed by reading it back.
        """
