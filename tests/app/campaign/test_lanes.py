from app.campaign.lanes import lanes

LOOK = {"protocol": "Look", "cell": "li"}
STRIP = {"protocol": "Strip", "cell": "li", "name": "strip"}


def split(plan):
    return [[path for path, _ in lane.works()] for lane in lanes(plan)]


def test_steps_on_different_cells_go_side_by_side(plan_of):
    plan = plan_of([STRIP, {"protocol": "Look", "name": "relax"}, STRIP | {"cell": "limg"}])
    assert split(plan) == [["1.strip", "2.relax"], ["3.strip"]]


def test_rounds_with_an_electrode_each_come_apart_and_keep_their_paths(plan_of, walked):
    block = {
        "repeat": 3,
        "fresh": True,
        "cell": "li",
        "steps": [STRIP | {"cell": "li"}, {"protocol": "Look"}],
    }
    plan = plan_of([{"steps": [block]}])
    parts = lanes(plan)
    assert [[step.path for step in walked(each)] for each in parts] == [
        [f"1/1/round-{n}/1.strip", f"1/1/round-{n}/2.Look"] for n in (1, 2, 3)
    ]
    whole = {step.path: (step.cell, step.fresh, step.working_electrode) for step in walked(plan)}
    apart = {
        step.path: (step.cell, step.fresh, step.working_electrode) for each in parts for step in walked(each)
    }
    assert apart == whole


def test_a_branch_keeps_what_it_passes_over_together(plan_of):
    limg = LOOK | {"cell": "limg"}
    steps = [LOOK | {"name": "a", "on": {"shorted": "z"}}, limg | {"name": "b"}, LOOK | {"name": "z"}]
    assert split(plan_of([*steps, limg | {"fresh": True}])) == [["1.a", "2.b", "3.z"], ["4.Look"]]


def test_end_and_leave_and_stop_keep_what_they_end_together(plan_of):
    def block(on):
        inner = [LOOK | {"on": on}, LOOK | {"cell": "limg"}]
        return plan_of([{"repeat": 2, "fresh": True, "steps": inner}, LOOK | {"fresh": True}])

    assert len(lanes(block({}))) == 5
    assert len(lanes(block({"shorted": "end"}))) == 3
    assert len(lanes(block({"shorted": "leave"}))) == 2
    assert len(lanes(block({"shorted": "stop"}))) == 1
    assert len(lanes(block({"shorted": "next"}))) == 5


def test_a_block_that_branches_stays_whole(plan_of):
    inner = [LOOK, LOOK | {"cell": "limg"}]
    plan = plan_of([{"steps": inner, "on": {"shorted": "end"}}, LOOK | {"fresh": True}])
    assert len(lanes(plan)) == 1


def test_steps_keep_their_order_within_a_lane(plan_of):
    a, b = LOOK | {"name": "a"}, LOOK | {"cell": "limg", "name": "b"}
    block = {"steps": [a, b, a | {"name": "c"}, b | {"name": "d"}]}
    tie = {"steps": [LOOK, LOOK | {"cell": "limg"}], "on": {"shorted": "end"}}
    plan = plan_of([block, tie])
    assert split(plan) == [["1/1.a", "1/2.b", "1/3.c", "1/4.d", "2/1.Look", "2/2.Look"]]
