"""Events in: every event is joined into the read model in one transaction with its inbox row."""

from typing import Final

from defterhane.db import Database
from defterhane.events import SignatureRequested
from defterhane.service import Received
from defterhane.work import once
from portal.store import take

BOARD: Final = "portal.board"


class Reader:
    """Handles all events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def handle(self, received: Received) -> None:
        """Add one event to what is known."""
        if isinstance(received.event, SignatureRequested):
            return  # its answer tells how it went
        async with once(self._database, BOARD, received) as tx:
            if tx is not None:
                await take(tx, received.envelope)
