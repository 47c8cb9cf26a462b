"""Messages have exactly the documented form; answers are read within bounds, or not at all."""

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from defterhane.soap.names import SERVICE, SOAP, Operation, TokenType
from gib_gateway import client
from gib_gateway.answers import Answer, Faulted, Given, Lost, Queued, Told
from gib_gateway.errors import PackageTooLarge
from gib_gateway.packaging import package
from support.gib_wire import seal, signed_message

W = f'xmlns:web="{SERVICE}"'
NAME = "1234567808-202501-YB-000000"
QUEUED = (
    f"<web:sendDocumentFileResponse {W}><return>{NAME} paketi işleme alındı</return></web:sendDocumentFileResponse>"
)


def wrapped(content: str) -> bytes:
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body>{content}</s:Body></s:Envelope>'.encode()


def read(operation: Operation, content: str | bytes, status: int = 200, limit: int = 100_000) -> Answer:
    body = content if isinstance(content, bytes) else wrapped(content)
    return client.read_answer(operation, status, body, limit=limit)


def told(code: str, text: str) -> str:
    return (
        f"<web:getBatchStatusResponse {W}><durum><durumAciklama>{text}</durumAciklama><durumKodu>{code}</durumKodu>"
        f"<paketKimligi>{NAME}</paketKimligi></durum></web:getBatchStatusResponse>"
    )


def fault(reason: str, detail: str = "", subcode: str = "") -> str:
    sub = f"<s:Subcode><s:Value>{subcode}</s:Value></s:Subcode>" if subcode else ""
    rest = f"<s:Detail>{detail}</s:Detail>" if detail else ""
    return (
        f'<s:Fault xmlns:s="{SOAP}" {W}><s:Code><s:Value>s:Receiver</s:Value>{sub}</s:Code>'
        f'<s:Reason><s:Text xml:lang="tr">{reason}</s:Text></s:Reason>{rest}</s:Fault>'
    )


def shape(element: etree._Element) -> object:
    """Names and texts of a message's body, without prefixes."""
    inner = [shape(child) for child in element]
    return element.tag, inner or element.text


@pytest.mark.parametrize(
    ("envelope", "expected"),
    [
        (
            lambda: client.send_document(f"{NAME}.zip", b"PK zip"),
            (
                f"{{{SERVICE}}}sendDocumentFile",
                [("Attachment", [("fileName", f"{NAME}.zip"), ("binaryData", base64.b64encode(b"PK zip").decode())])],
            ),
        ),
        (lambda: client.get_status(NAME), (f"{{{SERVICE}}}getBatchStatus", [("paketID", NAME)])),
        (lambda: client.receive_document(NAME), (f"{{{SERVICE}}}receiveDocumentFile", [("PaketID", NAME)])),
    ],
)
def test_messages_have_the_documented_form(envelope, expected: object) -> None:
    for message in (envelope(), etree.fromstring(signed_message(envelope(), seal(), token=TokenType.X509))):
        assert message.tag == f"{{{SOAP}}}Envelope"
        body = message[-1]
        assert body.tag == f"{{{SOAP}}}Body"
        (operation,) = body
        assert shape(operation) == expected


def test_the_content_type_is_the_documented_one() -> None:
    assert Operation.SEND.content_type == 'application/soap+xml; charset=utf-8; action="sendDocumentFile"'
    assert [operation.value for operation in Operation] == ["sendDocumentFile", "getBatchStatus", "receiveDocumentFile"]


def test_documented_answers_are_read() -> None:
    assert read(Operation.SEND, QUEUED) == Queued(f"{NAME} paketi işleme alındı")
    assert read(Operation.STATUS, told("7", "İşleniyor")) == Told(NAME, "7", "İşleniyor")
    given = f"<Attachment><fileName>GIB-{NAME}.zip</fileName><binaryData>UEs=</binaryData></Attachment>"
    answer = read(Operation.RECEIVE, f"<web:receiveDocumentFileResponse {W}>{given}</web:receiveDocumentFileResponse>")
    assert answer == Given(f"GIB-{NAME}.zip", b"PK")


def test_a_state_in_another_order_or_without_parts_is_read() -> None:
    turned = f"<web:getBatchStatusResponse {W}><durum><durumKodu>7</durumKodu></durum></web:getBatchStatusResponse>"
    assert read(Operation.STATUS, turned) == Told("", "7", "")
    assert read(Operation.STATUS, f"<web:getBatchStatusResponse {W}/>") == Told("", "", "")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (fault("304: Paket bulunamadı."), "304"),
        (fault("Hata 2025", detail="<code>111</code>"), "111"),
        (fault("Hata", detail="<web:EDefterFault><kod>204</kod><mesaj>114 yok</mesaj></web:EDefterFault>"), "204"),
        (fault("Hata", subcode="web:F106"), "106"),
        (fault("Bilinmeyen hata"), None),
        (fault(""), None),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_faults_are_read(content: str, code: str | None, status: int) -> None:
    answer = read(Operation.STATUS, content, status)
    assert isinstance(answer, Faulted)
    assert answer.code == code


HOSTILE = {
    "nothing": b"",
    "html": "<html><body>Bakım çalışması</body></html>".encode(),
    "json": b'{"return": "ok"}',
    "soap 1.1": wrapped(QUEUED).replace(SOAP.encode(), b"http://schemas.xmlsoap.org/soap/envelope/"),
    "no body": f'<s:Envelope xmlns:s="{SOAP}"/>'.encode(),
    "two payloads": wrapped(QUEUED + QUEUED),
    "empty body": wrapped(""),
    "another operation": wrapped(told("2", "ok")),
    "another namespace": wrapped(QUEUED.replace(SERVICE, "http://example.invalid/")),
    "cut off": wrapped(QUEUED)[:-20],
    "dtd": b"<!DOCTYPE a>" + wrapped(QUEUED),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + wrapped(QUEUED.replace("paketi", "&x;"))
    ),
    "billion laughs": (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>' + wrapped(QUEUED.replace("paketi", "&c;"))
    ),
    "undeclared entity": wrapped(QUEUED.replace("paketi", "&boom;")),
    "processing instruction": wrapped("<?evil?>" + QUEUED),
    "comment in a text": wrapped(QUEUED.replace("paketi", "<!-- -->paketi")),
    "too deep": wrapped("<a>" * 300 + "</a>" * 300),
    "too many tags": wrapped("<a/>" * 5000),
    "too large": wrapped(QUEUED.replace("paketi", "x" * 200_000)),
    "not utf-8": wrapped(QUEUED).replace(b"paketi", b"\xff\xfe"),
    "utf-16 with a dtd": ("<!DOCTYPE a>" + wrapped(QUEUED).decode()).encode("utf-16"),
    "unexpected element": wrapped(QUEUED.replace("<return>", "<evil/><return>")),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("status", [200, 500])
def test_nothing_in_a_hostile_answer_is_believed(body: bytes, status: int) -> None:
    assert isinstance(read(Operation.SEND, body, status), Lost)


@pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 400, 401, 403, 404, 502, 503])
def test_other_statuses_are_no_answer(status: int) -> None:
    assert isinstance(read(Operation.SEND, QUEUED, status), Lost)


def test_an_attachment_that_is_none_is_no_answer() -> None:
    for inner in ("", "<Attachment><fileName>x</fileName><binaryData/></Attachment>",
                  "<Attachment><fileName>x</fileName><binaryData>a</binaryData></Attachment>",
                  "<Attachment><fileName>x</fileName></Attachment>"):  # fmt: skip
        answer = read(
            Operation.RECEIVE, f"<web:receiveDocumentFileResponse {W}>{inner}</web:receiveDocumentFileResponse>"
        )
        assert isinstance(answer, Lost), inner


def test_a_success_with_status_500_is_no_answer() -> None:
    assert isinstance(read(Operation.SEND, QUEUED, 500), Lost)


def test_gibs_words_are_cut() -> None:
    answer = read(Operation.SEND, QUEUED.replace("paketi", "uzun " * 1000))
    assert isinstance(answer, Queued)
    assert len(answer.text) == 500


def test_a_package_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    document = tmp_path / "berat.xml"
    document.write_bytes(b"<berat/>" * 1000)
    first = package({f"{NAME}.xml": document}, limit=10_000)
    document.touch()
    assert hashlib.sha256(package({f"{NAME}.xml": document}, limit=10_000)).digest() == hashlib.sha256(first).digest()
    (tmp_path / "package.zip").write_bytes(first)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        assert archive.namelist() == [f"{NAME}.xml"]
        assert archive.read(f"{NAME}.xml") == document.read_bytes()


def test_a_package_that_grows_too_large_is_not_made(tmp_path: Path) -> None:
    document = tmp_path / "ledger.xml"
    document.write_bytes(b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256)) * 400)
    with pytest.raises(PackageTooLarge):
        package({"a.xml": document, "b.xml": document}, limit=5_000)
