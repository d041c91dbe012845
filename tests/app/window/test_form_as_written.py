"""What is written in a form: drafts, undo, numbers in names, what is remembered, and the words beside it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import drafting
from app.cli.options import parse_speed
from app.window.shown import form_fields, form_summary
from app.window.shown.form import (
    Form,
    Written,
    as_memory,
    flat,
    from_memory,
    named,
    nested,
    next_number,
    paths_from_memory,
    written_of,
)
from app.window.shown.form_pace import SPEEDS, pace_note, pace_problem, with_pace
from core.errors import BadInput

CATALOGUE = form_fields.catalogue(drafting.catalogue())
CELL = {"name": "A-{n:02d}", "anode": "Li", "electrode_diameter": "6 mm"}


def stripping(**parameters: str) -> Form:
    return Form(Written("GeisStripping", {"GeisStripping": parameters}, CELL))


def test_every_parameter_of_every_protocol_has_a_field_and_says_its_unit_and_limits():
    for described, chosen in zip(drafting.catalogue()["protocols"], CATALOGUE.protocols, strict=True):
        assert {f"parameters.{each['name']}" for each in described["parameters"]} == {
            each.path for each in chosen.fields
        }
    density = CATALOGUE.field("GeisStripping", "parameters.current_density")
    assert density.limits == "1 to 10000 µA/cm²"
    assert density.placeholder == "100 µA/cm²"
    assert "limits: 1 to 10000 µA/cm²" in density.tip
    assert CATALOGUE.field("GeisStripping", "parameters.charge_limit").placeholder.startswith("none · 0.0001")


def test_a_protocols_own_parameters_come_first_and_folded_groups_say_what_they_hold():
    groups = CATALOGUE.protocol("GeisStripping").groups
    assert groups[0].own
    assert not any(group.own for group in groups[1:])
    rest = next(group for group in groups if group.name == "rest")
    texts = {"parameters.rest_minimum": "5 min", "parameters.rest_maximum": "120 min"}
    assert rest.summary(texts).startswith("Rest at least 5 min, Rest at most 120 min")
    assert rest.changed(texts) == 1


def test_search_finds_protocols_by_all_of_the_words():
    found = [each.name for each in CATALOGUE.protocols if each.matches("shorts current")]
    assert "CriticalCurrentDensity" in found
    assert "OcvRest" not in found


def test_typing_in_one_field_is_undone_in_one_and_every_field_by_itself():
    form = stripping()
    for text in ("5", "50", "50 µA/cm²"):
        form.write("parameters.current_density", text)
    form.write("cell.name", "B")
    assert form.undo()
    assert form.text("cell.name") == "A-{n:02d}"
    assert form.text("parameters.current_density") == "50 µA/cm²"
    assert form.undo()
    assert form.text("parameters.current_density") == ""
    assert not form.undo()
    assert form.redo()
    assert form.redo()
    assert form.text("cell.name") == "B"


def test_reset_forgets_the_parameters_and_undo_brings_them_back():
    form = stripping(current_density="50 µA/cm²")
    form.reset()
    assert form.parameters == {}
    assert form.text("cell.anode") == "Li"
    form.undo()
    assert form.parameters == {"current_density": "50 µA/cm²"}


def test_another_protocol_keeps_what_was_written_for_the_first():
    form = stripping(current_density="50 µA/cm²")
    form.write("protocol", "OcvRest")
    assert form.parameters == {}
    form.write("protocol", "GeisStripping")
    assert form.text("parameters.current_density") == "50 µA/cm²"


@pytest.mark.parametrize(
    ("pattern", "taken", "number", "name"),
    [
        ("A-{n:02d}", (), 1, "A-01"),
        ("A-{n:02d}", ("A-01", "A-07", "B-09", "A-x"), 8, "A-08"),
        ("A-{n}", ("A-9", "A-10"), 11, "A-11"),
        ("A.{n}", ("Ax3",), 1, "A.1"),
    ],
)
def test_a_pattern_takes_the_number_after_the_highest_that_is_taken(pattern, taken, number, name):
    assert next_number(pattern, taken) == number
    assert named(pattern, number) == name


def test_a_numbered_cell_goes_into_the_draft_with_its_number_on_the_counter():
    cell = stripping().draft(None, ("A-03",))["cell"]
    assert cell["name"] == "A-04"
    assert cell["counter"]["working_electrode_number"] == "4"
    assert drafting.check(stripping().draft(None, ("A-03",)))["ok"]


def test_plain_numbers_and_lists_of_a_file_get_their_units():
    draft = {"protocol": "ArrheniusPeis", "parameters": {"temperatures": [0, 25.5], "repeats": 3}}
    written = written_of(draft, CATALOGUE).parameters["ArrheniusPeis"]
    assert written["temperatures"] == "0 °C, 25.5 °C"
    assert written["repeats"] == "3"


@given(st.dictionaries(st.sampled_from(["name", "counter.anode", "counter.thickness", "history.polishing"]),
                       st.text(min_size=1)))  # fmt: skip
def test_tables_with_dots_come_back_as_they_were(texts):
    assert flat(nested(texts)) == texts


@given(st.text())
def test_whatever_was_remembered_gives_a_form(text):
    assert isinstance(from_memory(text), Written)


@pytest.mark.parametrize(
    "text", ['{"protocol": 3}', '{"cell": {"name": 1}}', '{"parameters": []}', "[]", "{}"]
)
def test_a_damaged_memory_gives_an_empty_form(text):
    assert from_memory(text) == Written()


def test_a_form_is_remembered_as_it_was():
    written = stripping(current_density="50 µA/cm²").written
    assert from_memory(as_memory(written)) == written


def test_problems_stand_at_their_fields_without_repeating_name_and_value():
    answer = drafting.check(stripping(current_density="0.1 A", confirmations="2.5").draft(None))
    beside = form_summary.notes(answer)
    assert beside["parameters.current_density"].problem == (
        "'0.1 A' cannot be read as µA/cm²; write a number and a unit, for example \"1 µA/cm²\"."
    )
    assert beside["parameters.confirmations"].problem == "It must be a whole number."
    card = form_summary.summary(answer, CATALOGUE, "GeisStripping")
    assert card.headline == "2 things to mend"
    assert [each.label for each in card.problems] == ["Current density", "Confirmations"]
    assert not card.ready


def test_derived_quantities_stand_beside_their_fields_and_the_card_says_how_much():
    answer = drafting.check(stripping(current_density="0.1 mA/cm²").draft(None))
    beside = form_summary.notes(answer)
    assert beside["parameters.current_density"].derived == "28.27 µA"
    assert beside["cell.electrode_diameter"].derived == "electrode area 0.2827 cm²"
    card = form_summary.summary(answer, CATALOGUE, "GeisStripping", UTC)
    assert card.ready
    assert [name for name, _ in card.amounts] == ["Takes", "Ends", "Spectra", "Disk"]
    assert card.plan


def test_times_and_sizes_are_told_as_people_do():
    assert [form_summary.lasting(each) for each in (0.5, 8.52, 111, 48)] == [
        "30 min",
        "8.5 h",
        "4 d 15 h",
        "2 d",
    ]
    year = datetime.now(UTC).year
    assert form_summary.local_time(f"{year}-11-24T14:20:00+00:00", UTC).endswith("24 Nov, 14:20")
    assert form_summary.local_time("2019-11-24T14:20:00+00:00", UTC) == "Sun 24 Nov 2019, 14:20"
    assert form_summary.size(219e6) == "219 MB"


def test_what_is_said_of_several_steps_is_said_once():
    warnings = [{"field": f"steps.{n}.cell.name", "text": "it is spent"} for n in (1, 3)]
    answer = {"ok": True, "problems": [], "warnings": warnings, "derived": [], "toml": "x"}
    card = form_summary.summary(answer, CATALOGUE, "")
    assert card.warnings == ("Step 1, Step 3: it is spent",)
    assert card.severity == "warning"


@pytest.mark.parametrize("text", SPEEDS)
def test_every_pace_that_is_offered_is_right(text):
    assert pace_problem(text) == ""


@given(st.text() | st.floats().map(str) | st.integers().map(str))
def test_a_pace_is_wrong_exactly_where_the_command_line_refuses_it(text):
    try:
        parse_speed(text)
    except BadInput:
        assert "is no pace" in pace_problem(text)
    else:
        assert pace_problem(text) == ""


def test_a_wrong_pace_is_one_more_thing_to_mend_on_a_simulated_bench_only():
    ready = form_summary.Summary("Can start", "good", ready=True, toml="x")
    wrong = with_pace(ready, "0")
    assert (wrong.headline, wrong.severity, wrong.ready) == ("One thing to mend", "alarm", False)
    assert [each.path for each in wrong.problems] == ["speed"]
    assert pace_note(ready, "0")["speed"].problem == wrong.problems[0].words
    assert with_pace(ready, "60") is ready
    real = form_summary.Summary("Can start", "good", simulated=False, ready=True)
    assert with_pace(real, "0") is real
    assert pace_note(real, "0") == {}


def test_a_bench_at_work_refuses_where_it_is_real_and_current_is_told_before_it_flows():
    simulated = form_summary.Summary("Can start", bench="b", ready=True)
    real = form_summary.Summary("Can start", bench="b", simulated=False, real=("gauge x at y",), ready=True)
    assert form_summary.busy_words(simulated, "Run 1 is running.") == "Run 1 is running."
    assert form_summary.busy_words(real, "Run 1 is running.").endswith("the start will be refused.")
    assert form_summary.busy_words(real, "") == ""
    assert form_summary.real_words(real, "cell") == (
        "Real instruments: gauge x at y. Current will flow through the cell."
    )
    assert form_summary.real_words(simulated, "cell") == ""


@pytest.mark.parametrize(
    ("editing", "steps", "words"),
    [(None, 3, "Add to the queue"), (3, 3, "Add to the queue"), (1, 3, "Keep as step 2 of the queue")],
)
def test_the_button_says_where_the_form_goes(editing, steps, words):
    assert form_summary.queue_words(editing, steps) == words


@pytest.mark.parametrize(
    ("text", "paths"),
    [("", []), ("x", []), ("{}", []), ('["/a", 3]', ["/a"]), ('["/a", "/b"]', ["/a", "/b"])],
)
def test_remembered_bench_files_are_read_and_damage_is_left_out(text, paths):
    assert paths_from_memory(text) == paths
