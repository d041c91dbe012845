"""What was decided, what went wrong, and what people said: grouped and counted, details on request."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from app.report.document import Block, Folded, Paragraph, Section, Table
from app.report.numbers import DASH, counted, listed, plain, without_numbers
from app.report.run_record import RunRecord
from storage.annotations import ACKNOWLEDGED, NOTE
from storage.records import Annotation, StoredEvent

INTERRUPTIONS = (
    "after the pause", "no current", "not soaked", "overload", "program renewed", "rows lost", "taken over",
    "failed", "not safe", "not stopped", "instrument", "override",
)  # fmt: skip
"""Kinds of events after which a measurement is not quite what was planned."""


def decisions(records: Sequence[RunRecord]) -> Section:
    """Return the section of the decisions, counted, and of those that changed the bench."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    runs: dict[tuple[str, str, bool], set[int]] = defaultdict(set)
    changed: list[tuple[str, ...]] = []
    for record in records:
        for stored in record.decisions:
            decision = stored.decision
            outcome = without_numbers(decision.outcome)
            key = decision.rule, outcome, decision.changes_bench
            counts[key] += 1
            runs[key].add(record.run)
            if decision.changes_bench or decision.rule == "depletion":
                why = str(decision.parameters.get("why", "")) or DASH
                hours = f"{decision.time / 3600:.2f}"
                changed.append((str(record.run), hours, decision.rule, decision.outcome, why))
    if not counts:
        return Section("Decisions", (Paragraph("These runs decided nothing.", "note"),))
    rows = tuple(
        (rule, outcome, f"{count:,}", "yes" if acts else "no", listed(list(runs[rule, outcome, acts])))
        for (rule, outcome, acts), count in sorted(counts.items(), key=lambda entry: (entry[0][0], -entry[1]))
    )
    blocks: list[Block] = [
        Table(("rule", "outcome", "times", "changed the bench", "runs"), rows, "Decisions, counted"),
    ]
    if changed:
        table = Table(("run", "hours", "rule", "outcome", "why"), tuple(changed))
        blocks.append(Folded("Every depletion, and every decision that changed the bench", (table,)))
    return Section("Decisions", tuple(blocks))


def alarms(records: Sequence[RunRecord]) -> Section:
    """Return the section of alarms and warnings, each with whoever has seen it, of notes and of gaps."""
    found = [(record, each) for record in records for each in record.events if each.event.severity != "info"]
    loud = [(record, each) for record, each in found if each.event.severity == "alarm"]
    quiet = [(record, each) for record, each in found if each.event.severity != "alarm"]
    blocks: list[Block] = [
        Paragraph(f"{counted(len(loud), 'alarm')} and {counted(len(quiet), 'warning')} were given.")
    ]
    if loud:
        blocks.append(_said(loud, "Alarms"))
    if quiet:
        kinds = Counter(each.event.kind for _, each in quiet)
        named = ", ".join(f"{kind} ({count})" for kind, count in kinds.most_common())
        blocks.append(Folded(f"Warnings: {named}", (_said(quiet, ""),)))
    blocks += _notes(records)
    blocks += _interruptions(records)
    return Section("Alarms, notes and interruptions", tuple(blocks))


def _said(found: Sequence[tuple[RunRecord, StoredEvent]], caption: str) -> Table:
    rows = tuple(
        (
            str(record.run),
            f"{each.event.time / 3600:.2f}",
            each.event.kind,
            each.event.message,
            _seen(record, each.id),
        )
        for record, each in found
    )
    return Table(("run", "hours", "what", "message", "acknowledged"), rows, caption)


def _seen(record: RunRecord, event: int) -> str:
    seen = [each for each in record.annotations if each.kind == ACKNOWLEDGED and each.about == event]
    return _by(seen[0]) if seen else "not acknowledged"


def _by(said: Annotation) -> str:
    return f"{said.author or 'somebody'}, {said.made_utc:%Y-%m-%d %H:%M} UTC"


def _notes(records: Sequence[RunRecord]) -> list[Block]:
    rows = []
    for record in records:
        for event in record.events:
            if event.event.kind == NOTE:
                rows.append((str(record.run), f"{event.event.time / 3600:.2f}", event.event.message, DASH))
        for said in record.annotations:
            if said.kind == NOTE:
                pinned = DASH if said.time is None else f"{said.time / 3600:.2f}"
                rows.append((str(record.run), pinned, said.text, _by(said)))
    if not rows:
        return [Paragraph("Nobody wrote a note.", "note")]
    return [Table(("run", "hours", "note", "by"), tuple(rows), "Notes")]


def _interruptions(records: Sequence[RunRecord]) -> list[Block]:
    rows = []
    for record in records:
        kinds = Counter(each.event.kind for each in record.events if each.event.kind in INTERRUPTIONS)
        quality = record.quality
        if not kinds and not quality.gaps:
            continue
        said = ", ".join(f"{kind} ({count})" for kind, count in kinds.most_common()) or DASH
        longest = plain(quality.longest_gap / 60) if quality.gaps else DASH
        rows.append((str(record.run), said, str(quality.gaps), longest))
    if not rows:
        return [Paragraph("No run was interrupted, and none has a gap between its spectra.", "note")]
    headings = ("run", "events", "gaps", "longest gap / min")
    note = (
        "A gap is a span without a usable spectrum while the current was on, five times as long as usual; a "
        "change of current or temperature makes one too."
    )
    return [Table(headings, tuple(rows), "Interruptions and gaps", note)]
