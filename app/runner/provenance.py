"""What is kept with a run so that it can be understood later."""

from pathlib import Path

from app.runner.job import Job
from core.clock import Clock
from storage import RunHeader


def header(job: Job, clock: Clock, log_path: Path | None) -> RunHeader:
    """Return what a run's row is begun with; the store adds the versions of the packages."""
    return RunHeader(
        protocol=type(job.protocol).__name__,
        parameters=job.protocol.values(),
        cell=job.cell,
        cell_given=job.cell_given,
        bench=job.bench.name,
        channel=job.bench.potentiostat.channel,
        bench_text=job.bench_text,
        experiment_text=job.experiment_text,
        simulated=job.bench.simulated,
        seed=job.bench.simulation.seed if job.bench.simulated else None,
        started_utc=clock.start_utc,
        log_path=str(log_path) if log_path else "",
        campaign=job.campaign,
        path=job.path,
        bench_origin=clock.origin,
    )
