"""Signing a file: what is written, what is refused, and that nothing half-made is left behind."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from lxml import etree
from pydantic import SecretStr

from defterhane.errors import CallOperator, FixInput
from defterhane.xades import (
    Preparation,
    SignatureAlgorithm,
    SignatureIds,
    SoftwareKey,
    body_digest,
    read_head,
    sign_file,
    splice,
    verify_file,
)
from defterhane.xades.errors import (
    AlreadySigned,
    DigestDiffers,
    KeyFileUnreadable,
    KeyUnusable,
    NotClosed,
    NotSignable,
    SignatureWrong,
)
from defterhane.xades.head import parse_head
from support.signing import (
    ALGORITHMS,
    DECLARATION,
    ID,
    NOW,
    ROOTS,
    TITLE,
    VKN,
    authority,
    canonical_document,
    seal,
    signed_document,
    software_key,
    trusted,
)

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signed_document_verifies_and_tells_who_signed(tmp_path: Path, root, algorithm) -> None:
    path, made = signed_document(tmp_path, root, algorithm)
    data = path.read_bytes()
    assert (made.sha256, made.size) == (hashlib.sha256(data).hexdigest(), len(data))
    found = verify_file(path, roots=trusted())
    assert found.ok, [check for check in found.checks if not check.ok]
    assert (found.root, found.signer_serial_number) == (root, VKN)
    assert found.signing_time == NOW
    assert found.signature_value == made.signature_value
    assert found.body_sha256 == made.body_sha256
    assert found.certificate_sha256 == made.certificate_sha256
    assert found.ledger_signature_value == ("U8Opw7xy" if root == "berat" else None)
    assert found.counter_signature is None


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_signature_is_the_only_thing_that_is_added(tmp_path: Path, algorithm) -> None:
    path, _ = signed_document(tmp_path, "defter", algorithm)
    data = path.read_bytes()
    start, end = data.index(b"<ds:Signature "), data.index(b"</edefter:defter>")
    assert data[:start] + data[end:] == canonical_document()


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signed_document_is_canonical_still(tmp_path: Path, root, algorithm) -> None:
    path, _ = signed_document(tmp_path, root, algorithm)
    tree = etree.parse(path)
    assert DECLARATION + etree.tostring(tree, method="c14n") == path.read_bytes()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "namespaces",
    [
        {"edefter": "http://www.edefter.gov.tr", "gl-cor": "urn:g", "xbrli": "urn:x", "xsi": "urn:xsi"},
        {
            "edefter": "http://www.edefter.gov.tr",
            "gl-cor": "urn:g",
            "xbrli": "urn:x",
            "xsi": "urn:xsi",
            "ds": "urn:else",
            "a": "urn:a",
            "zz": "urn:zz",
        },
    ],
    ids=["none of its own", "ds means something else"],
)
def test_a_root_that_does_not_declare_the_namespaces(tmp_path: Path, namespaces, algorithm) -> None:
    data = canonical_document("defterraporu", namespaces=namespaces)
    path, _ = signed_document(tmp_path, "defterraporu", algorithm, data)
    assert verify_file(path, roots=trusted()).ok
    assert DECLARATION + etree.tostring(etree.parse(path), method="c14n") == path.read_bytes()


def test_the_fragments_are_what_canonicalisation_of_the_file_gives(tmp_path: Path) -> None:
    source = tmp_path / "y.xml"
    source.write_bytes(canonical_document())
    certificate = seal("rsa").certificate
    preparation = Preparation(body_digest(source), read_head(source).scope, certificate, NOW, SignatureIds.of(ID))
    splice(source, tmp_path / "s.xml", preparation.signature(b"\0" * 256), body_sha256=preparation.body_sha256)
    root = etree.parse(tmp_path / "s.xml").getroot()
    (info,), (properties,) = root.iter(f"{DS}SignedInfo"), root.iter(f"{XADES}SignedProperties")
    assert etree.tostring(info, method="c14n") == preparation.signed_info
    assert etree.tostring(properties, method="c14n") == preparation.signed_properties
    assert len(preparation.signed_info) < 3000


def test_the_profile(tmp_path: Path) -> None:
    path, made = signed_document(tmp_path, "defter", "ec")
    signature = etree.parse(path).getroot()[-1]
    assert signature.tag == f"{DS}Signature"
    assert [etree.QName(child).localname for child in signature] == [
        "SignedInfo",
        "SignatureValue",
        "KeyInfo",
        "Object",
    ]
    info = signature[0]
    first, second = info.findall(f"{DS}Reference")
    assert first.get("Type") == "http://uri.etsi.org/01903#SignedProperties"
    assert second.get("URI") == ""
    assert [transform.get("Algorithm") for transform in second.iter(f"{DS}Transform")] == [
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
    ]
    assert second.find(f"{DS}DigestValue").text == base64.b64encode(bytes.fromhex(made.body_sha256)).decode()
    (data_format,) = signature.iter(f"{XADES}DataObjectFormat")
    assert data_format.get("ObjectReference") == f"#{second.get('Id')}"
    assert signature[1].get("Id")
    assert len(base64.b64decode(signature[1].text)) == 96
    assert signature.find(f".//{XADES}SigningTime").text == "2025-02-03T12:30:00+03:00"
    assert signature.find(f".//{XADES}SigningCertificateV2") is None
    assert TITLE.split()[0] in signature.find(f".//{DS}X509SubjectName").text
    for element in ("X509Certificate", "SignatureValue"):
        assert max(len(line) for line in signature.find(f".//{DS}{element}").text.split("\n")) == 76
    ids = [element.get("Id") for element in signature.iter() if element.get("Id")]
    assert len(ids) == len(set(ids)) == 4


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    first, _ = signed_document(tmp_path)
    again, _ = signed_document(tmp_path)
    assert first.read_bytes() == again.read_bytes()


def test_a_document_may_be_signed_in_place(tmp_path: Path) -> None:
    path = tmp_path / "y.xml"
    path.write_bytes(canonical_document())
    sign_file(path, path, software_key(seal()), signing_time=NOW, new_id=uuid4)
    assert verify_file(path, roots=trusted()).ok
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b'decimals="INF" unitRef="try"', b"unitRef='try'   decimals='INF'"),
        lambda data: data.replace(b"<gl-cor:xbrlInfo></gl-cor:xbrlInfo>", b"<gl-cor:xbrlInfo/>"),
        lambda data: data.replace(b"<xbrli:xbrl>", b"<!-- hello --><xbrli:xbrl>"),
        lambda data: data.removeprefix(DECLARATION),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"Kasa", b"<![CDATA[Kasa]]>"),
    ],
    ids=["LF at the end", "CRLF", "attributes", "empty tag", "comment", "no declaration", "BOM", "CDATA"],
)
def test_a_file_that_is_not_canonical_is_made_so(tmp_path: Path, change) -> None:
    source, target = tmp_path / "y.xml", tmp_path / "s.xml"
    source.write_bytes(change(canonical_document()))
    before = etree.tostring(etree.parse(source), method="c14n", with_comments=False)
    sign_file(source, target, software_key(seal()), signing_time=NOW, new_id=uuid4)
    assert verify_file(target, roots=trusted()).ok
    root = etree.parse(target).getroot()
    root.remove(root[-1])
    assert etree.tostring(root.getroottree(), method="c14n", with_comments=False) == before


def _refused(tmp_path: Path, data: bytes) -> FixInput:
    source, target = tmp_path / "y.xml", tmp_path / "s.xml"
    source.write_bytes(data)
    with pytest.raises(FixInput) as caught:
        sign_file(source, target, software_key(seal()), signing_time=NOW, new_id=uuid4)
    assert not target.exists()
    assert list(tmp_path.iterdir()) == [source]
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"<a>",
        b"PK\x03\x04",
        canonical_document()[:-3],
        canonical_document() + b"<x/>",
        canonical_document() + b"\n<?after it?>",
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + canonical_document(declaration=b""),
        canonical_document().replace(b"<xbrli:xbrl>", b"<nobody:knows></nobody:knows><xbrli:xbrl>"),
        canonical_document().replace(b" xsi:schemaLocation", b' xml:lang="tr" xsi:schemaLocation'),
        canonical_document().decode().encode("utf-16"),
        canonical_document().replace(b"UTF-8", b"ISO-8859-9").replace(b"Kasa", b"Kas\xfd"),
        canonical_document().replace(b"<xbrli:xbrl>", b'<a xmlns="relative"></a><xbrli:xbrl>'),
    ],
)
def test_what_cannot_be_signed_is_refused(tmp_path: Path, data) -> None:
    assert isinstance(_refused(tmp_path, data), NotSignable)


def test_what_is_signed_already_is_refused(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path)
    data = path.read_bytes()
    path.unlink()
    (tmp_path / "unsigned.xml").unlink()
    assert isinstance(_refused(tmp_path, data), AlreadySigned)
    assert isinstance(_refused(tmp_path, data + b"\n"), AlreadySigned)


class TestSplice:
    """Putting a signature into bytes whose digest is known."""

    def test_bytes_with_another_digest_are_refused(self, tmp_path: Path) -> None:
        source, target = tmp_path / "y.xml", tmp_path / "s.xml"
        source.write_bytes(canonical_document())
        with pytest.raises(DigestDiffers) as caught:
            splice(source, target, b"<x></x>", body_sha256="0" * 64)
        assert body_digest(source) in str(caught.value)
        assert not target.exists()

    @pytest.mark.parametrize("tail", [b"\n", b" ", b"<x></x>", b"</edefter:defter>x"])
    def test_something_after_the_root_is_refused(self, tmp_path: Path, tail) -> None:
        source = tmp_path / "y.xml"
        source.write_bytes(canonical_document() + tail)
        with pytest.raises(NotClosed):
            splice(source, tmp_path / "s.xml", b"<x></x>", body_sha256=body_digest(source))

    @pytest.mark.parametrize("position", [0, 1024 * 1024 - 700, 1024 * 1024 - 600, 1024 * 1024 - 590, 3_000_000])
    def test_a_signature_anywhere_is_found(self, tmp_path: Path, position) -> None:
        data = canonical_document(comments=("x" * position + "!", "y" * 100))
        source = tmp_path / "y.xml"
        source.write_bytes(data.replace(b"!", b"<ds:Signature></ds:Signature>"))
        with pytest.raises(AlreadySigned):
            splice(source, tmp_path / "s.xml", b"<x></x>", body_sha256=body_digest(source))

    def test_a_file_that_is_there_is_not_touched(self, tmp_path: Path) -> None:
        source, target = tmp_path / "y.xml", tmp_path / "s.xml"
        source.write_bytes(canonical_document())
        target.write_bytes(b"precious")
        with pytest.raises(FileExistsError):
            splice(source, target, b"<x></x>", body_sha256=body_digest(source))
        assert target.read_bytes() == b"precious"


class TestKeys:
    """Which keys will do."""

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_a_pkcs12_file(self, tmp_path: Path, algorithm) -> None:
        seal(algorithm).save_p12(tmp_path / "k.p12", SecretStr("parola"))
        key = SoftwareKey.read_p12(tmp_path / "k.p12", SecretStr("parola"))
        assert key.certificate == seal(algorithm).certificate
        assert key.chain == (authority().issuer.certificate, authority().root.certificate)
        assert (
            key.algorithm
            is {
                "rsa": SignatureAlgorithm.RSA_SHA256,
                "ec": SignatureAlgorithm.ECDSA_SHA384,
            }[algorithm]
        )
        assert (tmp_path / "k.p12").stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize(("data", "password"), [(None, "falsch"), (None, ""), (b"junk", "parola")])
    def test_a_wrong_password_or_file(self, tmp_path: Path, data, password) -> None:
        path = tmp_path / "k.p12"
        seal().save_p12(path, SecretStr("parola"))
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(KeyFileUnreadable) as caught:
            SoftwareKey.read_p12(path, SecretStr(password))
        assert "falsch" not in str(caught.value)

    def test_a_certificate_of_another_key(self) -> None:
        with pytest.raises(KeyUnusable):
            SoftwareKey(seal("rsa").key, authority().issue_seal(VKN, "X", now=NOW).certificate)

    @pytest.mark.parametrize(
        ("purpose", "days"),
        [("encrypt", 0), ("sign", -1), ("sign", 3 * 365 + 1)],
        ids=["purpose", "not yet", "expired"],
    )
    def test_a_certificate_that_may_not_sign(self, tmp_path: Path, purpose, days) -> None:
        source = tmp_path / "y.xml"
        source.write_bytes(canonical_document())
        key = software_key(authority().issue_seal(VKN, "X", now=NOW, purpose=purpose))
        with pytest.raises(KeyUnusable):
            sign_file(source, tmp_path / "s.xml", key, signing_time=NOW + timedelta(days=days), new_id=uuid4)
        assert list(tmp_path.iterdir()) == [source]

    def test_a_key_that_signs_something_else(self, tmp_path: Path) -> None:
        class Liar(SoftwareKey):
            def sign(self, data: bytes) -> bytes:
                return super().sign(data + b"!")

        source = tmp_path / "y.xml"
        source.write_bytes(canonical_document())
        liar = Liar(seal().key, seal().certificate)
        with pytest.raises(SignatureWrong) as caught:
            sign_file(source, tmp_path / "s.xml", liar, signing_time=NOW, new_id=uuid4)
        assert isinstance(caught.value, CallOperator)
        assert list(tmp_path.iterdir()) == [source]


def test_the_time_is_written_in_turkish_time_to_the_second() -> None:
    moment = datetime(2024, 12, 31, 22, 0, 0, 999_999, tzinfo=UTC) + timedelta(minutes=1)
    preparation = Preparation(
        "00" * 32, parse_head(canonical_document()).scope, seal().certificate, moment, SignatureIds.of(ID)
    )
    assert b"<xades:SigningTime>2025-01-01T01:01:00+03:00</xades:SigningTime>" in preparation.signed_properties
