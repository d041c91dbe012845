"""Conclusions drawn from fits while a run goes on, as small objects that can be replayed.

A rule is shown every fit, and E once a poll, and returns a decision when there is something to
conclude. `protocols.decisions.rules.Rules` shows them, keeps what they decide, and keeps whatever else
they were told, so that every decision of a run can be derived again from its fits.
"""

from protocols.decisions.depletion import Crossing, Depletion
from protocols.decisions.kept_fit import ELECTROLYTE_UNUSABLE, UNUSABLE, KeptFit, usable
from protocols.decisions.kramers_kronig import RepeatOnKramersKronig
from protocols.decisions.pressure_advice import PressureAdvice
from protocols.decisions.registry import KINDS
from protocols.decisions.reservations import Divergence, FastDrift, LargeResponse
from protocols.decisions.rule import Rule
from protocols.decisions.rules import Rules
from protocols.decisions.short_circuit import ShortCircuit
from protocols.decisions.soft_short import SOFT_SHORT, SoftShort
from protocols.decisions.steadiness import Steadiness
from protocols.decisions.threshold import Threshold, Within

__all__ = [
    "ELECTROLYTE_UNUSABLE",
    "KINDS",
    "SOFT_SHORT",
    "UNUSABLE",
    "Crossing",
    "Depletion",
    "Divergence",
    "FastDrift",
    "KeptFit",
    "LargeResponse",
    "PressureAdvice",
    "RepeatOnKramersKronig",
    "Rule",
    "Rules",
    "ShortCircuit",
    "SoftShort",
    "Steadiness",
    "Threshold",
    "Within",
    "usable",
]
