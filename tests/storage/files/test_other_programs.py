"""ZView, Gamry and RelaxIS."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from core.errors import BadInput
from storage.files import read_spectra

ZVIEW_HEADINGS = "Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange"
GAMRY_NAMES = "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange"
GAMRY_UNITS = "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#"


def zview(f, Z, separator="\t", headings=True, control="Voltage", announced=None):
    head = f"ZPLOT2 ASCII\n  Experiment Type:            Sweep Frequency, Control {control}\n"
    head += f"  Data Points:                {announced or len(f)}\n"
    head += f"  {ZVIEW_HEADINGS}\nEnd Comments\n" if headings else "End Comments\n"
    rows = [
        separator.join(
            [f"{x:.6E}", "1.0E-02", "0.0E+00", f"{k}.5", f"{z.real:.4E}", f"{z.imag:.4E}", "0", "0", "4"]
        )
        for k, (x, z) in enumerate(zip(f, Z, strict=True))
    ]
    return head + "\n".join(rows) + "\n"


def gamry(sweeps, tag="EISPOT", comma=False, count=""):
    head = f"EXPLAIN\nTAG\t{tag}\nTITLE\tLABEL\tEIS\tTest &Identifier\n"
    head += "VAC\tQUANT\t1.00000E+001\tAC &Voltage (mV rms)\n"
    head += "IAC\tQUANT\t2.00000E-003\tAC &Current (A rms)\n"
    head += "OCVCURVE\tTABLE\t1\n\tPt\tT\tVf\n\t#\ts\tV\n\t0\t0.25\t-0.3\n"
    for f, Z in sweeps:
        head += f"ZCURVE\tTABLE{count}\n{GAMRY_NAMES}\n{GAMRY_UNITS}\n"
        for k, (x, z) in enumerate(zip(f, Z, strict=True)):
            head += f"\t{k}\t{2 * k}\t{x:.7g}\t{z.real:.7g}\t{z.imag:.7g}\t1\t{abs(z):.7g}"
            head += "\t-1.5\t-5.8E-006\t-0.34\t9\n"
    return head.replace(".", ",") if comma else head


def relaxis(sweeps, comma=False):
    text = "RelaxIS 3.0 Spectrum export\nDate: 12/16/2025 2:29:15 PM\n"
    text += "Data: Frequency\tData: Z'\tData: Z''\tData: |Z|\tData: Theta (Z)\n"
    for number, (f, Z) in enumerate(sweeps):
        volts = f"{-0.08 - number:.3f}".replace(".", "," if comma else ".")
        text += f"DC={volts}, TM=33.7\tModel: Unassigned Spectra\tcell.mpr_{number}\t\t\n"
        for x, z in zip(f[::-1], Z[::-1], strict=True):
            row = f"{x:.17g}\t{z.real:.17g}\t{z.imag:.17g}\t{abs(z):.17g}\t{np.degrees(np.angle(z)):.17g}\n"
            text += row.replace(".", ",") if comma else row
    return text


@pytest.mark.parametrize("separator", ["\t", ",  ", ",", "   "])
@pytest.mark.parametrize("headings", [True, False])
def test_zview(write, arc, separator, headings):
    f, Z = arc()
    (found,) = read_spectra(write("a.z", zview(f, Z, separator, headings)))
    np.testing.assert_allclose(found.spectrum.frequency, f, rtol=1e-6)
    np.testing.assert_allclose(found.spectrum.impedance, Z, rtol=1e-4)
    assert found.spectrum.technique == "PEIS"
    assert found.spectrum.mid_time == pytest.approx(15.5)


def test_zview_with_decimal_commas(write, arc):
    f, Z = arc()
    rows = zview(f, Z).split("End Comments\n")
    path = write("a.z", rows[0] + "End Comments\n" + rows[1].replace(".", ","))
    np.testing.assert_allclose(read_spectra(path)[0].spectrum.impedance, Z, rtol=1e-4)


def test_zview_of_the_older_kind(write, arc):
    f, Z = arc()
    text = '"ZView Calculated Data File: Version 1.1"\r\n'
    text += "\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\r\n"
    for k, (x, z) in enumerate(zip(f, Z, strict=True)):
        text += f" {x:.6E},  0.0E+0000,  0.0E+0000,  {k}.0E+0000,"
        text += f"  {z.real:.6E}, {z.imag:.6E},  0.0E+0000, 0, 0\r\n"
    (found,) = read_spectra(write("a.z", text))
    np.testing.assert_allclose(found.spectrum.impedance, Z, rtol=1e-6)
    assert found.spectrum.time[3] == 3


def test_zview_galvanostatic_and_two_sweeps_and_missing_points(write, arc):
    f, Z = arc()
    text = zview(np.tile(f, 2), np.tile(Z, 2), control="Current", announced=80)
    found = read_spectra(write("a.z", text))
    assert [len(each.spectrum) for each in found] == [31, 31]
    assert found[0].spectrum.technique == "GEIS"
    assert any("62 of 80 points" in note for note in found[0].notes)


def test_zview_without_points_is_refused(write):
    with pytest.raises(BadInput, match=r"a\.z ends before its first point"):
        read_spectra(write("a.z", "ZPLOT2 ASCII\n  Date: 1\nEnd Comments\n"))


@pytest.mark.parametrize("comma", [False, True])
def test_gamry(write, arc, comma):
    f, Z = arc()
    (found,) = read_spectra(write("a.DTA", gamry([(f, Z)], comma=comma), "latin-1"))
    spectrum = found.spectrum
    np.testing.assert_allclose(spectrum.frequency, f, rtol=1e-6)
    np.testing.assert_allclose(spectrum.impedance, Z, rtol=1e-6)
    assert (spectrum.technique, spectrum.mid_time) == ("PEIS", 30)
    assert spectrum.current[0] == pytest.approx(-5.8e-6)
    assert spectrum.voltage[0] == pytest.approx(-0.34)
    assert spectrum.amplitude == pytest.approx(0.01 * np.sqrt(2))


def test_gamry_galvanostatic_with_two_tables_one_cut_off(write, arc):
    f, Z = arc()
    text = gamry([(f, Z), (f[:9], 2 * Z[:9])], tag="GALVEIS", count="\t31")
    found = read_spectra(write("a.dta", text))
    assert [len(each.spectrum) for each in found] == [31, 9]
    assert found[1].spectrum.amplitude == pytest.approx(2e-3 * np.sqrt(2))
    np.testing.assert_allclose(found[1].spectrum.impedance, 2 * Z[:9], rtol=1e-6)
    assert any("9 of 31 points" in note for note in found[1].notes)


def test_gamry_without_impedance_says_what_it_is(write):
    with pytest.raises(BadInput, match=r"no ZCURVE table \(CV\)"):
        read_spectra(write("a.DTA", "EXPLAIN\nTAG\tCV\nCURVE\tTABLE\t2\n\tPt\n\t#\n\t0\n"))


@pytest.mark.parametrize("comma", [False, True])
def test_relaxis_text(write, arc, comma):
    f, Z = arc()
    found = read_spectra(write("a.txt", relaxis([(f, Z), (f, 2 * Z)], comma)))
    assert len(found) == 2
    np.testing.assert_array_equal(found[1].spectrum.frequency, f[::-1])
    np.testing.assert_array_equal(found[1].spectrum.impedance, 2 * Z[::-1])
    assert [each.spectrum.voltage[0] for each in found] == pytest.approx([-0.08, -1.08])
    assert np.isnan(found[0].spectrum.mid_time)
    assert "cell.mpr_1" in found[1].notes[0]


def project(path, arc, extra=True):
    f, Z = arc()
    with closing(sqlite3.connect(path)) as made, made:
        made.execute(
            "CREATE TABLE Files (ID INTEGER PRIMARY KEY, groupname, datasource, fitted, lastweightmode)"
        )
        made.execute("CREATE TABLE Datapoints (file_id, frequency, zreal, zimag, active, zrealfit, zimagfit)")
        if extra:
            made.execute("CREATE TABLE FileInformation (file_id, name, value, unit, type)")
            made.execute("INSERT INTO FileInformation VALUES (2, 'DCVoltage', '0,25', 'V', 1)")
        made.executemany(
            "INSERT INTO Files VALUES (?, 'night', ?, 0, 1)", [(1, "a.mpr"), (2, "b.mpr"), (3, "empty")]
        )
        for number in (1, 2):
            made.executemany(
                "INSERT INTO Datapoints VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                [
                    (number, x, number * z.real, number * z.imag, int(k > 1 or number == 2))
                    for k, (x, z) in enumerate(zip(f, Z, strict=True))
                ],
            )
    return path


def test_relaxis_project(tmp_path, arc):
    path = project(tmp_path / "a b#1?.eis3", arc)
    before = path.read_bytes()
    found = read_spectra(path)
    f, Z = arc()
    assert [(each.index, len(each.spectrum)) for each in found] == [(0, 29), (1, 31)]
    np.testing.assert_array_equal(found[0].spectrum.frequency, f[2:])
    np.testing.assert_array_equal(found[1].spectrum.impedance, 2 * Z)
    assert found[1].spectrum.voltage[0] == 0.25
    assert np.isnan(found[0].spectrum.voltage[0])
    assert any("2 points switched off" in note for note in found[0].notes)
    assert any("b.mpr" in note for note in found[1].notes)
    assert all(any("not been tried" in note for note in each.notes) for each in found)
    assert path.read_bytes() == before


def test_relaxis_project_without_what_is_beside_the_points(tmp_path, arc):
    assert len(read_spectra(project(tmp_path / "a.eis3", arc, extra=False))) == 2


def test_a_project_that_is_none_is_refused(tmp_path, write, arc):
    with closing(sqlite3.connect(tmp_path / "a.eis3")) as made, made:
        made.execute("CREATE TABLE runs (id)")
    with pytest.raises(BadInput, match="no RelaxIS project"):
        read_spectra(tmp_path / "a.eis3")
    whole = project(tmp_path / "b.eis3", arc).read_bytes()
    with pytest.raises(BadInput, match="cannot be read as a RelaxIS project"):
        read_spectra(write("c.eis3", whole[:600]))
    with closing(sqlite3.connect(tmp_path / "b.eis3")) as made, made:
        made.execute("UPDATE Datapoints SET zreal = 'oops' WHERE rowid = 9")
    with pytest.raises(BadInput, match="spectrum 1 has a point that is no number"):
        read_spectra(tmp_path / "b.eis3")
