"""Records of `core` as rows of the tables, and rows as records again."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.cell import Cell
from core.clock import utc_now
from core.errors import StoreError
from core.records import Decision, Event, Fit, KramersKronig, RunState, Spectrum, Value
from storage import schema
from storage.encoding import ARRAYS, checksum_of, pack, pack_spectrum, unpack, unpack_impedance
from storage.process import Process
from storage.provenance import CampaignHeader, RunHeader, cell_from, cell_values
from storage.records import FitVerdict, StoredDecision, StoredEvent, StoredFit, StoredSpectrum

_SETTINGS = ("id", "run", "step", "technique", "amplitude", "pass_number", "points", "checksum")
SPECTRUM_COLUMNS = [schema.spectrum.c[name] for name in (*_SETTINGS, *ARRAYS)]
"""What `spectrum_from` takes, in this order."""


def _or_null(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _beginning() -> dict[str, Any]:
    """Return the columns of what begins now, in this process."""
    process = Process.current()
    return {
        "pid": process.pid,
        "process_started": process.started,
        "hostname": process.hostname,
        "boot": process.boot,
        "state": RunState.RUNNING.value,
        "end_reason": "",
        "heartbeat_utc": utc_now(),
    }


def header_row(header: RunHeader) -> dict[str, Any]:
    """Return the row of a run that begins now, in this process."""
    names = set(RunHeader.__dataclass_fields__) - {"cell"}
    return {name: getattr(header, name) for name in names} | {
        "cell_name": header.cell.name,
        "cell": cell_values(header.cell),
        "bench_time": 0.0,
        **_beginning(),
    }


def header_from(row: sa.RowMapping) -> RunHeader:
    """Return what was known of a run before it started."""
    cell: Cell = cell_from(row["cell"])
    names = set(RunHeader.__dataclass_fields__) - {"cell"}
    return RunHeader(cell=cell, **{name: row[name] for name in names})


def campaign_row(header: CampaignHeader) -> dict[str, Any]:
    """Return the row of a campaign that begins now, in this process."""
    return {name: getattr(header, name) for name in CampaignHeader.__dataclass_fields__} | _beginning()


def campaign_from(row: sa.RowMapping) -> CampaignHeader:
    """Return what was known of a campaign before it started."""
    values = {name: row[name] for name in CampaignHeader.__dataclass_fields__}
    return CampaignHeader(**values | {"plan": tuple(row["plan"])})


def spectrum_row(run: int, channel: int, step: int, spectrum: Spectrum) -> dict[str, Any]:
    """Return the row of a spectrum, with its checksum."""
    arrays = pack_spectrum(spectrum)
    technique, amplitude = spectrum.technique, float(spectrum.amplitude)
    return {
        "run": run,
        "step": step,
        "channel": channel,
        "technique": technique,
        "amplitude": amplitude,
        "pass_number": spectrum.pass_number,
        "mid_time": _or_null(spectrum.mid_time),
        "points": len(spectrum),
        "checksum": checksum_of(technique, amplitude, spectrum.pass_number, arrays),
        **dict(zip(ARRAYS, arrays, strict=True)),
    }


def spectrum_from(row: Sequence[Any]) -> StoredSpectrum:
    """Return a spectrum from its `SPECTRUM_COLUMNS`.

    Raises
    ------
    StoreError
        If it does not match its checksum.
    """
    number, run, step, technique, amplitude, pass_number, points, stored, *arrays = row
    size = points * 8
    if checksum_of(technique, amplitude, pass_number, arrays) != stored or any(
        len(array) != size for array in arrays
    ):
        raise StoreError(
            f"run {run}, spectrum {number}: what is stored does not match its checksum, so it was "
            "damaged after it was measured;",
            "check the disk and take this store from a backup.",
        )
    frequency, z_re, z_im, *others = arrays
    time, voltage, current, voltage_amplitude, current_amplitude = map(unpack, others)
    spectrum = Spectrum(
        technique=technique,
        frequency=unpack(frequency),
        impedance=unpack_impedance(z_re, z_im),
        time=time,
        voltage=voltage,
        current=current,
        voltage_amplitude=voltage_amplitude,
        current_amplitude=current_amplitude,
        amplitude=amplitude,
        pass_number=pass_number,
    )
    return StoredSpectrum(number, step, stored, spectrum)


def fit_row(run: int, spectrum: int, fit: Fit) -> dict[str, Any]:
    """Return the row of a fit."""
    verdict = fit.kramers_kronig
    return {
        "run": run,
        "spectrum": spectrum,
        "model": fit.model,
        "version": fit.version,
        "time": float(fit.time),
        "parameters": _pairs(fit.parameters),
        "free": fit.free,
        "covariance": pack(fit.covariance),
        "mask": np.ascontiguousarray(fit.mask, dtype=np.uint8).tobytes(),
        "weights": fit.weights,
        "rms_residual": _or_null(fit.rms_residual),
        "kk_passed": bool(verdict.passed),
        "kk_signed_mean": _or_null(verdict.signed_mean),
        "kk_dropped_below": _or_null(verdict.dropped_below),
        "kk_reason": verdict.reason,
        "flags": fit.flags,
        "made_utc": utc_now(),
        "smoothed": _pairs(fit.smoothed),
        "smoothing": fit.smoothing,
    }


def _pairs(values: dict[str, Value]) -> dict[str, list[float]]:
    return {name: [each.value, each.stderr] for name, each in values.items()}


def verdict_from(row: Any) -> FitVerdict:
    """Return how good a fit is from a row of the columns that say so."""
    return FitVerdict(
        row.spectrum,
        row.kk_passed,
        row.kk_dropped_below,
        row.kk_reason,
        tuple(row.flags),
        _or_nan(row.rms_residual),
    )


def fit_from(row: Any) -> StoredFit:
    """Return a fit from a row of all columns of its table."""
    free = tuple(row.free)
    verdict = KramersKronig(row.kk_passed, _or_nan(row.kk_signed_mean), row.kk_dropped_below, row.kk_reason)
    fit = Fit(
        model=row.model,
        version=row.version,
        time=row.time,
        parameters={name: Value(*pair) for name, pair in row.parameters.items()},
        free=free,
        covariance=unpack(row.covariance).reshape(len(free), len(free)),
        mask=np.frombuffer(row.mask, dtype=np.bool_),
        weights=row.weights,
        rms_residual=_or_nan(row.rms_residual),
        kramers_kronig=verdict,
        flags=tuple(row.flags),
        smoothed={name: Value(*pair) for name, pair in row.smoothed.items()},
        smoothing=row.smoothing,
    )
    return StoredFit(row.id, row.spectrum, fit)


def decision_row(run: int, step: int, decision: Decision) -> dict[str, Any]:
    """Return the row of a decision; the fits it was made from go to a table of their own."""
    return {
        "run": run,
        "step": step,
        "rule": decision.rule,
        "outcome": decision.outcome,
        "time": float(decision.time),
        "parameters": decision.parameters,
        "changes_bench": bool(decision.changes_bench),
    }


def decision_from(row: Any, fits: Sequence[int]) -> StoredDecision:
    """Return a decision and the fits it was made from."""
    decision = Decision(row.rule, row.outcome, row.time, row.parameters, tuple(fits), row.changes_bench)
    return StoredDecision(row.id, row.step, decision)


def event_row(run: int, step: int | None, event: Event) -> dict[str, Any]:
    """Return the row of an event."""
    return {
        "run": run,
        "step": step,
        "kind": event.kind,
        "severity": event.severity,
        "message": event.message,
        "time": float(event.time),
        "data": event.data,
    }


def event_from(row: Any) -> StoredEvent:
    """Return an event from a row of all columns of its table."""
    return StoredEvent(row.id, row.step, Event(row.kind, row.message, row.time, row.severity, row.data))
