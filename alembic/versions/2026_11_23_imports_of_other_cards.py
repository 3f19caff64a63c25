"""imports of other cards"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "d3a51f0c7b84"
down_revision = "c710f7c4e602"
branch_labels = None
depends_on = None

_RENAMED = ("import_row", "import_change")
_CARDS = ("contact", "lead")


def upgrade() -> None:
    for table in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN client_id TO card_id")
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card", sa.String(), server_default="client", nullable=False))
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ties", db.Json, server_default="[]", nullable=False))
    for table in _CARDS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("import_row", sa.Integer(), nullable=True))
            batch_op.create_index(f"ix_{table}_import_id", ["import_id"], unique=False)
            batch_op.create_foreign_key(f"fk_{table}_import_id_client_import", "client_import", ["import_id"], ["id"])


def downgrade() -> None:
    for table in _CARDS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(f"fk_{table}_import_id_client_import", type_="foreignkey")
            batch_op.drop_index(f"ix_{table}_import_id")
            batch_op.drop_column("import_row")
            batch_op.drop_column("import_id")
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.drop_column("ties")
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.drop_column("card")
    for table in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN card_id TO client_id")
