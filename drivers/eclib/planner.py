"""What a VMP-300 channel can do, by its bench file and, once connected, by what it reports."""

from collections.abc import Sequence

from core.errors import BadInput
from core.files import PotentiostatFile
from drivers.eclib import planning, sweeps
from drivers.eclib.ranges import current_ranges
from drivers.potentiostat import PlannedTechnique, Planner
from drivers.techniques import Sweep, Technique


class Vmp300Planner(Planner):
    """Plans programs and sweeps; touches no instrument.

    Parameters
    ----------
    settings : PotentiostatFile
    ranges : tuple of float, optional
        Current ranges in A that the channel reports; all of the family's, when it has not been asked.
    """

    def __init__(self, settings: PotentiostatFile, ranges: tuple[float, ...] | None = None) -> None:
        self._overhead = settings.point_overhead
        if ranges is None:
            ranges = current_ranges(settings.smallest_range)
        if not ranges:
            raise BadInput(
                f"potentiostat.smallest_range = {settings.smallest_range:g} A leaves no current range;",
                'write a smaller one, for example "10 µA".',
            )
        self._capability = planning.Capability(ranges, settings.point_overhead)

    def plan(self, program: Sequence[Technique], e_max: float) -> tuple[PlannedTechnique, ...]:
        """Choose ranges for a program and check it; see `Planner.plan`."""
        return planning.plan(program, e_max, self._capability)

    def sweep_within(self, seconds: float, f_max: float, f_min: float) -> Sweep:
        """Return the densest sweep that fits; see `Planner.sweep_within`."""
        return sweeps.sweep_within(seconds, f_max, f_min, self._overhead)

    def sweep_duration(self, sweep: Sweep) -> float:
        """Return the expected duration of a sweep in s."""
        return sweeps.sweep_duration(sweep, self._overhead)
