"""keep phones and addresses of every kind of card in one pair of tables"""

import sqlalchemy as sa

from alembic import op

revision = "7a0d5e1c9b24"
down_revision = "6258229a9401"
branch_labels = None
depends_on = None

WAYS = {"phone": ("number", ["number", "extension", "position"]), "email": ("address", ["address", "position"])}


def upgrade() -> None:
    for way, (key, columns) in WAYS.items():
        op.create_table(
            f"card_{way}",
            sa.Column("card", sa.String(), nullable=False),
            sa.Column("card_id", sa.Integer(), nullable=False),
            *_columns(columns),
            sa.PrimaryKeyConstraint("card", "card_id", key),
        )
        names = ", ".join(columns)
        op.execute(
            f"INSERT INTO card_{way} (card, card_id, {names}) "  # noqa: S608  names of ours
            f"SELECT 'client', client_id, {names} FROM client_{way}"
        )
        op.create_index(f"ix_card_{way}_{key}", f"card_{way}", [key, "card", "card_id"])
        op.drop_table(f"client_{way}")


def downgrade() -> None:
    """What stands on cards of other kinds is lost: there is no place for it."""
    for way, (key, columns) in WAYS.items():
        op.create_table(
            f"client_{way}",
            sa.Column("client_id", sa.Integer(), nullable=False),
            *_columns(columns),
            sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("client_id", key),
        )
        names = ", ".join(columns)
        op.execute(
            f"INSERT INTO client_{way} (client_id, {names}) "  # noqa: S608  names of ours
            f"SELECT card_id, {names} FROM card_{way} WHERE card = 'client'"
        )
        op.create_index(f"ix_client_{way}_{key}", f"client_{way}", [key, "client_id"])
        op.drop_table(f"card_{way}")


def _columns(names: list[str]) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer() if name == "position" else sa.String(), nullable=False) for name in names]
