"""The tables that every service has in its schema: outbox, inbox, lease."""

from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)


@cache
def service_metadata(schema: str) -> MetaData:
    """The metadata of one service's tables, which lie in the schema named like it.

    Use it as `class Base(DeclarativeBase): metadata = service_metadata("converter")`.
    """
    metadata = MetaData(schema=schema)
    Table(  # events that wait to be published, written in the transaction that made them true
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("event_id", Uuid, nullable=False),
        Column("tenant", String(11), nullable=False),
        Column("subject", Text, nullable=False),
        Column("envelope", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("published_at", DateTime(timezone=True)),
        UniqueConstraint("event_id"),
        Index("outbox_waiting", "subject", "id", postgresql_where=text("published_at IS NULL")),
    )
    Table(  # which consumer has done with which event
        "inbox",
        metadata,
        Column("consumer", String(80), primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("tenant", String(11), nullable=False),
        Column("done_at", DateTime(timezone=True), nullable=False),
    )
    Table(  # who works on what, until when; the token grows with each holder: a fence against the late
        "lease",
        metadata,
        Column("key", Text, primary_key=True),
        Column("token", BigInteger, nullable=False),
        Column("expires_at", DateTime(timezone=True)),
    )
    return metadata
