import pytest

from app.launching.files import last_lines, new_file
from app.launching.real import what_would_flow
from core.errors import BadInput


def test_files_of_one_second_and_one_name_do_not_meet(tmp_path):
    made = [new_file(tmp_path / "new", "GeisStripping a/b: c*", ".toml") for _ in range(3)]
    for _, file in made:
        file.close()
    assert len({path for path, _ in made}) == 3
    assert all(path.name.endswith(".toml") and "a b c" in path.name for path, _ in made)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"is no folder|cannot be written"):
        new_file(tmp_path / "file", "a", ".toml")


def test_the_last_lines_of_a_log_are_those_that_say_something(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"one\n\n two \xff\n\n")
    assert last_lines(log, 2) == ("one", " two \ufffd")
    assert "cannot be read" in last_lines(tmp_path / "none")[0]


def test_what_would_flow_is_told_of_experiments_and_campaigns():
    experiment = (
        'protocol = "GeisStripping"\n[cell]\nname = "Li 7"\n[parameters]\ncurrent_density = "0.1 mA/cm²"\n'
    )
    assert what_would_flow(experiment) == "GeisStripping on Li 7; 0.1 mA/cm² would flow"
    campaign = (
        'campaign = "c"\n[cells.li]\nfile = "li.toml"\n[[steps]]\nprotocol = "OcvRest"\n[[steps]]\n'
        'for_each.current_density = ["50 µA/cm²", "100 µA/cm²"]\n'
        '[[steps.steps]]\nprotocol = "GeisStripping"\n'
    )
    words = what_would_flow(campaign)
    assert words == "OcvRest, GeisStripping on li.toml; 50 µA/cm², 100 µA/cm² would flow"
    assert "the protocol's own" in what_would_flow('protocol = "CriticalCurrentDensity"')
    assert "not valid TOML" in what_would_flow("=")
