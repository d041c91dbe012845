"""What the instrument adds to the truth: noise floors, roll-off, pick-up, outliers, offsets.

All figures are assumed, in the size that spectra of real potentiostats show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.errors import BadInput
from core.files import explain
from core.units import parse_quantity
from simulators import noise

_STRIDES = {"rows": 1, "live": 100}
"""How far apart the samples of each stream are: rows are counted, and who looks on does so every
second, or at the same few hundredths of each."""


def _in(unit: str) -> BeforeValidator:
    def parse(value: object) -> object:
        try:
            return parse_quantity(value, unit) if isinstance(value, str) else value
        except BadInput as error:
            raise ValueError(str(error)) from None  # pydantic then names the key

    return BeforeValidator(parse)


class NoiseParameters(BaseModel):
    """Noise and artefacts of the potentiostat; zero switches each one off. SI, or text with a unit.

    Attributes
    ----------
    impedance : float
        Standard deviation of both parts of Z, as a share of ``|Z|``.
    voltage_floor : float
        Noise of the voltage amplitude in V rms, each quadrature.
    current_floor : float
        Noise of the current amplitude as a share of the current range, each quadrature.
    rolloff_frequency : float
        Where the current loop lets through half of the amplitude on the 100 µA and lower ranges, in
        Hz; in proportion higher on larger ranges.
    mains_frequency, mains_width, mains_error : float
        Points within the relative width of the mains frequency are off by that share of ``|Z|``.
    outlier_rate, outlier_size : float
        Share of points that are off, and by which share of ``|Z|``.
    voltage_offset : float
        Largest offset of E in V; each channel has its own.
    voltage_noise : float
        Noise of scalar E in V rms.
    current_noise : float
        Noise of scalar I, as a share of the current range.
    frequency_error : float
        Largest relative difference between a real and a requested frequency.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    impedance: float = Field(default=0.003, ge=0, lt=0.5)
    voltage_floor: Annotated[float, _in("V")] = Field(default=2e-6, ge=0)
    current_floor: float = Field(default=1e-4, ge=0)
    rolloff_frequency: Annotated[float, _in("Hz")] = Field(default=1e6, ge=0)
    mains_frequency: Annotated[float, _in("Hz")] = Field(default=50.0, gt=0)
    mains_width: float = Field(default=0.02, ge=0)
    mains_error: float = Field(default=0.02, ge=0)
    outlier_rate: float = Field(default=1 / 500, ge=0, le=1)
    outlier_size: float = Field(default=0.03, ge=0)
    voltage_offset: Annotated[float, _in("V")] = Field(default=1e-4, ge=0)
    voltage_noise: Annotated[float, _in("V")] = Field(default=2e-5, ge=0)
    current_noise: float = Field(default=1e-5, ge=0)
    frequency_error: float = Field(default=2e-5, ge=0, lt=0.01)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], source: str = "[simulation.noise]") -> "NoiseParameters":
        """Make parameters from the overrides of a bench file.

        Raises
        ------
        BadInput
            For an unknown key or an impossible value.
        """
        try:
            return cls.model_validate(dict(table))
        except ValidationError as error:
            raise explain(error, source) from None

    @classmethod
    def off(cls) -> "NoiseParameters":
        """Return parameters of an instrument that measures the truth."""
        return cls(
            impedance=0.0,
            voltage_floor=0.0,
            current_floor=0.0,
            rolloff_frequency=0.0,
            mains_error=0.0,
            outlier_rate=0.0,
            voltage_offset=0.0,
            voltage_noise=0.0,
            current_noise=0.0,
            frequency_error=0.0,
        )


@dataclass(frozen=True, eq=False)
class SweepNoise:
    """Noise of the points of one sweep; arrays of shape (n,).

    `relative` is added to Z in shares of ``|Z|``; `voltage` (V) and `current` (shares of the range)
    are added to the phasors; `mean_voltage` (V) and `mean_current` (shares of the range) to the means.
    """

    relative: NDArray[np.complex128]
    voltage: NDArray[np.complex128]
    current: NDArray[np.complex128]
    mean_voltage: NDArray[np.float64]
    mean_current: NDArray[np.float64]


class ChannelNoise:
    """The noise of one channel, each number keyed by its sample.

    Parameters
    ----------
    parameters : NoiseParameters
    seed : int
    channel : int
    """

    def __init__(self, parameters: NoiseParameters, seed: int, channel: int) -> None:
        self.parameters = parameters
        self._seed = seed
        self._stream = f"eclib/channel {channel}"
        draw = noise.uniform(seed, f"{self._stream}/offset", 0)[0]
        self.voltage_offset = float(2.0 * draw - 1.0) * parameters.voltage_offset
        self._normals = {
            (stream, quantity): noise.Normals(seed, f"{self._stream}/{stream}/{quantity}", stride)
            for stream, stride in _STRIDES.items()
            for quantity in "EI"
        }
        self._generated = lru_cache(maxsize=4)(self._generate)

    def voltage(self, stream: str, sample: int) -> float:
        """Return the noise in V of one scalar E; the streams are ``"rows"`` and ``"live"``."""
        size = self.parameters.voltage_noise
        return size * self._normals[stream, "E"](sample) if size else 0.0

    def current(self, stream: str, sample: int) -> float:
        """Return the noise of one scalar I, as a share of the current range."""
        size = self.parameters.current_noise
        return size * self._normals[stream, "I"](sample) if size else 0.0

    def real_frequencies(self, asked: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the frequencies that the generator really makes, the same ones each time; read-only."""
        return self._generated(asked.tobytes())

    def _generate(self, asked: bytes) -> NDArray[np.float64]:
        wanted, size = np.frombuffer(asked), self.parameters.frequency_error
        keys = np.rint(np.log(wanted) * 1e6).astype(np.int64) + (1 << 30)
        made = wanted * (1.0 + size * (2.0 * noise.uniform(self._seed, "eclib/generator", keys) - 1.0))
        made.setflags(write=False)
        return made

    def rolloff(self, frequency: NDArray[np.float64], full_scale: float) -> NDArray[np.float64]:
        """Return the share of the amplitude that the loop lets through.

        Parameters
        ----------
        frequency : ndarray, shape (n,)
        full_scale : float
            Current range in A.
        """
        half = self.parameters.rolloff_frequency * max(1.0, full_scale / 1e-4)
        if not half:
            return np.ones_like(frequency)
        return 1.0 / np.sqrt(1.0 + 3.0 * (frequency / half) ** 2)

    def sweep(self, first: int, frequency: NDArray[np.float64]) -> SweepNoise:
        """Draw the noise of a sweep.

        Parameters
        ----------
        first : int
            Number of its first point since the channel was made.
        frequency : ndarray, shape (n,)
        """
        size, n = self.parameters, len(frequency)
        samples = np.arange(8 * first, 8 * (first + n))
        normal = noise.normal(self._seed, f"{self._stream}/sweep", samples).reshape(n, 8).T
        samples = np.arange(3 * first, 3 * (first + n))
        draw, angle, mains = noise.uniform(self._seed, f"{self._stream}/rare", samples).reshape(n, 3).T
        relative = size.impedance * (normal[0] + 1j * normal[1])
        off = draw < size.outlier_rate
        relative[off] += size.outlier_size * np.exp(2j * np.pi * angle[off])
        near = np.abs(frequency / size.mains_frequency - 1.0) <= size.mains_width
        relative[near] += size.mains_error * np.exp(2j * np.pi * mains[near])
        return SweepNoise(
            relative,
            size.voltage_floor * (normal[2] + 1j * normal[3]),
            size.current_floor * (normal[4] + 1j * normal[5]),
            size.voltage_noise * normal[6],
            size.current_noise * normal[7],
        )
