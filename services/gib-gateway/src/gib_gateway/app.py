"""The composition root."""

from datetime import timedelta

from defterhane.events.models import (
    ConversionWithdrawn,
    DocumentSigned,
    FilingReleased,
    SignatureMade,
    SignatureRefused,
)
from defterhane.house import House
from defterhane.service import Consumer, Service
from gib_gateway.breaker import Breaker
from gib_gateway.calls import CONSUMER as SIGNATURES
from gib_gateway.calls import Calls
from gib_gateway.consumers import DOCUMENTS, RELEASES, WITHDRAWALS, Consumers
from gib_gateway.line import Line
from gib_gateway.poller import Poller
from gib_gateway.settings import GatewaySettings
from gib_gateway.turns import Turns

NAME = "gib_gateway"


def build(house: House, settings: GatewaySettings) -> Service:
    """The gateway, ready to run."""
    database = house.database(NAME)
    breaker = Breaker(
        failures=settings.gib_tell_after,
        pause=timedelta(seconds=settings.gib_retry_seconds),
        longest=timedelta(seconds=settings.gib_retry_longest),
    )
    calls = Calls(house, database, settings, Line(settings), breaker)
    consumers = Consumers(database, calls, house.new_id)
    poller = Poller(house, database, settings, breaker, Turns(house, database, settings, breaker))

    return Service(
        name=NAME,
        consumers=(
            Consumer(DOCUMENTS, (DocumentSigned,), consumers.documents),
            Consumer(
                SIGNATURES,
                (SignatureMade, SignatureRefused),
                consumers.signatures,
                concurrency=settings.gib_parallel,
            ),
            Consumer(RELEASES, (FilingReleased,), consumers.releases),
            Consumer(WITHDRAWALS, (ConversionWithdrawn,), consumers.withdrawals),
        ),
        tasks=(poller.run,),
    )
