"""What is said about a circuit's parameters: held, bounded, tied or expected."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from analysis.circuits.slots import ALPHA_HIGH, ALPHA_LOW, Scale, Slot, Unit
from core.errors import BadInput
from core.units import parse_quantity

T = TypeVar("T")
Bounds = tuple[float | None, float | None]
Tie = str | tuple[str, float]
Expected = tuple[float, float]

WIDEST = {
    Unit.OHM: (1e-9, 1e15),
    Unit.HENRY: (1e-15, 1e9),
    Unit.FARAD: (1e-18, 1e9),
    Unit.SECOND: (1e-18, 1e12),
    Unit.CPE: (1e-18, 1e9),
    Unit.WARBURG: (1e-12, 1e15),
}
"""What stands in for a limit that was left open."""


@dataclass(frozen=True)
class Restrictions:
    """What is said about the parameters of a circuit, in SI, by the names people write.

    Attributes
    ----------
    fix : dict of str to float
        Held at this value.
    bounds : dict of str to (low, high)
        Stays between; None leaves a side open.
    ties : dict of str to str or (str, float)
        Equal to another parameter, or to a multiple of it.
    priors : dict of str to (value, spread)
        A normal distribution. The spread is relative for everything that is handled by its
        logarithm (0.1 is ten per cent) and absolute for α and for inductances in series.
    """

    fix: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    ties: Mapping[str, Tie] = field(default_factory=dict)
    priors: Mapping[str, Expected] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return every parameter that something is said about."""
        return tuple(dict.fromkeys((*self.fix, *self.bounds, *self.ties, *self.priors)))

    def joined(self, other: "Restrictions") -> "Restrictions":
        """Return both together; what `other` says about a parameter replaces what was said here.

        Raises
        ------
        BadInput
            If `other` contradicts itself.
        """
        other.check()
        names = other.names
        return Restrictions(
            fix={**_without(self.fix, names), **other.fix},
            bounds={**_without(self.bounds, names), **other.bounds},
            ties={**_without(self.ties, names), **other.ties},
            priors={**_without(self.priors, names), **other.priors},
        )

    def check(self) -> None:
        """Raise `BadInput` if something is both held, tied, bounded or expected."""
        for name in (*self.fix, *self.ties):
            said = [
                word
                for word, mapping in (
                    ("fixed", self.fix),
                    ("tied", self.ties),
                    ("bounded", self.bounds),
                    ("given a prior", self.priors),
                )
                if name in mapping
            ]
            if len(said) > 1:
                raise BadInput(f"{name} is {' and '.join(said)};", "say only one of them.")

    def texts(self) -> list[str]:
        """Return each as `restriction` reads it."""
        written = [f"{name}={_number(value)}" for name, value in self.fix.items()]
        written += [f"{name}={_side(low)}..{_side(high)}" for name, (low, high) in self.bounds.items()]
        for name, tie in self.ties.items():
            other, ratio = (tie, 1.0) if isinstance(tie, str) else tie
            written.append(f"{name}={other}" if ratio == 1 else f"{name}={_number(ratio)}*{other}")
        for name, (value, spread) in self.priors.items():
            width = spread if is_absolute(name) else spread * value
            written.append(f"{name}={_number(value)}±{_number(width)}")
        return written


def _without(mapping: Mapping[str, T], names: Sequence[str]) -> dict[str, T]:
    return {name: said for name, said in mapping.items() if name not in names}


def _number(value: float) -> str:
    return f"{value:.10g}"


def _side(limit: float | None) -> str:
    return "" if limit is None else _number(limit)


_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NAME = r"[A-Za-z]\w*"
_SAID = re.compile(rf"\s*({_NAME})\s*=\s*(\S.*?)\s*")
_TIE = re.compile(rf"(?:({_NUMBER})\s*[*·×]\s*)?({_NAME})")
_PLAIN = re.compile(_NUMBER)
_EXAMPLES = (
    'write for example "alpha_gb=0.85", "R1=10 Ω..2 kΩ" (between), "L=0.55±0.05 µH" (prior) '
    'or "CPE2_alpha=CPE1_alpha" (tie).'
)


def restriction(text: str) -> Restrictions:
    """Read one restriction as written on a command line.

    ``name=value`` holds a parameter, ``name=low..high`` bounds it (either side may be left out),
    ``name=value±spread`` (or ``+-``) gives it a prior, ``name=other`` or ``name=2*other`` ties it.
    A number without unit is SI.

    Raises
    ------
    BadInput
        If it is none of these, or a unit does not fit.
    """
    match = _SAID.fullmatch(text)
    if not match:
        raise BadInput(f"{text!r} does not restrict a parameter;", _EXAMPLES)
    name, said = match[1], match[2].replace("+-", "±").replace("+/-", "±")
    tie = _TIE.fullmatch(said)
    if tie:
        return Restrictions(ties={name: tie[2] if tie[1] is None else (tie[2], float(tie[1]))})
    if ".." in said:
        low, high = (side.strip() for side in said.split("..", 1))
        if not (low or high):
            raise BadInput(f"{text!r} gives no limit;", _EXAMPLES)
        lowest = _quantity(name, low, high) if low else None
        highest = _quantity(name, high, low) if high else None
        return Restrictions(bounds={name: (lowest, highest)})
    if "±" in said:
        value, spread = (side.strip() for side in said.split("±", 1))
        centre, width = _quantity(name, value, spread), _quantity(name, spread, value)
        if not is_absolute(name):
            if centre <= 0:
                raise BadInput(f"{name} cannot be {centre:g};", "give a positive value.")
            width /= centre
        return Restrictions(priors={name: (centre, width)})
    return Restrictions(fix={name: _quantity(name, said)})


def restrictions(texts: Iterable[str]) -> Restrictions:
    """Read several restrictions; a later one about the same parameter is a contradiction."""
    together = Restrictions()
    for text in texts:
        one = restriction(text)
        if set(one.names) & set(together.names):
            raise BadInput(f"{one.names[0]} is restricted twice;", "say only one of them.")
        together = together.joined(one)
    return together


def _quantity(name: str, text: str, companion: str = "") -> float:
    """Read a number; without unit it has that of its companion, as in ``10..20 kΩ``, or is SI."""
    if not _PLAIN.fullmatch(text):
        return parse_quantity(text, unit_of(name).pint)
    unit = _PLAIN.sub("", companion, count=1).strip()
    return parse_quantity(f"{text} {unit}", unit_of(name).pint) if unit else float(text)


_EXPONENT = re.compile(r"alpha\w*|\w+_alpha")


def is_absolute(name: str) -> bool:
    """Return whether a prior's spread is meant absolutely, judged by the name alone."""
    return unit_of(name) in (Unit.NONE, Unit.HENRY)


def unit_of(name: str) -> Unit:
    """Return the unit that a name stands for."""
    if _EXPONENT.fullmatch(name):
        return Unit.NONE
    if name.endswith("_Q"):
        return Unit.CPE
    if name.startswith("tau") or name.endswith("_tau"):
        return Unit.SECOND
    if name.startswith("R") or name.endswith("_R"):
        return Unit.OHM
    if name.startswith("W"):
        return Unit.WARBURG
    return {"L": Unit.HENRY, "C": Unit.FARAD}.get(name[:1], Unit.NONE)


def restricted(slots: Sequence[Slot], said: Restrictions) -> list[Slot]:
    """Return the slots with the restrictions applied.

    Parameters
    ----------
    slots : sequence of Slot
    said : Restrictions
        By the slots' own names. A bound or a prior sets free what is held by default.

    Raises
    ------
    BadInput
        For impossible values and circular ties.
    """
    result = {slot.name or f" {number}": slot for number, slot in enumerate(slots)}
    for name, value in said.fix.items():
        result[name] = _held(result[name], value)
    for name, limits in said.bounds.items():
        result[name] = _bounded(result[name], limits)
    for name in said.priors:
        result[name] = replace(result[name], held=None)
    for name, tie in said.ties.items():
        other, ratio = (tie, 1.0) if isinstance(tie, str) else tie
        result[name] = _tied(result[name], result[other], ratio)
    for name, expected in said.priors.items():
        _check_prior(result[name], expected)
    return [_resolved(slot, result) for slot in result.values()]


def _check_value(slot: Slot, value: float, what: str = "") -> None:
    remedy = "give a value in SI units that it can have."
    if not np.isfinite(value):
        raise BadInput(f"{slot.name}{what} cannot be {value!r};", remedy)
    if slot.scale is Scale.LOGARITHM and value <= 0:
        raise BadInput(f"{slot.name}{what} cannot be {value:g}: it is positive;", remedy)
    if slot.scale is Scale.EXPONENT and not 0 < value <= 1:
        raise BadInput(f"{slot.name}{what} cannot be {value:g}: an exponent lies between 0 and 1;", remedy)


def _held(slot: Slot, value: float) -> Slot:
    _check_value(slot, value)
    return replace(slot, held=slot.inside(value))


def _bounded(slot: Slot, limits: Bounds) -> Slot:
    low, high = limits
    if slot.scale is Scale.EXPONENT:
        widest = (ALPHA_LOW, ALPHA_HIGH)
    elif slot.scale is Scale.LINEAR:
        widest = (-1.0, 1.0)
    else:
        widest = WIDEST[slot.unit]
    low = widest[0] if low is None or low == -np.inf or (low == 0 and slot.scale is not Scale.LINEAR) else low
    high = widest[1] if high is None or high == np.inf else high
    for value in (low, high):
        _check_value(slot, value, "'s limit")
    if not low < high:
        raise BadInput(
            f"{slot.name} cannot stay between {low:g} and {high:g};", "give the lower limit first, or fix it."
        )
    return replace(slot, held=None, low=slot.inside(low), high=slot.inside(high))


def _tied(slot: Slot, other: Slot, ratio: float) -> Slot:
    if slot.name == other.name:
        raise BadInput(f"{slot.name} is tied to itself;", "tie it to another parameter.")
    if slot.unit is not other.unit or slot.scale is not other.scale:
        raise BadInput(
            f"{slot.name} cannot follow {other.name}: they are different quantities;",
            "tie resistances to resistances, time constants to time constants and so on.",
        )
    if not (np.isfinite(ratio) and ratio > 0):
        raise BadInput(f"{slot.name} cannot be {ratio:g} times {other.name};", "give a positive factor.")
    return replace(slot, held=None, follows=other.name, ratio=float(ratio))


def _resolved(slot: Slot, slots: Mapping[str, Slot]) -> Slot:
    """Return a tied slot tied directly to one that is not tied itself."""
    chain, ratio, root = [slot.name], 1.0, slot
    while root.follows:
        ratio *= root.ratio
        root = slots[root.follows]
        if root.name in chain:
            raise BadInput(f"{' follows '.join((*chain, root.name))}: a circle;", "leave one of them untied.")
        chain.append(root.name)
    if root is slot:
        return slot
    if slot.scale is Scale.EXPONENT and ratio * (root.high if root.held is None else root.held) > 1:
        raise BadInput(
            f"{slot.name} would exceed 1 as {ratio:g} times {root.name};", f"bound {root.name} more closely."
        )
    return replace(slot, follows=root.name, ratio=ratio)


def _check_prior(slot: Slot, expected: Expected) -> None:
    value, spread = expected
    _check_value(slot, value, "'s expected value")
    if not (np.isfinite(spread) and spread > 0):
        raise BadInput(f"{slot.name}'s prior cannot have the spread {spread!r};", "give a positive spread.")
    if slot.bounded and not slot.low <= slot.inside(value) <= slot.high:
        raise BadInput(
            f"{slot.name} is expected at {value:g}, "
            f"outside its limits {slot.outside(slot.low):g} and {slot.outside(slot.high):g};",
            "widen the limits or move the prior.",
        )
