"""The ``[interlocks]`` table of a bench file: what is watched all through a run, and when it acts."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from core.cell import FileModel
from core.units import Amperes, Bytes, Kelvins, Newtons, Seconds, Volts

WIDEST_DIFFERENCE = 50.0
"""K; a difference is written in K, and one written in °C by mistake comes out far above this."""

LITHIUM_MELTS = 453.65
"""K."""


class InterlocksFile(FileModel):
    """The ``[interlocks]`` table: quality bands only flag, safety limits end the run in the safe state."""

    temperature_band: Kelvins = Field(
        default=1.0,
        gt=0,
        description="quality: flagged when the chamber leaves its set-point by more, once it was reached",
    )
    pressure_band: float = Field(
        default=0.1,
        gt=0,
        lt=1,
        description="quality: share by which the force may leave what was asked for, once it was reached",
    )
    lowest_cell_temperature: Kelvins = Field(default=223.15, gt=0, description="safety: acts below")
    highest_cell_temperature: Kelvins = Field(
        default=353.15, gt=0, description="safety: acts above; lithium melts at 180.5 °C"
    )
    temperature_margin: Kelvins = Field(
        default=20.0,
        ge=0,
        description="this close below the highest temperature, a chamber that is no longer read is acted on",
    )
    highest_force: Newtons | None = Field(
        default=None, gt=0, description="safety: acts above; left out: full scale of the gauge"
    )
    highest_voltage: Volts = Field(
        default=11.0, gt=0, le=12, description="safety: |E|, above every cut-off with its firmware margin"
    )
    highest_current: Amperes = Field(default=10e-3, gt=0, description="safety: |I|")
    stale_temperature: Seconds | None = Field(
        default=None, gt=0, description="age of the newest reading; left out: ten cadences, at least 60 s"
    )
    stale_force: Seconds | None = Field(default=None, gt=0, description="the same of the force")
    stale_voltage: Seconds | None = Field(
        default=None, gt=0, description="the same of E and I; acted on while a current flows"
    )
    unchanged_voltage: Seconds = Field(
        default=300.0, gt=0, description="quality: E to the last digit the same for so long under current"
    )
    longest_soak: Seconds = Field(
        default=12 * 3600.0, gt=0, description="safety: the chamber has not reached its set-point after"
    )
    disk_low: Bytes = Field(default=2e9, ge=0, description="quality: free space where the store lies")
    disk_full: Bytes = Field(default=0.2e9, ge=0, description="safety: free space where the store lies")
    dew_point: Kelvins | None = Field(
        default=None,
        gt=0,
        description="of the air around the cell, where no sensor says; left out: not watched",
    )
    dew_point_reading: str = Field(
        default="",
        description="symbol of a reading in K that is the dew point, e.g. T_dew, where there is a sensor",
    )
    dew_point_margin: Kelvins = Field(
        default=5.0,
        ge=0,
        description="above the dew point, before the chamber is opened",
    )
    dryer: tuple[str, ...] = Field(
        default=(),
        description="digital channels of the chamber switched on below the dew point, by their names",
    )
    cell_lag: Seconds = Field(
        default=1500.0, ge=0, description="time constant with which the cell follows the chamber's air"
    )
    shared_chamber: bool = Field(default=False, description="whether another cell is in the same chamber")
    idle_temperature: Kelvins = Field(
        default=298.15, gt=0, description="where the chamber goes when it is done"
    )
    idle_after: Seconds = Field(
        default=3600.0, ge=0, description="in the safe state, until an unshared chamber goes there"
    )
    record_open_circuit: Seconds = Field(
        default=60.0, ge=0, le=3600, description="E recorded at open circuit after a run that was ended"
    )

    @field_validator("temperature_band", "temperature_margin", "dew_point_margin")
    @classmethod
    def _difference(cls, value: float) -> float:
        if value > WIDEST_DIFFERENCE:
            raise ValueError(f'this is a difference of at most {WIDEST_DIFFERENCE:g} K; write it like "1 K"')
        return value

    @field_validator("highest_cell_temperature")
    @classmethod
    def _solid(cls, value: float) -> float:
        if value >= LITHIUM_MELTS:
            raise ValueError(f"lithium melts at {LITHIUM_MELTS - 273.15:.1f} °C; stay well below")
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low, high = self.lowest_cell_temperature, self.highest_cell_temperature
        if not low < high:
            raise ValueError(
                f"lowest_cell_temperature ({low - 273.15:g} °C) must be below "
                f"highest_cell_temperature ({high - 273.15:g} °C)"
            )
        if not low <= self.idle_temperature <= high:
            raise ValueError(
                f"idle_temperature ({self.idle_temperature - 273.15:g} °C) must be one that the cell may "
                f"see ({low - 273.15:g} to {high - 273.15:g} °C)"
            )
        if not self.disk_full <= self.disk_low:
            raise ValueError(
                f"disk_full ({self.disk_full:g} B) must not be above disk_low ({self.disk_low:g} B)"
            )
        return self

    def stale_after(self, quantity: Literal["T", "F", "E"], cadence: float) -> float:
        """Return the age in s from which a reading that is taken every `cadence` s counts as stale."""
        given = {"T": self.stale_temperature, "F": self.stale_force, "E": self.stale_voltage}[quantity]
        return max(10.0 * cadence, 60.0) if given is None else given
