"""Everything that some runs allow to be concluded, part by part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from app.conclusions.diffusion_energy import DiffusionEnergy, diffusion_energies
from app.conclusions.facts import Facts, facts_of
from app.conclusions.half_cycles import CriticalCurrent, Cycling, critical_currents, cyclings
from app.conclusions.interface_energy import InterfaceEnergy, interface_energies
from app.conclusions.life import Life, lives
from app.conclusions.model import AlloyModel, UtilisationRow, alloy_models, utilisations
from app.conclusions.pressing import CriticalPressure, RofP, critical_pressures, resistance_of_pressure
from app.conclusions.refused import Refused
from app.conclusions.sand_plot import Drop, SandResult, sand
from app.conclusions.starts import StartRow, starts
from app.conclusions.transitions import Depletion, depletions
from app.conclusions.under_pressure import PressureRow, pressures
from core.errors import BadInput, StripbenchError
from core.telling import Tell
from storage import Store

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Conclusions:
    """What some runs came to.

    Attributes
    ----------
    facts : list of Facts
        Of every run, in the order asked for.
    drop : str
        Which concentration drop was asked for; what each D rests on stands with it.
    depletions, sand, interface_energies, diffusion_energies, starts, pressures : list
    resistance_of_pressure, critical_pressures, critical_currents, cyclings, lives : list
    alloy_models, utilisations : list
        See the modules of those names; empty where the runs are not of that kind.
    refused : list of Refused
        What could not be concluded, and why.
    simulated : bool
        Whether any of the runs is.
    """

    facts: list[Facts]
    drop: Drop
    depletions: list[Depletion]
    sand: list[SandResult]
    interface_energies: list[InterfaceEnergy]
    diffusion_energies: list[DiffusionEnergy]
    starts: list[StartRow]
    pressures: list[PressureRow]
    resistance_of_pressure: list[RofP]
    critical_pressures: list[CriticalPressure]
    critical_currents: list[CriticalCurrent]
    cyclings: list[Cycling]
    lives: list[Life]
    alloy_models: list[AlloyModel]
    utilisations: list[UtilisationRow]
    refused: list[Refused]
    simulated: bool


class _Parts:
    """Makes one part after the other; one that cannot be made is refused, and the others come."""

    def __init__(self, runs: Sequence[int], tell: Tell | None, total: int) -> None:
        self.refused: list[Refused] = []
        self._runs, self._tell, self._total, self._done = tuple(runs), tell, total, 0

    def begin(self, facts: Sequence[Facts]) -> None:
        """Begin with other runs; what is refused from now on is of these."""
        self.refused, self._runs = [], tuple(each.run for each in facts)

    def make(self, what: str, part: Callable[[], tuple[list[T], list[Refused]]]) -> list[T]:
        """Return what a part gives; empty where it is refused as a whole."""
        self.said(what)
        found: list[T] = []
        try:
            found, refused = part()
        except StripbenchError as error:
            refused = [Refused(what, error.problem, error.remedy, self._runs)]
        self.refused += refused
        return found

    def said(self, what: str) -> None:
        """Say that the next part begins."""
        if self._tell is not None:
            self._tell(what, self._done, self._total)
        self._done += 1

    def end(self) -> None:
        """Say that nothing is left to be done."""
        if self._tell is not None:
            self._tell("concluded", self._total, self._total)


PARTS = 13


def conclude(store: Store, runs: Sequence[int], drop: Drop = "c0", tell: Tell | None = None) -> Conclusions:
    """Conclude all that some runs allow.

    Parameters
    ----------
    store : Store
    runs : sequence of int
    drop : str
        The concentration drop that D rests on: ``"c0"`` or ``"c0-cmin"``.
    tell : callable, optional
        Told what is being done.

    Raises
    ------
    BadInput
        If no run is named, one is named twice, or `drop` is not known.
    StoreError
        If there is no such run.
    """
    _check(runs, drop)
    kinds = len({store.run(run).header.simulated for run in runs})
    parts = _Parts(runs, tell, len(runs) + PARTS * kinds)
    facts = []
    for run in runs:
        parts.said(f"reading run {run}")
        facts.append(facts_of(store.run(run)))
    apart = [[each for each in facts if each.simulated is kind] for kind in (False, True)]
    whole = [_concluded(parts, each, drop) for each in apart if each]
    parts.end()
    return whole[0] if len(whole) == 1 else _together(facts, *whole)


def _together(facts: list[Facts], measured: Conclusions, simulated: Conclusions) -> Conclusions:
    """Put what measured and what simulated runs came to side by side; no result rests on both."""
    pairs = {
        field.name: getattr(measured, field.name) + getattr(simulated, field.name)
        for field in fields(Conclusions)
        if field.name not in ("facts", "drop", "simulated", "refused")
    }
    pairs["utilisations"] = list(dict.fromkeys(pairs["utilisations"]))
    runs = [", ".join(str(each.run) for each in kind.facts) for kind in (measured, simulated)]
    why = f"runs {runs[0]} were measured and runs {runs[1]} simulated; no result rests on both."
    apart = Refused(
        "measured and simulated runs together", why, "compare the results.", tuple(each.run for each in facts)
    )
    refused = [apart, *measured.refused, *simulated.refused]
    return replace(measured, facts=facts, refused=refused, simulated=True, **pairs)


def _concluded(parts: _Parts, facts: list[Facts], drop: Drop) -> Conclusions:
    """Conclude all that runs of one kind, measured or simulated, allow."""
    parts.begin(facts)
    found = parts.make("depletion", lambda: depletions(facts))
    plots = parts.make("Sand plot", lambda: sand(facts, drop, found))
    rows = parts.make("contact under pressure", lambda: pressures(facts, found))
    ramps = parts.make("critical current density", lambda: critical_currents(facts))
    cycled = parts.make("cycling", lambda: cyclings(facts))
    models = parts.make("diffusion model of the alloy", lambda: alloy_models(facts, found))
    return Conclusions(
        facts,
        drop,
        found,
        plots,
        parts.make("activation energy of R_int", lambda: interface_energies(facts)),
        parts.make("activation energy of D", lambda: diffusion_energies(facts, found, drop)),
        parts.make("contact at the start", lambda: starts(facts)),
        rows,
        parts.make("R_int over pressure", lambda: resistance_of_pressure(facts)),
        parts.make("critical stack pressure", lambda: critical_pressures(facts, rows)),
        ramps,
        cycled,
        parts.make("life of cells", lambda: lives(ramps, cycled, found)),
        models,
        parts.make("utilisation", lambda: (utilisations(models), [])),
        parts.refused,
        any(each.simulated for each in facts),
    )


def _check(runs: Sequence[int], drop: str) -> None:
    if not runs:
        raise BadInput("no run is named, so there is nothing to conclude;", "name at least one run.")
    twice = sorted({run for run in runs if list(runs).count(run) > 1})
    if twice:
        raise BadInput(
            f"run {', '.join(map(str, twice))} is named twice, and would count twice;", "name each run once."
        )
    if drop not in ("c0", "c0-cmin"):
        raise BadInput(f"the concentration drop {drop!r} is not known;", 'choose "c0" or "c0-cmin".')
