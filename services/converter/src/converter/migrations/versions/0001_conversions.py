"""Conversions, their parts and documents, and the numbers of fiscal years."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None

_NUMBERS = "entry bigint NOT NULL, line bigint NOT NULL, journal int NOT NULL, ledger int NOT NULL, report int NOT NULL"

_TABLES = {
    "conversion": """
        id uuid PRIMARY KEY,
        tenant varchar(11) NOT NULL,
        branch varchar(4) NOT NULL,
        period varchar(7) NOT NULL,
        part varchar(6) NOT NULL,
        year_start date NOT NULL,
        file_id text NOT NULL,
        name text NOT NULL,
        object jsonb NOT NULL,
        sha256 varchar(64) NOT NULL,
        state varchar(10) NOT NULL,
        registered_at timestamptz NOT NULL,
        revision int NOT NULL,
        created_on date,
        master jsonb,
        source_application text,
        UNIQUE (tenant, file_id)
    """,
    "part": """
        conversion_id uuid NOT NULL REFERENCES converter.conversion,
        part varchar(6) NOT NULL,
        tenant varchar(11) NOT NULL,
        start_day date NOT NULL,
        end_day date NOT NULL,
        totals jsonb NOT NULL,
        PRIMARY KEY (conversion_id, part)
    """,
    "document": """
        conversion_id uuid NOT NULL REFERENCES converter.conversion,
        part varchar(6) NOT NULL,
        kind varchar(2) NOT NULL,
        tenant varchar(11) NOT NULL,
        unique_id varchar(15) NOT NULL,
        object jsonb NOT NULL,
        body_sha256 varchar(64) NOT NULL,
        state varchar(10) NOT NULL,
        signed_object jsonb,
        signature_value text,
        PRIMARY KEY (conversion_id, part, kind)
    """,
    "fiscal_year": f"""
        tenant varchar(11) NOT NULL,
        branch varchar(4) NOT NULL,
        start date NOT NULL,
        {_NUMBERS},
        PRIMARY KEY (tenant, branch, start)
    """,
    "month_numbers": f"""
        tenant varchar(11) NOT NULL,
        branch varchar(4) NOT NULL,
        period varchar(7) NOT NULL,
        year_start date NOT NULL,
        {_NUMBERS},
        PRIMARY KEY (tenant, branch, period)
    """,
}


def upgrade() -> None:
    """Make the tables."""
    create_service_schema("converter")
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE converter.{name} ({columns})")
        protect("converter", name)
    op.execute(
        "CREATE UNIQUE INDEX conversion_made ON converter.conversion (tenant, branch, period) WHERE state = 'made'"
    )
    op.execute("CREATE INDEX conversion_month ON converter.conversion (tenant, branch, year_start, period)")
