"""The portal, put together."""

from datetime import timedelta

from defterhane.events import EVENTS
from defterhane.house import House
from defterhane.service import Consumer, Service
from portal.access import access_router
from portal.accounts import Accounts
from portal.api import api_router
from portal.consumers import BOARD, Reader
from portal.feed import Feed
from portal.office import Office
from portal.pages import pages_router
from portal.settings import PortalSettings


def build(house: House, settings: PortalSettings) -> Service:
    """The service."""
    database = house.database("portal")
    office = Office(
        house=house,
        settings=settings,
        database=database,
        accounts=Accounts(database, settings),
        feed=Feed(database, settings.feed_seconds, timedelta(hours=settings.change_hours)),
    )
    return Service(
        "portal",
        # Facts join alike in any order, so several may be read at once.
        consumers=(Consumer(BOARD, tuple(EVENTS.values()), Reader(database).handle, concurrency=2),),
        tasks=(office.feed.run,),
        routers=(api_router(office), access_router(office), pages_router(office)),
    )
