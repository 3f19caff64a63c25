"""letters of mailings to contacts and leads"""

import warnings

import sqlalchemy as sa

from alembic import op

revision = "b7c04f5e21d9"
down_revision = "f60e39a9dcd0"
branch_labels = None
depends_on = None

COLUMNS = ("contact", "lead")


def upgrade() -> None:
    with warnings.catch_warnings():
        # SQLite makes the table of letters anew and looks at the clients it refers to; these keep their indexes
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        _add_columns()


def _add_columns() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for card in COLUMNS:
            batch_op.add_column(sa.Column(f"{card}_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                f"fk_delivery_{card}_id_{card}", card, [f"{card}_id"], ["id"], ondelete="SET NULL"
            )
            named = sa.text(f"{card}_id IS NOT NULL")
            batch_op.create_index(f"ix_delivery_{card}", [f"{card}_id"], sqlite_where=named, postgresql_where=named)


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for card in COLUMNS:
            batch_op.drop_index(f"ix_delivery_{card}")
            batch_op.drop_constraint(f"fk_delivery_{card}_id_{card}", type_="foreignkey")
            batch_op.drop_column(f"{card}_id")
