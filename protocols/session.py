"""Everything a protocol works with, handed in by the runner."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.cell import Cell
from core.clock import Clock
from core.files import BenchFile
from core.recorder import Recorder
from core.records import Event, Fit, Spectrum
from drivers.bench import Bench
from protocols.control import Control


@dataclass
class Session:
    """One run as its protocol sees it.

    Attributes
    ----------
    clock, bench, cell, recorder, control
        What the run happens with.
    fitter : callable
        Fits one spectrum, starting from those before it.
    set_state : callable
        Told ``"paused"`` and ``"running"`` when the run changes between them.
    path : str
        Where in a campaign this protocol stands; the beginning of every step's key.
    latest : dict of str to float
        The newest reading of each quantity, kept by the runner's readers: ``T`` in K, ``F`` in N.
    """

    clock: Clock
    bench: Bench
    file: BenchFile
    cell: Cell
    recorder: Recorder
    control: Control
    fitter: Callable[[Spectrum], Fit]
    set_state: Callable[[str], None]
    path: str = "1"
    latest: dict[str, float] = field(default_factory=dict)

    def event(self, kind: str, message: str, severity: str = "info", **data: object) -> None:
        """Record that something happened to the cell or the bench, now."""
        self.recorder.event(Event(kind, message, self.clock.now(), severity, dict(data)))
