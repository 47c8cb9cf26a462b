"""The archive, put together."""

from archive.consumers import DOCUMENTS, Archivist
from archive.settings import ArchiveSettings
from archive.store import ArchiveStore
from defterhane.events import BeratApproved, ConversionWithdrawn, DocumentSigned, ReportAccepted
from defterhane.house import House
from defterhane.objects import open_backend
from defterhane.service import Consumer, Service


def build(house: House, settings: ArchiveSettings) -> Service:
    """The service."""
    archivist = Archivist(house, ArchiveStore(open_backend(settings, settings.archive_url)))
    events = (DocumentSigned, BeratApproved, ReportAccepted, ConversionWithdrawn)
    return Service("archive", consumers=(Consumer(DOCUMENTS, events, archivist.handle, concurrency=2),))
