"""Sees every fit of a run together with the fits around it.

The single fits enter with what their data alone say; a random walk of the slopes ties neighbours together,
with a stiffness that is estimated from the run. Nothing is fitted again and nothing is linearised again:
each sweep's cost is the parabola at its own minimum. That is good to a third of a per cent where single
fits know R_int to 5 %, and to three per cent where they know it to 12 %; what it neglects is added to the
covariance, and where single fits know next to nothing no number is reported.
"""

from dataclasses import replace

import numpy as np

from analysis.circuits.model import Circuit, circuit
from analysis.fits import Fits
from analysis.quantities import INTERFACE_QUANTITIES
from analysis.trends.coordinates import Coordinates
from analysis.trends.following import BLOCK, Smoothed, follow, follow_blocks
from analysis.trends.neighbours import largest_nearby
from core.records import Bools, Floats

DRIFT = ("drift_int", "drift_tau")
UNTRUSTED = frozenset({"no fit", "poor fit"})
"""Fits with these flags are bridged."""

VAGUE = 0.2
"""Relative standard error of a smoothed R_int beyond which it is not reported."""

TOO_VAGUE = 0.35
"""As `VAGUE`, of the single fits around: beyond it their parabolas say little about R_int."""

NEARBY = 11
"""Sweeps around one that say whether there is a drift to speak of."""

AT_ONCE = 1024
"""Sweeps whose quantities are worked out at once: few enough to stay in the cache."""


def smooth(fits: Fits) -> Fits:
    """Return the same fits with `smoothed` values and standard errors of the whole run.

    Parameters
    ----------
    fits : Fits
        Of one run, in any order; every sweep at its own time.

    Returns
    -------
    Fits
        Sweeps without a fit or with a poor one are bridged. R_int and what follows from it is nan
        where even the whole run does not determine it to 20 %. The drifts, d ln R_int/dt and
        d ln τ_int/dt, are those of the trend; nan where the cell waits between sweeps. Fits
        that do not determine a trend at all come back as they are, with `smoothing` empty.
    """
    if not len(fits):
        return fits
    try:
        values, stderrs = _of_whole_run(fits)
    except np.linalg.LinAlgError:
        return fits
    pausing = _pausing(fits)
    for name in set(DRIFT) & set(values):
        values[name][pausing] = stderrs[name][pausing] = np.nan
    return replace(fits, smoothed=values, smoothed_stderrs=stderrs, smoothing="two-sided")


def _of_whole_run(fits: Fits) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return smoothed values and standard errors; raise LinAlgError if the fits determine no trend."""
    model = circuit(fits.model)
    coordinates = coordinates_of(model)
    usable = np.array([not UNTRUSTED & set(flags) for flags in fits.flags], dtype=bool)
    usable &= np.isfinite(fits.theta).all(axis=1) & np.isfinite(fits.right).all(axis=1)
    usable &= np.isfinite(fits.information).all(axis=(1, 2))
    prior_information, prior_right = _priors(fits, model, coordinates, usable)

    def parabolas(rows: np.ndarray) -> tuple[Floats, Floats]:
        with np.errstate(invalid="ignore"):
            return coordinates.parabola(fits.theta[rows], fits.information[rows], fits.right[rows])

    values: dict[str, Floats] = {}
    stderrs: dict[str, Floats] = {}
    for rows, run in follow_blocks(fits.time, usable, parabolas, prior_information, prior_right):
        for start in range(0, len(rows), AT_ONCE):
            piece = slice(start, start + AT_ONCE)
            found = _quantities(model, coordinates, run.part(piece))
            for whole, part in zip((values, stderrs), found, strict=True):
                for name in part:
                    whole.setdefault(name, np.full(len(fits), np.nan))[rows[piece]] = part[name]
    return values, stderrs


def _pausing(fits: Fits) -> np.ndarray:
    """Return where sweeps show whether they drift, and none nearby has neighbours near enough to tell.

    There the cell waits between sweeps, and what it does then it need not do while they are taken.
    """
    order = np.argsort(fits.time, kind="stable")
    alone, neighbours = (
        largest_nearby(np.isfinite(fits.values[name][order]).astype(float), NEARBY) > 0
        if name in fits.values
        else np.zeros(len(fits), dtype=bool)
        for name in ("drift_seen", "drift_tau")
    )
    result = np.empty(len(fits), dtype=bool)
    result[order] = alone & ~neighbours
    return result


def _quantities(
    model: Circuit, coordinates: Coordinates, run: Smoothed
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return what the smoothed parameters are read for, and standard errors."""
    theta = coordinates.theta(run.theta)
    scale = coordinates.slope(theta)
    values, stderrs = model.quantities(theta, run.covariance / scale[:, :, None] / scale[:, None, :])
    if model.interface:
        arc = model.interface[-1]
        for name, place in (("drift_int", arc.ln_r), ("drift_tau", arc.ln_tau)):
            if place >= 0:
                values[name], stderrs[name] = run.slope[:, place], np.sqrt(run.slope_variance[:, place])
    _leave_out_vague(values, stderrs, run, model)
    return values, stderrs


def smooth_arrays(
    time: Floats,
    information: Floats,
    right: Floats,
    prior_information: Floats,
    prior_right: Floats,
    usable: Bools | None = None,
) -> tuple[Floats, Floats]:
    """Return smoothed parameters, shape (N, p), and covariances, shape (N, p, p), from plain arrays.

    The parameters are those of the arrays, see `analysis.trends.following.follow`; best linear ones
    (`analysis.trends.coordinates`).
    """
    run = follow(time, information, right, prior_information, prior_right, usable)
    return run.theta, run.covariance


def coordinates_of(model: Circuit) -> Coordinates:
    """Return how the fitted parameters of a circuit are handled while they are smoothed."""
    low, high = np.full(len(model.free), -np.inf), np.full(len(model.free), np.inf)
    program = model.program
    for slot, parameter in enumerate(program.slot_parameter):
        if parameter >= 0:
            low[parameter], high[parameter] = program.slot_low[slot], program.slot_high[slot]
    return Coordinates(low, high)


def _priors(fits: Fits, model: Circuit, coordinates: Coordinates, usable: Bools) -> tuple[Floats, Floats]:
    """Return what was expected before the run, once, in the coordinates of smoothing.

    At the minimum of a single fit the pull of its priors balances that of its data, so the fits
    themselves tell what was expected of them.
    """
    prior = model.priors(1.0).information
    if not usable.any():
        return prior, np.zeros(len(prior))
    some = np.flatnonzero(usable)
    some = some[:: len(some) // BLOCK + 1]
    theta = fits.theta[some]
    expected = np.einsum("iab,ib->ia", fits.information[some] + prior, theta) - fits.right[some]
    pull = np.median(expected, axis=0)
    centre = np.median(theta, axis=0)
    return coordinates.parabola(centre, prior, pull)


def _leave_out_vague(
    values: dict[str, Floats], stderrs: dict[str, Floats], run: Smoothed, model: Circuit
) -> None:
    """Set R_int and what follows from it to nan where it is not determined."""
    arcs = [arc.ln_r for arc in model.interface if arc.ln_r >= 0]
    if not arcs:
        return
    with np.errstate(invalid="ignore"):
        clear = stderrs["R_int"] <= VAGUE * values["R_int"]
        clear &= np.all(run.single_stderr[:, arcs] <= TOO_VAGUE, axis=1)
    for name in (*INTERFACE_QUANTITIES, *DRIFT):
        if name in values:
            values[name] = np.where(clear, values[name], np.nan)
            stderrs[name] = np.where(clear, stderrs[name], np.nan)
