"""The validator, put together."""

from defterhane.events import BeratApproved, ConversionWithdrawn, DocumentSigned, DocumentWritten
from defterhane.house import House
from defterhane.service import Consumer, Service
from validator.authority.service import Authority
from validator.consumers import DOCUMENTS, REVISIONS, SIGNED, Checker, Notes
from validator.settings import ValidatorSettings


def build(house: House, settings: ValidatorSettings) -> Service:
    """The service."""
    authority = Authority(settings)
    checker = Checker(house, settings, authority)
    notes = Notes(house)
    return Service(
        "validator",
        consumers=(
            Consumer(DOCUMENTS, (DocumentWritten,), checker.handle, concurrency=settings.processes),
            Consumer(SIGNED, (DocumentSigned,), notes.signed),
            Consumer(REVISIONS, (BeratApproved, ConversionWithdrawn), notes.revisions),
        ),
        tasks=(authority.watch,),
    )
