"""What is written is read back as what was typed."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.drafting import catalogue, check, open_file
from app.drafting.toml_text import document
from app.runner.job import read_job
from core.cell import Cell
from core.errors import BadInput
from protocols.registry import protocol

EXAMPLES = Path(__file__).parents[3] / "examples"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


def values(field):
    low, high = field["minimum"], field["maximum"]
    if field["kind"] == "choice":
        return st.sampled_from(field["choices"])
    if field["kind"] == "integer":
        return st.integers(low, high).flatmap(lambda n: st.sampled_from([n, str(n)]))
    inside = st.floats(low, high)
    text = inside.map(lambda value: f"{value!r} {field['units']}")
    if field["kind"] == "numbers":
        return st.lists(inside, min_size=2, max_size=4, unique=True).map(
            lambda several: f"{', '.join(map(repr, several))} {field['units']}"
        )
    if field["kind"] == "resistance":
        return text | inside.map(lambda value: f"{value!r} kΩ")
    return text | inside


@st.composite
def drafts(draw):
    chosen = draw(st.sampled_from(catalogue()["protocols"]))
    some = draw(st.sets(st.sampled_from([each["name"] for each in chosen["parameters"]])))
    fields = {each["name"]: each for each in chosen["parameters"]}
    diameter = draw(st.floats(0.1, 8.0))
    cell = {
        "name": draw(NAMES),
        "anode": draw(st.sampled_from(catalogue()["anodes"])),
        "electrode_diameter": f"{diameter!r} mm",
        "notes": draw(WORDS),
        "counter": {"working_electrode_number": draw(st.integers(1, 99))},
        "history": draw(st.just({}) | st.fixed_dictionaries({"polishing": WORDS})),
    }
    return {
        "protocol": chosen["name"],
        "parameters": {name: draw(values(fields[name])) for name in sorted(some)},
        "cell": cell,
        "title": draw(WORDS),
        "notes": draw(WORDS),
    }


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft=drafts())
def test_a_file_is_read_back_to_the_same_values_and_cell(draft, tmp_path):
    found = check(draft)
    if not found["ok"]:
        assert found["problems"]
        assert found["toml"] is None
        return
    path = tmp_path / "e.toml"
    path.write_text(found["toml"], encoding="utf-8", newline="\n")
    job = read_job(path, None)
    whole = {
        name: int(value) if isinstance(value, str) and value.strip("+-").isdigit() else value
        for name, value in draft["parameters"].items()
    }
    assert job.protocol.values() == protocol(draft["protocol"])(**whole).values()
    blank = {name: value for name, value in draft["cell"].items() if str(value).strip()}
    blank["history"] = {name: text for name, text in draft["cell"]["history"].items() if text.strip()}
    assert job.cell == Cell.model_validate(blank)
    opened = open_file(path)["draft"]
    assert check(opened)["toml"] == found["toml"]


TABLES = st.recursive(
    WORDS | st.integers(-(2**53), 2**53) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def _is_writable(value, within_list=False):
    if isinstance(value, dict):
        return not within_list and all(_is_writable(each) for each in value.values())
    return not isinstance(value, list) or all(_is_writable(each, True) for each in value)


@settings(deadline=None)
@given(st.dictionaries(WORDS, TABLES.filter(_is_writable), max_size=4))
def test_any_tables_are_read_back_as_they_were(tables):
    assert tomllib.loads(document(tables)) == tables


def test_what_cannot_be_kept_in_a_file_is_refused():
    with pytest.raises(BadInput, match="cannot be kept"):
        document({"notes": "\ud800"})


def test_a_lone_surrogate_in_a_form_is_a_problem(draft):
    found = check(draft() | {"notes": "\ud800"})
    assert not found["ok"]
    assert found["toml"] is None


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_every_example_is_opened_and_checked(path):
    opened = open_file(path)
    assert opened["kind"] in ("experiment", "queue", "campaign")
    assert opened["editable"] is (opened["kind"] != "campaign")
    if opened["kind"] == "experiment":
        found = check(opened["draft"])
        assert found["ok"]
        assert found["toml"].count("protocol") == 1
    if opened["kind"] == "campaign":
        assert {"path", "protocol", "cell", "parameters"} == opened["steps"][0].keys()


def test_an_experiment_that_names_a_cell_file_is_opened_with_its_cell(tmp_path):
    (tmp_path / "cell.toml").write_text('name = "a"\nanode = "Li"\nelectrode_diameter = "6 mm"\n')
    path = tmp_path / "e.toml"
    path.write_text('protocol = "OcvRest"\ncell = "cell.toml"\n')
    assert open_file(path)["draft"]["cell"] == {"name": "a", "anode": "Li", "electrode_diameter": "6 mm"}


def test_a_file_with_wrong_values_is_opened_for_the_form_to_show_them(tmp_path):
    path = tmp_path / "e.toml"
    path.write_text('protocol = "OcvRst"\n[cell]\nname = ""\n[parameters]\nrest_minimum = nan\n')
    found = check(open_file(path)["draft"])
    assert next(each["field"] for each in found["problems"]) == "protocol"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("protocol = ", "not valid TOML"),
        ('protocol = "OcvRest"\n', "cell: missing"),
        ('protocol = "OcvRest"\ncell = 3\n', "neither a table nor a path"),
        ('protocol = "OcvRest"\ncolour = "red"\n[cell]\n', "colour: unknown key"),
        ('protocol = "OcvRest"\ncell = "no.toml"\n', "there is no cell file"),
    ],
)
def test_what_is_no_experiment_is_refused(tmp_path, text, words):
    path = tmp_path / "e.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=words):
        open_file(path)
