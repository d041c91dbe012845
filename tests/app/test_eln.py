"""Run packages: opened by the library that others use for RO-Crates, and taken back without loss."""

import hashlib
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from app.export import FORMATS, export
from app.taking_in import bring_in
from benchmarks.made_run import MadeRun
from core.errors import BadInput, StripbenchError
from storage import open_store
from storage.slice import differences


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("store") / "store.sqlite", create=True) as opened:
        for name in ("LLZO-01 µ", "LLZO-02"):
            made = MadeRun(opened, every=600.0, life=4 * 600.0, name=name)
            for _ in range(5):
                made.sweep()
            made.end()
        opened.annotate(1, "note", "looks well", author="somebody")
        yield opened


@pytest.fixture(scope="module")
def package(store, tmp_path_factory):
    return export(store, [1, 2], tmp_path_factory.mktemp("eln") / "two runs.eln", "eln")


@pytest.fixture(scope="module")
def crate(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(package) as found:
        found.extractall(folder)
    return ROCrate(folder / package.stem)


@pytest.fixture
def repacked(package, tmp_path):
    """Write the package again with files changed, added (bytes) or left out (None)."""

    def make(changes, name="two runs.eln"):
        path = tmp_path / name
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for each in old.namelist():
                content = changes.get(each, old.read(each))
                if content is not None:
                    new.writestr(each, content)
            for each in set(changes) - set(old.namelist()):
                new.writestr(each, changes[each])
        return path

    return make


@pytest.fixture
def other(tmp_path):
    with open_store(tmp_path / "other.sqlite", create=True) as opened:
        yield opened


def test_a_package_has_one_folder_of_its_own_name_with_an_ro_crate_in_it(package, crate):
    with zipfile.ZipFile(package) as found:
        assert {name.split("/")[0] for name in found.namelist()} == {"two runs"}
        assert found.testzip() is None
    assert crate.version == "1.1"


def test_each_run_is_a_dataset_with_its_files_in_every_format(crate):
    runs = [each for each in crate.root_dataset["hasPart"] if each.type == "Dataset"]
    assert [each["name"] for each in runs] == [
        "SIMULATED run 1: GEIS stripping of LLZO-01 µ",
        "SIMULATED run 2: GEIS stripping of LLZO-02",
    ]
    folders = {each.id.split("/")[1] for each in runs[0]["hasPart"]}
    assert folders == {name for name, form in FORMATS.items() if form.write_run is not None}


def test_the_package_itself_lists_runs_report_and_store_only(package):
    # A notebook makes an entry of each; the library adds every file to this list when it reads a crate.
    with zipfile.ZipFile(package) as found:
        graph = json.loads(found.read("two runs/ro-crate-metadata.json"))["@graph"]
    root = next(each for each in graph if each["@id"] == "./")
    assert [each["@id"] for each in root["hasPart"]] == [
        "run-0001-SIMULATED/",
        "run-0002-SIMULATED/",
        "report.html",
        "stripbench.sqlite",
    ]


def test_every_file_is_described_with_its_digest_size_and_kind(package, crate):
    described = {each.id: each for each in crate.get_by_type("File")}
    with zipfile.ZipFile(package) as found:
        names = {name.split("/", 1)[1]: name for name in found.namelist()}
        del names["ro-crate-metadata.json"]
        assert set(described) == set(names)
        for own, name in names.items():
            content = found.read(name)
            assert described[own]["sha256"] == hashlib.sha256(content).hexdigest()
            assert int(described[own]["contentSize"]) == len(content)
            assert described[own]["encodingFormat"]


def test_who_made_it_is_said_as_far_as_it_is_known_and_no_further(crate):
    text = json.dumps(crate.metadata.generate())
    assert "SIMULATED" in crate.name
    assert "SIMULATED" in crate.description
    assert crate.metadata["sdPublisher"]["name"] == "stripbench"
    actions = crate.get_by_type("CreateAction")
    assert [each["result"].id for each in actions] == ["run-0001-SIMULATED/", "run-0002-SIMULATED/"]
    assert "author" not in text
    assert "license" not in text


def test_a_package_comes_back_without_any_difference(store, package, other):
    brought = bring_in(other, package)
    assert brought.runs == {1: 1, 2: 2}
    assert [differences(store, run, other, run) for run in (1, 2)] == [[], []]


def test_a_package_taken_in_twice_is_recognised(package, other):
    bring_in(other, package)
    again = bring_in(other, package)
    assert (again.runs, again.already) == ({}, {1: 1, 2: 2})


def test_a_run_that_goes_on_makes_no_package(tmp_path):
    with open_store(tmp_path / "live.sqlite", create=True) as live:
        made = MadeRun(live)
        with pytest.raises(BadInput, match="goes on"):
            export(live, [1], tmp_path / "live.eln", "eln")
        made.end()
    assert not list(tmp_path.glob("*.eln"))


def test_a_disk_that_is_full_leaves_nothing_under_the_name(store, tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    # The disk is full while the package is closed; what goes into it was made elsewhere before.
    monkeypatch.setattr("app.export.eln._report", lambda *_: [])
    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(StripbenchError, match="disk is full"):
        export(store, [1], tmp_path / "full.eln", "eln")
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_was_changed_is_refused(repacked, package, other, tmp_path):
    with zipfile.ZipFile(package) as found:
        (tmp_path / "slice").write_bytes(found.read("two runs/stripbench.sqlite"))
    with sqlite3.connect(tmp_path / "slice") as connection:
        connection.execute("UPDATE fit SET time = 0")
    changed = repacked({"two runs/stripbench.sqlite": (tmp_path / "slice").read_bytes()})
    with pytest.raises(BadInput, match="not what was packed"):
        bring_in(other, changed)
    assert other.runs() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"two runs/stripbench.sqlite": None}, "holds no stripbench.sqlite"),
        ({"two runs/ro-crate-metadata.json": None}, "is no run package"),
        ({"two runs/ro-crate-metadata.json": b"[]"}, "no RO-Crate"),
        ({"two runs/ro-crate-metadata.json": b'{"@graph": []}'}, "no sha256"),
        ({"another/ro-crate-metadata.json": b"{}"}, "has 2 folders"),
        ({"two runs/stripbench.sqlite": bytes(50_000_000)}, "no measurement"),
    ],
)
def test_a_package_with_something_wrong_is_refused_in_words(repacked, other, changes, words):
    with pytest.raises(BadInput, match=words):
        bring_in(other, repacked(changes))
    assert other.runs() == []


def test_names_in_a_package_that_point_elsewhere_write_nothing(repacked, other, tmp_path):
    bring_in(other, repacked({"../../escaped": b"x", "/escaped": b"x"}))
    assert not list(tmp_path.parent.rglob("escaped"))
    assert not Path("/escaped").exists()


def test_a_package_that_was_cut_off_is_refused(package, other, tmp_path):
    path = tmp_path / "cut.eln"
    content = package.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BadInput, match=r"cut\.eln is damaged"):
        bring_in(other, path)


def test_a_package_with_flipped_bits_is_refused(package, other, tmp_path):
    with zipfile.ZipFile(package) as found:
        start = found.getinfo("two runs/stripbench.sqlite").header_offset
    content = bytearray(package.read_bytes())
    content[start + 5000 : start + 5100] = bytes(100)
    (tmp_path / "flipped.eln").write_bytes(content)
    with pytest.raises(BadInput, match="is damaged"):
        bring_in(other, tmp_path / "flipped.eln")
    assert other.runs() == []
