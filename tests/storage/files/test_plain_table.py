"""Plain tables: whatever the headings, units, separators and decimal signs, the same spectrum."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from storage.files import read_spectra

SEPARATORS = {"tab": "\t", "semicolon": ";", "comma": ",", "blank": " ", "wide": "   "}
FREQUENCY = {"f": 1, "freq/Hz": 1, "Frequency (Hz)": 1, "f [kHz]": 1e3, "freq_Hz": 1, "Freq(MHz)": 1e6}
REAL = {"Z'": 1, "Zreal": 1, "Re(Z)/Ohm": 1, "Z' (kOhm)": 1e3, "Z′/Ω": 1, "ReZ [mΩ]": 1e-3, "Z_real_ohm": 1}
IMAG = {"Z''": 1, 'Z" (Ω)': 1, "Im(Z)/Ohm": 1, "-Z'' (Ω)": -1, "−Z″/kΩ": -1e3, "-Im(Z)/Ohm": -1, "Zimag": 1}


def table(columns, headings=None, separator=",", comma=False):
    rows = [separator.join(f"{value:.9E}" for value in row) for row in zip(*columns, strict=True)]
    text = "\n".join(rows)
    text = text.replace(".", ",") if comma else text
    return (separator.join(headings) + "\n" if headings else "") + text + "\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(list(FREQUENCY)),
    st.sampled_from(list(REAL)),
    st.sampled_from(list(IMAG)),
    st.sampled_from(list(SEPARATORS)),
    st.booleans(),
    st.permutations([0, 1, 2, 3]),
    st.booleans(),
)
def test_headings_units_separators_decimals_and_order(
    tmp_path, arc, frequency, real, imag, separator, comma, order, crlf
):
    comma = comma and separator != "comma"
    f, Z = arc()
    columns = [f / FREQUENCY[frequency], Z.real / REAL[real], Z.imag / IMAG[imag], np.arange(31.0)]
    names = [frequency, real, imag, "time/s"]
    text = table([columns[k] for k in order], [names[k] for k in order], SEPARATORS[separator], comma)
    path = tmp_path / "a.csv"
    path.write_bytes(text.replace("\n", "\r\n" if crlf else "\n").encode())
    if separator == "blank" and any(" " in name for name in names):
        return  # blanks within headings and between them cannot always be told apart
    (found,) = read_spectra(path)
    np.testing.assert_allclose(found.spectrum.frequency, f, rtol=1e-8)
    np.testing.assert_allclose(found.spectrum.impedance, Z, rtol=1e-8)
    assert found.spectrum.mid_time == 15
    assert found.notes == ()


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("sign", [1, -1])
def test_without_headings_the_sign_follows_from_the_real_part(write, arc, separator, sign):
    f, Z = arc()
    (found,) = read_spectra(write("a.dat", table([f, Z.real, sign * Z.imag], separator=separator)))
    np.testing.assert_allclose(found.spectrum.impedance, Z, rtol=1e-8)
    assert any("no headings" in note for note in found.notes)
    assert any("−Z″" in note for note in found.notes) == (sign < 0)


def test_a_heading_is_believed_but_a_contradiction_is_noted(write, arc):
    f, Z = arc()
    (found,) = read_spectra(write("a.csv", table([f, Z.real, -Z.imag], ["f", "Z'", "Z''"])))
    np.testing.assert_allclose(found.spectrum.impedance, Z.conj(), rtol=1e-8)
    assert any("contradicts" in note for note in found.notes)


def test_semicolons_and_decimal_commas_as_a_german_spreadsheet_writes_them(write, arc):
    f, Z = arc()
    cells = [[f"{x:.4f}", f"{z.real:.4f}", f"{-z.imag:.4f}"] for x, z in zip(f, Z, strict=True)]
    rows = "\r\n".join(";".join(row).replace(".", ",") for row in cells)
    path = write("a.csv", f"Frequenz (Hz);Realteil (Ohm);-Z'' (Ohm)\r\n{rows}\r\n", "latin-1")
    np.testing.assert_allclose(read_spectra(path)[0].spectrum.impedance, Z, atol=1e-4)


def test_quoted_decimal_commas(write, arc):
    f, Z = arc()
    cells = [[f"{x:.4f}", f"{z.real:.4f}", f"{z.imag:.4f}"] for x, z in zip(f, Z, strict=True)]
    rows = "\n".join(",".join(f'"{cell}"'.replace(".", ",") for cell in row) for row in cells)
    (found,) = read_spectra(write("a.csv", f"f,Z',Z''\n{rows}\n"))
    np.testing.assert_allclose(found.spectrum.impedance, Z, atol=1e-4)


def test_modulus_and_phase(write, arc):
    f, Z = arc()
    text = table([f, np.abs(Z), np.degrees(np.angle(Z))], ["Frequency (Hz)", "|Z| (Ohm)", "Phase (deg)"])
    np.testing.assert_allclose(read_spectra(write("a.csv", text))[0].spectrum.impedance, Z, rtol=1e-7)
    text = table([2 * np.pi * f, np.abs(Z), -np.angle(Z)], ["omega (rad/s)", "Zmod", "-phase (rad)"])
    spectrum = read_spectra(write("a.csv", text))[0].spectrum
    np.testing.assert_allclose(spectrum.impedance, Z, rtol=1e-7)
    np.testing.assert_allclose(spectrum.frequency, f, rtol=1e-7)


def test_columns_in_between_and_a_running_number_are_passed_over(write, arc):
    f, Z = arc()
    index = np.arange(1, 32)
    rows = "\n".join(
        f"cell A;{k};{x:.6f};{k}.0;{-z.imag:.6f};{abs(z):.6f};{z.real:.6f}"
        for k, x, z in zip(index, f, Z, strict=True)
    )
    (found,) = read_spectra(
        write("a.txt", f"Filename;Index;Frequency (Hz);Time (s);-Z'' (Ω);Z (Ω);Z' (Ω)\n{rows}\n")
    )
    np.testing.assert_allclose(found.spectrum.impedance, Z, atol=1e-5)
    rows = "\n".join(f"{k} {x:.6f} {z.real:.6f} {z.imag:.6f}" for k, x, z in zip(index, f, Z, strict=True))
    np.testing.assert_allclose(read_spectra(write("b.txt", rows + "\n"))[0].spectrum.impedance, Z, atol=1e-5)


def test_title_comments_and_a_line_of_units(write, arc):
    f, Z = arc()
    text = "Cell 7, after pressing at 300 MPa\n\n# made by hand\nf\tZ'\tZ''\nkHz\tOhm\tOhm\n\n"
    text += table([f / 1e3, Z.real, Z.imag], separator="\t") + "\n\n"
    (found,) = read_spectra(write("a.txt", text))
    np.testing.assert_allclose(found.spectrum.frequency, f, rtol=1e-8)
    text = "# f Z' Z''\n" + table([f, Z.real, Z.imag], separator=" ")
    assert read_spectra(write("b.txt", text))[0].notes == ()


@pytest.mark.parametrize("how", ["restart", "ascending", "back", "cycle", "tables"])
def test_several_sweeps_below_each_other(write, arc, how):
    f, Z = arc()
    head, one, two = ["f", "Z'", "Z''"], [f, Z.real, Z.imag], [f, 2 * Z.real, 2 * Z.imag]
    if how in ("ascending", "back"):
        two = [column[::-1] for column in two]
        one = one if how == "back" else [column[::-1] for column in one]
    columns = [np.concatenate(pair) for pair in zip(one, two, strict=True)]
    text = table(columns, head)
    if how == "cycle":
        text = table([*columns, np.repeat([1, 2], 31)], [*head, "cycle"])
    if how == "tables":
        text = table(one, head) + "\n" + table([column[9:] for column in two], head)
    found = read_spectra(write("a.csv", text))
    assert [len(each.spectrum) for each in found] == [31, 22 if how == "tables" else 31]
    assert abs(found[1].spectrum.impedance[3] / found[0].spectrum.impedance[3]) > 1


def test_points_in_disorder_stay_one_spectrum(write, arc):
    f, Z = arc()
    order = np.random.default_rng(1).permutation(31)
    found = read_spectra(write("a.csv", table([f[order], Z.real[order], Z.imag[order]], ["f", "Z'", "Z''"])))
    assert len(found) == 1


def test_a_repeated_check_frequency_stays_in_its_sweep(write, arc):
    f, Z = arc()
    f, Z = np.append(f, 1e3), np.append(Z, Z[15])
    columns = [np.tile(f, 2), np.tile(Z.real, 2), np.tile(Z.imag, 2)]
    assert [len(each.spectrum) for each in read_spectra(write("a.csv", table(columns)))] == [32, 32]


def test_numbers_that_are_none_are_left_to_the_analysis(write, arc):
    f, Z = arc()
    text = table([f, Z.real, Z.imag], ["f", "Z'", "Z''"]).replace("\n", "\n-5,nan,inf\n", 1)
    spectrum = read_spectra(write("a.csv", text))[0].spectrum
    assert (len(spectrum), spectrum.frequency[0]) == (32, -5)
    assert np.isnan(spectrum.impedance[0].real)


@pytest.mark.parametrize(
    ("factor", "name", "said"),
    [(1e3, "f", "unit"), (1e-6, "f", "unit"), (1e-4, "Z", "unit"), (1e9, "Z", "unit"), (1.0, "Z", "")],
)
def test_implausible_units_are_noted(write, arc, factor, name, said):
    f, Z = arc()
    f, Z = (f * factor, Z) if name == "f" else (f, Z * factor)
    (found,) = read_spectra(write("a.csv", table([f, Z.real, Z.imag], ["f", "Z'", "Z''"])))
    assert any("is the unit right?" in note for note in found.notes) == bool(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f,Z'\n1,2\n3,4\n", "three numbers"),
        ("f;Z'\n1,5;2\n3;4\n", "three numbers"),
        ("f,Z',time\n1,2,3\n4,5,6\n", "no column for Z''; it has 'f', \"Z'\", 'time'"),
        ("a,b,c\n1,2,3\n4,5,6\n", "no column for f and Z' and Z''"),
        ("f,Z',Zreal,Z''\n1,2,3,4\n", "two columns for one thing"),
        ("f,Z' (Ohm cm2),Z'' (Ohm cm2)\n1,2,3\n", "normalised to an area"),
        ("f (mhz),Z',Z''\n1,2,3\n", "mHz or in MHz"),
        ("f,Z',Z''\n1,2,3\n4,oops,6\n7,8,9\n", r"a\.csv, line 3: 'oops' is no number for Z'"),
        ("f,Z',Z''\n1,oops,3\n4,5,6\n7,8,9\n", r"a\.csv, line 2: 'oops' is no number for Z'"),
        ("1,oops,3\n4,5,6\n7,8,9\n", r"a\.csv, line 1: 'oops' is no number"),
        ("f,Z',Z''\n1,2,3\n4,5\n7,8,9\n", "line 3: there is no value for Z''"),
        ("f,Z',Z''\n1,2,3\n4,,6\n7,8,9\n", "line 3: '' is no number for Z'"),
        ("f,Z',Z''\n1000,5,10,2,-3,1\n100,5,10,2,-3,1\n", "commas between the columns"),
        ("1000,5,10,2,-3,1\n100,5,10,2,-3,1\n", "commas between the columns"),
        ("f\tZ'\tZ''\n100,000\t10,123\t-3,456\n10,000\t12,345\t-3,456\n", "thousands separator"),
        ("f;Z';Z''\n1,5;10.2;-3,1\n", "line 2: '10.2' has a decimal point"),
        ("f;Z';Z''\n1.000,5;10,2;-3,1\n2,5;10,2;-3,1\n", "line 2: '1.000,5' has a decimal point"),
        ("0 1 2\n0 3 4\n", "no frequency in the first column is positive"),
        ("just some words\nand more of them\n", "no row of three numbers"),
    ],
)
def test_bad_tables_are_refused_in_words(write, text, said):
    with pytest.raises(BadInput, match=said):
        read_spectra(write("a.csv", text))


@pytest.mark.parametrize(
    ("end", "points"),
    [
        ("1.0,1299.9,-3.1", 4),
        ("1.0,1299.9,-3.125", 5),
        ("1.0,1299.9", 4),
        ("1.0,1299.9,-", 4),
        ("1.0,1299.9,-3.125\n", 5),
    ],
)
def test_a_cut_last_line(write, end, points):
    text = "f,Z',Z''\n10000.0,300.01,-1.234\n1000.0,400.11,-200.125\n"
    text += "100.0,900.22,-500.125\n10.0,1200.5,-90.125\n"
    (found,) = read_spectra(write("a.csv", text + end))
    assert len(found.spectrum) == points
    assert any("ends within line 6" in note for note in found.notes) == (points == 4)
