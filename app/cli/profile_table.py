"""Concentration profiles as a table for people, as CSV, and as JSON."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.model_options import MMOL_CM3
from app.cli.output import out

if TYPE_CHECKING:
    from analysis.diffusion.profiles import Profile

HOUR = 3600.0

COLUMNS = ("time_s", "position_um", "depth_um", "c_Li_mmol_cm3", "x_Mg")


def described(one: "Profile") -> dict[str, Any]:
    """Return a profile JSON-able, with units in the keys."""
    return {
        "time_s": one.time,
        "time_h": one.time / HOUR,
        "thickness_um": one.thickness * 1e6,
        "position_um": (one.position * 1e6).tolist(),
        "c_Li_mmol_cm3": (one.concentration / MMOL_CM3).tolist(),
        "x_Mg": one.share.tolist(),
    }


def write_table(found: "list[Profile]", target: Path) -> None:
    """Write profiles as CSV to a file that does not exist yet: a row for each time and position."""
    from app.writing import new_file

    with new_file(target) as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for each in found:
            rows = zip(each.position, each.depth, each.concentration, each.share, strict=True)
            for position, depth, concentration, share in rows:
                values = (each.time, position * 1e6, depth * 1e6, concentration / MMOL_CM3, share)
                writer.writerow([f"{value:.8g}" for value in values])


def show_profiles(found: "list[Profile]", end: float) -> None:
    """Print the concentration at some depths, a column for each time."""
    import numpy as np
    from rich.table import Table

    made = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    made.add_column("from far side", justify="right")
    for each in found:
        made.add_column(f"{each.time / HOUR:.4g} h", justify="right")
    for part in np.linspace(0.0, 1.0, 11):
        # the first volume's centre stands for the far side, where the profile is flat
        at = [np.interp(part * each.thickness, each.position, each.concentration) for each in found]
        made.add_row(f"{part:.0%}", *(f"{value / MMOL_CM3:.2f}" for value in at))
    out.print("lithium in mmol/cm³; the foil is " + ", ".join(_thick(each) for each in found) + " µm thick")
    out.print(made)
    out.print(f"the interface is depleted after {end / HOUR:.4g} h")


def _thick(one: "Profile") -> str:
    return f"{one.thickness * 1e6:.3g}"
