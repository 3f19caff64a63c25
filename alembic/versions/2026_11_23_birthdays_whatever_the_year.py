"""birthdays whatever the year"""

from alembic import op
from crm_app.core.year_days import year_day_index

revision = "166378168de5"
down_revision = "86f9eaa4c91a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index("ix_client_birthday", ["birthday", "id"], unique=False)

    for table in ("client", "contact"):
        op.create_index(f"ix_{table}_birthday_yearly", table, list(year_day_index(table, "birthday").expressions))


def downgrade() -> None:
    for table in ("client", "contact"):
        op.drop_index(f"ix_{table}_birthday_yearly", table_name=table)

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index("ix_client_birthday")
