"""Spectra as .mpt and .z: read back as they were, and laid out as other programs need them."""

import json
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.export import export
from core.records import Spectrum
from storage.files import read_spectra

ARRAYS = ("frequency", "impedance", "time", "voltage", "current", "voltage_amplitude", "current_amplitude")
_ordinal = count()


def read_mpt(target):
    """Return the spectra of each technique."""
    files = sorted(target.glob("*/*.mpt"))
    return {path.name: [each.spectrum for each in read_spectra(path)] for path in files}


def same(found, written, arrays=ARRAYS):
    assert found.technique == written.technique
    for name in arrays:
        np.testing.assert_array_equal(getattr(found, name), getattr(written, name), err_msg=name)


def test_mpt_has_a_file_for_each_technique_with_all_its_spectra(store, made, swept, tmp_path):
    found = read_mpt(export(store, [made()], tmp_path / "out", "mpt"))
    assert list(found) == ["run-0001-GEIS-SIMULATED.mpt", "run-0001-PEIS-SIMULATED.mpt"]
    geis, peis = found.values()
    assert (len(geis), len(peis)) == (3, 1)
    for mine, written in zip([*peis, *geis], swept, strict=True):
        same(mine, written)
        assert mine.amplitude == pytest.approx(written.amplitude, rel=1e-12)
    assert [each.pass_number for each in geis] == [0, 1, 2]


def test_mpt_keeps_the_amplitude_of_each_sequence(store, made, swept, tmp_path):
    changed = [
        replace(each, amplitude=value) for each, value in zip(swept[1:], (1e-6, 2.5e-6, 1e-6), strict=True)
    ]
    (found,) = read_mpt(export(store, [made(spectra=changed)], tmp_path / "out", "mpt")).values()
    assert [each.amplitude for each in found] == pytest.approx([1e-6, 2.5e-6, 1e-6], rel=1e-12)


def test_mpt_says_how_long_its_header_is_and_who_wrote_it(store, made, tmp_path):
    target = export(store, [made()], tmp_path / "out", "mpt")
    lines = next(target.glob("*/*GEIS*.mpt")).read_text(encoding="cp1252").split("\n")
    assert lines[0] == "EC-Lab ASCII FILE"
    announced = int(lines[1].split(":")[1])
    assert lines[announced - 1].split("\t")[:3] == ["freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm"]
    header = "\n".join(lines[:announced])
    assert "written by stripbench; EC-Lab did not write it" in header
    assert "SIMULATED" in header
    assert "0.282743 cm²" in header
    assert "µ" not in header


def test_a_measured_run_has_no_mark(store, made, tmp_path):
    run = made(simulated=False)
    for form in ("mpt", "z"):
        target = export(store, [run], tmp_path / form, form)
        for each in target.glob("*/*"):
            assert "SIMULATED" not in each.name
            assert "SIMULATED" not in each.read_text(encoding="latin-1")


def test_z_has_a_file_for_each_spectrum_separated_by_tabs(store, made, swept, tmp_path):
    target = export(store, [made()], tmp_path / "out", "z")
    files = sorted(target.glob("*/*.z"))
    assert files[0].name == "run-0001-spectrum-000001-PEIS-SIMULATED.z"
    assert len(files) == 4
    for path, written in zip(files, swept, strict=True):
        (found,) = read_spectra(path)
        same(found.spectrum, written, ("frequency", "impedance", "time"))
        text = path.read_text(encoding="utf-8")
        assert "SIMULATED" in text
        headings, _, *points = text.splitlines()[-len(written) - 2 :]
        assert all(len(line.split("\t")) == len(headings.split("\t")) == 9 for line in points)


@pytest.mark.parametrize("form", ["mpt", "z"])
def test_a_damaged_spectrum_is_left_out_of_the_text_and_told(store, made, damage, tmp_path, form):
    run = made()
    damage(3)
    target = export(store, [run], tmp_path / "out", form)
    known = json.loads(next(target.glob("*/run.json")).read_text(encoding="utf-8"))
    assert "spectrum 3" in known["left_out"][0]
    if form == "z":
        assert len(known["tables"]) == 3
    else:
        assert known["tables"]["run-0001-GEIS-SIMULATED.mpt"]["spectra"] == 2


@pytest.mark.parametrize("form", ["mpt", "z"])
def test_a_run_without_spectra_makes_no_text(store, made, tmp_path, form):
    target = export(store, [made(spectra=[])], tmp_path / "out", form)
    assert [each.name for each in target.glob("*/*")] == ["run.json"]


@pytest.mark.parametrize("form", ["mpt", "z"])
def test_a_spectrum_of_which_little_is_known_is_written_all_the_same(store, made, swept, tmp_path, form):
    unknown = np.full(8, np.nan)
    bare = Spectrum(
        "EIS", swept[0].frequency, swept[0].impedance, unknown, unknown, unknown, unknown, unknown, 0.0
    )
    target = export(store, [made(spectra=[bare])], tmp_path / "out", form)
    (found,) = read_spectra(next(path for path in target.glob("*/*") if path.suffix != ".json"))
    assert found.spectrum.technique == "EIS"
    np.testing.assert_array_equal(found.spectrum.impedance, bare.impedance)


numbers = st.floats(-1e150, 1e150)


@st.composite
def runs(draw):
    """Return spectra of one program: each sweep begins at the same frequency and may end earlier."""
    frequency = sorted(draw(st.sets(st.floats(1e-3, 1e7), min_size=4, max_size=8)), reverse=True)
    spectra = []
    for _ in range(draw(st.integers(1, 4))):
        size = draw(st.integers(3, len(frequency)))
        arrays = [np.array(draw(st.lists(numbers, min_size=size, max_size=size))) for _ in range(6)]
        time = np.sort(np.abs(np.array(draw(st.lists(st.floats(0, 1e6), min_size=size, max_size=size)))))
        impedance = np.empty(size, dtype=np.complex128)
        impedance.real, impedance.imag = arrays[:2]
        spectra.append(Spectrum("GEIS", np.array(frequency[:size]), impedance, time, *arrays[2:], 1e-6))
    return spectra


@given(spectra=runs())
@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_any_number_comes_back_from_text_exactly(store, made, tmp_path, spectra):
    run = made(spectra=spectra)
    target = tmp_path / f"out-{next(_ordinal)}"
    (found,) = read_mpt(export(store, [run], target, "mpt")).values()
    assert len(found) == len(spectra)
    for mine, written in zip(found, spectra, strict=True):
        same(mine, written)
    single = export(store, [run], target.with_suffix(".z"), "z")
    for path, written in zip(sorted(single.glob("*/*.z")), spectra, strict=True):
        same(read_spectra(path)[0].spectrum, written, ("frequency", "impedance", "time"))
