"""How much room a campaign may take in the store, told before it starts."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.campaign.plan import Plan
from core.errors import BadInput
from core.interlocks import InterlocksFile
from drivers.abilities import Abilities

if TYPE_CHECKING:
    from app.campaign.plan import Work

BYTES_A_SPECTRUM = 15e3
"""Of the store: a spectrum of half a minute, its fit, and the readings beside it."""
WITHOUT_SPECTRA = 30.0
"""s that take as much room as a spectrum where there are none."""
GIGABYTE = 1e9


def most_bytes(plan: Plan, abilities: Abilities) -> float:
    """Return an upper bound of the bytes a plan takes: every step as long as it can be, spectra back to back.

    Infinite where a step has no bound. Most campaigns take a small part of it: cells end their
    strippings before the limits do, and a rehearsal knows by how much.
    """
    return math.fsum(_most(work, abilities) for _, work in plan.works())


def _most(work: "Work", abilities: Abilities) -> float:
    built, planner = work.build(), abilities.potentiostat
    sweep = getattr(built, "sweep", None)
    every = planner.sweep_duration(sweep(planner)) if sweep is not None else WITHOUT_SPECTRA
    spectra = built.longest(abilities, work.electrode.cell) / min(every, WITHOUT_SPECTRA)
    return spectra * BYTES_A_SPECTRUM * (work.branches.at_most or 1)


def check_room(
    most: float, free: float, settings: InterlocksFile, *, real: bool, warn: Callable[[str], None]
) -> None:
    """Refuse a campaign that the disk might not hold; on a simulated bench, where little is lost, warn.

    Parameters
    ----------
    most : float
        Bytes it takes at most, see `most_bytes`.
    free : float
        Bytes that are free where the store lies.
    settings : InterlocksFile
        How much has to stay free.
    real : bool
        Whether real cells are at stake.
    warn : callable
        Told in words what is not refused.

    Raises
    ------
    BadInput
    """
    has = f"{free / GIGABYTE:.2f} GB are free where the store lies"
    if free < settings.disk_full:
        raise BadInput(
            f"{has}, and runs end at {settings.disk_full / GIGABYTE:g} GB (disk_full of the bench file);",
            "make room, or name a --store on another disk.",
        )
    if most <= free - settings.disk_full:
        return
    if math.isinf(most):
        warn(f"{has}; how much this campaign takes has no bound, a rehearsal tells how much it may be")
        return
    problem = f"the campaign may take {most / GIGABYTE:.2g} GB, but {has}"
    if real:
        raise BadInput(
            f"{problem};",
            "make room, name a --store on another disk, or give its steps a charge_limit or time_limit.",
        )
    warn(f"{problem}; it will end when the disk is full (a rehearsal tells how much it really takes)")
