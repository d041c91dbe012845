"""What is SQLite's own: opening files, pragmas, locking, and its errors in words."""

import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from core.errors import StoreError, StoreLocked
from storage.encoding import from_json, to_json

PAGE_SIZE = 8192
"""Bytes. A spectrum of seven decades fits one page; SQLite's own 4096 wastes a third of the file."""

BUSY_TIMEOUT = 5.0
"""Seconds for which one process waits while another one writes."""

CHECKPOINT_PAGES = 1000
"""Pages of write-ahead log (8 MB) after which they are copied into the store.

A checkpoint costs two or three fsyncs, so at some ten pages a spectrum with its fit and readings
they stay below 0.05 a spectrum, and the log that a reader has to look through stays small.
"""

_NETWORK_FILE_SYSTEMS = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "davfs"),
}


def path_of(url: str) -> Path:
    """Return the file that a store's URL names; a plain path is taken as it is.

    Raises
    ------
    StoreError
        If the URL is not one, or names another database than SQLite or none on disk.
    """
    text = str(url)
    if "://" not in text:
        database: str | None = text
    else:
        try:
            parsed = sa.make_url(text)
        except ArgumentError:
            raise StoreError(f"{text!r} is not the address of a store;", _EXAMPLE) from None
        if parsed.get_backend_name() != "sqlite":
            raise StoreError(f"{text!r}: stores are kept in SQLite files only;", _EXAMPLE)
        database = parsed.database
    if not database or database == ":memory:":
        raise StoreError(f"{text!r} names no file;", _EXAMPLE)
    return Path(database).expanduser().absolute()


_EXAMPLE = "write a path, or for example sqlite:///C:/bench/store.sqlite."


def refuse_network_drive(path: Path) -> None:
    """Raise a `StoreError` if `path` lies on a drive that other computers share.

    The write-ahead log needs memory shared between all who use the store, which a network drive
    cannot give: stores there were corrupted.
    """
    kind = _network_kind(path)
    if kind:
        raise StoreError(
            f"{path} lies on a network drive ({kind}), where SQLite's write-ahead log is not safe;",
            "put the store on a local disk, and copy it elsewhere when the run has ended.",
        )


def _network_kind(path: Path) -> str:
    if sys.platform == "win32":
        import ctypes

        remote = 4
        if str(path).startswith("\\\\"):
            return "UNC path"
        return "mapped drive" if ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == remote else ""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    return network_mount(path.resolve(), mounts.read_text())


def network_mount(path: Path, mounts: str) -> str:
    """Return the kind of network file system `path` lies on, ``""`` if it is local.

    Parameters
    ----------
    path : Path
        Absolute, without symbolic links.
    mounts : str
        The table of mounts in the format of fstab(5), where octal escapes stand for white space.
    """
    best = (0, "")
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = Path(fields[1].encode().decode("unicode_escape"))
        # The longest mount point holds the path, and the later of two mounts hides the earlier.
        if path.is_relative_to(point) and len(point.parts) >= best[0]:
            best = (len(point.parts), fields[2])
    return best[1] if best[1] in _NETWORK_FILE_SYSTEMS else ""


def writer(path: Path, synchronous: Literal["FULL", "NORMAL"]) -> sa.Engine:
    """Return an engine whose transactions take the write lock when they begin.

    Parameters
    ----------
    path : Path
        The store; made if it does not exist.
    synchronous : {"FULL", "NORMAL"}
        FULL: a commit has reached the disk when it returns. NORMAL: it survives the death of the
        process, but a power failure may take the latest ones.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare_writer(connection, path, synchronous)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = _engine(connect)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        _begin(driver_of(connection))

    return engine


def _begin(driver: sqlite3.Connection) -> None:
    # A transaction that reads first and writes later could find that another has written in
    # between, and fail without waiting.
    driver.execute("BEGIN IMMEDIATE")


def driver_of(connection: sa.Connection) -> sqlite3.Connection:
    """Return the driver's connection under one of Core's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@contextmanager
def bare_transaction(connection: sa.Connection) -> Iterator[None]:
    """Begin and commit past Core, for what is written with every spectrum by a `PreparedInsert`."""
    driver = driver_of(connection)
    _begin(driver)
    try:
        yield
        driver.commit()
    except BaseException:
        driver.rollback()
        raise


def _prepare_writer(connection: sqlite3.Connection, path: Path, synchronous: str) -> None:
    # The page size counts only while the file is empty, and only before the log is switched on.
    connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise StoreError(
            f"{path}: SQLite cannot switch its write-ahead log on here (it says {mode!r});",
            "put the store on a local disk.",
        )
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    connection.execute("PRAGMA foreign_keys=ON")


class PreparedInsert:
    """An insert that Core compiles once, for the tables on whose pace everything waits.

    Core's own path looks every statement up and wraps every result again, which costs about as
    much processor time as SQLite's whole insert.

    Parameters
    ----------
    connection : Connection
    table : Table
    """

    def __init__(self, connection: sa.Connection, table: sa.Table) -> None:
        names = [column.name for column in table.columns if not column.primary_key]
        dialect = connection.dialect
        compiled = sa.insert(table).compile(dialect=dialect, column_keys=names)
        self._connection, self._driver = connection, driver_of(connection)
        self._text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        kinds = [table.c[name].type.dialect_impl(dialect) for name in self._names]
        self._converters = [kind.bind_processor(dialect) for kind in kinds]

    def __call__(self, row: Mapping[str, Any]) -> int:
        """Add a row inside a transaction that has begun, and return its id; errors are the driver's."""
        number = self._driver.execute(self._text, self.converted(row)).lastrowid
        assert number is not None
        return number

    def converted(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of a row as the driver takes them, so that no lock is held meanwhile."""
        pairs = zip(self._names, self._converters, strict=True)
        return tuple([convert(row[name]) if convert else row[name] for name, convert in pairs])

    def many(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add converted rows inside a transaction that has begun."""
        self._connection.exec_driver_sql(self._text, list(rows))


def checkpoint(connection: sa.Connection) -> None:
    """Copy the write-ahead log into the store, so that the file alone holds everything.

    SQLite does this by itself only if nobody else has the store open. What a reader or another
    run holds at this moment is left for the next time, without waiting for them.
    """
    driver_of(connection).execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def reader(path: Path) -> sa.Engine:
    """Return an engine that cannot write, and whose statements each see the store as it then is."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
        )

    return _engine(connect)


def _engine(connect: Any) -> sa.Engine:
    return sa.create_engine(
        "sqlite://",
        creator=connect,
        poolclass=sa.QueuePool,
        json_serializer=to_json,
        json_deserializer=from_json,
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors inside the block into `StoreError`, in an operator's words."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        raise _in_words(str(original), path) from error


_WORDS = {
    "not a database": ("is not a stripbench store", "give the path of a store."),
    "malformed": (
        "is damaged",
        "copy it with its -wal file to a safe place, then restore a backup or try sqlite3's .recover.",
    ),
    "disk is full": ("cannot grow, the disk is full", "free some space."),
    "locked": (
        f"has been locked by another program for {BUSY_TIMEOUT:g} s",
        "close what else has it open and try again.",
    ),
    "readonly": ("cannot be written", "check its permissions and those of its folder."),
    "unable to open": ("cannot be opened", "check the path and its permissions."),
    "disk I/O error": ("cannot be read or written, the disk reports an error", "check the disk."),
}


def _in_words(message: str, path: Path) -> StoreError:
    for key, (problem, remedy) in _WORDS.items():
        if key in message:
            kind = StoreLocked if key == "locked" else StoreError
            return kind(f"{path} {problem} ({message});", remedy)
    return StoreError(f"{path}: {message}.")
