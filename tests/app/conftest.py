import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.main import main

EXPERIMENT = """\
protocol = "GeisStripping"

[cell]
name = "test {anode}"
anode = "{anode}"
electrode_diameter = "6 mm"

[parameters]
rest_minimum = "1 min"
rest_maximum = "2 min"
{parameters}
"""


@pytest.fixture
def experiment(tmp_path):
    """Write an experiment file; keyword arguments are parameters as TOML values."""

    def write(anode="Li", name="experiment.toml", **parameters):
        lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in parameters.items())
        path = tmp_path / name
        path.write_text(EXPERIMENT.format(anode=anode, parameters=lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def store_url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """An environment in which data and log folders are temporary."""
    home = tmp_path_factory.mktemp("home")
    variables = dict(os.environ)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "USERPROFILE"):
        variables[name] = str(home)
    # Compiled code is kept for the next session: making it takes a minute, and says nothing of a user.
    variables.setdefault("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    variables["PYTHONPATH"] = str(Path(__file__).parents[2])
    return variables


@pytest.fixture(scope="session")
def popen(environment):
    """Start stripbench in a process of its own."""

    def start(*arguments, extra=None, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli.main", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment | (extra or {}),
            **options,
        )

    return start


@pytest.fixture
def command(popen):
    """Start stripbench in a process of its own; whatever is left of it is ended after the test."""
    processes = []

    def start(*arguments, **options):
        processes.append(popen(*arguments, **options))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.fixture(scope="session")
def stripbench(popen):
    """Run stripbench to its end; returns exit status, standard output and standard error."""

    def run(*arguments, timeout=120, **options):
        process = popen(*arguments, **options)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return process.returncode, out, err

    return run


@pytest.fixture
def cli(monkeypatch, capsys):
    """Run stripbench in this process; returns exit status, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["stripbench", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    return run
