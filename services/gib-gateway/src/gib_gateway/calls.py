"""One call to GİB: the signature is attached, the message sent, the answer kept, and what follows from it done.

Before a message leaves, a transaction commits that it may have: whoever dies afterwards asks GİB first.
"""

import asyncio
import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography import x509
from prometheus_client import Counter
from sqlalchemy import select

from defterhane.db.database import Database, Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.events.models import ObjectRef, SignatureMade
from defterhane.house import House
from defterhane.log import logger
from defterhane.service import Received
from defterhane.soap import wsse
from defterhane.soap.errors import BadSecurity
from defterhane.soap.names import Operation
from defterhane.work import once
from gib_gateway import client, records
from gib_gateway.answers import Answer, Given, Lost, NotSent
from gib_gateway.approval import Sent, examine
from gib_gateway.breaker import Breaker
from gib_gateway.decisions import Decision, Situation, decide, not_believed
from gib_gateway.line import Line, Reply
from gib_gateway.models import Exchange, Message
from gib_gateway.outcomes import apply, keep, label
from gib_gateway.patience import Patience
from gib_gateway.records import Claim
from gib_gateway.settings import GatewaySettings
from gib_gateway.states import State
from gib_gateway.turns import postpone

_log = logger(__name__)

CONSUMER: Final = "gib_gateway.signatures"
_FRESH: Final = timedelta(seconds=30)
"""A message that holds for less may be too old when it arrives."""
_MARGIN: Final = 30.0
"""Seconds beyond a call's time after which its document is looked at again."""

CALLS: Final = Counter("defterhane_gib_calls_total", "Calls to GİB, by how they ended", ["operation", "outcome"])


@dataclass(frozen=True, slots=True)
class _Begun:
    """A call that is being made."""

    claim: Claim
    exchange: UUID
    situation: Situation
    sent: Sent | None
    """What an approved berat will be compared with."""


class Calls:
    """Makes the calls to GİB."""

    def __init__(
        self, house: House, database: Database, settings: GatewaySettings, line: Line, breaker: Breaker
    ) -> None:
        self._house = house
        self._database = database
        self._settings = settings
        self._line = line
        self._breaker = breaker
        self._patience = Patience.of(settings)

    @cached_property
    def _roots(self) -> list[bytes]:
        return [Path(path).read_bytes() for path in self._settings.gib_roots]

    async def make(self, received: Received, made: SignatureMade) -> None:
        """Make the call whose signature has come; nothing happens where its message is no longer wanted."""
        async with self._database.tenant(made.tenant) as tx:
            message = await _message(tx, made.request_id)
            if message is None:
                return
            now = tx.now()
            blocked = self._breaker.blocked_until(now)
            if blocked is not None or message.expires_at - now < _FRESH:
                await _compose_anew(tx, message, blocked or now)
                return
        try:
            signed = await asyncio.to_thread(self._attach, message.envelope, made)
        except BadSecurity as error:
            await self.refuse(received, made.request_id, error.problem)
            return
        request = await self._house.objects.put_bytes(made.tenant, signed)
        begun = await self._begin(received, made.request_id, request)
        if begun is not None:
            await self._call(begun, signed)

    async def refuse(self, received: Received, request_id: str, problem: Problem) -> None:
        """The signer will not sign, or has signed something else: the document waits, people are told."""
        async with once(self._database, CONSUMER, received) as tx:
            message = await _message(tx, request_id) if tx is not None else None
            if tx is None or message is None:
                return
            one = await records.take(tx, Claim(message.submission_id, message.tenant, message.turn))
            await records.drop_message(tx, message.submission_id)
            if one is not None:
                await postpone(tx, one, problem, self._patience, at_once=True)

    def _attach(self, envelope: bytes, made: SignatureMade) -> bytes:
        try:
            value = base64.b64decode(made.signature_value, validate=True)
            certificates = [x509.load_der_x509_certificate(base64.b64decode(item)) for item in made.certificates]
        except ValueError as error:
            raise BadSecurity(why="the signer's answer is not base64 of a certificate") from error
        if not certificates:
            raise BadSecurity(why="the signer's answer has no certificate")
        return wsse.attach(
            envelope,
            signed_info=made.signed_info.encode(),
            signature_value=value,
            certificates=certificates,
            token=self._settings.token_type,
        )

    async def _begin(self, received: Received, request_id: str, request: ObjectRef) -> _Begun | None:
        async with once(self._database, CONSUMER, received) as tx:
            message = await _message(tx, request_id) if tx is not None else None
            if tx is None or message is None:
                return None
            one = await records.take(tx, Claim(message.submission_id, message.tenant, message.turn))
            await records.drop_message(tx, message.submission_id)
            if one is None:
                return None
            exchange = Exchange(
                id=self._house.new_id(),
                tenant=one.tenant,
                submission_id=one.id,
                package=one.package,
                operation=message.operation,
                attempt=await records.attempts(tx, one.id, message.asks) + 1,
                package_sha256=message.package_sha256,
                request=request.model_dump(mode="json"),
                began_at=tx.now(),
            )
            tx.session.add(exchange)
            situation = Situation(
                operation=message.asks,
                kind=DocumentKind(one.kind),
                package=one.package,
                announced=one.announced,
                sent_before=message.package_sha256 is not None
                and await records.was_sent(tx, one.id, message.package_sha256, but=exchange.id),
                failures=one.failures,
                polls=one.polls,
            )
            if message.asks is Operation.SEND:
                one.go(State.ASKING, None, tx.now())
            one.turn += 1
            one.next_at = tx.now() + timedelta(seconds=self._settings.gib_call_seconds + _MARGIN)
            ledger = await records.ledger_of(tx, one)
            value = ledger.signature_value if ledger is not None else ""
            sent = Sent(one.document.name, one.unique_id, one.signature_value, value)
            return _Begun(Claim(one.id, one.tenant, one.turn), exchange.id, situation, sent)

    async def _call(self, begun: _Begun, signed: bytes) -> None:
        operation = begun.situation.operation
        self._breaker.called(self._house.clock())
        reply = await self._line.call(operation, signed)
        answer, status, response = await self._read(begun, reply)
        if isinstance(answer, Lost | NotSent):
            self._breaker.failed(self._house.clock())
        else:
            self._breaker.answered()
        CALLS.labels(operation.value, label(answer)).inc()
        decision, approved = await self._follow(begun, answer)
        async with self._database.tenant(begun.claim.tenant) as tx:
            await keep(tx, begun.exchange, answer, status, response)
            one = await records.take(tx, begun.claim)
            if one is None:
                _log.warning("call.overtaken", package=begun.situation.package, operation=operation.value)
                return
            await apply(tx, one, decision, approved)

    async def _read(self, begun: _Begun, reply: Reply | Lost | NotSent) -> tuple[Answer, int | None, ObjectRef | None]:
        if not isinstance(reply, Reply):
            return reply, None, None
        response = await self._house.objects.put_bytes(begun.claim.tenant, reply.body)
        answer = await asyncio.to_thread(
            client.read_answer,
            begun.situation.operation,
            reply.status,
            reply.body,
            limit=self._settings.gib_answer_limit,
        )
        return answer, reply.status, response

    async def _follow(self, begun: _Begun, answer: Answer) -> tuple[Decision, ObjectRef | None]:
        if isinstance(answer, Given):
            assert begun.sent is not None
            found = await self._house.pool.run(
                examine,
                answer.name,
                answer.package,
                sent=begun.sent,
                roots=self._roots,
                limit=self._settings.gib_document_limit,
                scratch=self._settings.scratch,
            )
            if isinstance(found, Problem):
                return not_believed(begun.situation, found), None
            approved = await self._house.objects.put_bytes(begun.claim.tenant, found)
            return decide(begun.situation, answer, self._settings.gib_status_codes, self._patience), approved
        return decide(begun.situation, answer, self._settings.gib_status_codes, self._patience), None


async def _message(tx: Transaction, request_id: str) -> Message | None:
    try:
        wanted = UUID(request_id)
    except ValueError:  # not one of ours
        return None
    return await tx.session.scalar(select(Message).where(Message.request_id == wanted))


async def _compose_anew(tx: Transaction, message: Message, when: datetime) -> None:
    one = await records.take(tx, Claim(message.submission_id, message.tenant, message.turn))
    await records.drop_message(tx, message.submission_id)
    if one is not None:
        one.next_at = when
