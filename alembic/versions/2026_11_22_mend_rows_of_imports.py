"""mend rows of imports"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "6bc071fac588"
down_revision = "9791278d6030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_cells",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", db.Json, nullable=False),
        sa.Column("is_mended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["client_import.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "row"),
    )


def downgrade() -> None:
    op.drop_table("import_cells")
