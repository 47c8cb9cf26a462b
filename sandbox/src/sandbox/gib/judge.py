"""Judges one package as a whole: what GİB does between "işleme alındı" and its counter-signature."""

import base64
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography import x509
from lxml import etree

from defterhane.documents.schema import schema_findings
from defterhane.edefter.money import mebibytes
from defterhane.edefter.names import DocumentName
from defterhane.xades import SignatureIds, SigningKey, Verification, countersign, verify_file
from defterhane.xades.errors import NotSignable
from sandbox.gib.duties import check_document, ledger_signature, ledger_size
from sandbox.gib.facts import Facts, parse_document
from sandbox.gib.order import check_order
from sandbox.gib.packages import Rejected, Unpacked, unpack, write_package

_SKEW: Final = timedelta(minutes=5)
"""So far ahead may a signer's clock be."""


@dataclass(frozen=True)
class Verdict:
    """How a package was judged: approved where there are facts."""

    facts: Facts | None = None
    approved: bytes | None = None
    """The package with the counter-signed berat; None for a report."""
    reason: str = ""
    """Why it is rejected, in Turkish."""


@dataclass(frozen=True)
class Judge:
    """GİB's judgement and its key. It blocks: call it off the event loop."""

    key: SigningKey
    """GİB's, for the counter-signature."""
    trusted: Sequence[x509.Certificate]
    """Roots that a signer's certificate may chain to, and issuers that help to get there."""
    may_sign: Callable[[str, str], bool]
    """Whether the holder of a serialNumber may sign for a tax number."""
    document_limit: int
    """Bytes of a document."""
    ledger_limit: int
    """Bytes of a ledger beside its berat; 0 = none is accepted."""
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]

    def judge(self, name: DocumentName, package: bytes, approved: Sequence[Facts]) -> Verdict:
        """Approve or reject.

        Args:
            name: the package's.
            package: its bytes.
            approved: what the taxpayer's approved documents said, in the order of approval.

        Raises:
            OSError: there is no room to unpack it.
        """
        with tempfile.TemporaryDirectory(prefix="sandbox-gib-") as folder:
            try:
                return self._judge(name, package, approved, Path(folder))
            except Rejected as rejected:
                return Verdict(reason=str(rejected))

    def _judge(self, name: DocumentName, package: bytes, approved: Sequence[Facts], folder: Path) -> Verdict:
        unpacked = unpack(package, name, folder, limit=self.document_limit, ledger_limit=self.ledger_limit)
        root = parse_document(unpacked.document.read_bytes(), self.document_limit)
        _check_schema(unpacked.document)
        facts = check_document(root, name)
        self._check_signature(unpacked.document, name)
        if unpacked.ledger is not None:
            self._check_ledger(root, unpacked.ledger, name)
        check_order(facts, approved)
        return Verdict(facts, self._countersigned(unpacked, name) if name.kind.is_berat else None)

    def _check_signature(self, document: Path, name: DocumentName) -> Verification:
        verification = verify_file(document, roots=self.trusted)
        if not verification.ok:
            failed = next(check.detail.tr for check in verification.checks if not check.ok)
            raise Rejected(f"İmza doğrulanamadı. {failed}")
        if verification.counter_signature is not None:
            raise Rejected("Belge zaten onaylanmış.")
        signer = verification.signer_serial_number
        if signer is None or not self.may_sign(signer, name.tax_id):
            raise Rejected("İmza sahibi bu mükellef adına imza atamaz.")
        self._check_time(verification)
        return verification

    def _check_time(self, verification: Verification) -> None:
        """The time of signing is the signer's claim: a seal that has ended could claim any."""
        now = self.clock()
        certificate = x509.load_der_x509_certificate(base64.b64decode(verification.certificate or ""))
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise Rejected("İmza sahibinin sertifikası geçerlilik süresi içerisinde değil.")
        if verification.signing_time is None or verification.signing_time > now + _SKEW:
            raise Rejected("İmza zamanı ileri bir tarih olamaz.")

    def _check_ledger(self, berat: etree._Element, ledger: Path, name: DocumentName) -> None:
        verification = self._check_signature(ledger, name)
        if base64.b64decode(verification.signature_value or "") != ledger_signature(berat):
            raise Rejected("Beratın içerdiği ds:SignatureValue, defterin imzasıyla aynı değil.")
        if mebibytes(ledger.stat().st_size) != ledger_size(berat):
            raise Rejected("gl-bus:measurableQuantity, defterin boyutuyla aynı değil.")

    def _countersigned(self, unpacked: Unpacked, name: DocumentName) -> bytes:
        now = self.clock()
        try:
            document = countersign(unpacked.document, self.key, signing_time=now, ids=SignatureIds.new(self.new_id))
        except NotSignable as error:
            raise Rejected(f"İmza doğrulanamadı. {error.problem.text.tr}") from error
        return write_package(name.as_approved, document, now)


def _check_schema(document: Path) -> None:
    finding = next(iter(schema_findings(document)), None)
    if finding is not None:
        raise Rejected(f"Şema doğrulaması başarısız. {finding.message.tr}")
