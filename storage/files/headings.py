"""What the heading of a column means, and the factor that turns its numbers into SI."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import BadInput

_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "′": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "μ": "µ", "\u2126": "Ω", "²": "2"}
)
_DOUBLE = re.compile('[″”“"]')
_DIMENSIONS = {
    "frequency": r"[Hh][Zz]",
    "resistance": r"(?:[Oo][Hh][Mm]s?|Ω)",
    "time": r"(?:[Ss]|[Ss]ec|[Ss]econds?)",
    "voltage": r"V(?: vs\.? .*)?",
    "current": r"A",
}
_PREFIXES = {
    "": 1.0,
    "G": 1e9,
    "M": 1e6,
    "k": 1e3,
    "K": 1e3,
    "m": 1e-3,
    "µ": 1e-6,
    "u": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
}
_PREFIXED = {
    dimension: re.compile(rf"({'|'.join(_PREFIXES)})({unit})$") for dimension, unit in _DIMENSIONS.items()
}
_OTHER_UNITS = {
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "deg": ("angle", math.pi / 180),
    "degree": ("angle", math.pi / 180),
    "degrees": ("angle", math.pi / 180),
    "°": ("angle", math.pi / 180),
    "rad": ("angle", 1.0),
    "rad/s": ("angular frequency", 1 / (2 * math.pi)),
    "1/s": ("angular frequency", 1 / (2 * math.pi)),
}
_AREAL = re.compile(r"(?:[Oo]hms?|Ω)[\s*·.]*[cm]?m\^?2?$")

_NAMES = {
    "frequency": "freq frequency f freqs frequencies ν frequenz",
    "omega": "omega ω w angularfrequency",
    "real": "z' zre zreal rez re(z) realz real(z) real re zr zprime z'(a) realpart realteil zrealpart "
    "realimpedance z'real re(impedance)",
    "imag": "z'' zim zimag imz im(z) imagz imag(z) imag im zi z''(b) imaginary imaginarypart imaginärteil "
    "zimaginary imaginaryimpedance zdoubleprime zprimeprime zbis z''imag im(impedance) zimagpart imaginaryz",
    "modulus": "|z| zmod modz absz abs(z) zabs magnitude modulus z mag(z) zmag",
    "phase": "phase phase(z) theta theta(z) zphz phi φ θ arg(z) zphase phaseangle phasez thetaz",
    "time": "time t elapsedtime timeelapsed elapsed testtime zeit",
    "voltage": "<ewe> ewe vdc edc dcvoltage dcpotential e voltage potential",
    "current": "<i> idc dccurrent i current",
    "voltage_amplitude": "|ewe| eamplitude",
    "current_amplitude": "|i| iamplitude",
    "cycle": "cyclenumber cycle spectrum spectrumnumber sweep sweepnumber loop scan",
    "sequence": "ns",
}
"""How people and programs call each quantity, in small letters without blanks."""
_QUANTITY = {name: quantity for quantity, names in _NAMES.items() for name in names.split()}
_DIMENSION = {
    "frequency": ("frequency",),
    "omega": ("angular frequency",),
    "real": ("resistance",),
    "imag": ("resistance",),
    "modulus": ("resistance",),
    "phase": ("angle",),
    "time": ("time",),
    "voltage": ("voltage",),
    "current": ("current",),
    "voltage_amplitude": ("voltage",),
    "current_amplitude": ("current",),
}
_NEGATIVE = re.compile(r"(?:\(-\)|-|minus|negative|neg)(.+)$|(.+?)(?:neg|negative|\(-\))$")
_ONLY_ONE = ("frequency", "real", "imag")


@dataclass(frozen=True)
class Heading:
    """What a column holds.

    Attributes
    ----------
    quantity : str
        ``frequency, real, imag, modulus, phase, time, voltage, current, voltage_amplitude,
        current_amplitude, omega, cycle`` or ``sequence``.
    factor : float
        What its numbers are multiplied by: to SI (angles to rad), −1 included where the heading
        says that the negative is written.
    text : str
        The heading as written.
    """

    quantity: str
    factor: float
    text: str


def heading(text: str) -> Heading | None:
    """Return what a heading means, or None where it names nothing that a spectrum needs.

    Understood are, among others, ``freq/Hz``, ``f [kHz]``, ``Z' (kΩ)``, ``-Im(Z)/Ohm``, ``-Z''``,
    ``Zimag``, ``time_s``.

    Raises
    ------
    BadInput
        If the unit is areal, or ``mhz``, which may be mHz or MHz.
    """
    plain = _DOUBLE.sub("''", text.translate(_SIGNS).strip())
    plain = re.sub(r"^Data:\s*", "", plain)
    for name, unit in _splits(plain):
        sign, quantity = _named(name)
        if quantity is None or (quantity == "time" and name.strip() == "T"):
            continue
        if not unit:
            default = math.pi / 180 if quantity == "phase" else 1.0
            return Heading(quantity, sign * (1 / (2 * math.pi) if quantity == "omega" else default), text)
        if quantity in ("real", "imag", "modulus") and _AREAL.match(unit):
            raise BadInput(
                f"the column {text.strip()!r} is normalised to an area or a length;",
                "export the impedance in Ω, as measured, and give the area with --area.",
            )
        if quantity == "frequency" and unit == "mhz":
            raise BadInput(f"the column {text.strip()!r} may be in mHz or in MHz;", "write the unit so.")
        dimension, factor = _unit(unit)
        if dimension in _DIMENSION.get(quantity, ()):
            return Heading(quantity, sign * factor, text)
        if quantity == "frequency" and dimension == "angular frequency":
            return Heading("omega", factor, text)
    return None


def _splits(plain: str) -> Iterable[tuple[str, str]]:
    """Return the ways in which a heading may consist of a name and a unit."""
    if match := re.match(r"(.+?)\s*[(\[{]\s*([^()\[\]{}]+?)\s*[)\]}]$", plain):
        yield match[1], match[2]
    if "/" in plain:
        # the unit itself may have a solidus: omega/rad/s
        for position in (place for place, sign in enumerate(plain) if sign == "/"):
            yield plain[:position], plain[position + 1 :].strip(" ()[]")
    if match := re.match(r"(.+?)\s*(?:,| in )\s*(\S+)$", plain):
        yield match[1], match[2]
    if match := re.match(r"(.+)[_ ]([^_ ]+)$", plain):
        yield match[1], match[2]
    yield plain, ""


def _named(name: str) -> tuple[float, str | None]:
    """Return the sign and the quantity of a name without a unit."""
    name, sign = re.sub(r"[\s_.\\]", "", name).lower(), 1.0
    if match := _NEGATIVE.match(name):
        name, sign = match[1] or match[2], -1.0
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    quantity = _QUANTITY.get(name)
    if sign < 0 and quantity not in ("imag", "phase"):
        quantity = None
    return sign, quantity


def _unit(text: str) -> tuple[str | None, float]:
    """Return the dimension and the SI factor of a unit; None where it is not known."""
    if text in _OTHER_UNITS:
        return _OTHER_UNITS[text]
    for dimension, pattern in _PREFIXED.items():
        if match := pattern.match(text):
            return dimension, _PREFIXES[match[1]]
    return None, 1.0


def headings(name: str, texts: list[str]) -> dict[str, tuple[int, Heading]]:
    """Return which column holds each quantity, the first where several do.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    texts : list of str
        The headings in the order of the columns.

    Raises
    ------
    BadInput
        If two columns claim to be the frequency, Z′ or Z″, or a unit cannot be used.
    """
    found: dict[str, tuple[int, Heading]] = {}
    for column, text in enumerate(texts):
        try:
            meaning = heading(text)
        except BadInput as error:
            raise BadInput(f"{name}: {error.problem}", error.remedy) from None
        if meaning is None:
            continue
        if meaning.quantity in found and meaning.quantity in _ONLY_ONE:
            first = found[meaning.quantity][1].text.strip()
            raise BadInput(
                f"{name} has two columns for one thing: {first!r} and {text.strip()!r};",
                "write spectra below each other, or one file each.",
            )
        found.setdefault(meaning.quantity, (column, meaning))
    return found
