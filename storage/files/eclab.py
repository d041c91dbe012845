"""What EC-Lab's text (.mpt) and binary (.mpr) files have in common."""

import numpy as np

from core.records import Floats
from storage.files.spectra import UNKNOWN_TECHNIQUE, Columns

PREFIXES = {"": 1.0, "m": 1e-3, "µ": 1e-6, "μ": 1e-6, "u": 1e-6, "n": 1e-9, "p": 1e-12}


def without_rest(columns: Columns) -> Columns:
    """Return the columns without the rows recorded between sweeps, which have frequency 0."""
    resting = columns.values["frequency"] == 0
    if np.any(resting):
        columns.values = {key: numbers[~resting] for key, numbers in columns.values.items()}
        columns.notes.append(f"{np.count_nonzero(resting)} rows without a frequency (DC) were left out")
    return columns


def technique_by_amplitude(values: dict[str, Floats]) -> str:
    """Return the technique from the measured amplitudes: the controlled one is the steadier."""
    spreads = []
    for quantity in ("voltage_amplitude", "current_amplitude"):
        size = np.abs(values.get(quantity, np.empty(0)))
        size = size[np.isfinite(size) & (size > 0)]
        spreads.append(float(np.std(np.log(size))) if len(size) > 1 else np.nan)
    if not np.all(np.isfinite(spreads)) or spreads[0] == spreads[1]:
        return UNKNOWN_TECHNIQUE
    return "PEIS" if spreads[0] < spreads[1] else "GEIS"


def amplitudes(
    technique: str, volts: list[float], amperes: list[float], units: list[str], by_voltage: bool
) -> tuple[float, ...]:
    """Return the peak amplitude asked for in each sequence, V or A.

    Parameters
    ----------
    technique : str
        ``"PEIS"`` or ``"GEIS"``; for any other none is known.
    volts : list of float
        EC-Lab's ``Va (mV)``.
    amperes : list of float
        EC-Lab's ``Ia``.
    units : list of str
        Of each ``Ia``, e.g. ``"µA"``.
    by_voltage : bool
        Whether a GEIS adjusts its current to reach a voltage, so that there is no one amplitude.
    """
    if technique == "PEIS":
        return tuple(1e-3 * value for value in volts)
    if technique != "GEIS" or by_voltage or len(units) != len(amperes):
        return ()
    factors = [
        PREFIXES.get(unit.strip()[:-1], np.nan) if unit.strip().endswith("A") else np.nan for unit in units
    ]
    return tuple(value * factor for value, factor in zip(amperes, factors, strict=True))
