"""Putting finished frequencies together to spectra."""

import numpy as np

from core.records import Spectrum
from drivers.potentiostat import SweepPoints


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
        self.pending = 0
        """Number of points of the sweep that is not whole yet."""

    def add(self, points: SweepPoints, origin: float) -> list[Spectrum]:
        """Add points whose times count from bench second `origin`; return the spectra they complete."""
        spectra = []
        if self._parts and points.pass_number != self._parts[-1].pass_number:
            spectra.extend(self.rest(origin))
        self._parts.append(points)
        self.pending += len(points)
        if self.pending >= self._points:
            spectra.extend(self.rest(origin))
        return spectra

    def rest(self, origin: float) -> list[Spectrum]:
        """Hand out what there is, whole or not; nothing for an empty sweep."""
        if not self._parts:
            return []
        whole = SweepPoints(
            self._parts[0].technique,
            self._parts[0].pass_number,
            np.concatenate([part.columns for part in self._parts], axis=1),
        )
        self._parts, self.pending = [], 0
        with np.errstate(divide="ignore", invalid="ignore"):
            modulus = whole.voltage_amplitude / whole.current_amplitude
        return [
            Spectrum(
                technique=self._technique,
                frequency=whole.frequency,
                impedance=modulus * np.exp(1j * whole.phase),
                time=whole.time + origin,
                voltage=whole.voltage,
                current=whole.current,
                voltage_amplitude=whole.voltage_amplitude,
                current_amplitude=whole.current_amplitude,
                amplitude=self._amplitude,
                pass_number=whole.pass_number,
            )
        ]
