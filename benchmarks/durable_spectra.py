"""How many durable spectra a second the journal keeps, beside bare `sqlite3` on the same disk.

Run ``python benchmarks/durable_spectra.py [--folder DIR] [--rounds N] [--spectra N]`` from the
project's folder. Both write the same rows to the same tables under the same pragmas, one
transaction a spectrum, in alternating rounds: disks change their pace from minute to minute, so
only ratios of neighbouring rounds mean something. Two bare writers are shown: one that turns
arrays into bytes and computes the checksum, as any writer of such rows must, and one that is
given the bytes ready made.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.cell import Cell
from core.clock import wall_time
from core.records import RunState, Spectrum
from storage import RunHeader, open_store
from storage.rows import spectrum_row
from storage.sqlite import BUSY_TIMEOUT, CHECKPOINT_PAGES


def make_spectrum(number: int) -> Spectrum:
    """Return a sweep from 7 MHz to 1 Hz with ten points a decade and 1 % noise."""
    frequency = np.geomspace(7e6, 1.0, 69)
    noise = np.random.default_rng(number).standard_normal((6, frequency.size))
    impedance = 500 + 1e3 / (1 + 1j * frequency / 300) * (1 + 0.01 * (noise[0] + 1j * noise[1]))
    time = 30.0 * number + np.linspace(0.4, 27.6, frequency.size)
    return Spectrum("GEIS", frequency, impedance, time, *noise[2:], amplitude=3e-6, pass_number=number)


def open_bare(path: Path) -> sqlite3.Connection:
    """Connect as anybody would who wants a durable commit from SQLite, with the store's pragmas."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def write_bare(connection: sqlite3.Connection, rows: list[tuple], columns: list[str]) -> None:
    """Write ready-made rows, one transaction each."""
    insert = f"INSERT INTO spectrum ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for row in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(insert, row)
        connection.execute("COMMIT")


def timed(work: Callable[[], None], spectra: int) -> float:
    """Return spectra a second."""
    begun = wall_time()
    work()
    return spectra / (wall_time() - begun)


def one_round(folder: Path, number: int, spectra: list[Spectrum]) -> dict[str, float]:
    """Let each writer fill a store of its own, in an order that turns from round to round."""
    cell = Cell(name="Li", anode="Li", electrode_diameter="6 mm")
    header = RunHeader("benchmark", {}, cell, "benchmark", simulated=True)
    writers: dict[str, Callable[[], None]] = {}
    closing: list[Callable[[], None]] = []
    for name in ("bare sqlite3", "bare sqlite3, bytes ready made", "journal"):
        path = folder / f"{number}-{len(writers)}.sqlite"
        store = open_store(path, create=True)
        journal = store.begin_run(header)
        step = journal.begin_step("1", "benchmark", "geis", {}, 0.0)
        if name == "journal":
            writers[name] = lambda j=journal, s=step: [j.spectrum(s, each) for each in spectra]
            closing += [lambda j=journal: j.finish(RunState.FINISHED, ""), journal.close, store.close]
            continue
        journal.close()
        store.close()
        bare = open_bare(path)
        closing.append(bare.close)
        rows = [spectrum_row(1, 1, step, each) for each in spectra]
        columns, ready = list(rows[0]), [tuple(row.values()) for row in rows]
        if "ready" in name:
            writers[name] = lambda b=bare, r=ready, c=columns: write_bare(b, r, c)
        else:
            encoded = (tuple(spectrum_row(1, 1, step, each).values()) for each in spectra)
            writers[name] = lambda b=bare, r=encoded, c=columns: write_bare(b, r, c)
    names = list(writers)
    turned = names[number % len(names) :] + names[: number % len(names)]
    rates = {name: timed(writers[name], len(spectra)) for name in turned}
    for close in closing:
        close()
    return rates


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="on the disk to be measured; a temporary one by default")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--spectra", type=int, default=500)
    arguments = parser.parse_args()
    spectra = [make_spectrum(number) for number in range(arguments.spectra)]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        found = [one_round(Path(folder), number, spectra) for number in range(arguments.rounds)]
    print(f"{arguments.rounds} alternating rounds of {arguments.spectra} spectra in {Path(folder).parent}")
    print(f"{'durable spectra a second':34}{'median':>8}{'lowest':>8}{'highest':>8}   journal / it, median")
    for name in found[0]:
        rates = [each[name] for each in found]
        ratio = statistics.median(each["journal"] / each[name] for each in found)
        print(f"{name:34}{statistics.median(rates):8.0f}{min(rates):8.0f}{max(rates):8.0f}{ratio:23.2f}")


if __name__ == "__main__":
    main()
