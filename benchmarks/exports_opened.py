"""Every export opened by the programs and libraries that others use for it.

    python -m benchmarks.exports_opened [STORE RUN]

Without a store it writes a short run of its own. A line says for each format and program whether it
opened, how many spectra it found, and the largest difference of its impedances from those of the
store, relative to |Z|. What is not installed is named with how to get it; pyimpspec and impedance are
not needed by stripbench.
"""

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.export import FORMATS, export
from app.export_names import SUFFIXES
from benchmarks.made_run import MadeRun
from core.records import Complexes
from storage import RunReader, open_store
from storage.intact import intact_spectra

Found = tuple[int, Complexes | None]
"""How many spectra a program found, and their impedances below each other; None where it has none."""


@dataclass(frozen=True)
class Opening:
    """A program opening the files of a format."""

    form: str
    program: str
    package: str
    how: Callable[[Path], Found]


def pandas_csv(target: Path) -> Found:
    """Read tidy CSV with pandas."""
    import pandas as pd

    (path,) = target.glob("*/spectra.csv")
    table = pd.read_csv(path)
    return table["spectrum"].nunique(), (table["Zre_ohm"] + 1j * table["Zim_ohm"]).to_numpy()


def batterydf(target: Path) -> Found:
    """Validate and read Battery Data Format with the format's own package."""
    import bdf

    (path,) = [each for each in target.glob("*/*.bdf.*") if each.suffix != ".json"]
    report = bdf.validate(path, raise_on_error=True)
    if report["missing"] or report["legacy_labels"] or not report["time_stats"]["monotonic"]:
        raise ValueError(f"batterydf found fault with it: {report}")
    return _bdf(bdf.read(path))


def pandas_bdf(target: Path) -> Found:
    """Read Battery Data Format as the CSV that it is."""
    import pandas as pd

    (path,) = target.glob("*/*.bdf.csv")
    return _bdf(pd.read_csv(path))


def pyarrow_bdf(target: Path) -> Found:
    """Read Battery Data Format as the Parquet that it is."""
    import pyarrow.parquet as pq

    (path,) = target.glob("*/*.bdf.parquet")
    return _bdf(pq.read_table(path).to_pandas())


def _bdf(table: object) -> Found:
    points = table[table["Frequency / Hz"].notna()]  # type: ignore[index]
    frequency = points["Frequency / Hz"].to_numpy()
    impedance = (points["Real Impedance / ohm"] + 1j * points["Imaginary Impedance / ohm"]).to_numpy()
    return _sweeps(frequency), impedance


def _sweeps(frequency: np.ndarray) -> int:
    """Return how many sweeps from high to low frequency there are."""
    return int(len(frequency) > 0) + int(np.count_nonzero(np.diff(frequency) > 0))


def ours(pattern: str) -> Callable[[Path], Found]:
    """Return how stripbench reads the files that it wrote."""

    def read(target: Path) -> Found:
        from storage.files import read_spectra

        spectra = [each.spectrum for path in _files(target, pattern) for each in read_spectra(path)]
        return len(spectra), np.concatenate([each.impedance for each in spectra])

    return read


def pyimpspec(pattern: str) -> Callable[[Path], Found]:
    """Return how pyimpspec reads them."""

    def read(target: Path) -> Found:
        from pyimpspec import parse_data

        sets = [each for path in _files(target, pattern) for each in parse_data(path)]
        return len(sets), np.concatenate([each.get_impedances() for each in sets])

    return read


def impedance(pattern: str, instrument: str) -> Callable[[Path], Found]:
    """Return how impedance.py reads them; it puts all spectra of a file below each other."""

    def read(target: Path) -> Found:
        from impedance.preprocessing import readFile

        read_files = [readFile(str(path), instrument=instrument) for path in _files(target, pattern)]
        return sum(_sweeps(each[0]) for each in read_files), np.concatenate([each[1] for each in read_files])

    return read


def _files(target: Path, pattern: str) -> list[Path]:
    # In the order of time: PEIS before GEIS in a run that strips.
    return sorted(
        target.glob(f"*/{pattern}"), key=lambda path: ("-PEIS" not in path.name or path.suffix == ".z", path)
    )


def xarray(target: Path) -> Found:
    """Read the spectra of a NetCDF file with xarray."""
    import xarray as xr

    (path,) = target.glob("*/*.nc")
    with xr.open_dataset(path, group="spectra", engine="h5netcdf") as spectra:
        values = (spectra["Z_re"] + 1j * spectra["Z_im"]).values
        return spectra.sizes["spectrum"], values[~np.isnan(spectra["frequency"].values)]


def h5netcdf(target: Path) -> Found:
    """Read them with h5netcdf alone."""
    import h5netcdf as netcdf

    (path,) = target.glob("*/*.nc")
    with netcdf.File(path, "r") as file:
        group = file["spectra"]
        values = group["Z_re"][...] + 1j * group["Z_im"][...]
        return len(values), values[~np.isnan(group["frequency"][...])]


def ncdump(target: Path) -> Found:
    """Have the tool of the netCDF library list the file."""
    (path,) = target.glob("*/*.nc")
    text = subprocess.run(["ncdump", "-h", str(path)], check=True, capture_output=True, text=True).stdout
    (line,) = [each for each in text.splitlines() if each.strip().startswith("spectrum = ")]
    return int(line.split("=")[1].strip(" ;")), None


def rocrate(target: Path) -> Found:
    """Open a run package as an RO-Crate, and look for every file that it describes."""
    from rocrate.rocrate import ROCrate

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target) as package:
        package.extractall(folder)
        (root,) = Path(folder).iterdir()
        crate = ROCrate(root)
        missing = [each.id for each in crate.data_entities if not (root / each.id).exists()]
        if missing:
            raise ValueError(f"what it describes is not in it: {missing[:3]}")
        return len(list(root.rglob("*.z"))), None


OPENINGS = (
    Opening("csv", "pandas", "pandas", pandas_csv),
    Opening("bdf-csv", "batterydf, validated", "bdf", batterydf),
    Opening("bdf-csv", "pandas", "pandas", pandas_bdf),
    Opening("bdf-parquet", "batterydf, validated", "bdf", batterydf),
    Opening("bdf-parquet", "pyarrow", "pyarrow", pyarrow_bdf),
    Opening("mpt", "stripbench", "storage", ours("*.mpt")),
    Opening("mpt", "pyimpspec", "pyimpspec", pyimpspec("*.mpt")),
    Opening("mpt", "impedance.py", "impedance", impedance("*.mpt", "biologic")),
    Opening("z", "stripbench", "storage", ours("*.z")),
    Opening("z", "pyimpspec", "pyimpspec", pyimpspec("*.z")),
    Opening("z", "impedance.py", "impedance", impedance("*.z", "zplot")),
    Opening("netcdf", "xarray", "xarray", xarray),
    Opening("netcdf", "h5netcdf", "h5netcdf", h5netcdf),
    Opening("netcdf", "ncdump", "ncdump", ncdump),
    Opening("eln", "rocrate", "rocrate", rocrate),
)
GET = {
    "bdf": "pip install batterydf",
    "ncdump": "it comes with the netCDF C library, e.g. apt install netcdf-bin",
}


def lacks(opening: Opening) -> str:
    """Return how to get what an opening needs; empty if it is there."""
    if opening.package == "ncdump":
        return "" if shutil.which("ncdump") else GET["ncdump"]
    if importlib.util.find_spec(opening.package) is not None:
        return ""
    return GET.get(opening.package, f"pip install {opening.package}")


def line(opening: Opening, target: Path, reader: RunReader) -> tuple[str, bool]:
    """Return what came of an opening, and whether it is as it should be."""
    name = f"{opening.form:<12} {opening.program:<21}"
    if get := lacks(opening):
        return f"{name} not installed ({get})", True
    spectra = [each.spectrum for each in intact_spectra(reader)[0]]
    if opening.form == "mpt":
        # A file for each technique; see `_files`.
        spectra.sort(key=lambda each: each.technique != "PEIS")
    expected = np.concatenate([each.impedance for each in spectra])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            count, found = opening.how(target)
    except Exception as error:  # noqa: BLE001 - whatever another program raises is the result here
        return f"{name} no   {type(error).__name__}: {str(error)[:120]}", False
    if found is None:
        return f"{name} yes  {count:>7}  –", count == len(spectra)
    if found.shape != expected.shape:
        return f"{name} yes  {count:>7}  {found.size} of {expected.size} points", False
    difference = float(np.max(np.abs(found - expected) / np.abs(expected), initial=0.0))
    return f"{name} yes  {count:>7}  {difference:.1e}", count == len(spectra) and difference < 1e-12


def table(reader: RunReader, exported: dict[str, Path]) -> Iterable[tuple[str, bool]]:
    """Return the lines of the table, each with whether it is as it should be."""
    for opening in OPENINGS:
        if opening.form in exported:
            yield line(opening, exported[opening.form], reader)


def main() -> int:
    """Print the table; return 1 if something did not open or differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", nargs="?")
    parser.add_argument("run", nargs="?", type=int)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="exports-") as folder:
        url = given.store or f"sqlite:///{Path(folder) / 'made.sqlite'}"
        with open_store(url, create=not given.store) as store:
            run = given.run if given.store else _made(store)
            reader, exported = store.run(run), {}
            print(f"run {run}: {reader.summary().spectra} spectra")
            print(f"{'format':<12} {'opened by':<21} open spectra  largest difference of Z")
            good = True
            for name in FORMATS:
                target = Path(folder) / f"{name}{SUFFIXES.get(name, '')}"
                try:
                    exported[name] = export(store, [run], target, name)
                except Exception as error:  # noqa: BLE001 - the others are still of interest
                    good = False
                    print(f"{name:<12} not written: {type(error).__name__}: {error}")
            for text, fine in table(reader, exported):
                good &= fine
                print(text + ("" if fine else "  ← wrong"))
    return 0 if good else 1


def _made(store: object) -> int:
    made = MadeRun(store)  # type: ignore[arg-type]
    for _ in range(20):
        made.sweep()
    made.end()
    return made.journal.run


if __name__ == "__main__":
    sys.exit(main())
