"""approval of deals"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "dabbe3f88946"
down_revision = "b7c04f5e21d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deal_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("from_stage_id", sa.Integer(), nullable=False),
        sa.Column("to_stage_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("rules", db.Json, nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("open_key", sa.String(), nullable=True),
        sa.Column("outcome", db.Json, nullable=False),
        sa.Column("asked_at", db.Moment(), nullable=False),
        sa.Column("ended_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_key"),
    )
    with op.batch_alter_table("deal_approval", schema=None) as batch_op:
        batch_op.create_index("ix_deal_approval_deal", ["deal_id", "state"], unique=False)
        batch_op.create_index("ix_deal_approval_pipeline", ["pipeline_id", "state"], unique=False)

    op.create_table(
        "deal_approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", db.Moment(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.Moment(), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["deal_approval.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("deal_approval_step", schema=None) as batch_op:
        batch_op.create_index("ix_deal_approval_step_approval", ["approval_id", "round", "place"], unique=False)

    op.create_table(
        "deal_approval_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("asked_at", db.Moment(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("token_expires_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["approval_id"], ["deal_approval.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["step_id"], ["deal_approval_step.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("deal_approval_ask", schema=None) as batch_op:
        batch_op.create_index("ix_deal_approval_ask_approval", ["approval_id", "is_open"], unique=False)
        batch_op.create_index("ix_deal_approval_ask_employee", ["employee_id", "is_open"], unique=False)

    with op.batch_alter_table("pipeline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approvals", db.Json, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("pipeline", schema=None) as batch_op:
        batch_op.drop_column("approvals")

    with op.batch_alter_table("deal_approval_ask", schema=None) as batch_op:
        batch_op.drop_index("ix_deal_approval_ask_employee")
        batch_op.drop_index("ix_deal_approval_ask_approval")

    op.drop_table("deal_approval_ask")
    with op.batch_alter_table("deal_approval_step", schema=None) as batch_op:
        batch_op.drop_index("ix_deal_approval_step_approval")

    op.drop_table("deal_approval_step")
    with op.batch_alter_table("deal_approval", schema=None) as batch_op:
        batch_op.drop_index("ix_deal_approval_pipeline")
        batch_op.drop_index("ix_deal_approval_deal")

    op.drop_table("deal_approval")
