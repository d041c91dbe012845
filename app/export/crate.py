"""What the description of a run package says, as an RO-Crate 1.1.

Only what is known is said: there is no author, no licence and no institution unless the store knows one.
"""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.protocol_words import in_words
from core.clock import utc_now
from core.errors import StripbenchError
from storage import RunSummary, Store, installed_versions

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".html": "text/html",
    ".mpt": "text/plain",
    ".z": "text/plain",
    ".nc": "application/netcdf",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
}
"""By the ending of a file; what is not here is looked up, or not said."""

SOFTWARE = "#stripbench"


@dataclass(frozen=True)
class RunParts:
    """What there is of one run in a package.

    Attributes
    ----------
    run : int
    folder : str
        Of the run, in the package.
    files : dict of str to str
        What each file is, by its path in the package.
    """

    run: int
    folder: str
    files: Mapping[str, str]


def described(
    name: str,
    store: Store,
    parts: Sequence[RunParts],
    digests: Mapping[str, str],
    sizes: Mapping[str, int],
    notes: Sequence[str],
) -> dict[str, Any]:
    """Return the description of a package, JSON-able.

    Parameters
    ----------
    name : str
        Of the package and of the folder in it.
    store : Store
    parts : sequence of RunParts
    digests, sizes : dict
        SHA-256 and bytes of every file, by its path in the package.
    notes : sequence of str
        What is missing or damaged, in words.
    """
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    summaries = [store.run(each.run).summary() for each in parts]
    simulated = sum(each.simulated for each in summaries)
    crate.name = f"{_mark(simulated, len(summaries))}{name}"
    crate.description = _words(summaries, simulated, notes)
    crate.datePublished = utc_now()
    _software(crate)
    crate.metadata["sdPublisher"] = {"@id": SOFTWARE}
    contents = [
        _run(crate, store, each, summary, digests, sizes)
        for each, summary in zip(parts, summaries, strict=True)
    ]
    of_runs = {path for each in parts for path in each.files}
    contents += [_file(crate, path, _whole(path), digests, sizes) for path in digests if path not in of_runs]
    # The library lists every file of every run here too; a notebook would take each for an entry.
    crate.root_dataset["hasPart"] = [{"@id": each.id} for each in contents]
    result = crate.metadata.generate()
    if not isinstance(result, dict):
        raise StripbenchError(
            "the library for RO-Crates gave no description;", "update it: pip install -U rocrate"
        )
    return result


def _mark(simulated: int, total: int) -> str:
    if not simulated:
        return ""
    return "SIMULATED: " if simulated == total else f"{simulated} of {total} runs SIMULATED: "


def _words(summaries: Sequence[RunSummary], simulated: int, notes: Sequence[str]) -> str:
    runs = "1 run" if len(summaries) == 1 else f"{len(summaries)} runs"
    cells = ", ".join(dict.fromkeys(each.cell for each in summaries))
    words = f"{_mark(simulated, len(summaries))}{runs} of a stripping bench on {cells}."
    if simulated:
        words += " What is SIMULATED was measured on no real cell."
    return words + "".join(f" {note[:1].upper()}{note[1:].rstrip('.')}." for note in notes)


def _software(crate: "ROCrate") -> None:
    from rocrate.model.contextentity import ContextEntity

    properties = {
        "@type": "SoftwareApplication",
        "name": "stripbench",
        "version": installed_versions()["stripbench"],
    }
    crate.add(ContextEntity(crate, SOFTWARE, properties=properties))


def _run(
    crate: "ROCrate",
    store: Store,
    parts: RunParts,
    summary: RunSummary,
    digests: Mapping[str, str],
    sizes: Mapping[str, int],
) -> Any:
    """Describe one run, its data and how they came about; return its dataset."""
    mark = "SIMULATED " if summary.simulated else ""
    what = f"{in_words(summary.protocol)} of {summary.cell}"
    cell = store.run(parts.run).header.cell
    properties: dict[str, Any] = {
        "name": f"{mark}run {parts.run}: {what}",
        "description": (
            f"{mark}{what}, {cell.anode}, electrode {cell.area * 1e4:.4g} cm², {summary.spectra} impedance "
            f"spectra; {summary.state.value}"
            + (f": {summary.end_reason}" if summary.end_reason != summary.state.value else "")
        ),
        "dateCreated": summary.started_utc.isoformat(),
        "identifier": f"run {parts.run}",
        "keywords": ", ".join(filter(None, (summary.protocol, cell.anode, "impedance", mark.strip()))),
    }
    data = crate.add_dataset(dest_path=f"{parts.folder}/", properties=properties)
    for path, words in parts.files.items():
        data.append_to("hasPart", _file(crate, path, words, digests, sizes))
    _action(crate, store, parts, summary, data)
    return data


def _action(crate: "ROCrate", store: Store, parts: RunParts, summary: RunSummary, data: Any) -> None:
    from rocrate.model.contextentity import ContextEntity

    means: list[dict[str, str]] = [{"@id": SOFTWARE}]
    for each in store.run(parts.run).instruments():
        own = f"#run-{parts.run}-{each.role}"
        known = {"model": each.model, "serialNumber": each.serial, "softwareVersion": each.firmware}
        said = {key: value for key, value in known.items() if value}
        product = {"@type": "IndividualProduct", "name": each.role} | said
        crate.add(ContextEntity(crate, own, properties=product))
        means.append({"@id": own})
    properties: dict[str, Any] = {
        "@type": "CreateAction",
        "name": f"run {parts.run} on {summary.bench}" + (" (SIMULATED)" if summary.simulated else ""),
        "startTime": summary.started_utc.isoformat(),
        "instrument": means,
        "result": {"@id": data.id},
    }
    if summary.ended_utc is not None:
        properties["endTime"] = summary.ended_utc.isoformat()
    action = crate.add(ContextEntity(crate, f"#run-{parts.run}", properties=properties))
    crate.root_dataset.append_to("mentions", action)


def _whole(path: str) -> str:
    return {
        "report.html": "report of the runs: figures, tables with uncertainties, decisions, provenance",
        "stripbench.sqlite": "the runs as stripbench keeps them; stripbench import reads them back",
    }.get(path, "")


def _file(
    crate: "ROCrate", path: str, words: str, digests: Mapping[str, str], sizes: Mapping[str, int]
) -> Any:
    ending = Path(path).suffix.lower()
    media = MEDIA_TYPES.get(ending) or mimetypes.guess_type(path)[0]
    properties: dict[str, Any] = {
        "name": Path(path).name,
        "description": words,
        "encodingFormat": media,
        "contentSize": str(sizes[path]),
        "sha256": digests[path],
    }
    given = {key: value for key, value in properties.items() if value}
    return crate.add_file(dest_path=path, properties=given)
