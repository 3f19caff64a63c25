"""keep facts as they are: what has happened is neither changed nor deleted, by nobody"""

from alembic import op

revision = "5f1c0b7e9a42"
down_revision = "0f1fe9940e48"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'facts are kept as they are'; END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER keep_facts_{verb.lower()} BEFORE {verb} ON fact "
                "BEGIN SELECT RAISE(ABORT, 'facts are kept as they are'); END"
            )
        return
    op.execute(FUNCTION)
    op.execute("CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION keep_facts()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER keep_facts_update")
        op.execute("DROP TRIGGER keep_facts_delete")
        return
    op.execute("DROP TRIGGER keep_facts ON fact")
    op.execute("DROP FUNCTION keep_facts()")
