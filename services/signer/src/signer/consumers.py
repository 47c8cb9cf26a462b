"""What the signer does with the events it gets."""

import asyncio
from typing import Final

from defterhane.db import Transaction
from defterhane.errors import Busy, DefterhaneError, TryLater
from defterhane.events import (
    DocumentSigned,
    DocumentValidated,
    FilingReleased,
    SignatureMade,
    SignatureRefused,
    SignatureRequested,
)
from defterhane.house import House
from defterhane.log import logger
from defterhane.service import Received
from defterhane.tenancy import find_tenant, get_tenant
from defterhane.work import lease, work
from defterhane.xades import wsse_signed_info
from defterhane.xades.algorithms import one_line
from signer import waiting
from signer.ring import KeyRing
from signer.signing import Order, Refusal, Signing, keep_object
from signer.tokens.session import der

DOCUMENTS: Final = "signer.documents"
REQUESTS: Final = "signer.requests"
RELEASES: Final = "signer.releases"

_log = logger(__name__)


class Consumers:
    """The handlers, with what they need."""

    def __init__(self, house: House, ring: KeyRing, name: str) -> None:
        self._house = house
        self._database = house.database("signer")
        self._ring = ring
        self._signing = Signing(house, ring)
        self._name = name

    async def documents(self, received: Received) -> None:
        """Sign a validated document, or hold it at the gate."""
        event = received.event
        assert isinstance(event, DocumentValidated)
        order = Order(event.document, event.object, event.body_sha256)
        async with work(self._database, DOCUMENTS, received, key=order.key) as job:
            if job is None:
                return
            async with self._database.tenant(order.tenant) as tx:
                waits = await self._waits_at_gate(tx, order)
            outcome = None if waits else await self._signing.sign(order)
            async with job.commit() as tx:
                await waiting.lock_month(tx, order.document.filing.month_key)
                if outcome is not None:
                    await self._finish(tx, order, outcome)
                elif await waiting.is_released(tx, order.document):
                    raise Busy(what=order.key)  # released this very moment: the next try signs it
                else:
                    await waiting.hold(tx, order)

    async def releases(self, received: Received) -> None:
        """Sign what waits of a released month: at the gate, or after a refusal."""
        event = received.event
        assert isinstance(event, FilingReleased)
        if event.gate != "sign":
            return
        month_key = event.filing.month_key
        async with work(self._database, RELEASES, received, key=f"release/{month_key}") as job:
            if job is None:
                return
            async with self._database.tenant(event.tenant_id) as tx:
                await waiting.lock_month(tx, month_key)
                orders = await waiting.release(tx, event.tenant_id, month_key, event.by)
            outcomes = [(order, await self._signing.sign(order)) for order in orders]
            async with job.commit() as tx:
                for order, outcome in outcomes:
                    await self._finish(tx, order, outcome)

    async def requests(self, received: Received) -> None:
        """Sign a web-service message: the SignedInfo is built here, from Ids and digests."""
        event = received.event
        assert isinstance(event, SignatureRequested)
        async with work(self._database, REQUESTS, received, key=f"request/{event.request_id}") as job:
            if job is None:
                return
            answer = await self._answer(event)
            async with job.commit() as tx:
                await tx.publish(answer)

    async def try_refused_again(self, stop: asyncio.Event) -> None:
        """Once, after a start: other settings or another token may have taken the reason of a refusal away.

        Nobody is told again of what is refused once more for any reason.
        """
        async with self._database.system() as tx:
            orders = [order for order in await waiting.refused_of(tx) if await self._is_mine(tx, order)]
        for order in orders:
            if stop.is_set():
                return
            try:
                async with lease(self._database, order.key):
                    outcome = await self._signing.sign(order)
                    if isinstance(outcome, DocumentSigned):
                        async with self._database.tenant(order.tenant) as tx:
                            await self._finish(tx, order, outcome)
            except (TryLater, OSError) as error:
                _log.info("refused.still_waiting", document=str(order.document.name), error=repr(error))

    async def _waits_at_gate(self, tx: Transaction, order: Order) -> bool:
        tenant = await find_tenant(tx, order.tenant)
        return tenant is not None and "sign" in tenant.gates and not await waiting.is_released(tx, order.document)

    async def _is_mine(self, tx: Transaction, order: Order) -> bool:
        tenant = await find_tenant(tx, order.tenant)
        return tenant is not None and tenant.signer == self._name

    async def _finish(self, tx: Transaction, order: Order, outcome: DocumentSigned | Refusal) -> None:
        if isinstance(outcome, Refusal):
            _log.warning("document.refused", document=str(order.document.name), key=outcome.problem.key)
            await waiting.refuse(tx, order, outcome.problem)
            return
        await keep_object(tx, order, outcome.object)
        await waiting.forget(tx, order)
        await tx.publish(outcome)

    async def _answer(self, event: SignatureRequested) -> SignatureMade | SignatureRefused:
        try:
            async with self._database.tenant(event.tenant) as tx:
                tenant = await get_tenant(tx, event.tenant)
            key = await self._ring.key_for(tenant)
            info = wsse_signed_info(event.references, key.algorithm)
            value = await key.sign(info)
        except TryLater:
            raise
        except DefterhaneError as error:
            return SignatureRefused(tenant=event.tenant, request_id=event.request_id, problem=error.problem)
        return SignatureMade(
            request_id=event.request_id,
            tenant=event.tenant,
            signed_info=info.decode("ascii"),
            signature_value=one_line(value),
            certificates=tuple(one_line(der(one)) for one in (key.certificate, *key.chain)),
        )
