"""One interface between a metal and the electrolyte: its states, and the law they follow.

The same law holds for working and counter electrode; each sees the current with its own sign.
Krauskopf et al. (2019) measured what it must show; Sand's law, the critical current density and
the critical stack pressure follow from it and are not put in.
"""

import math
from typing import NamedTuple

from simulators.cell.diffusion import Profile, advance_profile, surface_fraction, uniform_profile
from simulators.cell.forming import contact_resistance, equilibrium_contact
from simulators.cell.parameters import METALS, CellParameters
from simulators.cell.thermal import RECESSION, activation

LEAST_CONTACT = 1e-6
LEAST_SITES = 1e-5
LAST_LITHIUM = 1e-6
"""Depth in m of lithium below which a foil counts as used up."""

CREEP_PRESSURE = 15e6
"""Pressure in Pa that the growth of the electrode by creep refers to."""


class Electrode(NamedTuple):
    """What distinguishes one electrode of a cell from the other, in SI."""

    x0: float
    pore_diffusivity: float
    hardness: float
    full_coverage_pressure: float
    foil_thickness: float
    forming_pressure: float


class State(NamedTuple):
    """The state of one interface; shares without unit, the rest in SI."""

    theta_fast: float
    theta_slow: float
    coverage: float
    y: float
    z: float
    q: float
    growth: float
    penetration: float
    consumed: float
    x_surface: float
    profile: Profile | None


class Outside(NamedTuple):
    """What a state looks like from outside; each number may be interpolated in time."""

    log_resistance: float
    """ln of the areal resistance in Ω m² at 25 °C."""
    log_capacitance: float
    """ln of the areal capacitance in F/m²."""
    ocv: float
    """Equilibrium potential against lithium in units of kT/e."""
    constriction: float
    """Length in m of electrolyte that the constriction of the current adds."""
    x_surface: float


class Interface:
    """The law of one interface.

    Parameters
    ----------
    parameters : CellParameters
    counter : bool
        Whether it is the counter electrode.
    """

    def __init__(self, parameters: CellParameters, *, counter: bool = False) -> None:
        prefix = "counter_" if counter else ""
        self.electrode = Electrode(*(getattr(parameters, prefix + name) for name in Electrode._fields))
        self.parameters = parameters
        self.alloy = self.electrode.x0 > 0.0
        self._softness = (METALS["Li"]["hardness"] / self.electrode.hardness) ** 2

    def formed(self) -> State:
        """Return the state that forming left, before any current."""
        e = self.electrode
        theta, coverage = equilibrium_contact(e.forming_pressure, e.hardness, e.full_coverage_pressure)
        profile = uniform_profile(e.x0, e.foil_thickness) if self.alloy else None
        return State(theta, theta, coverage, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, e.x0, profile)

    def theta(self, state: State) -> float:
        """Return the microscopic contact that forming made, 0..1."""
        share = self.parameters.forming_fast_share
        return share * state.theta_fast + (1.0 - share) * state.theta_slow

    def contact(self, state: State) -> tuple[float, float]:
        """Return microscopic contact and coverage with what plating has filled, each 0..1."""
        filled = -math.expm1(-state.q / self.parameters.gap_charge)
        theta = self.theta(state)
        return theta + (1.0 - theta) * filled, state.coverage + (1.0 - state.coverage) * filled

    def sites(self, state: State) -> float:
        """Return the lithium sites left at the surface relative to the fresh foil."""
        if not self.alloy:
            return 1.0
        limit = self.parameters.x_limit
        return max((limit - state.x_surface) / (limit - self.electrode.x0), LEAST_SITES)

    def carrying(self, state: State) -> float:
        """Return y (1 − z) S, the share of the contact that still carries current."""
        left = (self.electrode.foil_thickness - state.consumed) / LAST_LITHIUM
        foil = min(max(left, LEAST_SITES), 1.0)
        return state.y * (1.0 - state.z) * self.sites(state) * foil

    def local_current_density(self, state: State, j: float) -> float:
        """Return the current density in A/m² on what is left of the contact."""
        return abs(j) / (self.contact(state)[1] * state.y)

    def pore_rate(self, state: State, j: float, temperature: float, pressure: float) -> tuple[float, float]:
        """Return dy/dt in 1/s and its derivative by y.

        Stripping takes vacancies away over the Péclet depth (π/4) D/v, so contact is lost at
        recession speed over depth; pressure and rest heal.
        """
        p = self.parameters
        _, coverage = self.contact(state)
        mobility = self.electrode.pore_diffusivity * activation(p.diffusion_energy, temperature)
        lost = 4.0 / math.pi * (RECESSION * j / coverage) ** 2 / mobility
        creep = activation(p.creep_energy, temperature)
        pressed = creep * p.pressure_healing * self._softness * pressure**2
        rested = creep * p.rest_healing
        rate = (-lost if j > 0.0 else p.plating_recovery * lost) + (1.0 - state.y) * (
            pressed + rested * state.y
        )
        return rate, rested * (1.0 - 2.0 * state.y) - pressed

    def penetration_rate(self, state: State, j: float, temperature: float) -> float:
        """Return dw/dt in 1/s: lithium penetrates where it is plated above the critical density."""
        if j >= 0.0:
            return 0.0
        p = self.parameters
        critical = p.critical_current_density * activation(p.critical_current_energy, temperature)
        excess = self.local_current_density(state, j) / critical - 1.0
        return max(excess, 0.0) * -j / p.penetration_charge

    def advance(self, state: State, j: float, temperature: float, pressure: float, dt: float) -> State:
        """Return the state `dt` seconds later.

        Parameters
        ----------
        state : State
        j : float
            Current density in A/m², positive while this interface is stripped.
        temperature, pressure : float
            In K and Pa, at the middle of the step.
        dt : float
            In s.
        """
        p, e = self.parameters, self.electrode
        creep = activation(p.creep_energy, temperature)
        theta, coverage = equilibrium_contact(pressure, e.hardness, e.full_coverage_pressure)
        fast = -math.expm1(-dt * creep / p.forming_fast_time)
        slow = -math.expm1(-dt * creep / p.forming_slow_time)
        relative = pressure / CREEP_PRESSURE
        growth_rate = creep * self._softness * p.creep_growth * relative**2 / p.creep_growth_limit
        pressed = state._replace(
            theta_fast=_rise(state.theta_fast, theta, fast),
            theta_slow=_rise(state.theta_slow, theta, slow),
            coverage=_rise(state.coverage, coverage, fast),
            q=max(0.0, state.q - j * dt),
            growth=_rise(state.growth, p.creep_growth_limit, -math.expm1(-growth_rate * dt)),
            consumed=state.consumed + RECESSION * j * dt,
        )
        halfway = pressed._replace(
            theta_fast=0.5 * (state.theta_fast + pressed.theta_fast),
            coverage=0.5 * (state.coverage + pressed.coverage),
            q=0.5 * (state.q + pressed.q),
        )
        rate, slope = self.pore_rate(halfway, j, temperature, pressure)
        y = min(max(state.y + rate * dt * _phi(slope * dt), LEAST_CONTACT), 1.0)
        halfway = halfway._replace(y=0.5 * (state.y + y))
        w = state.penetration + dt * self.penetration_rate(halfway, j, temperature)
        after = pressed._replace(y=y, penetration=min(w, 1.0))
        return self._deplete(after, halfway, j, temperature, dt) if self.alloy else after

    def _deplete(self, after: State, halfway: State, j: float, temperature: float, dt: float) -> State:
        """Advance the magnesium, and the pores it leaves, over the step that ends in `after`."""
        assert after.profile is not None
        p = self.parameters
        velocity = RECESSION * j / (self.contact(halfway)[1] * halfway.y)
        mobility = p.chemical_diffusivity * activation(p.diffusion_energy, temperature)
        after = after._replace(profile=advance_profile(after.profile, velocity, mobility, p.beta, dt))
        after = self.at_current(after, j, temperature)
        z = after.z * math.exp(j * dt / p.gap_charge) if j < 0.0 else after.z
        lost = max(1.0 - self.sites(after), 0.0)
        return after._replace(z=max(z, p.submicron_pore_limit * lost**p.submicron_pore_power))

    def at_current(self, state: State, j: float, temperature: float) -> State:
        """Return the state with its surface as it is under another current."""
        if state.profile is None:
            return state
        p = self.parameters
        velocity = RECESSION * j / (self.contact(state)[1] * state.y)
        mobility = p.chemical_diffusivity * activation(p.diffusion_energy, temperature)
        x = surface_fraction(state.profile, velocity, mobility, p.beta, p.x_limit)
        return state._replace(x_surface=x)

    def outside(self, state: State) -> Outside:
        """Return what the state looks like from outside."""
        p = self.parameters
        theta, coverage = self.contact(state)
        contact = contact_resistance(theta, coverage, p.charge_transfer_resistance, p.spreading_resistance)
        seen = (
            p.double_layer_capacitance * theta * coverage * state.y * (1.0 - state.z) * (1.0 + state.growth)
        )
        return Outside(
            math.log(contact) - p.contact_exponent * math.log(self.carrying(state)),
            math.log(seen),
            -p.ocv_factor * math.log1p(-state.x_surface),
            0.5 * p.constriction_width * ((coverage * state.y) ** -0.5 - 1.0),
            state.x_surface,
        )


def _rise(value: float, target: float, share: float) -> float:
    return value + (target - value) * share if target > value else value


def _phi(x: float) -> float:
    """Return (exp(x) − 1)/x, which makes a step exact where the rate is linear."""
    return math.expm1(x) / x if abs(x) > 1e-12 else 1.0
