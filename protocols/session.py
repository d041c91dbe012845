"""Everything a protocol works with, handed in by the runner."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.cell import Cell
from core.clock import Clock
from core.files import BenchFile
from core.recorder import Recorder
from core.records import Decision, Event, Fit, Spectrum
from drivers.abilities import Abilities
from drivers.bench import Bench
from protocols.control import Control, Wish
from protocols.decisions import Rules, ShortCircuit
from protocols.desk import Desk
from protocols.known_cell import KnownCell


class Latest(dict[str, float]):
    """The newest reading of each quantity, and in `at` the bench second it was taken at.

    ``T`` in K, ``F`` in N, ``E`` in V, ``I`` in A, ``Q`` in C. What an instrument no longer gives is
    missing here and still has its time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}

    def see(self, time: float, **values: float) -> None:
        """Take note of readings."""
        for symbol, value in values.items():
            self.at[symbol] = time
            self[symbol] = value


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
    abilities : Abilities
        What the bench can do, known without asking it.
    desk : Desk
        Where the person at the bench is asked.
    known : KnownCell
        What earlier runs of the same campaign found out about this cell.
    path : str
        Where in a campaign this protocol stands; the beginning of every step's key.
    latest : Latest
        The newest reading of each quantity.
    wanted : dict of str to float
        What the protocol wants held now: ``T`` in K, ``F`` in N.
    thin : int
        Of the sweeps that would follow each other without a gap, only every so-manieth is taken:
        1 but in a rehearsal.
    """

    clock: Clock
    bench: Bench
    file: BenchFile
    cell: Cell
    recorder: Recorder
    control: Control
    fitter: Callable[[Spectrum], Fit]
    set_state: Callable[[str], None]
    abilities: Abilities
    desk: Desk
    known: KnownCell = field(default_factory=KnownCell)
    path: str = "1"
    latest: Latest = field(default_factory=Latest)
    wanted: dict[str, float] = field(default_factory=dict)
    thin: int = 1

    @property
    def pressure(self) -> float | None:
        """Stack pressure in Pa by the newest reading of the gauge; None where there is none."""
        force = self.latest.get("F")
        return None if force is None else self.cell.pressure(force) * 1e6

    rules: Rules | None = None
    """The rules that the running protocol has armed."""

    def __post_init__(self) -> None:
        self._charge_before = self.known.charge

    def mark_current_off(self, charge: float) -> None:
        """Take note, for the runs that follow, that a current has ended; `charge` C passed in this run."""
        self.known.current_off = self.clock.origin + self.clock.now()
        self.known.voltage_at_end = self.latest.get("E")
        self.known.charge = self._charge_before + charge

    def shorted_by_voltage(self, voltage: float, current: float) -> bool:
        """Whether E at a current, now, shows a short circuit; the decision is kept."""
        if self.rules is None:
            return False
        found = self.rules.see_voltage(self.clock.now(), voltage, current)
        for decision in found:
            self.tell(decision)
        return bool(found) and any(rule.shorted for rule in self.rules.of(ShortCircuit))

    def override(self, wish: Wish) -> None:
        """Let the operator take a rule's power to act; it goes on flagging."""
        if self.rules is None or not self.rules.knows(wish.argument):
            known = ", ".join(self.rules.names) if self.rules else "none"
            wish.answer(f"override: there is no rule {wish.argument!r} at work; there are: {known}")
            return
        self.rules.override(wish.argument, wish.author, "by the operator")
        self.event("override", f"{wish.argument} only flags from now on", "warning", by=wish.author)
        wish.done(f"{wish.argument} only flags from now on")

    def tell(self, decision: Decision) -> None:
        """Say in the log that a decision was made."""
        alarm = self.rules is not None and self.rules.is_alarm(decision.rule)
        message = f"{decision.rule}: {decision.outcome}"
        self.event("decision", message, "alarm" if alarm else "info")

    def event(self, kind: str, message: str, severity: str = "info", **data: object) -> None:
        """Record that something happened to the cell or the bench, now."""
        self.recorder.event(Event(kind, message, self.clock.now(), severity, dict(data)))
