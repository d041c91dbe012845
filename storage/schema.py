"""The tables of a store, in types that every SQL database has.

Rows are only ever added. The exceptions are the few columns that say how something went on: the
state and heartbeat of a run or a campaign, a step's end, an instrument's health, the end of a refit,
what became of a command or a request. `id` grows with the order of writing, and every reader polls
by "greater than the last one I saw".

Times called `…_utc` are dates; `time` is bench seconds. A NaN cannot be kept in a number column
of every database, so columns whose number may be unknown are nullable and NULL reads as NaN.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = "0003"
"""The newest revision in `storage/migrations/versions`, which the tables below describe."""

KNOWN_VERSIONS = ("0001", "0002", "0003")
"""Every revision this program can read or upgrade, oldest first."""


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


def _id() -> sa.Column[int]:
    # Not AUTOINCREMENT: nothing is ever deleted, so the next id is the highest plus one anyway,
    # and SQLite's counter table would cost every commit another page.
    return sa.Column("id", sa.Integer, primary_key=True)


def _ref(table: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(table, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable)


def _integer(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _utc(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Utc, nullable=nullable)


def _array(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


campaign = sa.Table(
    "campaign",
    metadata,
    _id(),
    _text("name"),
    _text("title"),
    _text("text"),
    _text("bench"),
    _text("bench_text"),
    _flag("simulated"),
    _text("purpose"),
    _json("plan"),
    _utc("started_utc"),
    _integer("pid"),
    _text("process_started"),
    _text("hostname"),
    _text("boot"),
    _text("state"),
    _text("end_reason"),
    _utc("ended_utc", nullable=True),
    _utc("heartbeat_utc"),
)
"""A file, or a script, that is worked through; each protocol step of it is a run. The process is the
one that decides what comes next; a run may be another's."""

run = sa.Table(
    "run",
    metadata,
    _id(),
    _text("protocol"),
    _json("parameters"),
    _text("cell_name"),
    _json("cell"),
    _json("cell_given"),
    _text("bench"),
    _integer("channel"),
    _text("bench_text"),
    _text("experiment_text"),
    _json("versions"),
    _flag("simulated"),
    sa.Column("seed", sa.BigInteger),
    _text("log_path"),
    _utc("started_utc"),
    _integer("pid"),
    _text("process_started"),
    _text("hostname"),
    _text("boot"),
    _text("state"),
    _text("end_reason"),
    _utc("ended_utc", nullable=True),
    _utc("heartbeat_utc"),
    _number("bench_time"),
    _ref("campaign", nullable=True),
    sa.Column("path", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("ended", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("bench_origin", sa.Double, nullable=False, server_default=sa.text("0.0")),
    # Serves "the runs of this campaign".
    sa.Index(None, "campaign", "id"),
)

step = sa.Table(
    "step",
    metadata,
    _id(),
    _ref("run"),
    _text("key"),
    _text("protocol"),
    _text("verb"),
    _json("parameters"),
    _number("started"),
    _number("ended", nullable=True),
    sa.Column("outcome", sa.Text),
    # Also finds the steps of a run, and the one a resumed run asks for.
    sa.UniqueConstraint("run", "key"),
)

spectrum = sa.Table(
    "spectrum",
    metadata,
    _id(),
    _ref("run"),
    _ref("step"),
    _integer("channel"),
    _text("technique"),
    _number("amplitude"),
    _integer("pass_number"),
    _number("mid_time", nullable=True),
    _integer("points"),
    # CRC-32 is unsigned, which does not fit PostgreSQL's four-byte integer.
    sa.Column("checksum", sa.BigInteger, nullable=False),
    _array("frequency"),
    _array("z_re"),
    _array("z_im"),
    _array("time"),
    _array("voltage"),
    _array("current"),
    _array("voltage_amplitude"),
    _array("current_amplitude"),
    # Serves "the spectra of this run after that one" and the count in the listing of runs.
    sa.Index(None, "run", "id"),
)

reading = sa.Table(
    "reading",
    metadata,
    _id(),
    _ref("run"),
    _ref("step", nullable=True),
    _text("instrument"),
    _text("quantity"),
    _integer("count"),
    _array("time"),
    _array("value"),
    # Serves "this quantity of this run after that block".
    sa.Index(None, "run", "quantity", "id"),
)
"""A row holds a block of consecutive readings of one quantity, as two float64 arrays: a night of
readings is read back at the speed of the disk, and takes a third of the room of single rows."""

fit = sa.Table(
    "fit",
    metadata,
    _id(),
    _ref("run"),
    _ref("spectrum"),
    _text("model"),
    _integer("version"),
    _number("time"),
    _json("parameters"),
    _json("free"),
    _array("covariance"),
    _array("mask"),
    _text("weights"),
    _number("rms_residual", nullable=True),
    _flag("kk_passed"),
    _number("kk_signed_mean", nullable=True),
    _number("kk_dropped_below", nullable=True),
    _text("kk_reason"),
    _json("flags"),
    _utc("made_utc"),
    sa.Column("smoothed", sa.JSON, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("smoothing", sa.Text, nullable=False, server_default=sa.text("''")),
    # Also finds the latest version of a model for a spectrum.
    sa.UniqueConstraint("spectrum", "model", "version"),
    # Serves "the fits of this run after that one".
    sa.Index(None, "run", "id"),
)

refit = sa.Table(
    "refit",
    metadata,
    _id(),
    _ref("run"),
    _text("model"),
    _integer("version"),
    _json("how"),
    _utc("begun_utc"),
    _utc("finished_utc", nullable=True),
    # Keeps two refits at once from taking the same version, and finds the refits of a run.
    sa.UniqueConstraint("run", "model", "version"),
)
"""One fitting anew of a whole run. Its fits are hidden until `finished_utc` says they are all there."""

decision = sa.Table(
    "decision",
    metadata,
    _id(),
    _ref("run"),
    _ref("step"),
    _text("rule"),
    _text("outcome"),
    _number("time"),
    _json("parameters"),
    _flag("changes_bench"),
    # Serves "the decisions of this run after that one".
    sa.Index(None, "run", "id"),
)

decision_fit = sa.Table(
    "decision_fit",
    metadata,
    sa.Column("decision", sa.Integer, sa.ForeignKey("decision.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    _ref("fit"),
)
"""The fits a decision was made from, in the order the rule looked at them."""

event = sa.Table(
    "event",
    metadata,
    _id(),
    _ref("run"),
    _ref("step", nullable=True),
    _text("kind"),
    _text("severity"),
    _text("message"),
    _number("time"),
    _json("data"),
    # Serves "the events of this run after that one".
    sa.Index(None, "run", "id"),
)

request = sa.Table(
    "request",
    metadata,
    _id(),
    _ref("run"),
    _ref("step", nullable=True),
    _number("time"),
    _text("question"),
    _json("options"),
    _utc("asked_utc"),
    sa.Column("answer", sa.Text),
    sa.Column("author", sa.Text),
    _utc("answered_utc", nullable=True),
    sa.Column("details", sa.JSON, nullable=False, server_default=sa.text("'{}'")),
    _number("answered", nullable=True),
    # Serves "what this run is asking for".
    sa.Index(None, "run", "answered_utc"),
)
"""What a run asks of the person at the bench."""

command = sa.Table(
    "command",
    metadata,
    _id(),
    _ref("run"),
    _text("verb"),
    _text("argument"),
    _text("author"),
    _utc("issued_utc"),
    _utc("picked_up_utc", nullable=True),
    sa.Column("outcome", sa.Text),
    _utc("outcome_utc", nullable=True),
    # Serves the runner's look-up of what is waiting, four times a second.
    sa.Index(None, "run", "picked_up_utc"),
)

instrument = sa.Table(
    "instrument",
    metadata,
    _id(),
    _ref("run"),
    _text("role"),
    _text("model"),
    _text("serial"),
    _text("firmware"),
    _json("details"),
    _text("health"),
    _text("message"),
    _utc("health_utc"),
    # Also finds the instruments of a run.
    sa.UniqueConstraint("run", "role"),
)

truth = sa.Table(
    "truth",
    metadata,
    _id(),
    _ref("run"),
    _ref("spectrum", nullable=True),
    _number("time"),
    _json("values"),
    # Serves the comparison of a finished run with its truth.
    sa.Index(None, "run", "id"),
)
"""What the simulated cell really was. Nothing that measures, fits or decides may read it."""
