import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import StoreError
from storage import open_store
from storage.sqlite import PAGE_SIZE, network_mount, path_of


def test_store_is_made_with_its_folder_when_asked_to(path):
    with pytest.raises(StoreError, match="there is no store at"):
        open_store(path)
    assert not path.parent.exists()
    with open_store(path, create=True) as store:
        assert store.runs() == []
    with open_store(path) as store:
        assert store.runs() == []


def test_pragmas_of_a_new_store(store, path):
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA page_size").fetchone() == (PAGE_SIZE,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_journal_connections_are_as_durable_as_they_say(journal):
    full, normal = 2, 1
    for connection, expected in ((journal._durable, full), (journal._quick, normal)):
        pragma = {
            name: connection.connection.driver_connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "foreign_keys", "busy_timeout")
        }
        assert pragma == {"synchronous": expected, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////data/a b.sqlite", Path("/data/a b.sqlite")),
        ("sqlite:///a.sqlite", Path("a.sqlite").absolute()),
        ("a.sqlite", Path("a.sqlite").absolute()),
        ("~/a.sqlite", Path("~/a.sqlite").expanduser()),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths are written in the way of POSIX")
def test_url_or_path(url, expected):
    assert path_of(url) == expected


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://host/db", "SQLite files only"),
        ("nonsense://x", "SQLite files only"),
        ("sqlite://", "names no file"),
        (":memory:", "names no file"),
        ("", "names no file"),
        ("://", "not the address"),
    ],
)
def test_what_is_not_the_address_of_a_store(url, problem):
    with pytest.raises(StoreError, match=problem):
        open_store(url, create=True)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("content", [b"E,I\n1,2\n" * 200, b"short", b"SQLite format 3\0" + bytes(2000)])
def test_other_file_is_refused_and_left_as_it_is(tmp_path, content, create):
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"data\.csv is (not a stripbench store|damaged)"):
        open_store(path, create=create)
    assert path.read_bytes() == content


@pytest.mark.parametrize("create", [False, True])
def test_database_of_another_program_is_refused_and_left_as_it_is(tmp_path, create):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE run (id INTEGER)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path, create=create)
    assert path.read_bytes() == before


def test_empty_file_is_filled_only_when_asked_to(tmp_path):
    path = tmp_path / "empty.sqlite"
    path.touch()
    with pytest.raises(StoreError, match="is empty"):
        open_store(path)
    assert path.read_bytes() == b""
    with open_store(path, create=True) as store:
        assert store.runs() == []


def test_folder_is_refused(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path, create=True)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "file" / "store.sqlite", create=True)


@pytest.mark.parametrize("create", [False, True])
def test_newer_store_is_refused_and_left_as_it_is(store, path, create):
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer stripbench: schema 0999.*update stripbench"):
        open_store(path, create=create)
    assert path.read_bytes() == before


MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
server:/export /mnt/lab nfs4 rw 0 0
//server/share /mnt/my\040share cifs rw 0 0
/dev/sdb1 /mnt/lab/local ext4 rw 0 0
tmpfs /mnt/hidden tmpfs rw 0 0
user@host: /mnt/hidden fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/x.sqlite", ""),
        ("/mnt/lab/x.sqlite", "nfs4"),
        ("/mnt/laboratory/x.sqlite", ""),
        ("/mnt/my share/x.sqlite", "cifs"),
        ("/mnt/lab/local/x.sqlite", ""),
        ("/mnt/hidden/x.sqlite", "fuse.sshfs"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="mounts are those of POSIX")
def test_network_drives_are_told_by_their_mounts(path, kind):
    assert network_mount(Path(path), MOUNTS) == kind


@pytest.mark.parametrize("create", [False, True])
def test_store_on_a_network_drive_is_refused(path, monkeypatch, create):
    monkeypatch.setattr("storage.sqlite._network_kind", lambda path: "nfs4")
    with pytest.raises(StoreError, match=r"network drive \(nfs4\).*local disk"):
        open_store(path, create=create)
    assert not path.exists()


def test_several_may_make_a_store_at_once(path):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(path, create=True), range(4)))
    for store in stores:
        assert (store.runs(), store.check()) == ([], [])
        store.close()


def test_unknown_run_is_refused_with_those_there_are(store, header):
    with pytest.raises(StoreError, match=r"no run 1; it has no runs yet"):
        store.run(1)
    for _ in range(3):
        store.begin_run(header).close()
    with pytest.raises(StoreError, match=r"no run 9; it has runs 1–3"):
        store.run(9)


def test_alembic_is_not_loaded_for_a_store_that_is_up_to_date(store, path):
    program = (
        "import sys; from storage import open_store\n"
        f"open_store({str(path)!r}, create=True).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
