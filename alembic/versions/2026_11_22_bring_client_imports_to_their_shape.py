"""bring client imports to their shape"""

import sqlalchemy as sa

from alembic import op

revision = "49f5c7197914"
down_revision = "f984224255e7"
branch_labels = None
depends_on = None

SORTED = ("type", "status", "city")


def upgrade() -> None:
    _collate("C")
    with op.batch_alter_table("client") as batch_op:
        batch_op.add_column(sa.Column("import_row", sa.Integer(), nullable=True))
    with op.batch_alter_table("client_phone") as batch_op:
        batch_op.add_column(sa.Column("extension", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("import_row") as batch_op:
        batch_op.add_column(sa.Column("first_row", sa.Integer(), nullable=True))
        batch_op.drop_column("cells")


def downgrade() -> None:
    with op.batch_alter_table("import_row") as batch_op:
        batch_op.add_column(sa.Column("cells", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_column("first_row")
    with op.batch_alter_table("client_phone") as batch_op:
        batch_op.drop_column("extension")
    with op.batch_alter_table("client") as batch_op:
        batch_op.drop_column("import_row")
    _collate("default")


def _collate(collation: str) -> None:
    """PostgreSQL compares these byte by byte, as SQLite does, so that paging by key agrees everywhere."""
    if op.get_bind().dialect.name == "postgresql":
        for column in SORTED:
            op.execute(f'ALTER TABLE client ALTER COLUMN {column} TYPE VARCHAR COLLATE "{collation}"')
