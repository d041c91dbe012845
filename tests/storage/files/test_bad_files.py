"""Whatever is in a file: its spectra, or one message in words; never another exception."""

import os
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from storage.files import read_spectra

QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
WORDS = [
    "EC-Lab ASCII FILE\n",
    "freq/Hz\t",
    "Re(Z)/Ohm\t-Im(Z)/Ohm\n",
    "EXPLAIN\n",
    "ZCURVE\tTABLE\n",
    "ZPLOT2 ASCII\n",
]
WORDS += [
    "End Comments\n",
    "RelaxIS 3.0 Spectrum export\n",
    "Data: Frequency\tData: Z'\tData: Z''\n",
    "f;Z';Z''\n",
]
WORDS += [
    "1.0\t2.0\t3.0\n",
    "1,5;2,5;3,5\n",
    "\t0\t1\t2\t3\n",
    "nan\n",
    "\n",
    "# ",
    ",",
    ";",
    "\t",
    "1e5",
    "-",
    "\x0c",
    "²",
]


def test_no_file_no_folder_no_content(tmp_path, write):
    with pytest.raises(BadInput, match="there is no file"):
        read_spectra(tmp_path / "nothing.mpt")
    with pytest.raises(BadInput, match="is a folder"):
        read_spectra(tmp_path)
    with pytest.raises(BadInput, match="is a folder"):
        read_spectra("")
    with pytest.raises(BadInput, match="is empty"):
        read_spectra(write("a.mpt", b""))
    with pytest.raises(BadInput, match="is empty"):
        read_spectra(write("a.mpt", " \n\n"))


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind root or Windows"
)
def test_a_file_that_may_not_be_read(write):
    path = write("a.mpt", "x")
    path.chmod(0)
    with pytest.raises(BadInput, match="cannot be read"):
        read_spectra(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", bytes(range(256)) * 4, "neither text nor a binary format"),
        ("a.mpr", b"freq/Hz\n1 2 3\n", "does not begin like an EC-Lab binary"),
        ("a.eis3", b"\x00\x01\x02", "does not begin like a RelaxIS project"),
        ("a.xlsx", b"PK\x03\x04rest", "workbook"),
        ("a.z", b"\xff\xfe\x00\xd8\x00", "cannot be decoded"),
    ],
)
def test_wrong_kinds(write, name, content, said):
    with pytest.raises(BadInput, match=said):
        read_spectra(write(name, content))


def test_the_content_counts_not_the_extension(write, mpt):
    for name in ("a.z", "a.DTA", "a.csv", "a"):
        assert read_spectra(write(name, mpt()))[0].spectrum.technique == "GEIS"


@settings(max_examples=80, **QUIET)
@given(st.binary(max_size=300))
def test_junk(tmp_path, content):
    _read(tmp_path, content)


@settings(max_examples=200, **QUIET)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map("".join))
def test_pieces_of_formats(tmp_path, text):
    _read(tmp_path, text.encode())


@settings(max_examples=80, **QUIET)
@given(st.data())
def test_damaged_files(tmp_path, mpt, data):
    content = bytearray(mpt(sweeps=2, points=8).encode("latin-1"))
    content = content[: data.draw(st.integers(1, len(content)))]
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.sampled_from(b"\t\n,.;eE-+x09\xff ")
        )
    _read(tmp_path, bytes(content))


def _read(folder, content):
    path = folder / "a.txt"
    path.write_bytes(content)
    refused = None
    try:
        found = read_spectra(path)
    except BadInput as error:
        found, refused = [], error
    assert bool(found) != bool(refused)
    assert all(len(each.spectrum) for each in found)
    assert refused is None or ("a.txt" in refused.problem and refused.remedy)
