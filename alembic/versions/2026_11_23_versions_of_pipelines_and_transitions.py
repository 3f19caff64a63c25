"""versions of pipelines and transitions"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "04cb54cf634b"
down_revision = "22359fd5601c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pipeline_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan", db.Json, nullable=False),
        sa.Column("restored", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("pipeline_version", schema=None) as batch_op:
        batch_op.create_index("ix_pipeline_version_number", ["pipeline_id", "number"], unique=True)

    with op.batch_alter_table("pipeline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("transitions", db.Json, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaving_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deleted_at", db.Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_column("deleted_at")
        batch_op.drop_column("leaving_to_id")

    with op.batch_alter_table("pipeline", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("transitions")

    with op.batch_alter_table("pipeline_version", schema=None) as batch_op:
        batch_op.drop_index("ix_pipeline_version_number")

    op.drop_table("pipeline_version")
