"""rights by stage"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "5e0b7d91c3a4"
down_revision = "5b7de4c1a0f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pipeline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rights", db.Json, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("pipeline", schema=None) as batch_op:
        batch_op.drop_column("rights")
