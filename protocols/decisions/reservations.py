"""Reservations about what is measured, said when they begin and when they end.

None of them interrupts a current. Where a sweep of another kind would do better, the decision
proposes it, and the protocol takes it up between two steps or at a pass boundary, where the bench
can change a running program.
"""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.records import Decision
from protocols.decisions.kept_fit import ELECTROLYTE_UNUSABLE, KeptFit, number, stderr, usable
from protocols.decisions.rule import Rule

ENDS_AT = 0.8
"""Share of the limit below which a reservation ends, so that noise does not begin and end it."""

ENDS_AFTER = 2
"""Fits in a row that have to lie below it: a sweep that was cut short shows less than there is."""

AIM = 0.8
"""Share of the limit that a proposal aims at."""

APEX_OVER_LOWEST = 3.0
"""The lowest frequency has to stay so many times below the apex of the interface arc."""


@dataclass
class _Excess(Rule):
    """Something is larger than it should be, from one fit to another."""

    excessive: bool = field(default=False, init=False)
    """Whether it is, by the last fits that could tell."""
    proposal: dict[str, float] = field(default_factory=dict, init=False)
    """What would do better, by the newest fit while it is too large; empty otherwise."""
    _below: list[int] = field(default_factory=list, init=False, repr=False)

    def _judge(
        self, kept: KeptFit, value: float, limit: float, words: str, values: dict[str, Any]
    ) -> Decision | None:
        """Say in words with the value when it passes the limit, and when it is well below it again."""
        found = self._changed(kept, value, limit, words, values)
        self.proposal = dict(values.get("proposal", {})) if self.excessive and not self.overridden else {}
        return found

    def _changed(
        self, kept: KeptFit, value: float, limit: float, words: str, values: dict[str, Any]
    ) -> Decision | None:
        if not self.excessive and value > limit:
            self.excessive = True
            self._below.clear()
            return self.decision(f"begins: {words}", kept.fit.time, values, (kept.id,))
        if not self.excessive or value >= ENDS_AT * limit:
            self._below.clear()
            return None
        self._below.append(kept.id)
        if len(self._below) < ENDS_AFTER:
            return None
        self.excessive = False
        values.pop("proposal", None)
        return self.decision(f"ends: {words}", kept.fit.time, values, self._below)


@dataclass
class LargeResponse(_Excess):
    """The measured AC voltage is so large that the cell does not answer linearly any more.

    It concludes from ``E_ac``, the largest amplitude of E in the sweep, and proposes the amplitude
    (``amplitude`` of the fit, or a factor where it is not known) that would stay below the limit.

    Parameters
    ----------
    limit : float
        In V, peak; about the thermal voltage kT/e.
    """

    name: ClassVar[str] = "AC response"

    limit: float = 0.025

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit."""
        measured = number(kept.fit, "E_ac")
        if measured is None:
            return None
        values: dict[str, Any] = {"E_ac": measured}
        if measured > 0:
            factor = AIM * self.limit / measured
            amplitude = number(kept.fit, "amplitude")
            values["proposal"] = (
                {"factor": factor} if amplitude is None else {"amplitude": amplitude * factor}
            )
        words = f"{measured * 1e3:.3g} mV peak, where {self.limit * 1e3:g} mV is the most"
        return self._judge(kept, measured, self.limit, words, values)


@dataclass
class FastDrift(_Excess):
    """The interface changes noticeably while one sweep is taken.

    It concludes from ``drift_int``, d ln R_int/dt by the sweep and its neighbours (``drift_seen``, by
    the sweep alone, where that is missing), times the ``duration`` of the sweep. A drift counts that
    is certain. The lowest frequency proposed shortens the sweep by what is needed, which is right
    where periods and not dead times take the time, and keeps the apex of the arc in the sweep.

    Parameters
    ----------
    limit : float
        Change of ln R_int in a sweep.
    certain : float
        Standard errors.
    """

    name: ClassVar[str] = "drift"

    limit: float = 0.01
    certain: float = 4.0

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit."""
        fit = kept.fit
        duration = number(fit, "duration")
        name = "drift_int" if number(fit, "drift_int") is not None else "drift_seen"
        slope, error = number(fit, name), stderr(fit, name)
        if duration is None or slope is None or not error >= 0 or not usable(fit):
            return None
        change = abs(slope) * duration
        if change > self.limit and not abs(slope) > self.certain * error:
            return None
        values: dict[str, Any] = {"drift_per_s": slope, "drift_stderr_per_s": error, "change": change}
        f_min, tau = number(fit, "f_min"), number(fit, "tau_int")
        if f_min is not None and tau is not None and change > 0:
            highest = 1 / (2 * math.pi * tau) / APEX_OVER_LOWEST
            wanted = min(f_min * change / (AIM * self.limit), highest)
            if wanted > f_min:
                values["proposal"] = {"f_min": wanted}
        words = f"{change:.2%} of R_int in a sweep, where {self.limit:.2%} is the most"
        return self._judge(kept, change, self.limit, words, values)


@dataclass
class Divergence(Rule):
    """Fits fail or say nothing, several in a row; it ends with the first that can be used again.

    An interface too small to be resolved, or one that needs lower frequencies, is no failure.

    Parameters
    ----------
    confirmations : int
        Fits in a row.
    spread : float
        Standard error of ln R_int beyond which a fit says nothing.
    """

    name: ClassVar[str] = "divergence"

    confirmations: int = 5
    spread: float = 1.0
    diverged: bool = field(default=False, init=False)
    _row: list[int] = field(default_factory=list, init=False, repr=False)

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit."""
        why = self._failure(kept)
        if not why:
            self._row.clear()
            if not self.diverged:
                return None
            self.diverged = False
            return self.decision("fits can be used again", kept.fit.time, {}, (kept.id,))
        self._row.append(kept.id)
        if self.diverged or len(self._row) < self.confirmations:
            return None
        self.diverged = True
        words = f"diverged: {self.confirmations} fits in a row cannot be used"
        return self.decision(words, kept.fit.time, {"why": why}, self._row)

    def _failure(self, kept: KeptFit) -> str:
        failed = sorted((ELECTROLYTE_UNUSABLE | {"not identifiable"}).intersection(kept.fit.flags))
        if failed:
            return ", ".join(failed)
        value, error = number(kept.fit, "R_int"), stderr(kept.fit, "R_int")
        if value is not None and value > 0 and error / value > self.spread:
            return f"R_int is known to {error / value:.0%} only"
        return ""
