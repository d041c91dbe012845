"""The tables of a store, in types that every SQL database has.

Rows are only ever added. The exceptions are the few columns that say how something went on: the
state and heartbeat of a run or a campaign, a step's end, an instrument's health, the end of a refit,
what became of a command or a request. `id` grows with the order of writing, and every reader polls
by "greater than the last one I saw".

Times called `…_utc` are dates; `time` is bench seconds. A NaN cannot be kept in a number column
of every database, so columns whose number may be unknown are nullable and NULL reads as NaN.
"""

import sqlalchemy as sa

from storage.columns import array, flag, integer, json, key, metadata, number, ref, text, utc

SCHEMA_VERSION = "0004"
"""The newest revision in `storage/migrations/versions`, which the tables below describe."""

KNOWN_VERSIONS = ("0001", "0002", "0003", "0004")
"""Every revision this program can read or upgrade, oldest first."""

campaign = sa.Table(
    "campaign",
    metadata,
    key(),
    text("name"),
    text("title"),
    text("text"),
    text("bench"),
    text("bench_text"),
    flag("simulated"),
    text("purpose"),
    json("plan"),
    utc("started_utc"),
    integer("pid"),
    text("process_started"),
    text("hostname"),
    text("boot"),
    text("state"),
    text("end_reason"),
    utc("ended_utc", nullable=True),
    utc("heartbeat_utc"),
)
"""A file, or a script, that is worked through; each protocol step of it is a run. The process is the
one that decides what comes next; a run may be another's."""

run = sa.Table(
    "run",
    metadata,
    key(),
    text("protocol"),
    json("parameters"),
    text("cell_name"),
    json("cell"),
    json("cell_given"),
    text("bench"),
    integer("channel"),
    text("bench_text"),
    text("experiment_text"),
    json("versions"),
    flag("simulated"),
    sa.Column("seed", sa.BigInteger),
    text("log_path"),
    utc("started_utc"),
    integer("pid"),
    text("process_started"),
    text("hostname"),
    text("boot"),
    text("state"),
    text("end_reason"),
    utc("ended_utc", nullable=True),
    utc("heartbeat_utc"),
    number("bench_time"),
    ref("campaign", nullable=True),
    sa.Column("path", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("ended", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("bench_origin", sa.Double, nullable=False, server_default=sa.text("0.0")),
    # Serves "the runs of this campaign".
    sa.Index(None, "campaign", "id"),
    # Serves "the runs done to this cell", and lists the cells that runs were done to.
    sa.Index(None, "cell_name", "id"),
)

step = sa.Table(
    "step",
    metadata,
    key(),
    ref("run"),
    text("key"),
    text("protocol"),
    text("verb"),
    json("parameters"),
    number("started"),
    number("ended", nullable=True),
    sa.Column("outcome", sa.Text),
    # Also finds the steps of a run, and the one a resumed run asks for.
    sa.UniqueConstraint("run", "key"),
)

spectrum = sa.Table(
    "spectrum",
    metadata,
    key(),
    ref("run"),
    ref("step"),
    integer("channel"),
    text("technique"),
    number("amplitude"),
    integer("pass_number"),
    number("mid_time", nullable=True),
    integer("points"),
    # CRC-32 is unsigned, which does not fit PostgreSQL's four-byte integer.
    sa.Column("checksum", sa.BigInteger, nullable=False),
    array("frequency"),
    array("z_re"),
    array("z_im"),
    array("time"),
    array("voltage"),
    array("current"),
    array("voltage_amplitude"),
    array("current_amplitude"),
    # Serves "the spectra of this run after that one" and the count in the listing of runs.
    sa.Index(None, "run", "id"),
)

reading = sa.Table(
    "reading",
    metadata,
    key(),
    ref("run"),
    ref("step", nullable=True),
    text("instrument"),
    text("quantity"),
    integer("count"),
    array("time"),
    array("value"),
    # Serves "this quantity of this run after that block".
    sa.Index(None, "run", "quantity", "id"),
)
"""A row holds a block of consecutive readings of one quantity, as two float64 arrays: a night of
readings is read back at the speed of the disk, and takes a third of the room of single rows."""

fit = sa.Table(
    "fit",
    metadata,
    key(),
    ref("run"),
    ref("spectrum"),
    text("model"),
    integer("version"),
    number("time"),
    json("parameters"),
    json("free"),
    array("covariance"),
    array("mask"),
    text("weights"),
    number("rms_residual", nullable=True),
    flag("kk_passed"),
    number("kk_signed_mean", nullable=True),
    number("kk_dropped_below", nullable=True),
    text("kk_reason"),
    json("flags"),
    utc("made_utc"),
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
    key(),
    ref("run"),
    text("model"),
    integer("version"),
    json("how"),
    utc("begun_utc"),
    utc("finished_utc", nullable=True),
    # Keeps two refits at once from taking the same version, and finds the refits of a run.
    sa.UniqueConstraint("run", "model", "version"),
)
"""One fitting anew of a whole run. Its fits are hidden until `finished_utc` says they are all there."""

decision = sa.Table(
    "decision",
    metadata,
    key(),
    ref("run"),
    ref("step"),
    text("rule"),
    text("outcome"),
    number("time"),
    json("parameters"),
    flag("changes_bench"),
    # Serves "the decisions of this run after that one".
    sa.Index(None, "run", "id"),
)

decision_fit = sa.Table(
    "decision_fit",
    metadata,
    sa.Column("decision", sa.Integer, sa.ForeignKey("decision.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    ref("fit"),
)
"""The fits a decision was made from, in the order the rule looked at them."""

event = sa.Table(
    "event",
    metadata,
    key(),
    ref("run"),
    ref("step", nullable=True),
    text("kind"),
    text("severity"),
    text("message"),
    number("time"),
    json("data"),
    # Serves "the events of this run after that one".
    sa.Index(None, "run", "id"),
)

request = sa.Table(
    "request",
    metadata,
    key(),
    ref("run"),
    ref("step", nullable=True),
    number("time"),
    text("question"),
    json("options"),
    utc("asked_utc"),
    sa.Column("answer", sa.Text),
    sa.Column("author", sa.Text),
    utc("answered_utc", nullable=True),
    sa.Column("details", sa.JSON, nullable=False, server_default=sa.text("'{}'")),
    number("answered", nullable=True),
    # Serves "what this run is asking for".
    sa.Index(None, "run", "answered_utc"),
)
"""What a run asks of the person at the bench."""

command = sa.Table(
    "command",
    metadata,
    key(),
    ref("run"),
    text("verb"),
    text("argument"),
    text("author"),
    utc("issued_utc"),
    utc("picked_up_utc", nullable=True),
    sa.Column("outcome", sa.Text),
    utc("outcome_utc", nullable=True),
    # Serves the runner's look-up of what is waiting, four times a second.
    sa.Index(None, "run", "picked_up_utc"),
)

instrument = sa.Table(
    "instrument",
    metadata,
    key(),
    ref("run"),
    text("role"),
    text("model"),
    text("serial"),
    text("firmware"),
    json("details"),
    text("health"),
    text("message"),
    utc("health_utc"),
    # Also finds the instruments of a run.
    sa.UniqueConstraint("run", "role"),
)

truth = sa.Table(
    "truth",
    metadata,
    key(),
    ref("run"),
    ref("spectrum", nullable=True),
    number("time"),
    json("values"),
    # Serves the comparison of a finished run with its truth.
    sa.Index(None, "run", "id"),
)
"""What the simulated cell really was. Nothing that measures, fits or decides may read it."""

annotation = sa.Table(
    "annotation",
    metadata,
    key(),
    ref("run"),
    text("kind"),
    sa.Column("about", sa.Integer, sa.ForeignKey("event.id")),
    number("time", nullable=True),
    text("text"),
    text("author"),
    utc("made_utc"),
    # Serves "the annotations of this run after that one", and whether it lies in the bin.
    sa.Index(None, "run", "id"),
)
"""What people say of a run, while it goes on or years later. `time` is where it is pinned, if it is."""

cell_entry = sa.Table(
    "cell_entry",
    metadata,
    key(),
    text("name"),
    json("cell"),
    text("remarks"),
    flag("retired"),
    text("author"),
    utc("made_utc"),
    # Finds the latest entry of a name, and those before it.
    sa.Index(None, "name", "id"),
)
"""The registry of cells. The latest entry of a name is valid; those before it are its history."""

cell_photo = sa.Table(
    "cell_photo",
    metadata,
    key(),
    text("name"),
    text("media_type"),
    text("caption"),
    # CRC-32 is unsigned, which does not fit PostgreSQL's four-byte integer.
    sa.Column("checksum", sa.BigInteger, nullable=False),
    text("author"),
    utc("made_utc"),
    # Last, because SQLite reads through a photo to reach what stands after it.
    array("data"),
    # Serves "the photos of this cell".
    sa.Index(None, "name", "id"),
)
