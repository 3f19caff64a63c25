"""who brought deals to their stages, and how many deals are meant to stand in one"""

import sqlalchemy as sa

from alembic import op

revision = "5b7de4c1a0f2"
down_revision = "c06b4564db16"
branch_labels = None
depends_on = None

# As far as the history tells: who did what brought the deal there at that very moment.
_WHO = """
UPDATE stage_span SET entered_by_id = (
    SELECT max(fact.actor_id) FROM fact
    WHERE fact.card = 'deal' AND fact.card_id = stage_span.deal_id AND fact.at = stage_span.entered_at
    AND fact.name IN ('DealAdded', 'DealMoved') AND fact.actor_id > 0
)
"""
_MISSING = """
INSERT INTO stage_span (deal_id, stage_id, entered_at)
SELECT deal.id, deal.stage_id, deal.entered_stage_at FROM deal
WHERE NOT EXISTS (SELECT 1 FROM stage_span WHERE stage_span.deal_id = deal.id AND stage_span.left_at IS NULL)
"""


def upgrade() -> None:
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rot_from", sa.String(), server_default="entry", nullable=False))
        batch_op.add_column(sa.Column("wip_limit", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("wip_rule", sa.String(), server_default="warn", nullable=False))
    with op.batch_alter_table("stage_span", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_stage_span_stage")
        batch_op.create_index("ix_stage_span_stage", ["stage_id", "left_at"])
    op.execute(_MISSING)
    op.execute(_WHO)


def downgrade() -> None:
    with op.batch_alter_table("stage_span", schema=None) as batch_op:
        batch_op.drop_index("ix_stage_span_stage")
        batch_op.create_index("ix_stage_span_stage", ["stage_id"])
        batch_op.drop_column("entered_by_id")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        for name in ("wip_rule", "wip_limit", "rot_from"):
            batch_op.drop_column(name)
