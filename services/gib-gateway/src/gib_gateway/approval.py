"""Whether an approved berat may be believed: it must be ours, as we sent it, counter-signed by GİB."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from lxml import etree

from defterhane.edefter.kinds import kind_of
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Period
from defterhane.edefter.vocabulary import BRANCH_NUMBER, NAMESPACES
from defterhane.errors import Problem
from defterhane.xades.errors import NotSignable
from defterhane.xades.report import Signer, Verification
from defterhane.xades.tree import parse_bytes
from defterhane.xades.verify import verify_file
from gib_gateway.errors import BadPackage, NobodyTrusted, NotBelieved, NotGib, OtherDocument, OtherSignature

GIB_NUMBER: Final = "3900383669"
"""serialNumber of the certificate with which GİB counter-signs."""
_RATIO: Final = 200
"""A berat shrinks to a tenth or so; what shrinks to less than a two-hundredth is a bomb."""
_FLOOR: Final = 1024 * 1024
"""Bytes that may be unpacked whatever the ratio."""
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_CONTEXT: Final = "xbrli:xbrl/xbrli:context/xbrli:entity/xbrli:identifier"
_ENTRIES: Final = "xbrli:xbrl/gl-cor:accountingEntries"
_DOCUMENT: Final = f"{_ENTRIES}/gl-cor:documentInfo"
_ORGANIZATION: Final = f"{_ENTRIES}/gl-cor:entityInformation/gl-bus:organizationIdentifiers"


@dataclass(frozen=True, slots=True)
class Sent:
    """What we know of the berat that we sent."""

    name: DocumentName
    unique_id: str
    signature_value: str
    """Base64 of the taxpayer's signature over it, in one line."""
    ledger_signature_value: str
    """Base64 of the signature over its ledger, in one line."""


def examine(
    file_name: str, package: bytes, *, sent: Sent, roots: Sequence[bytes], limit: int, scratch: Path | None
) -> bytes | Problem:
    """The approved berat in a package as received, byte by byte, or why it cannot be believed.

    Made for a child process: takes and gives picklable things, and raises nothing that bad bytes could cause.

    Args:
        file_name: the attachment's name.
        package: the ZIP file.
        sent: the berat that it must be.
        roots: PEM of trusted roots, and of issuers between them and GİB's certificate.
        limit: bytes of the berat, unpacked.
        scratch: folder for a file while it is examined.
    """
    try:
        _check_name(file_name, sent.name)
        document = unpack(package, sent.name.as_approved, limit=limit)
        check_identity(document, sent)
        _check_signatures(document, sent, _certificates(roots), scratch)
    except (NotBelieved, NobodyTrusted) as error:
        return error.problem
    return document


def unpack(package: bytes, name: DocumentName, *, limit: int) -> bytes:
    """The one document in a package, which must be called like it.

    Raises:
        BadPackage: anything else is in there, or it is too large, or it is no ZIP file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            entries = archive.infolist()
            if len(entries) != 1:
                raise BadPackage(why=f"{len(entries)} ≠ 1")
            entry = entries[0]
            if entry.filename != name.file("xml"):
                raise BadPackage(why=f"{entry.filename[:100]!r} ≠ {name.file('xml')!r}")
            if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
                raise BadPackage(why=f"ZIP {entry.compress_type}")
            if entry.file_size > min(limit, max(_FLOOR, _RATIO * entry.compress_size)):
                raise BadPackage(why=f"{entry.file_size} B > {limit} B")
            with archive.open(entry) as file:  # reads no more than the directory says, and checks the CRC
                return file.read(limit)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise BadPackage(why=type(error).__name__) from error


def check_identity(document: bytes, sent: Sent) -> None:
    """Check that a berat says of itself what was sent: taxpayer, period, type, numbering, branch.

    Raises:
        BadPackage: it is no berat.
        OtherDocument: it says something else.
    """
    try:
        root = parse_bytes(document)
        kind = kind_of(etree.QName(root).localname, _text(root, f"{_DOCUMENT}/gl-cor:entriesType"))
        start = _text(root, f"{_DOCUMENT}/gl-cor:periodCoveredStart")
        period = Period.parse(start[:7])
    except (NotSignable, ValueError) as error:
        raise BadPackage(why=str(error)[:200]) from error
    name = sent.name
    _same("VKN/TCKN", str(name.tax_id), _text(root, _CONTEXT))
    _same("periodCoveredStart", name.period, period)
    _same("entriesType", name.kind, kind)
    _same("uniqueID", sent.unique_id, _text(root, f"{_DOCUMENT}/gl-cor:uniqueID"))
    _same(BRANCH_NUMBER, name.branch or "", _branch(root))


def _check_name(file_name: str, name: DocumentName) -> None:
    """GİB may call the package as the berat that it approved, or as the one that it got."""
    if file_name not in (name.as_approved.file("zip"), name.file("zip")):
        raise OtherDocument(what="fileName", expected=name.as_approved.file("zip"), found=file_name[:100])


def _check_signatures(document: bytes, sent: Sent, trusted: Sequence[x509.Certificate], scratch: Path | None) -> None:
    if not trusted:
        raise NobodyTrusted
    with tempfile.NamedTemporaryFile(prefix="defterhane-", suffix=".xml", dir=scratch) as file:
        file.write(document)
        file.flush()
        verified = verify_file(Path(file.name), roots=trusted)
    _check_taxpayer(verified, sent)
    _check_gib(verified)


def _check_taxpayer(verified: Verification, sent: Sent) -> None:
    """The signature must be the one that we made; so whom it chains to has been settled when it was made."""
    if verified.ledger_signature_value != sent.ledger_signature_value:
        raise OtherSignature(why="ds:SignatureValue (defter)")
    if verified.signature_value != sent.signature_value:
        raise OtherSignature(why="ds:SignatureValue (berat)")
    if failed := _failed(verified, but=("chain", "counter_signature")):
        raise OtherSignature(why=failed)


def _check_gib(verified: Verification) -> None:
    counter = verified.counter_signature
    if counter is None:
        raise NotGib(why="CounterSignature")
    if failed := _failed(counter):
        raise NotGib(why=failed)
    if not counter.ok or counter.signer_serial_number != GIB_NUMBER:
        raise NotGib(why=f"serialNumber {counter.signer_serial_number}")


def _failed(signer: Signer, but: tuple[str, ...] = ()) -> str:
    return ", ".join(check.name for check in signer.checks if not check.ok and check.name not in but)


def _certificates(roots: Sequence[bytes]) -> list[x509.Certificate]:
    return [certificate for pem in roots for certificate in x509.load_pem_x509_certificates(pem)]


def _branch(root: etree._Element) -> str:
    for item in root.findall(_ORGANIZATION, namespaces=NAMESPACES):
        if _text(item, "gl-bus:organizationDescription") == BRANCH_NUMBER:
            return _text(item, "gl-bus:organizationIdentifier")
    return ""


def _text(element: etree._Element, path: str) -> str:
    return " ".join(element.findtext(path, default="", namespaces=NAMESPACES).split())


def _same(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise OtherDocument(what=what, expected=expected, found=str(found)[:100])
