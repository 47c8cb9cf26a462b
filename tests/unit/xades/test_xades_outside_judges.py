"""What others say of our signatures: xmlsec1, signxml, xmllint, the official schema."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod
from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

from defterhane.xades import SignatureIds, body_digest, countersign, sign_file, verify_file
from support.signing import (
    ALGORITHMS,
    ID,
    NOW,
    ROOTS,
    canonical_document,
    gib,
    save_trusted,
    seal,
    signed_document,
    software_key,
    trusted,
)

VERIFY = (
    *("--verify", "--verification-time", "2025-02-03 09:31:00"),
    *("--id-attr:Id", "SignedProperties", "--id-attr:Id", "SignatureValue"),
)
COUNTER = "//*[local-name()='CounterSignature']/*[local-name()='Signature']"


def xmlsec1(folder: Path, path: Path, *options: str) -> bool:
    """Whether xmlsec1 accepts a file; the chain is checked at the time of signing."""
    root, issuer = save_trusted(folder)
    done = subprocess.run(
        ["xmlsec1", *VERIFY, "--trusted-pem", str(root), "--untrusted-pem", str(issuer), *options, str(path)],
        capture_output=True,
        timeout=60,
    )
    return done.returncode == 0


def signxml(path: Path) -> None:
    """Raises what signxml finds wrong."""
    configuration = XAdESSignatureConfiguration(
        expect_references=2,
        signature_methods=frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.ECDSA_SHA384}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
    )
    certificate = seal("rsa" if "rsa" in path.name else "ec").certificate
    XAdESVerifier().verify(
        path.read_bytes(),
        x509_cert=certificate.public_bytes(Encoding.PEM).decode(),
        expect_config=configuration,
    )


@pytest.mark.xmlsec1
@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_xmlsec1_accepts_it(tmp_path: Path, root, algorithm) -> None:
    path, _ = signed_document(tmp_path, root, algorithm)
    assert xmlsec1(tmp_path, path)


@pytest.mark.xmlsec1
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_xmlsec1_accepts_odd_texts_and_namespaces(tmp_path: Path, algorithm) -> None:
    data = canonical_document(
        comments=("tab\t, satır\nsonu, \r ve \U0001f4d2 & <x> ]]>", ""),
        namespaces={"edefter": "http://www.edefter.gov.tr", "gl-cor": "urn:g", "xbrli": "urn:x", "xsi": "urn:s"},
    )
    path, _ = signed_document(tmp_path, "defter", algorithm, data)
    assert xmlsec1(tmp_path, path)


@pytest.mark.xmlsec1
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"12.50", b"12.51"),
        (b"<?xml-stylesheet", b"<?xml-stylesheeT"),
        (b"T12:30:00+03:00", b"T12:30:01+03:00"),
        (b"<xades:MimeType>text/xml", b"<xades:MimeType>text/xmk"),
        (b"U8Opw7xy", b"U8Opw7xz"),
        (b"rsa-sha256", b"rsa-sha384"),
    ],
)
def test_xmlsec1_and_we_refuse_the_same_changes(tmp_path: Path, old, new) -> None:
    path, _ = signed_document(tmp_path, "berat")
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    assert not xmlsec1(tmp_path, path)
    assert not verify_file(path, roots=trusted()).ok


@pytest.mark.xmlsec1
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_xmlsec1_accepts_both_signatures_of_an_approved_berat(tmp_path: Path, algorithm) -> None:
    path, _ = signed_document(tmp_path, "berat", algorithm)
    approved = tmp_path / "approved.xml"
    approved.write_bytes(countersign(path, software_key(gib()), signing_time=NOW, ids=SignatureIds.new(uuid4)))
    assert xmlsec1(tmp_path, approved)
    assert xmlsec1(tmp_path, approved, "--node-xpath", COUNTER)
    approved.write_bytes(approved.read_bytes().replace("Tedarikçi".encode(), b"Tedarikci"))
    assert xmlsec1(tmp_path, approved)
    assert not xmlsec1(tmp_path, approved, "--node-xpath", COUNTER)
    assert not verify_file(approved, roots=trusted()).ok


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signxml_accepts_it(tmp_path: Path, root, algorithm) -> None:
    # It takes URI="" for the root alone and forgets instructions before it: the document has none here.
    path, _ = signed_document(tmp_path, root, algorithm, canonical_document(root, instruction=False))
    signxml(path)
    path.write_bytes(path.read_bytes().replace(b"12.50", b"12.51", 1))
    with pytest.raises(Exception, match="Digest mismatch"):
        signxml(path)


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not here")
@pytest.mark.parametrize("root", ROOTS)
def test_xmllint_makes_the_same_digest(tmp_path: Path, root) -> None:
    path = tmp_path / "document.xml"
    path.write_bytes(canonical_document(root, ("tab\t, \r, \U0001f4d2 & <x> ]]>", "")))
    canonical = subprocess.run(["xmllint", "--c14n", str(path)], capture_output=True, check=True).stdout
    assert hashlib.sha256(canonical).hexdigest() == body_digest(path)


@pytest.mark.official
@pytest.mark.xmlsec1
@pytest.mark.parametrize("kind", ["Y", "K", "DR"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_skeletons_are_signed_as_the_official_schema_wants(tmp_path: Path, shared_folder, kind, algorithm) -> None:
    source = shared_folder / "domain" / "skeleton" / f"1234567808-202501-{kind}-000000.xml"
    target = tmp_path / source.name
    sign_file(source, target, software_key(seal(algorithm)), signing_time=NOW, new_id=lambda: ID)
    assert xmlsec1(tmp_path, target)
    assert verify_file(target, roots=trusted()).ok
    schema = etree.XMLSchema(etree.parse(shared_folder / "gib-package" / "xsd" / "edefter.xsd"))
    schema.assertValid(etree.parse(target))


@pytest.mark.official
@pytest.mark.parametrize("kind", ["YB", "KB"])
def test_approved_skeletons_are_as_the_official_schema_wants(tmp_path: Path, shared_folder, kind) -> None:
    berat = shared_folder / "domain" / "skeleton" / f"1234567808-202501-{kind}-000000.xml"
    bare = b"<ds:SignatureValue>U8Opw7xy</ds:SignatureValue>"
    data = berat.read_bytes().rstrip(b"\n").replace(b"</edefter:berat>", bare + b"</edefter:berat>")
    path, _ = signed_document(tmp_path, "berat", "rsa", data)
    approved = countersign(path, software_key(gib()), signing_time=NOW, ids=SignatureIds.new(uuid4))
    schema = etree.XMLSchema(etree.parse(shared_folder / "gib-package" / "xsd" / "edefter.xsd"))
    schema.assertValid(etree.parse(path))
    schema.assertValid(etree.ElementTree(etree.fromstring(approved)))
