"""A constant current with impedance all the while, in absolute numbers, and what bounds it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.cell import Cell
from core.errors import BadInput
from drivers.potentiostat import Planner
from drivers.techniques import (
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    Sweep,
    Technique,
)
from protocols.acquisition import Limits
from protocols.expected import FORMED_INTERFACE, resistance_at_start

LONGEST_SLICE_RECORD = 5.0
"""s between rows of a slice that is drawn out because sweeps are left out."""


@dataclass(frozen=True)
class ConstantCurrent:
    """A current that a cell is given, SI and absolute.

    Attributes
    ----------
    current : float
        A, positive strips the working electrode.
    amplitude : float
        Peak of the alternating current in A.
    sweep : Sweep
    cut_off : float
        |E| in V that ends it from the host's side, within one poll.
    margin : float
        V above the cut-off at which the firmware ends it by itself, once a pass.
    firmware_slice : float
        s of plain constant current between sweeps during which the firmware tests E.
    charge, seconds : float
        |Q| in C and time in s that end it.
    adapt : bool
        Whether amplitude and lowest frequency may be changed before it begins, see `adapted`.
    """

    current: float
    amplitude: float
    sweep: Sweep
    cut_off: float
    margin: float = 0.2
    firmware_slice: float = 0.5
    charge: float = math.inf
    seconds: float = math.inf
    adapt: bool = False

    @property
    def firmware_limit(self) -> float:
        """|E| in V at which the firmware opens the circuit."""
        return self.cut_off + self.margin

    @property
    def longest(self) -> float:
        """Seconds that the limits of charge and time allow."""
        return min(self.seconds, self.charge / abs(self.current))

    def one_pass(self, planner: Planner) -> float:
        """Return how long a slice and a sweep take together in s."""
        return self.firmware_slice + planner.sweep_duration(self.sweep)

    def most_spectra(self, planner: Planner) -> float:
        """Return how many spectra its limits allow; infinite where they do not bound them."""
        passes = self.longest / self.one_pass(planner)
        return math.ceil(passes) if math.isfinite(passes) else math.inf

    def spectra(self, planner: Planner) -> str:
        """Return in words how many spectra its limits allow."""
        most = self.most_spectra(planner)
        return f"{most} spectra at most" if math.isfinite(most) else "spectra without a bound"

    def adapted(self, proposal: Mapping[str, float], planner: Planner) -> "ConstantCurrent":
        """Return it with a smaller amplitude or a higher lowest frequency, where that is proposed."""
        amplitude = min(self.amplitude, proposal.get("amplitude", math.inf))
        sweep, f_min = self.sweep, proposal.get("f_min", 0.0)
        if sweep.f_min < f_min < sweep.f_max:
            sweep = planner.sweep_within(planner.sweep_duration(sweep), sweep.f_max, f_min)
        return replace(self, amplitude=amplitude, sweep=sweep)

    def limits(self, charge_passed: float = 0.0, seconds_passed: float = 0.0) -> Limits:
        """Return what the host ends it at after part of it has passed."""
        return Limits(self.cut_off, self.charge - charge_passed, self.seconds - seconds_passed)

    def program(self, planner: Planner, passed: float = 0.0, thin: int = 1) -> list[Technique]:
        """Return a firmware-tested slice, the sweep, and as many passes as charge and time allow.

        Parameters
        ----------
        planner : Planner
        passed : float
            s of current there have been already.
        thin : int
            Take every so-manieth sweep only and plain constant current instead of the others.
        """
        one_pass = self.one_pass(planner) * thin
        # One pass more than planned: the host ends it at the limit, this bounds a program without host.
        passes = max(1, math.ceil((self.longest - passed) / one_pass)) + 1
        hold = one_pass - planner.sweep_duration(self.sweep)
        limit = self.firmware_limit
        return [
            LimitedConstantCurrent(
                self.current, hold, e_max=limit, e_min=-limit, record_every=min(hold, LONGEST_SLICE_RECORD)
            ),
            GalvanostaticImpedance(self.sweep, self.amplitude, self.current),
            Loop(to=0, repeats=passes - 1),
        ]

    def plan(self, planner: Planner, cell: Cell) -> list[str]:
        """Return what it means for a cell in absolute numbers, in words.

        Raises
        ------
        BadInput
            For what the potentiostat cannot do.
        """
        if self.sweep.f_min >= self.sweep.f_max:
            problem = f"f_min = {self.sweep.f_min:g} Hz is not below f_max = {self.sweep.f_max:g} Hz;"
            raise BadInput(problem, "swap or change them.")
        program = self.program(planner)
        try:
            planned = planner.plan(program, self.firmware_limit)
        except BadInput as error:
            made_of = f"(cut-off {self.cut_off:g} V plus {self.margin:g} V for the firmware)"
            raise BadInput(f"{error.problem} {made_of}", error.remedy) from None
        sweep, seconds = self.sweep, planner.sweep_duration(self.sweep)
        density = (sweep.points - 1) / math.log10(sweep.f_max / sweep.f_min)
        return [
            f"{cell.current_density(self.current):g} µA/cm² on {cell.area * 1e4:.4g} cm² is "
            f"{self.current * 1e6:.4g} µA; AC {self.amplitude * 1e6:.3g} µA peak "
            f"({self.amplitude / math.sqrt(2) * 1e6:.3g} rms, {2 * self.amplitude * 1e6:.3g} peak-to-peak), "
            f"ranges {planned[1].current_range * 1e6:g} µA and ±{planned[1].voltage_range:g} V",
            f"sweep of {sweep.points} frequencies, {density:.0f} a decade, {sweep.averages} averages: "
            f"{seconds:.1f} s",
            f"AC response about {self.amplitude * resistance_at_start(cell) * 1e3:.3g} mV peak at R_int "
            f"{FORMED_INTERFACE:g} kΩ cm², {self.amplitude * self.cut_off / abs(self.current) * 1e3:.3g} mV "
            f"at the cut-off; {self.spectra(planner)}",
            f"ends at |E| = {self.cut_off:g} V or after {self.longest / 3600:.4g} h; "
            f"should this computer die, the firmware ends it above {self.firmware_limit:g} V, "
            f"at worst one pass ({self.one_pass(planner):.1f} s) late",
        ]
