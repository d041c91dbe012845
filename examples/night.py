"""Strip fresh electrodes at rising current until the first that shorts, each relaxing for an hour afterwards.

Run with ``python examples/night.py``. Without a bench file everything happens on the simulated bench.
"""

import sys
from pathlib import Path

from app.laboratory import laboratory, read_cell
from core.records import Ended
from protocols import GeisStripping, OcvRelaxation

CELL = Path(__file__).parent / "cells" / "li.toml"


def main(store: str) -> None:
    """Work through the night."""
    with laboratory(store=store, title="rising currents") as lab:
        for number, density in enumerate((200, 250, 350), start=1):
            cell = read_cell(CELL, name=f"LLZO-07-Li-{number:02d}")
            stripping = GeisStripping(current_density=density, rest_minimum="5 min", rest_maximum="10 min")
            stripped = lab.run(stripping, cell, name=f"strip at {density}")
            print(f"{density} µA/cm²: {stripped.end_reason}")
            if stripped.ended in (Ended.SHORTED, Ended.STOPPED):
                break
            if stripped.ended is Ended.CUT_OFF:
                lab.run(OcvRelaxation(duration="1 h"), cell, name="relax")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "night.sqlite")
