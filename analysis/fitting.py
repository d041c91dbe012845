"""Spectra in, fits out: one or a hundred thousand, with the same answers."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from analysis.batch import BLOCK, Batch, Measured, batch_of, from_arrays, measured
from analysis.block import Settings
from analysis.circuits.model import Circuit
from analysis.circuits.model import circuit as make_circuit
from analysis.earlier import Earlier, earlier, expected, past_of
from analysis.engine.choice import kernels
from analysis.fits import Fits
from analysis.guess_free import can_scan
from analysis.minima import Warm
from analysis.normalise import ROOM_TEMPERATURE
from analysis.report import Gathering, cut_out, fit_block
from core.errors import BadInput
from core.records import Complexes, Fit, Floats, Spectrum

MANY = 16
"""From so many spectra on, waiting for the compiled engine is quicker than doing without."""

HALO = 16
"""Sweeps on both sides of a block that are fitted with it, for the drift and the evidence at its ends."""

NEIGHBOURS = 5
"""Earlier fits that a live fit looks back at."""

Arrays = tuple[Floats, Complexes] | tuple[Floats, Complexes, Floats]


def fit(
    spectra: Sequence[Spectrum] | Arrays,
    circuit: str | Circuit | None = None,
    *,
    area: float | None = None,
    temperature: float | Floats = ROOM_TEMPERATURE,
    noise: Floats | None = None,
    chain: bool | None = None,
    test: bool = True,
    drift: bool = True,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Fits:
    """Fit a circuit to spectra; no guess is needed.

    Modulus weights, Huber's robust cost, priors on inductance and electrolyte (see
    `analysis.circuits.llzo`), covariance scaled by χ² per degree of freedom. Low frequencies that fail the
    Kramers–Kronig test are masked. Never raises for bad data: what cannot be fitted comes back with
    nan and a flag.

    Parameters
    ----------
    spectra : sequence of Spectrum, or (frequency, impedance) or (frequency, impedance, time)
        Records, in the order of time, of one cell; or arrays: Hz, shape (n,) or (N, n); Ω, complex,
        shape (N, n); seconds at which each point was finished, shape (n,) or (N, n). Spectra
        without times are taken as unrelated to each other.
    circuit : str or Circuit, optional
        See `analysis.circuits.model.circuit`; by default the three arcs of a lithium | LLZO cell.
    area : float, optional
        Electrode area in m², for the resolution limit of 2 Ω cm² only.
    temperature : float or ndarray, shape (N,)
        Of the cell in K, for where the arcs of the electrolyte are expected.
    noise : ndarray, shape (n,) or (N, n), optional
        Standard deviation of Re Z and Im Z relative to |Z| of every point as measured, for example
        from `noise_from_neighbours`; by default one number for each spectrum, its scatter about the
        Kramers–Kronig fit.
    chain : bool, optional
        Start each fit from the one before, which is quicker, and without a guess only where that
        does not convince. The minima are the same. By default only where a guess-free start is
        expensive: with circuits other than the standard one.
    test : bool
        Whether to run the Kramers–Kronig test.
    drift : bool
        Whether the model follows the drift that the neighbours of a sweep show.
    jobs : int
        Threads.
    progress : callable, optional
        Called with how many spectra have been fitted, now and then.

    Returns
    -------
    Fits
        Values belong to the middle of each sweep. Flags: ``no fit``, ``few points``,
        ``bad points``, ``poor fit``, ``below resolution`` (R_int is nan, R_int_upper its 95 % limit),
        ``not identifiable``, ``truncated arc``, ``prior conflict``, ``drift`` (the model drifted).
        Where ln R_int is not normal, R_int_low and R_int_high are its 95 % interval by profile
        likelihood.

    Raises
    ------
    BadInput
        For arrays whose shapes do not belong together, or text that is no circuit.
    """
    chosen = make_circuit(circuit)
    everything = _as_measured(spectra)
    n = len(everything)
    temperatures = _each("temperatures", temperature, (n,))
    noises = None if noise is None else _each("noise", noise, everything.impedance.shape)
    if area is not None and not (np.isfinite(area) and area > 0):
        raise BadInput(f"An electrode area of {area!r} m² is impossible;", "give it in m², or leave it out.")
    in_order = bool(np.any(np.isfinite(everything.finished)))
    settings = Settings(chosen, area, test, drift, in_order)
    engine = kernels(wait=n >= MANY)
    halo = HALO if in_order else 0
    chained = not can_scan(chosen) if chain is None else chain

    def one(start: int) -> Fits:
        first, stop = max(start - halo, 0), min(start + BLOCK + halo, n)
        part = _rows_of(everything, first, stop)
        batch = batch_of(part)
        own_noise = None if noises is None else _ordered(noises[first:stop], batch)
        warm = _chain(batch, chosen) if chained else None
        with np.errstate(all="ignore"):  # a model driven to extremes by damaged data ends as "no fit"
            fits = fit_block(batch, settings, engine, temperatures[first:stop], own_noise, warm)
        return cut_out(fits, start - first, min(start + BLOCK, n) - first)

    starts = range(0, max(n, 1), BLOCK)
    if len(starts) == 1:
        fits = one(0)
        if progress is not None:
            progress(n)
        return fits
    gathering = Gathering(n)
    _in_blocks(lambda start: gathering.add(start, one(start)), starts, jobs, progress)
    return gathering.fits()


def _in_blocks(
    one: Callable[[int], int], starts: Sequence[int], jobs: int, progress: Callable[[int], None] | None
) -> None:
    """Fit blocks in threads; who interrupts this waits for the blocks under way only."""
    done = 0
    with ThreadPoolExecutor(max(jobs, 1)) as pool:
        blocks = [pool.submit(one, start) for start in starts]
        try:
            for block in as_completed(blocks):
                done += block.result()
                if progress is not None:
                    progress(done)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _as_measured(spectra: Sequence[Spectrum] | Arrays) -> Measured:
    if isinstance(spectra, tuple) and spectra and not isinstance(spectra[0], Spectrum):
        if len(spectra) not in (2, 3):
            raise BadInput(
                f"{len(spectra)} arrays are not a set of spectra;",
                "give (frequency, impedance) or (frequency, impedance, time).",
            )
        return from_arrays(*spectra)
    return measured(spectra)  # type: ignore[arg-type]


def _rows_of(everything: Measured, first: int, stop: int) -> Measured:
    def rows(array: np.ndarray) -> np.ndarray:
        return array if len(array) == 1 else array[first:stop]

    return Measured(
        rows(everything.frequency),
        everything.impedance[first:stop],
        rows(everything.finished),
        rows(everything.amplitude_share),
        everything.length[first:stop],
    )


def _each(name: str, given: float | Floats, shape: tuple[int, ...]) -> Floats:
    """Return what was given for every spectrum or point."""
    array = np.asarray(given, dtype=float)
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        wanted = " or ".join(str(shape[k:]) for k in range(len(shape)))
        raise BadInput(
            f"{name} of shape {array.shape} do not go with {shape[0]} spectra;",
            f"give one of shape {wanted}.",
        ) from None


def _ordered(noise: Floats, batch: Batch) -> Floats:
    """Return the noise of points as measured in the order of the batch."""
    ordered = np.take_along_axis(noise, batch.position, axis=1)
    return np.where(np.isfinite(ordered) & (ordered > 0), ordered, 1.0)


def _chain(batch: Batch, chosen: Circuit) -> Warm:
    """Start from the spectrum before; the first has none, and is found without a guess."""
    start = np.full((len(batch), len(chosen.free)), np.nan)
    return Warm(start, np.zeros((1, len(chosen.free))))


def fit_one(
    spectrum: Spectrum,
    chosen: Circuit,
    area: float | None,
    previous: Sequence[Earlier],
    temperature: float,
    wait: bool = False,
) -> Fits:
    """Fit one spectrum that follows others, oldest first; `wait` for the compiled engine or not."""
    batch = batch_of(measured([spectrum]))
    settings = Settings(chosen, area)
    with np.errstate(all="ignore"):  # as in `fit`
        warm = expected(previous, chosen, float(batch.time[0]))
        kelvins = np.array([float(temperature)])
        return fit_block(batch, settings, kernels(wait), kelvins, None, warm, past_of(previous))


def fit_spectrum(
    spectrum: Spectrum,
    area: float | None = None,
    previous: Sequence[Fit] = (),
    temperature: float = ROOM_TEMPERATURE,
) -> Fit:
    """Fit the standard circuit to one spectrum of a run; no guess is needed.

    Parameters
    ----------
    spectrum : Spectrum
    area : float, optional
        Electrode area in m², for the resolution limit of 2 Ω cm² only.
    previous : sequence of Fit
        Earlier fits of the same cell, oldest first: a warm start, and the drift during the sweep.
    temperature : float
        Of the cell in K, for where the arcs of the electrolyte are expected.

    Returns
    -------
    Fit
        As `fit` describes it.
    """
    chosen = make_circuit()
    before = [earlier(fit, chosen) for fit in previous[-NEIGHBOURS:] if "no fit" not in fit.flags]
    return fit_one(spectrum, chosen, area, before, temperature)[0]
