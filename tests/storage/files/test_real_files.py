"""Real files of other people's instruments; `real` skips where they are absent."""

import importlib.util
import sys
from itertools import pairwise

import numpy as np
import pytest

from core.errors import BadInput
from storage.files import read_spectra

needs_yadg = pytest.mark.skipif(
    importlib.util.find_spec("yadg") is None, reason="yadg is not installed: pip install 'stripbench[mpr]'"
)


@pytest.mark.parametrize(
    ("name", "technique", "points", "first", "last"),
    [
        ("peis.mpt", "PEIS", 32, (199998.14, 10.512296 - 0.73047662j), (1.0000616, 18.024315 - 2.6962531j)),
        ("peis.issue_225.with_ece.mpt", "PEIS", 32, (199998.14, 1.2273843 - 0.11151811j), None),
        ("exampleDataBioLogic.mpt", "PEIS", 43, (1000.3201, 65.470886 - 0.38998979j), None),
        ("Circuit1_EIS_1.z", "PEIS", 48, (5e4, 29.036 + 0.63662j), (1.0, 75.803 - 0.16244j)),
        ("exampleDataZPlot.z", "PEIS", 21, (3e5, 147.77 - 11.335j), None),
        (
            "exampleDataGamry.DTA",
            "PEIS",
            72,
            (200015.6, 825.8584 - 1367.239j),
            (0.0158898, 17007.49 - 6635.557j),
        ),
        ("exampleData.csv", "EIS", 66, (3.1623e-3, 0.0494998977 - 0.0204386985j), None),
        ("zarc_data.txt", "EIS", 81, (1e6, 9.953881 - 0.020948j), (0.01, 59.97367 - 0.341645j)),
        ("PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt", "EIS", 79, (0.10002181, 1799427.625 - 8093785.5j), None),
    ],
)
def test_values_as_they_stand_in_the_file(real, name, technique, points, first, last):
    (found,) = read_spectra(real(name))
    spectrum = found.spectrum
    assert (spectrum.technique, len(spectrum), found.index) == (technique, points, 0)
    for place, expected in ((0, first), (-1, last)):
        if expected is not None:
            assert spectrum.frequency[place] == pytest.approx(expected[0], rel=1e-6)
            assert spectrum.impedance[place] == pytest.approx(expected[1], rel=1e-6)


def test_the_loops_of_a_galvanostatic_file(real):
    found = read_spectra(real("geis.issue_149.mpt"))
    assert [len(each.spectrum) for each in found] == [21] * 4
    assert [each.spectrum.mid_time for each in found] == pytest.approx(
        [69.37, 270.03, 469.45, 669.0], abs=0.01
    )
    assert all(each.spectrum.amplitude == pytest.approx(30e-6) for each in found)
    assert all(first.spectrum.time[-1] < second.spectrum.time[0] for first, second in pairwise(found))


def test_a_cut_file_is_noted(real):
    assert any("21 of 56 points" in note for note in read_spectra(real("exampleDataZPlot.z"))[0].notes)


@needs_yadg
@pytest.mark.parametrize("name", ["peis", "geis.issue_149"])
def test_binary_files_say_what_their_text_exports_say(real, name):
    binary, text = read_spectra(real(f"{name}.mpr")), read_spectra(real(f"{name}.mpt"))
    assert len(binary) == len(text)
    for one, other in zip(binary, text, strict=True):
        assert (one.spectrum.technique, one.index) == (other.spectrum.technique, other.index)
        assert one.spectrum.amplitude == pytest.approx(other.spectrum.amplitude)
        for quantity in ("frequency", "impedance", "time", "voltage", "current", "current_amplitude"):
            ours, theirs = getattr(one.spectrum, quantity), getattr(other.spectrum, quantity)
            np.testing.assert_allclose(ours, theirs, rtol=2e-7, err_msg=quantity)


@needs_yadg
def test_a_binary_file_says_what_relaxis_exported_of_it(real):
    (binary,) = read_spectra(real("PEIS_LPSCl_IonBlocking_-25C.mpr"))
    (text,) = read_spectra(real("PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt"))
    np.testing.assert_allclose(binary.spectrum.frequency, text.spectrum.frequency[::-1], rtol=1e-6)
    np.testing.assert_allclose(binary.spectrum.impedance, text.spectrum.impedance[::-1], rtol=1e-6)
    assert binary.spectrum.amplitude == pytest.approx(0.0141)


@needs_yadg
def test_a_damaged_binary_file_is_refused(real, write):
    content = real("peis.mpr").read_bytes()
    for cut in (60, 500, 9000):
        with pytest.raises(BadInput, match=r"cannot be read as an EC-Lab file|no column|holds no point"):
            read_spectra(write("a.mpr", content[:cut]))


def test_a_binary_file_where_yadg_is_missing(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "yadg", None)
    monkeypatch.setitem(sys.modules, "yadg.extractors", None)
    with pytest.raises(BadInput, match=r"pip install 'stripbench\[mpr\]'"):
        read_spectra(write("a.mpr", b"BIO-LOGIC MODULAR FILE\x1a  "))
