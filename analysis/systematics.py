"""What a fit owes to what it takes for granted: the same spectra fitted again under other assumptions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.circuits.model import Circuit, circuit
from analysis.fits import Fits
from analysis.fitting import fit
from analysis.normalise import ROOM_TEMPERATURE
from core.cell import OHM_CM2
from core.records import Floats, Spectrum

ALPHA_GB = "alpha_gb"
ALPHA_GB_STEP = 0.05
"""The exponent of grain boundaries of LLZO is known about so well from cells with little interface."""

INDUCTANCE_STEP = 1e-7
"""H; two ways of laying the same leads differ by about that."""

CUT_STEP = 10 ** (1 / 3)
"""Factor to the next lowest frequency: the step by which the Kramers–Kronig test raises it, too."""

QUANTITIES = ("R_int", "C_int")


@dataclass(frozen=True)
class Systematic:
    """Relative shifts of fitted quantities under other assumptions.

    Attributes
    ----------
    shifts : dict of str to dict of str to ndarray, shape (N,)
        By assumption, e.g. ``"alpha_gb +0.05"``, then by quantity: the quantity over that of the
        fits as they are, minus one; nan where either is not known.
    """

    shifts: dict[str, dict[str, Floats]]

    def spread(self, quantity: str) -> Floats:
        """Return the systematic part of a quantity's relative standard error, shape (N,).

        Of assumptions that were moved both ways the larger shift counts, and all are taken as
        independent of each other.
        """
        largest: dict[str, Floats] = {}
        for assumption, shift in self.shifts.items():
            cause, one = assumption.split(" ")[0], np.abs(shift[quantity])
            largest[cause] = np.fmax(largest[cause], one) if cause in largest else one
        return np.asarray(np.sqrt(np.sum(np.square(list(largest.values())), axis=0)))


def systematic(
    spectra: Sequence[Spectrum],
    base: Fits,
    circuit_text: str | Circuit | None = None,
    *,
    area: float | None = None,
    temperature: float | Floats = ROOM_TEMPERATURE,
    jobs: int = 1,
    progress: Callable[[str, int], None] | None = None,
) -> Systematic:
    """Fit spectra again with α_gb and the inductance moved and the lowest frequencies left out.

    Parameters
    ----------
    spectra : sequence of Spectrum
    base : Fits
        Of the same spectra with the same circuit.
    circuit_text : str or Circuit, optional
        As `analysis.fitting.fit` reads it. Assumptions about what it does not have are left out.
    area, temperature, jobs
        As for `analysis.fitting.fit`.
    progress : callable, optional
        Called with the assumption and how many spectra have been fitted with it.

    Returns
    -------
    Systematic
        For `QUANTITIES` that the circuit has, otherwise for all its resistances and capacitances.
    """
    chosen = circuit(circuit_text)
    names = [name for name in QUANTITIES if name in base.values] or _resistances_and_capacitances(chosen)
    variants = {name: (spectra, moved) for name, moved in _moved(chosen, base).items()}
    variants["cut +1/3 decade"] = (_cut(spectra, base), chosen)
    shifts = {}
    for assumption, (measured, moved) in variants.items():
        told = None if progress is None else _about(progress, assumption)
        other = fit(measured, moved, area=area, temperature=temperature, jobs=jobs, progress=told)
        shifts[assumption] = {name: other.values[name] / base.values[name] - 1 for name in names}
    return Systematic(shifts)


def _about(progress: Callable[[str, int], None], assumption: str) -> Callable[[int], None]:
    return lambda done: progress(assumption, done)


def _resistances_and_capacitances(chosen: Circuit) -> list[str]:
    return [name for name, unit in chosen.units.items() if unit in ("Ω", "F")]


def _moved(chosen: Circuit, base: Fits) -> dict[str, Circuit]:
    """Return the circuit with one quantity at a time held beside where it is."""
    found = {}
    if ALPHA_GB in base.values:
        centre = float(np.nanmedian(base.values[ALPHA_GB]))
        for sign, step in (("-", -ALPHA_GB_STEP), ("+", ALPHA_GB_STEP)):
            moved = min(centre + step, 1.0)
            found[f"{ALPHA_GB} {sign}{ALPHA_GB_STEP:g}"] = circuit(chosen, fix={ALPHA_GB: moved})
    for name in [name for name, unit in chosen.units.items() if unit == "H"]:
        prior = chosen.said.priors.get(name)
        step = INDUCTANCE_STEP if prior is None else prior[1]
        centre = float(np.nanmedian(base.values[name]))
        for sign, way in (("-", -step), ("+", step)):
            found[f"{name} {sign}{step * 1e6:g} µH"] = circuit(chosen, fix={name: centre + way})
    return found


def _cut(spectra: Sequence[Spectrum], base: Fits) -> list[Spectrum]:
    """Return the spectra without a third of a decade above the lowest frequency used.

    The points stay, as numbers that are none, so that the middle of the sweep is where it was.
    """
    result = []
    for spectrum, used in zip(spectra, base.masks, strict=True):
        impedance = spectrum.impedance.copy()
        if np.any(used):
            lowest = np.min(spectrum.frequency[used])
            impedance[spectrum.frequency < lowest * CUT_STEP] = np.nan
        result.append(replace(spectrum, impedance=impedance))
    return result


@dataclass(frozen=True)
class Decade:
    """What the systematic shifts come to among fits whose R_int lies in one decade.

    Attributes
    ----------
    low, high : float
        Ω cm².
    spectra : int
    shifts : dict of str to dict of str to float
        Median of each shift, relative: by assumption, then by quantity.
    spread : dict of str to float
        Median of `Systematic.spread`.
    """

    low: float
    high: float
    spectra: int
    shifts: dict[str, dict[str, float]]
    spread: dict[str, float]


def by_decade(base: Fits, found: Systematic, area: float) -> list[Decade]:
    """Return the shifts of R_int and C_int by decade of R_int.

    Parameters
    ----------
    base : Fits
        With R_int; no decade without.
    found : Systematic
    area : float
        Of the electrode, m².
    """
    if "R_int" not in base.values:
        return []
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.floor(np.log10(base.values["R_int"] * area / OHM_CM2))
    names = list(next(iter(found.shifts.values())))
    decades = []
    for exponent in np.unique(order[np.isfinite(order)]):
        chosen = order == exponent
        decades.append(
            Decade(
                low=float(10**exponent),
                high=float(10 ** (exponent + 1)),
                spectra=int(np.count_nonzero(chosen)),
                shifts={
                    assumption: {name: _median(shift[name][chosen]) for name in names}
                    for assumption, shift in found.shifts.items()
                },
                spread={name: _median(found.spread(name)[chosen]) for name in names},
            )
        )
    return decades


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
