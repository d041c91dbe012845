"""The files a lab writes, as models: bench, cell and experiment. Files are opened elsewhere."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from core.cell import Cell, FileModel
from core.errors import BadInput
from core.interlocks import InterlocksFile
from core.units import Amperes, Kelvins, Metres, Newtons, NewtonsPerMetre, Seconds, Share, Volts

Backend = Literal["hardware", "simulated"]

# A third party's driver is another word there, and what it needs besides goes into `options`.
Model = Annotated[str, Field(min_length=1, description="which driver")]


class PotentiostatFile(FileModel):
    """The ``[potentiostat]`` table of a bench file."""

    backend: Backend
    model: Model = "vmp300"
    address: str = Field(default="", description="e.g. 192.168.0.1 or USB0")
    library: str = Field(default="", description="folder of the vendor's EClib64.dll")
    channel: int = Field(default=1, ge=1, le=16, description="as printed on the instrument")
    point_overhead: Seconds = Field(default=0.25, gt=0, description="dead time of each frequency")
    bandwidth: int = Field(default=8, ge=1, le=9)
    smallest_range: Amperes = Field(default=1e-6, gt=0, description="current range never gone below")
    floating: bool = False
    options: dict[str, Any] = Field(default_factory=dict, description="of a third party's driver")


class ChamberFile(FileModel):
    """The ``[chamber]`` table of a bench file."""

    backend: Backend
    model: Model = "weiss-simserv"
    address: str = Field(default="", description="VISA address, e.g. TCPIP::192.168.0.2::2049::SOCKET")
    lowest: Kelvins = Field(default=233.15, gt=0, description="lowest set-point, for plans")
    highest: Kelvins = Field(default=453.15, gt=0, description="highest set-point, for plans")
    options: dict[str, Any] = Field(default_factory=dict, description="of a third party's driver")


class CalibrationPoint(FileModel):
    """A voltage and the force it stands for, compression positive."""

    voltage: Volts
    force: Newtons


class GaugeFile(FileModel):
    """The ``[gauge]`` table of a bench file."""

    backend: Backend
    model: Model = "mark10"
    address: str = Field(default="", description="VISA address, e.g. ASRL3::INSTR")
    full_scale: Newtons = Field(default=20e3, gt=0)
    accuracy: Share = Field(default=1e-3, gt=0, lt=1, description="share of full scale, e.g. 0.1 %")
    calibration: tuple[CalibrationPoint, CalibrationPoint] | None = Field(
        default=None, description="of an analogue gauge"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="of a third party's driver")

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty of a reading in N."""
        return self.accuracy * self.full_scale


class PressFile(FileModel):
    """The ``[press]`` table of a bench file: a motor that turns the screw."""

    backend: Backend
    model: Model = "zaber"
    address: str = Field(default="", description="VISA address, e.g. ASRL4::INSTR")
    lowest: Newtons = Field(default=0.0, ge=0, description="smallest force it may be asked for")
    highest: Newtons = Field(default=1.5e3, gt=0, description="largest force it may be asked for")
    tolerance: Newtons = Field(default=5.0, gt=0, description="how near to the force it has to come")
    stiffness: NewtonsPerMetre = Field(default=2e6, gt=0, description="of the spring, or a little more")
    microstep: Metres = Field(
        default=78.125e-9, gt=0, description="travel of one: lead of the screw / microsteps of a turn"
    )
    options: dict[str, Any] = Field(default_factory=dict, description="of a third party's driver")


class CadenceFile(FileModel):
    """The ``[cadence]`` table: how often each thing is read. Commands are in wall time."""

    potentiostat: Seconds | None = Field(default=None, gt=0, le=30)
    force: Seconds | None = Field(default=None, gt=0)
    temperature: Seconds | None = Field(default=None, gt=0)
    commands: Seconds = Field(default=0.25, gt=0, le=5)


class SimulationFile(FileModel):
    """The ``[simulation]`` table: seed, and any parameter of the simulated cell and its world.

    `cell`, `noise`, `chamber`, `press` and `operator` override the defaults of the simulators, which
    check the keys.
    """

    seed: int = Field(default=1, ge=0)
    cell: dict[str, Any] = Field(default_factory=dict)
    noise: dict[str, Any] = Field(default_factory=dict)
    chamber: dict[str, Any] = Field(default_factory=dict)
    press: dict[str, Any] = Field(default_factory=dict)
    operator: dict[str, Any] = Field(default_factory=dict)


class BenchFile(FileModel):
    """A bench: which instruments it has and how they are reached."""

    name: str = Field(min_length=1)
    potentiostat: PotentiostatFile
    chamber: ChamberFile | None = None
    gauge: GaugeFile | None = None
    press: PressFile | None = None
    cadence: CadenceFile = CadenceFile()
    interlocks: InterlocksFile = InterlocksFile()
    simulation: SimulationFile = SimulationFile()

    @property
    def simulated(self) -> bool:
        """Whether any of its instruments is simulated."""
        instruments = (self.potentiostat, self.chamber, self.gauge, self.press)
        return any(each is not None and each.backend == "simulated" for each in instruments)

    @property
    def wholly_simulated(self) -> bool:
        """Whether none of its instruments is real, so that time may run faster than the wall's."""
        instruments = (self.potentiostat, self.chamber, self.gauge, self.press)
        return all(each is None or each.backend == "simulated" for each in instruments)

    def cadence_of(self, reading: Literal["potentiostat", "force", "temperature"]) -> float:
        """Return the interval in s at which `reading` is taken on this bench."""
        given = getattr(self.cadence, reading)
        if given is not None:
            return float(given)
        hardware = {"potentiostat": 0.25, "force": 1.0, "temperature": 10.0}
        simulated = {"potentiostat": 1.0, "force": 10.0, "temperature": 60.0}
        return (simulated if self.wholly_simulated else hardware)[reading]


class ExperimentFile(FileModel):
    """An experiment: one protocol, its parameters as people write them, and the cell."""

    protocol: str = Field(min_length=1)
    cell: Cell | str = Field(description="a table, or the path of a cell file")
    parameters: dict[str, Any] = Field(default_factory=dict)
    title: str = ""
    notes: str = ""


def explain(error: ValidationError, source: str, table: str = "") -> BadInput:
    """Turn pydantic's findings into one message that names file, key, value and remedy.

    Parameters
    ----------
    error : ValidationError
    source : str
        The file, as the user named it.
    table : str, optional
        The table of the file that was checked.
    """
    lines = []
    for finding in error.errors():
        counted = (part + 1 if isinstance(part, int) else part for part in finding["loc"])
        key = ".".join(str(part) for part in (*filter(None, [table]), *counted)) or "the file"
        if finding["type"] == "extra_forbidden":
            lines.append(f"{key}: unknown key; remove it or check its spelling")
        elif finding["type"] == "missing":
            lines.append(f"{key}: missing; add it")
        else:
            message = finding["msg"].removeprefix("Value error, ")
            shown = "" if isinstance(finding["input"], dict) else f" = {finding['input']!r}"
            lines.append(f"{key}{shown}: {message.rstrip('.')}")
    words = "; ".join(lines)
    return BadInput(f"{source}: {words}" + ("" if words.endswith("?") else "."))
