"""Files and folders that appear whole, or not at all."""

import errno
import os

import pytest

from app.writing import new_file, new_folder
from core.errors import BadInput, StripbenchError


def write_half(make, target, then):
    """Write something, and do something else before it is put under its name."""
    with make(target) as path:
        (path if make is new_file else path / "a").write_text("half")
        then()


def test_a_file_appears_under_its_name_when_it_is_whole(tmp_path):
    target = tmp_path / "run-7.bdf.csv"
    with new_file(target) as path:
        assert path.name == target.name
        path.write_text("begun")
        assert not target.exists()
    assert target.read_text() == "begun"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_appears_under_its_name_when_it_is_whole(tmp_path):
    target = tmp_path / "out"
    with new_folder(target) as folder:
        (folder / "a").write_text("1")
        assert not target.exists()
    assert [each.name for each in target.iterdir()] == ["a"]
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
@pytest.mark.parametrize(("make", "expected"), [(new_file, 0o640), (new_folder, 0o750)])
def test_whoever_may_read_what_lies_beside_it_may_read_it(tmp_path, make, expected):
    target, before = tmp_path / "out", os.umask(0o027)
    try:
        with make(target) as path:
            if make is new_file:
                path.write_text("x")
    finally:
        os.umask(before)
    assert target.stat().st_mode & 0o777 == expected


@pytest.mark.parametrize("make", [new_file, new_folder])
def test_what_exists_is_refused_and_not_touched(tmp_path, make):
    target = tmp_path / "out"
    target.write_text("mine")
    with pytest.raises(BadInput, match="is there already"), make(target):
        pytest.fail("it was not refused")
    assert target.read_text() == "mine"


@pytest.mark.parametrize("make", [new_file, new_folder])
def test_what_came_to_exist_in_the_meantime_is_not_touched(tmp_path, make):
    target = tmp_path / "out"
    with pytest.raises(BadInput, match="is there already"):
        write_half(make, target, lambda: target.write_text("mine"))
    assert target.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("make", [new_file, new_folder])
def test_a_link_that_leads_nowhere_is_refused(tmp_path, make):
    target = tmp_path / "out"
    target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadInput, match="is there already"), make(target):
        pytest.fail("it was not refused")


@pytest.mark.parametrize("make", [new_file, new_folder])
def test_a_folder_that_is_not_there_is_named(tmp_path, make):
    with pytest.raises(BadInput, match=r"there is no folder .*nowhere"), make(tmp_path / "nowhere" / "out"):
        pytest.fail("it was not refused")


@pytest.mark.parametrize("make", [new_file, new_folder])
@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EIO, "could not be")]
)
def test_an_error_of_the_disk_is_explained_and_leaves_nothing(tmp_path, make, number, said):
    def fail():
        raise OSError(number, os.strerror(number))

    with pytest.raises(StripbenchError, match=said):
        write_half(make, tmp_path / "out", fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [new_file, new_folder])
def test_an_interruption_leaves_nothing(tmp_path, make):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half(make, tmp_path / "out", interrupt)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [new_file, new_folder])
def test_a_name_that_no_disk_takes_is_refused(tmp_path, make):
    with pytest.raises(BadInput, match="cannot be made: File name too long"), make(tmp_path / ("x" * 250)):
        pytest.fail("it was not refused")
