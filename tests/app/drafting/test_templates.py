import pytest

from app.drafting import check, remove_template, save_template, templates
from app.runner.job import read_job
from core.errors import BadInput

PAPER = {
    "Stripping Li",
    "Stripping Li0.9Mg0.1",
    "Relaxation",
    "Critical current density",
    "Stripping under pressure",
    "Interface forming",
    "Arrhenius PEIS",
    "Cycling",
}


def own(folder):
    return [each["name"] for each in templates(folder) if not each["built_in"]]


def test_the_experiments_of_the_paper_are_built_in_and_nothing_is_wrong_with_them(tmp_path):
    built_in = {each["name"]: each for each in templates(tmp_path / "none")}
    assert built_in.keys() >= PAPER
    for each in built_in.values():
        found = check(each["draft"])
        assert found["problems"] == []
        ramp = [each for each in found["warnings"] if each["field"] == "parameters.amplitude"]
        assert found["warnings"] == (ramp if each["protocol"] == "CriticalCurrentDensity" else [])


def test_a_template_is_a_plain_experiment_file(tmp_path, draft):
    kept = save_template(
        tmp_path / "t", "my µA/cm".replace("/", " "), draft(amplitude="5 %") | {"title": "x"}
    )
    assert own(tmp_path / "t") == ["my µA cm"]
    job = read_job(tmp_path / "t" / "my µA cm.toml", None)
    assert kept["path"].endswith("my µA cm.toml")
    assert job.protocol.values()["amplitude"] == 5.0
    (found,) = [each for each in templates(tmp_path / "t") if not each["built_in"]]
    assert (found["title"], found["protocol"]) == ("x", "GeisStripping")
    assert check(found["draft"])["ok"]


def test_nothing_is_overwritten_unless_asked_and_nothing_is_lost(tmp_path, draft):
    save_template(tmp_path, "mine", draft(amplitude="5 %"))
    before = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="already"):
        save_template(tmp_path, "mine", draft())
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == before
    save_template(tmp_path, "mine", draft(), replace=True)
    remove_template(tmp_path, "mine")
    save_template(tmp_path, "mine", draft())
    moved = remove_template(tmp_path, "mine")
    assert own(tmp_path) == []
    removed = list((tmp_path / "removed").iterdir())
    assert len(removed) == 3
    assert before in [each.read_text(encoding="utf-8") for each in removed]
    assert "removed" in moved["path"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/b", "a\\b", "con", "NUL", "a:b", "ends.", " a", "a\n", "x" * 81, "a*"]
)
def test_names_that_are_no_file_names_are_refused(tmp_path, draft, name):
    with pytest.raises(BadInput, match="cannot be the name"):
        save_template(tmp_path, name, draft())
    assert list(tmp_path.iterdir()) == []


def test_a_built_in_template_keeps_its_name(tmp_path, draft):
    for work in (lambda: save_template(tmp_path, "stripping li", draft(), replace=True),
                 lambda: remove_template(tmp_path, "Stripping Li")):  # fmt: skip
        with pytest.raises(BadInput, match="built-in"):
            work()


def test_a_draft_with_problems_is_not_kept(tmp_path, draft):
    with pytest.raises(BadInput, match=r"parameters\.amplitude"):
        save_template(tmp_path, "mine", draft(amplitude="1000 %"))
    assert own(tmp_path) == []


def test_a_template_that_is_damaged_is_listed_with_what_is_wrong(tmp_path):
    (tmp_path / "odd.toml").write_text("protocol = ")
    (found,) = [each for each in templates(tmp_path) if not each["built_in"]]
    assert found["name"] == "odd"
    assert "not valid TOML" in found["problem"]


def test_removing_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no template"):
        remove_template(tmp_path, "mine")
