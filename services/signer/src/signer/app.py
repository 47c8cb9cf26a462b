"""The signer, put together."""

from typing import Final

from defterhane.events import DocumentValidated, FilingReleased, SignatureRequested
from defterhane.house import House
from defterhane.service import Consumer, Service
from signer.consumers import DOCUMENTS, RELEASES, REQUESTS, Consumers
from signer.ring import open_ring
from signer.settings import SignerSettings

NAME: Final = "signer"


def build(house: House, settings: SignerSettings) -> Service:
    """The service."""
    route = settings.signer_name
    consumers = Consumers(house, open_ring(settings, house.clock), route)
    return Service(
        NAME,
        consumers=(
            Consumer(DOCUMENTS, (DocumentValidated,), consumers.documents, route, settings.signer_concurrency),
            Consumer(REQUESTS, (SignatureRequested,), consumers.requests, route, settings.signer_concurrency),
            Consumer(RELEASES, (FilingReleased,), consumers.releases, route),
        ),
        tasks=(consumers.try_refused_again,),
    )
