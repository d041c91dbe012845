"""Drafts to begin with: the experiments of Krauskopf et al. 2019, one electrode each."""

from copy import deepcopy
from typing import Any

LI: dict[str, Any] = {
    "name": "LLZO-01-Li-01",
    "anode": "Li",
    "electrode_diameter": "6 mm",
    "pellet_diameter": "8.3 mm",
    "pellet_thickness": "1.3 mm",
    "foil_thickness": "100 µm",
    "counter": {"anode": "Li", "forming_pressure": "400 MPa", "working_electrode_number": 1},
    "history": {"forming_pressure": "12 MPa", "formed_at": "glovebox press"},
}
"""Pressed until R_int was 0.27 kΩ cm²."""
LI_MG: dict[str, Any] = LI | {
    "name": "LLZO-01-LiMg10-01",
    "anode": "Li0.9Mg0.1",
    "history": {"forming_pressure": "20 MPa", "formed_at": "glovebox press"},
}
LAID_ON: dict[str, Any] = LI | {"history": {"forming_pressure": "1 MPa", "formed_at": "by hand"}}
PRESSED: dict[str, Any] = LI | {"history": {"forming_pressure": "400 MPa", "formed_at": "isostatic press"}}


def _draft(title: str, protocol: str, cell: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    return {
        "protocol": protocol,
        "parameters": parameters,
        "cell": cell,
        "bench": None,
        "store": None,
        "title": title,
        "notes": "",
    }


_DRAFTS: dict[str, dict[str, Any]] = {
    "Stripping Li": _draft(
        "Li at 100 µA/cm², 25 °C, no stack pressure (Fig. 2)",
        "GeisStripping",
        LI,
        current_density="100 µA/cm²",
        amplitude="10 %",
        threshold="10 kΩ cm²",
        temperature="25 °C",
    ),
    "Stripping Li0.9Mg0.1": _draft(
        "Li0.9Mg0.1 at 100 µA/cm², 25 °C, no stack pressure (Fig. 2)",
        "GeisStripping",
        LI_MG,
        current_density="100 µA/cm²",
        amplitude="10 %",
        threshold="10 kΩ cm²",
        temperature="25 °C",
    ),
    "Relaxation": _draft(
        "Relaxation after stripping (Fig. 4)",
        "OcvRelaxation",
        LI,
        every="5 min",
        duration="12 h",
        peis_amplitude="10 mV",
    ),
    "Stripping at 0 °C": _draft(
        "Li at 100 µA/cm² and 0 °C (Fig. 6)",
        "TemperatureSeries",
        LI,
        temperature="0 °C",
        current_density="100 µA/cm²",
    ),
    "Stripping under pressure": _draft(
        "Li at 200 µA/cm² under 15 MPa, 25 °C (Fig. 7)",
        "PressureRun",
        LI,
        current_density="200 µA/cm²",
        pressure="15 MPa",
        time_limit="6 h",
    ),
    "Interface forming": _draft(
        "Pressing a foil until R_int is 0.27 kΩ cm²",
        "InterfaceForming",
        LAID_ON,
        target="0.27 kΩ cm²",
        band="0.05 kΩ cm²",
    ),
    "Arrhenius PEIS": _draft(
        "R_int over temperature (Fig. S10)",
        "ArrheniusPeis",
        LI,
        temperatures="0, 10, 25, 40, 50 °C",
    ),
    "Critical current density": _draft(
        "Critical current density under 15 MPa, 25 °C (Fig. S11)",
        "CriticalCurrentDensity",
        PRESSED,
        start="0.1 mA/cm²",
        step="0.1 mA/cm²",
        stop="1 mA/cm²",
        capacity="0.1 mAh/cm²",
        pressure="15 MPa",
    ),
    "Cycling": _draft(
        "Ten cycles at 100 µA/cm², 0.1 mAh/cm² per half cycle, 25 °C (Fig. S12)",
        "PlatingStrippingCycling",
        LI,
        current_density="100 µA/cm²",
        capacity="0.1 mAh/cm²",
        cycles=10,
    ),
}


def paper_drafts() -> dict[str, dict[str, Any]]:
    """Return the drafts by their names; they are the caller's own."""
    return deepcopy(_DRAFTS)
