"""Events in: files to convert, months that may go on, documents signed or found invalid, and what GİB says of them."""

from collections.abc import Callable
from uuid import UUID

from converter.decided import take_note
from converter.following import find_next, go_on
from converter.models import Conversion, State
from converter.registering import register, waiting_for
from converter.rejecting import reject
from converter.working import Converter, Errand
from defterhane.db import Database, Transaction
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionRequested,
    DocumentRejected,
    DocumentSigned,
    FileReceived,
    FilingReleased,
)
from defterhane.house import House
from defterhane.log import logger
from defterhane.service import Consumer, Received
from defterhane.tenancy import get_tenant
from defterhane.work import once

FILES = "converter.files"
RELEASES = "converter.releases"
SIGNED = "converter.signed"
REJECTED = "converter.rejected"
BERATS = "converter.berats"

_log = logger(__name__)


class Files:
    """Files that have come, and files that somebody asks for."""

    def __init__(self, database: Database, converter: Converter, new_id: Callable[[], UUID]) -> None:
        self._database = database
        self._converter = converter
        self._new_id = new_id

    def consumer(self) -> Consumer:
        """The queue's readers."""
        return Consumer(FILES, (FileReceived, ConversionRequested), self.handle, concurrency=2)

    async def handle(self, received: Received) -> None:
        """Convert the file, unless its tenant wants to be asked first."""
        event = received.event
        assert isinstance(event, FileReceived | ConversionRequested)
        asked_for = isinstance(event, ConversionRequested)
        if not asked_for and not await self._is_automatic(event.tenant):
            return

        async def find(tx: Transaction) -> Conversion:
            return await register(tx, event, received.envelope.time, self._new_id())

        errand = Errand(event.branch, find, gated=not asked_for)
        await self._converter.run(received, FILES, errand)

    async def _is_automatic(self, tenant: str) -> bool:
        async with self._database.tenant(tenant) as tx:
            return (await get_tenant(tx, tenant)).automatic


class Releases:
    """Months that a person, or the month before, lets go on."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter

    def consumer(self) -> Consumer:
        """The queue's readers."""
        return Consumer(RELEASES, (FilingReleased,), self.handle, concurrency=2)

    async def handle(self, received: Received) -> None:
        """Convert what waits, if it waits for this."""
        event = received.event
        assert isinstance(event, FilingReleased)
        if event.gate not in ("convert", None):
            return

        async def find(tx: Transaction) -> Conversion | None:
            waiting = await waiting_for(tx, event.filing, event.gate)
            if waiting is not None and event.gate is not None and waiting.state == State.EARLY:
                waiting.begins = True
            return waiting

        errand = Errand(event.filing.branch, find, gated=False)
        await self._converter.run(received, RELEASES, errand)


class Signed:
    """Documents that have been signed: what comes next is written."""

    def __init__(self, house: House, database: Database) -> None:
        self._house = house
        self._database = database

    def consumer(self) -> Consumer:
        """The queue's readers."""
        return Consumer(SIGNED, (DocumentSigned,), self.handle, concurrency=4)

    async def handle(self, received: Received) -> None:
        """Write what comes next, once."""
        event = received.event
        assert isinstance(event, DocumentSigned)
        tenant = event.tenant_id
        async with self._database.tenant(tenant) as tx:
            following = await find_next(tx, event)
        stored = None
        if following.summary is not None:
            stored = await self._house.objects.put_bytes(tenant, following.summary.data)
        async with once(self._database, SIGNED, received) as tx:
            if tx is None:
                return
            await go_on(tx, event, following, stored)
        _log.info("document.followed", signed=str(event.document.name), next=following.kind)


class Rejections:
    """Documents that are not valid: their months are open again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def consumer(self) -> Consumer:
        """The queue's readers."""
        return Consumer(REJECTED, (DocumentRejected,), self.handle, concurrency=2)

    async def handle(self, received: Received) -> None:
        """Take the month's conversion back, once."""
        event = received.event
        assert isinstance(event, DocumentRejected)
        async with once(self._database, REJECTED, received) as tx:
            if tx is None:
                return
            state = await reject(tx, event.document)
        _log.info("document.rejected", rejected=str(event.document.name), conversion=state)


class Berats:
    """What GİB says of berats and reports: what may still be replaced follows from it."""

    def __init__(self, database: Database, new_id: Callable[[], UUID]) -> None:
        self._database = database
        self._new_id = new_id

    def consumer(self) -> Consumer:
        """The queue's readers."""
        return Consumer(BERATS, (BeratSent, BeratApproved, BeratRefused), self.handle, concurrency=2)

    async def handle(self, received: Received) -> None:
        """Take note of it, once."""
        event = received.event
        assert isinstance(event, BeratSent | BeratApproved | BeratRefused)
        async with once(self._database, BERATS, received) as tx:
            if tx is not None:
                await take_note(tx, event, received.envelope.time, self._new_id)
