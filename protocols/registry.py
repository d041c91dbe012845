"""The protocols there are, by name."""

import difflib

from core.errors import BadInput
from protocols.arrhenius_peis import ArrheniusPeis
from protocols.critical_current_density import CriticalCurrentDensity
from protocols.geis_stripping import GeisStripping
from protocols.high_resolution_peis import HighResolutionPeis
from protocols.interface_forming import InterfaceForming
from protocols.ocv_relaxation import OcvRelaxation
from protocols.ocv_rest import OcvRest
from protocols.plating_stripping_cycling import PlatingStrippingCycling
from protocols.pressure_run import PressureRun
from protocols.pressure_staircase import PressureStaircase
from protocols.protocol import Protocol
from protocols.strip_rest_strip import StripRestStrip
from protocols.temperature_series import TemperatureSeries

PROTOCOLS: dict[str, type[Protocol]] = {
    each.__name__: each
    for each in (
        ArrheniusPeis,
        CriticalCurrentDensity,
        GeisStripping,
        HighResolutionPeis,
        InterfaceForming,
        OcvRelaxation,
        OcvRest,
        PlatingStrippingCycling,
        PressureRun,
        PressureStaircase,
        StripRestStrip,
        TemperatureSeries,
    )
}


def protocol(name: str) -> type[Protocol]:
    """Return the protocol called `name`.

    Raises
    ------
    BadInput
        If there is none; the message names those there are.
    """
    try:
        return PROTOCOLS[name]
    except KeyError:
        close = difflib.get_close_matches(name, PROTOCOLS, n=1)
        remedy = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(PROTOCOLS)}."
        raise BadInput(f"there is no protocol {name!r};", remedy) from None
