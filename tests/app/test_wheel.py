"""A wheel, installed into an empty folder, starts a run: nothing is only in the checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build a wheel and install it, without what it depends on, into an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\n")  # fmt: skip
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder, source], check=True, cwd=folder)
    (wheel,) = folder.glob("stripbench-*.whl")
    target = folder / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", target, wheel], check=True, cwd=folder)
    return target


def test_a_store_is_made_and_a_run_started_from_there(installed, experiment, tmp_path):
    environment = dict(os.environ, PYTHONPATH=str(installed), HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))
    finished = subprocess.run(
        [sys.executable, "-P", "-c", "import app; print(app.__file__); from app.cli.main import main; main()",
         "run", experiment(charge_limit="0.001 mAh/cm²"), "--store", tmp_path / "s.sqlite", "--json", "-"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith(str(installed))
    assert '"finished"' in finished.stdout


def test_the_wheel_holds_the_rooms_and_nothing_else(installed):
    found = {each.name for each in installed.iterdir() if not each.name.endswith(".dist-info")}
    rooms = {"app", "analysis", "core", "drivers", "protocols", "simulators", "storage"}
    assert found - {"bin", "Scripts"} == rooms
