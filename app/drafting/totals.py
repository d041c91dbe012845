"""What a whole campaign takes: time, spectra, room and cells."""

import math
import shutil
from dataclasses import asdict, dataclass, field
from typing import Any

from app.campaign.needed import Needed, needed
from app.campaign.plan import Plan
from app.campaign.room import check_room, most_bytes
from app.drafting.amounts import NOT_KNOWN, bounded, most_spectra
from app.drafting.benches import BenchDraft
from app.drafting.heard import heard
from app.drafting.known_cells import Warned
from app.drafting.problems import Problem, of_error
from app.runner.campaign import check
from core.errors import BadInput, StoreError
from storage import sqlite


@dataclass
class Totals:
    """What a campaign comes to, if nothing ends earlier than its limits allow.

    Attributes
    ----------
    problems : list of Problem
        Why it cannot be done; then there is nothing else.
    warnings : list of Warned
    lines : list of (str, list of str)
        The plan of each step, by its path.
    amounts : dict
    cells : Needed or None
    """

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    lines: list[tuple[str, list[str]]] = field(default_factory=list)
    amounts: dict[str, Any] = field(default_factory=lambda: dict(NOT_KNOWN))
    cells: Needed | None = None

    def as_json(self) -> dict[str, Any]:
        """Return amounts, cells and the order in which they are mounted."""
        return {
            **self.amounts,
            "cells": [asdict(each) for each in self.cells.cells] if self.cells else [],
            "mountings": [asdict(each) for each in self.cells.mountings] if self.cells else [],
        }


def totals_of(plan: Plan, bench: BenchDraft, store: str | None) -> Totals:
    """Check a plan against a bench and a disk, and add up its steps; each is counted once."""
    with heard():  # each step says it for itself
        return _totals(plan, bench, store)


def _totals(plan: Plan, bench: BenchDraft, store: str | None) -> Totals:
    try:
        lines = check(plan, bench.abilities)
    except BadInput as error:
        return Totals(problems=[of_error("", error)])
    steps = [(work.build(), work.electrode.cell) for _, work in plan.works()]
    hours = math.fsum(built.longest(bench.abilities, cell) for built, cell in steps) / 3600
    spectra = math.fsum(most_spectra(built, bench.abilities, cell) for built, cell in steps)
    most = most_bytes(plan, bench.abilities)
    totals = Totals(lines=lines, amounts=bounded(hours, spectra, most), cells=needed(plan))
    _look_for_room(totals, most, bench, store)
    return totals


def _look_for_room(totals: Totals, most: float, bench: BenchDraft, store: str | None) -> None:
    """Add what stands against it on the disk of the store, as a run would say it."""
    if not store:
        return

    def warn(text: str) -> None:
        totals.warnings.append(Warned("store", text))

    try:
        folder = sqlite.path_of(store).parent
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        free = shutil.disk_usage(folder).free
        real = not bench.file.wholly_simulated
        check_room(most, free, bench.file.interlocks, real=real, warn=warn)
    except (BadInput, StoreError) as error:
        totals.problems.append(of_error("store", error))
    except OSError as error:
        warn(f"how much room there is cannot be seen: {error}")
