"""Signatures, documents that wait, releases."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None

_TABLES = {
    "signature": """
        tenant varchar(11) NOT NULL,
        name varchar(80) NOT NULL,
        revision integer NOT NULL,
        body_sha256 varchar(64) NOT NULL,
        unique_id uuid NOT NULL,
        signing_time timestamptz NOT NULL,
        certificate bytea NOT NULL,
        value bytea NOT NULL,
        object jsonb,
        PRIMARY KEY (tenant, name, revision, body_sha256)
    """,
    "pending": """
        tenant varchar(11) NOT NULL,
        name varchar(80) NOT NULL,
        revision integer NOT NULL,
        month_key text NOT NULL,
        filing_key text NOT NULL,
        body_sha256 varchar(64) NOT NULL,
        document jsonb NOT NULL,
        object jsonb NOT NULL,
        refusal text,
        since timestamptz NOT NULL,
        PRIMARY KEY (tenant, name, revision)
    """,
    "release": """
        tenant varchar(11) NOT NULL,
        month_key text NOT NULL,
        revision integer NOT NULL,
        by text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (tenant, month_key, revision)
    """,
}


def upgrade() -> None:
    """Make the tables."""
    create_service_schema("signer")
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE signer.{table} ({columns})")
        protect("signer", table)
    op.execute("CREATE INDEX pending_month ON signer.pending (tenant, month_key)")
