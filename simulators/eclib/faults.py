"""Things that go wrong on a real instrument, switched on one by one."""

from dataclasses import dataclass, field

from simulators import noise
from simulators.eclib.codes import Code


@dataclass
class Faults:
    """Faults to inject. Numbers count down as they happen; change them while a program runs.

    Attributes
    ----------
    eclab_loaded : bool
        EC-Lab's own firmware is on the instrument: connecting answers -9, firmware code 1.
    unreachable : bool
        Nobody answers at any address: connecting answers -201.
    firmware_mismatch : bool
        Loading firmware answers -309.
    busy : int
        So many calls find the library in use and answer -12.
    loss : float
        Probability that a call to a connected instrument answers -200 or -1, by turns of a coin.
    forced : dict
        For each export the codes that its next calls answer, without doing anything.
    zero_channel_infos : int
        So many channel infos come back all zero.
    idle_polls : int
        So many looks at a channel still read STOP after each start.
    late_polls : int
        So many reads after the end bring nothing although the last rows are in memory.
    truncated_rows : int
        Rows at the end of a program that never arrive.
    nan_ece : bool
        Ece reads as not-a-number.
    skipped_irqs : int
        Reported as skipped with the next rows.
    memory_bytes : int or None
        Size of the channel's memory, to see it overflow; None for the usual size.
    """

    eclab_loaded: bool = False
    unreachable: bool = False
    firmware_mismatch: bool = False
    busy: int = 0
    loss: float = 0.0
    forced: dict[str, list[int]] = field(default_factory=dict)
    zero_channel_infos: int = 0
    idle_polls: int = 0
    late_polls: int = 0
    truncated_rows: int = 0
    nan_ece: bool = False
    skipped_irqs: int = 0
    memory_bytes: int | None = None
    _calls: dict[str, int] = field(default_factory=dict, repr=False)

    def strike(self, export: str, seed: int, connected: bool) -> int:
        """Return the code that a call of `export` has to answer instead of working, or 0.

        Parameters
        ----------
        export : str
        seed : int
        connected : bool
            Whether the export speaks to an instrument; others cannot lose the connection.
        """
        waiting = self.forced.get(export)
        if waiting:
            return waiting.pop(0)
        if not connected:
            return 0
        if self.busy > 0:
            self.busy -= 1
            return Code.FUNCTIONINPROGRESS
        if self.loss > 0.0:
            number = self._calls[export] = self._calls.get(export, 0) + 1
            lost, which = noise.uniform(seed, f"eclib/loss/{export}", [2 * number, 2 * number + 1])
            if lost < self.loss:
                return Code.COMMFAILED if which < 0.5 else Code.NOTCONNECTED
        return 0
