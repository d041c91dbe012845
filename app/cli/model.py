"""``stripbench model``: Sand's equation and the diffusion model of the alloys as a calculator."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.model_options import (
    CM2,
    MICROAMPERE_CM2,
    MMOL_CM3,
    AnodeOption,
    CurrentOption,
    DiffusivityOption,
    EnergyOption,
    FrameOption,
    LeastOption,
    SteepnessOption,
    TemperatureOption,
    ThicknessOption,
    chosen,
    concentrations,
    kelvins,
    known_anode,
    not_negative,
    positive,
)
from app.cli.options import JsonOption
from app.cli.output import check_target, out, write_json
from app.cli.profile_table import HOUR, described, show_profiles, write_table
from core.cell import LITHIUM_FRACTION
from core.errors import BadInput
from core.units import ZERO_CELSIUS

MAH_CM2 = 3.6e4
"""C/m² in one mAh/cm²."""

app = typer.Typer(
    help="Sand's equation and the Li-Mg diffusion model as a calculator.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def sand(
    anode: AnodeOption = "Li",
    current: CurrentOption = "",
    time: Annotated[str, typer.Option("--time", metavar="T0", help='Transition time t0, e.g. "9 h".')] = "",
    diffusivity: Annotated[
        str, typer.Option("--diffusivity", metavar="D", help='Effective D, e.g. "0.8e-11 cm²/s".')
    ] = "",
    drop: Annotated[
        str, typer.Option("--drop", help="By which the concentration falls: c0, or c0-cmin.")
    ] = "c0",
    least: LeastOption = "",
    json_file: JsonOption = "",
) -> None:
    """Give two of --current, --time and --diffusivity, and have the third from Sand's equation."""
    check_target(json_file)
    from analysis.sand import FARADAY, diffusion_coefficient, transition_time

    metal = known_anode(anode)
    if drop not in ("c0", "c0-cmin"):
        raise BadInput(f"--drop {drop!r} is not known;", "choose c0 or c0-cmin.")
    if [bool(each) for each in (current, time, diffusivity)].count(True) != 2:
        raise BadInput(
            "Sand's equation links a current, a transition time and a D;",
            "give two of --current, --time and --diffusivity.",
        )
    start, depleted = concentrations(metal, least)
    fall = start if drop == "c0" else start - depleted
    density = positive("--current", current, "A/m**2") if current else None
    seconds = positive("--time", time, "s") if time else None
    effective = positive("--diffusivity", diffusivity, "m**2/s") if diffusivity else None
    if density is None:
        assert seconds is not None
        assert effective is not None
        # t0 goes as 1/i², so the current of one t0 gives that of any other
        density, found = (transition_time(effective, fall, 1.0) / seconds) ** 0.5, "current"
    elif seconds is None:
        assert effective is not None
        seconds, found = transition_time(effective, fall, density), "t0"
    else:
        effective, found = diffusion_coefficient(seconds, fall, density), "D"
    _answer(
        {
            "found": found,
            "anode": metal,
            "current_density_uA_cm2": density / MICROAMPERE_CM2,
            "t0_h": seconds / HOUR,
            "t0_s": seconds,
            "diffusivity_cm2_s": effective / CM2,
            "drop": "c0" if fall == start else "c0 - c_min",
            "drop_mmol_cm3": fall / MMOL_CM3,
            "c0_mmol_cm3": start / MMOL_CM3,
            "charge_mAh_cm2": density * seconds / MAH_CM2,
            "thickness_of_that_charge_um": density * seconds / FARADAY / start * 1e6,
        },
        json_file,
    )


@app.command(name="utilisation")
def utilise(
    anode: AnodeOption = "Li0.9Mg0.1",
    thickness: ThicknessOption = "25 µm",
    current: CurrentOption = "100 µA/cm²",
    temperature: TemperatureOption = "25 °C",
    diffusivity: DiffusivityOption = "",
    energy: EnergyOption = "",
    frame: FrameOption = "fixed",
    least: LeastOption = "",
    steepness: SteepnessOption = 0.0,
    json_file: JsonOption = "",
) -> None:
    """Say what share of a foil can be stripped before its interface is depleted."""
    check_target(json_file)
    one = chosen(anode, temperature, diffusivity, energy, frame, least, steepness)
    length, density = positive("--thickness", thickness, "m"), positive("--current", current, "A/m**2")
    import numpy as np

    from analysis.diffusion.utilisation import utilisation

    found = utilisation(one.alloy, length, np.asarray(density), np.asarray(one.alloy.diffusivity))
    _answer(
        {
            "utilisation_total": float(found.total),
            "utilisation_beta": float(found.beta),
            "time_s": float(found.time),
            "time_h": float(found.time) / HOUR,
            "charge_mAh_cm2": density * float(found.time) / MAH_CM2,
            "current_density_uA_cm2": density / MICROAMPERE_CM2,
            "thickness_um": length * 1e6,
            **one.described(),
            "solved_by": "series" if one.alloy.linear else "finite volumes",
        },
        json_file,
    )


@app.command()
def profile(
    anode: AnodeOption = "Li0.9Mg0.1",
    thickness: ThicknessOption = "25 µm",
    current: CurrentOption = "100 µA/cm²",
    temperature: TemperatureOption = "25 °C",
    times: Annotated[
        str,
        typer.Option("--times", help='E.g. "1 h, 5 h"; by default four until the interface is depleted.'),
    ] = "",
    diffusivity: DiffusivityOption = "",
    energy: EnergyOption = "",
    frame: FrameOption = "fixed",
    least: LeastOption = "",
    steepness: SteepnessOption = 0.0,
    table: Annotated[
        str, typer.Option("--out", metavar="FILE", help="Write the profiles as CSV to a new file.")
    ] = "",
    json_file: JsonOption = "",
) -> None:
    """Follow the concentration in a foil while it is stripped."""
    check_target(json_file)
    one = chosen(anode, temperature, diffusivity, energy, frame, least, steepness)
    length, density = positive("--thickness", thickness, "m"), positive("--current", current, "A/m**2")
    wanted = [positive("--times", each, "s") for each in times.split(",")] if times else []
    if table:
        from app.writing import refuse_existing

        refuse_existing(Path(table))
    from analysis.diffusion.profiles import profiles

    found, end = profiles(one.alloy, length, density, wanted)
    if table:
        write_table(found, Path(table))
    if json_file:
        write_json(
            {
                "depletion_s": end,
                "depletion_h": end / HOUR,
                "current_density_uA_cm2": density / MICROAMPERE_CM2,
                "thickness_um": length * 1e6,
                **one.described(),
                "profiles": [described(each) for each in found],
            },
            json_file,
        )
    else:
        show_profiles(found, end)


@app.command()
def diffusivity(
    temperature: TemperatureOption,
    reference: DiffusivityOption = "",
    energy: EnergyOption = "",
    json_file: JsonOption = "",
) -> None:
    """Carry a D from 25 °C to another temperature."""
    check_target(json_file)
    one = chosen("Li0.9Mg0.1", temperature, reference, energy, "fixed", "", 0.0)
    known = one.described()
    keys = ("temperature_C", "diffusivity_cm2_s", "energy_eV")
    _answer({key: known[key] for key in keys}, json_file)


@app.command()
def composition(
    anode: Annotated[str, typer.Option("--anode", metavar="METAL", help="E.g. Li0.9Mg0.1.")] = "",
    magnesium: Annotated[
        float | None, typer.Option("--magnesium", metavar="X", help="Share of Mg, e.g. 0.12.")
    ] = None,
    lattice: Annotated[
        str, typer.Option("--lattice", metavar="A", help='Lattice parameter, e.g. "3.502 Å".')
    ] = "",
    potential: Annotated[
        str, typer.Option("--potential", metavar="E", help='OCV against lithium, e.g. "4.5 mV".')
    ] = "",
    temperature: TemperatureOption = "25 °C",
    json_file: JsonOption = "",
) -> None:
    """Give one of composition, lattice parameter and OCV, and have the others and c0."""
    check_target(json_file)
    from analysis.composition import concentration_at, lattice_parameter, magnesium_of_lattice
    from analysis.diffusion.relaxation import ACTIVITY

    given = [bool(anode), magnesium is not None, bool(lattice), bool(potential)]
    if given.count(True) != 1:
        raise BadInput(
            f"{given.count(True)} of --anode, --magnesium, --lattice and --potential are given;", "give one."
        )
    kelvin = kelvins(temperature)
    from analysis.composition import magnesium_of_ocv, ocv

    if anode:
        magnesium = 1 - LITHIUM_FRACTION[known_anode(anode)]
    elif lattice:
        magnesium = magnesium_of_lattice(positive("--lattice", lattice, "m"))
    elif potential:
        volt = not_negative("--potential", potential, "V")
        magnesium = magnesium_of_ocv(volt, kelvin, ACTIVITY).magnesium
    assert magnesium is not None
    edge = lattice_parameter(magnesium)
    _answer(
        {
            "x_Mg": magnesium,
            "lattice_parameter_angstrom": edge * 1e10,
            "c_Li_mmol_cm3": concentration_at(magnesium) / MMOL_CM3,
            "ocv_mV": ocv(magnesium, kelvin, ACTIVITY) * 1e3,
            "ocv_factor": ACTIVITY,
            "temperature_C": kelvin - ZERO_CELSIUS,
        },
        json_file,
    )


def _answer(values: dict[str, Any], json_file: str) -> None:
    """Write an answer as JSON, or for people: a line each."""
    if json_file:
        write_json(values, json_file)
        return
    wide = max(map(len, values))
    for key, value in values.items():
        shown = f"{value:.5g}" if isinstance(value, float) else str(value)
        out.print(f"{key:<{wide}}  {shown}", markup=False)
