"""What the portal's rooms share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from defterhane.db import Database, Transaction
from defterhane.house import House
from portal.accounts import Accounts, Principal
from portal.feed import Feed
from portal.settings import PortalSettings


@dataclass(frozen=True)
class Office:
    """Means of the API and the pages."""

    house: House
    settings: PortalSettings
    database: Database
    accounts: Accounts
    feed: Feed


@asynccontextmanager
async def scope(database: Database, principal: Principal) -> AsyncIterator[Transaction]:
    """A transaction that sees what somebody may see: the database itself hides other tenants' rows."""
    if principal.tenant is None:
        async with database.system() as tx:
            yield tx
    else:
        async with database.tenant(principal.tenant) as tx:
            yield tx
