"""What a fit is together with its neighbours, and the fitting anew of whole runs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the smoothed parameters beside the raw ones; nothing was smoothed before."""
    op.add_column("fit", sa.Column("smoothed", sa.JSON, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("fit", sa.Column("smoothing", sa.Text, nullable=False, server_default=sa.text("''")))
    op.create_table(
        "refit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("how", sa.JSON, nullable=False),
        sa.Column("begun_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_utc", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("run", "model", "version", name="uq_refit_run_model_version"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_refit_run_run"),
        sa.PrimaryKeyConstraint("id", name="pk_refit"),
    )


def downgrade() -> None:
    """Refuse: fits are never dropped."""
    raise NotImplementedError("fits and what was smoothed are kept")
