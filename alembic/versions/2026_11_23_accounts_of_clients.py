"""accounts of clients"""

import sqlalchemy as sa

from alembic import op

revision = "88d3ef90b7ad"
down_revision = "04cb54cf634b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bank", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("corr_account", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("accounts", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_column("accounts")
        batch_op.drop_column("corr_account")
        batch_op.drop_column("bank")
