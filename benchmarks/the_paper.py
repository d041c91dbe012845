"""Run the paper's campaign on the simulated bench, print its results beside the paper's, and replay it.

Run with ``python -m benchmarks.the_paper`` (every sweep; two processes), or with the path of a store in
which ``stripbench run examples/the_paper.toml`` has been run already. Prints the wall time, one table, and
how many of the decisions come out otherwise when they are derived again from the stored fits.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.replay import replay
from app.results import measured, true
from core.clock import wall_time
from storage import RunReader, Store, open_store

Row = tuple[str, str, str, str, str]
"""Figure, quantity, measured, true (simulated), paper."""

PAPER_T0 = {"Li": "≈ 9 h", "Li0.95Mg0.05": "minimally lower than 10 %", "Li0.9Mg0.1": "≈ 15 h"}
PAPER_CONTACT = {"Li": "2 %", "Li0.9Mg0.1": "40 %"}
PAPER_COLD = {"Li": "3.1 h from its D", "Li0.9Mg0.1": "4.9 h from its D"}
PAPER_FORMING = {"Li": "≈ 12 MPa", "Li0.9Mg0.1": "≈ 20 MPa"}
PAPER_PRESSURE = {"Li": "mitigated at 3.8 MPa, held at 15 MPa", "Li0.9Mg0.1": "not significant"}
PAPER_CYCLING = {"Li": "shorts", "Li0.9Mg0.1": "does not"}
PAPER_REST = {"Li": "0 mV", "Li0.9Mg0.1": "4.5 mV"}


def run_campaign(store: Path) -> float:
    """Run the campaign and return the wall time in s."""
    began = wall_time()
    command = [sys.executable, "-m", "app.cli.main", "run", "examples/the_paper.toml"]
    subprocess.run([*command, "--side-by-side", "2", "--store", f"sqlite:///{store}"], check=True)
    return wall_time() - began


def results(run: RunReader, name: str) -> Iterator[dict[str, Any]]:
    """Return what a run kept under the name of a result."""
    for stored in run.events():
        if stored.event.kind == "result" and stored.event.data.get("name") == name:
            yield stored.event.data


def hours(value: float | None) -> str:
    """Write hours, or that there are none."""
    return "none" if value is None else f"{value:.2f} h"


def stripping(figure: str, run: RunReader, words: str, paper: str) -> Iterator[Row]:
    """Return t0 of a stripping, measured and true."""
    yield figure, f"t0 {words}", hours(measured(run).t0_h), hours(true(run).t0_h), paper


def contact(figure: str, run: RunReader, words: str, paper: str) -> Iterator[Row]:
    """Return C/C0 at t0, measured and true."""
    found = [each.c_int_relative_at_t0 for each in (measured(run), true(run))]
    yield figure, f"C/C0 at t0 {words}", *("–" if each is None else f"{each:.1%}" for each in found), paper


def rows_of(run: RunReader) -> Iterator[Row]:
    """Return the rows of the table that one run gives."""
    path, anode = run.summary().path, run.header.cell.anode
    parameters = run.header.parameters
    density, kind = parameters.get("current_density"), run.header.protocol
    if kind == "InterfaceForming":
        for found in results(run, "forming"):
            pressure = f"{found['pressure_MPa']:.1f} ± {found['pressure_uncertainty_MPa']:.1f} MPa"
            yield "2", f"forming pressure {anode}", pressure, "–", PAPER_FORMING[anode]
    elif kind == "GeisStripping" and "fig2" in path:
        ideal = "ideally" in path
        yield from stripping("2", run, f"{anode}, {'ideal contact' if ideal else 'gently pressed'}",
                             "almost identical" if ideal else PAPER_T0[anode])  # fmt: skip
        if not ideal:
            yield from contact("2", run, anode, PAPER_CONTACT[anode])
    elif kind == "OcvRelaxation":
        yield from _relaxation(run, anode)
    elif kind == "GeisStripping" and "fig5" in path:
        paper = PAPER_T0[anode] if density == 100.0 else "–"
        yield from stripping("5", run, f"{anode} at {density:g} µA/cm²", paper)
    elif kind == "TemperatureSeries":
        yield from _temperature(run, anode, parameters["temperature"])
    elif kind == "PressureRun":
        yield from _pressure(run, anode)
    elif kind == "GeisStripping" and "figS9" in path:
        yield from stripping("S9", run, f"{anode}, annealed", "3.5 h")
    elif kind == "ArrheniusPeis":
        for found in results(run, "E_A of R_int"):
            value = f"{found['energy_eV']:.3f} ({found['low_eV']:.3f} to {found['high_eV']:.3f}) eV"
            yield "S10", f"E_A of R_int {anode}", value, "0.37 eV", "0.37 eV"
    elif kind == "CriticalCurrentDensity":
        for found in results(run, "critical current density"):
            between = f"{found['survived_uA_cm2']:g} to {found['shorted_uA_cm2']:g} µA/cm²"
            yield "S11", f"CCD {anode}", between, "–", "200 to 300 µA/cm²"
    elif kind == "PlatingStrippingCycling":
        for found in results(run, "cycling"):
            ended = f"{run.summary().ended} after {found['cycles_survived']} cycles"
            yield "S12", f"cycling {anode}", ended, "–", PAPER_CYCLING[anode]


def _relaxation(run: RunReader, anode: str) -> Iterator[Row]:
    for found in results(run, "OCV"):
        name = f"OCV after {found['after_s'] / 3600:g} h {anode}"
        yield "4", name, f"{found['ocv_V'] * 1e3:.2f} mV", "–", PAPER_REST[anode]
    cell = run.header.cell
    for found in results(run, "R_int"):
        first, last = (cell.areal_resistance(found[name]) for name in ("first_ohm", "last_ohm"))
        paper = "hardly falls" if anode == "Li" else "falls"
        yield "4", f"R_int in the rest {anode}", f"{first:.3g} to {last:.3g} kΩ cm²", "–", paper


def _temperature(run: RunReader, anode: str, celsius: float) -> Iterator[Row]:
    names = ("t0, raw", "t0, normalised to 25 °C")
    found = [next(results(run, name), {}).get("t0_s") for name in names]
    words = " / ".join(hours(None if each is None else each / 3600) for each in found)
    paper = PAPER_COLD[anode] if celsius == 0 else "none in 25 h" if celsius == 50 else PAPER_T0[anode]
    yield "6", f"t0 {anode} at {celsius:g} °C, raw / normalised", words, hours(true(run).t0_h), paper


def _pressure(run: RunReader, anode: str) -> Iterator[Row]:
    for found in results(run, "stripping under pressure"):
        said = f"{found['pressure_start_MPa']:.1f} ± {found['pressure_uncertainty_MPa']:.1f} MPa"
        end, contact_left = found.get("R_int_end_kohm_cm2"), found.get("C_int_over_C0_end")
        words = [f"t0 {hours(found.get('t0_h'))}"]
        if end is not None and contact_left is not None:
            words.append(f"at the end R {end:.2f} kΩ cm², C/C0 {contact_left:.2f}")
        yield (
            "7",
            f"{anode} at {said}",
            "; ".join(words),
            f"t0 {hours(true(run).t0_h)}",
            PAPER_PRESSURE[anode],
        )


def table(store: Store) -> list[Row]:
    """Return the table, in the order of the figures."""
    order = ["2", "4", "5", "6", "7", "S9", "S10", "S11", "S12"]
    rows = [row for summary in store.runs() for row in rows_of(store.run(summary.run))]
    return sorted(rows, key=lambda row: (order.index(row[0]), row[1]))


def show(rows: list[Row]) -> None:
    """Print the table."""
    heads = ("fig.", "quantity", "measured", "true (simulated)", "paper")
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    for row in (heads, tuple("-" * width for width in widths), *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def replay_all(store: Store) -> tuple[int, int]:
    """Return how many decisions there are, and how many come out otherwise."""
    decisions = differences = 0
    for summary in store.runs():
        found = replay(store.run(summary.run))
        decisions += found.stored
        differences += len(found.differences)
        for each in found.differences:
            print(f"run {summary.run}: {each}")
    return decisions, differences


def main() -> None:
    """Run, or look at a store."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        path = given or Path(folder) / "the_paper.sqlite"
        wall = None if given else run_campaign(path)
        with open_store(path) as store:
            show(table(store))
            runs = store.runs()
            simulated = sum(run.bench_time for run in runs) / 3600
            spectra = sum(run.spectra for run in runs)
            print(f"\n{len(runs)} runs, {spectra} spectra, {simulated:.0f} h simulated", end="")
            print("" if wall is None else f", {wall:.0f} s of wall time")
            decisions, differences = replay_all(store)
            print(f"{decisions} decisions derived again from the stored fits: {differences} differences")


if __name__ == "__main__":
    main()
