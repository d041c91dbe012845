"""The current density at which lithium grows through the electrolyte (Krauskopf et al. 2019, Fig. S11)."""

from core.cell import Cell
from core.errors import BadInput
from core.records import Ended
from drivers.abilities import Abilities
from protocols.half_cycles import DIRECTION, GROWS_FROM, HalfCycle, HalfCycles
from protocols.parameters import FloatParameter, ListParameter
from protocols.under_pressure import in_words

RAMPS = {"both": (1, -1), "stripping only": (1,), "plating only": (-1,)}
"""The half cycles at each current density, by their signs."""


class CriticalCurrentDensity(HalfCycles):
    """Raise the current density step by step, with impedance all the while, until the cell shorts.

    At each current density a fixed charge strips the working electrode and is then plated back;
    lithium may grow from either electrode, whichever is plated. A short circuit in E, within one
    poll, or in the impedance ends it. Both sides should have been formed at a high pressure, so that
    contact does not limit; a half cycle that reaches the cut-off has lost contact and ends it, too.
    A one-way ramp passes current in one direction only, which leaves out what stripping does to an
    electrode before it is plated. A cell that has shorted is spent.
    """

    spends_electrode = True

    start = FloatParameter(
        "First current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0
    )
    step = FloatParameter("Step", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0)
    stop = FloatParameter(
        "Last current density", units="µA/cm²", default=1000.0, minimum=1.0, maximum=10_000.0
    )
    direction = ListParameter(
        "Direction", choices=tuple(RAMPS), default="both",
        description="both strips the working electrode first and plates it back; else a one-way ramp",
    )  # fmt: skip
    declared_forming = FloatParameter(
        "Both sides formed at", units="MPa", default=400.0, minimum=0.1, maximum=2000.0,
        description="in another press; compared with what the cell declares, never commanded",
    )  # fmt: skip

    def execute(self) -> None:
        """Condition, press, rest, raise the current, and conclude."""
        self.bring_to_temperature()
        if not self.pressed_to(self.pressure):
            return
        self.rest_under_pressure()
        done: list[HalfCycle] = []
        for density in self.ramp():
            done.append(self.half_cycle(density))
            if done[-1].ended is not Ended.LIMIT:
                break
        self.report(done)

    def ramp(self) -> list[float]:
        """Return the half cycles by their current densities in µA/cm², stripping positive."""
        # A step that does not divide the ramp must not lose its last current density to rounding.
        steps = int((self.stop - self.start) / self.step + 1e-6)
        densities = [self.start + number * self.step for number in range(steps + 1)]
        return [sign * density for density in densities for sign in RAMPS[self.direction]]

    def report(self, done: list[HalfCycle]) -> None:
        """Say between which current densities the cell shorted, under what, and after what charge."""
        last, under = done[-1], self.conditions()
        shorted, survived = last.ended is Ended.SHORTED, self.survived(done)
        if last.ended is Ended.LIMIT:
            self.ends(Ended.NOT_REACHED, f"no short circuit up to {survived:g} µA/cm²")
        cumulative = sum(each.charge for each in done)
        words = f"shorted at {abs(last.density):g} µA/cm² while {DIRECTION[last.direction]}"
        known = "none survived" if survived is None else f"{survived:g} µA/cm² survived"
        self.result(
            "critical current density",
            f"{words if shorted else self.end_reason}; {known}; {in_words(under)}; "
            f"{self.capacity:g} mAh/cm² per half cycle, {cumulative:.3g} mAh/cm² in all",
            survived_uA_cm2=survived,
            shorted_uA_cm2=abs(last.density) if shorted else None,
            shorted_while=DIRECTION[last.direction] if shorted else None,
            grown_from=GROWS_FROM[last.direction] if shorted else None,
            capacity_mAh_cm2=self.capacity,
            cumulative_capacity_mAh_cm2=cumulative,
            half_cycles=len(done),
            start_uA_cm2=self.start,
            step_uA_cm2=self.step,
            direction=self.direction,
            **under,
        )

    def survived(self, done: list[HalfCycle]) -> float | None:
        """Return the highest current density in µA/cm² that did no harm in any of its half cycles."""
        passed = [abs(each.density) for each in done if each.ended is Ended.LIMIT]
        whole = [each for each in passed if passed.count(each) == len(RAMPS[self.direction])]
        return max(whole, default=None)

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out every half cycle and the force; warn where the contacts are not declared."""
        if self.stop < self.start:
            problem = f"stop = {self.stop:g} µA/cm² is below start = {self.start:g} µA/cm²;"
            raise BadInput(problem, "swap or change them.")
        return [
            *self.plan_half_cycles(self.ramp(), abilities, cell),
            *self.plan_conditions(abilities, cell, self.pressure),
            *self.declarations(cell),
        ]

    def declarations(self, cell: Cell) -> list[str]:
        """Return what has to be said about how the two sides were formed."""
        sides = {
            "working": cell.history.forming_pressure,
            "counter": cell.counter.forming_pressure,
        }
        lines = []
        for side, pascal in sides.items():
            if pascal is None or pascal < self.declared_forming * 1e6 * (1 - 1e-9):
                formed = "not declared" if pascal is None else f"declared as {pascal / 1e6:g} MPa"
                lines.append(
                    f"WARNING: the {side} electrode should have been formed at "
                    f"{self.declared_forming:g} MPa, and its forming is {formed}; "
                    "poor contact shorts at lower currents"
                )
        return lines or [f"both sides formed at {self.declared_forming:g} MPa or more, by declaration"]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s: the whole ramp without a short."""
        ramp = self.longest_half_cycles(self.ramp(), abilities, cell)
        return self.longest_preparation(abilities) + ramp
