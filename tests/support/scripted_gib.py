"""A GİB that answers as its guide says, or as a test has it: on a free port, inside the test's event loop."""

import asyncio
import base64
import io
import zipfile
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from lxml import etree

from defterhane.soap import wsse
from defterhane.soap.envelope import parse, payload
from defterhane.soap.names import SERVICE, SOAP, Operation
from defterhane.web import WebServer
from sandbox.ca import Credential
from support.gib_papers import counter_signed, trusted, zipped

PATH = "/edefter/services/EDefterWsPort"
_TYPE = "application/soap+xml; charset=utf-8"
WAITING, APPROVED, REJECTED = "1", "2", "3"


@dataclass
class Call:
    """One call, after its signature was verified."""

    operation: Operation
    package: str
    content: bytes
    content_type: str
    signer: str
    raw: bytes


@dataclass
class Uploaded:
    """A package that GİB has."""

    content: bytes
    polls: int = 0
    rejection: str | None = None


Move = Callable[["ScriptedGib", Call], Awaitable[Response]]


@dataclass
class ScriptedGib:
    """Moves in `script` are made first, each once; then calls are answered as documented."""

    seal: Credential
    approve_after: int = 1
    script: dict[Operation, deque[Move]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[Call] = field(default_factory=list)
    packages: dict[str, Uploaded] = field(default_factory=dict)
    reject: dict[str, str] = field(default_factory=dict)
    """paketID → reason."""
    approves_other: bytes | None = None
    """Give this, counter-signed, in place of what was sent."""
    url: str = ""

    def asked(self, operation: Operation, package: str | None = None) -> int:
        return sum(call.operation is operation and package in (None, call.package) for call in self.calls)

    @property
    def sent(self) -> list[str]:
        return [call.package for call in self.calls if call.operation is Operation.SEND]

    async def handle(self, request: Request) -> Response:
        raw = await request.body()
        certificate = wsse.verify(raw, now=datetime.now(UTC), roots=trusted())
        call = _read(raw, request.headers["content-type"], certificate.subject.rfc4514_string())
        self.calls.append(call)
        moves = self.script[call.operation]
        return await moves.popleft()(self, call) if moves else self.answer(call)

    def answer(self, call: Call) -> Response:
        """As documented."""
        known = self.packages.get(call.package)
        if call.operation is Operation.SEND:
            if known is not None and known.rejection is None:
                return fault("111")
            self.packages[call.package] = Uploaded(call.content)
            return ok(f"<w:sendDocumentFileResponse><return>{call.package} paketi işleme alındı</return>")
        if known is None:
            return fault("304" if call.operation is Operation.STATUS else "204")
        if call.operation is Operation.STATUS:
            known.polls += 1
            known.rejection = self.reject.get(call.package)
            return self.state(call.package, known)
        if known.polls <= self.approve_after:
            return fault("204")
        document = counter_signed(self.approves_other or _unzipped(known.content), self.seal, datetime.now(UTC))
        return given(f"GIB-{call.package}.zip", zipped((f"GIB-{call.package}.xml", document)))

    def state(self, package: str, known: Uploaded) -> Response:
        if known.rejection is not None:
            return state(package, REJECTED, f"Paket işlenirken hata oluştu. Hata : {known.rejection}")
        if known.polls > self.approve_after:
            return state(package, APPROVED, f"{package} paketi işlendi")
        return state(package, WAITING, f"{package} paketi kuyrukta")


@asynccontextmanager
async def scripted_gib(seal: Credential) -> AsyncIterator[ScriptedGib]:
    """A scripted GİB, listening."""
    gib = ScriptedGib(seal)
    app = FastAPI()
    app.add_api_route(PATH, gib.handle, methods=["POST"], response_model=None)
    server = WebServer(app, "127.0.0.1", 0)
    await server.start()
    gib.url = f"http://127.0.0.1:{server.port}{PATH}"
    try:
        yield gib
    finally:
        await server.stop()


def ok(content: str) -> Response:
    """A documented answer; the wrapper is closed here."""
    wrapper = content[1 : content.index(">")]
    body = f'<s:Body xmlns:w="{SERVICE}">{content}</{wrapper}></s:Body>'
    return Response(f'<s:Envelope xmlns:s="{SOAP}">{body}</s:Envelope>'.encode(), media_type=_TYPE)


def state(package: str, code: str, text: str) -> Response:
    durum = f"<durumAciklama>{text}</durumAciklama><durumKodu>{code}</durumKodu><paketKimligi>{package}</paketKimligi>"
    return ok(f"<w:getBatchStatusResponse><durum>{durum}</durum>")


def given(name: str, content: bytes) -> Response:
    data = base64.b64encode(content).decode()
    attachment = f"<Attachment><fileName>{name}</fileName><binaryData>{data}</binaryData></Attachment>"
    return ok(f"<w:receiveDocumentFileResponse>{attachment}")


def fault(code: str, text: str = "hata") -> Response:
    body = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>'
        f'<s:Reason><s:Text xml:lang="tr">{code} - {text}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>'
    )
    return Response(body.encode(), status_code=500, media_type=_TYPE)


def faults(code: str, text: str = "hata") -> Move:
    """Answer with a fault; nothing else happens."""

    async def move(_gib: ScriptedGib, _call: Call) -> Response:
        return fault(code, text)

    return move


def answers(response: Response) -> Move:
    """Answer with this; nothing else happens."""

    async def move(_gib: ScriptedGib, _call: Call) -> Response:
        return response

    return move


def takes_it_and_hangs(seconds: float) -> Move:
    """Do as asked, but answer too late."""

    async def move(gib: ScriptedGib, call: Call) -> Response:
        response = gib.answer(call)
        await asyncio.sleep(seconds)
        return response

    return move


def hangs(seconds: float) -> Move:
    """Do nothing, for long."""

    async def move(_gib: ScriptedGib, _call: Call) -> Response:
        await asyncio.sleep(seconds)
        return Response(status_code=503)

    return move


def floods(chunks: int) -> Move:
    """An endless answer."""

    async def move(_gib: ScriptedGib, _call: Call) -> Response:
        async def body() -> AsyncIterator[bytes]:
            for _ in range(chunks):
                yield b"<" + b"a" * 65_535

        return StreamingResponse(body(), media_type=_TYPE)

    return move


def _read(raw: bytes, content_type: str, signer: str) -> Call:
    wrapper = payload(parse(raw, limit=len(raw)))
    operation = Operation(etree.QName(wrapper).localname)
    if operation is Operation.SEND:
        name = wrapper.findtext("Attachment/fileName") or ""
        content = base64.b64decode(wrapper.findtext("Attachment/binaryData") or "")
        return Call(operation, name.removesuffix(".zip"), content, content_type, signer, raw)
    package = wrapper.findtext("paketID" if operation is Operation.STATUS else "PaketID") or ""
    return Call(operation, package, b"", content_type, signer, raw)


def _unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(archive.namelist()[0])
