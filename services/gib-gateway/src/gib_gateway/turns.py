"""One step of one submission: judge whether it may go, make its next message, ask the signer for a signature."""

import asyncio
import hashlib
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from lxml import etree
from sqlalchemy.dialects.postgresql import insert

from defterhane.db.database import Database, Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period
from defterhane.errors import CallOperator, DefterhaneError, Problem
from defterhane.events.models import FilingHeld, ObjectRef, SignatureRequested
from defterhane.house import House
from defterhane.soap import wsse
from defterhane.soap.names import Operation
from defterhane.tenancy import get_tenant
from defterhane.tenant import Tenant
from gib_gateway import client, records
from gib_gateway.breaker import Breaker
from gib_gateway.errors import AtGate, MonthBeforeOpen, OlderAtGib, SignerSilent
from gib_gateway.models import Message, Submission
from gib_gateway.order import Wait, what_it_waits_for
from gib_gateway.packaging import package
from gib_gateway.patience import Patience
from gib_gateway.records import Claim
from gib_gateway.settings import GatewaySettings
from gib_gateway.states import OPERATIONS, State

_NOT_LOOKED_AT: Final = (Wait.SIBLING, Wait.OLDER, Wait.RIVAL)
"""What a person is not asked about yet: it is not whole, or it may not count."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be composed."""

    operation: Operation
    package: str
    documents: dict[str, ObjectRef]
    """What goes into the package, by name: only where one is sent."""


@dataclass(frozen=True, slots=True)
class _Composed:
    envelope: bytes
    references: wsse.References
    expires_at: datetime
    package_sha256: str | None


class Turns:
    """Takes submissions one step further."""

    def __init__(self, house: House, database: Database, settings: GatewaySettings, breaker: Breaker) -> None:
        self._house = house
        self._database = database
        self._settings = settings
        self._breaker = breaker
        self._patience = Patience.of(settings)

    async def take(self, claim: Claim) -> None:
        """Take a claimed submission one step further; what goes wrong makes it wait and is told."""
        try:
            task = await self._judge(claim)
            if task is not None:
                await self._ask_signer(claim, task, await self._compose(claim.tenant, task))
        except DefterhaneError as error:
            await self._postpone(claim, error)

    async def _judge(self, claim: Claim) -> _Task | None:
        async with self._database.tenant(claim.tenant) as tx:
            one = await records.take(tx, claim)
            if one is None:
                return None
            if one.state == State.WAITING:
                tenant = await get_tenant(tx, one.tenant)
                if not await _may_go(tx, one, tenant):
                    return None
                one.go(State.SENDING, one.next_at, tx.now())
            if (blocked := self._breaker.blocked_until(tx.now())) is not None:
                one.next_at = blocked
                return None
            operation = OPERATIONS.get(State(one.state))
            if operation is None:
                one.next_at = None
                return None
            documents = await self._documents(tx, one) if operation is Operation.SEND else {}
            return _Task(operation, one.package, documents)

    async def _documents(self, tx: Transaction, one: Submission) -> dict[str, ObjectRef]:
        documents = {one.document.name.file("xml"): one.stored}
        if self._settings.gib_package_with_ledger and DocumentKind(one.kind).is_berat:
            ledger = await records.ledger_of(tx, one)
            if ledger is not None:
                name = one.document.model_copy(update={"kind": DocumentKind(ledger.kind)}).name
                documents[name.file("xml")] = ObjectRef.model_validate(ledger.object)
        return documents

    async def _compose(self, tenant: str, task: _Task) -> _Composed:
        async with AsyncExitStack() as stack:
            paths = {
                name: await stack.enter_async_context(self._house.objects.fetch(tenant, stored))
                for name, stored in task.documents.items()
            }
            return await asyncio.to_thread(self._prepare, task, paths)

    def _prepare(self, task: _Task, paths: dict[str, Path]) -> _Composed:
        sha256 = None
        envelope: etree._Element
        if task.operation is Operation.SEND:
            content = package(paths, limit=self._settings.gib_package_limit)
            sha256 = hashlib.sha256(content).hexdigest()
            envelope = client.send_document(f"{task.package}.zip", content)
        elif task.operation is Operation.STATUS:
            envelope = client.get_status(task.package)
        else:
            envelope = client.receive_document(task.package)
        now = self._house.clock()
        prepared = wsse.prepare(envelope, now=now, message_id=self._house.new_id())
        return _Composed(prepared, wsse.references(prepared), now + wsse.LIFE, sha256)

    async def _ask_signer(self, claim: Claim, task: _Task, composed: _Composed) -> None:
        request_id = self._house.new_id()
        async with self._database.tenant(claim.tenant) as tx:
            one = await records.take(tx, claim)
            if one is None:
                return
            tenant = await get_tenant(tx, one.tenant)
            if await records.drop_message(tx, one.id):  # the one before has not been signed in time
                one.failures += 1
                if one.failures >= self._patience.tell_after:
                    await records.tell(tx, one, SignerSilent(signer=tenant.signer).problem)
            message = {
                "submission_id": one.id,
                "request_id": request_id,
                "tenant": one.tenant,
                "operation": task.operation.value,
                "turn": one.turn,
                "envelope": composed.envelope,
                "package_sha256": composed.package_sha256,
                "expires_at": composed.expires_at,
            }
            await tx.session.execute(insert(Message).values(**message))
            one.next_at = tx.now() + timedelta(seconds=self._patience.signature(one.failures))
            request = SignatureRequested(request_id=str(request_id), tenant=one.tenant, references=composed.references)
            await tx.publish(request, route=tenant.signer)

    async def _postpone(self, claim: Claim, error: DefterhaneError) -> None:
        async with self._database.tenant(claim.tenant) as tx:
            one = await records.take(tx, claim)
            if one is not None:
                at_once = isinstance(error, CallOperator)
                await postpone(tx, one, error.problem, self._patience, at_once=at_once)


async def postpone(
    tx: Transaction, one: Submission, problem: Problem, patience: Patience, *, at_once: bool = False
) -> None:
    """Make a submission wait in its state after a failure of ours; people are told at once, or after several."""
    one.next_at = tx.now() + timedelta(seconds=patience.retry(one.failures))
    one.failures += 1
    one.problem = problem.model_dump(mode="json")
    if at_once or one.failures >= patience.tell_after:
        await records.tell(tx, one, problem)


async def _may_go(tx: Transaction, one: Submission, tenant: Tenant) -> bool:
    """Judge a waiting submission; where it may not go, it waits for something to happen."""
    previous = Period.parse(one.period).previous
    month = await records.month_of(tx, one.tenant, one.branch, one.period)
    before = await records.month_of(tx, one.tenant, one.branch, str(previous))
    wait = what_it_waits_for(records.filed(one), month, before)
    if wait is not None:
        one.next_at = None
    if wait is Wait.OLDER:
        await records.tell(tx, one, OlderAtGib().problem)
    if wait in _NOT_LOOKED_AT:
        return False
    if not await _gate_is_open(tx, one, tenant):
        one.next_at = None
        return False
    if wait is Wait.MONTH_BEFORE:
        await records.tell(tx, one, MonthBeforeOpen(before=previous).problem)
    elif wait is None:
        await records.untell(tx, one)
    return wait is None


async def _gate_is_open(tx: Transaction, one: Submission, tenant: Tenant) -> bool:
    """A person lets a part's berats go once; the report follows without being asked for again."""
    if "submit" not in tenant.gates or not DocumentKind(one.kind).is_berat:
        return True
    hold = await records.hold_of(tx, one)
    if hold.released_revision >= one.revision:
        return True
    if hold.gate_revision < one.revision:
        hold.gate_revision = one.revision
        await tx.publish(FilingHeld(filing=one.filing, gate="submit", reason=AtGate().problem))
    return False
