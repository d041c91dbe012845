import os
import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.records import Reading, RunState
from storage import checksum, open_store

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
import numpy as np
from core.cell import Cell
from core.records import Fit, KramersKronig, Reading, Spectrum, Value
from storage import RunHeader, checksum, open_store

path, count = sys.argv[1], int(sys.argv[2])
store = open_store(path, create=True)
cell = Cell(name="Li", anode="Li", electrode_diameter="6 mm")
journal = store.begin_run(RunHeader("GeisStripping", {}, cell, "bench", simulated=True))
step = journal.begin_step("1", "GeisStripping", "geis", {}, 0.0)
verdict = KramersKronig(True, 0.0)
for number in range(count):
    columns = np.random.default_rng(number).standard_normal((7, 69))
    spectrum = Spectrum("GEIS", columns[0], columns[1] + 1j, *columns[2:], 3e-6, number)
    kept = journal.spectrum(step, spectrum)
    print(journal.run, kept, checksum(spectrum), flush=True)
    journal.readings(Reading(30.0 * number + i, "potentiostat", q, 1.0) for i in range(30) for q in "EIQ")
    mask, values = np.ones(69, bool), {"R": Value(1.0, 0.1)}
    fit = Fit("m", 1, 0.0, values, ("R",), np.eye(1), mask, "modulus", 0.1, verdict)
    journal.fit(kept, fit)
    journal.beat(30.0 * number)
journal.close()
"""


def start_writer(path: Path, count: int, *before: str) -> subprocess.Popen:
    command = [*before, sys.executable, "-c", WRITER, str(path), str(count)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=path.parent)


def test_killed_writer_loses_nothing_it_acknowledged(empty_store, tmp_path):
    path = Path(shutil.copy(empty_store, tmp_path))
    chance = random.Random(20)
    acknowledged: dict[tuple[int, int], int] = {}
    with ThreadPoolExecutor(2) as pool:
        kills = list(
            pool.map(lambda wait: _write_and_kill(path, wait), [chance.randrange(120) for _ in range(6)])
        )
    for lines in kills:
        acknowledged |= {(int(run), int(kept)): int(crc) for run, kept, crc in lines}
    with open_store(path) as store:
        assert store.check() == []
        runs = store.runs()
        assert [each.state for each in runs] == [RunState.INTERRUPTED] * len(runs)
        found = {
            (each.run, kept.id): checksum(kept.spectrum)
            for each in runs
            for kept in store.run(each.run).spectra()
        }
    assert acknowledged.items() <= found.items()
    assert len(found) - len(acknowledged) <= len(kills)
    assert len(acknowledged) > 20


def _write_and_kill(path: Path, lines: int) -> list[list[str]]:
    """Kill a writer after so many acknowledged spectra; return everything it acknowledged."""
    writer = start_writer(path, 100_000)
    read = [next(writer.stdout).split() for _ in range(lines)]
    writer.kill()
    rest = writer.stdout.read()
    writer.stdout.close()
    writer.wait()
    # The last line may be cut short by the kill; what was cut was never acknowledged.
    return read + [line.split() for line in rest.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.skipif(sys.platform != "linux", reason="counts system calls with strace")
def test_a_spectrum_with_all_that_goes_with_it_costs_one_fsync(empty_store, tmp_path):
    path = Path(shutil.copy(empty_store, tmp_path))
    count, counts = 150, tmp_path / "calls"
    try:
        writer = start_writer(path, count, "strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(counts))
    except FileNotFoundError:
        pytest.skip("strace is not installed")
    writer.communicate()
    calls = sum("sync(" in line for line in counts.read_text().splitlines())
    if writer.returncode and not calls:
        pytest.skip("strace may not trace here")
    assert writer.returncode == 0
    assert count <= calls <= 1.2 * count


def test_reader_sees_each_spectrum_whole_while_others_are_written(journal, store, step, make_spectrum):
    total, seen, run = 200, [], store.run(journal.run)
    expected = [checksum(make_spectrum(seed)) for seed in range(total)]

    def write() -> None:
        for seed in range(total):
            journal.spectrum(step, make_spectrum(seed))

    writer = threading.Thread(target=write)
    writer.start()
    while len(seen) < total:
        alive = writer.is_alive()
        seen += run.spectra(after=seen[-1].id if seen else 0)
        if not alive:
            seen += run.spectra(after=seen[-1].id if seen else 0)
            break
    writer.join()
    assert [each.checksum for each in seen] == expected


def test_two_runs_may_write_to_one_store(store, header, make_spectrum):
    def write(first: int) -> int:
        journal = store.begin_run(header)
        step = journal.begin_step("1", "P", "geis", {}, 0.0)
        for seed in range(first, first + 60):
            journal.spectrum(step, make_spectrum(seed))
            journal.readings([Reading(float(seed), "gauge", "F", 1.0)])
            journal.beat(float(seed))
        journal.finish(RunState.FINISHED, "")
        journal.close()
        return journal.run

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(write, (0, 1000)))
    for run, first in zip(runs, (0, 1000), strict=True):
        reader = store.run(run)
        assert [each.spectrum.pass_number for each in reader.spectra()] == list(range(first, first + 60))
        assert reader.readings("F")[1].tolist() == list(map(float, range(first, first + 60)))
    assert store.check() == []


def test_heartbeat_and_readings_from_other_threads_lose_nothing(
    journal, store, step, make_spectrum, make_fit
):
    done, total = threading.Event(), 50

    def beat() -> None:
        number = 0
        while not done.is_set():
            journal.beat(float(number))
            journal.take_commands()
            number += 1

    def poll(instrument: str) -> None:
        for number in range(1000):
            journal.readings([Reading(float(number), instrument, "F", float(number))])

    threads = [threading.Thread(target=poll, args=(name,)) for name in ("one", "two")]
    heart = threading.Thread(target=beat)
    for thread in (heart, *threads):
        thread.start()
    for seed in range(total):
        journal.fit(journal.spectrum(step, make_spectrum(seed)), make_fit())
    for thread in threads:
        thread.join()
    done.set()
    heart.join()
    journal.flush()
    run = store.run(journal.run)
    for name in ("one", "two"):
        np.testing.assert_array_equal(run.readings("F", instrument=name)[1], np.arange(1000.0))
    assert (len(run.spectra()), len(run.fits())) == (total, total)
