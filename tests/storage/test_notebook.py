import builtins
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

import storage
from core.errors import BadInput, StoreError
from core.records import Decision, Event, Reading, RunState, Spectrum
from storage import open_store

AREA = np.pi * 0.6**2 / 4
"""cm², of the cell in conftest.py."""


@pytest.fixture
def written(journal, step, make_spectrum, make_fit):
    """Write a run of two spectra with fits, readings, an event and a decision; returns the spectra's ids."""
    journal.event(Event("current on", "28 µA", 100.0))
    ids = [journal.spectrum(step, make_spectrum(seed)) for seed in (0, 1)]
    fits = [journal.fit(ids[n], make_fit(time=100.0 + 3600 * n, r_int=500.0 + n)) for n in (0, 1)]
    journal.readings(
        [
            Reading(1.0, "potentiostat", "E", 0.1),
            Reading(1.0, "potentiostat", "I", 28e-6),
            Reading(2.0, "potentiostat", "E", 0.2),
            Reading(1.5, "chamber", "T", 298.15),
            Reading(1.5, "gauge", "F", 54.106),
        ]
    )
    journal.decision(step, Decision("depletion", "depleted", 3.0, {"threshold_ohm": 1e4}, tuple(fits), True))
    journal.beat(7200.0)
    return ids


@pytest.fixture
def run(written, journal, path):
    with storage.open(path) as store:
        yield store.run(journal.run)


def test_spectra_come_as_one_row_a_frequency_with_units_in_the_headings(run, written, make_spectrum):
    table = run.spectra()
    first, second = make_spectrum(0), make_spectrum(1)
    assert len(table) == len(first) + len(second)
    assert table["spectrum"].unique().tolist() == written
    assert np.array_equal(table["Re Z / Ω"], np.r_[first.impedance.real, second.impedance.real])
    assert np.array_equal(table["-Im Z / Ω"], -np.r_[first.impedance.imag, second.impedance.imag])
    assert np.array_equal(table["frequency / Hz"][:40], first.frequency)
    assert np.array_equal(table["time / s"][:40], first.time)
    assert table.attrs["units"]["-Im Z / Ω"] == "Ω"
    assert table.attrs["units"]["frequency / Hz"] == "Hz"
    assert "spectrum" not in table.attrs["units"]


def test_areal_impedance_is_per_area_of_the_electrode_and_not_of_the_pellet(run):
    table = run.spectra(areal=True)
    assert np.allclose(table["Re Z / Ω cm²"], table["Re Z / Ω"] * AREA)
    assert "Re Z / Ω cm²" not in run.spectra()


def test_spectra_of_one_technique_are_picked(run):
    assert len(run.spectra(technique="PEIS")) == 0
    assert len(run.spectra(technique="GEIS")) == len(run.spectra())


def test_every_table_says_of_which_run_it_is_and_that_it_was_simulated(run):
    tables = (run.spectra(), run.fits(), run.readings(), run.events(), run.decisions())
    for table in tables:
        assert len(table)
        assert (table["run"] == run.run).all()
        assert table["simulated"].all()
        assert table.attrs["simulated"]
    assert "SIMULATED" in repr(run)
    assert "SIMULATED" in run._repr_html_()


def test_a_run_on_a_real_bench_does_not_say_simulated(store, header):
    with closing(store.begin_run(replace(header, simulated=False))) as journal:
        run = storage.open(store.path).run(journal.run)
    assert "SIMULATED" not in repr(run) + run._repr_html_()
    with pytest.raises(BadInput, match="no truth"):
        run.truth()


def test_truth_says_in_every_heading_that_it_is_true(journal, run):
    journal.truth(5.0, {"R_int": 950.0, "contact": 0.5})
    journal.flush()
    table = run.truth()
    assert table["true R_int / Ω"].tolist() == [950.0]
    assert table["true contact"].tolist() == [0.5]


def test_fits_are_absolute_and_per_area_with_their_errors(run, written):
    table = run.fits()
    assert table["spectrum"].tolist() == written
    assert table["R_int / Ω"].tolist() == [500.0, 501.0]
    assert table["R_int stderr / Ω"].tolist() == [1.5, 1.5]
    assert np.allclose(table["R_int / Ω cm²"], np.array([500.0, 501.0]) * AREA)
    assert np.allclose(table["R_int stderr / Ω cm²"], 1.5 * AREA)
    assert np.allclose(table["C_int / µF/cm²"], 1.0 / AREA)
    assert table["time since current on / h"].tolist() == [0.0, 1.0]
    assert table["flags"][0] == "truncated arc; poor fit"
    assert not table["KK passed"].any()


def test_an_error_that_is_never_known_has_no_column(run):
    assert "C_int stderr / F" not in run.fits()


def test_fits_made_anew_are_shown_by_default_and_the_first_on_request(run, store, written, make_fit):
    with store.refit(run.run, "R-ZARC", {}) as refit:
        refit.add([(written[0], make_fit(time=100.0, version=refit.version, r_int=700.0))])
    # The first sweep's is the younger fit, and comes first all the same.
    assert run.fits()["R_int / Ω"].tolist() == [700.0, 501.0]
    assert run.fits(version=1)["R_int / Ω"].tolist() == [500.0, 501.0]
    assert run.fits(model="another").empty


def test_readings_are_put_side_by_side_by_their_times(run):
    table = run.readings("E", "I")
    assert list(table) == ["run", "simulated", "time / s", "E / V", "I / A"]
    assert table["time / s"].tolist() == [1.0, 2.0]
    assert table["E / V"].tolist() == [0.1, 0.2]
    assert table["I / A"][0] == 28e-6
    assert np.isnan(table["I / A"][1])
    assert run.readings()["time / s"].tolist() == [1.0, 1.5, 2.0]
    assert list(run.readings(instrument="chamber"))[3:] == ["T / K"]


def test_areal_readings_use_the_electrode_for_current_and_the_pellet_for_force(run):
    table = run.readings("I", "F", areal=True)
    assert table["i / µA/cm²"].dropna().item() == pytest.approx(28 / AREA)
    assert table["p / MPa"].dropna().item() == pytest.approx(1.0, rel=1e-4)


def test_two_readings_of_one_moment_stay_two(journal, run):
    journal.readings([Reading(9.0, "gauge", "F", 1.0), Reading(9.0, "gauge", "F", 2.0)])
    journal.flush()
    assert run.readings("F")["F / N"].tolist() == [54.106, 1.0, 2.0]


def test_a_quantity_that_two_instruments_read_is_headed_with_each(journal, run):
    journal.readings([Reading(9.0, "thermocouple", "T", 300.0)])
    journal.flush()
    assert list(run.readings("T"))[3:] == ["T (chamber) / K", "T (thermocouple) / K"]


def test_readings_that_there_are_not_are_refused_with_those_that_there_are(run):
    with pytest.raises(BadInput, match=r"no readings dew_point; .*T of chamber.*E of potentiostat"):
        run.readings("E", "dew_point")
    with pytest.raises(BadInput, match=r"no readings .*of press"):
        run.readings(instrument="press")


def test_events_and_decisions_are_tables(run):
    assert run.events()["kind"].tolist() == ["current on"]
    decisions = run.decisions()
    assert decisions["outcome"].tolist() == ["depleted"]
    assert decisions["parameters"][0] == {"threshold_ohm": 1e4}
    assert list(decisions["fits"][0]) == run.fits()["fit"].tolist()


def test_a_run_without_anything_gives_empty_tables(journal, path):
    run = storage.open(path).run(journal.run)
    tables = (run.spectra(), run.fits(), run.readings(), run.events(), run.decisions())
    assert all(table.empty for table in tables)
    assert {"frequency / Hz", "Re Z / Ω", "-Im Z / Ω"} <= set(run.spectra())
    assert run.current_on is None
    assert run.to_xarray().sizes == {"spectrum": 0, "frequency": 0}


def test_xarray_has_a_grid_of_spectra_and_frequencies_with_units(run, written, make_spectrum):
    grid = run.spectra("xarray")
    assert grid.sizes == {"spectrum": 2, "frequency": 40}
    assert grid["spectrum"].values.tolist() == written
    one = make_spectrum(1)
    measured = grid.sel(spectrum=written[1])
    order = np.argsort(one.frequency)
    assert np.array_equal(measured["frequency"], one.frequency[order])
    assert np.array_equal(measured["Z_re"], one.impedance.real[order])
    assert np.array_equal(measured["Z_im"], one.impedance.imag[order])
    assert grid["Z_im"].attrs["units"] == "Ω"
    assert grid["frequency"].attrs["units"] == "Hz"
    assert grid.attrs["simulated"] == 1
    assert run.to_xarray().identical(grid)


def test_xarray_has_nan_where_a_spectrum_does_not_have_a_frequency(run, journal, step, make_spectrum):
    short = make_spectrum(2, points=39)
    number = journal.spectrum(step, short)
    grid = run.to_xarray()
    assert grid.sizes["frequency"] == len(np.union1d(short.frequency, make_spectrum(0).frequency))
    assert int(grid.sel(spectrum=number)["Z_re"].notnull().sum()) == 39


def test_xarray_can_be_written_as_netcdf(run, tmp_path):
    import xarray

    grid = run.to_xarray()
    grid.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as read:
        xarray.testing.assert_equal(read, grid)
        assert read.attrs["simulated"] == 1


def test_a_frequency_measured_twice_in_a_sweep_is_refused_on_a_grid(run, journal, step):
    column = np.ones(3)
    twice = Spectrum("GEIS", np.array([10.0, 1.0, 10.0]), column + 1j, *[column] * 5, 1e-6)
    number = journal.spectrum(step, twice)
    with pytest.raises(BadInput, match=rf"spectrum {number} has 10 Hz more than once.*spectra\(\)"):
        run.to_xarray()
    assert len(run.spectra()) == 83


def test_spectra_that_share_no_frequency_are_refused_on_a_grid(run, journal, step):
    column = np.ones(2)
    for seed in range(250):
        journal.spectrum(
            step, Spectrum("GEIS", np.array([seed, seed + 0.5]), column + 1j, *[column] * 5, 1e-6)
        )
    with pytest.raises(BadInput, match="nearly empty"):
        run.to_xarray()


def test_without_xarray_it_is_said_what_to_install(run, monkeypatch):
    real = builtins.__import__

    def without(name, *more, **options):
        if name == "xarray":
            raise ImportError(name)
        return real(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadInput, match=r"stripbench\[export\]"):
        run.spectra("xarray")
    assert len(run.spectra())


def test_another_kind_of_table_is_refused(run):
    with pytest.raises(BadInput, match=r"'polars'.*'pandas' or 'xarray'"):
        run.spectra("polars")


@pytest.mark.parametrize("kind", ["pandas", "xarray"])
def test_a_damaged_spectrum_is_left_out_and_said_so(run, written, path, kind):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE spectrum SET amplitude = 2 * amplitude WHERE id = ?", (written[0],))
    connection.close()
    with pytest.warns(UserWarning, match=f"left out: run {run.run}, spectrum {written[0]}.*checksum"):
        found = run.spectra(kind)
    assert np.unique(found["spectrum"]).tolist() == [written[1]]
    assert f"spectrum {written[0]}" in str(found.attrs["left_out"])


def test_a_run_that_goes_on_is_read_as_far_as_it_is(run, journal, step, make_spectrum):
    assert "running" in repr(run)
    before = run.spectra()
    journal.spectrum(step, make_spectrum(7))
    assert len(run.spectra()) == len(before) + 40


def test_runs_are_listed_with_the_parameters_that_are_asked_for(run, path):
    table = storage.open(path).runs("current_density")
    assert table.index.tolist() == [run.run]
    row = table.loc[run.run]
    assert row["anode"] == "Li0.9Mg0.1"
    assert row["current_density"] == 100.0
    assert row["duration / h"] == 2.0
    assert row["spectra"] == 2
    assert row["electrode area / cm²"] == pytest.approx(AREA)
    assert row["simulated"]
    assert table.attrs["units"]["duration / h"] == "h"


def test_a_parameter_that_no_run_has_is_refused(run, path):
    with pytest.raises(BadInput, match=r"no run has a parameter 'curent'.*current_density, cut_off"):
        storage.open(path).runs("curent")


def test_an_empty_store_lists_no_runs(store, path):
    opened = storage.open(path)
    assert opened.runs().empty
    assert "electrode area / cm²" in opened.runs()
    assert "0 runs" in repr(opened)
    assert "SIMULATED" not in repr(opened).replace("0 of them SIMULATED", "")


def test_a_run_in_the_bin_is_not_listed_but_opens_and_says_so(run, journal, store, path):
    journal.finish(RunState.FINISHED, "finished", 7200.0)
    store.annotate(run.run, "binned")
    opened = storage.open(path)
    assert opened.runs().empty
    assert opened.runs(binned=None).index.tolist() == [run.run]
    assert "in the bin" in repr(opened.run(run.run))


def test_a_wrong_number_and_a_missing_store_are_refused(run, path, tmp_path):
    with pytest.raises(StoreError, match=rf"no run 99; it has runs {run.run}"):
        storage.open(path).run(99)
    missing = tmp_path / "nowhere.sqlite"
    with pytest.raises(StoreError, match="there is no store"):
        storage.open(missing)
    assert not missing.exists()


def test_what_is_shown_in_a_notebook_escapes_what_people_wrote(store, header, path):
    cell = header.cell.model_copy(update={"name": "<b>LLZO</b>"})
    with closing(store.begin_run(replace(header, cell=cell))) as journal:
        opened = storage.open(path)
    shown = opened.run(journal.run)._repr_html_() + opened._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;LLZO" in shown


def test_a_column_becomes_a_quantity_that_knows_its_unit(run):
    found = storage.quantity(run.fits()["R_int / Ω cm²"])
    assert found.to("kohm * cm**2").magnitude == pytest.approx(np.array([0.5, 0.501]) * AREA)
    current = storage.quantity(run.readings("I", areal=True)["i / µA/cm²"].dropna())
    assert current.to("A/m**2").magnitude == pytest.approx([28 / AREA * 1e-2])


@pytest.mark.parametrize(("name", "said"), [("alpha", "names no unit"), ("Q / F s^(α−1)", "does not know")])
def test_a_column_without_a_unit_for_pint_is_refused(name, said):
    import pandas

    with pytest.raises(BadInput, match=said):
        storage.quantity(pandas.Series([1.0], name=name))


def test_a_store_that_is_opened_loads_pandas_only_with_its_first_table(written, path):
    code = (
        f"import sys, storage; run = storage.open({str(path)!r}).run(1); repr(run);"
        "assert 'pandas' not in sys.modules; run.events(); assert 'pandas' in sys.modules;"
        "assert 'xarray' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_reading_does_not_change_the_store(run, journal, path):
    journal.close()
    with open_store(path) as store:
        before = store.runs()
    connection = sqlite3.connect(path)
    counted = connection.execute("PRAGMA data_version").fetchone()
    for table in (run.spectra, run.fits, run.readings, run.events, run.decisions, run.to_xarray):
        table()
    assert connection.execute("PRAGMA data_version").fetchone() == counted
    connection.close()
    with open_store(path) as store:
        assert [each.run for each in store.runs()] == [each.run for each in before]
