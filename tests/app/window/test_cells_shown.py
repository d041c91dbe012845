from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.window.reading.listing import Listing
from app.window.shown.cell_draft import Draft, check, draft_of, pattern_of
from app.window.shown.cell_facts import cell_runs, changes, electrode_card, entry_lines, facts, pellet_card
from app.window.shown.cell_fields import BY_PATH
from app.window.shown.cell_rows import (
    CellRow,
    cell_rows,
    condition,
    count,
    footer,
    lines,
    natural,
    taken,
    unregistered_names,
)
from core.campaign import cell_names
from core.cell import Cell
from core.clock import utc_now
from core.records import RunState
from storage import CellEntry, RegisteredCell, RunOverview, RunSummary

NOW = utc_now()
CELL = Cell.model_validate({"name": "LLZO-07-Li-01", "anode": "Li", "electrode_diameter": "6 mm"})
SIX = {"name": "LLZO-07-Li-{n:02d}", "count": "6", "anode": "Li", "electrode_diameter": "6 mm"}


def named(name: str) -> Cell:
    return CELL.model_copy(update={"name": name})


def registered(name: str, retired: bool = False, remarks: str = "") -> RegisteredCell:
    return RegisteredCell(name, named(name), remarks, retired, "kim", NOW, 1, 0, 0, None, "")


def run(
    number: int,
    cell: str = "LLZO-07-Li-01",
    ended: str = "finished",
    state: RunState = RunState.FINISHED,
    binned: bool = False,
    **parameters,
) -> RunOverview:
    started = NOW + timedelta(hours=number)
    summary = RunSummary(
        run=number, cell=cell, protocol="GeisStripping", state=state, end_reason=ended, spectra=3,
        simulated=False, started_utc=started, ended_utc=None, heartbeat_utc=started, bench_time=60.0,
        bench="bench 2", channel=1, campaign=None, path="", ended=ended, bench_origin=0.0, binned=binned,
    )  # fmt: skip
    return RunOverview(summary, "Li", CELL.area, CELL.pellet_area, parameters, "")


def test_an_electrode_is_fresh_until_a_run_was_done_to_it():
    assert condition(()).kind == "fresh"
    assert condition((run(1),)).kind == "used"


@pytest.mark.parametrize("word", ["depleted", "cut-off", "shorted"])
def test_an_electrode_that_was_spent_once_stays_spent(word):
    found = condition((run(3), run(2, ended=word), run(1)))
    assert found.spent
    assert word in found.words
    assert "run 2" in found.advice


def test_a_live_run_is_said_also_of_a_spent_electrode():
    live = run(3, ended="", state=RunState.RUNNING)
    assert condition((live,)).kind == "live"
    found = condition((live, run(2, ended="shorted")))
    assert found.spent
    assert "in run 3 now" in found.words


@pytest.mark.parametrize(
    ("ended", "state"),
    [("stopped", RunState.STOPPED), ("interlock", RunState.ABORTED), ("", RunState.INTERRUPTED)],
)
def test_an_electrode_whose_run_was_broken_off_is_doubtful(ended, state):
    found = condition((run(2, ended=ended, state=state),))
    assert found.kind == "doubtful"
    assert (ended or "interrupted") in found.words


def test_the_list_has_the_registry_first_and_then_what_only_runs_name():
    listing = Listing(
        runs=(run(1, "LLZO-07-Li-10"), run(2, "alien")),
        binned=(run(3, "binned one", binned=True),),
        cells=(registered("LLZO-07-Li-10"), registered("LLZO-07-Li-9"), registered("old", retired=True)),
        read=True,
    )
    others = {"alien": named("alien"), "binned one": named("binned one"), "registered since": named("x")}
    assert unregistered_names(listing) == {"alien", "binned one"}
    rows = cell_rows(listing, others)
    assert [row.name for row in rows] == ["LLZO-07-Li-9", "LLZO-07-Li-10", "old", "alien", "binned one"]
    shown = [line.heading or line.name for line in lines(rows)]
    assert shown == [
        "Registered  ·  2", "LLZO-07-Li-9", "LLZO-07-Li-10",
        "Not registered, only in runs  ·  2", "alien", "binned one",
    ]  # fmt: skip
    assert "old" in [line.name for line in lines(rows, retired=True)]
    assert footer(rows) == "3 registered, 1 retired, 2 not registered"


def test_search_words_have_to_occur_all_of_them():
    spent = CellRow(
        "LLZO-07-Li-01", CELL, registered("LLZO-07-Li-01", remarks="soft edge"), (run(1, ended="shorted"),)
    )
    fresh = CellRow("LLZO-07-Li-02", CELL, registered("LLZO-07-Li-02"))
    assert [line.name for line in lines((spent, fresh), "SPENT llzo")][1:] == ["LLZO-07-Li-01"]
    assert [line.name for line in lines((spent, fresh), "edge")][1:] == ["LLZO-07-Li-01"]
    assert [line.name for line in lines((spent, fresh), "fresh")][1:] == ["LLZO-07-Li-02"]
    assert lines((spent, fresh), "fresh edge") == []


@given(st.lists(st.text(max_size=12), max_size=12))
def test_names_of_any_kind_can_be_sorted(names):
    assert sorted(sorted(names, key=natural)) == sorted(names)


def test_numbers_are_written_with_the_word_they_count():
    assert [count(1, "entry"), count(2, "entry"), count(1, "run"), count(0, "run")] == [
        "1 entry", "2 entries", "1 run", "0 runs",
    ]  # fmt: skip


def test_the_two_areas_say_what_each_normalises():
    electrode, pellet = electrode_card(CELL), pellet_card(CELL)
    assert (electrode.area, electrode.diameter) == ("0.2827 cm²", "⌀ 6 mm")
    assert "current" in electrode.normalises
    assert electrode.example == "100 µA/cm² = 28.3 µA"
    assert (pellet.area, pellet.diameter) == ("0.5411 cm²", "⌀ 8.3 mm")
    assert "force" in pellet.normalises
    assert pellet.example == "1 MPa = 54.1 N"


def test_an_electrode_given_by_its_area_has_the_diameter_of_an_equal_disc():
    cell = Cell.model_validate({"name": "a", "anode": "Li", "electrode_area": "0.2827433388 cm²"})
    assert electrode_card(cell).diameter == "as ⌀ 6 mm"


def test_what_was_done_to_an_electrode_is_told_with_where():
    cell = Cell.model_validate(
        {
            "name": "a", "anode": "Li", "electrode_diameter": "6 mm", "notes": "pale",
            "counter": {"anode": "Li", "working_electrode_number": 3, "interface_resistance": "20 ohm*cm**2"},
            "history": {
                "forming_pressure": "12 MPa", "formed_at": "glovebox press",
                "annealed_for": "2 h", "annealed_at": "150 °C", "polishing": "SiC grit 1000",
            },
        }
    )  # fmt: skip
    found = {each.label: each.text for each in facts(CellRow("a", cell, registered("a", remarks="edge")))}
    assert found["History of it"] == (
        "formed at 12 MPa (glovebox press); annealed for 2:00 h at 150 °C; polished: SiC grit 1000"
    )
    assert "R_int 20 Ω cm²; this is working electrode 3 on it" in found["Counter electrode"]
    assert found["Notes"] == "pale"
    assert found["Remarks"] == "edge"
    assert "by kim" in found["Entry of"]


def test_nothing_is_said_of_what_was_not_declared():
    assert {"History of it", "Notes", "Remarks", "Entry of"}.isdisjoint(
        each.label for each in facts(CellRow("a", CELL, None))
    )


def test_runs_of_a_cell_have_current_temperature_and_pressure():
    row = CellRow(
        "a", CELL, None,
        (run(2, binned=True), run(1, ended="cut-off", current_density=100.0, temperature=25.0, pressure=2.5)),
    )  # fmt: skip
    second, first = cell_runs(row)
    assert first.texts[2:] == ("GEIS stripping", "100", "25", "2.5", "cut-off")
    assert second.texts[3:] == ("–", "–", "–", "in the bin · finished")


def test_entries_say_what_they_changed():
    first = CellEntry(1, "a", CELL, "", False, "kim", NOW)
    thinner = CELL.model_copy(update={"foil_thickness": 50e-6})
    entries = [
        first,
        replace(first, id=2, cell=thinner, remarks="measured again"),
        replace(first, id=3, cell=thinner, remarks="measured again", retired=True),
        replace(first, id=4, cell=thinner),
        replace(first, id=5, cell=thinner),
    ]
    texts = [each.text for each in entry_lines(entries)]
    assert texts == [
        "nothing changed",
        "taken back into use; remarks removed",
        "retired",
        "foil thickness: 100 µm → 50 µm; remarks: measured again",
        "registered",
    ]


def test_a_change_from_diameter_to_area_is_said_for_both():
    other = Cell.model_validate({"name": CELL.name, "anode": "Li", "electrode_area": "0.3 cm²"})
    assert list(changes(CELL, other)) == [
        "electrode diameter: 6 mm → none",
        "electrode area: none → 0.3 cm²",
    ]


def test_names_of_a_pattern_are_shown_with_those_that_are_taken():
    found = check(
        Draft({**SIX, "counter.working_electrode_number": "1"}), {"LLZO-07-Li-02": "registered already"}
    )
    assert [each.name for each in found.names] == [f"LLZO-07-Li-0{n}" for n in range(1, 7)]
    assert [each.taken for each in found.names if each.taken] == ["registered already"]
    assert (found.taken, found.ready) == (1, False)
    assert "1 of the 6 names" in found.verdict


def test_the_first_number_is_the_next_free_one_where_none_is_written():
    found = check(Draft(SIX), {"LLZO-07-Li-02": "", "LLZO-07-Li-09": "", "LLZO-08-Li-77": ""})
    assert found.first == 10
    assert [each.name for each in found.names][:2] == ["LLZO-07-Li-10", "LLZO-07-Li-11"]
    cells = found.cells()
    assert [cell.counter.working_electrode_number for cell in cells] == list(range(10, 16))
    assert cells[0].area == pytest.approx(CELL.area)


def test_both_areas_are_told_as_far_as_they_can_be():
    assert check(Draft({"electrode_diameter": "6 mm"}), {}).areas_text() == ("0.2827 cm²", "0.5411 cm²")
    assert check(Draft({"pellet_diameter": "10 m"}), {}).areas_text() == ("–", "7.854e+05 cm²")
    assert check(Draft({"electrode_area": "30 mm²"}), {}).areas_text() == ("0.3 cm²", "0.5411 cm²")


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("name", "", "To be filled in"),
        ("name", "a{x}", "{n}"),
        ("name", "all alike", "the same for all 6"),
        ("name", "a\x07{n}", "printable"),
        ("anode", "", "To be filled in"),
        ("count", "six", "whole number"),
        ("count", "0", "whole number"),
        ("count", "1000000", "whole number"),
        ("counter.working_electrode_number", "1.5", "whole number"),
        ("electrode_diameter", "", "Give the diameter"),
        ("electrode_diameter", "6", "no unit"),
        ("electrode_diameter", "6,5 mm", "decimal point"),
        ("electrode_diameter", "-6 mm", "greater than 0"),
        ("electrode_diameter", "6 s", "cannot be read as mm"),
        ("electrode_diameter", "9 mm", "larger than the pellet"),
        ("electrode_area", "0.3 cm²", "either the diameter or the area"),
        ("electrode_area", "0.3 MPa", "cm²"),
        ("pellet_thickness", "0 mm", "greater than 0"),
        ("history.annealed_at", "150", "°C"),
        ("history.forming_pressure", "high", "not a quantity"),
        ("counter.interface_resistance", "0.2 kΩ", "kΩ cm²"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(path, text, words):
    found = check(Draft(SIX).written(path, text), {})
    assert words in found.errors[path]
    assert list(found.errors) == [path]
    assert not found.ready
    assert "not right" in found.verdict


def test_one_cell_needs_no_number_in_its_name():
    found = check(Draft({**SIX, "name": " LLZO-09 ", "count": ""}), {})
    assert found.ready
    assert [cell.name for cell in found.cells()] == ["LLZO-09"]


def test_a_cell_that_is_changed_keeps_exactly_what_nobody_touched():
    odd = CELL.model_copy(update={"electrode_diameter": 0.1 + 0.2 - 0.294, "notes": "two\nlines"})
    draft = draft_of(odd, registered(CELL.name, retired=True, remarks="edge"), amends=True)
    assert draft.retired
    found = check(draft.written("foil_thickness", "50 um"), {CELL.name: "registered already"})
    assert found.ready
    (cell,) = found.cells()
    assert cell == odd.model_copy(update={"foil_thickness": pytest.approx(50e-6)})
    assert cell.electrode_diameter == odd.electrode_diameter
    assert found.draft["remarks"] == "edge"


def test_a_new_cell_like_another_takes_its_pattern_and_the_next_number():
    draft = draft_of(CELL, None, amends=False)
    found = check(draft, {"LLZO-07-Li-01": "registered already"})
    assert found.ready
    assert found.cells()[0].name == "LLZO-07-Li-02"


@given(st.from_regex(r"[A-Za-z -]{0,6}[0-9]{1,4}", fullmatch=True))
def test_a_pattern_gives_back_the_name_it_was_made_of(name):
    number = int(name[-len(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -")) :])
    if number:
        assert cell_names(pattern_of(name), number, 1) == [name]


@given(st.dictionaries(st.sampled_from(sorted(BY_PATH)), st.text(max_size=20)))
def test_whatever_is_written_is_answered_in_words(texts):
    found = check(Draft(texts), {})
    assert found.verdict
    assert all(path in BY_PATH and words for path, words in found.errors.items())
    if found.ready:
        assert found.cells()


def test_taken_names_say_by_what():
    listing = Listing(
        runs=(run(1, "b"), run(4, "b"), run(2, "a")), cells=(registered("a"), registered("c", retired=True))
    )
    assert taken(listing) == {
        "a": "registered already", "b": "run 4 was done to it", "c": "retired, but registered",
    }  # fmt: skip
