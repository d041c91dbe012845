"""EC-Lab's .mpt: every layout gives the same spectra."""

import numpy as np
import pytest

from core.errors import BadInput
from storage.files import read_spectra


def test_all_that_a_spectrum_needs_is_read(write, mpt, arc):
    f, Z = arc()
    (found,) = read_spectra(write("a.mpt", mpt(), "latin-1"))
    spectrum = found.spectrum
    assert spectrum.technique == "GEIS"
    np.testing.assert_allclose(spectrum.frequency, f, rtol=1e-6)
    np.testing.assert_allclose(spectrum.impedance, Z, rtol=1e-6)
    np.testing.assert_allclose(spectrum.time, np.arange(31))
    assert spectrum.mid_time == 15
    assert spectrum.current[0] == pytest.approx(30e-6)
    assert spectrum.voltage[0] == pytest.approx(3.4)
    assert spectrum.current_amplitude[0] == pytest.approx(29e-6)
    assert spectrum.amplitude == pytest.approx(30e-6)
    assert found.notes == ()


def test_potentiostatic_amplitude_is_that_of_the_voltage(write, mpt):
    spectrum = read_spectra(write("a.mpt", mpt(technique="Potentio")))[0].spectrum
    assert (spectrum.technique, spectrum.amplitude) == ("PEIS", pytest.approx(0.01))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("comma", [False, True])
def test_encodings_line_ends_and_decimal_signs(write, mpt, arc, encoding, end, comma):
    path = write("a.mpt", mpt(comma=comma).replace("\n", end), encoding)
    np.testing.assert_allclose(read_spectra(path)[0].spectrum.impedance, arc()[1], rtol=1e-6)


@pytest.mark.parametrize("name", ["a.mpt", "a.txt", "a"])
def test_without_header_the_technique_is_that_of_the_steadier_amplitude(write, mpt, name):
    (found,) = read_spectra(write(name, mpt(header=False)))
    assert found.spectrum.technique == "GEIS"
    assert any("technique" in note for note in found.notes)


def test_a_wrong_count_of_header_lines_does_not_matter(write, mpt, arc):
    text = mpt().replace("Nb header lines : 11", "Nb header lines : 3")
    np.testing.assert_allclose(read_spectra(write("a.mpt", text))[0].spectrum.frequency, arc()[0], rtol=1e-6)


@pytest.mark.parametrize(
    "layout",
    [{"cycle": True}, {"cycle": False}, {"cycle": False, "loops": True}, {"cycle": False, "ns": [0, 1, 2]}],
    ids=["cycle", "frequency", "loops", "sequence"],
)
def test_sweeps_are_told_apart(write, mpt, arc, layout):
    found = read_spectra(write("a.mpt", mpt(sweeps=3, **layout)))
    assert [each.index for each in found] == [0, 1, 2]
    assert [len(each.spectrum) for each in found] == [31, 31, 31]
    for number, each in enumerate(found):
        np.testing.assert_allclose(each.spectrum.impedance, arc()[1] * (number + 1), rtol=1e-6)
        assert each.spectrum.mid_time == pytest.approx(100 * number + 15)
        assert each.spectrum.pass_number == number


def test_each_sequence_has_its_own_amplitude(write, mpt):
    text = mpt(sweeps=2, ns=[0, 1]).replace(f"{'30.000':20}\n", f"{'30.000':20}{'2.000':20}\n")
    text = text.replace(f"{'µA':20}\n", f"{'µA':20}{'mA':20}\n")
    found = read_spectra(write("a.mpt", text))
    assert [each.spectrum.amplitude for each in found] == pytest.approx([30e-6, 2e-3])


def test_a_cycle_number_that_changes_within_a_sweep_does_not_split_it(write, mpt):
    lines = mpt().splitlines()
    for number in range(30, len(lines)):
        cells = lines[number].split("\t")
        cells[9] = "2.0"
        lines[number] = "\t".join(cells)
    assert len(read_spectra(write("a.mpt", "\n".join(lines) + "\n"))) == 1


def test_rows_of_rest_are_left_out(write, mpt):
    lines = mpt(sweeps=2).splitlines()
    rest = "\t".join("0" for _ in lines[-1].split("\t"))
    lines.insert(11 + 31, rest)
    found = read_spectra(write("a.mpt", "\n".join(lines) + "\n"))
    assert [len(each.spectrum) for each in found] == [31, 31]
    assert any("DC" in note for note in found[0].notes)


def test_times_of_day_become_seconds(write, mpt):
    lines = mpt(points=12).splitlines()
    for number, line in enumerate(lines[11:], 11):
        cells = line.split("\t")
        cells[5] = (
            f"03/02/2021 16:59:{number + 41}.5000" if number < 19 else f"03/02/2021 17:00:{number - 19:02}.5"
        )
        lines[number] = "\t".join(cells)
    (found,) = read_spectra(write("a.mpt", "\n".join(lines) + "\n"))
    np.testing.assert_allclose(found.spectrum.time, np.arange(12))


def test_a_file_without_impedance_says_what_it_is(write):
    text = "EC-Lab ASCII FILE\nNb header lines : 4\nCyclic Voltammetry\nmode\tEwe/V\tI/mA\n1\t2\t3\n"
    with pytest.raises(BadInput, match=r"a\.mpt has no column freq/Hz \(Cyclic Voltammetry\)"):
        read_spectra(write("a.mpt", text))


def test_a_header_without_data_is_refused(write, mpt):
    text = "\n".join(mpt().splitlines()[:11])
    with pytest.raises(BadInput, match="ends before its first point"):
        read_spectra(write("a.mpt", text))


@pytest.mark.parametrize("cut", [5, 40, 170])
def test_a_cut_last_line_is_left_out_with_a_note(write, mpt, cut):
    text = mpt()[:-cut] if cut < 170 else mpt()[: mpt().rindex("\n", 0, -1) + 8]
    (found,) = read_spectra(write("a.mpt", text))
    kept = len(found.spectrum)
    if kept == 31:  # only columns that nobody needs were cut off
        assert cut == 5
    else:
        assert kept == 30
        assert any("ends within line 42" in note for note in found.notes)


def test_a_damaged_row_names_line_column_and_value(write, mpt):
    lines = mpt().splitlines()
    lines[20] = lines[20].replace("\t", "\toops", 1)
    with pytest.raises(BadInput, match=r"a\.mpt, line 21: 'oops.*' is no number for Re\(Z\)/Ohm"):
        read_spectra(write("a.mpt", "\n".join(lines) + "\n"))
    lines[20] = "1.0\t2.0"
    with pytest.raises(BadInput, match=r"line 21: there is no value for -Im\(Z\)/Ohm"):
        read_spectra(write("a.mpt", "\n".join(lines) + "\n"))


def test_decimal_points_and_commas_in_one_file_are_refused(write, mpt):
    lines = mpt(comma=True).splitlines()
    lines[20] = lines[20].replace(",", ".", 1)
    with pytest.raises(BadInput, match=r"line 21: .* has a decimal point"):
        read_spectra(write("a.mpt", "\n".join(lines) + "\n"))
