"""Battery Data Format: validated with the format's own validator, on one time base."""

import json
import warnings

import bdf
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export import export
from app.export.time_base import GAP, cycles, linear, previous
from core.records import Spectrum

FORMS = {"bdf-csv": ".bdf.csv", "bdf-parquet": ".bdf.parquet"}
SWEPT = ["Frequency / Hz", "Real Impedance / ohm", "Imaginary Impedance / ohm"]


@pytest.fixture(params=FORMS)
def written(request, store, made, tmp_path):
    """The file of one run, in each of the two forms."""
    target = export(store, [made()], tmp_path / "out", request.param)
    (found,) = target.glob(f"*/*{FORMS[request.param]}")
    return found


def test_batterydf_validates_it_without_an_error_or_a_warning(written):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = bdf.validate(written)
        table = bdf.read(written)
    assert report["ok"]
    assert report["missing"] == []
    assert report["legacy_labels"] == []
    assert report["time_stats"]["monotonic"]
    # Released batterydf knows the columns of impedance only from the ontology; it passes over them.
    assert set(report["extras"]) == {*SWEPT, "Absolute Impedance / ohm", "Phase / deg", "Simulated / 1"}
    assert len(table) == report["n_rows"] == 29 + 4


def test_every_point_of_every_spectrum_is_a_row(written, swept):
    table = bdf.read(written)
    points = table[table["Frequency / Hz"].notna()]
    impedance = points["Real Impedance / ohm"] + 1j * points["Imaginary Impedance / ohm"]
    np.testing.assert_array_equal(impedance, np.concatenate([each.impedance for each in swept]))
    np.testing.assert_array_equal(points["Test Time / s"], np.concatenate([each.time for each in swept]))
    np.testing.assert_array_equal(points["Current / A"], np.concatenate([each.current for each in swept]))
    assert (points["Phase / deg"] <= 0).all()


def test_what_was_read_at_other_times_is_interpolated_and_never_extrapolated(written):
    table = bdf.read(written).set_index("Test Time / s")
    # T is 25 °C + 0.01 K/s until 200 s, and F is silent from 50 s to 2000 s.
    assert table["Ambient Temperature / degC"][100.0] == pytest.approx(26.0)
    assert table["Ambient Temperature / degC"][125.0] == pytest.approx(26.25)
    assert np.isnan(table["Ambient Temperature / degC"][220.0])
    assert table["Applied Pressure / Pa"][40.0] == pytest.approx(200.0 / 0.5410607947645022e-4)
    assert np.isnan(table["Applied Pressure / Pa"][100.0])


def test_steps_are_counted_and_unix_time_begins_with_the_run(written, store):
    table = bdf.read(written).set_index("Test Time / s")
    begun = store.run(1).summary().started_utc.timestamp()
    assert table["Unix Time / s"][100.0] == pytest.approx(begun + 100.0, abs=1e-6)
    assert pd.isna(table["Step Count / 1"][40.0])
    assert table["Step Count / 1"][100.0] == 1
    assert table["Step Count / 1"][125.0] == 2
    assert (table["Cycle Count / 1"] == 1).all()


def test_a_simulated_run_says_so_in_name_table_and_sidecar(written):
    assert "SIMULATED" in written.name
    assert (bdf.read(written)["Simulated / 1"] == 1).all()
    sidecar = json.loads(written.with_name(f"{written.name}.metadata.json").read_text(encoding="utf-8"))
    assert "SIMULATED" in sidecar["name"]
    assert sidecar["stripbench"]["mark"] == "SIMULATED"
    assert sidecar["distribution"]["contentUrl"] == written.name
    assert [each["name"] for each in sidecar["variableMeasured"]] == list(bdf.read(written).columns)
    assert sidecar["stripbench"]["tables"][written.name]["sources"]["T"] == "chamber"
    if written.suffix == ".parquet":
        assert pq.read_schema(written).metadata[b"stripbench"] == b"SIMULATED"


def test_a_measured_run_says_nothing_of_simulation(store, made, tmp_path):
    target = export(store, [made(simulated=False)], tmp_path / "out", "bdf-csv")
    (found,) = target.glob("*/*.bdf.csv")
    assert found.name == "run-0001.bdf.csv"
    assert (bdf.read(found)["Simulated / 1"] == 0).all()
    assert "SIMULATED" not in found.with_name(f"{found.name}.metadata.json").read_text(encoding="utf-8")


def test_a_run_without_anything_is_a_valid_table_without_rows(store, made, tmp_path):
    from storage import RunHeader

    header = store.run(made()).header
    journal = store.begin_run(RunHeader("GeisStripping", {}, header.cell, "bench 2", False))
    journal.close()
    target = export(store, [journal.run], tmp_path / "out", "bdf-csv")
    report = bdf.validate(next(target.glob("*/*.bdf.csv")))
    assert report["ok"]
    assert report["n_rows"] == 0


def test_spectra_without_times_and_damaged_ones_are_told(store, made, swept, damage, tmp_path):
    unknown = np.full(8, np.nan)
    bare = Spectrum(
        "EIS", swept[0].frequency, swept[0].impedance, unknown, unknown, unknown, unknown, unknown, 0.0
    )
    run = made(spectra=[*swept, bare])
    damage(2)
    target = export(store, [run], tmp_path / "out", "bdf-csv")
    (found,) = target.glob("*/*.bdf.csv")
    known = json.loads(found.with_name(f"{found.name}.metadata.json").read_text(encoding="utf-8"))
    damaged, timeless = known["stripbench"]["left_out"]
    assert "spectrum 2" in damaged
    assert "without a time" in timeless
    assert bdf.read(found)["Frequency / Hz"].notna().sum() == 29 - 8


@pytest.mark.parametrize("rule", [linear, previous])
def test_nothing_is_known_outside_of_the_readings_or_across_a_long_silence(rule):
    time, value = np.array([0.0, 10.0, 10.0 + 2 * GAP]), np.array([1.0, 2.0, 3.0])
    found = rule(np.array([-1.0, 0.0, 10.0, 11.0, 10.0 + 2 * GAP, 11.0 + 2 * GAP]), time, value)
    np.testing.assert_array_equal(found, [np.nan, 1.0, 2.0, np.nan, 3.0, np.nan])
    assert np.isnan(rule(time, np.empty(0), np.empty(0))).all()


def test_a_current_that_is_switched_is_not_interpolated():
    at = np.array([4.0, 5.0, 9.0])
    time, value = np.array([0.0, 5.0, 10.0]), np.array([0.0, 1e-4, -1e-4])
    np.testing.assert_array_equal(previous(at, time, value), [0.0, 1e-4, 1e-4])


def test_a_cycle_begins_when_the_current_takes_its_first_direction_again():
    current = np.array([0.0, 1.0, 1.0, 1e-3, -1.0, -1.0, -1e-3, 1.0, np.nan, 1.0, -1.0])
    np.testing.assert_array_equal(cycles(current), [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2])
    np.testing.assert_array_equal(cycles(np.zeros(3)), [1, 1, 1])


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=20), st.lists(st.floats(-10, 2e5), max_size=20))
def test_an_interpolated_value_lies_between_its_neighbours(times, at):
    time = np.sort(np.array(times))
    value = np.sin(time)
    for rule in (linear, previous):
        found = rule(np.array(at), time, value)
        known = found[np.isfinite(found)]
        assert ((known >= value.min() - 1e-12) & (known <= value.max() + 1e-12)).all()
        assert np.isnan(found[(np.array(at) < time[0]) | (np.array(at) > time[-1])]).all()
