"""conditions over any field"""

import sqlalchemy as sa

from alembic import op
from crm_app.core.blanks import blank_index
from crm_app.core.folding import fold

revision = "c06b4564db16"
down_revision = "dabbe3f88946"
branch_labels = None
depends_on = None

BY_KIND = {"client": 1, "contact": 5, "lead": 6}
LATEST = 2**40 - 1
"""A row of the search index has the number of its kind above these 40 bits, and below them this less the card's id."""
AT_ONCE = 2_000
FOUND_NOW = {
    "client": ("position", "address", "bank", "accounts", "note"),
    "contact": ("address", "note"),
    "lead": ("position", "note"),
}
SORTED = {
    "client": ("inn", "kpp", "ogrn", "bic", "account", "corr_account"),
    "contact_at_client": ("position",),
    "deal": ("payment_method", "delivery", "lost_reason"),
    "lead": ("utm_medium", "utm_term", "utm_content", "disqualified_reason"),
}
BLANK = {
    "client": ("contact_name", "position", "employer", "site", "address", "bank", "accounts", "note"),
    "contact": ("address", "note"),
    "lead": ("person", "position", "organisation", "site", "city", "interest", "note"),
    "task": ("body",),
}
MORE_WORDS = sa.text("UPDATE search_entry SET body = body || :more WHERE rowid = :number")


def _collate(collation: str) -> None:
    """PostgreSQL compares these byte by byte, as SQLite does: an index serves beginnings then."""
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in SORTED.items():
            for column in columns:
                op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE VARCHAR COLLATE "{collation}"')


def _blank_indexes() -> list[tuple[str, sa.Index]]:
    plain = [(table, blank_index(table, name)) for table, names in BLANK.items() for name in names]
    return [*plain, ("contact", blank_index("contact", "links", is_list=True))]


def _let_be_found(table: str) -> None:
    """Put into the search index what cards are found by from now on."""
    bind, last = op.get_bind(), 0
    cards = sa.table(table, sa.column("id", sa.Integer), *(sa.column(name, sa.String) for name in FOUND_NOW[table]))
    page = sa.select(cards).order_by(cards.c.id).limit(AT_ONCE)
    while rows := bind.execute(page.where(cards.c.id > last)).all():
        last = rows[-1].id
        told = [(row.id, fold(" ".join(filter(None, row[1:])))) for row in rows]
        more = [{"number": (BY_KIND[table] << 40) + LATEST - id_, "more": f" {text}"} for id_, text in told if text]
        if more:
            bind.execute(MORE_WORDS, more)


def upgrade() -> None:
    _collate("C")
    for table in FOUND_NOW:
        _let_be_found(table)
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index("ix_client_account", ["account", "id"], unique=False)
        batch_op.create_index("ix_client_bic", ["bic", "id"], unique=False)
        batch_op.create_index("ix_client_corr_account", ["corr_account", "id"], unique=False)
        batch_op.create_index("ix_client_created_by", ["created_by_id", "id"], unique=False)
        batch_op.create_index("ix_client_currency", ["currency", "id"], unique=False)
        batch_op.create_index("ix_client_kpp", ["kpp", "id"], unique=False)
        batch_op.create_index("ix_client_ogrn", ["ogrn", "id"], unique=False)
        batch_op.create_index("ix_client_source", ["source", "id"], unique=False)

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_created_by", ["created_by_id", "id"], unique=False)
        batch_op.create_index("ix_contact_source", ["source", "id"], unique=False)

    with op.batch_alter_table("contact_at_client", schema=None) as batch_op:
        batch_op.create_index("ix_contact_at_client_main", ["is_main", "contact_id", "client_id"], unique=False)
        batch_op.create_index("ix_contact_at_client_position", ["position", "contact_id", "client_id"], unique=False)

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.create_index("ix_deal_by_items", ["amount_by_items", "id"], unique=False)
        batch_op.create_index("ix_deal_created_by", ["created_by_id", "id"], unique=False)
        batch_op.create_index("ix_deal_currency", ["currency", "id"], unique=False)
        batch_op.create_index("ix_deal_delivery", ["delivery", "id"], unique=False)
        batch_op.create_index("ix_deal_lost_reason", ["lost_reason", "id"], unique=False)
        batch_op.create_index("ix_deal_payment_method", ["payment_method", "id"], unique=False)

    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index("ix_lead_created_by", ["created_by_id", "id"], unique=False)
        batch_op.create_index("ix_lead_in_stage_since", ["entered_stage_at", "id"], unique=False)
        batch_op.create_index("ix_lead_reason", ["disqualified_reason", "id"], unique=False)
        batch_op.create_index("ix_lead_utm_content", ["utm_content", "id"], unique=False)
        batch_op.create_index("ix_lead_utm_medium", ["utm_medium", "id"], unique=False)
        batch_op.create_index("ix_lead_utm_term", ["utm_term", "id"], unique=False)
        batch_op.create_index("ix_lead_via", ["via", "id"], unique=False)

    for table, index in _blank_indexes():
        op.create_index(str(index.name), table, list(index.expressions))


def downgrade() -> None:
    for table, index in _blank_indexes():
        op.drop_index(str(index.name), table_name=table)
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_via")
        batch_op.drop_index("ix_lead_utm_term")
        batch_op.drop_index("ix_lead_utm_medium")
        batch_op.drop_index("ix_lead_utm_content")
        batch_op.drop_index("ix_lead_reason")
        batch_op.drop_index("ix_lead_in_stage_since")
        batch_op.drop_index("ix_lead_created_by")

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_index("ix_deal_payment_method")
        batch_op.drop_index("ix_deal_lost_reason")
        batch_op.drop_index("ix_deal_delivery")
        batch_op.drop_index("ix_deal_currency")
        batch_op.drop_index("ix_deal_created_by")
        batch_op.drop_index("ix_deal_by_items")

    with op.batch_alter_table("contact_at_client", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_at_client_position")
        batch_op.drop_index("ix_contact_at_client_main")

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_source")
        batch_op.drop_index("ix_contact_created_by")

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index("ix_client_source")
        batch_op.drop_index("ix_client_ogrn")
        batch_op.drop_index("ix_client_kpp")
        batch_op.drop_index("ix_client_currency")
        batch_op.drop_index("ix_client_created_by")
        batch_op.drop_index("ix_client_corr_account")
        batch_op.drop_index("ix_client_bic")
        batch_op.drop_index("ix_client_account")

    _collate("default")
