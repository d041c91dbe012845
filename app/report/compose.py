"""What a report says, in which order: the answers first, and then everything they rest on."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.report import cells, checklist, contact, diffusion, happenings, model, provenance, quality
from app.report.answers import answers
from app.report.document import Block, Document, Figure, Folded, Paragraph, Section, Table
from app.report.numbers import counted, listed
from app.report.run_record import RunRecord
from core.clock import utc_now
from storage import Store
from storage.provenance import installed_versions

if TYPE_CHECKING:
    from app.conclusions import Conclusions
    from app.figures.kind import FigureKind


def compose(store: Store, records: Sequence[RunRecord], conclusions: "Conclusions") -> Document:
    """Return the report of some runs.

    Parameters
    ----------
    store : Store
    records : sequence of RunRecord
    conclusions : Conclusions
        Of the same runs.
    """
    drawn = figures(conclusions)
    sections = (
        answers(conclusions, cells.unfinished(records)),
        drawn,
        diffusion.depletion(conclusions),
        diffusion.diffusion(conclusions),
        diffusion.energies(conclusions),
        contact.contact(conclusions),
        contact.cycling(conclusions),
        model.model(conclusions),
        refused(conclusions),
        cells.cells(records),
        cells.conditions(records),
        quality.quality(records),
        happenings.decisions(records),
        happenings.alarms(records),
        checklist.checklist(records, conclusions),
        provenance.provenance(store, records),
    )
    return Document(
        title(store, records),
        _subtitle(records),
        mark(records),
        f"stripbench {installed_versions()['stripbench']}, {utc_now():%Y-%m-%d %H:%M} UTC",
        sections,
    )


def title(store: Store, records: Sequence[RunRecord]) -> str:
    """Return what a report is called: after its campaign, its cell, or how many runs it has."""
    numbers = {record.facts.header.campaign for record in records}
    named = store.campaign(number).header if len(numbers) == 1 and (number := numbers.pop()) else None
    if named is not None and len(records) > 1:
        return named.title or named.name
    names = list(dict.fromkeys(record.facts.cell.name for record in records))
    if len(records) == 1:
        return f"Run {records[0].run}: {names[0]}"
    return f"Runs {listed([record.run for record in records])}"


def mark(records: Sequence[RunRecord]) -> str:
    """Return what stands on every page: which runs were simulated; empty if none was."""
    simulated = [record.run for record in records if record.facts.simulated]
    if not simulated:
        return ""
    return "SIMULATED" if len(simulated) == len(records) else f"SIMULATED: runs {listed(simulated)}"


def _subtitle(records: Sequence[RunRecord]) -> str:
    began = min(record.facts.summary.started_utc for record in records)
    names = {record.facts.cell.name for record in records}
    spectra = sum(record.facts.summary.spectra for record in records)
    parts = (
        counted(len(records), "run"),
        counted(len(names), "electrode"),
        counted(spectra, "spectrum", "spectra"),
        f"begun {began:%Y-%m-%d}",
    )
    return " · ".join(parts)


def figures(conclusions: "Conclusions") -> Section:
    """Return the figures that the data allow, and of the others why not."""
    from app.figures import FIGURES, possible

    chosen = possible(conclusions)
    blocks: list[Block] = [
        Figure(kind.name, _caption(kind, conclusions, place), partial(kind.draw, conclusions, "double"))
        for place, kind in enumerate(chosen, 1)
    ]
    missing = _missing([kind for kind in dict.fromkeys(FIGURES.values()) if kind not in chosen], conclusions)
    return Section("Figures", (*blocks, *missing))


def _caption(kind: "FigureKind", conclusions: "Conclusions", place: int) -> str:
    like = f" (as Fig. {kind.paper} of the paper)" if kind.paper else ""
    return f"Figure {place}{like}. {kind.caption(conclusions)}"


def _missing(kinds: Sequence["FigureKind"], conclusions: "Conclusions") -> list[Block]:
    if not kinds:
        return []
    rows = tuple((kind.name, kind.missing(conclusions)) for kind in kinds)
    summary = f"{counted(len(rows), 'figure')} that these runs do not give"
    return [Folded(summary, (Table(("figure", "why not"), rows),))]


def refused(conclusions: "Conclusions") -> Section:
    """Return what could not be concluded, why, and what would help."""
    if not conclusions.refused:
        words = "Everything that was tried could be concluded."
        return Section("Not concluded", (Paragraph(words, "note"),))
    rows = tuple((each.what, each.why, each.remedy, listed(each.runs)) for each in conclusions.refused)
    return Section("Not concluded", (Table(("what", "why", "what would help", "runs"), rows),))
