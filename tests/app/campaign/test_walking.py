import pytest

from app.campaign.step import Step
from app.campaign.walk import Walk
from core.cell import Cell
from protocols.registry import PROTOCOLS

LOOK = {"protocol": "Look", "cell": "li"}


def look(name, **more):
    return LOOK | {"name": name} | more


def paths(steps):
    return [step.path for step in steps]


def test_each_step_leads_to_the_next_whatever_ordinary_word_it_ends_with(plan_of, walked):
    plan = plan_of([look("a"), look("b"), look("c")])
    for word in ("finished", "cut-off", "limit", "depleted", "shorted", "not reached", "skipped"):
        assert paths(walked(plan, {"1.a": word})) == ["1.a", "2.b", "3.c"]


@pytest.mark.parametrize("word", ["stopped", "timed out", "aborted", "interlock", "failed"])
def test_a_fault_stops_the_campaign_unless_it_is_named(plan_of, word):
    for on, expected in (({}, None), ({"default": "next"}, None), ({word: "next"}, "2.b")):
        walk = Walk(plan_of([look("a", on=on), look("b")]))
        walk.next()
        step = walk.next(word)
        assert (step.path if step else None) == expected
        assert walk.stopped is (expected is None)


def test_a_branch_leads_to_a_later_step(plan_of, walked):
    plan = plan_of([look("a", on={"cut-off": "c", "default": "next"}), look("b"), look("c")])
    assert paths(walked(plan, {"1.a": "cut-off"})) == ["1.a", "3.c"]
    assert paths(walked(plan)) == ["1.a", "2.b", "3.c"]


def test_default_speaks_for_the_words_that_are_not_named(plan_of, walked):
    plan = plan_of([look("a", on={"finished": "next", "default": "end"}), look("b")])
    assert paths(walked(plan, {"1.a": "shorted"})) == ["1.a"]
    assert paths(walked(plan)) == ["1.a", "2.b"]


def test_end_ends_the_round_leave_the_block_and_stop_the_campaign(plan_of, walked):
    def done(action):
        block = {"name": "twice", "repeat": 2, "steps": [look("a", on={"shorted": action}), look("b")]}
        return paths(walked(plan_of([block, look("z")]), {"1.twice/round-1/1.a": "shorted"}))

    second = ["1.twice/round-2/1.a", "1.twice/round-2/2.b"]
    assert done("end") == ["1.twice/round-1/1.a", *second, "2.z"]
    assert done("leave") == ["1.twice/round-1/1.a", "2.z"]
    assert done("stop") == ["1.twice/round-1/1.a"]
    assert done("next") == ["1.twice/round-1/1.a", "1.twice/round-1/2.b", *second, "2.z"]


def test_a_repeated_step_has_a_path_of_its_own_each_time_and_an_end(plan_of, walked):
    plan = plan_of([look("a", on={"not reached": "repeat"}, at_most=3, then="z"), look("b"), look("z")])
    never = dict.fromkeys(["1.a", "1.a~2", "1.a~3"], "not reached")
    assert paths(walked(plan, never)) == ["1.a", "1.a~2", "1.a~3", "3.z"]
    assert paths(walked(plan, {"1.a": "not reached"})) == ["1.a", "1.a~2", "2.b", "3.z"]


def test_a_branch_back_goes_through_the_steps_again(plan_of, walked):
    plan = plan_of([look("a"), {"steps": [look("b")]}, look("c", on={"not reached": "a"}, at_most=2)])
    assert paths(walked(plan, dict.fromkeys(["3.c", "3.c~2"], "not reached"))) == [
        *("1.a", "2/1.b", "3.c"),
        *("1.a~2", "2~2/1.b", "3.c~2"),
    ]


def test_a_block_ends_with_the_word_of_its_last_step(plan_of, walked):
    block = {"name": "block", "steps": [look("a", on={"failed": "end"}), look("b")], "on": {"failed": "z"}}
    plan = plan_of([block, look("y"), look("z")])
    assert paths(walked(plan, {"1.block/1.a": "failed"})) == ["1.block/1.a", "3.z"]
    assert paths(walked(plan)) == ["1.block/1.a", "1.block/2.b", "2.y", "3.z"]


def test_up_to_three_electrodes_are_tried_until_one_succeeds(plan_of, walked):
    form = {"protocol": "Look", "name": "form", "on": {"finished": "leave"}}
    block = {"name": "form", "repeat": 3, "fresh": True, "cell": "li", "steps": [form]}
    plan = plan_of([block, {"protocol": "Strip", "cell": "limg"}])
    steps = walked(plan, {"1.form/round-1/1.form": "not reached"})
    assert [step.cell.name for step in steps] == ["Li-01", "Li-02", "LiMg-01"]


def test_a_step_on_an_electrode_that_shorted_is_passed_over_and_said(plan_of):
    strip = {"protocol": "Strip", "name": "again", "cell": "li"}
    first = strip | {"name": "first", "parameters": {"charge_limit": "0.1 mAh/cm²"}}
    plan = plan_of([first, strip, look("after")])
    walk = Walk(plan)
    walk.next()
    step = walk.next("shorted")
    assert step.path == "3.after"
    (refusal,) = walk.refusals
    assert (refusal.path, refusal.cell) == ("2.again", "Li-01")
    assert refusal.reason == "Li-01 (WE 1 of 20 on this counter) is shorted"
    # at its limit the electrode is still good, and may be stripped on
    walk = Walk(plan)
    walk.next()
    assert walk.next("limit").path == "2.again"
    assert walk.refusals == []


@pytest.mark.parametrize("word", ["cut-off", "depleted", "shorted"])
def test_a_spent_electrode_is_stripped_again_only_if_the_file_says_so(plan_of, word):
    strip = {"protocol": "Strip", "cell": "li", "parameters": {"charge_limit": "0.1 mAh/cm²"}}
    for allowed in (True, False):
        walk = Walk(plan_of([strip, strip | {"allow_spent": allowed}]))
        walk.next()
        step = walk.next(word)
        assert (step is not None) is allowed
        assert step is None or step.allow_spent


def test_what_is_passed_over_counts_as_skipped(plan_of, walked):
    strip = {"protocol": "Strip", "cell": "li", "parameters": {"charge_limit": "0.1 mAh/cm²"}}
    plan = plan_of([strip, strip | {"name": "b", "on": {"skipped": "z"}}, look("y"), look("z")])
    assert paths(walked(plan, {"1.Strip": "depleted"})) == ["1.Strip", "4.z"]


def test_electrodes_that_earlier_runs_spent_are_known(plan_of, walked):
    plan = plan_of([{"protocol": "Strip", "cell": "li"}, {"protocol": "Strip", "cell": "li", "fresh": True}])
    assert paths(walked(plan, spent={"Li-01": "cut-off"})) == ["2.Strip"]


def test_looking_at_a_spent_electrode_is_allowed(plan_of, walked):
    plan = plan_of([{"protocol": "Strip", "cell": "li"}, LOOK])
    assert paths(walked(plan, {"1.Strip": "cut-off"})) == ["1.Strip", "2.Look"]


def test_the_walk_wants_to_know_how_each_step_ended(plan_of):
    plan = plan_of([LOOK, LOOK])
    with pytest.raises(ValueError):
        Walk(plan).next("finished")
    walk = Walk(plan)
    walk.next()
    with pytest.raises(ValueError):
        walk.next()
    with pytest.raises(ValueError):
        walk.next("hungry")
    assert walk.next("finished").path == "2.Look"
    assert walk.next("finished") is None
    assert walk.next() is None
    assert not walk.stopped


def test_each_step_has_a_protocol_object_of_its_own(plan_of, walked):
    first, second = walked(plan_of([{"repeat": 2, "steps": [LOOK]}]))
    assert first.protocol is not second.protocol


def test_a_script_makes_a_step_from_a_protocol_and_a_cell():
    cell = Cell(name="by hand", anode="Li", electrode_diameter="6 mm")
    step = Step(protocol=PROTOCOLS["Strip"](current_density="50 µA/cm²"), cell=cell)
    assert (step.protocol.current_density, step.cell.name, step.path, step.fresh) == (
        50.0,
        "by hand",
        "",
        True,
    )
