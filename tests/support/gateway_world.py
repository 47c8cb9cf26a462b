"""A gateway at work for tests: real Postgres and bus, a signer, and a GİB that answers as documented or as told."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.errors import Problem
from defterhane.events import (
    ConversionWithdrawn,
    Document,
    DocumentSigned,
    Envelope,
    Event,
    Filing,
    SignatureMade,
    SignatureRefused,
    SignatureRequested,
)
from defterhane.host import Host
from defterhane.house import House
from defterhane.pools import ProcessPool
from defterhane.service import Consumer, Received, Service
from defterhane.tenancy import put_tenant
from defterhane.texts import Text
from defterhane.xades import SignatureAlgorithm, wsse_signed_info
from gib_gateway.app import build
from gib_gateway.settings import GatewaySettings
from sandbox.ca import Credential
from support.gib_client import Paper
from support.gib_papers import signed_paper, trusted_pem
from support.gib_wire import VKN, authority, sign
from support.scripted_gib import ScriptedGib, scripted_gib
from support.tenants import tenant

MONTH = "2025-01"
PROBLEM = Problem(key="signer.card_away", text=Text(tr="Kart takılı değil.", en="The card is not there."))


@dataclass
class Signer:
    """Answers as the signer service does; `refuses` so often, `wrong` so often, `silent` while it is set."""

    house: House
    seal: Credential
    refuses: int = 0
    wrong: int = 0
    silent: bool = False
    asked: list[SignatureRequested] = field(default_factory=list)

    async def handle(self, received: Received) -> None:
        request = received.event
        assert isinstance(request, SignatureRequested)
        self.asked.append(request)
        if self.silent:
            return
        async with self.house.database("archive").tenant(request.tenant) as tx:
            await tx.publish(self.answer(request))

    def answer(self, request: SignatureRequested) -> SignatureMade | SignatureRefused:
        """What it says to a request."""
        if self.refuses:
            self.refuses -= 1
            return SignatureRefused(tenant=request.tenant, request_id=request.request_id, problem=PROBLEM)
        info = wsse_signed_info(request.references, SignatureAlgorithm.RSA_SHA256)
        value = sign(info, self.seal)
        if self.wrong:
            self.wrong -= 1
            value = value[::-1]
        chain = (self.seal.certificate, *self.seal.chain)
        return SignatureMade(
            request_id=request.request_id,
            tenant=request.tenant,
            signed_info=info.decode(),
            signature_value=base64.b64encode(value).decode(),
            certificates=tuple(base64.b64encode(item.public_bytes(Encoding.DER)).decode() for item in chain),
        )


@dataclass
class World:
    """A house with a gateway and a signer, and GİB outside."""

    house: House
    gib: ScriptedGib
    signer: Signer
    settings: dict[str, Any]
    hosts: list[Host] = field(default_factory=list)

    async def start(self, **settings: Any) -> None:
        """Start one more process, as it were."""
        values = {**self.settings, **settings}
        service = build(self.house, GatewaySettings.model_validate(values))
        requests = Consumer("signer.requests", (SignatureRequested,), self.signer.handle, route="main")
        host = Host(self.house, [service, Service("archive", consumers=(requests,))])
        await host.start()
        self.hosts.append(host)

    async def stop(self) -> None:
        while self.hosts:
            host = self.hosts.pop()
            host.house = _Kept()  # type: ignore[assignment] — the house outlives this host
            await host.stop()

    async def tell(self, *events: Event) -> None:
        async with self.house.database("archive").tenant(VKN) as tx:
            for event in events:
                await tx.publish(event)

    async def sign(
        self,
        kind: DocumentKind,
        period: str = MONTH,
        part: str = "000000",
        revision: int = 1,
        branch: str | None = None,
        sequence: int = 1,
        **says: Any,
    ) -> DocumentSigned:
        """What the signer service says of a document; `says`: what a berat or report tells (see `Paper`)."""
        now = datetime.now(UTC)
        filing = Filing(tenant=VKN, period=period, part=part, branch=branch)
        document = Document(filing=filing, kind=kind, unique_id=unique_id(kind, period, sequence), revision=revision)
        value = f"{kind.book}{part}{revision}{period}"
        ledger_signature = base64.b64encode(value.encode().ljust(256, b"x")).decode()
        if kind.is_ledger:
            data, signature = value.encode(), ledger_signature
        else:
            paper = Paper(DocumentName.parse(str(document.name)), sequence, ledger_signature=ledger_signature, **says)
            signed = signed_paper(paper=paper, credential=self.signer.seal, now=now)
            data, signature = signed.data, signed.made.signature_value
        return DocumentSigned(
            document=document,
            object=await self.house.objects.put_bytes(VKN, data),
            signature_value=signature,
            signing_time=now,
            certificate_sha256="0" * 64,
        )

    async def file(self, *kinds: DocumentKind, **where: Any) -> None:
        await self.tell(*[await self.sign(kind, **where) for kind in kinds])

    async def events(self) -> list[Event]:
        """What the gateway has said, without its requests for signatures."""
        async with self.house.database("gib_gateway").system() as tx:
            rows = await tx.session.scalars(text("SELECT envelope FROM gib_gateway.outbox ORDER BY id"))
            events = [Envelope.model_validate_json(row).event for row in rows]
        return [event for event in events if not isinstance(event, SignatureRequested)]

    async def until(self, done: Callable[[list[Event]], object], seconds: float = 30) -> list[Event]:
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            events = await self.events()
            if done(events):
                return events
            assert asyncio.get_running_loop().time() < deadline, [event.model_dump() for event in events]
            await asyncio.sleep(0.03)

    async def rows(self, statement: str) -> list[Any]:
        async with self.house.database("gib_gateway").system() as tx:
            return list(await tx.session.execute(text(statement)))

    async def states(self) -> dict[str, str]:
        rows = await self.rows("SELECT kind, part, state FROM gib_gateway.submission ORDER BY revision")
        return {f"{row.kind}-{row.part}": row.state for row in rows}


class _Kept:
    async def close(self) -> None:
        """Stays open."""


def unique_id(kind: DocumentKind, period: str, sequence: int) -> str:
    return f"{kind.traits.unique_id_prefix}{period.replace('-', '')}{sequence:06}"


def name(kind: DocumentKind, period: str = MONTH, part: str = "000000", branch: str | None = None) -> str:
    tail = f"-{branch}" if branch else ""
    return f"{VKN}-{period.replace('-', '')}-{kind}-{part}{tail}"


def withdrawn(
    revision: int = 1, parts: tuple[str, ...] = ("000000",), period: str = MONTH, branch: str | None = None
) -> ConversionWithdrawn:
    """What the converter says of a conversion that does not count any more."""
    return ConversionWithdrawn(
        filing=Filing(tenant=VKN, period=period, branch=branch),
        file_id=f"file-{revision}",
        name=f"{VKN}-{period.replace('-', '')}.zip",
        revision=revision,
        parts=parts,
        reason=Problem(key="month.replaced", text=Text(tr="Yeni dosya geldi.", en="A new file has come.")),
    )


def having(kind: type[Event], count: int = 1) -> Callable[[list[Event]], bool]:
    return lambda events: sum(isinstance(event, kind) for event in events) >= count


def of(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@asynccontextmanager
async def open_world(house: House, pool: ProcessPool, tmp_path: Path) -> AsyncIterator[World]:
    """A world in which no gateway runs yet."""
    house = replace(house, pool=pool)
    now = datetime.now(UTC)
    roots = tmp_path / "roots.pem"
    roots.write_bytes(trusted_pem())
    async with house.database("tenancy").tenant(VKN) as tx:
        await put_tenant(tx, tenant(VKN))
    async with scripted_gib(authority().issue_gib(now)) as gib:
        settings = {
            **house.settings.model_dump(),
            "gib_endpoint": gib.url,
            "gib_roots": (roots,),
            "gib_tick_seconds": 0.02,
            "gib_poll_seconds": 0.05,
            "gib_poll_longest": 0.2,
            "gib_retry_seconds": 0.05,
            "gib_retry_longest": 0.2,
            "gib_hold_seconds": 0.3,
            "gib_call_seconds": 5,
            "gib_tell_after": 3,
        }
        signer = Signer(house, authority().issue_seal(VKN, "ÖRNEK", now=now))
        made = World(house, gib, signer, settings)
        yield made
        await made.stop()
