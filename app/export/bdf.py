"""Battery Data Format: one table a run, as CSV or Parquet, and a JSON sidecar that explains it.

The table is that of `app.export.time_base`. The sidecar has the name by which batterydf looks for
one, and is a schema.org Dataset for programs that read JSON-LD.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.export.about import about, write_about
from app.export.naming import MARK, folder_name
from app.export.time_base import COLUMNS, RULES, bdf_table
from core.telling import Tell
from storage import RunReader
from storage.intact import intact_spectra

if TYPE_CHECKING:
    import pandas as pd


ONTOLOGY = "https://w3id.org/battery-data-alliance/ontology/battery-data-format#"


def write_csv(reader: RunReader, folder: Path, tell: Tell) -> None:
    """Write one run as ``.bdf.csv`` with its sidecar.

    Parameters
    ----------
    reader : RunReader
    folder : Path
        Is there, and empty.
    tell : callable
        Told what is being written, how much of it is done, and how much there is.

    Raises
    ------
    OSError
        If the disk does not take it.
    StoreError
        If the store cannot be read. A spectrum that is damaged is left out, and said so in the sidecar.
    """
    _write(reader, folder, tell, ".bdf.csv", lambda table, path: table.to_csv(path, index=False))


def write_parquet(reader: RunReader, folder: Path, tell: Tell) -> None:
    """Write one run as ``.bdf.parquet`` with its sidecar; else as `write_csv`."""
    _write(reader, folder, tell, ".bdf.parquet", partial(_to_parquet, simulated=reader.header.simulated))


def _to_parquet(table: "pd.DataFrame", path: Path, *, simulated: bool) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    written = pa.Table.from_pandas(table, preserve_index=False)
    said = {b"stripbench": MARK.encode() if simulated else b"measured"}
    pq.write_table(written.replace_schema_metadata((written.schema.metadata or {}) | said), path)


def _write(
    reader: RunReader, folder: Path, tell: Tell, suffix: str, write: "Callable[[pd.DataFrame, Path], None]"
) -> None:
    spectra, left_out = intact_spectra(reader)
    summary = reader.summary()
    what = f"run {reader.run}: Battery Data Format"
    tell(what, 0, 2)
    table, sources, unplaced = bdf_table(reader, [each.spectrum for each in spectra])
    tell(what, 1, 2)
    name = folder_name(reader.run, summary.simulated) + suffix
    write(table, folder / name)
    columns = {label: {"rows": int(table[label].notna().sum())} for label in table.columns}
    tables = {name: {"rows": len(table), "columns": columns, "sources": sources, "rules": list(RULES)}}
    known = about(
        reader, summary, tables, [*left_out, *unplaced], "Battery Data Format, labels of its ontology 1.x",
        "as the headings say; a positive current goes into the working electrode, i.e. strips it",
    )  # fmt: skip
    write_about(_linked(known, name), folder / f"{name}.metadata.json")
    tell(what, 2, 2)


def _linked(known: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the sidecar: a schema.org Dataset, with all that is known of the run in one of its keys."""
    simulated = f" ({MARK})" if known["simulated"] else ""
    cell = known["cell"]["name"]
    return {
        "@context": {"@vocab": "https://schema.org/", "bdf": ONTOLOGY},
        "@type": "Dataset",
        "name": f"run {known['run']}: {known['protocol']} of {cell}{simulated}",
        "description": f"Impedance and cycling data of the cell {cell}, written by stripbench.{simulated}",
        "dateCreated": known["started_utc"],
        "distribution": {"@type": "DataDownload", "contentUrl": name},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": label, "unitText": label.partition(" / ")[2]}
            | ({"propertyID": f"bdf:{term}"} if term else {})
            for label, term in COLUMNS.items()
        ],
        "stripbench": known,
    }
