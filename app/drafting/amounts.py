"""How long, how many spectra and how much room: what the limits of an experiment allow."""

import math
from datetime import timedelta
from functools import singledispatch
from typing import Any

from app.campaign.plan import Plan
from app.campaign.room import most_bytes
from core.cell import Cell
from core.clock import utc_now
from drivers.abilities import Abilities
from protocols.arrhenius_peis import ArrheniusPeis
from protocols.critical_current_density import CriticalCurrentDensity
from protocols.galvanostatic import ConstantCurrent
from protocols.half_cycles import HalfCycles
from protocols.high_resolution_peis import HighResolutionPeis
from protocols.ocv_relaxation import OcvRelaxation
from protocols.ocv_rest import OcvRest
from protocols.plating_stripping_cycling import PlatingStrippingCycling
from protocols.pressure_staircase import PressureStaircase
from protocols.protocol import Protocol
from protocols.strip_rest_strip import StripRestStrip

NOT_KNOWN: dict[str, Any] = dict.fromkeys(("hours", "hours_are", "spectra", "disk_bytes", "ends_utc"))
"""What is said where nothing is known yet."""

LATEST = timedelta(days=365_000)
"""Beyond which no date is given."""


def amounts(built: Protocol, abilities: Abilities, cell: Cell, plan: Plan) -> dict[str, Any]:
    """Return duration, end, spectra and room, where there are bounds; `plan` is of this one step."""
    hours = built.longest(abilities, cell) / 3600
    return bounded(hours, most_spectra(built, abilities, cell), most_bytes(plan, abilities))


def bounded(hours: float, spectra: float, room: float) -> dict[str, Any]:
    """Return bounds as JSON: null where there is none."""
    known = math.isfinite(hours) and timedelta(hours=hours) < LATEST
    return {
        "hours": hours if known else None,
        "hours_are": "longest" if known else None,
        "spectra": int(spectra) if math.isfinite(spectra) else None,
        "disk_bytes": room if math.isfinite(room) else None,
        "ends_utc": (utc_now() + timedelta(hours=hours)).isoformat(timespec="seconds") if known else None,
    }


def currents(built: Protocol, abilities: Abilities, cell: Cell) -> list[ConstantCurrent]:
    """Return the currents of a protocol in absolute numbers, one after the other; many have none."""
    if isinstance(built, HalfCycles):
        return built.half_cycle_currents(_densities(built), abilities, cell)
    stripping = getattr(built, "stripping", None)
    if stripping is None:
        return []
    times = {StripRestStrip: 2, PressureStaircase: len(getattr(built, "pressures", ()))}.get(type(built), 1)
    return [stripping(abilities, cell)] * times


def _densities(built: HalfCycles) -> list[float]:
    if isinstance(built, CriticalCurrentDensity):
        return built.ramp()
    assert isinstance(built, PlatingStrippingCycling)
    return built.half_cycles()


@singledispatch
def _at_open_circuit(built: Protocol) -> float:
    """Return how many spectra there are at open circuit, those of soaking left out: the reference."""
    return 1.0


@_at_open_circuit.register
def _(built: OcvRest) -> float:
    return 0.0


@_at_open_circuit.register
def _(built: OcvRelaxation) -> float:
    return built.planned_spectra


@_at_open_circuit.register
def _(built: StripRestStrip) -> float:
    return 1.0 + built.spectra_between


@_at_open_circuit.register
def _(built: HighResolutionPeis) -> float:
    return built.repeats


@_at_open_circuit.register
def _(built: ArrheniusPeis) -> float:
    return len(built.stops) * built.repeats


def most_spectra(built: Protocol, abilities: Abilities, cell: Cell) -> float:
    """Return how many spectra the limits allow, those of soaking left out; infinite where that is open."""
    found = currents(built, abilities, cell)
    if not found and type(built) not in _at_open_circuit.registry:
        return math.inf
    return _at_open_circuit(built) + math.fsum(each.most_spectra(abilities.potentiostat) for each in found)
