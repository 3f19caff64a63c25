"""find what lies in the bin"""

import sqlalchemy as sa

from alembic import op

revision = "3eef4a3f2057"
down_revision = "d72b74ef2258"
branch_labels = None
depends_on = None

TABLES = ("client", "contact", "lead", "deal", "task", "mailing")


def upgrade() -> None:
    deleted = sa.text("deleted_at IS NOT NULL")
    for table in TABLES:
        op.create_index(f"ix_{table}_bin", table, ["deleted_at", "id"], sqlite_where=deleted, postgresql_where=deleted)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_index(f"ix_{table}_bin", table_name=table)
