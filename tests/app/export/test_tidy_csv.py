"""Runs exported as tidy CSV: readable with pandas, whole or not at all."""

import errno
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from analysis import circuit
from app.cli.main import app
from app.export import export, tidy_csv
from core.cell import Cell
from core.errors import BadInput, StoreError, StripbenchError
from core.records import Decision, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import RunHeader, Store, open_store

CELL = Cell.model_validate({"name": "LLZO-07-Li-02", "anode": "Li", "electrode_diameter": "6 mm"})


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def store(url):
    with open_store(url, create=True) as opened:
        yield opened


def write_run(store: Store, simulated: bool = True, spectra: int = 3) -> int:
    header = RunHeader("GeisStripping", {"current_density": 100.0}, CELL, "bench 2", simulated, seed=7)
    journal = store.begin_run(header)
    step = journal.begin_step("1/GeisStripping/geis/0", "GeisStripping", "geis", {"cut_off_V": 4.0}, 0.0)
    frequency = np.geomspace(7e6, 1.0, 5)
    still = np.zeros(5)
    for number in range(spectra):
        times = 30.0 * number + np.linspace(1, 27, 5)
        impedance = (1000.0 + number) / (1 + 2j * np.pi * frequency * 1e-4)
        spectrum = journal.spectrum(
            step, Spectrum("GEIS", frequency, impedance, times, still, still, still, still, 2.8e-6)
        )
        parameters = {
            "R_int": Value(1000.0, 4.0),
            "C_int": Value(1e-7, 1e-9),
            "alpha_int": Value(0.92, np.nan),
        }
        standard = circuit()
        covariance = np.eye(len(standard.free))
        mask = frequency > 5
        fit = Fit(
            standard.model, 1, times.mean(), parameters, standard.free, covariance, mask, "modulus", 2e-3,
            KramersKronig(True, 0.1), ("truncated arc",) if number else (),
            {"R_int": Value(1001.0, 2.0)}, "causal",
        )  # fmt: skip
        fitted = journal.fit(spectrum, fit)
    journal.readings([Reading(t, "potentiostat", "E", 0.1 * t) for t in (1.0, 2.0)])
    journal.readings([Reading(1.0, "gauge", "F", 3.0)])
    journal.event(Event("note", 'says "hallo",\nand goes on', 5.0, data={"a": 1}))
    journal.decision(step, Decision("depletion", "depleted", 80.0, {"t_cross_s": 70.0}, (fitted,)))
    journal.finish(RunState.FINISHED, "cut-off", 90.0)
    journal.close()
    return journal.run


def listed(folder: Path) -> set[Path]:
    """Return what is in a folder, but for the files that SQLite keeps beside an open store."""
    return {each for each in folder.iterdir() if not each.name.startswith("store.sqlite")}


def table(target: Path, name: str) -> pd.DataFrame:
    (found,) = target.glob(f"*/{name}")
    return pd.read_csv(found)


def test_every_table_is_read_by_pandas_with_its_units_in_the_headings(store, tmp_path):
    run = write_run(store)
    target = export(store, [run], tmp_path / "out")
    spectra = table(target, "spectra.csv")
    assert len(spectra) == 15
    assert spectra["frequency_Hz"].max() == pytest.approx(7e6)
    assert (spectra["Zim_ohm"] < 0).all()
    stored = store.run(run).spectra()[1].spectrum
    mine = spectra[spectra["spectrum"] == spectra["spectrum"].unique()[1]]
    np.testing.assert_array_equal(mine["Zre_ohm"], stored.impedance.real)
    np.testing.assert_array_equal(mine["time_s"], stored.time)
    readings = table(target, "readings.csv")
    assert set(readings["unit"]) == {"V", "N"}
    assert len(readings) == 3


def test_fits_have_errors_and_areal_values_and_say_what_is_not_known(store, tmp_path):
    fits = table(export(store, [write_run(store)], tmp_path / "out"), "fits.csv")
    assert (fits["R_int_ohm"] == 1000.0).all()
    assert fits["R_int_ohm_cm2"][0] == pytest.approx(1000.0 * CELL.area * 1e4)
    assert fits["C_int_F_per_cm2"][0] == pytest.approx(1e-7 / (CELL.area * 1e4))
    assert fits["R_int_stderr_ohm"][0] == 4.0
    assert fits["R_int_smoothed_ohm"][0] == 1001.0
    assert fits["alpha_int_stderr"].isna().all()
    assert list(fits["flags"].fillna("")) == ["", "truncated arc", "truncated arc"]
    assert (fits["points_used"] == 4).all()


def test_every_version_of_the_fits_is_there(store, tmp_path):
    run = write_run(store)
    reader = store.run(run)
    with store.refit(run, circuit().model, {"interpolate": True}) as refit:
        refit.add([(each.spectrum, each.fit) for each in reader.fits()])
    fits = table(export(store, [run], tmp_path / "out"), "fits.csv")
    assert sorted(fits["version"].unique()) == [1, refit.version]
    assert len(fits) == 6


def test_words_with_commas_quotes_and_new_lines_come_back_as_they_were(store, tmp_path):
    target = export(store, [write_run(store)], tmp_path / "out")
    events = table(target, "events.csv")
    assert events["message"][0] == 'says "hallo",\nand goes on'
    assert json.loads(events["data"][0]) == {"a": 1}
    decisions = table(target, "decisions.csv")
    assert json.loads(decisions["parameters"][0]) == {"t_cross_s": 70.0}


def test_a_simulated_run_says_so_in_the_folder_in_run_json_and_in_every_table(store, tmp_path):
    target = export(store, [write_run(store), write_run(store, simulated=False)], tmp_path / "out")
    simulated, real = sorted(target.iterdir())
    assert simulated.name == "run-0001-SIMULATED"
    assert real.name == "run-0002"
    known = json.loads((simulated / "run.json").read_text(encoding="utf-8"))
    assert known["mark"] == "SIMULATED"
    assert known["cell"]["anode"] == "Li"
    assert known["tables"]["spectra.csv"]["rows"] == 15
    for each in simulated.glob("*.csv"):
        assert pd.read_csv(each, nrows=1).columns[1] == "simulated"
    assert pd.read_csv(simulated / "spectra.csv")["simulated"].all()
    assert not pd.read_csv(real / "spectra.csv")["simulated"].any()


def test_a_run_without_spectra_or_fits_makes_tables_that_are_empty(store, tmp_path):
    header = RunHeader("GeisStripping", {}, CELL, "bench 2", False)
    journal = store.begin_run(header)
    journal.close()
    target = export(store, [journal.run], tmp_path / "out")
    assert len(table(target, "spectra.csv")) == 0
    assert len(table(target, "fits.csv")) == 0


def test_a_damaged_spectrum_is_left_out_and_told(store, url, tmp_path):
    run = write_run(store)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("update spectrum set z_re = z_im where id = 2"))
    engine.dispose()
    target = export(store, [run], tmp_path / "out")
    assert sorted(table(target, "spectra.csv")["spectrum"].unique()) == [1, 3]
    known = json.loads(next(target.glob("*/run.json")).read_text(encoding="utf-8"))
    assert "2" in known["left_out"][0]


def test_a_target_that_is_there_is_refused_and_not_touched(store, tmp_path):
    run = write_run(store)
    (tmp_path / "out").mkdir()
    with pytest.raises(BadInput, match="is there already"):
        export(store, [run], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EIO, "could not be written")]
)
def test_a_disk_that_does_not_take_it_leaves_nothing_behind(store, tmp_path, monkeypatch, number, said):
    run = write_run(store)

    def full(*_given):
        raise OSError(number, "no")

    monkeypatch.setattr(tidy_csv, "_decisions", full)
    before = listed(tmp_path)
    with pytest.raises(StripbenchError, match=said):
        export(store, [run], tmp_path / "out")
    assert listed(tmp_path) == before


def test_an_interrupted_export_leaves_nothing_behind(store, tmp_path, monkeypatch):
    run = write_run(store)

    def interrupted(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(tidy_csv, "_decisions", interrupted)
    before = listed(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        export(store, [run], tmp_path / "out")
    assert listed(tmp_path) == before


def test_what_does_not_exist_is_refused_before_anything_is_written(store, tmp_path):
    run = write_run(store)
    before = listed(tmp_path)
    with pytest.raises(StoreError, match="no run 9"):
        export(store, [run, 9], tmp_path / "out")
    with pytest.raises(BadInput, match="no format 'xls'"):
        export(store, [run], tmp_path / "out", "xls")
    with pytest.raises(BadInput, match="no folder"):
        export(store, [run], tmp_path / "nowhere" / "out")
    assert listed(tmp_path) == before


def test_the_command_writes_the_runs_and_says_where(store, url, tmp_path):
    run = write_run(store)
    outcome = tmp_path / "outcome.json"
    arguments = ["export", str(run), "--format", "csv", "--out", str(tmp_path / "out"), "--store", url]
    done = CliRunner().invoke(app, [*arguments, "--json", str(outcome)])
    assert done.exit_code == 0, done.output
    assert "SIMULATED" in done.output
    assert json.loads(outcome.read_text(encoding="utf-8"))["folder"] == str(tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 1
