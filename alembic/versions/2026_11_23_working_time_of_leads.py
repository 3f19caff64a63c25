"""working time of leads"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "86f9eaa4c91a"
down_revision = "477996633694"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.add_column(sa.Column("touch_minutes", sa.Integer(), nullable=True))

    with op.batch_alter_table("lead_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("worktime", sa.String(), server_default="", nullable=False))
    _note_minutes(op.get_bind())


def _note_minutes(connection: sa.Connection) -> None:
    """What was promised for leads that wait still, so that another calendar counts it anew for them too."""
    names = ("id", "touch_minutes")
    moments = ("created_at", "touch_due_at", "touched_at")
    lead = sa.table("lead", *(sa.column(name) for name in names), *(sa.column(name, db.Moment()) for name in moments))
    waiting = sa.select(lead.c.id, lead.c.created_at, lead.c.touch_due_at).where(
        lead.c.touched_at.is_(None), lead.c.touch_due_at.is_not(None)
    )
    minutes = [
        {"lead_id": row.id, "minutes": round((row.touch_due_at - row.created_at).total_seconds() / 60)}
        for row in connection.execute(waiting)
    ]
    if minutes:
        noted = lead.update().where(lead.c.id == sa.bindparam("lead_id"))
        connection.execute(noted.values(touch_minutes=sa.bindparam("minutes")), minutes)


def downgrade() -> None:
    with op.batch_alter_table("lead_rule", schema=None) as batch_op:
        batch_op.drop_column("worktime")

    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_column("touch_minutes")
