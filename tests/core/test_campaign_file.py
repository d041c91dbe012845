import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.campaign import CampaignFile, CellKind, Entry, is_campaign
from core.cell import Cell

LI = {"anode": "Li", "electrode_diameter": "6 mm", "foil_thickness": "100 µm"}


def test_a_campaign_is_told_from_an_experiment():
    assert is_campaign({"campaign": "Fig. 5", "steps": []})
    assert is_campaign({"steps": [{"protocol": "OcvRest"}]})
    assert not is_campaign({"protocol": "GeisStripping", "cell": {}})


def test_electrodes_of_a_kind_are_cells_with_numbers_on_their_counter():
    kind = CellKind.model_validate(
        LI | {"name": "LLZO-07-Li-{n:02d}", "count": 3, "counter": {"working_electrode_number": 4}}
    )
    cell = kind.electrode(2)
    assert type(cell) is Cell
    assert cell.name == "LLZO-07-Li-06"
    assert cell.counter.working_electrode_number == 6
    assert cell.area == kind.area
    assert cell.foil_thickness == kind.foil_thickness == pytest.approx(100e-6)


@given(diameter=st.floats(0.5, 8.2), n=st.integers(0, 50))
def test_what_a_kind_says_of_its_cells_is_not_rounded(diameter, n):
    table = {"anode": "Li", "electrode_diameter": f"{diameter!r} mm"}
    kind = CellKind.model_validate(table | {"name": "Li-{n}", "count": 60})
    alone = Cell.model_validate(
        table | {"name": f"Li-{n + 1}", "counter": {"working_electrode_number": n + 1}}
    )
    assert kind.electrode(n) == alone


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"name": "Li-01", "count": 2}, "the same for all 2 working electrodes"),
        ({"name": "Li-{m}", "count": 2}, "nothing else in braces"),
        ({"name": "Li-{n!r}"}, "nothing else in braces"),
        ({"name": "Li-{n"}, "nothing else in braces"),
        ({"name": "Li-{n:{n}d}"}, "nothing else in braces"),
        ({"name": "Li-{n}", "count": 0}, "greater than or equal to 1"),
        ({"name": "Li-{n}", "electrode_area": "1 cm²"}, "not both"),
    ],
)
def test_kinds_of_cells_are_refused(table, words):
    with pytest.raises(ValidationError, match=words):
        CellKind.model_validate(LI | table)


STRIP = {"protocol": "GeisStripping"}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "one of protocol, steps or include; it has none"),
        (STRIP | {"steps": [STRIP]}, "it has protocol and steps"),
        ({"steps": []}, "steps is empty"),
        (STRIP | {"name": "repeat"}, "word of branches"),
        (STRIP | {"name": "a/b"}, "neither / nor ~"),
        (STRIP | {"on": {"cutoff": "next"}}, "did you mean 'cut-off'"),
        (STRIP | {"on": {"hungry": "next"}}, "it can be finished, cut-off"),
        (STRIP | {"repeat": 3}, "repeat stands around steps"),
        (STRIP | {"for_each": {"temperature": ["0 °C"]}}, "for_each stands around steps"),
        ({"steps": [STRIP], "override": [{"when": {"a": 1}, "parameters": {"b": 1}}]}, "override stands"),
        ({"steps": [STRIP], "allow_spent": True}, "said by each step"),
        ({"steps": [STRIP], "repeat": 2, "for_each": {"temperature": ["0 °C"]}}, "use replicates"),
        ({"steps": [STRIP], "order": "random"}, "order needs a for_each"),
        ({"steps": [STRIP], "replicates": 2}, "replicates needs a for_each"),
        ({"steps": [STRIP], "for_each": {"temperature": []}}, "temperature has no values"),
        ({"steps": [STRIP], "for_each": {"temperature": "0 °C"}}, "valid list"),
        ({"steps": [STRIP], "for_each": {"T": ["0 °C", "0 °C"]}}, "names a value twice"),
        ({"steps": [STRIP], "for_each": {"round": [1]}}, "counted by itself"),
        ({"steps": [STRIP], "for_each": {"T": [1]}, "order": "shuffled"}, "as written"),
        ({"steps": [STRIP], "for_each": {"T": [1]}, "replicates": 0}, "greater than or equal to 1"),
        (STRIP | {"then": "end"}, "after at_most"),
        (STRIP | {"at_most": 1}, "greater than or equal to 2"),
        (STRIP | {"parallel": True}, "Extra inputs"),
    ],
)
def test_entries_are_refused(table, words):
    with pytest.raises(ValidationError, match=words):
        Entry.model_validate(table)


def test_a_campaign_has_a_name_and_a_step():
    for tables in ({"campaign": "a", "steps": []}, {"steps": [STRIP]}, {"campaign": "", "steps": [STRIP]}):
        with pytest.raises(ValidationError):
            CampaignFile.model_validate(tables)
