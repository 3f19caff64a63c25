"""imports change clients"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "96bdfdf5bac9"
down_revision = "19988ffe9867"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_change",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", db.Json, nullable=False),
        sa.Column("before", db.Json, nullable=False),
        sa.Column("phones", db.Json, nullable=False),
        sa.Column("emails", db.Json, nullable=False),
        sa.Column("tags", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["client_import.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "client_id"),
    )
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made", db.Json, server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.drop_column("made")

    op.drop_table("import_change")
