"""scenarios"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db

revision = "0d98696c6ec6"
down_revision = "5e0b7d91c3a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("asked", db.Json, nullable=False),
        sa.Column("conditions", db.Json, nullable=False),
        sa.Column("steps", db.Json, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("updated_at", db.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["employee.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index("ix_scenario_trigger", ["is_on", "trigger"], unique=False)

    op.create_table(
        "scenario_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("todo", db.Json, nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("wakes_at", db.Moment(), nullable=True),
        sa.Column("outcome", db.Json, nullable=False),
        sa.Column("began_at", db.Moment(), nullable=False),
        sa.Column("ended_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("scenario_run", schema=None) as batch_op:
        batch_op.create_index("ix_scenario_run_card", ["card", "card_id", "id"], unique=False)
        batch_op.create_index("ix_scenario_run_scenario", ["scenario_id", "id"], unique=False)
        batch_op.create_index("ix_scenario_run_state", ["state", "id"], unique=False)

    op.create_table(
        "scenario_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("do", sa.String(), nullable=False),
        sa.Column("asked", db.Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", db.Json, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("began_at", db.Moment(), nullable=False),
        sa.Column("ended_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["scenario_run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("scenario_step", schema=None) as batch_op:
        batch_op.create_index("ix_scenario_step_run", ["run_id", "number"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("scenario_step", schema=None) as batch_op:
        batch_op.drop_index("ix_scenario_step_run")

    op.drop_table("scenario_step")
    with op.batch_alter_table("scenario_run", schema=None) as batch_op:
        batch_op.drop_index("ix_scenario_run_state")
        batch_op.drop_index("ix_scenario_run_scenario")
        batch_op.drop_index("ix_scenario_run_card")

    op.drop_table("scenario_run")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_index("ix_scenario_trigger")

    op.drop_table("scenario")
