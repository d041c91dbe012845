"""Parameters of protocols: typed descriptors over PyMeasure's, parsed by pint and always checked.

PyMeasure's own parameters accept values out of their limits, misspelt names and NaN once an
object exists. These are checked at every assignment, keep the order they are declared in, and
understand ``"0.1 mA/cm²"`` wherever µA/cm² is expected.
"""

import math
import re
from dataclasses import dataclass
from typing import Any, Self, overload

from pymeasure.experiment import parameters as pymeasure_parameters

from core.cell import Cell
from core.errors import BadInput
from core.units import parse_quantity

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
"""As `core.units` reads them."""


class _Checked:
    """Makes a PyMeasure parameter a descriptor that converts and checks what is assigned to it."""

    name: str
    attribute: str = ""

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute = attribute

    def __set__(self, instance: object, value: object) -> None:
        instance.__dict__[self.attribute] = None if value is None else self.convert(value)

    def convert(self, value: object) -> Any:
        """Return the value in the parameter's own unit, or raise BadInput."""
        raise NotImplementedError


def _refuse(parameter: "_Checked", value: object, reason: str) -> BadInput:
    label = parameter.attribute or parameter.name
    return BadInput(f"{label} = {value!r} is refused:", reason)


class _Number(_Checked, pymeasure_parameters.FloatParameter):
    """A number in `units`; text may carry any unit of the same dimension."""

    def __init__(self, name: str, *, units: str, minimum: float, maximum: float, **options: Any) -> None:
        super().__init__(name, units=units, minimum=minimum, maximum=maximum, **options)

    def convert(self, value: object) -> float:
        """Parse a number or a quantity; refuse what is not finite or out of limits."""
        if isinstance(value, str):
            try:
                number = parse_quantity(value, self.units)
            except BadInput as error:
                raise _refuse(self, value, str(error)) from None
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise _refuse(self, value, f'write a number and a unit, for example "1 {self.units}".')
        else:
            number = float(value)
        if not math.isfinite(number):
            raise _refuse(self, value, "it must be a finite number.")
        if not self.minimum <= number <= self.maximum:
            raise _refuse(
                self, value, f"it must lie between {self.minimum:g} and {self.maximum:g} {self.units}."
            )
        return number


class FloatParameter(_Number):
    """A number in `units`; text may carry any unit of the same dimension."""

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> float: ...
    def __get__(self, instance: object | None, owner: type) -> Self | float:
        return self if instance is None else instance.__dict__[self.attribute]


class OptionalFloatParameter(_Number):
    """A number that may be left unset; what then happens is in its description."""

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> float | None: ...
    def __get__(self, instance: object | None, owner: type) -> Self | float | None:
        return self if instance is None else instance.__dict__[self.attribute]


class FloatListParameter(_Checked, pymeasure_parameters.Parameter):
    """Several numbers in `units`, in the order they are given.

    Text names the unit once or at each number, ``"0, 10, 25, 40 °C"`` or ``"0 °C, 25 °C"``; a list
    of a file may hold quantities or plain numbers.

    Parameters
    ----------
    name, units, minimum, maximum
        As of `FloatParameter`; the limits are those of each number.
    fewest : int
        How many different numbers there have to be.
    """

    def __init__(
        self, name: str, *, units: str, minimum: float, maximum: float, fewest: int = 1, **options: Any
    ) -> None:
        self.units, self.minimum, self.maximum, self.fewest = units, minimum, maximum, fewest
        self._each = FloatParameter(name, units=units, minimum=minimum, maximum=maximum)
        super().__init__(name, **options)

    def __set_name__(self, owner: type, attribute: str) -> None:
        super().__set_name__(owner, attribute)
        self._each.attribute = attribute

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> tuple[float, ...]: ...
    def __get__(self, instance: object | None, owner: type) -> Self | tuple[float, ...]:
        return self if instance is None else instance.__dict__[self.attribute]

    def convert(self, value: object) -> tuple[float, ...]:
        """Parse every number; refuse one that a plain parameter would refuse, and too few of them."""
        given = _with_units(value) if isinstance(value, str) else value
        if not isinstance(given, list | tuple):
            example = f'write several numbers and a unit, for example "1, 2 {self.units}".'
            raise _refuse(self, value, example)
        numbers = tuple(self._each.convert(each) for each in given)
        if len(set(numbers)) < self.fewest:
            raise _refuse(self, value, f"it must hold {self.fewest} different numbers at least.")
        return numbers


def _with_units(text: str) -> list[str]:
    """Split text at its commas; what stands without a unit has that of the next one that has."""
    parts = [part.strip() for part in text.split(",")]
    unit = ""
    for place in range(len(parts) - 1, -1, -1):
        number = _NUMBER.match(parts[place])
        if number is None:
            continue
        unit = parts[place][number.end() :].strip() or unit
        parts[place] = f"{number[0]} {unit}"
    return parts


class IntegerParameter(_Checked, pymeasure_parameters.IntegerParameter):
    """A whole number within limits."""

    def __init__(self, name: str, *, minimum: int, maximum: int, **options: Any) -> None:
        super().__init__(name, minimum=minimum, maximum=maximum, **options)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> int: ...
    def __get__(self, instance: object | None, owner: type) -> Self | int:
        return self if instance is None else instance.__dict__[self.attribute]

    def convert(self, value: object) -> int:
        """Accept whole numbers within the limits only."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise _refuse(self, value, "it must be a whole number.")
        if not self.minimum <= value <= self.maximum:
            raise _refuse(self, value, f"it must lie between {self.minimum} and {self.maximum}.")
        return value


class ListParameter(_Checked, pymeasure_parameters.ListParameter):
    """One of a few words."""

    def __init__(self, name: str, *, choices: tuple[str, ...], **options: Any) -> None:
        super().__init__(name, choices=list(choices), **options)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...
    def __get__(self, instance: object | None, owner: type) -> Self | str:
        return self if instance is None else instance.__dict__[self.attribute]

    def convert(self, value: object) -> str:
        """Accept one of the choices, letter by letter."""
        if not isinstance(value, str) or value not in self.choices:
            known = ", ".join(f'"{choice}"' for choice in self.choices)
            raise _refuse(self, value, f"it must be one of {known}.")
        return value


@dataclass(frozen=True)
class Resistance:
    """A resistance that says whether it is areal: `value` in kΩ cm² or in kΩ."""

    value: float
    areal: bool

    def absolute(self, cell: Cell) -> float:
        """Return it in Ω for a cell, by its electrode area where it is areal."""
        return cell.resistance(self.value) if self.areal else self.value * 1e3

    def __str__(self) -> str:
        return f"{self.value:g} kΩ cm²" if self.areal else f"{self.value:g} kΩ"


class ResistanceParameter(_Checked, pymeasure_parameters.Parameter):
    """A resistance threshold; its unit says whether it is areal (kΩ cm²) or absolute (kΩ)."""

    def __init__(self, name: str, *, minimum: float, maximum: float, **options: Any) -> None:
        self.minimum, self.maximum, self.units = minimum, maximum, "kΩ cm²"
        super().__init__(name, **options)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Resistance: ...
    def __get__(self, instance: object | None, owner: type) -> Self | Resistance:
        return self if instance is None else instance.__dict__[self.attribute]

    def convert(self, value: object) -> Resistance:
        """Read ``"10 kΩ cm²"`` as areal and ``"10 kΩ"`` as absolute."""
        if isinstance(value, Resistance):
            return value
        for unit, areal in (("kohm*cm**2", True), ("kohm", False)):
            try:
                number = parse_quantity(value, unit)
            except BadInput:
                continue
            if not self.minimum <= number <= self.maximum:
                raise _refuse(
                    self, value, f"it must lie between {self.minimum:g} and {self.maximum:g} kΩ (cm²)."
                )
            return Resistance(number, areal)
        raise _refuse(self, value, 'write "10 kΩ cm²" (areal) or "10 kΩ" (absolute); the two differ.')
