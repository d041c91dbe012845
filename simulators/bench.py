"""The simulated bench: one cell after another under a simulated potentiostat, chamber and gauge."""

from core.cell import Cell
from core.clock import Clock
from core.files import BenchFile
from simulators.cell import CellParameters, SimulatedCell
from simulators.chamber import SimulatedChamber
from simulators.chamber_model import ChamberParameters
from simulators.eclib import NoiseParameters, SimulatedEClib
from simulators.gauge import SimulatedGauge
from simulators.operator import OperatorParameters, VirtualOperator
from simulators.press import PressParameters, SimulatedPress
from simulators.shelf import Shelf
from simulators.stage import SimulatedStage
from simulators.voltmeter import SimulatedVoltmeter


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
    OperatorParameters.from_table(settings.operator)
    CellParameters.for_cell(cell, settings.cell, settings.seed)


class SimulatedBench:
    """Doubles of the instruments a bench file calls simulated, all over the same cell.

    Parameters
    ----------
    file : BenchFile
        Its ``[simulation]`` table overrides the parameters of cell, noise, chamber, press and operator.
    cell : Cell
        What is mounted first.
    clock : Clock
        The clock of the run; the doubles ask it for the time and never wait on it.

    Attributes
    ----------
    library : SimulatedEClib
        Stands in for the vendor's library.
    chamber, gauge
        The servers; each has an ``address`` and a ``port`` once started.
    press : SimulatedPress
    operator : VirtualOperator or None
        Who turns the screw and mounts cells; None where a real person is waited for.
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
        self.voltmeter: SimulatedVoltmeter | None = None
        if file.gauge is not None and file.gauge.model == "analogue":
            self.voltmeter = SimulatedVoltmeter(clock, self.gauge.load_cell, file.gauge)
        self.stage = SimulatedStage(clock, self.press, file.press) if file.press is not None else None
        self._shelf = Shelf(
            settings.cell,
            settings.seed,
            self.chamber.cell_temperature,
            self.chamber.model.cell_temperatures,
            self.press.force,
            cell,
        )
        self.library = SimulatedEClib(
            self.cell,
            clock,
            seed=settings.seed,
            noise=NoiseParameters.from_table(settings.noise),
            point_overhead=file.potentiostat.point_overhead,
            channel=file.potentiostat.channel - 1,
        )
        self._clock, self._settings = clock, settings
        self.operator = self._somebody(file)

    def _somebody(self, file: BenchFile) -> VirtualOperator | None:
        """Return the virtual operator: never where a real instrument needs a real hand."""
        parameters = OperatorParameters.from_table(self._settings.operator)
        if not (parameters.present and file.wholly_simulated):
            return None
        return VirtualOperator(
            self._clock, self.press, self.gauge.display, self.mount, parameters, self._settings.seed
        )

    @property
    def cell(self) -> SimulatedCell:
        """The simulated cell that is mounted."""
        return self._shelf.cell

    @property
    def mounted(self) -> Cell:
        """The cell that is mounted."""
        return self._shelf.mounted

    def mount(self, cell: Cell) -> None:
        """Put another cell into the press and onto the leads, as it was left if it was there before.

        The press is opened for it, and stays open. A cell that is mounted already stays where it is.

        Raises
        ------
        BadInput
            If ``[simulation.cell]`` does not suit this cell; nothing is changed then.
        """
        if self._shelf.holds(cell):
            return
        CellParameters.for_cell(cell, self._settings.cell, self._settings.seed)
        now = self._clock.now()
        if self.press.travel(now) > 0.0:
            self.press.set_travel(now, 0.0)
        self.library.clamp(lambda time: self._shelf.swap(cell, time))

    def start(self) -> None:
        """Serve the instruments on loopback."""
        for server in self._servers:
            server.start()

    def close(self) -> None:
        """Send the operator away and stop serving."""
        if self.operator is not None:
            self.operator.close()
        for server in self._servers:
            server.close()

    @property
    def _servers(self) -> list[SimulatedChamber | SimulatedGauge | SimulatedVoltmeter | SimulatedStage]:
        optional = [each for each in (self.voltmeter, self.stage) if each is not None]
        return [self.chamber, self.gauge, *optional]

    @property
    def chamber_address(self) -> str:
        """VISA address of the simulated chamber."""
        return self.chamber.address

    @property
    def gauge_address(self) -> str:
        """VISA address of the simulated gauge, or of the voltmeter on an analogue one."""
        return self.gauge.address if self.voltmeter is None else self.voltmeter.address

    @property
    def press_address(self) -> str:
        """VISA address of the motor on the press; empty where a hand turns the screw."""
        return "" if self.stage is None else self.stage.address

    def truth(self, time: float) -> dict[str, float]:
        """What the cell that was mounted at bench second `time` really was; see `SimulatedCell.truth`."""
        with self.library.still():
            return self._shelf.truth(time)

    def _touch(self, time: float) -> None:
        """Tell the cell that temperature or force changes course, once the potentiostat has caught up."""
        self.library.touch(time)
