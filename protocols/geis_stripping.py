"""Stripping at constant current with impedance all the while (Krauskopf et al. 2019, Fig. 2)."""

import math
from contextlib import suppress
from functools import partial

from analysis.normalise import to_reference_temperature
from core.cell import Cell
from core.errors import BadInput, StoreError
from drivers.potentiostat import Planner
from drivers.techniques import (
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    PotentiostaticImpedance,
    Sweep,
    Technique,
)
from protocols.acquisition import REST_VOLTAGE, Ending, Limits
from protocols.decisions import Depletion, SoftShort, usable
from protocols.generators import held
from protocols.parameters import (
    FloatParameter,
    IntegerParameter,
    ListParameter,
    OptionalFloatParameter,
    Resistance,
    ResistanceParameter,
)
from protocols.protocol import Protocol
from protocols.stability import Steady

CUT_OFF_RESISTANCE = 40.0
"""kΩ cm² that the cut-off corresponds to at 50 and 100 µA/cm² (2 and 4 V)."""
LARGEST_CUT_OFF = 6.0

END_REASONS = {
    Ending.CUT_OFF: "cut-off",
    Ending.FIRMWARE: "cut-off, by the firmware",
    Ending.LIMIT: "charge or time limit",
    Ending.PROGRAM: "charge or time limit",
    Ending.CONCLUDED: "depleted",
}


class GeisStripping(Protocol):
    """Strip the working electrode at constant current, taking impedance without interrupting it.

    The cell is brought to temperature and rests at open circuit until E is stable; a PEIS there is
    the reference for contact. Then lithium is dissolved from the working electrode until the
    cut-off, a limit of charge or time, or, if asked for, depletion. Stripping to the cut-off
    destroys the contact of the working electrode.
    """

    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0,
        description="positive strips the working electrode; normalised to the electrode area",
    )  # fmt: skip
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
    charge_limit = OptionalFloatParameter(
        "Charge limit", units="mAh/cm²", minimum=1e-4, maximum=100.0, description="left out: none",
    )  # fmt: skip
    time_limit = FloatParameter("Time limit", units="h", default=100.0, minimum=0.01, maximum=2000.0)
    f_max = FloatParameter("Highest frequency", units="Hz", default=7e6, minimum=1.0, maximum=7e6)
    f_min = FloatParameter("Lowest frequency", units="Hz", default=1.0, minimum=1e-3, maximum=1e5)
    sweep_time = FloatParameter(
        "Sweep", units="s", default=30.0, minimum=1.0, maximum=3600.0,
        description="longest sweep; as many points a decade as fit, 10 at most",
    )  # fmt: skip
    firmware_slice = FloatParameter(
        "Firmware slice", units="s", default=0.5, minimum=0.5, maximum=1.0,
        description="constant current between sweeps during which the firmware tests E",
    )  # fmt: skip
    threshold = ResistanceParameter(
        "Depletion at R_int", default=Resistance(10.0, areal=True), minimum=1e-3, maximum=1e3,
        description="kΩ cm² is areal, kΩ is absolute",
    )  # fmt: skip
    criterion = ListParameter(
        "R_int compared", choices=("raw", "normalised to 25 °C"), default="raw",
        description="normalised by R_int ∝ T exp(E_A/kT) with the activation energy below",
    )  # fmt: skip
    activation_energy = FloatParameter(
        "Activation energy of R_int", units="eV", default=0.37, minimum=0.0, maximum=2.0
    )
    confirmations = IntegerParameter(
        "Confirmations", default=3, minimum=1, maximum=20, description="fits above the threshold in a row"
    )
    after_depletion = ListParameter(
        "After depletion", choices=("run on to the cut-off", "stop"), default="run on to the cut-off"
    )
    temperature = FloatParameter("Temperature", units="degC", default=25.0, minimum=-40.0, maximum=80.0)
    soak_steady = FloatParameter(
        "Soaked when R_bulk + R_gb moves less than", units="%", default=0.5, minimum=0.01, maximum=10.0,
        description="in ten minutes, by a PEIS every five, after the chamber had to move",
    )  # fmt: skip
    soak_maximum = FloatParameter("Soak at most", units="h", default=6.0, minimum=0.1, maximum=48.0)
    rest_minimum = FloatParameter("Rest at least", units="min", default=30.0, minimum=0.1, maximum=6000.0)
    rest_maximum = FloatParameter("Rest at most", units="min", default=120.0, minimum=0.1, maximum=6000.0)
    rest_stability = FloatParameter("Stable below", units="mV/h", default=1.0, minimum=0.001, maximum=1000.0)
    peis_amplitude = FloatParameter(
        "PEIS amplitude", units="mV", default=10.0, minimum=0.1, maximum=500.0, description="peak"
    )

    def execute(self) -> None:
        """Condition, rest, take the reference, strip, and conclude."""
        cell, session = self.session.cell, self.session
        sweep = self.sweep(session.bench.potentiostat)
        for line in self.plan(session.bench.potentiostat, cell):
            session.event("plan", line)
        if self.condition(self.temperature):
            self._soak(sweep)
        self.rest(
            minimum=self.rest_minimum * 60,
            maximum=max(self.rest_maximum, self.rest_minimum) * 60,
            stability=self.rest_stability / 1e3 / 3600,
        )
        short = SoftShort()
        for spectrum in self.peis(self.peis_amplitude / 1e3, sweep, self.current_limit(cell)):
            self.decide(short.see(self.fit(spectrum), session.latest.get("T")))
        depletion = self.depletion(cell)
        try:
            self._strip(sweep, short, depletion)
        except BaseException:
            # However it ended: what is known of depletion is kept with the run, if the store takes it.
            with suppress(StoreError):
                self.decide(depletion.end(session.clock.now()))
            raise
        if self.ending in (Ending.CUT_OFF, Ending.FIRMWARE):
            self.decide(depletion.reached_cut_off(session.clock.now()))
        self.decide(depletion.end(session.clock.now()))
        self.end_reason = END_REASONS.get(self.ending, str(self.ending))

    def _soak(self, sweep: Sweep) -> None:
        """Wait until the cell has followed the chamber: the electrolyte is the better thermometer."""
        session = self.session
        steady, end = Steady(self.soak_steady / 100, 600.0), session.clock.now() + self.soak_maximum * 3600
        while session.clock.now() < end:
            for spectrum in self.peis(self.peis_amplitude / 1e3, sweep, self.current_limit(session.cell)):
                kept = self.fit(spectrum)
                if usable(kept.fit, "R_electrolyte") and steady.see(kept.fit.time, kept.fit["R_electrolyte"]):
                    session.event("soaked", "R_bulk + R_gb is steady, the cell has followed the chamber")
                    return
            self.rest(minimum=300.0, maximum=300.0, stability=math.inf)
        session.event("not soaked", f"R_bulk + R_gb still moves after {self.soak_maximum:g} h", "warning")

    def _strip(self, sweep: Sweep, short: SoftShort, depletion: Depletion) -> None:
        """Take spectra under current, fit each, and watch for depletion and soft shorts."""
        session = self.session
        planner, cell = session.bench.potentiostat, session.cell
        charge = math.inf if self.charge_limit is None else cell.charge(self.charge_limit)
        limits = Limits(self.cut_off_volts, charge, self.time_limit * 3600)
        program = partial(self.program, cell, sweep, planner)
        with held(self.geis(program, limits, self.cut_off_margin)) as spectra:
            for spectrum in spectra:
                depletion.disturbed = self.pauses > 0
                fit = self.fit(spectrum)
                self.decide(short.see(fit, session.latest.get("T")))
                self.decide(depletion.see(fit))
                if depletion.confirmed and self.after_depletion == "stop":
                    break

    def plan(self, planner: Planner, cell: Cell) -> list[str]:
        """Work out currents, ranges and limits; refuse what the potentiostat cannot do."""
        if self.f_min >= self.f_max:
            raise BadInput(
                f"f_min = {self.f_min:g} Hz is not below f_max = {self.f_max:g} Hz;", "swap or change them."
            )
        sweep = self.sweep(planner)
        reference = PotentiostaticImpedance(
            sweep, self.peis_amplitude / 1e3, current_limit=self.current_limit(cell)
        )
        planner.plan([reference], REST_VOLTAGE)
        program = self.program(cell, sweep, planner)
        limit = self.cut_off_volts + self.cut_off_margin
        try:
            planned = planner.plan(program, limit)
        except BadInput as error:
            made_of = f"(cut_off {self.cut_off_volts:g} V plus cut_off_margin {self.cut_off_margin:g} V)"
            raise BadInput(f"{error.problem} {made_of}", error.remedy) from None
        current = cell.current(self.current_density)
        peak = current * self.amplitude / 100
        one_pass = self.firmware_slice + planner.sweep_duration(sweep)
        density = (sweep.points - 1) / math.log10(sweep.f_max / sweep.f_min)
        return [
            f"{self.current_density:g} µA/cm² on {cell.area * 1e4:.4g} cm² is {current * 1e6:.4g} µA; "
            f"AC {peak * 1e6:.3g} µA peak ({peak / math.sqrt(2) * 1e6:.3g} rms, "
            f"{2 * peak * 1e6:.3g} peak-to-peak), "
            f"ranges {planned[1].current_range * 1e6:g} µA and ±{planned[1].voltage_range:g} V",
            f"sweep of {sweep.points} frequencies, {density:.0f} a decade, {sweep.averages} averages: "
            f"{planner.sweep_duration(sweep):.1f} s",
            f"ends at |E| = {self.cut_off_volts:g} V or after {self._longest(cell) / 3600:.4g} h; "
            f"should this computer die, the firmware ends it above "
            f"{self.cut_off_volts + self.cut_off_margin:g} V, at worst one pass ({one_pass:.1f} s) late",
        ]

    @property
    def cut_off_volts(self) -> float:
        """The cut-off in V: as given, or the paper's choice for this current density."""
        if self.cut_off is not None:
            return self.cut_off
        return min(self.current_density * 1e-6 * CUT_OFF_RESISTANCE * 1e3, LARGEST_CUT_OFF)

    def sweep(self, planner: Planner) -> Sweep:
        """The densest sweep that fits the time allowed."""
        return planner.sweep_within(self.sweep_time, self.f_max, self.f_min)

    def program(self, cell: Cell, sweep: Sweep, planner: Planner, passed: float = 0.0) -> list[Technique]:
        """A firmware-tested slice, the sweep, and as many passes as charge and time allow.

        `passed` are the seconds of current there have been already.
        """
        current = cell.current(self.current_density)
        one_pass = self.firmware_slice + planner.sweep_duration(sweep)
        # One pass more than planned: the host ends it at the limit, this bounds a program without host.
        passes = max(1, math.ceil((self._longest(cell) - passed) / one_pass)) + 1
        limit = self.cut_off_volts + self.cut_off_margin
        return [
            LimitedConstantCurrent(current, self.firmware_slice, e_max=limit, e_min=-limit),
            GalvanostaticImpedance(sweep, current * self.amplitude / 100, current),
            Loop(to=0, repeats=passes - 1),
        ]

    def _longest(self, cell: Cell) -> float:
        """Seconds of current that the limits of time and charge allow."""
        seconds = self.time_limit * 3600
        if self.charge_limit is None:
            return seconds
        return min(seconds, cell.charge(self.charge_limit) / cell.current(self.current_density))

    def depletion(self, cell: Cell) -> Depletion:
        """The depletion criterion of this run."""
        threshold: Resistance = self.threshold
        factor, words = 1.0, f"R_int > {threshold}, raw"
        if self.criterion != "raw":
            kelvin = self.temperature + 273.15
            factor = float(to_reference_temperature(1.0, kelvin, activation_energy=self.activation_energy))
            words = f"R_int > {threshold}, normalised to 25 °C with {self.activation_energy:g} eV"
        return Depletion(threshold.absolute(cell), words, self.confirmations, factor)

    def current_limit(self, cell: Cell) -> float:
        """The largest current the reference PEIS may draw: amplitude over the pellet's resistance.

        The electrolyte alone (4.6e-4 S/cm) bounds it; twice that leaves room for a better pellet.
        """
        electrolyte = cell.pellet_thickness / (0.046 * cell.area)
        return 2 * self.peis_amplitude / 1e3 / electrolyte
