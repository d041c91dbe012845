"""Writing a report: read, conclude, compose, render, and put under its name only when it is whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.report.document import Document
from app.writing import new_file
from core.errors import BadInput
from core.telling import Tell, nobody
from storage import Store

if TYPE_CHECKING:
    from app.conclusions import Conclusions

Drop = Literal["c0", "c0-cmin"]
ENDINGS = (".html", ".htm", ".pdf")


def write_report(
    store: Store, runs: Sequence[int], path: Path, drop: Drop = "c0", tell: Tell | None = None
) -> Path:
    """Write the report of some runs to a file; see `report_and_conclusions`."""
    report_and_conclusions(store, runs, path, drop, tell)
    return path


def report_and_conclusions(
    store: Store, runs: Sequence[int], path: Path, drop: Drop = "c0", tell: Tell | None = None
) -> "Conclusions":
    """Write the report of some runs to a file, and return what was concluded from them.

    Parameters
    ----------
    store : Store
    runs : sequence of int
        Live ones are marked as unfinished.
    path : Path
        Ends in .html or .pdf; must not exist.
    drop : {"c0", "c0-cmin"}
        The concentration drop that D is calculated with.
    tell : callable, optional

    Raises
    ------
    BadInput
        If there is nothing to report on, a run is in the bin, or the file cannot be made or exists.
    StripbenchError
        If it could not be written; nothing of it is kept.
    """
    said = tell or nobody
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"a report cannot be a {path.suffix or 'nameless'} file;", "name it .html or .pdf.")
    numbers = list(dict.fromkeys(runs))
    if not numbers:
        raise BadInput("no run is named, so there is nothing to report on;", "name the runs.")
    _refuse_binned(store, numbers)
    with new_file(path) as unfinished:
        whole, conclusions = composed(store, numbers, drop, said)
        said("writing", 0, 1)
        if path.suffix.lower() == ".pdf":
            from app.report.pdf import render as render_pdf

            render_pdf(whole, unfinished)
        else:
            from app.report.html import render as render_html

            unfinished.write_text(render_html(whole), encoding="utf-8")
        said("writing", 1, 1)
    return conclusions


def composed(
    store: Store, runs: Sequence[int], drop: Drop = "c0", tell: Tell | None = None
) -> "tuple[Document, Conclusions]":
    """Return the report of some runs as a document, and what was concluded."""
    from app.conclusions import conclude
    from app.report.compose import compose
    from app.report.run_record import record_of

    said = tell or nobody
    conclusions = conclude(store, runs, drop, lambda _part, done, total: said("concluding", done, total))
    records = []
    for place, facts in enumerate(conclusions.facts):
        said("reading spectra, decisions and events", place, len(conclusions.facts))
        records.append(record_of(facts))
    said("reading spectra, decisions and events", len(records), len(records))
    return compose(store, records, conclusions), conclusions


def _refuse_binned(store: Store, runs: Sequence[int]) -> None:
    binned = [run for run in runs if store.run(run).summary().binned]
    if binned:
        named = ", ".join(map(str, binned))
        raise BadInput(
            f"run {named} is in the bin;" if len(binned) == 1 else f"runs {named} are in the bin;",
            f"leave out what is in the bin, or take it out: stripbench restore {' '.join(map(str, binned))}",
        )
