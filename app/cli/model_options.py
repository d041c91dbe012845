"""What the calculator of ``stripbench model`` is told: options with units, and the alloy they describe."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from core.cell import LITHIUM_FRACTION
from core.errors import BadInput
from core.units import ZERO_CELSIUS, parse_quantity

if TYPE_CHECKING:
    from analysis.diffusion.material import Alloy, Frame

MICROAMPERE_CM2, CM2, MMOL_CM3 = 1e-2, 1e-4, 1e3
"""SI units in µA/cm², cm² and mmol/cm³."""

USABLE = (ZERO_CELSIUS - 100.0, ZERO_CELSIUS + 180.0)
"""K. Lithium melts at 180.5 °C; below −100 °C nobody measured anything that this could be carried from."""

KINDS = {
    "A/m**2": ("a current density", "100 µA/cm²"),
    "K": ("a temperature", "25 °C"),
    "V": ("a potential", "4.5 mV"),
    "eV": ("an energy", "0.57 eV"),
    "m": ("a length", "25 µm"),
    "m**2/s": ("a diffusion coefficient", "3e-11 cm²/s"),
    "mol/m**3": ("a concentration", "24 mmol/cm³"),
    "s": ("a time", "9 h"),
}
"""What each unit measures, and how people write it."""

AnodeOption = Annotated[str, typer.Option("--anode", metavar="METAL", help="E.g. Li0.9Mg0.1.")]
ThicknessOption = Annotated[
    str, typer.Option("--thickness", metavar="LENGTH", help='Of the foil, e.g. "25 µm".')
]
CurrentOption = Annotated[
    str, typer.Option("--current", metavar="DENSITY", help='Current density, e.g. "100 µA/cm²".')
]
TemperatureOption = Annotated[str, typer.Option("--temperature", metavar="T", help='E.g. "25 °C".')]
DiffusivityOption = Annotated[
    str,
    typer.Option(
        "--diffusivity", metavar="D", help='At 25 °C, e.g. "3e-11 cm²/s", which is the default for alloys.'
    ),
]
EnergyOption = Annotated[
    str, typer.Option("--energy", metavar="E_A", help='That carries D to the temperature; e.g. "0.57 eV".')
]
FrameOption = Annotated[
    str, typer.Option("--frame", help="fixed: the foil keeps its size. conserving: magnesium is conserved.")
]
LeastOption = Annotated[
    str,
    typer.Option("--c-min", metavar="C", help='Where the interface is depleted; "24 mmol/cm³" by default.'),
]
SteepnessOption = Annotated[
    float, typer.Option("--steepness", help="β of D(x) = D exp(−β (x − x₀)), x being the share of Mg.")
]


@dataclass(frozen=True)
class Chosen:
    """An alloy at a temperature, and how it was come by.

    Attributes
    ----------
    anode : str
    alloy : Alloy
        With its D at `temperature`.
    temperature, energy : float
        K and eV.
    """

    anode: str
    alloy: "Alloy"
    temperature: float
    energy: float

    def described(self) -> dict[str, object]:
        """Return it JSON-able, with units in the keys."""
        return {
            "anode": self.anode,
            "frame": self.alloy.frame,
            "temperature_C": self.temperature - ZERO_CELSIUS,
            "diffusivity_cm2_s": self.alloy.diffusivity / CM2,
            "energy_eV": self.energy,
            "steepness": self.alloy.steepness,
            "c0_mmol_cm3": self.alloy.start / MMOL_CM3,
            "c_min_mmol_cm3": self.alloy.least / MMOL_CM3,
            "drop": "c0 - c_min",
        }


def chosen(
    anode: str, temperature: str, diffusivity: str, energy: str, frame: str, least: str, steepness: float
) -> Chosen:
    """Return what the options describe.

    Raises
    ------
    BadInput
        For options that cannot be read, or contradict each other.
    """
    from analysis.diffusion.material import DIFFUSIVITY, ENERGY, Alloy, diffusivity_at

    metal = known_anode(anode)
    pure = LITHIUM_FRACTION[metal] == 1
    if pure and not diffusivity:
        raise BadInput(
            f"no D is known for {metal}: 3e-11 cm²/s is that of the alloys' β phase;",
            'give one, for example --diffusivity "8e-12 cm²/s".',
        )
    kelvin = kelvins(temperature)
    reference = positive("--diffusivity", diffusivity, "m**2/s") if diffusivity else DIFFUSIVITY
    volt = not_negative("--energy", energy, "eV") if energy else ENERGY
    start, depleted = concentrations(metal, least)
    alloy = Alloy(
        start,
        start / LITHIUM_FRACTION[metal],
        depleted,
        diffusivity_at(kelvin, reference, volt),
        known_frame(frame),
        steepness,
    )
    return Chosen(metal, alloy, kelvin, volt)


def concentrations(metal: str, least: str) -> tuple[float, float]:
    """Return c₀ and c_min in mol/m³; lithium itself has no β phase that ends, so its c_min is 0."""
    from analysis.composition import LEAST_CONCENTRATION, concentration

    usual = 0.0 if LITHIUM_FRACTION[metal] == 1 else LEAST_CONCENTRATION
    start = concentration(metal)
    depleted = not_negative("--c-min", least, "mol/m**3") if least else usual
    if depleted >= start:
        raise BadInput(
            f"--c-min {least!r} is refused: {metal} starts with {start / MMOL_CM3:.4g} mmol/cm³;",
            "give less than that.",
        )
    return start, depleted


def known_anode(anode: str) -> str:
    """Return the name of an anode; raise a `BadInput` that names a near one if it is not known."""
    if anode in LITHIUM_FRACTION:
        return anode
    known = ", ".join(LITHIUM_FRACTION)
    near = get_close_matches(anode, list(LITHIUM_FRACTION), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? Known are {known}." if near else f"known are {known}."
    raise BadInput(f"--anode {anode!r} is not known;", hint)


def known_frame(frame: str) -> "Frame":
    """Return a frame; raise a `BadInput` if there is none of that name."""
    from analysis.diffusion.material import FRAMES

    for each in FRAMES:
        if frame == each:
            return each
    raise BadInput(f"--frame {frame!r} is not known;", f"choose {' or '.join(FRAMES)}.")


def kelvins(text: str) -> float:
    """Parse a temperature at which the metal is solid and D can be carried to; 25 K is a slip for 25 °C."""
    kelvin = _parsed("--temperature", text, "K")
    if kelvin <= 0:
        raise BadInput(f"--temperature {text!r} is below absolute zero;", 'write e.g. "25 °C".')
    low, high = USABLE
    if not low <= kelvin <= high:
        raise BadInput(
            f"--temperature {text!r} is {kelvin - ZERO_CELSIUS:.0f} °C, where none of this holds;",
            f'give {low - ZERO_CELSIUS:.0f} to {high - ZERO_CELSIUS:.0f} °C, for example "25 °C".',
        )
    return kelvin


def positive(option: str, text: str, unit: str) -> float:
    """Parse a quantity above zero."""
    value = _parsed(option, text, unit)
    if value <= 0:
        raise BadInput(f"{option} {text!r} is refused;", "it has to be above zero.")
    return value


def not_negative(option: str, text: str, unit: str) -> float:
    """Parse a quantity that is not below zero."""
    value = _parsed(option, text, unit)
    if value < 0:
        raise BadInput(f"{option} {text!r} is refused;", "it must not be below zero.")
    return value


def _parsed(option: str, text: str, unit: str) -> float:
    """Parse a quantity, and name the option and an everyday example where it is none."""
    try:
        return parse_quantity(text, unit)
    except BadInput as error:
        if "," in text and "," in error.remedy:
            raise BadInput(f"{option} {error.problem}", error.remedy) from None
        kind, example = KINDS[unit]
        raise BadInput(f"{option} {text!r} cannot be read as {kind};", f'write e.g. "{example}".') from None
