"""Campaigns and the runs they are made of, and what exactly was asked of the person at the bench."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the campaigns; every run there is belongs to none."""
    _campaign()
    # Written out, because SQLite takes a foreign key with a new column only inside its definition;
    # the alternative, copying the table, would rewrite what has been kept.
    op.execute(
        "ALTER TABLE run ADD COLUMN campaign INTEGER "
        "CONSTRAINT fk_run_campaign_campaign REFERENCES campaign (id)"
    )
    op.add_column("run", sa.Column("path", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("run", sa.Column("ended", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("run", sa.Column("bench_origin", sa.Double, nullable=False, server_default=sa.text("0.0")))
    op.create_index("ix_run_campaign_id", "run", ["campaign", "id"])
    op.add_column("request", sa.Column("details", sa.JSON, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("request", sa.Column("answered", sa.Double, nullable=True))


def downgrade() -> None:
    """Refuse: which campaign a run belongs to is never dropped."""
    raise NotImplementedError("campaigns are kept")


def _campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("bench", sa.Text, nullable=False),
        sa.Column("bench_text", sa.Text, nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("started_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("process_started", sa.Text, nullable=False),
        sa.Column("hostname", sa.Text, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.Column("ended_utc", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
    )
