"""The validator, put together."""

from defterhane.events import DocumentWritten
from defterhane.house import House
from defterhane.service import Consumer, Service
from validator.consumers import DOCUMENTS, Checker
from validator.settings import ValidatorSettings


def build(house: House, settings: ValidatorSettings) -> Service:
    """The service."""
    checker = Checker(house, settings)
    return Service(
        "validator",
        consumers=(Consumer(DOCUMENTS, (DocumentWritten,), checker.handle, concurrency=settings.processes),),
    )
