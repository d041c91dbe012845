"""The first schema.

It stands on its own: the tables of `storage.schema` move on, this page does not.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _run()
    _command()
    _instrument()
    _step()
    _decision()
    _event()
    _reading()
    _request()
    _spectrum()
    _fit()
    _truth()
    _decision_fit()


def downgrade() -> None:
    """Refuse: what has been measured is never dropped."""
    raise NotImplementedError("the first schema has none before it")


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("cell_name", sa.Text, nullable=False),
        sa.Column("cell", sa.JSON, nullable=False),
        sa.Column("cell_given", sa.JSON, nullable=False),
        sa.Column("bench", sa.Text, nullable=False),
        sa.Column("channel", sa.Integer, nullable=False),
        sa.Column("bench_text", sa.Text, nullable=False),
        sa.Column("experiment_text", sa.Text, nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=True),
        sa.Column("log_path", sa.Text, nullable=False),
        sa.Column("started_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("process_started", sa.Text, nullable=False),
        sa.Column("hostname", sa.Text, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.Column("ended_utc", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bench_time", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("argument", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("issued_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picked_up_utc", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.Column("outcome_utc", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_command_run_run"),
        sa.PrimaryKeyConstraint("id", name="pk_command"),
    )
    op.create_index("ix_command_run_picked_up_utc", "command", ["run", "picked_up_utc"])


def _instrument() -> None:
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("firmware", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("health", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("health_utc", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("run", "role", name="uq_instrument_run_role"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_instrument_run_run"),
        sa.PrimaryKeyConstraint("id", name="pk_instrument"),
    )


def _step() -> None:
    op.create_table(
        "step",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("started", sa.Double, nullable=False),
        sa.Column("ended", sa.Double, nullable=True),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.UniqueConstraint("run", "key", name="uq_step_run_key"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_step_run_run"),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("changes_bench", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_decision_run_run"),
        sa.ForeignKeyConstraint(["step"], ["step.id"], name="fk_decision_step_step"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_run_id", "decision", ["run", "id"])


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_event_run_run"),
        sa.ForeignKeyConstraint(["step"], ["step.id"], name="fk_event_step_step"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_run_id", "event", ["run", "id"])


def _reading() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=True),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("quantity", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("time", sa.LargeBinary, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_reading_run_run"),
        sa.ForeignKeyConstraint(["step"], ["step.id"], name="fk_reading_step_step"),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
    )
    op.create_index("ix_reading_run_quantity_id", "reading", ["run", "quantity", "id"])


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=True),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("asked_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text, nullable=True),
        sa.Column("author", sa.Text, nullable=True),
        sa.Column("answered_utc", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_request_run_run"),
        sa.ForeignKeyConstraint(["step"], ["step.id"], name="fk_request_step_step"),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
    )
    op.create_index("ix_request_run_answered_utc", "request", ["run", "answered_utc"])


def _spectrum() -> None:
    op.create_table(
        "spectrum",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("channel", sa.Integer, nullable=False),
        sa.Column("technique", sa.Text, nullable=False),
        sa.Column("amplitude", sa.Double, nullable=False),
        sa.Column("pass_number", sa.Integer, nullable=False),
        sa.Column("mid_time", sa.Double, nullable=True),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("checksum", sa.BigInteger, nullable=False),
        sa.Column("frequency", sa.LargeBinary, nullable=False),
        sa.Column("z_re", sa.LargeBinary, nullable=False),
        sa.Column("z_im", sa.LargeBinary, nullable=False),
        sa.Column("time", sa.LargeBinary, nullable=False),
        sa.Column("voltage", sa.LargeBinary, nullable=False),
        sa.Column("current", sa.LargeBinary, nullable=False),
        sa.Column("voltage_amplitude", sa.LargeBinary, nullable=False),
        sa.Column("current_amplitude", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_spectrum_run_run"),
        sa.ForeignKeyConstraint(["step"], ["step.id"], name="fk_spectrum_step_step"),
        sa.PrimaryKeyConstraint("id", name="pk_spectrum"),
    )
    op.create_index("ix_spectrum_run_id", "spectrum", ["run", "id"])


def _fit() -> None:
    op.create_table(
        "fit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("spectrum", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("free", sa.JSON, nullable=False),
        sa.Column("covariance", sa.LargeBinary, nullable=False),
        sa.Column("mask", sa.LargeBinary, nullable=False),
        sa.Column("weights", sa.Text, nullable=False),
        sa.Column("rms_residual", sa.Double, nullable=True),
        sa.Column("kk_passed", sa.Boolean, nullable=False),
        sa.Column("kk_signed_mean", sa.Double, nullable=True),
        sa.Column("kk_dropped_below", sa.Double, nullable=True),
        sa.Column("kk_reason", sa.Text, nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("made_utc", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("spectrum", "model", "version", name="uq_fit_spectrum_model_version"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_fit_run_run"),
        sa.ForeignKeyConstraint(["spectrum"], ["spectrum.id"], name="fk_fit_spectrum_spectrum"),
        sa.PrimaryKeyConstraint("id", name="pk_fit"),
    )
    op.create_index("ix_fit_run_id", "fit", ["run", "id"])


def _truth() -> None:
    op.create_table(
        "truth",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("spectrum", sa.Integer, nullable=True),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_truth_run_run"),
        sa.ForeignKeyConstraint(["spectrum"], ["spectrum.id"], name="fk_truth_spectrum_spectrum"),
        sa.PrimaryKeyConstraint("id", name="pk_truth"),
    )
    op.create_index("ix_truth_run_id", "truth", ["run", "id"])


def _decision_fit() -> None:
    op.create_table(
        "decision_fit",
        sa.Column("decision", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("fit", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name="fk_decision_fit_decision_decision"),
        sa.ForeignKeyConstraint(["fit"], ["fit.id"], name="fk_decision_fit_fit_fit"),
        sa.PrimaryKeyConstraint("decision", "position", name="pk_decision_fit"),
    )
    # ### end Alembic commands ###
