"""What is done to a cell: one class a file, reading like an Experimental section.

``from protocols import GeisStripping`` gives a protocol by its name; they are imported when they are
asked for, because most who use this package want something small of it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.arrhenius_peis import ArrheniusPeis as ArrheniusPeis
    from protocols.critical_current_density import CriticalCurrentDensity as CriticalCurrentDensity
    from protocols.geis_stripping import GeisStripping as GeisStripping
    from protocols.high_resolution_peis import HighResolutionPeis as HighResolutionPeis
    from protocols.interface_forming import InterfaceForming as InterfaceForming
    from protocols.ocv_relaxation import OcvRelaxation as OcvRelaxation
    from protocols.ocv_rest import OcvRest as OcvRest
    from protocols.plating_stripping_cycling import PlatingStrippingCycling as PlatingStrippingCycling
    from protocols.pressure_run import PressureRun as PressureRun
    from protocols.pressure_staircase import PressureStaircase as PressureStaircase
    from protocols.strip_rest_strip import StripRestStrip as StripRestStrip
    from protocols.temperature_series import TemperatureSeries as TemperatureSeries


def __getattr__(name: str) -> object:
    from protocols.registry import PROTOCOLS

    if name in PROTOCOLS:
        return PROTOCOLS[name]
    raise AttributeError(f"protocols has no {name!r}; there are {', '.join(PROTOCOLS)}")
