import pytest

from app.campaign.expand import read_campaign
from core.errors import BadInput

LOOK = {"protocol": "Look", "cell": "li"}
STRIP = {"protocol": "Strip", "cell": "li"}
LIMITED = STRIP | {"parameters": {"charge_limit": "0.1 mAh/cm²"}}


def refused(plan_of, steps, **more):
    with pytest.raises(BadInput) as caught:
        plan_of(steps, **more)
    assert caught.value.problem.startswith("c.toml")
    assert caught.value.remedy or ";" in caught.value.problem or ":" in caught.value.problem
    return str(caught.value)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([LOOK, {"protocol": "Stripp", "cell": "li"}], ["steps.2", "'Stripp'", 'did you mean "Strip"']),
        (
            [STRIP | {"parameters": {"current_densty": "1 A/cm²"}}],
            ["steps.1.parameters.current_densty", "did you mean"],
        ),
        (
            [STRIP | {"parameters": {"current_density": "5 A/cm²"}}],
            ["steps.1.parameters.current_density", "'5 A/cm²'", "between 1 and 1000 µA/cm²"],
        ),
        ([STRIP | {"parameters": {"temperature": "5 V"}}], ["steps.1.parameters.temperature", "'5 V'"]),
        ([STRIP | {"fixed": {"temperature": "500 °C"}}], ["steps.1.fixed.temperature", "between"]),
        ([STRIP | {"cell": "na"}], ["steps.1", "'na'", "there are li, limg"]),
        ([{"protocol": "Strip"}], ["steps.1 (Strip) names no cell", "write cell"]),
        ([LOOK, {"protocol": "Strip"}], ["steps.2 (Strip) names no cell"]),
        ([{"protocol": "Look"}], ["steps.1 (Look) names no cell"]),
        ([LOOK, {"name": "x", "steps": []}], ["steps.2", "empty"]),
        ([LOOK | {"colour": "red"}], ["steps.1.colour", "unknown key"]),
        ([LOOK, {"steps": [LOOK, LOOK | {"colour": "red"}]}], ["steps.2.steps.2.colour", "unknown key"]),
        ([LOOK | {"on": {"finished": "nowhere"}}], ["steps.1.on.finished", "'nowhere' leads nowhere"]),
        (
            [LOOK | {"on": {"finished": "relx"}}, LOOK | {"name": "relax"}],
            ["steps.1.on.finished", 'did you mean "relax"'],
        ),
        (
            [LOOK | {"on": {"finished": "inner"}}, {"steps": [LOOK | {"name": "inner"}]}],
            ["steps.1.on.finished", "leads nowhere"],
        ),
        (
            [LOOK | {"name": "a"}, LOOK | {"on": {"not reached": "a"}}],
            ["steps.2.on.not reached = 'a' leads back", "might never end", "add at_most"],
        ),
        ([LOOK | {"on": {"default": "repeat"}}], ["steps.1.on.default", "might never end", "add at_most"]),
        ([LOOK | {"name": "a", "on": {"limit": "a"}}], ["steps.1.on.limit", "might never end"]),
        (
            [LOOK | {"on": {"limit": "repeat"}, "at_most": 2, "then": "repeat"}],
            ["steps.1.then", "might never end"],
        ),
        ([LOOK | {"at_most": 2}], ["steps.1.at_most = 2 bounds nothing"]),
        (
            [LOOK | {"on": {"limit": "a"}}, LOOK | {"name": "a"}, LOOK | {"name": "a"}],
            ["steps.1.on.limit = 'a' is the name of 2 steps"],
        ),
        (
            [LOOK | {"name": "a", "fresh": True}, LOOK | {"on": {"shorted": "a"}, "at_most": 2}],
            ["steps.1.fresh", "steps.2.on leads back over it", "repeat and fresh = true"],
        ),
        (
            [{"for_each": {"pressure": ["3 MPa"]}, "steps": [LOOK]}],
            ["steps.1.for_each.pressure", "a parameter of none of its steps (Look)"],
        ),
        (
            [{"parameters": {"cut_off": "3 V"}, "steps": [LOOK]}],
            ["steps.1.parameters.cut_off", "a parameter of none of its steps"],
        ),
        (
            [{"for_each": {"temperature": ["0 °C", "900 °C"]}, "steps": [LOOK]}],
            ["steps.1.for_each.temperature", "'900 °C'", "between"],
        ),
        (
            [
                {
                    "for_each": {"temperature": ["0 °C"]},
                    "steps": [LOOK | {"parameters": {"temperature": "1 °C"}}],
                }
            ],
            ["steps.1.steps.1.parameters.temperature", "given by c.toml: steps.1.for_each.temperature, too"],
        ),
        (
            [{"for_each": {"cell": ["li", "na"]}, "steps": [{"protocol": "Look"}]}],
            ["'na'", "there are li, limg"],
        ),
        ([{"for_each": {"cell": ["li", "limg"]}, "steps": [LOOK]}], ["for_each.cell", "a cell of its own"]),
        ([{"for_each": {"cell": [5]}, "steps": [{"protocol": "Look"}]}], ["for_each.cell = 5"]),
        (
            [LOOK | {"override": [{"when": {"temperature": "5 °C"}, "parameters": {"duration": "2 h"}}]}],
            ["steps.1.override.1.when.temperature", "no for_each around"],
        ),
        (
            [
                {
                    "for_each": {"temperature": ["0 °C", "25 °C"]},
                    "steps": [
                        LOOK
                        | {"override": [{"when": {"temperature": "0°C"}, "parameters": {"duration": "2 h"}}]}
                    ],
                }
            ],
            ["override.1.when.temperature = '0°C' never occurs", "'0 °C', '25 °C'"],
        ),
        (
            [
                {
                    "repeat": 2,
                    "steps": [
                        LOOK | {"override": [{"when": {"round": 2}, "parameters": {"duration": "9 y"}}]}
                    ],
                }
            ],
            ["steps.1.steps.1.override.1.parameters.duration", "'9 y'"],
        ),
        (
            [{"repeat": 200, "steps": [{"repeat": 200, "steps": [LOOK]}]}],
            ["could come to 40000 steps", "the most is 10000"],
        ),
        (
            [{"repeat": 100, "steps": [LOOK | {"on": {"limit": "repeat"}, "at_most": 1000}]}],
            ["could come to 100000 steps"],
        ),
    ],
)
def test_a_campaign_is_refused_with_place_value_and_remedy(plan_of, steps, words):
    message = refused(plan_of, steps)
    for each in words:
        assert each in message


def test_only_what_is_wrong_is_named(plan_of):
    message = refused(plan_of, [LOOK, LOOK | {"colour": "red"}])
    assert message == "c.toml: steps.2.colour: unknown key; remove it or check its spelling."


@pytest.mark.parametrize(
    "steps",
    [
        [STRIP, STRIP],
        [STRIP, LOOK, {"steps": [STRIP]}],
        [{"repeat": 2, "steps": [STRIP]}],
        [{"for_each": {"current_density": ["50 µA/cm²", "100 µA/cm²"]}, "steps": [STRIP]}],
        [STRIP | {"on": {"cut-off": "repeat"}, "at_most": 2}],
        [STRIP | {"on": {"default": "next", "shorted": "end"}}, STRIP],
        [LIMITED | {"on": {"shorted": "again", "default": "end"}}, LIMITED | {"name": "again"}],
        [LIMITED | {"on": {"depleted": "again", "default": "end"}}, LIMITED | {"name": "again"}],
    ],
)
def test_stripping_a_spent_electrode_again_is_refused(plan_of, steps):
    message = refused(plan_of, steps)
    assert "strips again what is spent: Li-01 (WE 1 of 20 on this counter)" in message
    assert "fresh = true" in message


@pytest.mark.parametrize(
    "steps",
    [
        [STRIP, STRIP | {"fresh": True}],
        [STRIP, STRIP | {"allow_spent": True}],
        [STRIP, STRIP | {"cell": "limg"}],
        [STRIP, LOOK, LOOK],
        [LIMITED, STRIP],
        [STRIP | {"protocol": "Cycle"}, STRIP],
        [{"repeat": 3, "fresh": True, "steps": [STRIP]}],
        [STRIP | {"on": {"cut-off": "end"}}, STRIP],
        [STRIP | {"on": {"cut-off": "relax"}}, STRIP, LOOK | {"name": "relax"}],
    ],
)
def test_stripping_is_accepted_where_the_electrode_is_another_or_a_branch_leads_past(plan_of, steps):
    assert list(plan_of(steps).works())


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"li": {"name": "a", "anode": "Li"}}, ["cells.li", "electrode_diameter"]),
        ({"li": {"name": "a", "anode": "Na", "electrode_diameter": "6 mm"}}, ["cells.li.anode", "'Na'"]),
        ({"li": {"name": "a", "anode": "Li", "electrode_diameter": 6}}, ["cells.li.electrode_diameter", "6"]),
        ({"li": {"file": "no.toml"}}, ["no.toml", "check cells.li.file in c.toml"]),
        ({"li": {"file": 3}}, ["cells.li.file = 3"]),
    ],
)
def test_a_kind_of_cell_is_refused_with_its_table(plan_of, cells, words):
    with pytest.raises(BadInput) as caught:
        plan_of([LOOK], cells=cells)
    for each in words:
        assert each in str(caught.value)


def test_two_kinds_may_not_have_a_cell_of_one_name(plan_of, table_of_cell):
    cells = {"li": table_of_cell("A-{n}", count=2), "li2": table_of_cell("A-{n}")}
    with pytest.raises(BadInput, match="both have a cell named 'A-1'"):
        plan_of([LOOK, LOOK | {"cell": "li2"}], cells=cells)


def test_what_is_no_toml_or_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no campaign file"):
        read_campaign(tmp_path / "none.toml")
    path = tmp_path / "bad.toml"
    path.write_text("campaign = ")
    with pytest.raises(BadInput, match="is not valid TOML"):
        read_campaign(path)
