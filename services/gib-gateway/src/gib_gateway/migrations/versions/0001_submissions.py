"""Submissions, the messages and exchanges with GİB, and holds."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None

_TABLES = {
    "ledger": """
        tenant varchar(11) NOT NULL,
        branch varchar(4) NOT NULL,
        period varchar(7) NOT NULL,
        part varchar(6) NOT NULL,
        kind varchar(2) NOT NULL,
        revision integer NOT NULL,
        signature_value text NOT NULL,
        object jsonb NOT NULL,
        PRIMARY KEY (tenant, branch, period, part, kind, revision)
    """,
    "submission": """
        id uuid PRIMARY KEY,
        tenant varchar(11) NOT NULL,
        branch varchar(4) NOT NULL,
        period varchar(7) NOT NULL,
        part varchar(6) NOT NULL,
        kind varchar(2) NOT NULL,
        revision integer NOT NULL,
        unique_id text NOT NULL,
        signature_value text NOT NULL,
        object jsonb NOT NULL,
        state varchar(12) NOT NULL,
        resume varchar(12),
        next_at timestamptz,
        turn integer NOT NULL,
        failures integer NOT NULL,
        polls integer NOT NULL,
        announced boolean NOT NULL,
        last_code text,
        last_text text,
        problem jsonb,
        approved jsonb,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        UNIQUE (tenant, branch, period, part, kind, revision)
    """,
    "message": """
        submission_id uuid PRIMARY KEY REFERENCES gib_gateway.submission,
        request_id uuid NOT NULL UNIQUE,
        tenant varchar(11) NOT NULL,
        operation varchar(32) NOT NULL,
        turn integer NOT NULL,
        envelope bytea NOT NULL,
        package_sha256 varchar(64),
        expires_at timestamptz NOT NULL
    """,
    "exchange": """
        id uuid PRIMARY KEY,
        tenant varchar(11) NOT NULL,
        submission_id uuid NOT NULL REFERENCES gib_gateway.submission,
        package text NOT NULL,
        operation varchar(32) NOT NULL,
        attempt integer NOT NULL,
        package_sha256 varchar(64),
        request jsonb NOT NULL,
        response jsonb,
        http_status integer,
        outcome text,
        began_at timestamptz NOT NULL,
        ended_at timestamptz,
        UNIQUE (submission_id, operation, attempt)
    """,
    "hold": """
        tenant varchar(11) NOT NULL,
        branch varchar(4) NOT NULL,
        period varchar(7) NOT NULL,
        part varchar(6) NOT NULL,
        gate_revision integer NOT NULL DEFAULT 0,
        released_revision integer NOT NULL DEFAULT 0,
        waits_for jsonb,
        PRIMARY KEY (tenant, branch, period, part)
    """,
}


def upgrade() -> None:
    """Make the tables."""
    create_service_schema("gib_gateway")
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE gib_gateway.{table} ({columns})")
        protect("gib_gateway", table)
    op.execute("CREATE INDEX submission_due ON gib_gateway.submission (next_at) WHERE next_at IS NOT NULL")
