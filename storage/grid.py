"""The spectra of a run on one grid of frequencies, as an xarray Dataset whose variables name their units."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import BadInput
from storage.records import StoredSpectrum

if TYPE_CHECKING:
    import xarray as xr

NOT_A_GRID = 10
"""A grid with more frequencies than this many times the longest spectrum would be nearly empty."""

VARIABLES = {
    "Z_re": ("Ω", "real part of the impedance"),
    "Z_im": ("Ω", "imaginary part of the impedance, negative where it is capacitive"),
    "time": ("s", "bench seconds at which the frequency was finished"),
    "E": ("V", "mean voltage"),
    "I": ("A", "mean current"),
    "E_amplitude": ("V", "measured peak amplitude of the voltage"),
    "I_amplitude": ("A", "measured peak amplitude of the current"),
}
"""Variables over spectrum and frequency: unit, and what they are."""


def dataset(spectra: Sequence[StoredSpectrum], about: Mapping[str, Any]) -> "xr.Dataset":
    """Return spectra over spectrum and frequency; nan where a spectrum does not have a frequency.

    Parameters
    ----------
    spectra : sequence of StoredSpectrum
    about : mapping
        What becomes the attributes of the whole.

    Raises
    ------
    BadInput
        If xarray is not installed, or the spectra do not fit on a grid.
    """
    try:
        import xarray as xr
    except ImportError:
        raise BadInput(
            "xarray is not installed;",
            "pip install 'stripbench[export]', or take the pandas table: spectra().",
        ) from None
    frequency = _grid(spectra)
    values = {name: np.full((len(spectra), len(frequency)), np.nan) for name in VARIABLES}
    for row, stored in enumerate(spectra):
        columns = np.searchsorted(frequency, stored.spectrum.frequency)
        for name, array in zip(VARIABLES, _arrays(stored), strict=True):
            values[name][row, columns] = array
    variables = {
        name: (("spectrum", "frequency"), values[name], {"units": unit, "long_name": words})
        for name, (unit, words) in VARIABLES.items()
    }
    mid_time = np.array([each.spectrum.mid_time for each in spectra], dtype=float)
    coordinates = {
        "spectrum": ("spectrum", np.array([each.id for each in spectra], dtype=np.int64)),
        "frequency": ("frequency", frequency, {"units": "Hz"}),
        "mid_time": ("spectrum", mid_time, {"units": "s", "long_name": "bench seconds at mid sweep"}),
        "technique": ("spectrum", np.array([each.spectrum.technique for each in spectra], dtype=str)),
    }
    return xr.Dataset(variables, coordinates, dict(about))


def _arrays(stored: StoredSpectrum) -> tuple[Any, ...]:
    each = stored.spectrum
    return (
        each.impedance.real, each.impedance.imag, each.time, each.voltage, each.current,
        each.voltage_amplitude, each.current_amplitude,
    )  # fmt: skip


def _grid(spectra: Sequence[StoredSpectrum]) -> Any:
    """Return every frequency there is, rising; refuse spectra that would not fit on it."""
    remedy = "take the pandas table, spectra(), which has a row for each point."
    for stored in spectra:
        known, counts = np.unique(stored.spectrum.frequency, return_counts=True)
        if (counts > 1).any():
            twice = f"{known[counts > 1][0]:g} Hz more than once"
            raise BadInput(f"spectrum {stored.id} has {twice}, which has no place on a grid;", remedy)
    if not spectra:
        return np.empty(0)
    grid = np.unique(np.concatenate([each.spectrum.frequency for each in spectra]))
    longest = max(len(each.spectrum) for each in spectra)
    if len(grid) > NOT_A_GRID * longest:
        raise BadInput(
            f"the spectra have {len(grid)} different frequencies, and {longest} at most each, "
            "so a grid would be nearly empty;",
            remedy,
        )
    return grid
