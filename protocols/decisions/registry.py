"""The kinds of rules, by name."""

from protocols.decisions.depletion import Depletion
from protocols.decisions.kramers_kronig import RepeatOnKramersKronig
from protocols.decisions.pressure_advice import PressureAdvice
from protocols.decisions.reservations import Divergence, FastDrift, LargeResponse
from protocols.decisions.rule import Rule
from protocols.decisions.short_circuit import ShortCircuit
from protocols.decisions.soft_short import SoftShort
from protocols.decisions.steadiness import Steadiness
from protocols.decisions.threshold import Threshold, Within

KINDS: dict[str, type[Rule]] = {
    kind.name: kind
    for kind in (
        Depletion,
        Divergence,
        FastDrift,
        LargeResponse,
        PressureAdvice,
        RepeatOnKramersKronig,
        ShortCircuit,
        SoftShort,
        Steadiness,
        Threshold,
        Within,
    )
}
"""Every kind by the name that its decisions carry."""
