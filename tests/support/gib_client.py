"""Driving the sandbox from outside: made-up signed berats and reports, a zeep client, a server on a free port."""

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
import zeep
from lxml import etree
from zeep.transports import Transport

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import format_kurus
from defterhane.edefter.names import DocumentName
from defterhane.edefter.vocabulary import NAMESPACES, TAX_ACCOUNTS
from defterhane.soap import wsse
from defterhane.soap.names import TokenType
from defterhane.xades import SoftwareKey, sign_file
from sandbox.ca import Credential
from support.gib_wire import algorithm_of, sign, signed_info

PATH = "/edefter/services/EDefterWsPort"


@dataclass
class Paper:
    """What a made-up berat or report says; `change` lets a test break it."""

    name: DocumentName
    sequence: int = 1
    start: str = ""
    end: str = ""
    created: str = ""
    totals: dict[str, int] = field(default_factory=lambda: {"391C": 40008, "191D": 20000, "600C": 200042})
    """Kuruş by account and side."""
    entries: int = 3
    size: str = "0.02"
    ledger_signature: str = "QUJD" * 86
    changes: tuple[tuple[str, str], ...] = ()

    def change(self, old: str, new: str) -> "Paper":
        self.changes = (*self.changes, (old, new))
        return self

    def xml(self) -> bytes:
        kind, period = self.name.kind, self.name.period
        traits = kind.traits
        start, end = self.start or period.first.isoformat(), self.end or period.last.isoformat()
        created = self.created or period.next.first.isoformat()
        text = _document(self, traits.root, traits.context_id, start, end, created)
        for old, new in self.changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text.encode()


def paper(text: str, **values: Any) -> Paper:
    """A paper by its name, such as `1234567808-202501-YB-000000`."""
    return Paper(DocumentName.parse(text), **values)


def signed(item: Paper, credential: Credential, folder: Path, now: datetime | None = None) -> bytes:
    """The signed document."""
    source, target = folder / f"{uuid4()}.xml", folder / f"{uuid4()}.xml"
    source.write_bytes(item.xml())
    key = SoftwareKey(credential.key, credential.certificate, credential.chain)
    sign_file(source, target, key, signing_time=now or datetime.now(UTC), new_id=uuid4)
    return target.read_bytes()


def zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Signing:
    """zeep's `wsse` object: signs messages as the gateway and a signer do together."""

    def __init__(self, credential: Credential, token: TokenType, now: datetime | None) -> None:
        self._credential, self._token, self._now = credential, token, now

    def apply(self, envelope: etree._Element, headers: Any) -> Any:
        prepared = wsse.prepare(envelope, now=self._now or datetime.now(UTC), message_id=uuid4())
        info = signed_info(wsse.references(prepared), algorithm_of(self._credential))
        message = wsse.attach(
            prepared,
            signed_info=info,
            signature_value=sign(info, self._credential),
            certificates=(self._credential.certificate, *self._credential.chain),
            token=self._token,
        )
        return etree.fromstring(message, etree.XMLParser(huge_tree=True)), headers

    def verify(self, _envelope: Any) -> None:
        """Answers are not signed."""


class GibClient:
    """A caller with a seal; raises zeep's Fault."""

    def __init__(
        self,
        url: str,
        credential: Credential,
        *,
        token: TokenType = TokenType.PKI_PATH,
        now: datetime | None = None,
        timeout: float = 30,
    ) -> None:
        client = zeep.Client(
            f"{url}{PATH}?wsdl",
            wsse=Signing(credential, token, now),
            transport=Transport(operation_timeout=timeout),
            settings=zeep.Settings(xml_huge_tree=True),
        )
        self._service = client.service

    def send(self, file_name: str, data: bytes) -> str:
        return str(self._service.sendDocumentFile(Attachment={"fileName": file_name, "binaryData": data}))

    def send_paper(self, item: Paper, credential: Credential, folder: Path) -> str:
        data = signed(item, credential, folder)
        return self.send(item.name.file("zip"), zipped((item.name.file("xml"), data)))

    def status(self, package: str) -> tuple[str, str]:
        state = self._service.getBatchStatus(paketID=package)
        assert state.paketKimligi == package
        return state.durumKodu, state.durumAciklama

    def wait(self, package: str, seconds: float = 20) -> tuple[str, str]:
        """The state once it is not waiting any more."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            code, text = self.status(package)
            if code != "1":
                return code, text
            time.sleep(0.05)
        raise TimeoutError(package)

    def receive(self, package: str) -> tuple[str, bytes]:
        given = self._service.receiveDocumentFile(PaketID=package)
        return given.fileName, given.binaryData


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """An ASGI application on a free port, in a thread; yields its URL."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def statistics(url: str) -> dict[str, Any]:
    return dict(httpx.get(f"{url}/sandbox/statistics").raise_for_status().json())


def _document(item: Paper, root: str, context: str, start: str, end: str, created: str) -> str:
    name = item.name
    at = f'contextRef="{context}"'
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    report = name.kind is DocumentKind.REPORT
    unique = f"{name.kind.traits.unique_id_prefix}{name.period.compact}{item.sequence:06}"
    head = ""
    if name.kind is DocumentKind.JOURNAL_BERAT:
        head = (
            f'<gl-bus:numberOfEntries {at} decimals="INF" unitRef="countable">{item.entries}</gl-bus:numberOfEntries>'
        )
    tail = f'<gl-bus:measurableQuantity {at} unitRef="countable">{item.size}</gl-bus:measurableQuantity>'
    branch = ""
    if name.branch:
        branch = _organization(at, name.branch, "Şube No") + _organization(at, "Merkez dışı", "Şube Adı")
    title = "Kurum Unvanı" if len(name.tax_id) == 10 else "Adı Soyadı"
    year = name.period.year
    address = "".join(
        f"<gl-bus:organization{tag} {at}>{value}</gl-bus:organization{tag}>"
        for tag, value in (
            ("BuildingNumber", "1"),
            ("AddressStreet", "ÖRNEK MAH."),
            ("AddressCity", "Ankara"),
            ("AddressZipOrPostalCode", "06000"),
            ("AddressCountry", "Türkiye"),
        )
    )
    documented = "".join(
        f"<{tag} {at}>{value}</{tag}>"
        for tag, value in (
            ("gl-cor:entriesType", name.kind.traits.entries_type),
            ("gl-cor:uniqueID", unique),
            ("gl-cor:language", "iso639:tr"),
            ("gl-cor:creationDate", created),
            ("gl-bus:creator", "ÖRNEK MALİ MÜŞAVİR"),
            ("gl-cor:entriesComment", "Ocak"),
            ("gl-cor:periodCoveredStart", start),
            ("gl-cor:periodCoveredEnd", end),
            ("gl-bus:sourceApplication", "1234567808##ÖRNEK##Defterhane##1.0"),
        )
    )
    bare = "" if report else f"<ds:SignatureValue>{item.ledger_signature}</ds:SignatureValue>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<?xml-stylesheet type="text/xsl" href="{name.kind.traits.stylesheet}"?>\n'
        f'<edefter:{root}{spaces} xsi:schemaLocation="http://www.edefter.gov.tr ../xsd/edefter.xsd"><xbrli:xbrl>'
        '<link:schemaRef xlink:href="../xsd/2006-10-25/plt/case-c-b/gl-plt-2006-10-25.xsd" '
        'xlink:type="simple"></link:schemaRef>'
        f'<xbrli:context id="{context}"><xbrli:entity>'
        f'<xbrli:identifier scheme="http://www.gib.gov.tr">{name.tax_id}</xbrli:identifier><xbrli:segment>{head}'
        f"<gl-cor:uniqueID {at}>{uuid4()}</gl-cor:uniqueID>{'' if report else tail}</xbrli:segment></xbrli:entity>"
        f"<xbrli:period><xbrli:instant>{created}</xbrli:instant></xbrli:period></xbrli:context>"
        '<xbrli:unit id="try"><xbrli:measure>iso4217:TRY</xbrli:measure></xbrli:unit>'
        '<xbrli:unit id="countable"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>'
        f"<gl-cor:accountingEntries><gl-cor:documentInfo>{documented}</gl-cor:documentInfo>"
        f"<gl-cor:entityInformation><gl-bus:entityPhoneNumber><gl-bus:phoneNumber {at}>2120000000"
        "</gl-bus:phoneNumber></gl-bus:entityPhoneNumber>"
        f"<gl-bus:entityEmailAddressStructure><gl-bus:entityEmailAddress {at}>a@ornek.invalid"
        "</gl-bus:entityEmailAddress></gl-bus:entityEmailAddressStructure>"
        f"{_organization(at, 'ÖRNEK TİCARET', title)}{branch}"
        f"<gl-bus:organizationAddress>{address}</gl-bus:organizationAddress>"
        f"<gl-bus:entityWebSite><gl-bus:webSiteURL {at}>www.ornek.invalid</gl-bus:webSiteURL></gl-bus:entityWebSite>"
        f"<gl-bus:businessDescription {at}>620100</gl-bus:businessDescription>"
        f"<gl-bus:fiscalYearStart {at}>{year}-01-01</gl-bus:fiscalYearStart>"
        f"<gl-bus:fiscalYearEnd {at}>{year}-12-31</gl-bus:fiscalYearEnd>"
        f"<gl-bus:accountantInformation><gl-bus:accountantName {at}>ÖRNEK MALİ MÜŞAVİR</gl-bus:accountantName>"
        f"<gl-bus:accountantEngagementTypeDescription {at}>SMMM Sözleşmesi"
        "</gl-bus:accountantEngagementTypeDescription></gl-bus:accountantInformation></gl-cor:entityInformation>"
        f"<gl-cor:entryHeader><gl-cor:qualifierEntry {at}>standard</gl-cor:qualifierEntry>"
        f"{_lines(item, at, report)}</gl-cor:entryHeader></gl-cor:accountingEntries></xbrli:xbrl>"
        f"{bare}</edefter:{root}>"
    )


def _organization(at: str, value: str, description: str) -> str:
    return (
        f"<gl-bus:organizationIdentifiers><gl-bus:organizationIdentifier {at}>{value}</gl-bus:organizationIdentifier>"
        f"<gl-bus:organizationDescription {at}>{description}</gl-bus:organizationDescription>"
        "</gl-bus:organizationIdentifiers>"
    )


def _lines(item: Paper, at: str, report: bool) -> str:
    """A report balances: what the totals lack stands in account 100."""
    accounts = list(TAX_ACCOUNTS)
    totals = dict(item.totals)
    if report:
        difference = sum(kurus if key.endswith("C") else -kurus for key, kurus in totals.items())
        totals["100D" if difference > 0 else "100C"] = abs(difference)
        accounts = sorted({key[:-1] for key in totals})
    rows = []
    for number, (account, side) in enumerate(((one, side) for one in accounts for side in "DC"), start=1):
        count = f"<gl-cor:documentApplyToNumber {at}>1</gl-cor:documentApplyToNumber>" if report else ""
        rows.append(
            f"<gl-cor:entryDetail><gl-cor:lineNumber {at}>{number}</gl-cor:lineNumber><gl-cor:account>"
            f"<gl-cor:accountMainID {at}>{account}</gl-cor:accountMainID>"
            f"<gl-cor:accountMainDescription {at}>HESAP {account}</gl-cor:accountMainDescription></gl-cor:account>"
            f'<gl-cor:amount {at} decimals="INF" unitRef="try">{format_kurus(totals.get(account + side, 0))}'
            f"</gl-cor:amount><gl-cor:debitCreditCode {at}>{side}</gl-cor:debitCreditCode>{count}"
            f"<gl-cor:xbrlInfo><gl-cor:xbrlInclude {at}>period_change</gl-cor:xbrlInclude></gl-cor:xbrlInfo>"
            "</gl-cor:entryDetail>"
        )
    return "".join(rows)
