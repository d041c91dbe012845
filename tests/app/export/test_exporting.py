"""Exports of every format: whole or not at all, refused with a reason, marked, and asked for by command."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.export import FORMATS, export, formats
from app.export_names import SUFFIXES, SUMMARIES
from core.errors import BadInput, StoreError

FOLDERS = [name for name, each in FORMATS.items() if each.write_run is not None]


def listed(folder):
    """Return what is in a folder, but for the files that SQLite keeps beside an open store."""
    return {each.name for each in folder.iterdir() if not each.name.startswith("store.sqlite")}


def command(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_each_format_writes_either_folders_or_one_file():
    for each in FORMATS.values():
        assert (each.write_run is None) != (each.write_all is None)
        assert bool(each.suffix) == (each.write_all is not None)


def test_what_is_offered_is_what_there_is():
    assert list(SUMMARIES) == list(FORMATS)
    assert set(SUFFIXES) <= set(FORMATS)


@pytest.mark.parametrize("form", FOLDERS)
def test_every_run_has_a_folder_and_a_simulated_one_says_so(store, made, tmp_path, form):
    target = export(store, [made(), made(simulated=False)], tmp_path / "out", form)
    assert listed(target) == {"run-0001-SIMULATED", "run-0002"}
    assert all(any(folder.iterdir()) for folder in target.iterdir())


@pytest.mark.parametrize("form", FOLDERS)
def test_a_run_that_goes_on_is_exported_as_far_as_it_is(store, made, tmp_path, form):
    target = export(store, [made(ended=False)], tmp_path / "out", form)
    assert any((target / "run-0001-SIMULATED").iterdir())


@pytest.mark.parametrize("form", FOLDERS)
def test_progress_is_told_to_its_end(store, made, tmp_path, form):
    told = {}
    export(
        store, [made()], tmp_path / "out", form, lambda what, done, total: told.update({what: (done, total)})
    )
    assert told
    assert all(done == total for done, total in told.values())


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_written_where_something_is_or_cannot_be(store, made, tmp_path, form):
    run = made()
    ending = SUFFIXES.get(form, "")
    taken = tmp_path / f"taken{ending}"
    taken.write_text("mine")
    before = listed(tmp_path)
    with pytest.raises(BadInput, match="is there already"):
        export(store, [run], taken, form)
    with pytest.raises(BadInput, match="no folder"):
        export(store, [run], tmp_path / "nowhere" / f"out{ending}", form)
    with pytest.raises(StoreError, match="no run 9"):
        export(store, [run, 9], tmp_path / f"out{ending}", form)
    assert listed(tmp_path) == before
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("form", [name for name, each in FORMATS.items() if each.needs])
def test_a_missing_package_is_named_before_anything_is_written(store, made, tmp_path, monkeypatch, form):
    run, before = made(), listed(tmp_path)
    monkeypatch.setattr(formats, "find_spec", lambda name: None if name == FORMATS[form].needs[-1] else True)
    expected = re.escape(FORMATS[form].needs[-1])
    with pytest.raises(BadInput, match=expected) as told:
        export(store, [run], tmp_path / f"out{SUFFIXES.get(form, '')}", form)
    assert "pip install 'stripbench[export]'" in told.value.remedy
    assert listed(tmp_path) == before


def test_a_file_whose_name_ends_otherwise_is_refused(store, made, tmp_path):
    with pytest.raises(BadInput, match=r"does not end in \.eln") as told:
        export(store, [made()], tmp_path / "out.zip", "eln")
    assert "out.zip.eln" in told.value.remedy


@pytest.mark.skipif(os.name != "posix", reason="a limit of the size of files is POSIX's")
def test_a_disk_that_takes_no_more_leaves_nothing(url, made, tmp_path):
    run, forms = made(), ["csv", "bdf-csv", "bdf-parquet", "mpt", "netcdf"]
    (tmp_path / "here").mkdir()
    # The process may write no file beyond 2 kB, which is what a full disk looks like to it.
    program = f"""
        import resource
        from pathlib import Path
        import pandas, pyarrow.parquet, xarray, h5netcdf, h5py
        from app.export import export
        from core.errors import StripbenchError
        from storage import open_store
        store = open_store({url!r})
        store.run({run}).summary()
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        for form in {forms!r}:
            try:
                export(store, [{run}], Path({str(tmp_path / "here")!r}) / form, form)
            except StripbenchError as error:
                print(error.problem)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert len(said) == len(forms)
    assert all("could not be written" in line and "File too large" in line for line in said)
    assert listed(tmp_path / "here") == set()


def test_the_command_lists_the_formats_with_a_line_each():
    done = command("export", "--format", "list")
    assert done.exit_code == 0, done.output
    lines = done.output.strip().splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)
    done = command("export", "--format", "list", "--json", "-")
    assert [each["name"] for each in json.loads(done.output)["formats"]] == list(FORMATS)


def test_the_command_writes_any_format(store, url, made, tmp_path):
    run, target = made(), tmp_path / "out"
    done = command("export", run, "--format", "mpt", "--out", target, "--store", url)
    assert done.exit_code == 0, done.output
    assert "SIMULATED" in done.output
    assert listed(target / "run-0001-SIMULATED") == {
        "run-0001-GEIS-SIMULATED.mpt",
        "run-0001-PEIS-SIMULATED.mpt",
        "run.json",
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--out", "x"], "no run is named"),
        (["export", "1"], "no target is named"),
    ],
)
def test_the_command_says_what_it_was_not_told(arguments, said):
    done = command(*arguments)
    assert isinstance(done.exception, BadInput)
    assert said in done.exception.problem


def test_the_command_knows_no_other_format(url, made, tmp_path):
    done = command("export", made(), "--format", "xls", "--out", tmp_path / "out", "--store", url)
    assert isinstance(done.exception, BadInput)
    assert "bdf-parquet" in done.exception.remedy
