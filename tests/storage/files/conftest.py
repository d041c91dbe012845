"""Small files of each format, and where the real ones are."""

import os
from pathlib import Path

import numpy as np
import pytest

SETTINGS = [
    ("Mode", "Single sine"),
    ("Ia/Va", "Ia"),
    ("Ia", "30.000"),
    ("unit  Ia", "µA"),
    ("Va (mV)", "10.0"),
]
ECLAB_HEADER = (
    "EC-Lab ASCII FILE\n"
    "Nb header lines : {count}\n"
    "{technique} Electrochemical Impedance Spectroscopy\n"
    "Run on channel : 1 (SN 1)\n"
    "Electrode surface area : 0.500 cm²\n"
    + "".join(f"{name:20}{value:20}\n" for name, value in SETTINGS)
    + "{loops}"
)
ECLAB_COLUMNS = (
    "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\t<I>/mA\tCs/µF\tcycle number\t"
    "|Ewe|/V\t|I|/A\tNs\tI Range\tTHD Ewe/%\tRe(Zce)/Ohm\t-Im(Zce)/Ohm\t"
)


@pytest.fixture(scope="session")
def arc():
    """An arc in series with a resistor: f in Hz, descending, and Z in Ω."""

    def make(points=31, resistance=1000.0, top=1e6):
        f = np.geomspace(top, 1.0, points)
        return f, 300 + resistance / (1 + (2j * np.pi * f * 1e-3) ** 0.9)

    return make


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path; text as UTF-8 unless another encoding is asked for."""

    def put(name, content, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return put


@pytest.fixture(scope="session")
def mpt(arc):
    """The text of an EC-Lab file of several sweeps."""

    def make(
        sweeps=1, header=True, technique="Galvano", comma=False, ns=None, cycle=True, loops=False, points=31
    ):
        f, Z = arc(points)
        rows = []
        for k in range(sweeps):
            for number, (x, z) in enumerate(zip(f, Z * (k + 1), strict=True)):
                values = [
                    x,
                    z.real,
                    -z.imag,
                    abs(z),
                    np.degrees(np.angle(z)),
                    100.0 * k + number,
                    3.4,
                    0.03,
                    1.0,
                ]
                values += [k + 1 if cycle else 1, 1e-4 * abs(z), 29e-6]
                cells = [f"{value:.7E}" for value in values] + [
                    str(ns[k] if ns else 0),
                    "41",
                    "-1",
                    "1E0",
                    "2E0",
                ]
                rows.append("\t".join(cells) + "\t")
        text = "\n".join(rows)
        text = text.replace(".", ",") if comma else text
        lines = "".join(
            f"Loop {k} from point number {points * k} to {points * (k + 1) - 1}\n" for k in range(sweeps)
        )
        lines = f"Number of loops : {sweeps}\n{lines}" if loops else ""
        head = ECLAB_HEADER.format(count=11 + (sweeps + 1 if loops else 0), technique=technique, loops=lines)
        return (head if header else "") + ECLAB_COLUMNS + "\n" + text + "\n"

    return make


@pytest.fixture(scope="session")
def real():
    """The path of a real file; skips where the folder of real files is absent."""
    beside = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("STRIPBENCH_DATA") or beside)

    def path(name):
        if not (folder / name).is_file():
            pytest.skip(f"real files are not here: set STRIPBENCH_DATA to the folder that holds {name}")
        return folder / name

    return path
