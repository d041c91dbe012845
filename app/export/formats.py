"""The formats that runs are exported to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.export.bdf import write_csv as write_bdf_csv
from app.export.bdf import write_parquet as write_bdf_parquet
from app.export.eclab_text import write_run as write_eclab_text
from app.export.netcdf import write_run as write_netcdf
from app.export.tidy_csv import write_run as write_tidy_csv
from app.export.zview import write_run as write_zview
from app.export_names import SUFFIXES, SUMMARIES
from core.errors import BadInput
from core.telling import Tell
from storage import RunReader, Store


@dataclass(frozen=True)
class Format:
    """A format of files; it has either `write_run` or `write_all`.

    Attributes
    ----------
    name : str
        As it is asked for.
    summary : str
        What it is, in one line.
    write_run : callable or None
        Writes one run into a folder that is there and empty.
    write_all : callable or None
        Writes all runs into one file, which is not there yet.
    suffix : str
        How the name of that one file ends.
    needs : tuple of str
        Packages of the extra ``export`` that it is written with.
    """

    name: str
    summary: str
    write_run: Callable[[RunReader, Path, Tell], None] | None = None
    write_all: Callable[[Store, Sequence[int], Path, Tell], None] | None = None
    suffix: str = ""
    needs: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """Return the packages it needs that are not installed."""
        return [each for each in self.needs if find_spec(each) is None]

    def refuse_without_packages(self) -> None:
        """Raise a `BadInput` if a package that it is written with is not installed."""
        if missing := self.missing():
            raise BadInput(
                f"the format {self.name} is written with {' and '.join(missing)}, "
                f"which {'is' if len(missing) == 1 else 'are'} not installed;",
                "run: pip install 'stripbench[export]'",
            )


def format_of(name: str) -> Format:
    """Return the format of a name; raise a `BadInput` that lists them if there is none."""
    if name not in FORMATS:
        raise BadInput(f"there is no format {name!r};", f"there is {', '.join(FORMATS)}.")
    return FORMATS[name]


def _write_eln(store: Store, runs: Sequence[int], path: Path, tell: Tell) -> None:
    """Write a run package, which is made of the other formats here."""
    from app.export.eln import write_eln

    write_eln(store, runs, path, tell)


def _format(
    name: str,
    write_run: Callable[[RunReader, Path, Tell], None] | None = None,
    write_all: Callable[[Store, Sequence[int], Path, Tell], None] | None = None,
    needs: tuple[str, ...] = (),
) -> Format:
    return Format(name, SUMMARIES[name], write_run, write_all, SUFFIXES.get(name, ""), needs)


NETCDF, PARQUET = ("xarray", "h5netcdf", "h5py"), ("pyarrow",)

FORMATS = {
    each.name: each
    for each in (
        _format("csv", write_tidy_csv),
        _format("bdf-csv", write_bdf_csv),
        _format("bdf-parquet", write_bdf_parquet, needs=PARQUET),
        _format("mpt", write_eclab_text),
        _format("z", write_zview),
        _format("netcdf", write_netcdf, needs=NETCDF),
        _format("eln", write_all=_write_eln, needs=("rocrate", *PARQUET, *NETCDF)),
    )
}
