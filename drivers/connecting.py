"""Connecting the instruments that a bench file names, or what stands in for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.clock import wall_time
from core.errors import BadInput
from core.files import BenchFile, GaugeFile, PressFile
from drivers import plugins
from drivers.climate_chamber import ClimateChamber
from drivers.force_gauge import ForceGauge
from drivers.potentiostat import Planner, Potentiostat
from drivers.press import Press

OWN_MODELS: dict[str, tuple[str, ...]] = {
    "potentiostat": ("vmp300",),
    "chamber": ("weiss-simserv",),
    "gauge": ("mark10", "analogue", "manual"),
    "press": ("zaber",),
}
"""Models of each role that are driven from here; others come as plug-ins."""


@dataclass(frozen=True)
class Doubles:
    """What answers in place of real instruments: a library object and VISA addresses."""

    library: Any = None
    chamber: str = ""
    gauge: str = ""
    press: str = ""


def check_instruments(file: BenchFile, source: str) -> None:
    """Refuse tables that no instrument can be connected by.

    Raises
    ------
    BadInput
        Naming file, key and remedy.
    """
    for role, own in OWN_MODELS.items():
        table = getattr(file, role)
        if table is None:
            continue
        plugins.require_known(role, table.model, dict.fromkeys(own), source)
        if table.model in own and table.options:
            raise BadInput(
                f"{source}: {role}.options is for drivers of third parties, not for {table.model!r};",
                "remove it.",
            )
        if table.model in own and table.backend == "hardware":
            _require_addresses(role, table, source)
    if file.gauge is not None and file.gauge.model == "analogue":
        from drivers.analogue_gauge import line_through

        line_through(file.gauge)
    if file.press is not None:
        _require_gauge(file, source)


def _require_addresses(role: str, table: Any, source: str) -> None:
    needed = {"address": "TCPIP::192.168.0.20::2049::SOCKET"}
    if role == "potentiostat":
        needed = {"address": "192.168.0.10", "library": "C:/EC-Lab Development Package/lib"}
    if table.model == "manual":
        needed = {}
    for key, example in needed.items():
        if not getattr(table, key):
            raise BadInput(
                f"{source}: {role}.{key} is missing;", f'a real instrument needs it, e.g. "{example}".'
            )
    if isinstance(table, PressFile):
        for key, example in (("microstep", "78.125 nm"), ("stiffness", "2 kN/mm"), ("highest", "1 kN")):
            if key not in table.model_fields_set:
                raise BadInput(
                    f"{source}: {role}.{key} is missing;",
                    f'how far a real motor may go depends on it; give it, e.g. "{example}".',
                )


def _require_gauge(file: BenchFile, source: str) -> None:
    """A motor that nobody watches is not let loose on a cell."""
    if file.gauge is None or file.gauge.model == "manual":
        raise BadInput(
            f"{source}: [press] has no gauge to go by;", "add a [gauge] that can be read, or remove [press]."
        )


def planner_for(file: BenchFile) -> Planner:
    """Return what the bench's model of potentiostat can do, without connecting to it.

    Raises
    ------
    BadInput
        If a third party's driver does not say.
    """
    table = file.potentiostat
    if table.model in OWN_MODELS["potentiostat"]:
        from drivers.eclib.planner import Vmp300Planner

        return Vmp300Planner(table)
    planner = getattr(plugins.factory("potentiostat", table.model), "planner", None)
    if planner is None:
        raise BadInput(
            f"the driver potentiostat:{table.model} has no `planner`;",
            "its author has to add one, so that programs can be checked before anything is connected.",
        )
    made: Planner = planner(table)
    return made


def connect_potentiostat(file: BenchFile, doubles: Doubles) -> Potentiostat:
    """Connect the potentiostat of a bench file, or its double."""
    from drivers.eclib.library import load_vendor_library
    from drivers.eclib.vmp300 import Vmp300

    table = file.potentiostat
    if table.model not in OWN_MODELS["potentiostat"]:
        theirs: Potentiostat = plugins.make("potentiostat", table.model, table)
        return theirs
    if table.backend == "simulated":
        return Vmp300(doubles.library, table.model_copy(update={"address": table.address or "USB0"}))
    return Vmp300(load_vendor_library(table.library), table)


def connect_chamber(file: BenchFile, doubles: Doubles) -> ClimateChamber | None:
    """Connect the chamber of a bench file, or its double; None where there is none."""
    from drivers.weiss_simserv import WeissChamber

    table = file.chamber
    if table is None:
        return None
    if table.model not in OWN_MODELS["chamber"]:
        theirs: ClimateChamber = plugins.make("chamber", table.model, table)
        return theirs
    if table.backend == "simulated":
        table = table.model_copy(update={"address": doubles.chamber})
    return WeissChamber(table)


def connect_gauge(
    file: BenchFile, doubles: Doubles, now: Callable[[], float] = wall_time
) -> ForceGauge | None:
    """Connect the force gauge of a bench file, or its double; None where there is none.

    Parameters
    ----------
    file : BenchFile
    doubles : Doubles
    now : callable
        Returns the time in s by which the age of forces entered by hand is counted.
    """
    table = file.gauge
    if table is None:
        return None
    if table.model not in OWN_MODELS["gauge"]:
        theirs: ForceGauge = plugins.make("gauge", table.model, table)
        return theirs
    if table.backend == "simulated":
        table = table.model_copy(update={"address": doubles.gauge})
    return _own_gauge(table, now)


def _own_gauge(table: GaugeFile, now: Callable[[], float]) -> ForceGauge:
    if table.model == "manual":
        from drivers.manual_gauge import ManualGauge

        return ManualGauge(table, now)
    if table.model == "analogue":
        from drivers.analogue_gauge import AnalogueGauge
        from drivers.voltage_input import ScpiVoltmeter

        return AnalogueGauge(table, ScpiVoltmeter(table.address))
    from drivers.mark10 import Mark10Gauge

    return Mark10Gauge(table)


def connect_press(file: BenchFile, doubles: Doubles, gauge: ForceGauge | None) -> Press | None:
    """Connect the motorised press of a bench file, or its double; None where a hand turns the screw.

    Parameters
    ----------
    file : BenchFile
    doubles : Doubles
    gauge : ForceGauge or None
        Of the same bench, by whose force the motor goes.

    Raises
    ------
    BadInput
        If there is no gauge.
    """
    from drivers.zaber_press import ZaberPress

    table = file.press
    if table is None:
        return None
    if gauge is None:
        _require_gauge(file.model_copy(update={"gauge": None}), "the bench file")
    assert gauge is not None
    if table.model not in OWN_MODELS["press"]:
        theirs: Press = plugins.make("press", table.model, table, gauge.read)
        return theirs
    if table.backend == "simulated":
        table = table.model_copy(update={"address": doubles.press})
    return ZaberPress(table, gauge.read, gauge.full_scale)
