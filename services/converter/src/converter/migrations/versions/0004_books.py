"""Books are locked as a whole; what was said of a conversion, and when GİB spoke, are kept."""

from alembic import op

from defterhane.db.ddl import protect

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    "CREATE TABLE converter.books (tenant varchar(11) NOT NULL, branch varchar(4) NOT NULL,"
    " PRIMARY KEY (tenant, branch))",
    "DROP TABLE converter.fiscal_year",
    "DROP INDEX converter.conversion_year",
    "ALTER TABLE converter.conversion DROP COLUMN year_start, ADD COLUMN told jsonb",
    "CREATE INDEX conversion_books ON converter.conversion (tenant, branch, period)",
    "ALTER TABLE converter.document ADD COLUMN at_gib_since timestamptz",
)


def upgrade() -> None:
    """Which fiscal year a month lies in is told by the master data alone, also once they have been corrected."""
    for statement in _STATEMENTS:
        op.execute(statement)
    protect("converter", "books")
