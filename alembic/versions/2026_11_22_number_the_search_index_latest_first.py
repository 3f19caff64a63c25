"""number the search index latest first: the latest hits are wanted first, and FTS5 is quick in its own order alone"""

from alembic import op

revision = "b64d20c1a7f3"
down_revision = "5f1c0b7e9a42"
branch_labels = None
depends_on = None

# 2**40 = 1099511627776: a row's number is that of its kind above these 40 bits; the card's id below them is turned round
SQLITE = """
INSERT INTO search_turned (rowid, body)
SELECT (rowid / 1099511627776) * 1099511627776 + (1099511627775 - rowid % 1099511627776), body
FROM search_entry ORDER BY 1
"""
POSTGRES = """
UPDATE search_entry
SET rowid = (rowid / 1099511627776) * 1099511627776 + (1099511627775 - rowid % 1099511627776)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_turned USING fts5(body, tokenize='trigram')")
        op.execute(SQLITE)
        op.execute("DROP TABLE search_entry")
        op.execute("ALTER TABLE search_turned RENAME TO search_entry")
        return
    op.execute(POSTGRES)


def downgrade() -> None:
    upgrade()
