"""The diffusion model of the alloys, and how much of a foil can be used, as a section of a report."""

from typing import TYPE_CHECKING

from app.report.document import Block, Folded, Section, Table
from app.report.numbers import celsius, known, listed, plain, plus_minus
from core.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from app.conclusions import Conclusions
    from app.conclusions.model import UtilisationRow

HOUR = 3600.0
D_UNIT = 1e-15
"""m²/s in 10⁻¹¹ cm²/s."""

SCALE = "10⁻¹¹ cm² s⁻¹"


def model(conclusions: "Conclusions") -> Section:
    """Return the section of the model and of what it says of foils."""
    blocks: list[Block] = []
    if conclusions.alloy_models:
        blocks.append(_models(conclusions))
    rows = used(conclusions)
    if rows:
        blocks.append(_utilisations(rows))
        blocks.append(Folded("Times and diffusion coefficients of every foil", (_each(rows),)))
    return Section("Diffusion model and utilisation", tuple(blocks))


def _models(conclusions: "Conclusions") -> Table:
    rows = tuple(
        (
            each.metal,
            each.frame,
            each.law,
            plus_minus(each.diffusivity / D_UNIT, each.diffusivity_error / D_UNIT),
            plus_minus(each.steepness, each.steepness_error) if each.law != "constant" else "0",
            plain(each.measured_time / HOUR),
            plain(each.predicted_time / HOUR),
            plain(each.rms * 1e3, 2),
            plain(each.information, 4) if known(each.information) else "–",
            "✓" if each.preferred else "",
            f"{each.drop_name}: {plain(each.drop / 1e3)}",
            listed(each.runs),
        )
        for each in conclusions.alloy_models
    )
    headings = (
        "metal", "frame", "D", f"D / {SCALE}", "β", "t_0 / h", "t_0 of the model / h", "rms of E / mV",
        "AICc", "best", "Δc / mmol cm⁻³", "runs",
    )  # fmt: skip
    note = (
        "One D fitted to t_0 and to the potential at rest of the same electrode. “Conserving” moves "
        "the interface "
        "with the lithium that leaves, so that the magnesium stays; “fixed” does not. Of two models "
        "of the same "
        "data the one with the lower AICc describes it better."
    )
    return Table(headings, rows, "Model of the alloy", note)


def used(conclusions: "Conclusions") -> "list[UtilisationRow]":
    """Return the utilisation of foils of the alloys that these runs have; runs without alloy ask for none."""
    metals = {facts.metal for facts in conclusions.facts}
    return [row for row in conclusions.utilisations if row.metal in metals]


def _utilisations(found: "list[UtilisationRow]") -> Table:
    steps = sorted({round(row.temperature - ZERO_CELSIUS) for row in found})
    groups: dict[tuple[str, ...], dict[int, UtilisationRow]] = {}
    for row in found:
        key = row.metal, row.source, row.frame, f"{row.thickness * 1e6:.0f}", plain(row.density * 100)
        groups.setdefault(key, {})[round(row.temperature - ZERO_CELSIUS)] = row
    rows = tuple((*key, *(_shares(by.get(each)) for each in steps)) for key, by in groups.items())
    headings = (
        "metal",
        "D from",
        "frame",
        "foil / µm",
        "i / µA cm⁻²",
        *(f"at {each} °C / %" for each in steps),
    )
    note = (
        "How much of a foil can be stripped at a constant current before its interface is depleted: "
        "of all lithium / of what the β phase can give."
    )
    return Table(headings, rows, "Utilisation", note)


def _shares(row: "UtilisationRow | None") -> str:
    return "–" if row is None else f"{100 * row.total:.1f} / {100 * row.beta:.1f}"


def _each(found: "list[UtilisationRow]") -> Table:
    rows = tuple(
        (
            each.metal,
            each.frame,
            f"{each.thickness * 1e6:.0f}",
            plain(each.density * 100),
            celsius(each.temperature),
            plain(each.diffusivity / D_UNIT),
            f"{100 * each.total:.1f}",
            f"{100 * each.beta:.1f}",
            plain(each.time / HOUR),
            each.source,
        )
        for each in found
    )
    headings = (
        "metal", "frame", "foil / µm", "i / µA cm⁻²", "T / °C", f"D / {SCALE}", "of all Li / %",
        "of the β phase / %", "t / h", "D from",
    )  # fmt: skip
    return Table(headings, rows)
