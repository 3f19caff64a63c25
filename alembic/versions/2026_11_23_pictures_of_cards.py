"""pictures of cards"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "f60e39a9dcd0"
down_revision = "166378168de5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("small_place", sa.String(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place"),
        sa.UniqueConstraint("small_place"),
    )
    with op.batch_alter_table("card_picture", schema=None) as batch_op:
        batch_op.create_index("ix_card_picture_card", ["card", "card_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_picture_digest"), ["digest"], unique=False)

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("picture")

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_column("picture")

    with op.batch_alter_table("card_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_picture_digest"))
        batch_op.drop_index("ix_card_picture_card")

    op.drop_table("card_picture")
