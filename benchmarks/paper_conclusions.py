"""Print what the simulated campaign of the paper comes to, beside the paper and beside its own truth.

Run with ``python -m benchmarks.paper_conclusions STORE``, a store in which ``stripbench run
examples/the_paper.toml`` has been run. Nothing is tuned: a t0 of 15 h means 1.5e-11 cm²/s by Sand's equation,
and the simulated alloy follows t0.
"""

import argparse

from analysis.sand import SandLine
from app.conclusions import Conclusions, conclude
from app.conclusions.model import UtilisationRow
from app.conclusions.sand_plot import SandResult
from storage import open_store

PAPER_D = {
    ("Li", 25): 0.8e-11,
    ("Li0.95Mg0.05", 25): 1.4e-11,
    ("Li0.9Mg0.1", 25): 2.3e-11,
    ("Li", 0): 2.6e-12,
    ("Li0.9Mg0.1", 0): 5.0e-12,
}
"""cm²/s, by metal and °C."""

PAPER_ENERGY = 0.37
"""eV, of R_int."""

PAPER_UTILISATION = {10: "61 / 93", 100: "27 / 41", 1000: "6 / 9 (not reproducible)"}
"""% of all lithium and of the β phase, 25 µm at 25 °C, by µA/cm²."""


def _d(line: SandLine | None) -> str:
    if line is None:
        return "–"
    interval = f" ({line.low * 1e4:.2e} to {line.high * 1e4:.2e})" if line.source != "nothing" else ""
    return f"{line.diffusion * 1e4:.3g}{interval}"


def _diffusion(result: SandResult) -> str:
    paper = None
    if result.pressure is None and not result.history:
        paper = PAPER_D.get((result.metal, round(result.temperature - 273.15)))
    bias = "–" if result.bias is None else f"{result.bias:+.1%}"
    return (
        f"{result.conditions:36} {len(result.rows):2} runs  {result.drop_name}  {_d(result.by_vanishing):40} "
        f"{_d(result.by_threshold).split(' ')[0]:9} {bias:6} {_d(result.true).split(' ')[0]:9} "
        f"{'–' if paper is None else f'{paper:.2g}'}"
    )


def _as_in_the_paper(row: UtilisationRow) -> bool:
    return row.thickness < 50e-6 and row.frame == "fixed" and abs(row.temperature - 298.15) < 1


def show(found: Conclusions) -> None:
    """Print the tables."""
    print("D / cm²/s: by 1/R_int → 0 (95 %), by the threshold, its bias, of the true t0, of the paper")
    for result in found.sand:
        print(_diffusion(result))
    print(f"\nE_A of R_int / eV (95 %), true, paper {PAPER_ENERGY}")
    for each in found.interface_energies:
        line = each.line
        true = "–" if each.true_energy is None else f"{each.true_energy:.3f}"
        print(
            f"{each.metal:14} {line.energy:.3f} ({line.low:.3f} to {line.high:.3f})  {true}  runs {each.runs}"
        )
    print("\nutilisation / % of all lithium / of the β phase")
    for row in found.utilisations:
        paper = PAPER_UTILISATION.get(round(row.density * 100), "–") if _as_in_the_paper(row) else "–"
        print(
            f"{row.metal:12} {row.frame:11} {row.thickness * 1e6:4.0f} µm {row.density * 100:6.0f} µA/cm² "
            f"{row.temperature - 273.15:4.0f} °C  {row.total:6.2%} / {row.beta:6.2%}  paper {paper}; "
            f"{row.source}"
        )
    print("\nnot concluded")
    for problem in found.refused:
        print(f"{problem.what}: {problem.why} {problem.remedy}")


def main() -> None:
    """Conclude, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("store")
    asked = parser.parse_args()
    with open_store(asked.store) as store:
        show(conclude(store, [each.run for each in store.runs()]))


if __name__ == "__main__":
    main()
