"""imports of other cards"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "d3a51f0c7b84"
down_revision = "caa60fb77fc3"
branch_labels = None
depends_on = None

_RENAMED = ("import_row", "import_change")


def upgrade() -> None:
    for table in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN client_id TO card_id")
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card", sa.String(), server_default="client", nullable=False))
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ties", db.Json, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.drop_column("ties")
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.drop_column("card")
    for table in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN card_id TO client_id")
