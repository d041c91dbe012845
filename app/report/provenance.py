"""Where a report comes from: software, instruments, files, seeds and times."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from app.report.document import Block, Folded, Pairs, Section, Source, Table
from app.report.numbers import DASH, listed
from app.report.run_record import RunRecord
from core.clock import utc_now
from storage import RunSummary, Store
from storage.provenance import installed_versions


def provenance(store: Store, records: Sequence[RunRecord]) -> Section:
    """Return the section that says where every number comes from, without the paths of anybody's computer."""
    now = installed_versions()
    headers = [record.facts.header for record in records]
    seeds = sorted({str(header.seed) for header in headers if header.seed is not None})
    pairs = [
        ("Report made", f"{utc_now():%Y-%m-%d %H:%M:%S} UTC by stripbench {now['stripbench']}"),
        ("Store", Path(store.path).name),
        ("Runs", listed([record.run for record in records])),
        ("Campaigns", "; ".join(campaigns(store, records)) or "none"),
        ("Simulated", _simulated(records)),
        ("Seeds", ", ".join(seeds) or "none"),
        ("Software of this report", _versions(now)),
        *((f"Software of runs {listed(runs)}", said) for said, runs in _software(records).items()),
    ]
    blocks: list[Block] = [Pairs(tuple(pairs)), *_instruments(records), _runs(records)]
    blocks += _files(records)
    return Section("Provenance", tuple(blocks))


def campaigns(store: Store, records: Sequence[RunRecord]) -> list[str]:
    """Return number and title of the campaigns that runs belong to."""
    numbers = dict.fromkeys(record.facts.header.campaign for record in records)
    found = []
    for number in numbers:
        if number is not None:
            header = store.campaign(number).header
            found.append(f"{number}, {header.name}" + f": {header.title}" * bool(header.title))
    return found


def digest(text: str) -> str:
    """Return the first digits of the SHA-256 of a file as it was given; a dash if there is none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else DASH


def _simulated(records: Sequence[RunRecord]) -> str:
    simulated = [record.run for record in records if record.facts.simulated]
    if not simulated:
        return "no"
    return "all runs" if len(simulated) == len(records) else f"runs {listed(simulated)}"


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _software(records: Sequence[RunRecord]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for record in records:
        found.setdefault(_versions(record.facts.header.versions), []).append(record.run)
    return found


def _instruments(records: Sequence[RunRecord]) -> list[Block]:
    found: dict[tuple[str, ...], list[int]] = {}
    for record in records:
        for each in record.instruments:
            key = each.role, each.model, each.serial or DASH, each.firmware or DASH
            found.setdefault(key, []).append(record.run)
    rows = tuple((*key, listed(runs)) for key, runs in sorted(found.items()))
    headings = ("role", "instrument", "serial number", "firmware", "runs")
    return [Table(headings, rows, "Instruments")] if rows else []


def _runs(records: Sequence[RunRecord]) -> Folded:
    rows = []
    for record in records:
        summary, header = record.facts.summary, record.facts.header
        ended = _ended(summary)
        seed = DASH if header.seed is None else str(header.seed)
        digests = digest(header.experiment_text), digest(header.bench_text)
        started = f"{summary.started_utc:%Y-%m-%d %H:%M:%S}"
        rows.append((str(record.run), summary.path or DASH, started, ended, seed, *digests))
    headings = ("run", "step of the campaign", "started (UTC)", "ended (UTC)", "seed", "experiment", "bench")
    note = (
        "Experiment and bench: the first 16 digits of the SHA-256 of the file as it was given. Simulated "
        "runs are dated by the clock of their bench."
    )
    return Folded("Times, seeds and files, run by run", (Table(headings, tuple(rows), "", note),))


def _ended(summary: RunSummary) -> str:
    """Return when a run ended: a simulated one bench seconds after its start, as it is dated everywhere."""
    ended = summary.ended_utc
    if ended is not None and summary.simulated:
        ended = summary.started_utc + timedelta(seconds=summary.bench_time)
    return DASH if ended is None else f"{ended:%Y-%m-%d %H:%M:%S}"


def _files(records: Sequence[RunRecord]) -> list[Block]:
    """Return the bench files, each once; of experiments only the first few, where there are few."""
    blocks: list[Block] = []
    benches = dict.fromkeys(record.facts.header.bench_text for record in records)
    for text in filter(None, benches):
        blocks.append(Folded(f"Bench file {digest(text)}", (Source(text),)))
    experiments = dict.fromkeys(record.facts.header.experiment_text for record in records)
    if len(experiments) <= 4:
        for text in filter(None, experiments):
            blocks.append(Folded(f"Experiment file {digest(text)}", (Source(text),)))
    return blocks
