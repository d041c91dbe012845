import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaign import CellKind, cell_names
from core.errors import BadInput


def test_a_pattern_numbers_cells_from_the_first_on():
    assert cell_names("LLZO-07-Li-{n:02d}", 9, 3) == [f"LLZO-07-Li-{n}" for n in ("09", "10", "11")]
    assert cell_names("Li {n}", 1, 2) == ["Li 1", "Li 2"]
    assert cell_names("Li", 4, 1) == ["Li"]


@given(first=st.integers(1, 500), count=st.integers(1, 20))
def test_names_are_those_that_a_campaign_gives_its_electrodes(first, count):
    table = {"name": "Li-{n:03d}", "anode": "Li", "electrode_diameter": "6 mm", "count": count}
    kind = CellKind.model_validate(table | {"counter": {"working_electrode_number": first}})
    names = cell_names("Li-{n:03d}", first, count)
    assert names == [kind.electrode(index).name for index in range(count)]
    assert len(set(names)) == count


@pytest.mark.parametrize(
    ("pattern", "first", "count", "words"),
    [
        ("Li-01", 1, 2, "same for all 2 cells"),
        ("Li-{m}", 1, 1, "something else than n"),
        ("Li-{n!r}", 1, 2, "something else than n"),
        ("Li-{n:{n}d}", 1, 2, "something else than n"),
        ("Li-{{n}}", 1, 2, "something else than n"),
        ("Li-{n}", 0, 2, "2 cells numbered from 0 on"),
        ("Li-{n}", 1, 0, "0 cells"),
        ("Li-{n}", 1, 10**9, "at most 10000"),
    ],
)
def test_patterns_that_do_not_number_cells_are_refused(pattern, first, count, words):
    with pytest.raises(BadInput, match=words):
        cell_names(pattern, first, count)
