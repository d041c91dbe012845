"""Kramers–Kronig test of one spectrum or of many; `analysis.consistency` says how it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from analysis.batch import Batch, Measured, batch_of, blocks, from_arrays, measured
from analysis.consistency import MANY, Cuts, Kernel, raise_cuts
from analysis.engine.choice import kernels
from analysis.verdicts import TOO_FEW, verdicts
from core.errors import BadInput
from core.records import Bools, Complexes, Floats, KramersKronig, Spectrum

Arrays = tuple[Floats, Complexes]


@dataclass(frozen=True, eq=False)
class KramersKronigResult:
    """Verdict and residuals of the test of one spectrum.

    Attributes
    ----------
    verdict : KramersKronig
    residual_re, residual_im : ndarray, shape (n,)
        Residuals of the complex fit relative to |Z|, in the order of the spectrum; nan where a
        point was not used.
    mask : ndarray of bool, shape (n,)
        True for the points that remain.
    noise : float
        Standard deviation of Re Z and Im Z relative to |Z|; nan if there were too few points.
    """

    verdict: KramersKronig
    residual_re: Floats
    residual_im: Floats
    mask: Bools
    noise: float = float("nan")


@dataclass(frozen=True, eq=False)
class KramersKronigResults:
    """The test of N spectra of at most n points; one of them is a `KramersKronigResult`.

    Attributes
    ----------
    verdicts : list of KramersKronig
    residual : ndarray of complex, shape (N, n)
        Residuals of the complex fit relative to |Z|, in the order of each spectrum; nan where a
        point was not used, and beyond the end of a shorter spectrum.
    mask : ndarray of bool, shape (N, n)
        True for the points that remain.
    noise : ndarray, shape (N,)
        Standard deviation of Re Z and Im Z relative to |Z|; nan if there were too few points.
    length : ndarray of int, shape (N,)
        Points of each spectrum as measured.
    """

    verdicts: list[KramersKronig]
    residual: Complexes
    mask: Bools
    noise: Floats
    length: np.ndarray

    def __len__(self) -> int:
        return len(self.verdicts)

    def __getitem__(self, number: int) -> KramersKronigResult:
        n = int(self.length[number])
        residual = self.residual[number, :n]
        return KramersKronigResult(
            self.verdicts[number],
            residual.real.copy(),
            residual.imag.copy(),
            self.mask[number, :n].copy(),
            float(self.noise[number]),
        )

    def __iter__(self) -> Iterator[KramersKronigResult]:
        return (self[number] for number in range(len(self)))

    @property
    def passed(self) -> Bools:
        """Return which spectra are consistent, after what had to be dropped, shape (N,)."""
        return np.array([verdict.passed for verdict in self.verdicts], dtype=bool)

    @property
    def signed_mean(self) -> Floats:
        """Return the signed mean of Re Z in the lowest decade that is left, in sigma, shape (N,)."""
        return np.array([verdict.signed_mean for verdict in self.verdicts], dtype=float)

    @property
    def dropped_below(self) -> Floats:
        """Return the lowest frequency kept where points were dropped, Hz, nan elsewhere, shape (N,)."""
        cuts = (verdict.dropped_below for verdict in self.verdicts)
        return np.array([np.nan if cut is None else cut for cut in cuts], dtype=float)


@overload
def kramers_kronig(
    spectra: Spectrum, mask: Bools | None = None, apex: float | None = None, *, elements: str = "fixed"
) -> KramersKronigResult: ...


@overload
def kramers_kronig(
    spectra: Sequence[Spectrum] | Arrays,
    mask: Bools | None = None,
    apex: Floats | float | None = None,
    *,
    elements: str = "fixed",
) -> KramersKronigResults: ...


def kramers_kronig(
    spectra: Spectrum | Sequence[Spectrum] | Arrays,
    mask: Bools | None = None,
    apex: Floats | float | None = None,
    *,
    elements: str = "fixed",
) -> KramersKronigResult | KramersKronigResults:
    """Test spectra and raise their lowest frequencies until they are consistent.

    Parameters
    ----------
    spectra : Spectrum, sequence of Spectrum, or (frequency, impedance)
        Records, or arrays: Hz, shape (n,) or (N, n); Ω, complex, shape (N, n) or (n,). In any
        order; points that cannot be used are left out.
    mask : ndarray of bool, shape (n,) or (N, n), optional
        Points to test; by default all that can be used.
    apex : float or ndarray, shape (N,), optional
        Frequency of the interface arc's apex in Hz; points down to a thirtieth of it are kept
        whatever happens. By default where −Im Z is largest below 100 kHz.
    elements : {"fixed", "aicc"}
        Three relaxation times a decade, or the density with the smallest Akaike criterion.

    Returns
    -------
    KramersKronigResult, or KramersKronigResults for several
        A verdict has `passed` False and a signed mean of nan if there were too few points.

    Raises
    ------
    BadInput
        For arrays whose shapes do not belong together, or an unknown choice of elements.
    """
    everything = as_measured(spectra, mask)
    apexes = None if apex is None else np.broadcast_to(np.asarray(apex, dtype=float), (len(everything),))
    kernel = kernels(wait=len(everything) >= MANY).band_block
    found, start = [], 0
    for block in blocks(everything):
        own = None if apexes is None else apexes[start : start + len(block)]
        found.append(_tested(block, own, elements, kernel))
        start += len(block)
    results = found[0] if len(found) == 1 else _joined(found, everything)
    return results[0] if isinstance(spectra, Spectrum) else results


def as_measured(spectra: Spectrum | Sequence[Spectrum] | Arrays, mask: Bools | None = None) -> Measured:
    """Return records or arrays in one form; points outside the mask are no numbers there.

    Raises
    ------
    BadInput
        For arrays whose shapes do not belong together.
    """
    if isinstance(spectra, Spectrum):
        everything = measured([spectra])
    elif isinstance(spectra, tuple) and len(spectra) == 2 and not isinstance(spectra[0], Spectrum):
        everything = from_arrays(*spectra)
    else:
        everything = measured(spectra)
    if mask is None:
        return everything
    shape = everything.impedance.shape
    if np.shape(mask) not in (shape, shape[1:]):
        raise BadInput(
            f"A mask of shape {np.shape(mask)} does not go with impedances of shape {shape};",
            "give one True or False for every point.",
        )
    return Measured(
        everything.frequency,
        np.where(mask, everything.impedance, complex(np.nan, np.nan)),
        everything.finished,
        everything.amplitude_share,
        everything.length,
    )


def _tested(block: Measured, apex: Floats | None, elements: str, kernel: Kernel) -> KramersKronigResults:
    batch = batch_of(block)
    with np.errstate(all="ignore"):  # a damaged spectrum comes out as nan
        cuts = raise_cuts(
            batch.frequency, batch.impedance, batch.count, apex=apex, elements=elements, kernel=kernel
        )
    residual = np.full(block.impedance.shape, complex(np.nan, np.nan))
    mask = np.zeros(block.impedance.shape, dtype=bool)
    if batch.impedance.size and cuts.last.residual is not None:
        np.put_along_axis(residual, batch.position, cuts.last.residual, axis=1)
        np.put_along_axis(mask, batch.position, batch.only_first(cuts.count).inside, axis=1)
    return KramersKronigResults(_verdicts(batch, cuts), residual, mask, cuts.last.noise, batch.length)


def _verdicts(batch: Batch, cuts: Cuts) -> list[KramersKronig]:
    return verdicts(batch, cuts) if batch.impedance.shape[1] else [TOO_FEW] * len(batch)


def _joined(parts: Sequence[KramersKronigResults], everything: Measured) -> KramersKronigResults:
    if not parts:
        shape = everything.impedance.shape
        return KramersKronigResults(
            [], np.empty(shape, dtype=complex), np.empty(shape, dtype=bool), np.empty(0), everything.length
        )
    return KramersKronigResults(
        [verdict for part in parts for verdict in part.verdicts],
        np.concatenate([part.residual for part in parts]),
        np.concatenate([part.mask for part in parts]),
        np.concatenate([part.noise for part in parts]),
        everything.length,
    )
