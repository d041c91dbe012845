"""Units as people write them, turned into SI numbers at the edge of the program.

Inside, every quantity is a plain float in SI. Only here, and where values are shown, does a
unit appear as text. Parsing is done by pint; its registry is built at the first use because
that takes half a second.
"""

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from core.errors import BadInput

if TYPE_CHECKING:
    from pint import UnitRegistry

ZERO_CELSIUS = 273.15
"""K."""

_QUANTITY = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d.,\s].*?)?\s*$")
_MICRO_AND_OHM = str.maketrans({"μ": "µ", "\u2126": "Ω", "·": "*", "−": "-"})
_PLAIN_POWER = re.compile(r"(?<=[a-zA-Z])([23])(?![\d])")
_PLAIN_OHM = re.compile(r"(?<![a-z])([kMm]?)[Oo]hm")
_JOINED_OHM = re.compile(r"Ω(?=[a-z])")
_PLAIN_MICRO = re.compile(r"(?<![a-zA-Z])u(?=[AVFmLHsNg](?![a-z]))")


@cache
def _registry() -> "UnitRegistry[Any]":
    import pint

    return pint.UnitRegistry(cache_folder=None)


@cache
def _factor(unit: str, target: str) -> tuple[float, float]:
    """Return slope and offset that turn a number in `unit` into one in `target`."""
    registry = _registry()
    zero = registry.Quantity(0.0, unit).to(target).magnitude
    one = registry.Quantity(1.0, unit).to(target).magnitude
    return one - zero, zero


def parse_quantity(text: object, unit: str) -> float:
    """Parse a quantity such as ``"100 µA/cm²"`` and return its value in `unit`.

    Parameters
    ----------
    text : str
        A number, a space and a unit. Both micro signs and both ohm signs are understood.
    unit : str
        The unit the result is wanted in, in pint's notation.

    Returns
    -------
    float
        The finite value in `unit`.

    Raises
    ------
    BadInput
        If the text has no number, no unit, an unknown unit, one of another dimension, or a
        value that is not finite.
    """
    example = f'write a number and a unit, for example "1 {unit}"'
    if isinstance(text, bool) or not isinstance(text, str):
        raise BadInput(f"{text!r} has no unit;", f"{example}.")
    match = _QUANTITY.match(text)
    if not match:
        hint = "use a decimal point, not a comma." if "," in text else f"{example}."
        raise BadInput(f"{text!r} is not a quantity;", hint)
    number, written = float(match[1]), _as_pint_reads_it(match[2] or "", unit)
    if not written and unit:
        raise BadInput(f"{text!r} has no unit;", f"{example}.")
    try:
        slope, offset = _factor(written, unit)
    except Exception as error:  # noqa: BLE001 - pint raises many kinds, from its parser too
        raise BadInput(f"{text!r} cannot be read as {unit}: {error};", f"{example}.") from None
    value = number * slope + offset
    if not math.isfinite(value):
        raise BadInput(f"{text!r} is not a finite number;", f"{example}.")
    return value


def _as_pint_reads_it(written: str, wanted: str) -> str:
    """Return a unit as pint reads it: ``uA/cm2``, ``kOhm cm²`` and ``25 C`` are what labs type, too."""
    if written == "C" and wanted in ("K", "degC"):
        return "degC"
    written = _PLAIN_MICRO.sub("µ", written.translate(_MICRO_AND_OHM))
    written = _PLAIN_OHM.sub(r"\1Ω", written)
    return _PLAIN_POWER.sub(r"**\1", _JOINED_OHM.sub("Ω ", written))


def _quantity(unit: str) -> tuple[BeforeValidator, PlainSerializer]:
    """Text with a unit in files and JSON, SI in the program; the round trip is exact."""

    def parse(value: object) -> float:
        try:
            return parse_quantity(value, unit)
        except BadInput as error:
            raise ValueError(str(error)) from None

    def write(value: float) -> str:
        return f"{value!r} {unit}"

    return BeforeValidator(parse), PlainSerializer(write, return_type=str, when_used="json-unless-none")


Seconds = Annotated[float, *_quantity("s")]
Metres = Annotated[float, *_quantity("m")]
SquareMetres = Annotated[float, *_quantity("m**2")]
Volts = Annotated[float, *_quantity("V")]
Amperes = Annotated[float, *_quantity("A")]
Ohms = Annotated[float, *_quantity("ohm")]
OhmSquareMetres = Annotated[float, *_quantity("ohm*m**2")]
Newtons = Annotated[float, *_quantity("N")]
NewtonsPerMetre = Annotated[float, *_quantity("N/m")]
Pascals = Annotated[float, *_quantity("Pa")]
Kelvins = Annotated[float, *_quantity("K")]
Hertz = Annotated[float, *_quantity("Hz")]
Share = Annotated[float, *_quantity("")]
Bytes = Annotated[float, *_quantity("byte")]
"""Fields of the file models: text with a unit in the file, SI in the program."""
