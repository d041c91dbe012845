"""``stripbench bench`` and ``simulate``: bench files, and whether the instruments answer."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import err, out
from core.cell import Cell
from core.clock import RealClock
from core.errors import BadInput, StripbenchError
from core.files import BenchFile
from drivers.instrument import Instrument

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Bench files: write one, check one.")

BenchArgument = Annotated[Path, typer.Argument(metavar="BENCH.toml")]


def mounted_for_tests() -> Cell:
    """The cell that stands on a simulated bench while nobody has said which one does."""
    return Cell.model_validate({"name": "test cell", "anode": "Li", "electrode_diameter": "6 mm"})


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    simulated: Annotated[bool, typer.Option("--simulated", help="With every instrument simulated.")] = False,
) -> None:
    """Write a commented bench file to start from."""
    from app.runner.benches import HARDWARE_BENCH, SIMULATED_BENCH

    text = SIMULATED_BENCH if simulated else HARDWARE_BENCH
    try:
        with file.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        raise BadInput(
            f"{str(file)!r} exists already;", "choose another name; nothing was written."
        ) from None
    except OSError as error:
        raise BadInput(
            f"{str(file)!r} cannot be written: {error.strerror};", "choose another place."
        ) from None
    err.print(f"wrote {file}", markup=False)


@app.command("check")
def check(bench: BenchArgument) -> None:
    """Connect to each instrument, identify it, and say what is wrong."""
    from app.runner.station import doubles_of
    from drivers.bench import (
        Doubles,
        connect_chamber,
        connect_gauge,
        connect_potentiostat,
        connect_press,
        read_bench_file,
    )
    from drivers.press import Press
    from simulators.bench import SimulatedBench

    file = read_bench_file(bench)
    doubles, simulated = Doubles(), None
    if file.simulated:
        simulated = SimulatedBench(file, mounted_for_tests(), RealClock())
        simulated.start()
        doubles = doubles_of(simulated)

    def press() -> Press | None:
        gauge = connect_gauge(file, doubles) if file.press is not None else None
        return connect_press(file, doubles, gauge)

    good = True
    try:
        for role, connect in (
            ("potentiostat", connect_potentiostat),
            ("chamber", connect_chamber),
            ("gauge", connect_gauge),
        ):
            good = _check_one(role, lambda c=connect: c(file, doubles), file) and good  # type: ignore[misc]
        if file.press is not None:
            good = _check_one("press", press, file) and good
    finally:
        if simulated is not None:
            simulated.close()
    raise typer.Exit(0 if good else 4)


def _check_one(role: str, connect: Callable[[], Instrument | None], file: BenchFile) -> bool:
    """Connect one instrument and print what it is, or what is wrong with it."""
    table = getattr(file, role)
    mark = "  SIMULATED" if table is not None and table.backend == "simulated" else ""
    try:
        instrument = connect()
        if instrument is None:
            out.print(f"{role}: none in this bench file")
            return True
        try:
            identity = instrument.identify()
        finally:
            instrument.close()
    except StripbenchError as error:
        out.print(f"{role}: NOT OK  {error}{mark}", markup=False, soft_wrap=True)
        return False
    known = ", ".join(part for part in (identity.serial, identity.firmware) if part)
    out.print(f"{role}: ok  {identity.model} {known}{mark}", markup=False, soft_wrap=True)
    return True


def simulate(bench: BenchArgument) -> None:
    """Serve the simulated chamber and gauge on loopback, for any client, until interrupted."""
    from drivers.bench import read_bench_file
    from simulators.bench import SimulatedBench

    simulated = SimulatedBench(read_bench_file(bench), mounted_for_tests(), RealClock())
    simulated.start()
    out.print(f"chamber 127.0.0.1:{simulated.chamber.port}", markup=False)
    out.print(f"gauge 127.0.0.1:{simulated.gauge.port}", markup=False)
    out.file.flush()
    try:
        forever = threading.Event()
        while not forever.wait(1.0):
            pass
    except KeyboardInterrupt:
        err.print("stopped serving")
    finally:
        simulated.close()
