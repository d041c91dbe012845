"""Which cells, and under which conditions: what has to be known to compare with anybody else's."""

from collections.abc import Sequence

from app.protocol_words import in_words
from app.report.document import Folded, Paragraph, Section, Table
from app.report.numbers import DASH, listed, plain, plus_minus
from app.report.run_record import RunRecord
from core.cell import Cell, CounterElectrode
from core.units import ZERO_CELSIUS


def cells(records: Sequence[RunRecord]) -> Section:
    """Return the section of the cells, each working electrode once."""
    by_cell: dict[str, list[RunRecord]] = {}
    for record in records:
        by_cell.setdefault(record.facts.cell.name, []).append(record)
    first = [(found[0].facts.cell, found) for found in by_cell.values()]
    sizes = Table(
        (
            "cell", "anode", "electrode area / cm²", "pellet area / cm²", "pellet / mm", "foil / µm",
            "formed at / MPa", "annealed", "runs",
        ),
        tuple(_size(cell, found) for cell, found in first),
        "Cells",
        "Current, charge, resistance and capacitance are per area of the electrode; the stack pressure is "
        f"the force per area of the pellet. {_usual()}",
    )  # fmt: skip
    return Section("Cells", (sizes, *_histories([cell for cell, _ in first])))


def _usual() -> str:
    """Say what stands in the table where nobody told anything else: a report must not pass it off as told."""
    fields, counter = Cell.model_fields, CounterElectrode()
    pellet = [float(fields[f"pellet_{each}"].default) * 1e3 for each in ("diameter", "thickness")]
    return (
        "What a cell file, or an imported file, does not tell is taken as usual here: a pellet of "
        f"{pellet[0]:g} mm, {pellet[1]:g} mm thick, a foil of {fields['foil_thickness'].default * 1e6:g} µm, "
        f"and a counter electrode of {counter.anode} formed at {counter.forming_pressure / 1e6:g} MPa, "
        f"{counter.thickness * 1e6:g} µm thick."
    )


def conditions(records: Sequence[RunRecord]) -> Section:
    """Return the section of what was done to them, and how they were looked at."""
    done = Table(
        (
            "run", "cell", "protocol", "i / µA cm⁻²", "T / °C", "p / MPa", "spectra", "hours", "ended",
        ),
        tuple(_done(record) for record in records),
        "Conditions, as measured",
        "i is the mean while the current was first on. T is mean ± standard deviation while the "
        "current flowed; p is per area of the pellet, ± the standard error "
        "of the gauge and its scatter together. Without current, both are of the whole run.",
    )  # fmt: skip
    looked = Table(
        (
            "run", "technique", "f_max / Hz", "f_min / Hz", "points per decade", "amplitude (peak)",
            "threshold", "cut-off / V",
        ),
        tuple(_looked(record) for record in records),
        "Impedance and criteria",
        "The threshold is of R_int: areal where it has cm², absolute where it has none; “raw” is compared "
        "as measured, and not brought to 25 °C before.",
    )  # fmt: skip
    return Section("Conditions", (done, Folded("How impedance was taken, run by run", (looked,))))


def _size(cell: Cell, found: Sequence[RunRecord]) -> tuple[str, ...]:
    history = cell.history
    annealed = DASH
    if history.annealed_for:
        at = f" at {history.annealed_at - ZERO_CELSIUS:.0f} °C" if history.annealed_at else ""
        annealed = f"{plain(history.annealed_for / 3600)} h{at}"
    return (
        cell.name,
        cell.anode,
        f"{cell.area * 1e4:.4f}",
        f"{cell.pellet_area * 1e4:.4f}",
        f"{cell.pellet_thickness * 1e3:.2f}",
        f"{cell.foil_thickness * 1e6:.0f}",
        DASH if history.forming_pressure is None else plain(history.forming_pressure / 1e6),
        annealed,
        listed([record.run for record in found]),
    )


def _histories(found: Sequence[Cell]) -> tuple[Folded, ...]:
    rows = tuple(
        (
            cell.name,
            cell.history.formed_at or DASH,
            cell.history.polishing or DASH,
            f"{cell.counter.anode}, WE {cell.counter.working_electrode_number}",
            plain(cell.counter.forming_pressure / 1e6),
            f"{cell.counter.thickness * 1e6:.0f}",
            cell.notes or DASH,
        )
        for cell in found
    )
    headings = (
        "cell", "formed", "polishing", "counter electrode", "its forming / MPa", "its foil / µm", "notes",
    )  # fmt: skip
    return (Folded("History and counter electrodes", (Table(headings, rows),)),)


def _done(record: RunRecord) -> tuple[str, ...]:
    facts, summary = record.facts, record.facts.summary
    return (
        str(facts.run),
        facts.cell.name,
        in_words(facts.protocol),
        DASH if facts.density is None else plain(facts.density * 100),
        DASH
        if facts.temperature is None
        else f"{facts.temperature - ZERO_CELSIUS:.2f} ± {facts.temperature_spread or 0.0:.2f}",
        DASH
        if facts.pressure is None
        else plus_minus(facts.pressure / 1e6, (facts.pressure_error or 0.0) / 1e6),
        f"{summary.spectra:,}",
        f"{summary.bench_time / 3600:.1f}",
        f"unfinished: {summary.state.value}" if summary.live else summary.ended or summary.state.value,
    )


def _looked(record: RunRecord) -> tuple[str, ...]:
    sweep, parameters = record.sweep, record.facts.header.parameters
    taken: tuple[str, ...] = (DASH,) * 5
    if sweep is not None:
        amplitude = DASH
        if sweep.technique == "GEIS":
            amplitude = f"{plain(record.facts.cell.current_density(sweep.amplitude))} µA cm⁻²"
        elif sweep.technique == "PEIS" and sweep.amplitude > 0:  # a file from elsewhere may not tell
            amplitude = f"{plain(sweep.amplitude * 1e3)} mV"
        ends = plain(sweep.highest), plain(sweep.lowest)
        taken = (sweep.technique, *ends, f"{sweep.per_decade:.1f}", amplitude)
    threshold = str(parameters.get("threshold") or DASH)
    if threshold != DASH and parameters.get("criterion"):
        threshold += f", {parameters['criterion']}"
    return (str(record.run), *taken, threshold, cut_off(record))


def cut_off(record: RunRecord) -> str:
    """Return the cut-off of a run in V as it acted, in words; a dash where the protocol has none."""
    parameters = record.facts.header.parameters
    if "cut_off" not in parameters:
        return DASH
    if parameters["cut_off"] is not None:
        return plain(float(parameters["cut_off"]))
    acted = [step.parameters.get("cut_off_V") for step in record.facts.reader.steps()]
    known = [float(value) for value in acted if value is not None]
    return plain(known[0]) if known else DASH


def unfinished(records: Sequence[RunRecord]) -> Paragraph | None:
    """Return the warning that runs go on while the report is made; None if all have ended."""
    live = [record.run for record in records if record.facts.summary.live]
    if not live:
        return None
    return Paragraph(
        f"Run{'s' * (len(live) > 1)} {listed(live)} had not ended when this was written: what is said of "
        f"{'them' if len(live) > 1 else 'it'} is unfinished.",
        "warning",
    )
