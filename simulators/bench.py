"""The simulated bench: one cell under a simulated potentiostat, chamber and gauge."""

from core.cell import Cell
from core.clock import Clock
from core.files import BenchFile
from simulators.cell import CellParameters, SimulatedCell
from simulators.chamber import SimulatedChamber
from simulators.chamber_model import ChamberParameters
from simulators.eclib import NoiseParameters, SimulatedEClib
from simulators.gauge import SimulatedGauge
from simulators.press import PressParameters, SimulatedPress


def check_simulation(file: BenchFile, cell: Cell) -> None:
    """Check the ``[simulation]`` tables of a bench file for a cell, starting nothing.

    Raises
    ------
    BadInput
        Naming table, key, value and remedy.
    """
    settings = file.simulation
    ChamberParameters.from_table(settings.chamber)
    PressParameters.from_table(settings.press)
    NoiseParameters.from_table(settings.noise)
    CellParameters.for_cell(cell, settings.cell, settings.seed)


class SimulatedBench:
    """Doubles of the instruments a bench file calls simulated, all over the same cell.

    Parameters
    ----------
    file : BenchFile
        Its ``[simulation]`` table overrides the parameters of cell, noise, chamber and press.
    cell : Cell
        What is mounted.
    clock : Clock
        The clock of the run; the doubles ask it for the time and never wait on it.

    Attributes
    ----------
    library : SimulatedEClib
        Stands in for the vendor's library.
    cell : SimulatedCell
    chamber, gauge
        The servers; each has an ``address`` and a ``port`` once started.
    """

    def __init__(self, file: BenchFile, cell: Cell, clock: Clock) -> None:
        settings = file.simulation
        self.chamber = SimulatedChamber(
            clock, ChamberParameters.from_table(settings.chamber), settings.seed, self._touch
        )
        self.press = SimulatedPress(
            PressParameters.from_table(settings.press),
            settings.seed,
            self._touch,
            self.chamber.cell_temperature,
        )
        self.gauge = SimulatedGauge(clock, self.press, file.gauge, settings.seed)
        self.cell = SimulatedCell(
            cell,
            settings.cell,
            self.chamber.cell_temperature,
            self.press.force,
            settings.seed,
            temperatures=self.chamber.model.cell_temperatures,
        )
        self.library = SimulatedEClib(
            self.cell,
            clock,
            seed=settings.seed,
            noise=NoiseParameters.from_table(settings.noise),
            point_overhead=file.potentiostat.point_overhead,
            channel=file.potentiostat.channel - 1,
        )

    def start(self) -> None:
        """Serve the chamber and the gauge on loopback."""
        self.chamber.start()
        self.gauge.start()

    def close(self) -> None:
        """Stop serving."""
        self.chamber.close()
        self.gauge.close()

    @property
    def chamber_address(self) -> str:
        """VISA address of the simulated chamber."""
        return self.chamber.address

    @property
    def gauge_address(self) -> str:
        """VISA address of the simulated gauge."""
        return self.gauge.address

    def truth(self, time: float) -> dict[str, float]:
        """What the cell really was at bench second `time`; see `SimulatedCell.truth`."""
        with self.library.still():
            return self.cell.truth(time)

    def _touch(self, time: float) -> None:
        """Tell the cell that temperature or force changes course, once the potentiostat has caught up."""
        self.library.touch(time)
