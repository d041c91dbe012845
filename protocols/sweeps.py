"""Putting finished frequencies together to spectra."""

import numpy as np

from core.records import Spectrum
from drivers.potentiostat import SweepPoints

_FIELDS = (
    "time",
    "frequency",
    "voltage_amplitude",
    "current_amplitude",
    "phase",
    "voltage",
    "current",
)


class SweepAssembler:
    """Collects the points of one impedance technique and hands out a spectrum when it is whole.

    Parameters
    ----------
    technique : str
        ``"PEIS"`` or ``"GEIS"``.
    points : int
        Frequencies of a whole spectrum.
    amplitude : float
        What was asked for, peak, in V or A.
    """

    def __init__(self, technique: str, points: int, amplitude: float) -> None:
        self._technique, self._points, self._amplitude = technique, points, amplitude
        self._parts: list[SweepPoints] = []

    @property
    def pending(self) -> int:
        """Number of points of the sweep that is not whole yet."""
        return sum(len(part.frequency) for part in self._parts)

    def add(self, points: SweepPoints, origin: float) -> list[Spectrum]:
        """Add points whose times count from bench second `origin`; return the spectra they complete."""
        spectra = []
        if self._parts and points.pass_number != self._parts[-1].pass_number:
            spectra.extend(self.rest(origin))
        self._parts.append(points)
        if self.pending >= self._points:
            spectra.extend(self.rest(origin))
        return spectra

    def rest(self, origin: float) -> list[Spectrum]:
        """Hand out what there is, whole or not; nothing for an empty sweep."""
        if not self._parts:
            return []
        column = {name: np.concatenate([getattr(part, name) for part in self._parts]) for name in _FIELDS}
        pass_number = self._parts[0].pass_number
        self._parts = []
        with np.errstate(divide="ignore", invalid="ignore"):
            modulus = column["voltage_amplitude"] / column["current_amplitude"]
        return [
            Spectrum(
                technique=self._technique,
                frequency=column["frequency"],
                impedance=modulus * np.exp(1j * column["phase"]),
                time=column["time"] + origin,
                voltage=column["voltage"],
                current=column["current"],
                voltage_amplitude=column["voltage_amplitude"],
                current_amplitude=column["current_amplitude"],
                amplitude=self._amplitude,
                pass_number=pass_number,
            )
        ]
