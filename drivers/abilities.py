"""What a bench can do, known from its file alone."""

import math
from dataclasses import dataclass

from core.files import BenchFile
from drivers.potentiostat import Planner


@dataclass(frozen=True)
class Abilities:
    """The bounds that a plan is checked against before anything is connected.

    Attributes
    ----------
    potentiostat : Planner
    chamber : tuple of float or None
        Lowest and highest set-point in K; None without a chamber.
    cell_temperature : tuple of float
        Lowest and highest temperature in K that a cell may see.
    force : float or None
        Largest force in N that the gauge shows and the interlocks allow; None without a gauge.
    force_uncertainty : float
        Of one reading in N; nan without a gauge.
    press : tuple of float or None
        Lowest and highest force in N of a motorised press; None where a hand turns the screw.
    """

    potentiostat: Planner
    chamber: tuple[float, float] | None = None
    cell_temperature: tuple[float, float] = (0.0, math.inf)
    force: float | None = None
    force_uncertainty: float = math.nan
    press: tuple[float, float] | None = None


def abilities_of(file: BenchFile) -> Abilities:
    """Return what the bench of a file can do, connecting to nothing."""
    from drivers.bench import planner_for

    limits = file.interlocks
    force, doubt = None, math.nan
    if file.gauge is not None:
        force = min(file.gauge.full_scale, limits.highest_force or math.inf)
        doubt = file.gauge.uncertainty
    return Abilities(
        potentiostat=planner_for(file),
        chamber=None if file.chamber is None else (file.chamber.lowest, file.chamber.highest),
        cell_temperature=(limits.lowest_cell_temperature, limits.highest_cell_temperature),
        force=force,
        force_uncertainty=doubt,
        press=None if file.press is None else (file.press.lowest, file.press.highest),
    )
