"""``stripbench figure``: one figure from the command line."""

import json
import re
import subprocess
import sys

import pytest

from app.figures import FIGURES


@pytest.fixture
def figure(cli, runs):
    """Ask for a figure of runs by their names."""
    url, numbers = runs

    def ask(name, *names, **options):
        chosen = [str(numbers[each]) for each in names]
        given = [part for key, value in options.items() for part in (f"--{key}", str(value))]
        return cli("figure", name, *chosen, "--store", url, *given)

    return ask


def test_a_figure_is_written_and_its_caption_printed(figure, tmp_path):
    path = tmp_path / "sand.svg"
    status, out, _ = figure("fig5c", "Li 50", "Li 100", "Li 200", out=path)
    assert status == 0
    assert "SIMULATED" in out
    assert "Sand plot at 25 °C" in out
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<?xml")
    assert "SIMULATED</text>" in text
    assert [each.name for each in tmp_path.iterdir()] == ["sand.svg"]


@pytest.mark.parametrize(
    ("ending", "begins"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("tif", b"II*"), ("TIFF", b"II*")]
)
def test_the_ending_says_what_kind_of_file_it_is(figure, tmp_path, ending, begins):
    path = tmp_path / f"potential.{ending}"
    assert figure("potential", "Li 100", out=path)[0] == 0
    assert path.read_bytes().startswith(begins)


def test_dots_are_300_to_the_inch(figure, tmp_path):
    from PIL import Image

    path = tmp_path / "potential.tif"
    figure("potential", "Li 100", out=path, width="double")
    with Image.open(path) as image:
        assert image.width == pytest.approx(17.5 / 2.54 * 300, abs=2)
        assert float(image.info["dpi"][0]) == pytest.approx(300)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"out": "figure.jpg"}, r"ends in \.jpg; name a file that ends in"),
        ({"out": "figure"}, "has no ending"),
        ({"out": "a.svg", "width": "wide"}, "--width 'wide' is refused"),
        ({"out": "a.svg", "drop": "c1"}, "--drop 'c1' is refused"),
        ({"out": "no/such/folder/a.svg"}, "there is no folder"),
        ({}, "no file is named"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_value(figure, tmp_path, monkeypatch, options, says):
    monkeypatch.chdir(tmp_path)
    status, _, error = figure("potential", "Li 100", **options)
    assert status == 2
    assert re.search(says, " ".join(error.split()))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_touched(figure, tmp_path):
    path = tmp_path / "potential.svg"
    path.write_text("mine")
    status, _, error = figure("potential", "Li 100", out=path)
    assert status == 2
    assert "is there already" in " ".join(error.split())
    assert path.read_text() == "mine"


def test_missing_data_are_named_with_what_to_do(figure, tmp_path):
    status, _, error = figure("fig6b", "Li 100", out=tmp_path / "a.svg")
    assert status == 2
    said = " ".join(error.split())
    assert "all stripped at 25 °C" in said
    assert "two temperatures at least" in said
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_figure_suggests_one_that_comes_near(figure, tmp_path):
    status, _, error = figure("sandd", "Li 100", out=tmp_path / "a.svg")
    assert status == 2
    assert "did you mean sand" in " ".join(error.split())


def test_without_runs_it_says_so(figure, tmp_path):
    status, _, error = figure("sand", out=tmp_path / "a.svg")
    assert status == 2
    assert "no run is named" in error


def test_truth_is_refused_where_there_is_none_to_show(cli, runs, tmp_path):
    url, numbers = runs
    status, _, error = cli(
        "figure", "potential", numbers["Li 100"], "--truth", "--store", url, "--out", tmp_path / "a.svg"
    )
    assert status == 2
    assert "no truth to show" in " ".join(error.split())


def test_the_list_names_every_figure_and_its_number_in_the_paper(cli):
    status, out, _ = cli("figure", "list", "--json", "-")
    assert status == 0
    rows = json.loads(out)["figures"]
    assert {row["name"]: row["paper"] for row in rows} == {kind.name: kind.paper for kind in FIGURES.values()}
    assert all(row["needs"] for row in rows)
    assert cli("figure", "--list")[1].count("\n") > len(FIGURES)


def test_the_answer_as_json_carries_caption_and_drop(figure, tmp_path):
    status, out, _ = figure("sand", "alloy 50", "alloy 100", out=tmp_path / "a.pdf", drop="c0-cmin", json="-")
    assert status == 0
    answer = json.loads(out)
    assert (answer["figure"], answer["paper"], answer["drop"]) == ("sand", "5c", "c0-cmin")
    assert answer["simulated"] is True
    assert "c0 − c_min" in answer["caption"]


def test_matplotlib_is_loaded_only_when_a_figure_is_drawn(environment):
    program = "import sys, app.figures, app.cli.figure; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0
