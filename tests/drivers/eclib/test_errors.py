"""Every documented code has a name, a meaning and a remedy."""

import pytest

from drivers.eclib.errors import CODES, describe, failure
from drivers.eclib.families import FAMILIES

DOCUMENTED = [
    *range(-15, 0),
    *range(-105, -100),
    *range(-207, -199),
    *range(-309, -299),
    *range(-405, -399),
]


def test_the_table_is_complete():
    assert sorted(CODES) == sorted(DOCUMENTED)
    assert len({name for name, _, _ in CODES.values()}) == len(CODES)


@pytest.mark.parametrize("code", DOCUMENTED)
def test_every_code_says_what_and_what_to_do(code):
    error = failure("loading x", code, "their words", ("halt",))
    assert str(code) in error.problem
    assert CODES[code][0] in error.problem
    assert "their words" in error.problem
    assert '"halt"' in error.problem
    assert error.remedy
    assert error.code == code


def test_an_undocumented_code_is_said_to_be_so():
    assert "does not document" in describe(-999)
    assert failure("x", -999).remedy


@pytest.mark.parametrize(("board", "file"), [(1, "geis.ecc"), (2, "geis4.ecc"), (3, "geis5.ecc")])
def test_technique_files_by_board(board, file):
    assert FAMILIES[board].ecc("geis") == file
