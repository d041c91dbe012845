"""What the tables of a store are made of: kinds of columns that every SQL database has, and naming."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """A date and time that is UTC on the way in and on the way out, whatever the database keeps."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime to UTC; databases without time zones get it bare."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> sa.Column[int]:
    """Return the column of ids, which grow with the order of writing."""
    # Not AUTOINCREMENT: nothing is ever deleted, so the next id is the highest plus one anyway,
    # and SQLite's counter table would cost every commit another page.
    return sa.Column("id", sa.Integer, primary_key=True)


def ref(table: str, nullable: bool = False) -> sa.Column[int]:
    """Return a column named after the table whose ids it holds."""
    return sa.Column(table, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def text(name: str) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.Text, nullable=False)


def number(name: str, nullable: bool = False) -> sa.Column[float]:
    """Return a column of float64; NULL stands for a number that is not known."""
    return sa.Column(name, sa.Double, nullable=nullable)


def integer(name: str, nullable: bool = False) -> sa.Column[int]:
    """Return a column of integers."""
    return sa.Column(name, sa.Integer, nullable=nullable)


def flag(name: str) -> sa.Column[bool]:
    """Return a column of true or false."""
    return sa.Column(name, sa.Boolean, nullable=False)


def json(name: str) -> sa.Column[Any]:
    """Return a column of JSON."""
    return sa.Column(name, sa.JSON, nullable=False)


def utc(name: str, nullable: bool = False) -> sa.Column[datetime]:
    """Return a column of dates in UTC."""
    return sa.Column(name, Utc, nullable=nullable)


def array(name: str) -> sa.Column[bytes]:
    """Return a column of bytes."""
    return sa.Column(name, sa.LargeBinary, nullable=False)
