"""Fitting a run anew from the command line: versions beside each other, whatever is asked for."""

import json
import shutil
import sqlite3
import threading

import numpy as np
import pytest

from analysis.circuit import MODEL
from app.results import measured
from storage import open_store

RESTRICTED = MODEL + " {alpha_gb=0.85}"


@pytest.fixture(scope="module")
def stripped(stripbench, tmp_path_factory):
    """The store of one short stripping on the simulated bench that crosses its threshold."""
    folder = tmp_path_factory.mktemp("refit")
    experiment = folder / "experiment.toml"
    experiment.write_text(
        'protocol = "GeisStripping"\n[cell]\nname = "short"\nanode = "Li"\nelectrode_diameter = "6 mm"\n'
        'history = { forming_pressure = "12 MPa" }\n'
        '[parameters]\nrest_minimum = "1 min"\nrest_maximum = "2 min"\n'
        'threshold = "0.28 kΩ cm²"\ncharge_limit = "0.08 mAh/cm²"\n',
        encoding="utf-8",
    )
    path = folder / "store.sqlite"
    status, _, err = stripbench("run", experiment, "--store", path, timeout=280)
    assert status == 0, err
    return path


@pytest.fixture
def path(stripped, tmp_path):
    """A copy of that store."""
    return shutil.copy(stripped, tmp_path / "store.sqlite")


@pytest.fixture
def refit(cli, path, tmp_path):
    """Refit run 1 in this process; returns the one entry of the JSON."""

    def run(*arguments, status=0):
        target = tmp_path / "refit.json"
        found, _, err = cli("refit", 1, *arguments, "--store", path, "--json", target)
        assert found == status, err
        return json.loads(target.read_text(encoding="utf-8"))["runs"][0]

    return run


def values(fits, name="R_int"):
    return np.array([each.fit[name] for each in fits])


def test_a_refit_is_the_next_version_and_changes_nothing_else(refit, path):
    with open_store(path) as store:
        run = store.run(1)
        before, decided = run.fits(), measured(run)
        entry = refit()
        old, new = run.fits(version=1), run.fits()
        assert [each.id for each in old] == [each.id for each in before]
        np.testing.assert_array_equal(values(old), values(before))
        assert measured(run) == decided
        assert decided.t0_h is not None
    assert (entry["version"], entry["model"], entry["spectra"]) == (2, MODEL, len(before))
    assert {each.fit.version for each in new} == {2}
    assert [each.spectrum for each in new] == [each.spectrum for each in before]
    assert entry["fits_per_s"] > 0
    assert entry["alone"]["R_int"]["median"] < 0.005
    assert entry["alone"]["R_int"]["spectra"] > 0.9 * len(before)
    assert entry["t0_h"]["decided"] == decided.t0_h
    assert entry["t0_h"]["alone"] == pytest.approx(decided.t0_h, rel=0.05)


def test_smoothed_values_lie_beside_the_raw_ones_and_nearer_to_the_truth(refit, path):
    refit()
    with open_store(path) as store:
        run = store.run(1)
        fits = [each for each in run.fits() if not each.fit.flags]
        truth = np.array([run.truth_of(each.spectrum)["C_int"] for each in fits])
    assert {each.fit.smoothing for each in fits} == {"two-sided"}
    raw = values(fits, "C_int")
    smooth = np.array([each.fit.smoothed["C_int"].value for each in fits])
    assert np.std(smooth / truth) < 0.7 * np.std(raw / truth)


def test_temperature_is_the_one_that_was_read(refit, path):
    refit("--no-smooth")
    with open_store(path) as store:
        run = store.run(1)
        _, _, kelvin = run.readings("T")
        used = values(run.fits(), "T")
        assert np.all((used >= kelvin.min()) & (used <= kelvin.max()))
        np.testing.assert_allclose(used, values(run.fits(version=1), "T"), atol=0.5)


def test_without_smoothing_and_interpolation_the_version_says_so(refit, path):
    entry = refit("--no-smooth", "--no-interpolate")
    assert entry["smoothed"] == {}
    with open_store(path) as store:
        (_, version) = store.run(1).fit_versions()
        assert (version.how["smooth"], version.how["interpolate"]) == (False, False)
        assert {each.fit.smoothing for each in store.run(1).fits()} == {""}


def test_how_many_threads_does_not_matter(refit, path):
    refit("--jobs", 1)
    refit("--jobs", 3)
    with open_store(path) as store:
        one, other = (store.run(1).fits(version=version) for version in (2, 3))
    np.testing.assert_array_equal(values(one), values(other))


def test_another_circuit_is_no_version_of_the_standard_one(refit, cli, path):
    results = cli("show", 1, "--store", path, "--json", "-")[1]
    entry = refit("--fix", "alpha_gb=0.85")
    assert (entry["model"], entry["version"]) == (RESTRICTED, 2)
    # The grain boundary takes from the interface what its exponent no longer gives it.
    assert entry["alone"]["C_int"]["median"] > 0.003
    with open_store(path) as store:
        run = store.run(1)
        assert {each.fit.version for each in run.fits(model=MODEL)} == {1}
        assert set(values(run.fits(model=RESTRICTED), "alpha_gb")) == {0.85}
    again = cli("show", 1, "--store", path, "--json", "-")[1]
    assert json.loads(again)["result"] == json.loads(results)["result"]


def test_show_says_which_fits_there_are_and_takes_a_choice(refit, cli, path):
    refit()
    refit("--fix", "alpha_gb=0.85")
    status, out, _ = cli("show", 1, "--store", path)
    assert status == 0
    lines = [line for line in out.splitlines() if line.startswith("fits: ")]
    assert len(lines) == 3
    assert "shown" in lines[0]
    assert "made while the run went on" in lines[0]
    assert "interpolated, smoothed" in lines[1]
    assert RESTRICTED in lines[2]
    decided = json.loads(cli("show", 1, "--store", path, "--json", "-")[1])
    for choice, model in (("2", MODEL), (f"2/{RESTRICTED}", RESTRICTED)):
        shown = json.loads(cli("show", 1, "--fits", choice, "--store", path, "--json", "-")[1])
        assert (shown["fits"]["version"], shown["fits"]["model"]) == (2, model)
        assert shown["result"]["t0_h"] == pytest.approx(decided["result"]["t0_h"], rel=0.2)
        assert shown["result"]["t0_h"] != decided["result"]["t0_h"] or model == MODEL
        assert shown["result_smoothed"]["t0_h"] is not None
    status, out, _ = cli("show", 1, "--fits", 2, "--store", path)
    assert "version 2" in out
    for wrong in ("9", "2/nothing", "x"):
        status, _, err = cli("show", 1, "--fits", wrong, "--store", path)
        assert status == 2
        assert f"1/{MODEL}" in err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--circuit", "R0-p(R1"], "is not a circuit"),
        (["--fix", "R9=1"], "R9"),
        (["--fix", "alpha_gb=R_gb"], "--fix"),
        (["--bound", "R_gb=5"], "--bound"),
        (["--fix", "R_gb=1", "--prior", "R_gb=1±0.1"], "twice"),
        (["--tie", "R_gb=R_int", "--tie", "R_int=R_gb"], "circle"),
        (["--json", "/nowhere/x.json"], "nowhere"),
    ],
)
def test_what_cannot_be_fitted_is_refused_before_anything_is_done(cli, path, arguments, problem):
    status, _, err = cli("refit", 1, *arguments, "--store", path)
    assert status == 2
    assert problem in err
    with open_store(path) as store:
        assert len(store.run(1).fit_versions()) == 1


def test_unknown_runs_and_runs_without_spectra_are_refused(cli, path):
    with open_store(path) as store:
        store.begin_run(store.run(1).header).close()
    for runs, problem in ((["7"], "no run 7"), (["1", "2"], "run 2 has no spectra"), (["1", "1"], "twice")):
        status, _, err = cli("refit", *runs, "--store", path)
        assert status == 2
        assert problem in err
    with open_store(path) as store:
        assert len(store.run(1).fit_versions()) == 1


@pytest.mark.parametrize("where", ["smooth", "_with_temperature"])
def test_ctrl_c_leaves_nothing_half(cli, path, monkeypatch, where):
    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(f"app.refit.{where}", pressed)
    status, _, err = cli("refit", 1, "--store", path)
    assert status == 3
    assert "nothing was refitted" in err
    monkeypatch.undo()
    with open_store(path) as store:
        run = store.run(1)
        assert {each.fit.version for each in run.fits()} == {1}
        assert run.refits() == []
    assert cli("refit", 1, "--store", path)[0] == 0


def test_a_damaged_spectrum_is_left_out_and_named(refit, path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE spectrum SET checksum = checksum + 1 WHERE id = 5")
    connection.close()
    entry = refit("--no-smooth")
    assert "spectrum 5" in entry["notes"][0]
    with open_store(path) as store:
        fits = store.run(1).fits()
        assert [each.fit.version for each in fits if each.spectrum == 5] == [1]
        assert len(fits) - entry["spectra"] == 1


def test_systematic_shifts_are_told_by_decade(refit, cli, path):
    entry = refit("--systematic", "--no-smooth")
    (decade,) = [each for each in entry["systematic"] if each["spectra"] > 10]
    assert (decade["low"], decade["high"]) == (100, 1000)
    low, high = (decade["shifts"][f"alpha_gb {sign}0.05"]["R_int"] for sign in "-+")
    assert -0.02 < low < -0.001
    assert 0.001 < high < 0.02
    assert decade["spread"]["R_int"] >= max(abs(low), abs(high)) * 0.9
    with open_store(path) as store:
        assert len(store.run(1).fit_versions()) == 2
    out = cli("refit", 1, "--systematic", "--store", path)[1]
    assert "alpha_gb +0.05" in out


def test_a_run_that_goes_on_is_fitted_as_far_as_it_is(command, stripbench, experiment, store_url):
    process = command("run", experiment(), "--store", store_url, "--speed", "300", "--progress", "jsonl")
    for _ in range(4):
        process.stderr.readline()
    threading.Thread(target=process.stderr.read, daemon=True).start()
    status, out, err = stripbench("refit", 1, "--store", store_url, "--json", "-")
    assert status == 0, err
    assert "still goes on" in err
    entry = json.loads(out)["runs"][0]
    assert entry["spectra"] >= 4
    assert entry["state"] == "running"
    stripbench("tell", 1, "stop", "--store", store_url)
    process.wait(timeout=60)
    assert process.returncode == 3
    with open_store(store_url) as store:
        run = store.run(1)
        assert run.summary().state == "stopped"
        assert len(run.fits(version=1)) == run.summary().spectra
        assert len(run.fits(version=entry["version"])) == entry["spectra"]
