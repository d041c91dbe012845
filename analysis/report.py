"""What minima mean: quantities with uncertainties, evidence for the interface, drift, flags."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.batch import Batch
from analysis.block import FEW, POOR, Past, Settings, Work, work_on
from analysis.circuits.model import Circuit
from analysis.engine.choice import Kernels
from analysis.evidence import VAGUE as NOT_NORMAL
from analysis.evidence import evidence, interval, upper_limit
from analysis.fits import Fits
from analysis.minima import VAGUE, Warm, is_ordered
from analysis.quantities import INTERFACE_QUANTITIES
from analysis.sweep_drift import NOTEWORTHY as NOTEWORTHY_DRIFT
from analysis.sweep_drift import drifting_arcs, own_drift
from analysis.verdicts import NOTHING, UNTESTED, flags_of, verdicts
from core.records import Bools, Floats

FEWEST = 4
"""Without this many usable points there is no fit, whatever the circuit."""

MOST_NEEDED = 8
"""More points than this are never required; circuits of fewer parameters do with fewer."""

HOPELESS = 0.1
"""Root mean square of the relative residuals from which on there is no fit."""

FAR_ABOVE = 3.0
NOTEWORTHY = 0.01
"""A fit this many times worse than those before it is poor, if it is worse than one per cent."""

TRUNCATED = 3.0
"""The apex of an arc should lie this many times above the lowest frequency."""

CLOSEST = 0.5
"""ln τ between grain boundary and interface, or two standard errors, below which they are one arc."""

CERTAIN_DRIFT = 4.0
"""Standard errors from which on a drift is flagged."""

STRANGE = 4.0
"""Standard deviations from a prior at which it is in conflict with the data."""

DRIFT = ("drift_int", "drift_tau")

Columns = dict[str, tuple[Floats, Floats]]
Marks = list[tuple[str, Bools]]


def fit_block(
    batch: Batch,
    settings: Settings,
    kernels: Kernels,
    temperature: Floats,
    noise: Floats | None = None,
    warm: Warm | None = None,
    past: Past | None = None,
) -> Fits:
    """Fit the spectra of a block; the parameters are those of `analysis.block.work_on`."""
    circuit, n = settings.circuit, len(batch)
    needed = max(FEWEST, min(MOST_NEEDED, len(circuit.free)))
    able = np.flatnonzero(batch.count >= needed)
    if not len(able):
        return _nothing(circuit, batch)
    whole = len(able) == n
    if not whole:
        noise = None if noise is None else noise[able]
        warm = None if warm is None else warm._replace(start=warm.start[able])
    some = batch if whole else batch.take(able)
    work = work_on(some, settings, kernels, temperature if whole else temperature[able], noise, warm, past)
    fits = _described(work, settings, kernels, past)
    return fits if whole else _among(fits, able, _nothing(circuit, batch))


def _described(work: Work, settings: Settings, kernels: Kernels, past: Past | None) -> Fits:
    """Return the fits of all spectra of a work."""
    minima, batch = work.minima, work.problem.batch
    fitted = (minima.rms < HOPELESS) & np.isfinite(work.covariance).all(axis=(1, 2))
    if fitted.all():
        return _good(work, settings, kernels, past)
    hopeless = replace(_nothing(settings.circuit, batch), rms_residual=minima.rms)
    hopeless = replace(
        hopeless,
        kramers_kronig=verdicts(batch, work.cuts, work.tested) if work.cuts else hopeless.kramers_kronig,
        flags=[("no fit", "poor fit")] * len(batch),
    )
    rows = np.flatnonzero(fitted)
    if not len(rows):
        return hopeless
    good = _good(work.take(rows), settings, kernels, past)
    if work.cuts:
        good = replace(good, kramers_kronig=[hopeless.kramers_kronig[row] for row in rows])
    return _among(good, rows, hopeless)


def _good(work: Work, settings: Settings, kernels: Kernels, past: Past | None) -> Fits:
    circuit, minima, problem = settings.circuit, work.minima, work.problem
    values, stderrs = circuit.quantities(minima.theta, work.covariance)
    columns: Columns = {name: (values[name], stderrs[name]) for name in values}
    columns |= _drift(work, circuit)
    marks = _quality(work, settings, past)
    resolved = np.ones(len(minima.cost), dtype=bool)
    if circuit.interface:
        resolved = _interface(columns, work, settings, kernels, past)
        marks.append(("below resolution", ~resolved))
    marks += [(name, rows & resolved) for name, rows in _arcs(work, circuit)]
    information = minima.information / minima.variance[:, None, None]
    # At the minimum the gradient of the data balances that of the priors.
    pull = problem.priors.residual(minima.theta) @ problem.priors.rows
    return Fits(
        model=circuit.model,
        free=circuit.free,
        time=problem.batch.time,
        theta=minima.theta,
        covariance=work.covariance,
        information=information,
        right=(information @ minima.theta[:, :, None])[:, :, 0] - pull,
        values={name: column[0] for name, column in columns.items()},
        stderrs={name: column[1] for name, column in columns.items()},
        rms_residual=minima.rms,
        noise=problem.noise[:, 0] if problem.noise.shape[1] == 1 else np.median(problem.noise, axis=1),
        masks=problem.batch.masks(),
        kramers_kronig=verdicts(problem.batch, work.cuts, work.tested)
        if work.cuts
        else [UNTESTED] * len(minima.cost),
        flags=flags_of(marks, len(minima.cost)),
    )


def _drift(work: Work, circuit: Circuit) -> Columns:
    """Report d ln R/dt and d ln τ/dt: of the neighbours, or of the sweep itself where it has none."""
    if not circuit.interface or circuit.interface[-1].ln_r < 0:
        return {}
    arc = circuit.interface[-1]
    slope, stderr = work.trend.slope[:, arc.ln_r], work.trend.stderr[:, arc.ln_r]
    columns: Columns = {}
    if work.problem.along:
        own, own_stderr = own_drift(arc, work.minima, work.covariance, work.slopes)
        columns["drift_seen"] = own, own_stderr
        alone = np.isnan(slope)
        slope, stderr = np.where(alone, own, slope), np.where(alone, own_stderr, stderr)
    columns["drift_int"] = slope, stderr
    if arc.ln_tau >= 0:
        columns["drift_tau"] = work.trend.slope[:, arc.ln_tau], work.trend.stderr[:, arc.ln_tau]
    return columns


def _quality(work: Work, settings: Settings, past: Past | None) -> Marks:
    minima, batch = work.minima, work.problem.batch
    worst = POOR
    if settings.in_order and (past is not None or len(minima.rms) > 1):
        usual = past.rms if past is not None else float(np.median(minima.rms))
        worst = min(worst, max(FAR_ABOVE * usual, NOTEWORTHY))
    return [
        ("poor fit", minima.rms > worst),
        ("few points", batch.count < FEW),
        ("bad points", batch.damaged),
        ("prior conflict", np.any(np.abs(work.problem.priors.residual(minima.theta)) > STRANGE, axis=1)),
    ]


def _arcs(work: Work, circuit: Circuit) -> Marks:
    vague = ~work.minima.converged
    marks: Marks = []
    watched = [arc.ln_r for arc in drifting_arcs(circuit)]
    if watched:
        vague = vague | (work.covariance[:, watched, watched] > VAGUE**2).any(axis=1)
    slowest = [arc.ln_tau for arc in drifting_arcs(circuit) if arc.ln_tau >= 0]
    marks.append(("not identifiable", np.asarray(vague | _close_to_boundary(work, circuit))))
    if slowest:
        apex = np.exp(-work.minima.theta[:, slowest].max(axis=1)) / (2 * np.pi)
        marks.append(("truncated arc", apex < TRUNCATED * work.problem.batch.lowest()))
    slopes = np.abs(work.slopes[:, watched])
    noteworthy = slopes * work.problem.batch.duration[:, None] > NOTEWORTHY_DRIFT
    noteworthy &= slopes > CERTAIN_DRIFT * work.trend.stderr[:, watched]
    marks.append(("drift", np.any(noteworthy, axis=1)))
    return marks


def _close_to_boundary(work: Work, circuit: Circuit) -> Bools:
    """Return where the interface arc cannot be told from that of the grain boundary, shape (N,)."""
    boundary = [arc.ln_tau for arc in circuit.arcs if arc.name == "gb" and arc.ln_tau >= 0]
    own = [arc.ln_tau for arc in circuit.interface[:1] if arc.ln_tau >= 0]
    if not boundary or not own:
        return np.zeros(len(work.minima.cost), dtype=bool)
    slow, fast = own[0], boundary[0]
    covariance = work.covariance
    variance = covariance[:, slow, slow] + covariance[:, fast, fast] - 2 * covariance[:, slow, fast]
    gap = work.minima.theta[:, slow] - work.minima.theta[:, fast]
    return np.asarray((gap < CLOSEST) | (gap**2 < 4 * variance))


def _interface(
    columns: Columns, work: Work, settings: Settings, kernels: Kernels, past: Past | None
) -> Bools:
    """Return where the interface is resolved; where it is not, its quantities give way to a limit."""
    circuit, problem, minima = settings.circuit, work.problem, work.minima
    before = past.resolved if past is not None else None
    told = evidence(circuit, problem, minima, kernels, settings.area, before, settings.in_order)
    resolved = told.resolved & is_ordered(circuit, minima.theta)
    n, nothing = len(resolved), np.full(len(resolved), np.nan)
    if np.isfinite(told.gain).any():
        columns["evidence_int"] = told.gain, nothing
    hidden = np.flatnonzero(~resolved)
    if len(hidden):
        for name in [name for name in columns if _of_interface(name)]:
            columns[name] = tuple(np.where(resolved, part, np.nan) for part in columns[name])  # type: ignore[assignment]
        limit = upper_limit(circuit, problem.take(hidden), minima.take(hidden), kernels, settings.area)
        columns["R_int_upper"] = _spread_out(limit, hidden, n), nothing
    place = circuit.interface[-1].ln_r
    broad = np.flatnonzero(resolved & (work.covariance[:, place, place] > NOT_NORMAL**2))
    if len(broad):
        for name, edge in zip(
            ("R_int_low", "R_int_high"),
            interval(circuit, problem.take(broad), minima.take(broad), kernels),
            strict=True,
        ):
            columns[name] = _spread_out(edge, broad, n), nothing
    return np.asarray(resolved)


def _of_interface(name: str) -> bool:
    return name in INTERFACE_QUANTITIES or name.endswith("_con") or name == "R_ct"


def _nothing(circuit: Circuit, batch: Batch) -> Fits:
    """Return fits that say nothing but why."""
    n, p = len(batch), len(circuit.free)
    unknown = np.full(n, np.nan)
    theta, covariance = np.full((n, p), np.nan), np.full((n, p, p), np.nan)
    with np.errstate(all="ignore"):
        names = [*circuit.quantities(theta[:1], covariance[:1])[0], *(DRIFT if circuit.interface else ())]
    marks = [("no fit", batch.count >= 0), ("few points", batch.count >= 0), ("bad points", batch.damaged)]
    return Fits(
        model=circuit.model,
        free=circuit.free,
        time=batch.time,
        theta=theta,
        covariance=covariance,
        information=np.zeros((n, p, p)),
        right=np.zeros((n, p)),
        values=dict.fromkeys(names, unknown),
        stderrs=dict.fromkeys(names, unknown),
        rms_residual=unknown,
        noise=unknown,
        masks=batch.masks(),
        kramers_kronig=[NOTHING] * n,
        flags=flags_of(marks, n),
    )


def _spread_out(part: Floats, rows: np.ndarray, n: int) -> Floats:
    whole = np.full((n, *part.shape[1:]), np.nan)
    whole[rows] = part
    return whole


ARRAYS = ("time", "theta", "covariance", "information", "right", "rms_residual", "noise")
COLUMNS = ("values", "stderrs")
LISTS = ("masks", "kramers_kronig", "flags")


def _among(some: Fits, rows: np.ndarray, others: Fits) -> Fits:
    """Return `others` with the rows at these places replaced by `some`."""

    def merged(mine: Floats, theirs: Floats) -> Floats:
        result = theirs.copy()
        result[rows] = mine
        return result

    n = len(others)
    names = list(dict.fromkeys([*some.values, *others.values]))
    lists: dict[str, Any] = {name: list(getattr(others, name)) for name in LISTS}
    for name, target in lists.items():
        for row, one in zip(rows, getattr(some, name), strict=True):
            target[row] = one
    unknown = np.full(n, np.nan)
    part = np.full(len(some), np.nan)
    changes: dict[str, Any] = {name: merged(getattr(some, name), getattr(others, name)) for name in ARRAYS}
    for which in COLUMNS:
        mine, theirs = getattr(some, which), getattr(others, which)
        changes[which] = {name: merged(mine.get(name, part), theirs.get(name, unknown)) for name in names}
    return replace(some, **changes, **lists)


def cut_out(fits: Fits, start: int, stop: int) -> Fits:
    """Return the fits from `start` to before `stop`."""
    if start == 0 and stop == len(fits):
        return fits
    rows = slice(start, stop)
    changes: dict[str, Any] = {name: getattr(fits, name)[rows] for name in (*ARRAYS, *LISTS)}
    for which in COLUMNS:
        changes[which] = {name: value[rows] for name, value in getattr(fits, which).items()}
    return replace(fits, **changes)


class Gathering:
    """The fits of several blocks, put in place as they come, so that nothing is held twice.

    Parameters
    ----------
    count : int
        N, fits in all.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._lock = threading.Lock()
        self._like: Fits | None = None
        self._whole: dict[str, Any] = {}
        self._columns: dict[str, dict[str, Floats]] = {which: {} for which in COLUMNS}

    def add(self, start: int, part: Fits) -> int:
        """Take the fits of a block that begins at `start`; return how many they are."""
        rows = slice(start, start + len(part))
        with self._lock:
            if self._like is None:
                self._like = cut_out(part, 0, 0)
            for name in ARRAYS:
                array = getattr(part, name)
                if name not in self._whole:
                    self._whole[name] = np.empty((self._count, *array.shape[1:]))
                self._whole[name][rows] = array
            for name in LISTS:
                self._whole.setdefault(name, [None] * self._count)[rows] = getattr(part, name)
            for which, columns in self._columns.items():
                for name, column in getattr(part, which).items():
                    if name not in columns:
                        columns[name] = np.full(self._count, np.nan)
                    columns[name][rows] = column
        return len(part)

    def fits(self) -> Fits:
        """Return all fits; their quantities in one order, whichever block came first."""
        assert self._like is not None
        ordered: dict[str, Any] = {which: dict(sorted(own.items())) for which, own in self._columns.items()}
        return replace(self._like, **self._whole, **ordered)
