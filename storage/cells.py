"""The registry of cells: what each is, what it was taken for before, its photos and its runs."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from core.cell import Cell
from core.clock import utc_now
from core.errors import BadInput, StoreError
from core.files import explain
from storage import photos, schema
from storage.access import Access
from storage.cell_records import CellEntry, CellPhoto, RegisteredCell
from storage.provenance import cell_from
from storage.run_log import insert

_ENTRY, _PHOTO, _RUN = schema.cell_entry, schema.cell_photo, schema.run


class CellRegistry(Access):
    """The part of a store that knows its cells by name. Entries are only ever added."""

    def register_cell(
        self, cell: Cell, *, remarks: str = "", retired: bool = False, author: str = "", new: bool = False
    ) -> int:
        """Add an entry for a cell, which is the valid one of its name from now on; return its id. Durable.

        `register_cells` says what the parameters are and what is refused.
        """
        return self.register_cells([cell], remarks=remarks, retired=retired, author=author, new=new)[0]

    def register_cells(
        self,
        cells: Sequence[Cell],
        *,
        remarks: str = "",
        retired: bool = False,
        author: str = "",
        new: bool = False,
    ) -> list[int]:
        """Add an entry for each of several cells, or for none of them; return the ids. Durable.

        Parameters
        ----------
        cells : sequence of Cell
        remarks : str
        retired : bool
            Whether they are not to be used any more.
        author : str
        new : bool
            Whether these cells must not be known yet.

        Raises
        ------
        BadInput
            If two of the cells have one name.
        StoreError
            If a cell is to be new and its name is registered already, or the runs done to a cell of
            that name say another anode or other areas.
        """
        for name, count in Counter(cell.name for cell in cells).items():
            if count > 1:
                raise BadInput(f"{count} of the cells are named {name!r};", "give each a name of its own.")
        row = {"remarks": remarks.strip(), "retired": retired, "author": author, "made_utc": utc_now()}
        # One transaction, so that of two who register a name at once the second is told.
        with self._durably() as connection:
            if new:
                for cell in cells:
                    _refuse_known(connection, cell)
            return [
                insert(connection, _ENTRY, row | {"name": cell.name, "cell": cell.model_dump(mode="json")})
                for cell in cells
            ]

    def cells(self, retired: bool | None = False) -> list[RegisteredCell]:
        """Return the registered cells by name.

        Parameters
        ----------
        retired : bool or None
            False for those in use, True for those that are retired, None for all.
        """
        latest = sa.select(sa.func.max(_ENTRY.c.id)).group_by(_ENTRY.c.name)
        query = sa.select(_ENTRY).where(_ENTRY.c.id.in_(latest)).order_by(_ENTRY.c.name)
        if retired is not None:
            query = query.where(_ENTRY.c.retired.is_(retired))
        with self._reading() as connection:
            entries, shown = _counts(connection, _ENTRY.c.name), _counts(connection, _PHOTO.c.name)
            done = _runs(connection)
            found = connection.execute(query).all()
        none = (0, None, "")
        return [
            RegisteredCell(
                *(row.name, _cell(row), row.remarks, row.retired, row.author, row.made_utc),
                # An entry may have been added since they were counted.
                *(entries.get(row.name, 1), shown.get(row.name, 0), *done.get(row.name, none)),
            )
            for row in found
        ]

    def unregistered_cells(self) -> dict[str, Cell]:
        """Return the names that runs have and the registry has not, each with the cell of its newest run."""
        newest = sa.select(sa.func.max(_RUN.c.id)).group_by(_RUN.c.cell_name)
        query = sa.select(_RUN.c.cell_name, _RUN.c.cell).where(
            _RUN.c.id.in_(newest), _RUN.c.cell_name.not_in(sa.select(_ENTRY.c.name))
        )
        with self._reading() as connection:
            found = connection.execute(query.order_by(_RUN.c.cell_name)).all()
        return {row.cell_name: cell_from(row.cell) for row in found}

    def cell_entries(self, name: str) -> list[CellEntry]:
        """Return what was written down of a cell, oldest first; nothing if it is not registered."""
        query = sa.select(_ENTRY).where(_ENTRY.c.name == name).order_by(_ENTRY.c.id)
        with self._reading() as connection:
            found = connection.execute(query).all()
        return [CellEntry(**dict(row._mapping) | {"cell": _cell(row)}) for row in found]

    def names_taken(self, names: Iterable[str]) -> set[str]:
        """Return which of these names the registry or the runs have, those in the bin included."""
        with self._reading() as connection:
            return _names(connection) & set(names)

    def add_photo(self, name: str, data: bytes, caption: str = "", author: str = "") -> int:
        """Keep a photo of a cell; return its id. Durable.

        Parameters
        ----------
        name : str
            Of a cell that is registered, or that a run was done to.
        data : bytes
            A PNG or JPEG file of at most 8 MiB.
        caption, author : str

        Raises
        ------
        BadInput
            If the data are neither, or too large.
        StoreError
            If there is no such cell.
        """
        kind = photos.media_type_of(data)
        row: dict[str, Any] = {"name": name, "media_type": kind, "caption": caption.strip(), "author": author}
        row |= {"made_utc": utc_now(), "data": data, "checksum": photos.checksum(kind, data)}
        with self._durably() as connection:
            if name not in _names(connection):
                raise StoreError(f"{self.path} has no cell {name!r};", "register it first.")
            return insert(connection, _PHOTO, row)

    def photos(self, name: str) -> list[CellPhoto]:
        """Return what photos there are of a cell, oldest first, without the pictures."""
        columns = [_PHOTO.c[each] for each in ("id", "name", "media_type", "caption", "author", "made_utc")]
        query = sa.select(*columns, sa.func.length(_PHOTO.c.data).label("size"))
        with self._reading() as connection:
            found = connection.execute(query.where(_PHOTO.c.name == name).order_by(_PHOTO.c.id)).all()
        return [CellPhoto(**row._mapping) for row in found]

    def photo(self, photo: int) -> bytes:
        """Return the picture; raise a `StoreError` if there is none with this id, or it is damaged."""
        query = sa.select(_PHOTO.c.media_type, _PHOTO.c.data, _PHOTO.c.checksum).where(_PHOTO.c.id == photo)
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise StoreError(f"{self.path} has no photo {photo}.")
        photos.require_whole(photo, *row)
        return bytes(row.data)

    def _damaged_photos(self) -> list[str]:
        """Return what is wrong with the photos, in words."""
        wrong = []
        with self._reading() as connection:
            numbers = connection.execute(sa.select(_PHOTO.c.id).order_by(_PHOTO.c.id)).scalars().all()
        for number in numbers:
            try:
                self.photo(number)
            except StoreError as error:
                wrong.append(error.problem)
        return wrong


def _cell(row: Any) -> Cell:
    try:
        return Cell.model_validate(row.cell)
    except ValidationError as error:
        problem = explain(error, f"entry {row.id} of the registry, {row.name!r}").problem
        raise StoreError(
            problem, "It may have been written by a newer stripbench; update this one."
        ) from None


def _counts(connection: sa.Connection, name: sa.ColumnElement[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(sa.select(name, sa.func.count()).group_by(name))}


def _names(connection: sa.Connection) -> set[str]:
    query = sa.union(sa.select(_ENTRY.c.name), sa.select(_RUN.c.cell_name))
    return set(connection.execute(query).scalars())


def _runs(connection: sa.Connection) -> dict[str, tuple[int, int, str]]:
    """Return count, newest and its ending of the runs done to each cell."""
    each = sa.select(sa.func.count().label("count"), sa.func.max(_RUN.c.id).label("newest"))
    done = each.group_by(_RUN.c.cell_name).subquery()
    query = sa.select(_RUN.c.cell_name, done.c.count, done.c.newest, _RUN.c.ended)
    found = connection.execute(query.join(done, done.c.newest == _RUN.c.id))
    return {row[0]: (row[1], row[2], row[3]) for row in found}


def _refuse_known(connection: sa.Connection, cell: Cell) -> None:
    """Refuse a name that is not free for a new cell."""
    if connection.execute(sa.select(_ENTRY.c.id).where(_ENTRY.c.name == cell.name)).first() is not None:
        raise StoreError(
            f"a cell named {cell.name!r} is registered already;",
            "choose another name, or add to its entry.",
        )
    query = sa.select(_RUN.c.id, _RUN.c.cell).where(_RUN.c.cell_name == cell.name).order_by(_RUN.c.id.desc())
    for run, values in connection.execute(query):
        if differing := _differences(cell, cell_from(values)):
            raise StoreError(
                f"run {run} was done to a cell named {cell.name!r} with {differing};",
                "choose another name, or mend what differs.",
            )


def _differences(cell: Cell, other: Cell) -> str:
    """Say in which of the properties that every number rests on `other` is not `cell`."""
    found = [] if other.anode == cell.anode else [f"anode {other.anode} instead of {cell.anode}"]
    for name, theirs, ours in (
        ("an electrode", other.area, cell.area),
        ("a pellet", other.pellet_area, cell.pellet_area),
    ):
        if not math.isclose(theirs, ours, rel_tol=1e-9):
            found.append(f"{name} of {theirs * 1e4:.4g} cm² instead of {ours * 1e4:.4g} cm²")
    return " and ".join(found)
