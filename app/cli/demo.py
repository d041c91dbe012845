"""``stripbench demo``: two anodes lose contact on the simulated bench, as in the paper's Fig. 2."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.live import Live
from rich.table import Table
from rich.text import Text

from app.cli.options import JsonOption, SpeedOption, StoreOption, default_store, parse_speed
from app.cli.output import check_target, err, number, out, write_json
from core.clock import wall_time
from core.errors import StripbenchError

if TYPE_CHECKING:
    from app.runner.crew import Crew, Recipe
    from storage import Store

PAPER = {"Li": ("≈ 9", "2"), "Li0.9Mg0.1": ("≈ 15", "40")}
"""t0 in h and C/C0 at t0 in %, Krauskopf et al. 2019, Fig. 2."""


def demo(
    json_file: JsonOption = "",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same numbers.")] = 1,
    random_cells: Annotated[
        int, typer.Option("--random-cells", min=0, max=1000, help="Strip N cells nobody tuned for instead.")
    ] = 0,
    speed: SpeedOption = "max",
    store: StoreOption = "",
) -> None:
    """Strip Li and Li0.9Mg0.1 at 100 µA/cm² on the simulated bench."""
    # First of all, so that Ctrl-C during the imports is not lost in one of their callbacks.
    with _signals() as wanted:
        status = _demo(json_file, seed, random_cells, parse_speed(speed), store, wanted)
    raise typer.Exit(status)


def _demo(json_file: str, seed: int, random_cells: int, speed: float, store: str, wanted: list[str]) -> int:
    from app.runner.crew import Crew
    from storage import open_store

    check_target(json_file)
    began = wall_time()
    url = store or default_store()
    kept = open_store(url, create=True)
    recipes = random_recipes(seed, random_cells) if random_cells else paper_recipes(seed)
    crew = Crew(url, recipes, speed, side_by_side=min(len(recipes), os.cpu_count() or 1))
    if not wanted:
        crew.start()
    # While the runners load the same: what they take long for must not be waited for twice.
    from analysis.engine.choice import is_made
    from app.results import as_json

    if not is_made():
        err.print("compiling the fit engine; this happens once for each installation …")
    _watch(crew, kept, wanted)
    readers = [kept.run(number) for number in crew.started]
    results: dict[str, Any] = {
        "runs": [as_json(reader) for reader in readers],
        "simulated_h": sum(reader.summary().bench_time or 0.0 for reader in readers) / 3600,
        "wall_s": wall_time() - began,
    }
    if json_file:
        write_json(results, json_file)
    if json_file != "-":
        _table(results, paper=not random_cells)
    for outcome in crew.outcomes:
        if outcome.exit_status == 4:
            err.print(f"run {outcome.run} failed: {outcome.end_reason}", markup=False)
    status = max((outcome.exit_status for outcome in crew.outcomes), default=3)
    return 3 if crew.cancelled and status == 0 else status


def paper_recipes(seed: int) -> "list[Recipe]":
    """The two cells of Fig. 2: pressed to 0.27 kΩ cm², stripped at 100 µA/cm², 25 °C, no pressure."""
    return [
        _recipe("demo-Li", {"anode": "Li", "history": {"forming_pressure": "12 MPa"}}, {}, seed, {}),
        _recipe(
            "demo-LiMg", {"anode": "Li0.9Mg0.1", "history": {"forming_pressure": "20 MPa"}}, {}, seed, {}
        ),
    ]


def random_recipes(seed: int, count: int) -> "list[Recipe]":
    """Cells drawn at random with the demo's two anodes, each at its own temperature."""
    from simulators.cell import random_cell

    recipes = []
    for index in range(count):
        cell, overrides, kelvin = random_cell(seed, index, anodes=("Li", "Li0.9Mg0.1"))
        temperature = f"{kelvin - 273.15:.6g} °C"
        recipes.append(
            _recipe(
                cell.name,
                cell.model_dump(mode="json", exclude_none=True),
                {"temperature": temperature},
                seed + index,
                {"cell": overrides, "chamber": {"initial_temperature": temperature}},
            )
        )
    return recipes


def _recipe(
    name: str, cell: dict[str, Any], parameters: dict[str, Any], seed: int, simulation: dict[str, Any]
) -> "Recipe":
    """Write the experiment and bench files of one cell, as text."""
    from app.runner.benches import SIMULATED_BENCH
    from app.runner.crew import Recipe

    cell = {"name": name, **cell}
    if "electrode_area" not in cell and "electrode_diameter" not in cell:
        cell["electrode_diameter"] = "6 mm"
    experiment = 'protocol = "GeisStripping"\n\n' + _toml("cell", cell) + _toml("parameters", parameters)
    bench = SIMULATED_BENCH.replace("seed = 1", f"seed = {seed}")
    for table, values in simulation.items():
        bench += _toml(f"simulation.{table}", values)
    return Recipe(experiment, bench, name)


def _toml(table: str, values: dict[str, Any]) -> str:
    """Write a table of numbers and text as TOML."""
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    text = f"[{table}]\n" + "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in plain.items()
    )
    for key, value in values.items():
        if isinstance(value, dict):
            text += _toml(f"{table}.{key}", value)
    return text + "\n"


@contextmanager
def _signals() -> Iterator[list[str]]:
    """Ctrl-C stops all runs, twice aborts; SIGTERM aborts. What is to be told is left in a list."""
    wanted: list[str] = []
    pressed = 0

    def interrupt(_signal: int, _frame: object) -> None:
        nonlocal pressed
        pressed += 1
        wanted.append("stop" if pressed == 1 else "abort")

    before = {signal.SIGINT: signal.signal(signal.SIGINT, interrupt),
              signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: wanted.append("abort"))}  # fmt: skip
    try:
        yield wanted
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _watch(crew: "Crew", store: "Store", wanted: list[str]) -> None:
    """Show all runs until the last has ended, passing on what the operator wants."""
    from app.cli.progress import PLAIN_EVERY, REFRESH, Progress

    shown: dict[int, Progress] = {}
    told: dict[int, str] = {}
    terminal, looks = err.is_terminal, 0
    with Live(console=err, refresh_per_second=4, transient=True) as live:
        if wanted:
            crew.cancel()
        while crew.attend(REFRESH):
            if wanted:
                _tell_all(crew, store, wanted[-1], told)
            looks += 1
            if not terminal and looks % PLAIN_EVERY:
                continue
            lines = [shown.setdefault(run, Progress(store, [run])).line() for run in crew.active]
            if terminal:
                live.update(Text("\n".join(lines)))
            else:
                for line in lines:
                    err.print(line, markup=False)


def _tell_all(crew: "Crew", store: "Store", verb: str, told: dict[int, str]) -> None:
    """Tell every run under way once, also those whose row appears only later."""
    crew.cancel()
    for run in crew.active:
        if told.get(run) == verb:
            continue
        told[run] = verb
        err.print(f"{verb}: told to run {run}", markup=False)
        try:
            store.tell(run, verb, author="demo")
        except StripbenchError as error:
            err.print(str(error), markup=False)


def _table(results: dict[str, Any], paper: bool) -> None:
    """Print the results, beside the paper's where they are of the paper's cells."""
    out.print("SIMULATED · stripped at 100 µA/cm² without stack pressure")
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    columns = ["run", "cell", "state", "t0\nh", "\ntrue", "R_int(0)\nΩ cm²", "C/C0(t0)\n%", "\ntrue"]
    if paper:
        columns[5:5] = ["\npaper"]
        columns.append("\npaper")
    for heading in columns:
        table.add_column(heading, justify="left" if heading in ("cell", "state") else "right", no_wrap=True)
    for run in results["runs"]:
        truth = run["truth"]
        cells = [
            str(run["run"]),
            run["cell"],
            run["state"],
            number(run["t0_h"], 4),
            number(truth["t0_h"], 4),
            number(run["r_int_start_ohm_cm2"], 3),
            _percent(run["c_int_relative_at_t0"]),
            _percent(truth["c_int_relative_at_t0"]),
        ]
        if paper:
            hours, contact = PAPER[run["cell"]]
            cells[5:5] = [hours]
            cells.append(contact)
        table.add_row(*cells)
    out.print(table)
    spectra = sum(run["spectra"] for run in results["runs"])
    out.print(f"{results['simulated_h']:.1f} h and {spectra} spectra simulated in {results['wall_s']:.0f} s")


def _percent(share: float | None) -> str:
    return number(None if share is None else 100 * share, 3)
