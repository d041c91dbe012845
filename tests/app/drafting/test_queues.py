import pytest

from app.campaign.expand import make_campaign, read_campaign
from app.drafting import check_campaign, check_queue, open_file
from core.errors import BadInput

NUMBERED = {"name": "Li-{n:02d}", "anode": "Li", "electrode_diameter": "6 mm"}
OTHER = {"name": "LiMg", "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm"}


def step(protocol="OcvRest", cell=None, **said):
    parameters = said.pop("parameters", {})
    return {"protocol": protocol, "parameters": parameters, "cell": cell or NUMBERED} | said


def queue(*steps, **said):
    return {"name": "night", "steps": list(steps)} | said


def fields(found):
    return [each["field"] for each in found["problems"]]


def test_a_queue_becomes_a_campaign_with_its_steps_in_order():
    found = check_queue(
        queue(
            step("GeisStripping", parameters={"charge_limit": "0.1 mAh/cm²"}, name="strip"),
            step("OcvRelaxation", parameters={"duration": "1 h"}),
            step("OcvRest", OTHER),
            step("GeisStripping", fresh=True),
            title="over night",
        )
    )
    assert found["problems"] == []
    plan = make_campaign(found["toml"], "night.toml")
    works = [work for _, work in plan.works()]
    assert [work.protocol for work in works] == ["GeisStripping", "OcvRelaxation", "OcvRest", "GeisStripping"]
    assert [work.electrode.cell.name for work in works] == ["Li-01", "Li-01", "LiMg", "Li-02"]
    assert works[0].parameters == {"charge_limit": "0.1 mAh/cm²"}
    assert (plan.name, plan.title) == ("night", "over night")
    assert [kind["names"] for kind in found["cells"]] == [("Li-01", "Li-02"), ("LiMg",)]
    assert len(found["mountings"]) == 3


def test_totals_are_the_sums_of_the_steps():
    found = check_queue(
        queue(step(), step("OcvRelaxation", parameters={"duration": "1 h"}), step(cell=OTHER))
    )
    assert found["hours"] == pytest.approx(sum(each["hours"] for each in found["steps"]))
    assert found["spectra"] == sum(each["spectra"] for each in found["steps"])
    assert found["disk_bytes"] == pytest.approx(sum(each["disk_bytes"] for each in found["steps"]))
    assert found["steps"][1]["derived"]
    assert found["steps"][1]["plan"]


def test_problems_say_in_which_step_they_are():
    found = check_queue(
        queue(
            step(), step("GeisStripping", parameters={"threshold": "10"}), step(cell={"name": "x"}), name=""
        )
    )
    assert fields(found) == [
        "name",
        "steps.2.parameters.threshold",
        "steps.3.cell.anode",
    ]
    assert found["toml"] is None
    assert found["hours"] is None


def test_an_empty_queue_is_no_campaign():
    assert fields(check_queue({})) == ["name", "steps"]


def test_stripping_what_is_stripped_already_is_refused_at_that_step():
    found = check_queue(queue(step("GeisStripping"), step("OcvRest"), step("GeisStripping")))
    assert fields(found) == ["steps.3"]
    assert check_queue(queue(step("GeisStripping"), step("GeisStripping", allow_spent=True)))["ok"]


def test_several_electrodes_of_one_name_are_refused_at_the_step_that_mounts_the_second():
    found = check_queue(queue(step(cell=OTHER), step(cell=OTHER, fresh=True)))
    assert fields(found) == ["steps.2.cell.name"]
    assert "{n:02d}" in found["problems"][0]["remedy"]


def test_two_cells_of_one_name_are_refused():
    found = check_queue(queue(step(cell=OTHER), step(cell=OTHER | {"anode": "Li"})))
    assert fields(found) == ["steps.2.cell.name"]


def test_what_a_bench_cannot_do_is_refused_at_its_step(bare_bench):
    found = check_queue(queue(step(), step("PressureRun", OTHER), bench=bare_bench))
    assert fields(found) == ["steps.2.bench"]


def test_more_electrodes_may_be_declared_than_are_mounted():
    found = check_queue(queue(step(count=4), step(fresh=True)))
    assert found["cells"][0]["count"] == 4


def test_warnings_say_in_which_step_they_are():
    found = check_queue(queue(step(), step("GeisStripping", OTHER, parameters={"amplitude": "100 %"})))
    assert [each["field"] for each in found["warnings"]] == ["steps.2.parameters.amplitude"]


@pytest.mark.parametrize("name", ['say "night"', "a.b", "λ = 3", "back\\slash", "two words"])
def test_any_name_of_cell_and_queue_is_kept(name):
    found = check_queue(queue(step(cell=OTHER | {"name": name}), name=name))
    assert found["problems"] == []
    plan = make_campaign(found["toml"], "q")
    assert plan.name == name
    assert next(plan.works())[1].electrode.cell.name == name


def test_a_queue_is_opened_as_what_it_was(tmp_path):
    asked = queue(
        step("GeisStripping", name="strip", parameters={"current_density": "50 µA/cm²"}),
        step("OcvRelaxation", parameters={"duration": "1 h"}),
        step("GeisStripping", fresh=True),
    )
    path = tmp_path / "night.toml"
    path.write_text(check_queue(asked)["toml"], encoding="utf-8")
    opened = open_file(path)
    assert (opened["kind"], opened["editable"]) == ("queue", True)
    assert [each["cell"] for each in opened["queue"]["steps"]] == [NUMBERED] * 3
    assert check_queue(opened["queue"])["toml"] == path.read_text(encoding="utf-8")


LOOP = """\
campaign = "loop"
[cells.li]
name = "Li-{n}"
anode = "Li"
electrode_diameter = "6 mm"
count = 2
[[steps]]
repeat = 2
fresh = true
[[steps.steps]]
protocol = "GeisStripping"
cell = "li"
"""


def test_a_campaign_with_loops_is_shown_written_out_and_checked_as_it_lies_there(tmp_path, bare_bench):
    path = tmp_path / "loop.toml"
    path.write_text(LOOP)
    opened = open_file(path)
    assert (opened["kind"], opened["editable"], opened["path"]) == ("campaign", False, str(path))
    assert [each["path"] for each in opened["steps"]] == [where for where, _ in read_campaign(path).works()]
    assert [each["cell"]["name"] for each in opened["steps"]] == ["Li-1", "Li-2"]
    found = check_campaign(path)
    assert found["ok"]
    assert found["toml"] is None
    assert len(found["steps"]) == 2
    assert found["hours"] > 200
    path.write_text(LOOP.replace('cell = "li"', 'cell = "li"\nparameters = { temperature = "170 °C" }'))
    assert "beyond the cell's limits" in check_campaign(path)["problems"][0]["problem"]
    assert not check_campaign(tmp_path / "none.toml")["ok"]


def test_what_has_not_the_shape_of_a_queue_is_refused():
    with pytest.raises(BadInput, match="colour"):
        check_queue({"colour": "red"})


def test_a_disk_that_is_too_full_is_a_problem_of_the_store(tmp_path):
    bench = tmp_path / "greedy.toml"
    bench.write_text(
        'name = "greedy"\n[potentiostat]\nbackend = "simulated"\n'
        '[interlocks]\ndisk_full = "1e18 byte"\ndisk_low = "1e18 byte"\n'
    )
    asked = queue(step(), bench=str(bench), store=f"sqlite:///{tmp_path / 'new' / 's.sqlite'}")
    assert fields(check_queue(asked)) == ["store"]
    assert not (tmp_path / "new").exists()
