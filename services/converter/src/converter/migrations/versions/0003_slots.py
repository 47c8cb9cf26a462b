"""Months in several drops, corrections until approval: numbers are kept with the conversion that has used them."""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    "SELECT set_config('defterhane.tenant', '*', true)",  # row-level security holds for the tables' owner too
    "ALTER TABLE converter.conversion"
    " ADD COLUMN slots int NOT NULL DEFAULT 1,"
    " ADD COLUMN begins boolean NOT NULL DEFAULT false,"
    " ADD COLUMN begin_numbers jsonb,"
    " ADD COLUMN end_numbers jsonb",
    "ALTER TABLE converter.document ADD COLUMN at_gib varchar(10)",
    # What was made so far is one conversion a month, in the months' order.
    "WITH used AS ("
    " SELECT *, lag(to_jsonb(numbers) - '{tenant,branch,period,year_start}'::text[])"
    "  OVER (PARTITION BY tenant, branch, year_start ORDER BY period) AS before"
    " FROM converter.month_numbers numbers)"
    " UPDATE converter.conversion SET"
    " begin_numbers = coalesce(used.before, jsonb_build_object('entry', 0, 'line', 0, 'journal', 0, 'ledger', 0,"
    " 'report', 0)),"
    " end_numbers = jsonb_build_object('entry', used.entry, 'line', used.line, 'journal', used.journal,"
    " 'ledger', used.ledger, 'report', used.report)"
    " FROM used WHERE conversion.state = 'made' AND (conversion.tenant, conversion.branch, conversion.period)"
    " = (used.tenant, used.branch, used.period)",
    "UPDATE converter.conversion SET state = 'rejected' WHERE state = 'pinned'",
    "DROP TABLE converter.month_numbers",
    "ALTER TABLE converter.fiscal_year"
    " DROP COLUMN entry, DROP COLUMN line, DROP COLUMN journal, DROP COLUMN ledger, DROP COLUMN report",
    "DROP INDEX converter.conversion_file",
    "CREATE UNIQUE INDEX conversion_file ON converter.conversion (tenant, file_id)"
    " WHERE state NOT IN ('rejected', 'withdrawn')",
    "DROP INDEX converter.conversion_made",
    "CREATE UNIQUE INDEX conversion_made ON converter.conversion (tenant, branch, period, part) WHERE state = 'made'",
    "ALTER INDEX converter.conversion_month RENAME TO conversion_year",
    "ALTER TABLE converter.conversion ALTER COLUMN slots DROP DEFAULT, ALTER COLUMN begins DROP DEFAULT",
)


def upgrade() -> None:
    """Move the numbers to the conversions."""
    for statement in _STATEMENTS:
        op.execute(statement)
