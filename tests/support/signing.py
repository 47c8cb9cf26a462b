"""Documents to sign, and keys to sign them with. Keys are made once per process: they are slow to make."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from defterhane.xades import SignedDocument, SoftwareKey, sign_file
from sandbox.ca import Authority, Credential

NOW = datetime(2025, 2, 3, 9, 30, tzinfo=UTC)
VKN = "6090408038"
TITLE = "ÖRNEK TİCARET & SANAYİ, <LTD> ŞTİ"
ID = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
ROOTS = ("defter", "berat", "defterraporu")
ALGORITHMS: tuple[Literal["rsa", "ec"], ...] = ("rsa", "ec")

NAMESPACES = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "edefter": "http://www.edefter.gov.tr",
    "gl-cor": "http://www.xbrl.org/int/gl/cor/2006-10-25",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
    "xbrli": "http://www.xbrl.org/2003/instance",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@cache
def authority() -> Authority:
    """One authority for all tests."""
    return Authority.create(NOW)


@cache
def seal(algorithm: Literal["rsa", "ec"] = "rsa") -> Credential:
    """One seal of each kind, of the same taxpayer."""
    return authority().issue_seal(VKN, TITLE, algorithm, now=NOW)


@cache
def gib() -> Credential:
    """GİB's certificate."""
    return authority().issue_gib(NOW)


def software_key(credential: Credential) -> SoftwareKey:
    """A credential as a key."""
    return SoftwareKey(credential.key, credential.certificate, credential.chain)


def trusted() -> list[x509.Certificate]:
    """Root and issuer."""
    return [authority().root.certificate, authority().issuer.certificate]


def save_trusted(folder: Path) -> tuple[Path, Path]:
    """Root and issuer as PEM files."""
    paths = folder / "root.pem", folder / "issuer.pem"
    for path, certificate in zip(paths, trusted(), strict=True):
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return paths


def escape(text: str) -> str:
    """Text as canonical XML writes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def canonical_document(
    root: str = "defter",
    comments: tuple[str, ...] = ("Kasa hareketi & devir",),
    namespaces: dict[str, str] = NAMESPACES,
    declaration: bytes = DECLARATION,
    instruction: bool = True,
) -> bytes:
    """An unsigned document in canonical form, after an XML declaration."""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in sorted(namespaces.items()))
    lines = "".join(
        f'<gl-cor:entryDetail>\n  <gl-cor:detailComment contextRef="journal_context">{escape(comment)}'
        "</gl-cor:detailComment>\n"
        '  <gl-cor:amount contextRef="journal_context" decimals="INF" unitRef="try">12.50</gl-cor:amount>\n'
        "  <gl-cor:xbrlInfo></gl-cor:xbrlInfo></gl-cor:entryDetail>\n"
        for comment in comments
    )
    bare = "<ds:SignatureValue>U8Opw7xy</ds:SignatureValue>" if root == "berat" else ""
    style = '<?xml-stylesheet type="text/xsl" href="yevmiye.xslt"?>\n' if instruction else ""
    return (
        declaration
        + (
            f'{style}<edefter:{root}{declared} xsi:schemaLocation="http://www.edefter.gov.tr ../xsd/edefter.xsd">\n'
            f'<xbrli:xbrl><xbrli:unit id="try"></xbrli:unit>\n{lines}</xbrli:xbrl>{bare}</edefter:{root}>'
        ).encode()
    )


def signed_document(
    folder: Path, root: str = "defter", algorithm: Literal["rsa", "ec"] = "rsa", data: bytes | None = None
) -> tuple[Path, SignedDocument]:
    """A signed document in a folder."""
    source, target = folder / "unsigned.xml", folder / f"{root}-{algorithm}.xml"
    source.write_bytes(canonical_document(root) if data is None else data)
    made = sign_file(source, target, software_key(seal(algorithm)), signing_time=NOW, new_id=lambda: ID)
    return target, made
