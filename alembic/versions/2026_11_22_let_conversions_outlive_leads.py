"""let conversions outlive leads"""

from alembic import op

revision = "6c1f0a93e2d7"
down_revision = "96bdfdf5bac9"
branch_labels = None
depends_on = None

NAMES = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
"""As PostgreSQL names them by itself; those of SQLite have no names."""


def upgrade() -> None:
    with op.batch_alter_table("lead_conversion", naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("lead_conversion_lead_id_fkey", type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("lead_conversion", naming_convention=NAMES) as batch_op:
        batch_op.create_foreign_key("lead_conversion_lead_id_fkey", "lead", ["lead_id"], ["id"])
