import pytest

from app.campaign.needed import needed
from core.errors import BadInput

CURRENTS = ["50 µA/cm²", "100 µA/cm²", "200 µA/cm²"]
STRIP = {"protocol": "Strip", "name": "strip"}


def built(plan):
    return [(path, work.build(), work) for path, work in plan.works()]


def test_a_list_of_steps_has_paths_cells_and_checked_parameters(plan_of, walked):
    plan = plan_of(
        [
            {"protocol": "Look", "cell": "li"},
            {
                "protocol": "Strip",
                "name": "strip",
                "cell": "li",
                "parameters": {"current_density": "0.1 mA/cm²"},
            },
        ],
        title="A title",
    )
    look, strip = walked(plan)
    assert [look.path, strip.path] == ["1.Look", "2.strip"]
    assert strip.protocol.current_density == pytest.approx(100.0)
    assert strip.cell.name == look.cell.name == "Li-01"
    assert (look.fresh, strip.fresh) == (True, False)
    assert strip.working_electrode == "WE 1 of 20 on this counter"
    assert strip.key == "c.toml: steps.2"
    assert (plan.name, plan.title) == ("test", "A title")
    assert list(plan.texts) == ["c.toml"]


def test_for_each_is_the_product_of_its_lists_the_last_one_fastest(plan_of):
    plan = plan_of(
        [
            {
                "for_each": {"cell": ["li", "limg"], "temperature": ["0 °C", "25 °C"]},
                "fresh": True,
                "steps": [STRIP],
            }
        ]
    )
    rows = [(work.electrode.cell.name, built.temperature) for _, built, work in built(plan)]
    assert rows == [("Li-01", 0.0), ("Li-02", 25.0), ("LiMg-01", 0.0), ("LiMg-02", 25.0)]
    assert [path for path, _ in plan.works()] == [f"1/round-{n}/1.strip" for n in (1, 2, 3, 4)]


def test_each_replicate_has_every_combination_once(plan_of):
    plan = plan_of(
        [
            {
                "for_each": {"current_density": CURRENTS},
                "order": "random",
                "replicates": 3,
                "fresh": True,
                "cell": "li",
                "steps": [STRIP],
            }
        ]
    )
    values = [work.values for _, _, work in built(plan)]
    for replicate in (1, 2, 3):
        in_it = [each["current_density"] for each in values if each["replicate"] == replicate]
        assert sorted(in_it) == sorted(CURRENTS)
    assert [each["round"] for each in values] == list(range(1, 10))


def test_a_round_uses_one_electrode_and_the_next_round_a_fresh_one(plan_of, walked):
    block = {"repeat": 2, "fresh": True, "cell": "li", "steps": [{"protocol": "Look"}, STRIP]}
    steps = walked(plan_of([block]))
    assert [step.cell.name for step in steps] == ["Li-01", "Li-01", "Li-02", "Li-02"]
    assert [step.fresh for step in steps] == [True, False, True, False]
    assert steps[2].working_electrode == "WE 2 of 20 on this counter"
    assert steps[2].cell.counter.working_electrode_number == 2


def test_without_fresh_a_block_goes_on_with_the_electrode_in_use(plan_of):
    look = {"protocol": "Look", "cell": "li"}
    plan = plan_of([look, {"repeat": 2, "steps": [{"protocol": "Look"}]}, look | {"fresh": True}, look])
    assert [work.electrode.cell.name for _, work in plan.works()] == ["Li-01"] * 3 + ["Li-02"] * 2


def test_what_passes_no_current_is_done_to_the_cell_of_the_step_before(plan_of):
    plan = plan_of([STRIP | {"cell": "limg"}, {"protocol": "Look"}])
    assert {work.electrode.kind for _, work in plan.works()} == {"limg"}


def test_the_nearer_parameter_wins_and_an_override_is_nearest(plan_of):
    strip = STRIP | {
        "cell": "li",
        "fresh": True,
        "parameters": {"temperature": "50 °C"},
        "override": [{"when": {"current_density": "200 µA/cm²"}, "parameters": {"cut_off": "6 V"}}],
    }
    block = {
        "parameters": {"temperature": "0 °C", "cut_off": "2 V"},
        "for_each": {"current_density": CURRENTS},
        "steps": [{"protocol": "Look", "cell": "li"}, strip],
    }
    plan = plan_of([block])
    rows = [each for _, each, _ in built(plan)]
    assert [each.temperature for each in rows] == [0.0, 50.0] * 3
    assert [each.cut_off for each in rows[1::2]] == [2.0, 2.0, 6.0]


def test_a_step_may_be_overridden_in_one_round(plan_of):
    look = {
        "protocol": "Look",
        "cell": "li",
        "override": [{"when": {"round": 1}, "parameters": {"duration": "12 h"}}],
    }
    plan = plan_of([{"repeat": 3, "steps": [look]}])
    assert [each.duration for _, each, _ in built(plan)] == [12.0, 1.0, 1.0]


def test_a_fixed_parameter_keeps_its_value_within_a_loop(plan_of):
    block = {
        "for_each": {"temperature": ["0 °C", "50 °C"]},
        "cell": "li",
        "fresh": True,
        "steps": [{"protocol": "Look", "fixed": {"temperature": "25 °C"}}, STRIP],
    }
    assert [each.temperature for _, each, _ in built(plan_of([block]))] == [25.0, 0.0, 25.0, 50.0]


def test_the_same_seed_gives_the_same_order_and_another_one_another(plan_of):
    def order(seed):
        block = {
            "for_each": {"temperature": [f"{n} °C" for n in range(12)]},
            "order": "random",
            "cell": "li",
            "steps": [{"protocol": "Look"}],
        }
        return [work.values["temperature"] for _, work in plan_of([block], seed=seed).works()]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1)[:3] == ["4 °C", "9 °C", "5 °C"]


def test_the_cells_that_are_needed_are_listed_in_the_order_they_are_mounted(plan_of):
    look = {"protocol": "Look"}
    plan = plan_of(
        [
            look | {"cell": "limg"},
            STRIP | {"cell": "li"},
            look,
            look | {"cell": "limg"},
            look | {"fresh": True},
        ]
    )
    found = needed(plan)
    assert [(each.kind, each.names, each.count) for each in found.cells] == [
        ("limg", ("LiMg-01", "LiMg-02"), 20),
        ("li", ("Li-01",), 20),
    ]
    assert [(each.path, each.name, each.again) for each in found.mountings] == [
        ("1.Look", "LiMg-01", False),
        ("2.strip", "Li-01", False),
        ("4.Look", "LiMg-01", True),
        ("5.Look", "LiMg-02", False),
    ]
    assert found.mountings[3].words == "WE 2 of 20 on this counter"


def test_more_electrodes_than_there_are_is_refused(plan_of):
    block = {"repeat": 21, "fresh": True, "cell": "li", "steps": [{"protocol": "Look"}]}
    with pytest.raises(BadInput, match=r"steps\.1\.steps\.1: 21 working electrodes of 'li'.*count = 20"):
        plan_of([block])
    plan_of([block | {"repeat": 20}])


def test_a_protocol_of_the_bench_can_be_used(plan_of, walked):
    given = {"protocol": "GeisStripping", "cell": "li", "parameters": {"threshold": "10 kΩ cm²"}}
    (step,) = walked(plan_of([given]))
    assert step.protocol.threshold.areal
