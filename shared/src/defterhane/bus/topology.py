"""Which queue gets which events: the whole topology in one table, known to every process.

It is declared wholly by whoever starts first, so that no event is lost because its reader has never run yet.
"""

from dataclasses import dataclass
from typing import Final

from defterhane.events.envelope import ANY_ROUTE, Envelope
from defterhane.events.models import (
    EVENTS,
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionFailed,
    ConversionMade,
    ConversionRequested,
    ConversionWithdrawn,
    DocumentRejected,
    DocumentSigned,
    DocumentValidated,
    DocumentWritten,
    Event,
    FileReceived,
    FileRefused,
    FilingHeld,
    FilingReleased,
    MonthClosed,
    ReportAccepted,
    SignatureMade,
    SignatureRefused,
    SignatureRequested,
)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue (durable; each event in it is handled once) and the events that it gets."""

    name: str
    events: tuple[type[Event], ...]
    routed: bool = False
    """One queue per route, `<name>.<route>`: a signer gets its own tenants' events only."""

    def wants(self, envelope: Envelope) -> bool:
        """Whether an envelope belongs into it."""
        return any(event.type == envelope.type for event in self.events) and (
            not self.routed or envelope.route != ANY_ROUTE
        )

    def physical(self, route: str) -> str:
        """Its name on the carrier."""
        return f"{self.name}.{route}" if self.routed else self.name


QUEUES: Final[tuple[Queue, ...]] = (
    Queue(
        "ingest.answers",
        (FileRefused, ConversionFailed, ConversionMade, DocumentRejected, SignatureRefused, BeratRefused, FilingHeld),
    ),
    Queue("ingest.deliveries", (BeratApproved, MonthClosed)),
    Queue("converter.files", (FileReceived, ConversionRequested)),
    Queue("converter.releases", (FilingReleased,)),
    Queue("converter.signed", (DocumentSigned,)),
    Queue("converter.rejected", (DocumentRejected,)),
    Queue("converter.berats", (BeratSent, BeratApproved, BeratRefused)),
    Queue("validator.documents", (DocumentWritten,)),
    Queue("validator.signed", (DocumentSigned,)),
    Queue("validator.revisions", (BeratApproved, ConversionWithdrawn)),
    Queue("signer.documents", (DocumentValidated,), routed=True),
    Queue("signer.requests", (SignatureRequested,), routed=True),
    Queue("signer.releases", (FilingReleased,), routed=True),
    Queue("gib_gateway.documents", (DocumentSigned,)),
    Queue("gib_gateway.signatures", (SignatureMade, SignatureRefused)),
    Queue("gib_gateway.releases", (FilingReleased,)),
    Queue("gib_gateway.withdrawals", (ConversionWithdrawn,)),
    Queue("archive.documents", (DocumentSigned, BeratApproved, ReportAccepted, ConversionWithdrawn)),
    Queue("portal.board", tuple(EVENTS.values())),
)


def queues_for(envelope: Envelope) -> list[str]:
    """The carrier's names of the queues that an envelope belongs into."""
    return [queue.physical(envelope.route) for queue in QUEUES if queue.wants(envelope)]


def queue_named(name: str) -> Queue:
    """The queue of that name.

    Raises:
        KeyError: the topology has none.
    """
    for queue in QUEUES:
        if queue.name == name:
            return queue
    raise KeyError(name)
