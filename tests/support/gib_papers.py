"""Signed berats and reports as the gateway gets them, and GİB's counter-signed copies."""

import base64
import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from defterhane.edefter.names import DocumentName
from defterhane.xades import SignatureIds, SignedDocument, SoftwareKey, countersign, sign_file
from sandbox.ca import Credential
from support.gib_client import Paper
from support.gib_wire import NOW, VKN, authority, seal

LEDGER_SIGNATURE = base64.b64encode(b"ABC" * 86).decode()


@dataclass(frozen=True)
class Signed:
    """A signed document."""

    paper: Paper
    data: bytes
    made: SignedDocument

    @property
    def unique_id(self) -> str:
        name = self.paper.name
        return f"{name.kind.traits.unique_id_prefix}{name.period.compact}{self.paper.sequence:06}"


@cache
def gib() -> Credential:
    """GİB's own certificate."""
    return authority().issue_gib(NOW)


def trusted() -> list[x509.Certificate]:
    return [authority().root.certificate, authority().issuer.certificate]


def trusted_pem() -> bytes:
    """Root and issuer in one PEM file."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in trusted())


def software_key(credential: Credential) -> SoftwareKey:
    return SoftwareKey(credential.key, credential.certificate, credential.chain)


def signed_paper(
    name: str = f"{VKN}-202501-YB-000000",
    credential: Credential | None = None,
    paper: Paper | None = None,
    now: datetime = NOW,
) -> Signed:
    """A signed document of that name."""
    paper = paper or Paper(DocumentName.parse(name), ledger_signature=LEDGER_SIGNATURE)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "unsigned.xml", Path(folder) / "signed.xml"
        source.write_bytes(paper.xml())
        made = sign_file(source, target, software_key(credential or seal()), signing_time=now, new_id=uuid4)
        return Signed(paper, target.read_bytes(), made)


def counter_signed(document: bytes, credential: Credential | None = None, now: datetime = NOW) -> bytes:
    """The same, counter-signed and serialised anew."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "signed.xml"
        source.write_bytes(document)
        ids = SignatureIds.new(lambda: UUID(int=5))
        return countersign(source, software_key(credential or gib()), signing_time=now, ids=ids)


def zipped(*files: tuple[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    """A package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(entry)
            archive.writestr(entry, data)
    return buffer.getvalue()
