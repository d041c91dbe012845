"""Stripping and plating again and again at one current density (Krauskopf et al. 2019, Fig. S12)."""

from core.cell import Cell
from core.records import Ended
from drivers.abilities import Abilities
from protocols.half_cycles import DIRECTION, HalfCycle, HalfCycles
from protocols.parameters import FloatParameter, IntegerParameter
from protocols.under_pressure import in_words


class PlatingStrippingCycling(HalfCycles):
    """Strip and plate a fixed charge in turn, with impedance all the while, until the cell shorts.

    The working electrode is stripped first, so a badly contacted one loses contact before lithium is
    plated back onto what is left of it. A short circuit in E, within one poll, or in the impedance
    ends it; so does a half cycle that reaches the cut-off. A cell that has shorted is spent.
    """

    spends_electrode = True

    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0
    )
    cycles = IntegerParameter("Cycles", default=10, minimum=1, maximum=10_000)
    pressure = FloatParameter(
        "Stack pressure", units="MPa", default=0.0, minimum=0.0, maximum=1000.0,
        description="on the pellet, held by a spring; 0 is no fixture",
    )  # fmt: skip

    def execute(self) -> None:
        """Condition, press, rest, cycle, and conclude."""
        self.bring_to_temperature()
        if not self.pressed_to(self.pressure):
            return
        self.rest_under_pressure()
        done: list[HalfCycle] = []
        for density in self.half_cycles():
            done.append(self.half_cycle(density))
            self.report_half_cycle(len(done), done[-1])
            if done[-1].ended is not Ended.LIMIT:
                break
        self.report(done)

    def half_cycles(self) -> list[float]:
        """Return the current densities in µA/cm²: stripping, which is positive, and plating in turn."""
        return [self.current_density, -self.current_density] * self.cycles

    def report_half_cycle(self, number: int, half: HalfCycle) -> None:
        """Say what one half cycle came to."""
        cell = self.session.cell
        resistance = None if half.fit is None else cell.areal_resistance(half.fit["R_int"])
        words = "unknown" if resistance is None else f"{resistance:.3g} kΩ cm²"
        volts = "unknown" if half.voltage is None else f"{half.voltage * 1e3:.3g} mV"
        self.result(
            "half cycle",
            f"{number}, {DIRECTION[half.direction]}: {half.charge:.3g} mAh/cm², R_int {words} and E {volts} "
            f"at its end ({half.ended})",
            number=number,
            direction=DIRECTION[half.direction],
            R_int_kohm_cm2=resistance,
            E_V=half.voltage,
            charge_mAh_cm2=half.charge,
            ended=str(half.ended),
        )

    def report(self, done: list[HalfCycle]) -> None:
        """Say how many whole cycles the cell survived, under what, and after what charge."""
        last, under = done[-1], self.conditions()
        survived = (len(done) - (last.ended is not Ended.LIMIT)) // 2
        cumulative = sum(each.charge for each in done)
        if last.ended is Ended.LIMIT:
            self.ends(Ended.FINISHED, f"{self.cycles} cycles")
        how = f"shorted while {DIRECTION[last.direction]}" if last.ended is Ended.SHORTED else self.end_reason
        self.result(
            "cycling",
            f"{survived} of {self.cycles} cycles survived ({how}); {self.current_density:g} µA/cm², "
            f"{self.capacity:g} mAh/cm² per half cycle, {cumulative:.3g} mAh/cm² in all; {in_words(under)}",
            cycles_survived=survived,
            half_cycles=len(done),
            shorted_while=DIRECTION[last.direction] if last.ended is Ended.SHORTED else None,
            current_density_uA_cm2=self.current_density,
            capacity_mAh_cm2=self.capacity,
            cumulative_capacity_mAh_cm2=cumulative,
            **under,
        )

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out the half cycles and the force; refuse what the bench cannot do."""
        return [
            *self.plan_half_cycles(self.half_cycles(), abilities, cell),
            *self.plan_conditions(abilities, cell, self.pressure),
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s: every cycle survived."""
        cycles = self.longest_half_cycles(self.half_cycles(), abilities, cell)
        return self.longest_preparation(abilities) + cycles
