"""Parameters that many protocols have, declared once so that they mean the same everywhere."""

import math
from typing import ClassVar

from core.cell import Cell
from core.errors import BadInput
from drivers.abilities import Abilities
from drivers.potentiostat import Planner
from drivers.techniques import PotentiostaticImpedance, Sweep
from protocols.acquisition import REST_VOLTAGE
from protocols.conditioning import LONGEST as CHAMBER_LONGEST
from protocols.expected import electrolyte_resistance
from protocols.galvanostatic import ConstantCurrent
from protocols.parameters import FloatParameter, ListParameter, OptionalFloatParameter
from protocols.resting import SOAK_EVERY

CUT_OFF_RESISTANCE = 40.0
"""kΩ cm² that the cut-off corresponds to at 50 and 100 µA/cm² (2 and 4 V)."""
LARGEST_CUT_OFF = 6.0

STARTING = 10.0
"""s that loading, starting and fitting may take for each program, besides what it measures."""


class ImpedanceParameters:
    """The frequencies of every spectrum of a protocol, and the amplitude of those at open circuit."""

    f_max = FloatParameter("Highest frequency", units="Hz", default=7e6, minimum=1.0, maximum=7e6)
    f_min = FloatParameter("Lowest frequency", units="Hz", default=1.0, minimum=1e-3, maximum=1e5)
    peis_amplitude = FloatParameter(
        "PEIS amplitude", units="mV", default=10.0, minimum=0.1, maximum=500.0, description="peak"
    )

    def sweep(self, planner: Planner) -> Sweep:
        """Return the frequencies of a spectrum."""
        raise NotImplementedError(f"{type(self).__name__} has no sweep")

    automatic_range: ClassVar[bool] = False
    """Whether spectra at open circuit have a current range for each frequency: where R_int spans decades."""

    def reference(self, planner: Planner, cell: Cell, celsius: float = 25.0) -> PotentiostaticImpedance:
        """Return a spectrum around the open-circuit potential.

        The electrolyte alone bounds its current: the amplitude over the pellet's resistance, twice
        that for a better pellet. At room temperature it starts and, if `celsius` is higher, ends there.
        """
        volts = self.peis_amplitude / 1e3
        least = electrolyte_resistance(cell, max(celsius, 25.0))
        return PotentiostaticImpedance(
            self.sweep(planner),
            volts,
            current_limit=2 * volts / least,
            automatic_range=self.automatic_range,
        )

    def longest_peis(self, planner: Planner, repeat: int = 1) -> float:
        """Return how long a spectrum at open circuit may take in s, taken again where it is inconsistent."""
        return (1 + repeat) * (planner.sweep_duration(self.sweep(planner)) + STARTING)

    def plan_sweep(self, planner: Planner, cell: Cell, celsius: float = 25.0) -> list[str]:
        """Check the spectra at open circuit; return what they mean in absolute numbers.

        Raises
        ------
        BadInput
            If the potentiostat cannot take them.
        """
        if self.f_min >= self.f_max:
            problem = f"f_min = {self.f_min:g} Hz is not below f_max = {self.f_max:g} Hz;"
            raise BadInput(problem, "swap or change them.")
        reference = self.reference(planner, cell, celsius)
        planned = planner.plan([reference], REST_VOLTAGE)[0]
        current = "automatic range" if self.automatic_range else f"range {planned.current_range * 1e6:g} µA"
        return [
            f"PEIS {self.peis_amplitude:g} mV peak around open circuit, {reference.sweep.points} frequencies "
            f"in {planner.sweep_duration(reference.sweep):.1f} s, {current}"
        ]


class SweepParameters(ImpedanceParameters):
    """Spectra as dense as a time allows."""

    sweep_time = FloatParameter(
        "Sweep", units="s", default=30.0, minimum=1.0, maximum=3600.0,
        description="longest sweep; as many points a decade as fit, 10 at most",
    )  # fmt: skip

    def sweep(self, planner: Planner) -> Sweep:
        """Return the densest sweep that fits the time allowed."""
        return planner.sweep_within(self.sweep_time, self.f_max, self.f_min)


class RestParameters:
    """How long a cell rests at open circuit."""

    rest_minimum = FloatParameter("Rest at least", units="min", default=30.0, minimum=0.1, maximum=6000.0)
    rest_maximum = FloatParameter("Rest at most", units="min", default=120.0, minimum=0.1, maximum=6000.0)
    rest_stability = FloatParameter("Stable below", units="mV/h", default=1.0, minimum=0.001, maximum=1000.0)

    @property
    def longest_rest(self) -> float:
        """How long it rests at most in s."""
        return max(self.rest_minimum, self.rest_maximum) * 60 + STARTING

    def plan_rest(self) -> str:
        """Return in words how it rests."""
        return (
            f"rest at open circuit, {self.rest_minimum:g} min at least, until E moves less than "
            f"{self.rest_stability:g} mV/h, {max(self.rest_minimum, self.rest_maximum):g} min at most"
        )


class SoakParameters:
    """When a cell has followed the chamber."""

    soak_steady = FloatParameter(
        "Soaked when R_bulk + R_gb moves less than", units="%", default=0.5, minimum=0.01, maximum=10.0,
        description="in ten minutes, by a PEIS every five, after the chamber had to move",
    )  # fmt: skip
    soak_maximum = FloatParameter("Soak at most", units="h", default=6.0, minimum=0.1, maximum=48.0)

    @property
    def longest_soak(self) -> float:
        """How long chamber and cell take at most in s; the last spectrum may begin at the very end."""
        return CHAMBER_LONGEST + self.soak_maximum * 3600 + SOAK_EVERY


class TemperatureParameters(SoakParameters):
    """The temperature a protocol works at, and when the cell has followed the chamber."""

    temperature = FloatParameter("Temperature", units="degC", default=25.0, minimum=-40.0, maximum=180.0)


class SettlingParameters:
    """When the chamber's air counts as settled, where band, slope and time are all judged."""

    temperature_band = FloatParameter(
        "Chamber within", units="K", default=0.5, minimum=0.05, maximum=10.0,
        description="± around the set-point",
    )  # fmt: skip
    temperature_slope = FloatParameter(
        "Chamber steadier than", units="K/h", default=1.0, minimum=0.01, maximum=100.0,
        description="slope of a straight line through the dwell",
    )  # fmt: skip
    temperature_dwell = FloatParameter("… for", units="min", default=30.0, minimum=1.0, maximum=150.0)

    def settling(self) -> dict[str, float]:
        """Return band, slope and dwell as the verb `condition` takes them."""
        return {
            "band": self.temperature_band,
            "slope": self.temperature_slope / 3600,
            "dwell": self.temperature_dwell * 60,
        }

    def plan_settling(self, celsius: float, abilities: Abilities) -> str:
        """Return in words how a temperature is waited for."""
        if abilities.chamber is None:
            return f"{celsius:g} °C, declared: there is no chamber"
        return (
            f"{celsius:g} °C: chamber within ± {self.temperature_band:g} K and steadier than "
            f"{self.temperature_slope:g} K/h for {self.temperature_dwell:g} min, then until R_bulk + R_gb "
            "is steady"
        )


class CurrentParameters:
    """A current with impedance, and what bounds it in host and firmware."""

    amplitude = FloatParameter(
        "AC amplitude", units="%", default=10.0, minimum=0.1, maximum=100.0,
        description="peak, of the direct current",
    )  # fmt: skip
    cut_off = OptionalFloatParameter(
        "Cut-off", units="V", minimum=0.05, maximum=10.0,
        description="|E| that ends the step; left out: current density × 40 kΩ cm², at most 6 V",
    )  # fmt: skip
    cut_off_margin = FloatParameter(
        "Firmware margin", units="V", default=0.2, minimum=0.0, maximum=2.0,
        description="above the cut-off, where the firmware ends the program without the host",
    )  # fmt: skip
    firmware_slice = FloatParameter(
        "Firmware slice", units="s", default=0.5, minimum=0.5, maximum=1.0,
        description="constant current between sweeps during which the firmware tests E",
    )  # fmt: skip

    adapt = ListParameter(
        "Adapt sweeps", choices=("between currents", "no"), default="between currents",
        description="less amplitude above 25 mV, higher f_min above 1 % of drift; never under current",
    )  # fmt: skip

    def cut_off_volts(self, density: float) -> float:
        """Return the cut-off in V: as given, or the paper's choice for a density in µA/cm²."""
        if self.cut_off is not None:
            return self.cut_off
        return min(abs(density) * 1e-6 * CUT_OFF_RESISTANCE * 1e3, LARGEST_CUT_OFF)

    def current(
        self,
        density: float,
        cell: Cell,
        sweep: Sweep,
        *,
        charge: float | None = None,
        hours: float = math.inf,
    ) -> ConstantCurrent:
        """Return a current of `density` µA/cm² for a cell, in absolute numbers.

        Parameters
        ----------
        density : float
            Positive strips the working electrode.
        charge : float, optional
            mAh/cm² after which it ends.
        hours : float
            After which it ends.
        """
        current = cell.current(density)
        return ConstantCurrent(
            current=current,
            amplitude=abs(current) * self.amplitude / 100,
            sweep=sweep,
            cut_off=self.cut_off_volts(density),
            margin=self.cut_off_margin,
            firmware_slice=self.firmware_slice,
            charge=math.inf if charge is None else cell.charge(charge),
            seconds=hours * 3600,
            adapt=self.adapt == "between currents",
        )


class PressureParameters:
    """The stack pressure that a step wants, and how it is waited for."""

    pressure_tolerance = FloatParameter(
        "Pressure tolerance", units="MPa", default=0.2, minimum=0.01, maximum=50.0,
        description="± around the pressure wanted; the gauge's own uncertainty comes on top",
    )  # fmt: skip
    pressure_hold = FloatParameter("Pressure holds for", units="s", default=30.0, minimum=0.0, maximum=3600.0)
    operator_timeout = FloatParameter(
        "Wait for the operator", units="h", default=2.0, minimum=0.01, maximum=72.0
    )


def check_temperature(celsius: float, abilities: Abilities) -> None:
    """Refuse a temperature that chamber or cell cannot have.

    Raises
    ------
    BadInput
    """
    # −40 °C in kelvin is not quite 233.15 K in floating point.
    kelvin = round(celsius + 273.15, 6)
    low, high = abilities.cell_temperature
    if not low <= kelvin <= high:
        raise BadInput(
            f"temperature = {celsius:g} °C is beyond the cell's limits of {low - 273.15:g} to "
            f"{high - 273.15:g} °C;",
            "change it, or the limit in [interlocks] of the bench file.",
        )
    if abilities.chamber is not None and not abilities.chamber[0] <= kelvin <= abilities.chamber[1]:
        low, high = abilities.chamber
        raise BadInput(
            f"temperature = {celsius:g} °C is beyond the chamber's {low - 273.15:g} to {high - 273.15:g} °C;",
            "change it, or lowest and highest in [chamber] of the bench file.",
        )


def check_pressure(megapascal: float, cell: Cell, abilities: Abilities) -> str:
    """Refuse a pressure beyond gauge and press; return it in words, as a force with its uncertainty.

    Raises
    ------
    BadInput
    """
    force = cell.force(megapascal)
    said = f"{megapascal:g} MPa on the {cell.pellet_area * 1e4:.4g} cm² pellet is {force:.1f} N"
    if megapascal == 0.0:
        return "0 MPa: the cell is out of the fixture, atmospheric pressure only"
    if abilities.force is None:
        problem = f"{said}, and this bench has no force gauge;"
        raise BadInput(problem, "add [gauge] to the bench file, or leave the pressure out.")
    if force > abilities.force:
        raise BadInput(
            f"{said}, more than the {abilities.force:.0f} N that gauge and interlocks allow;",
            "make such a contact in another press and declare it in the cell's history.",
        )
    if abilities.press is not None and not abilities.press[0] <= force <= abilities.press[1]:
        low, high = abilities.press
        raise BadInput(f"{said}, beyond the press's {low:g} to {high:g} N;", "change it.")
    doubt = abilities.force_uncertainty
    return f"{said} ± {doubt:.0f} N (± {cell.pressure(doubt):.2f} MPa by the gauge)"
