"""the spine"""

import sqlalchemy as sa

from alembic import op
from crm_app.core import db, search

revision = "f984224255e7"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    search.create(op.get_bind())
    op.create_table(
        "announcement",
        sa.Column("id", db.BigId, nullable=False),
        sa.Column("at", db.Moment(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("topics", db.Json, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "client_word",
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("field", "word"),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("author_kind", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("deleted_at", db.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_card", ["card", "card_id", "id"], unique=False)

    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "fact",
        sa.Column("id", db.BigId, nullable=False),
        sa.Column("at", db.Moment(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("details", db.Json, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index("ix_fact_card", ["card", "card_id", "id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", db.BigId, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("arguments", db.Json, nullable=False),
        sa.Column("run_at", db.Moment(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("state", sa.String(), server_default="ready", nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("lease_until", db.Moment(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("progress", db.Json, nullable=True),
        sa.Column("finished_at", db.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "run_at"], unique=False)

    op.create_table(
        "login_failure",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", db.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "password",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("changed_at", db.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("permissions", db.Json, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", db.Json, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("author_kind", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("deleted_at", db.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place"),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_card", ["card", "card_id", "id"], unique=False)

    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "owner_id"),
    )
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "worker_beat",
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("started_at", db.Moment(), nullable=False),
        sa.Column("seen_at", db.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("holder"),
    )
    op.create_table(
        "employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("disabled_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["role.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employee_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employee_role_id"), ["role_id"], unique=False)

    op.create_table(
        "fact_link",
        sa.Column("fact_id", db.BigId, nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("fact_id", "card", "card_id"),
    )
    with op.batch_alter_table("fact_link", schema=None) as batch_op:
        batch_op.create_index("ix_fact_link_card", ["card", "card_id", "fact_id"], unique=False)

    op.create_table(
        "field_right",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("role_id", "card", "field"),
    )
    op.create_table(
        "tagging",
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("card", "card_id", "tag_id"),
    )
    with op.batch_alter_table("tagging", schema=None) as batch_op:
        batch_op.create_index("ix_tagging_tag", ["tag_id", "card", "card_id"], unique=False)

    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("scopes", db.Json, nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("used_at", db.Moment(), nullable=True),
        sa.Column("revoked_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_employee_id"), ["employee_id"], unique=False)

    op.create_table(
        "client_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("mapping", db.Json, nullable=False),
        sa.Column("options", db.Json, nullable=False),
        sa.Column("preview", db.Json, nullable=False),
        sa.Column("counts", db.Json, nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("error_params", db.Json, nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("finished_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["employee.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_import_employee_id"), ["employee_id"], unique=False)

    op.create_table(
        "favourite",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("employee_id", "card", "card_id"),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("revoked_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["employee.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("card_id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("params", db.Json, nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("read_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_employee", ["employee_id", "read_at", "id"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_name", db.Sorted, nullable=False),
        sa.Column("match_name", db.Sorted, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("inn", sa.String(), nullable=False),
        sa.Column("kpp", sa.String(), nullable=False),
        sa.Column("ogrn", sa.String(), nullable=False),
        sa.Column("bic", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("first_contact", sa.Date(), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("revenue", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("fields", db.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("updated_at", db.Moment(), nullable=False),
        sa.Column("deleted_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["client_import.id"],
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"],
            ["employee.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_activity"), ["activity"], unique=False)
        batch_op.create_index("ix_client_city", ["city", "id"], unique=False)
        batch_op.create_index("ix_client_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_client_first_contact", ["first_contact", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_inn"), ["inn"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_match_name"), ["match_name"], unique=False)
        batch_op.create_index("ix_client_name", ["sort_name", "id"], unique=False)
        batch_op.create_index("ix_client_responsible", ["responsible_id", "sort_name", "id"], unique=False)
        batch_op.create_index(
            "ix_client_responsible_status", ["responsible_id", "status", "sort_name", "id"], unique=False
        )
        batch_op.create_index("ix_client_revenue", ["revenue", "id"], unique=False)
        batch_op.create_index("ix_client_status", ["status", "sort_name", "id"], unique=False)
        batch_op.create_index("ix_client_type", ["type", "sort_name", "id"], unique=False)
        batch_op.create_index("ix_client_updated", ["updated_at", "id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("problems", db.Json, nullable=False),
        sa.Column("cells", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["client_import.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "row"),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_outcome", ["import_id", "outcome", "row"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", db.Moment(), nullable=False),
        sa.Column("used_at", db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_guest_id"), ["guest_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("created_at", db.Moment(), nullable=False),
        sa.Column("seen_at", db.Moment(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_guest_id"), ["guest_id"], unique=False)

    op.create_table(
        "share",
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", db.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guest_id", "card", "card_id"),
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.create_index("ix_share_card", ["card", "card_id"], unique=False)

    op.create_table(
        "client_email",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "address"),
    )
    with op.batch_alter_table("client_email", schema=None) as batch_op:
        batch_op.create_index("ix_client_email_address", ["address", "client_id"], unique=False)

    op.create_table(
        "client_phone",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "number"),
    )
    with op.batch_alter_table("client_phone", schema=None) as batch_op:
        batch_op.create_index("ix_client_phone_number", ["number", "client_id"], unique=False)

    # ### end Alembic commands ###


def downgrade() -> None:
    op.execute("DROP TABLE search_entry")
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("client_phone", schema=None) as batch_op:
        batch_op.drop_index("ix_client_phone_number")

    op.drop_table("client_phone")
    with op.batch_alter_table("client_email", schema=None) as batch_op:
        batch_op.drop_index("ix_client_email_address")

    op.drop_table("client_email")
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_index("ix_share_card")

    op.drop_table("share")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_guest_id"))
        batch_op.drop_index(batch_op.f("ix_login_session_employee_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_guest_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_outcome")

    op.drop_table("import_row")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index("ix_client_updated")
        batch_op.drop_index("ix_client_type")
        batch_op.drop_index("ix_client_status")
        batch_op.drop_index("ix_client_revenue")
        batch_op.drop_index("ix_client_responsible_status")
        batch_op.drop_index("ix_client_responsible")
        batch_op.drop_index("ix_client_name")
        batch_op.drop_index(batch_op.f("ix_client_match_name"))
        batch_op.drop_index(batch_op.f("ix_client_inn"))
        batch_op.drop_index(batch_op.f("ix_client_import_id"))
        batch_op.drop_index("ix_client_first_contact")
        batch_op.drop_index("ix_client_created")
        batch_op.drop_index("ix_client_city")
        batch_op.drop_index(batch_op.f("ix_client_activity"))

    op.drop_table("client")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_employee")

    op.drop_table("notification")
    op.drop_table("guest")
    op.drop_table("favourite")
    with op.batch_alter_table("client_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_import_employee_id"))

    op.drop_table("client_import")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_employee_id"))

    op.drop_table("api_key")
    with op.batch_alter_table("tagging", schema=None) as batch_op:
        batch_op.drop_index("ix_tagging_tag")

    op.drop_table("tagging")
    op.drop_table("field_right")
    with op.batch_alter_table("fact_link", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_link_card")

    op.drop_table("fact_link")
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employee_role_id"))
        batch_op.drop_index(batch_op.f("ix_employee_department_id"))

    op.drop_table("employee")
    op.drop_table("worker_beat")
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_owner_id"))

    op.drop_table("tag")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_card")

    op.drop_table("stored_file")
    op.drop_table("setting")
    op.drop_table("role")
    op.drop_table("password")
    op.drop_table("login_failure")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_card")

    op.drop_table("fact")
    op.drop_table("department")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_card")

    op.drop_table("comment")
    op.drop_table("client_word")
    op.drop_table("announcement")
    # ### end Alembic commands ###
