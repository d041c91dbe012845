"""How good the spectra are, and by which model they were read."""

import json
from collections import Counter
from collections.abc import Sequence

from app.report.document import Block, Folded, Paragraph, Section, Table
from app.report.numbers import DASH, counted, listed, plain
from app.report.run_record import RunRecord


def quality(records: Sequence[RunRecord]) -> Section:
    """Return the section of Kramers–Kronig tests, fits and residuals."""
    found = [record.quality for record in records]
    fitted, passed = sum(each.fitted for each in found), sum(each.passed for each in found)
    if not fitted:
        return Section("Spectra and fits", (Paragraph("No spectrum of these runs was fitted.", "warning"),))
    spectra, dropped = sum(each.spectra for each in found), sum(each.dropped for each in found)
    words = (
        f"{counted(spectra, 'spectrum', 'spectra')} were taken and {fitted:,} fitted; {passed:,} "
        f"({100 * passed / fitted:.2f} %) pass the linear Kramers–Kronig test"
        + (f", and of {dropped:,} some frequencies were left out first." if dropped else ".")
    )
    blocks: list[Block] = [Paragraph(words)]
    blocks += _counted("Reservations of the fits", "reservation", [each.flags for each in found], fitted)
    blocks += _counted("Why frequencies were left out", "reason", [each.reasons for each in found], fitted)
    blocks.append(Folded("Run by run", (_each(records),)))
    blocks.append(_models(records))
    return Section("Spectra and fits", tuple(blocks))


def _counted(caption: str, name: str, counters: Sequence[Counter[str]], fitted: int) -> list[Block]:
    whole: Counter[str] = sum(counters, Counter())
    if not whole:
        return []
    rows = tuple((what, f"{count:,}", f"{100 * count / fitted:.2f}") for what, count in whole.most_common(12))
    return [Table((name, "fits", "of all / %"), rows, caption)]


def _each(records: Sequence[RunRecord]) -> Table:
    rows = []
    for record in records:
        each = record.quality
        share = f"{100 * each.passed / each.fitted:.1f}" if each.fitted else DASH
        counts = (each.spectra, each.fitted, each.passed)
        rows.append(
            (
                str(record.run),
                *(f"{count:,}" for count in counts),
                share,
                f"{each.dropped:,}",
                plain(100 * each.residual, 2),
                plain(100 * each.worst_residual, 2),
                ", ".join(f"{flag} ({count})" for flag, count in each.flags.most_common(4)) or DASH,
            )
        )
    headings = (
        "run", "spectra", "fitted", "pass KK", "pass / %", "frequencies left out", "rms / %",
        "95 % below / %", "reservations",
    )  # fmt: skip
    note = "rms: of the relative residuals of a fit; its median and 95th percentile in the run."
    return Table(headings, tuple(rows), "", note)


def _models(records: Sequence[RunRecord]) -> Table:
    runs: dict[tuple[str, int, str], list[int]] = {}
    counts: Counter[tuple[str, int, str]] = Counter()
    for record in records:
        for version in record.versions:
            key = circuit(version.model), version.version, how(version.version, version.how)
            runs.setdefault(key, []).append(record.run)
            counts[key] += version.count
    rows = tuple(
        (model, str(version), said, f"{counts[model, version, said]:,}", listed(found))
        for (model, version, said), found in sorted(runs.items())
    )
    note = (
        "Version 1 was fitted, and decided on, while a run went on. Conclusions use the latest "
        "version of each "
        "spectrum, as it was fitted alone."
    )
    return Table(("circuit", "version", "how", "fits", "runs"), rows, "Fits", note)


def circuit(model: str) -> str:
    """Return the name of a circuit; of what was held or expected in it only which quantities."""
    name, _, expected = model.partition(" {")
    told = [part.split("=")[0].strip() for part in expected.rstrip("}").split(",") if part.strip()]
    return f"{name}, with {', '.join(told)} known beforehand" if told else name


def how(version: int, told: dict[str, object] | None) -> str:
    """Say how the fits of a version were made."""
    if told is None:
        return "while the run went on" if version == 1 else "with the next sweep, while the run went on"
    said = {name: value for name, value in told.items() if value not in (None, "", [], {})}
    parts = [
        f"{name.replace('_', ' ')}: "
        + (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in said.items()
    ]
    return "afterwards; " + "; ".join(parts) if parts else "afterwards"
