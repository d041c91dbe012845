"""Kill the runner with SIGKILL at random moments; count acknowledged spectra that are lost.

Run with ``python -m benchmarks.kills [N] [SEED]``. An acknowledged spectrum is one that ``stripbench run
--progress jsonl`` has announced, with its checksum.
"""

import json
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from storage import open_store

EXPERIMENT = """\
protocol = "GeisStripping"
[cell]
name = "kill test"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
rest_minimum = "1 min"
rest_maximum = "2 min"
"""


def kill_once(experiment: Path, store: Path, seconds: float) -> dict[int, int]:
    """Start a run, kill it so long after its first announcement, return what it had announced."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "run", str(experiment), "--store", str(store),
         "--progress", "jsonl"],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )  # fmt: skip
    assert process.stderr is not None
    announced = [process.stderr.readline()]
    killer = threading.Timer(seconds, process.kill)
    killer.start()
    announced += process.stderr.readlines()
    process.wait()
    whole = [json.loads(line) for line in announced if line.endswith("}\n")]
    return {each["id"]: each["checksum"] for each in whole}


def main() -> None:
    """Kill, look, and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as folder:
        experiment, store = Path(folder) / "experiment.toml", Path(folder) / "store.sqlite"
        experiment.write_text(EXPERIMENT, encoding="utf-8")
        announced, lost, states = 0, 0, []
        for number in range(1, count + 1):
            acknowledged = kill_once(experiment, store, chance.uniform(0.0, 4.0))
            with open_store(str(store)) as kept:
                run = kept.run(number)
                found = {each.id: each.checksum for each in run.spectra()}
                state = str(run.summary().state)
            missing = sum(found.get(spectrum) != checksum for spectrum, checksum in acknowledged.items())
            announced, lost = announced + len(acknowledged), lost + missing
            states.append(state)
            print(f"kill {number:3}: {len(acknowledged):5} acknowledged, {missing} lost, shown {state}")
        with open_store(str(store)) as kept:
            faults = kept.check()
    print(f"\n{count} kills: {announced} spectra acknowledged, {lost} lost")
    print(f"shown as interrupted: {states.count('interrupted')} of {count}; store damaged: {faults or 'no'}")


if __name__ == "__main__":
    main()
