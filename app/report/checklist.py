"""The reporting checklist: what another laboratory has to be told, and whether the runs know it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.report.document import Paragraph, Section, Table
from app.report.numbers import listed, plain
from app.report.run_record import RunRecord

if TYPE_CHECKING:
    from app.conclusions import Conclusions

KNOWN, UNKNOWN, PARTLY = "✓", "✗", "(✓)"

FIXED_CHAMBER = 0.5
"""K; a standard deviation of the temperature from which on it does not count as controlled."""


@dataclass(frozen=True)
class Point:
    """One point of the checklist.

    Attributes
    ----------
    what : str
    asked : callable
        Of a run: what it says, empty if it does not know.
    enter : str
        Where to enter what, for the next run.
    of : callable, optional
        Whether the point is asked of a run at all.
    """

    what: str
    asked: Callable[[RunRecord], str]
    enter: str
    of: Callable[[RunRecord], bool] = lambda _record: True


def _amplitude(record: RunRecord) -> str:
    sweep = record.sweep
    if sweep is None or not sweep.amplitude > 0:
        return ""
    if sweep.technique == "GEIS":
        return f"GEIS {plain(record.facts.cell.current_density(sweep.amplitude))} µA cm⁻² peak"
    return f"{sweep.technique} {plain(sweep.amplitude * 1e3)} mV peak"


def _pressure(record: RunRecord) -> str:
    facts = record.facts
    if facts.pressure is None:
        return ""
    gauge = next((each.model for each in record.instruments if each.role == "gauge"), "force gauge")
    return f"{gauge}, per pellet area"


def _temperature(record: RunRecord) -> str:
    facts = record.facts
    if facts.temperature is None or facts.temperature_spread is None:
        return ""
    if facts.density is not None and facts.temperature_spread > FIXED_CHAMBER:
        return ""
    return "climate chamber, measured"


def _threshold(record: RunRecord) -> str:
    threshold = str(record.facts.header.parameters.get("threshold") or "")
    if not threshold:
        return ""
    kind = "areal" if "cm" in threshold or "m²" in threshold else "absolute"
    return f"{threshold} ({kind}), {record.facts.header.parameters.get('criterion', 'raw')}"


def _quality(record: RunRecord) -> str:
    found = record.quality
    return f"{100 * found.passed / found.fitted:.0f} % pass" if found.fitted else ""


def _thickness(record: RunRecord) -> str:
    cell = record.facts.cell
    return f"{cell.pellet_thickness * 1e3:.3g} mm, {cell.foil_thickness * 1e6:.0f} µm"


def _forming(record: RunRecord) -> str:
    pressure = record.facts.cell.history.forming_pressure
    return f"{plain(pressure / 1e6)} MPa" if pressure else ""


def _per_decade(record: RunRecord) -> str:
    return f"{record.sweep.per_decade:.1f}" if record.sweep and record.sweep.per_decade else ""


def _decides(record: RunRecord) -> bool:
    return "threshold" in record.facts.header.parameters


POINTS = (
    Point("Electrode area", lambda it: f"{it.facts.cell.area * 1e4:.4g} cm²", "electrode_diameter"),
    Point("Pellet area", lambda it: f"{it.facts.cell.pellet_area * 1e4:.4g} cm²", "pellet_diameter"),
    Point("Thickness of pellet and foil", _thickness, "pellet_thickness and foil_thickness of the cell"),
    Point("Forming pressure", _forming, "history.forming_pressure of the cell"),
    Point("Stack pressure: source and area", _pressure, "a gauge in the bench file"),
    Point("Temperature: control and spread", _temperature, "a chamber in the bench file; soak until steady"),
    Point("AC amplitude, peak", _amplitude, "amplitude and peis_amplitude of the protocol"),
    Point("Points per decade", _per_decade, "sweep_time, f_max and f_min of the protocol"),
    Point("Threshold of depletion and its kind", _threshold, "threshold of the protocol", _decides),
    Point("Kramers–Kronig test", _quality, "fit the spectra: stripbench refit RUN"),
)


def checklist(records: Sequence[RunRecord], conclusions: "Conclusions") -> Section:
    """Return the checklist, with what is missing and where to enter it."""
    rows = [_row(point, records) for point in POINTS]
    rows.append(_cells(records))
    drops = sorted({result.drop_name for result in conclusions.sand})
    rows.append(
        ("Concentration drop of D", KNOWN, ", ".join(drops), "")
        if drops
        else ("Concentration drop of D", UNKNOWN, "no D was concluded", "runs that were depleted")
    )
    words = Paragraph("What another laboratory needs to repeat this, and whether these runs know it.")
    return Section(
        "Reporting checklist", (words, Table(("what", "known", "value", "to be entered"), tuple(rows)))
    )


def _row(point: Point, records: Sequence[RunRecord]) -> tuple[str, ...]:
    asked = [record for record in records if point.of(record)]
    told = {record.run: point.asked(record) for record in asked}
    missing = [run for run, said in told.items() if not said]
    values = list(dict.fromkeys(said for said in told.values() if said))
    value = "; ".join(values[:3]) + (f" and {len(values) - 3} more" if len(values) > 3 else "")
    if not asked:
        return point.what, "–", "not asked of these protocols", ""
    if not missing:
        return point.what, KNOWN, value, ""
    mark = PARTLY if values else UNKNOWN
    return point.what, mark, value or "not known", f"run {listed(missing)}: {point.enter}"


def _cells(records: Sequence[RunRecord]) -> tuple[str, ...]:
    by_metal: dict[str, set[str]] = {}
    for record in records:
        by_metal.setdefault(record.facts.metal, set()).add(record.facts.cell.name)
    said = ", ".join(f"{metal}: {len(names)}" for metal, names in sorted(by_metal.items()))
    few = [metal for metal, names in by_metal.items() if len(names) < 3]
    enter = f"{', '.join(sorted(few))}: fewer than three electrodes say nothing of scatter" if few else ""
    return "Number of electrodes", KNOWN, said, enter
