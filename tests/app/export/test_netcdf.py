"""NetCDF: opened by xarray and h5netcdf, with units, and with everything that was in the run."""

import json

import h5netcdf
import numpy as np
import pytest
import xarray as xr

from app.export import export

GROUPS = ("spectra", "fits", "events", "decisions", "annotations")


@pytest.fixture
def written(store, made, tmp_path):
    target = export(store, [made()], tmp_path / "out", "netcdf")
    (found,) = target.glob("*/*.nc")
    return found


def group(path, name):
    with xr.open_dataset(path, group=name, engine="h5netcdf") as opened:
        return opened.load()


def test_spectra_stand_over_spectrum_and_point_with_nan_beyond_their_end(written, swept):
    spectra = group(written, "spectra")
    assert dict(spectra.sizes) == {"spectrum": 4, "point": 8}
    assert list(spectra["technique"].values) == [each.technique for each in swept]
    assert list(spectra["length"].values) == [8, 8, 8, 5]
    for row, each in enumerate(swept):
        found = spectra.isel(spectrum=row, point=slice(None, len(each)))
        np.testing.assert_array_equal(found["Z_re"] + 1j * found["Z_im"], each.impedance)
        np.testing.assert_array_equal(found["frequency"], each.frequency)
        np.testing.assert_array_equal(found["time"], each.time)
        np.testing.assert_array_equal(found["E_amplitude"], each.voltage_amplitude)
        assert found["amplitude"] == each.amplitude
        assert found["mid_time"] == each.mid_time
    assert np.isnan(spectra["Z_re"].values[3, 5:]).all()


def test_every_number_has_a_unit(written):
    with h5netcdf.File(written, "r") as file:
        without = [
            f"{where}/{name}"
            for where, each in groups_of(file, "")
            for name, variable in each.variables.items()
            if np.issubdtype(variable.dtype, np.number) and "units" not in variable.attrs
        ]
        impedance = file["spectra"].variables["Z_re"].attrs["units"]
        resistance = file["fits"].variables["R_int_ohm_cm2"].attrs["units"]
        temperature = file["readings/chamber/T"].variables["value"].attrs["units"]
    assert without == []
    assert (impedance, resistance, temperature) == ("ohm", "ohm cm2", "K")


def groups_of(parent, where):
    yield where, parent
    for name, child in parent.groups.items():
        yield from groups_of(child, f"{where}/{name}")


def test_fits_readings_events_and_decisions_are_those_of_the_run(written, store):
    reader = store.run(1)
    fits = group(written, "fits")
    assert list(fits["R_int_ohm"].values) == [1000.0] * 4
    assert np.isnan(fits["alpha_int_stderr"]).all()
    assert list(fits["spectrum"].values) == [1, 2, 3, 4]
    _, time, value = reader.readings("T")
    temperature = group(written, "readings/chamber/T")
    np.testing.assert_array_equal(temperature["time"], time)
    np.testing.assert_array_equal(temperature["value"], value)
    events = group(written, "events")
    assert list(events["message"].values) == ["28.3 µA", 'says "hallo",\nand goes on']
    assert json.loads(str(events["data"].values[1])) == {"a": 1}
    decisions = group(written, "decisions")
    assert json.loads(str(decisions["parameters"].values[0])) == {"t_cross_s": 70.0}
    assert json.loads(str(decisions["fits"].values[0])) == [4]


def test_the_whole_opens_as_one_tree_that_says_simulated(written):
    assert written.name == "run-0001-SIMULATED.nc"
    with xr.open_datatree(written, engine="h5netcdf") as tree:
        assert tree.attrs["mark"] == "SIMULATED"
        assert tree.attrs["electrode_area_cm2"] == pytest.approx(0.2827433)
        assert all(tree[name].attrs["simulated"] == 1 for name in (*GROUPS, "readings/gauge/F"))
        known = json.loads(str(tree["provenance"].values))
    assert known["cell"]["name"] == "LLZO-07-Li-02"
    assert known["left_out"] == []


def test_a_run_with_nothing_in_it_opens_too(store, made, tmp_path):
    target = export(store, [made(spectra=[], simulated=False)], tmp_path / "out", "netcdf")
    (found,) = target.glob("*/*.nc")
    assert found.name == "run-0001.nc"
    assert dict(group(found, "spectra").sizes) == {"spectrum": 0, "point": 0}
    assert group(found, "annotations")["text"].dtype.kind in "OUT"
    assert group(found, "fits")["flags"].dtype.kind in "OUT"


def test_a_damaged_spectrum_is_left_out_and_told(store, made, damage, tmp_path):
    run = made()
    damage(2)
    (found,) = export(store, [run], tmp_path / "out", "netcdf").glob("*/*.nc")
    assert list(group(found, "spectra")["spectrum"].values) == [1, 3, 4]
    with xr.open_dataset(found, engine="h5netcdf") as root:
        assert "spectrum 2" in json.loads(str(root["provenance"].values))["left_out"][0]
