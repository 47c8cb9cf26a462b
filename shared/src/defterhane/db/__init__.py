"""State in Postgres: a schema per service, row-level security per tenant, outbox, inbox and leases."""

from defterhane.db.database import Database, Transaction, engine_for
from defterhane.db.tables import service_metadata

__all__ = ["Database", "Transaction", "engine_for", "service_metadata"]
