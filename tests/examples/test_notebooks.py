import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import storage
from storage import open_store

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "examples" / "notebooks"
NAMES = ("spectra_to_t0", "sand_plot", "diffusion_model")


@pytest.fixture(scope="module")
def execute(tmp_path_factory):
    """Execute a notebook in a folder; returns exit status, standard output and standard error."""
    home = str(tmp_path_factory.mktemp("home"))
    variables = dict.fromkeys(
        ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "USERPROFILE"), home
    )
    # Compiled code is kept for the next session: making it takes a minute, and says nothing of a user.
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    variables |= {"XDG_CACHE_HOME": cache, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}

    def run(name, folder, **more):
        done = subprocess.run(
            [sys.executable, NOTEBOOKS / f"{name}.py"],
            cwd=folder,
            env=os.environ | variables | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=280,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture(scope="module")
def first(execute, tmp_path_factory):
    """The folder in which the first notebook was executed, which made the store, and what it printed."""
    folder = tmp_path_factory.mktemp("notebooks")
    status, out, err = execute("spectra_to_t0", folder)
    assert status == 0, err
    return folder, out


def picture(path):
    return path.stat().st_size > 5000


def test_raw_spectra_come_to_the_t0_of_the_run(first):
    folder, out = first
    mine, kept = map(float, re.search(r"mine ([\d.]+) h, of the run ([\d.]+) h", out).groups())
    assert mine == pytest.approx(kept, rel=2e-3)
    ratio = float(re.search(r"median ([\d.]+)", out)[1])
    assert ratio == pytest.approx(1, abs=2e-3)
    assert "SIMULATED" in out
    assert picture(folder / "nyquist.png")
    assert picture(folder / "r_int_c_int.png")


@pytest.fixture(scope="module")
def plotted(first, execute, tmp_path_factory):
    """The folder in which the second was executed with that store named, and what it printed."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "sand_plot.svg").write_text("old")
    status, out, err = execute("sand_plot", folder, STRIPBENCH_STORE=str(first[0] / "notebooks.sqlite"))
    assert status == 0, err
    return folder, out


def test_sand_plot_has_d_with_interval_and_drop_and_replaces_its_own_old_figure(plotted):
    folder, out = plotted
    lithium = out[out.index("SIMULATED Li, ") :]
    found = float(re.search(r"D = (\S+) cm²/s, from 3 points", lithium)[1])
    low, high = map(float, re.search(r"interval (\S+) to (\S+) cm²/s", lithium).groups())
    true = float(re.search(r"true t0 of the simulated cells give (\S+) cm²/s", lithium)[1])
    assert low < found < high
    assert found == pytest.approx(true, rel=0.03)
    assert "with c0 = 76.8 mmol/cm³" in lithium
    assert f"by hand, Li: D = {found:.3g} cm²/s" in out
    assert picture(folder / "sand_plot.svg")


def test_diffusion_model_gives_profiles_utilisation_and_one_preferred_fit(first, execute):
    folder, _ = first
    status, out, err = execute("diffusion_model", folder)
    assert status == 0, err
    assert "25 °C, 25 µm: 27 % of all lithium, 41 % of the β phase" in out
    assert out.count("preferred") == 1
    assert {"fixed", "conserving"} == set(re.findall(r"\(4, 5\), (\w+) frame", out))
    assert all(picture(folder / name) for name in ("profiles.png", "utilisation.png", "relaxation.png"))


def test_a_store_of_ones_own_is_looked_at_where_it_is_named(plotted):
    assert [each.name for each in plotted[0].iterdir()] == ["sand_plot.svg"]


def test_a_store_whose_making_was_broken_off_is_not_taken_for_the_whole(execute, tmp_path):
    open_store(tmp_path / "notebooks.sqlite", create=True).close()
    status, _, err = execute("spectra_to_t0", tmp_path)
    assert status != 0
    assert "holds 0 of 5 runs" in err
    assert "delete it" in err
    assert storage.open(tmp_path / "notebooks.sqlite").runs().empty


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_notebook_is_whole_by_itself(name):
    text = (NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8")
    cells = re.split(r"^# %%.*$", text, flags=re.MULTILINE)
    assert len(cells) > 5
    for cell in cells:
        compile(cell, name, "exec")


def test_every_notebook_is_executed_here():
    assert {path.stem for path in NOTEBOOKS.glob("*.py")} == {*NAMES, "simulated_store"}
