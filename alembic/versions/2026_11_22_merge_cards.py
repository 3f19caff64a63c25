"""merge cards"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "37f8efe0219c"
down_revision = "08242c42d36d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("absorbed_id", sa.Integer(), nullable=False),
        sa.Column("absorbed_name", sa.String(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", db.Moment(), nullable=False),
        sa.Column("until", db.Moment(), nullable=False),
        sa.Column("split_at", db.Moment(), nullable=True),
        sa.Column("snapshot", db.Json, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("card_merge", schema=None) as batch_op:
        batch_op.create_index("ix_card_merge_absorbed", ["card", "absorbed_id"], unique=False)
        batch_op.create_index("ix_card_merge_kept", ["card", "kept_id"], unique=False)

    op.create_table(
        "card_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("sureness", sa.Integer(), nullable=False),
        sa.Column("found_at", db.Moment(), nullable=False),
        sa.Column("judged_at", db.Moment(), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("card", "one_id", "other_id"),
    )
    with op.batch_alter_table("card_pair", schema=None) as batch_op:
        batch_op.create_index("ix_card_pair_open", ["card", "judged_at", "sureness", "id"], unique=False)

    with op.batch_alter_table("favourite", schema=None) as batch_op:
        batch_op.create_index("ix_favourite_card", ["card", "card_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("favourite", schema=None) as batch_op:
        batch_op.drop_index("ix_favourite_card")

    with op.batch_alter_table("card_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_card_pair_open")

    op.drop_table("card_pair")
    with op.batch_alter_table("card_merge", schema=None) as batch_op:
        batch_op.drop_index("ix_card_merge_kept")
        batch_op.drop_index("ix_card_merge_absorbed")

    op.drop_table("card_merge")
