"""What people say of runs, the bin, and the registry of cells with their photos."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; no run has annotations yet, and no cell is registered."""
    _annotation()
    _cell_entry()
    _cell_photo()
    op.create_index("ix_run_cell_name_id", "run", ["cell_name", "id"])


def downgrade() -> None:
    """Refuse: what people wrote down is never dropped."""
    raise NotImplementedError("annotations and the registry of cells are kept")


def _annotation() -> None:
    op.create_table(
        "annotation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Integer, nullable=True),
        sa.Column("time", sa.Double, nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("made_utc", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_annotation_run_run"),
        sa.ForeignKeyConstraint(["about"], ["event.id"], name="fk_annotation_about_event"),
        sa.PrimaryKeyConstraint("id", name="pk_annotation"),
    )
    op.create_index("ix_annotation_run_id", "annotation", ["run", "id"])


def _cell_entry() -> None:
    op.create_table(
        "cell_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cell", sa.JSON, nullable=False),
        sa.Column("remarks", sa.Text, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("made_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cell_entry"),
    )
    op.create_index("ix_cell_entry_name_id", "cell_entry", ["name", "id"])


def _cell_photo() -> None:
    op.create_table(
        "cell_photo",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("caption", sa.Text, nullable=False),
        sa.Column("checksum", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("made_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cell_photo"),
    )
    op.create_index("ix_cell_photo_name_id", "cell_photo", ["name", "id"])
