"""What to do about a spectrum that is inconsistent."""

from dataclasses import dataclass, field
from typing import ClassVar

from core.records import Decision
from protocols.decisions.kept_fit import KeptFit
from protocols.decisions.rule import Rule


@dataclass
class RepeatOnKramersKronig(Rule):
    """A spectrum that fails the Kramers–Kronig test is taken again, so many times at most.

    What still fails then is kept, and said to be inconsistent. It concludes from the verdict that
    comes with each fit.

    Parameters
    ----------
    repeats : int
    """

    name: ClassVar[str] = "Kramers-Kronig"

    repeats: int = 1
    acts: bool = field(default=True, kw_only=True)
    _failed: list[int] = field(default_factory=list, init=False, repr=False)
    _again: bool = field(default=False, init=False, repr=False)

    @property
    def wants_repeat(self) -> bool:
        """Whether the last spectrum is to be taken again."""
        return self._again and not self.overridden

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit: its verdict decides."""
        verdict, self._again = kept.fit.kramers_kronig, False
        if verdict.passed:
            self._failed.clear()
            return None
        self._failed.append(kept.id)
        times, fits = len(self._failed), tuple(self._failed)
        values = {"failed": times, "signed_mean": verdict.signed_mean, "why": verdict.reason}
        if times <= self.repeats:
            self._again = True
            return self.decision("repeat", kept.fit.time, values, fits, acting=True)
        self._failed.clear()
        return self.decision("kept, inconsistent", kept.fit.time, values, fits)
