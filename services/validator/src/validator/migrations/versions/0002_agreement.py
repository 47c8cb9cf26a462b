"""What documents are held against: summaries, signed books, and which revisions of a month count."""

from alembic import op

from defterhane.db.ddl import protect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables. Documents judged so far have no summary: nothing is held against them."""
    op.execute("ALTER TABLE validator.verdict ADD COLUMN summary jsonb")
    op.execute(
        """
        CREATE TABLE validator.signed_book (
            tenant varchar(11) NOT NULL,
            name varchar(80) NOT NULL,
            revision integer NOT NULL,
            size bigint NOT NULL,
            signature_value text NOT NULL,
            PRIMARY KEY (tenant, name, revision)
        )
        """
    )
    protect("validator", "signed_book")
    op.execute(
        """
        CREATE TABLE validator.revision (
            tenant varchar(11) NOT NULL,
            month_key text NOT NULL,
            revision integer NOT NULL,
            withdrawn boolean NOT NULL,
            approved boolean NOT NULL,
            PRIMARY KEY (tenant, month_key, revision)
        )
        """
    )
    protect("validator", "revision")
