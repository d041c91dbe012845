"""Running a campaign on the simulated twin of a bench, into a store that is thrown away."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.campaign.lanes import lanes
from app.campaign.needed import needed
from app.campaign.plan import Plan
from app.rehearsal.forecast import Forecast, forecast
from app.rehearsal.twin import twin
from app.runner.campaign import check
from app.runner.lanes import LaneDone, LaneJob, run_lanes
from core.clock import wall_time
from core.errors import BadInput
from core.files import BenchFile
from drivers.abilities import abilities_of
from simulators.cell import CellParameters
from storage import open_store

THIN = 10
"""Of sweeps back to back a quick rehearsal takes every tenth."""


def rehearse(
    plan: Plan,
    bench: BenchFile,
    bench_text: str,
    *,
    full: bool = False,
    side_by_side: int | None = None,
    keep: Path | None = None,
    news: Callable[[LaneDone], None] = lambda done: None,
) -> Forecast:
    """Rehearse a plan on the twin of a bench.

    Parameters
    ----------
    plan : Plan
    bench : BenchFile
        Real or simulated; nothing of it is connected.
    bench_text : str
        As given.
    full : bool
        Take every sweep, not every tenth.
    side_by_side : int, optional
        Processes for independent cells; as many as there are processors by default.
    keep : Path, optional
        Where the rehearsal's store stays; it must not exist. Left out: it is thrown away.
    news : callable
        Called as parts of it end, and now and then.

    Raises
    ------
    BadInput
        For what cannot be, naming the step; nothing is simulated then.
    """
    check(plan, abilities_of(bench))
    thin, began = 1 if full else THIN, wall_time()
    stand_in = twin(bench, quick=not full)
    parts = lanes(plan)
    with _folder(keep) as folder:
        url = f"sqlite:///{folder / 'rehearsal.sqlite'}" if keep is None else f"sqlite:///{keep}"
        open_store(url, create=True).close()
        jobs = [LaneJob(url, stand_in, bench_text, part, None, thin, float("inf")) for part in parts]
        ended = run_lanes(jobs, side_by_side or os.cpu_count() or 1, news)
        with open_store(url) as store:
            found = forecast(store, [path for path, _ in plan.works()], needed(plan), thin)
    return replace(
        found,
        wall_s=wall_time() - began,
        assumptions=_assumptions(plan, bench),
        passed_over=[refusal for part in ended for refusal in part.passed_over],
    )


def _assumptions(plan: Plan, bench: BenchFile) -> list[str]:
    """Say what the twin assumes of each kind of cell besides what its file says."""
    lines = []
    for kind in sorted({work.electrode.kind for _, work in plan.works()}):
        cell = next(work.electrode.cell for _, work in plan.works() if work.electrode.kind == kind)
        p = CellParameters.for_cell(cell, bench.simulation.cell, bench.simulation.seed)
        lines.append(
            f"{kind}: {cell.anode}, pores {p.pore_diffusivity * 1e4:.3g} cm²/s, "
            f"formed at {p.forming_pressure / 1e6:.3g} MPa, double layer "
            f"{p.double_layer_capacitance * 1e2:.3g} µF/cm², critical current density "
            f"{p.critical_current_density * 1e2:.3g} µA/cm²"
        )
    return lines


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A folder for as long as the rehearsal lasts."""
    if keep is not None and keep.exists():
        raise BadInput(f"{str(keep)!r} exists already;", "name a file that does not exist yet.")
    folder = Path(tempfile.mkdtemp(prefix="stripbench-rehearsal-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
