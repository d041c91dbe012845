"""``stripbench report`` as it is typed."""

import json

import pytest


@pytest.fixture
def url(store):
    return f"sqlite:///{store.path}"


def test_the_command_names_the_file_and_gives_the_conclusions_as_numbers(cli, write, url, tmp_path):
    write(100.0)
    target, numbers = tmp_path / "report.html", tmp_path / "numbers.json"
    status, out, _ = cli("report", 1, "--out", target, "--store", url, "--json", numbers)
    assert status == 0
    assert out.strip() == f"report of run 1 written to {target}  SIMULATED"
    found = json.loads(numbers.read_text(encoding="utf-8"))
    assert (found["runs"], found["simulated"], found["drop"]) == ([1], True, "c0")
    assert found["report"] == str(target)
    assert "depletions" in found["conclusions"]
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no run is named"),
        (("1", "--drop", "all"), "'all' is not known"),
        (("--campaign", "5"), "campaign 5"),
        (("1", "--out", "report.txt"), "cannot be a .txt file"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_nothing_is_written(cli, write, url, tmp_path, arguments, words):
    write(100.0)
    before = sorted(tmp_path.iterdir())
    out = () if "--out" in arguments else ("--out", tmp_path / "report.html")
    status, _, err = cli("report", *arguments, *out, "--store", url)
    assert status == 2
    assert words in " ".join(err.split())
    assert sorted(tmp_path.iterdir()) == before


def test_a_campaign_is_reported_without_what_is_in_the_bin(cli, sand_store, tmp_path):
    numbers = tmp_path / "numbers.json"
    sand_store.annotate(4, "binned")
    try:
        options = ("--out", tmp_path / "r.html", "--store", f"sqlite:///{sand_store.path}")
        status, _, _ = cli("report", "--campaign", 1, *options, "--json", numbers)
    finally:
        sand_store.annotate(4, "restored")
    assert status == 0
    assert json.loads(numbers.read_text(encoding="utf-8"))["runs"] == [1, 2, 3]
