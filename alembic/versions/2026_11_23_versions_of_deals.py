"""versions of deals, indexes of their lists, and why cards were refused"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "ed6b58039a27"
down_revision = "d3a51f0c7b84"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bulk_left", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reasons", db.Json, server_default="[]", nullable=False))
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index("ix_deal_added", ["created_at", "id"])
        batch_op.create_index("ix_deal_in_stage_since", ["entered_stage_at", "id"])
        batch_op.create_index("ix_deal_amount", ["amount", "id"])
        batch_op.create_index("ix_deal_responsible", ["responsible_id", "updated_at", "id"])


def downgrade() -> None:
    with op.batch_alter_table("deal", schema=None) as batch_op:
        for name in ("responsible", "amount", "in_stage_since", "added"):
            batch_op.drop_index(f"ix_deal_{name}")
        batch_op.drop_column("version")
    with op.batch_alter_table("bulk_left", schema=None) as batch_op:
        batch_op.drop_column("reasons")
