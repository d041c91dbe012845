"""Many fits of one circuit as arrays; one of them is a `Fit` record."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.records import Bools, Fit, Floats, KramersKronig, Value


@dataclass(frozen=True, eq=False)
class Fits:
    """Fits of N spectra with one circuit of p fitted parameters.

    Attributes
    ----------
    model : str
        The circuit.
    free : tuple of str, length p
        What θ consists of, e.g. ``"ln R_int"``; inductances in µH.
    time : ndarray, shape (N,)
        Middle of each sweep, s.
    theta : ndarray, shape (N, p)
        nan where there is no fit.
    covariance : ndarray, shape (N, p, p)
        Of θ, data and priors together.
    information : ndarray, shape (N, p, p)
        What the data of each spectrum alone say about θ (inverse covariance without priors).
    right : ndarray, shape (N, p)
        The other half of what the data alone say: they are ½ θᵀ information θ − rightᵀ θ.
    values, stderrs : dict of str to ndarray, shape (N,)
        The quantities and their standard errors, SI and absolute; nan where not known.
    rms_residual : ndarray, shape (N,)
        Root mean square of the relative residuals of the points used.
    noise : ndarray, shape (N,)
        Relative standard deviation of Re Z and Im Z that was used for weighting.
    masks : list of ndarray of bool
        Points used, in the order of each spectrum as measured.
    kramers_kronig : list of KramersKronig
    flags : list of tuple of str
    weights : str
    version : int
    smoothed, smoothed_stderrs : dict of str to ndarray, shape (N,)
        As `values`, smoothed; empty if nothing was smoothed.
    smoothing : str
    """

    model: str
    free: tuple[str, ...]
    time: Floats
    theta: Floats
    covariance: Floats
    information: Floats
    right: Floats
    values: dict[str, Floats]
    stderrs: dict[str, Floats]
    rms_residual: Floats
    noise: Floats
    masks: list[Bools]
    kramers_kronig: list[KramersKronig]
    flags: list[tuple[str, ...]]
    weights: str = "modulus"
    version: int = 1
    smoothed: dict[str, Floats] = field(default_factory=dict)
    smoothed_stderrs: dict[str, Floats] = field(default_factory=dict)
    smoothing: str = ""

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, number: int) -> Fit:
        """Return one fit as a record."""
        return Fit(
            model=self.model,
            version=self.version,
            time=float(self.time[number]),
            parameters=_values(self.values, self.stderrs, number),
            free=self.free,
            covariance=self.covariance[number],
            mask=self.masks[number],
            weights=self.weights,
            rms_residual=float(self.rms_residual[number]),
            kramers_kronig=self.kramers_kronig[number],
            flags=self.flags[number],
            smoothed=self.smoothed_values(number),
            smoothing=self.smoothing,
        )

    def smoothed_values(self, number: int) -> dict[str, Value]:
        """Return the smoothed quantities of one fit."""
        return _values(self.smoothed, self.smoothed_stderrs, number)

    def __iter__(self) -> Iterator[Fit]:
        return (self[number] for number in range(len(self)))


def _values(values: dict[str, Floats], stderrs: dict[str, Floats], number: int) -> dict[str, Value]:
    return {name: Value(float(values[name][number]), float(stderrs[name][number])) for name in values}
