"""One run as tables with units, for notebooks. It only reads."""

import warnings
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Literal, overload

from core.cell import Cell
from core.errors import BadInput
from storage import frames, grid
from storage.intact import intact_spectra
from storage.records import RunSummary, StoredSpectrum
from storage.run_reader import RunReader

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MARK = "SIMULATED"


class RunTables:
    """A run as tables; made by `StoreTables.run`.

    Parameters
    ----------
    reader : RunReader
        Stays reachable as `reader`: it gives the records that the tables are made of.
    """

    def __init__(self, reader: RunReader) -> None:
        self.reader = reader

    @property
    def run(self) -> int:
        """Its number."""
        return self.reader.run

    @property
    def summary(self) -> RunSummary:
        """Its line of the listing, with the state it is in now."""
        return self.reader.summary()

    @property
    def cell(self) -> Cell:
        """What was mounted, with both areas."""
        return self.reader.header.cell

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of its protocol, in the units that the protocol declares."""
        return dict(self.reader.header.parameters)

    @property
    def simulated(self) -> bool:
        """Whether any instrument of its bench was simulated."""
        return self.reader.header.simulated

    @property
    def current_on(self) -> float | None:
        """Bench seconds at which the current was first switched on; None if it never was."""
        return next(
            (each.event.time for each in self.reader.events() if each.event.kind == "current on"), None
        )

    @overload
    def spectra(
        self, kind: Literal["pandas"] = "pandas", *, technique: str = "", areal: bool = False
    ) -> "pd.DataFrame": ...

    @overload
    def spectra(self, kind: Literal["xarray"], *, technique: str = "") -> "xr.Dataset": ...

    def spectra(self, kind: str = "pandas", *, technique: str = "", areal: bool = False) -> Any:
        """Return the spectra as they were measured.

        A spectrum that was damaged on the disk is left out, with a warning; ``attrs["left_out"]`` says
        which.

        Parameters
        ----------
        kind : {"pandas", "xarray"}
            A DataFrame with a row for each frequency of each spectrum, or a Dataset over spectrum and
            frequency, nan where a spectrum does not have one.
        technique : str, optional
            ``"GEIS"`` or ``"PEIS"`` only.
        areal : bool
            For pandas: Z in Ω cm² as well.

        Raises
        ------
        BadInput
            For xarray where it is not installed, and for spectra that do not fit on a grid.
        """
        if kind not in ("pandas", "xarray"):
            raise BadInput(f"spectra cannot be given as {kind!r};", "say 'pandas' or 'xarray'.")
        spectra, left_out = self._intact(technique)
        if kind == "xarray":
            about = {**self._about(), "left_out": "\n".join(left_out)}
            # NetCDF knows neither truth values nor lists.
            return grid.dataset(spectra, about | {"simulated": int(self.simulated)})
        return frames.spectra_frame(spectra, {**self._about(), "left_out": left_out}, self.cell, areal)

    def to_xarray(self, technique: str = "") -> "xr.Dataset":
        """Return the spectra as a Dataset; the same as ``spectra("xarray")``."""
        return self.spectra("xarray", technique=technique)

    def _intact(self, technique: str) -> tuple[list[StoredSpectrum], list[str]]:
        spectra, left_out = intact_spectra(self.reader)
        for problem in left_out:
            warnings.warn(f"left out: {problem}", stacklevel=3)
        if technique:
            spectra = [each for each in spectra if each.spectrum.technique == technique]
        return spectra, left_out

    def fits(
        self, model: str | None = None, version: int | None = None, *, smoothed: bool = False
    ) -> "pd.DataFrame":
        """Return the fits in the order of time: parameters with errors, absolute and per area.

        R and C are given per area of the electrode as well; errors are standard errors.

        Parameters
        ----------
        model : str, optional
            Fits of this circuit only.
        version : int, optional
            By default the latest of each spectrum and circuit; 1 is what was fitted, and decided on,
            while the run went on.
        smoothed : bool
            The same parameters seen together with the sweeps around each, too.
        """
        found = self.reader.fits(model=model, version=version)
        # What was fitted again one sweep later was written later, too.
        found.sort(key=lambda each: each.fit.time)
        return frames.fits_frame(found, self._about(), self.cell, self.current_on, smoothed)

    def readings(self, *quantities: str, instrument: str = "", areal: bool = False) -> "pd.DataFrame":
        """Return what the instruments gave, a row for each moment and a column for each quantity.

        Instruments are read at moments of their own, so where a quantity was not read there is nan.

        Parameters
        ----------
        *quantities : str
            ``"E"``, ``"I"``, ``"Q"``, ``"F"``, ``"T"``, …; all there are by default.
        instrument : str, optional
            Readings of this one only, e.g. ``"chamber"``.
        areal : bool
            Current, charge and force per area as well: of the electrode in µA/cm² and mAh/cm², of the
            pellet in MPa.

        Raises
        ------
        BadInput
            If there are no such readings.
        """
        known = self.reader.quantities()
        pairs = [pair for pair in known if instrument in ("", pair[0])]
        missing = [each for each in quantities if each not in {quantity for _, quantity in pairs}]
        if missing or (instrument and not pairs):
            of = f" of {instrument}" if instrument else ""
            there_are = ", ".join(f"{quantity} of {name}" for name, quantity in known) or "none"
            raise BadInput(
                f"run {self.run} has no readings {' '.join(missing)}{of};", f"there are: {there_are}."
            )
        wanted = _in_order(pairs, quantities)
        return frames.readings_frame(self.reader, wanted, self._about(), self.cell, areal)

    def events(self) -> "pd.DataFrame":
        """Return what happened to the cell and the bench, oldest first."""
        return frames.events_frame(self.reader.events(), self._about())

    def decisions(self) -> "pd.DataFrame":
        """Return what the protocol concluded from fits, and from which, oldest first."""
        return frames.decisions_frame(self.reader.decisions(), self._about())

    def truth(self) -> "pd.DataFrame":
        """Return what the simulated cell really was: for comparison only, nothing is concluded from it.

        Raises
        ------
        BadInput
            If the run was made on a real bench.
        """
        time, values = self.reader.truth()
        if not len(time):
            remedy = "only of simulated cells it is known what they really were."
            raise BadInput(f"run {self.run} has no truth kept with it;", remedy)
        return frames.truth_frame(time, values, self._about())

    def _about(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "simulated": self.simulated,
            "cell": self.cell.name,
            "anode": self.cell.anode,
            "protocol": self.reader.header.protocol,
            "electrode_area_cm2": self.cell.area * 1e4,
            "pellet_area_cm2": self.cell.pellet_area * 1e4,
        }

    def _facts(self) -> dict[str, str]:
        summary, cell = self.summary, self.cell
        return {
            "cell": f"{cell.name} ({cell.anode}, electrode {cell.area * 1e4:.4g} cm²)",
            "protocol": summary.protocol,
            "state": f"{summary.state.value}{': ' if summary.end_reason else ''}{summary.end_reason}"
            + (", in the bin" if summary.binned else ""),
            "duration": f"{summary.bench_time / 3600:.4g} h",
            "spectra": str(summary.spectra),
        }

    def _title(self) -> str:
        return f"run {self.run}{f' {MARK}' if self.simulated else ''}"

    def __repr__(self) -> str:
        return f"<{self._title()}: {'; '.join(f'{name} {value}' for name, value in self._facts().items())}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{name}</th><td>{escape(said)}</td></tr>" for name, said in self._facts().items()
        )
        return f"<table><caption>{self._title()}</caption>{rows}</table>"


def _in_order(pairs: Sequence[tuple[str, str]], quantities: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of instrument and quantity that are wanted, in the order they were asked for."""
    return (
        [pair for wanted in quantities for pair in pairs if pair[1] == wanted] if quantities else list(pairs)
    )
