"""The registry of cells at the command line."""

import json
from pathlib import Path

import pytest

from core.cell import Cell
from core.records import Ended, RunState
from storage import RunHeader, open_store

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "cells").glob("*.toml"))
CELL = """\
name = "{name}"
anode = "Li"
electrode_diameter = "{diameter} mm"
[history]
polishing = "grit [1000]"
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)


@pytest.fixture
def cell_file(tmp_path):
    """Write a cell file."""

    def write(name="Li-01", diameter=6):
        path = tmp_path / "cell.toml"
        path.write_text(CELL.format(name=name, diameter=diameter), encoding="utf-8")
        return path

    return write


@pytest.fixture
def ran(store_url):
    """Keep a run that was done to a cell."""

    def run(name="Li-01", ended=Ended.DEPLETED):
        cell = Cell(name=name, anode="Li", electrode_diameter="6 mm")
        with open_store(store_url, create=True) as store:
            header = RunHeader("GeisStripping", {}, cell, "bench", simulated=True)
            journal = store.begin_run(header)
            journal.finish(RunState.FINISHED, "", 1.0, ended)
            journal.close()
            return journal.run

    return run


def test_a_cell_is_registered_listed_and_shown(cli, store_url, cell_file, ran, tmp_path):
    photo = tmp_path / "mounted.png"
    photo.write_bytes(PNG)
    add = ("cell-add", cell_file(), "--remarks", "soft [edge]", "--photo", photo, "--store", store_url)
    status, out, _ = cli(*add)
    assert (status, out.splitlines()) == (
        0,
        ["registered Li-01 · Li · electrode 0.2827 cm², pellet 0.5411 cm²", "photo 1: mounted.png"],
    )
    ran()
    ran("Li-77")
    heading, line, *more = cli("cells", "--store", store_url)[1].splitlines()
    assert heading.split() == ["cell", "anode", "electrode", "pellet", "runs", "last", "remarks"]
    assert line.split() == [
        "Li-01",
        "Li",
        "0.283",
        "cm²",
        "0.541",
        "cm²",
        "1",
        "run",
        "1",
        "depleted",
        "soft",
        "[edge]",
    ]
    assert more == ["not registered, but runs name them: Li-77"]
    out = cli("cell", "Li-01", "--store", store_url)[1]
    assert "Li-01 · Li · electrode 0.2827 cm², pellet 0.5411 cm²" in out
    assert "history = polishing grit [1000]" in out
    assert "photo 1: mounted (image/png, 2 KiB, 20" in out
    assert ": soft [edge]" in out
    assert "depleted" in out


def test_cells_are_json_for_programs(cli, store_url, cell_file, ran):
    cli("cell-add", cell_file(), "--remarks", "soft", "--store", store_url)
    ran()
    number = ran()
    ran("Li-77")
    with open_store(store_url) as store:
        store.annotate(number, "binned")
    found = json.loads(cli("cells", "--json", "-", "--store", store_url)[1])
    (entry,) = found["cells"]
    assert (entry["name"], entry["anode"], entry["remarks"], entry["entries"]) == ("Li-01", "Li", "soft", 1)
    assert (entry["runs"], entry["last_run"], entry["last_ended"]) == (2, 2, "depleted")
    assert entry["electrode_area_m2"] == pytest.approx(2.827e-5, rel=1e-3)
    assert entry["cell"]["electrode_diameter"] == "0.006 m"
    assert [each["name"] for each in found["unregistered"]] == ["Li-77"]
    shown = json.loads(cli("cell", "Li-01", "--json", "-", "--store", store_url)[1])
    assert [(each["run"], each["ended"], each["binned"]) for each in shown["runs"]] == [
        (1, "depleted", False),
        (2, "depleted", True),
    ]
    assert (shown["registered"], len(shown["entries"]), shown["photos"]) == (True, 1, [])
    assert json.loads(cli("cell", "Li-77", "--json", "-", "--store", store_url)[1])["registered"] is False


def test_a_cell_that_only_runs_know_is_shown_as_such(cli, store_url, ran):
    ran()
    ran()
    with open_store(store_url) as store:
        store.annotate(2, "binned")
    out = cli("cell", "Li-01", "--store", store_url)[1]
    assert "pellet 0.5411 cm² · not registered" in out
    assert "in the bin: 2" in out
    assert "No cell is registered" in cli("cells", "--store", store_url)[1]


def test_a_cell_there_is_not_is_refused_with_one_like_it(cli, store_url, ran):
    ran("LLZO-07-Li-01")
    status, _, err = cli("cell", "LLZO-7-Li-01", "--store", store_url)
    assert status == 2
    assert "no cell 'LLZO-7-Li-01'; did you mean 'LLZO-07-Li-01'?" in " ".join(err.split())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_cells_of_an_example_are_registered_by_number(cli, store_url, example):
    status, out, _ = cli("cell-add", example, "--count", 3, "--store", store_url)
    assert status == 0
    with open_store(store_url) as store:
        found = store.cells()
    assert [each.name[-3:] for each in found] == ["-01", "-02", "-03"]
    assert [each.cell.counter.working_electrode_number for each in found] == [1, 2, 3]
    assert out.count("registered ") == 3


def refused(cli, *words):
    status, _, err = cli(*words)
    assert status == 2
    return " ".join(err.split())


def test_a_name_that_numbers_cells_needs_their_count(cli, store_url, cell_file):
    add = ("cell-add", cell_file("Li-{n:02d}"), "--store", store_url)
    assert "'Li-{n:02d}' numbers its cells; say how many there are with --count" in refused(cli, *add)
    add = ("cell-add", cell_file("Li"), "--count", 2, "--store", store_url)
    assert "the same for all 2 working electrodes" in refused(cli, *add)
    assert not Path(store_url.removeprefix("sqlite:///")).exists()


def test_a_known_name_is_refused_unless_it_is_amended(cli, store_url, cell_file, ran):
    ran()
    add = ("cell-add", cell_file(diameter=5), "--store", store_url)
    assert "run 1 was done to a cell named 'Li-01' with an electrode of 0.2827 cm²" in refused(cli, *add)
    cli("cell-add", cell_file(), "--store", store_url)
    assert "'Li-01' is registered already" in refused(cli, "cell-add", cell_file(), "--store", store_url)
    words = ("--amend", "--retired", "--remarks", "scraped off")
    assert cli("cell-add", cell_file(), *words, "--store", store_url)[0] == 0
    assert "No cell is registered" in cli("cells", "--store", store_url)[1]
    assert "retired; scraped off" in cli("cells", "--retired", "--store", store_url)[1]
    out = cli("cell", "Li-01", "--store", store_url)[1]
    assert "cm² · retired" in out
    assert out.count("entry of 20") == 2


def test_photos_are_looked_at_before_anything_is_registered(cli, store_url, cell_file, tmp_path):
    text = tmp_path / "mounted.txt"
    text.write_text("not a photo")
    add = ("cell-add", cell_file(), "--store", store_url, "--photo")
    assert "mounted.txt: the photo of 11 bytes is neither PNG nor JPEG" in refused(cli, *add, text)
    assert "cannot be read: No such file" in refused(cli, *add, tmp_path / "none.png")
    photo = tmp_path / "mounted.png"
    photo.write_bytes(PNG)
    several = ("cell-add", cell_file("Li-{n}"), "--count", 2, "--photo", photo, "--store", store_url)
    assert "--photo shows one cell, but 2 are registered" in refused(cli, *several)
    assert not Path(store_url.removeprefix("sqlite:///")).exists()


def test_a_file_that_is_no_cell_is_refused_with_its_key(cli, store_url, tmp_path):
    path = tmp_path / "cell.toml"
    path.write_text('name = "Li"\nanode = "Na"\nelectrode_diameter = "6"\n')
    words = refused(cli, "cell-add", path, "--store", store_url)
    assert "anode = 'Na'" in words
    assert "electrode_diameter = '6': '6' has no unit" in words
    assert "there is no cell file" in refused(cli, "cell-add", tmp_path / "none.toml", "--store", store_url)


@pytest.mark.parametrize("width", [80, 120])
def test_the_listing_keeps_a_line_a_cell(cli, store_url, monkeypatch, width):
    from app.cli.output import out as console

    monkeypatch.setattr(console, "width", width)
    with open_store(store_url, create=True) as store:
        for number in range(3):
            cell = Cell(
                name=f"LLZO-07-Li0.9Mg0.1-{number:04d}", anode="Li0.9Mg0.1", electrode_diameter="6 mm"
            )
            store.register_cell(cell, remarks="words " * 30)
    lines = cli("cells", "--store", store_url)[1].splitlines()
    assert len(lines) == 4
    assert all(len(line.rstrip()) <= width for line in lines)
    assert all("0.283 cm²" in line for line in lines[1:])
