"""What a verification says, check by check."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from defterhane.texts import Text


class Check(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Stable: `document`, `structure`, `properties_digest`, …"""
    ok: bool
    detail: Text


class Signer(BaseModel):
    """Who has signed, when, and whether it holds."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    checks: tuple[Check, ...]
    signer_subject: str | None = None
    """RFC 4514."""
    signer_serial_number: str | None = None
    """The subject's serialNumber: a tax number."""
    signing_time: datetime | None = None
    """As the signer claims it."""
    certificate: str | None = None
    """Base64 of the DER."""
    certificate_sha256: str | None = None
    signature_value: str | None = None
    """Base64 in one line."""


class CounterSignature(Signer):
    """A signature over a signature: GİB's approval."""

    role: str | None = None
    """ClaimedRole."""


class Verification(Signer):
    """A document's signature, and what stands around it."""

    root: str | None = None
    """Local name of the root: defter, berat, defterraporu."""
    body_sha256: str | None = None
    """Hex; of the canonical form without the signature, as found."""
    ledger_signature_value: str | None = None
    """In a berat: the bare SignatureValue, which is that of its ledger. Base64 in one line."""
    counter_signature: CounterSignature | None = None


_TEXTS: Final[dict[str, tuple[Text, Text]]] = {
    "document": (
        Text(tr="Dosya okunabilir bir e-Defter belgesi.", en="The file is a readable e-Defter document."),
        Text(tr="Dosya okunabilir bir e-Defter belgesi değil: {why}.", en="Not a readable e-Defter document: {why}."),
    ),
    "signed": (
        Text(tr="Belge imzalı.", en="The document is signed."),
        Text(tr="Belge imzalı değil: {why}.", en="The document is not signed: {why}."),
    ),
    "structure": (
        Text(
            tr="İmza belgenin son elemanı ve yapısı GİB'in kabul ettiği gibi.",
            en="The signature is the document's last element, and its structure is what GİB accepts.",
        ),
        Text(tr="İmzanın yapısı kabul edilemez: {why}.", en="The signature's structure cannot be accepted: {why}."),
    ),
    "properties_digest": (
        Text(tr="İmza özelliklerinin özeti doğru.", en="The digest of the signed properties is right."),
        Text(tr="İmza özellikleri değişmiş.", en="The signed properties have been changed."),
    ),
    "document_digest": (
        Text(tr="Belgenin özeti doğru.", en="The document's digest is right."),
        Text(tr="Belge imzadan sonra değişmiş.", en="The document has been changed since it was signed."),
    ),
    "signature_value": (
        Text(
            tr="İmza değeri sertifikanın anahtarıyla doğrulandı.", en="The signature holds with the certificate's key."
        ),
        Text(
            tr="İmza değeri sertifikanın anahtarıyla doğrulanamadı: {why}.",
            en="The signature does not hold with the certificate's key: {why}.",
        ),
    ),
    "certificate": (
        Text(tr="İmza, taşıdığı sertifikaya bağlı.", en="The signature is bound to the certificate that it carries."),
        Text(
            tr="İmza, taşıdığı sertifikaya bağlı değil: {why}.",
            en="The signature is not bound to the certificate that it carries: {why}.",
        ),
    ),
    "usage": (
        Text(tr="Sertifika imza için verilmiş.", en="The certificate is for signatures."),
        Text(tr="Sertifika imza için verilmemiş.", en="The certificate is not for signatures."),
    ),
    "validity": (
        Text(tr="Sertifika imza anında geçerliydi.", en="The certificate was valid when it signed."),
        Text(tr="Sertifika imza anında geçerli değildi: {why}.", en="The certificate was not valid then: {why}."),
    ),
    "chain": (
        Text(tr="Sertifika güvenilen bir köke ulaşıyor.", en="The certificate leads to a trusted root."),
        Text(
            tr="Sertifika güvenilen bir köke ulaşmıyor: {why}.",
            en="The certificate does not lead to a trusted root: {why}.",
        ),
    ),
    "counter_signature": (
        Text(tr="Karşı imza doğrulandı.", en="The counter-signature holds."),
        Text(tr="Karşı imza doğrulanamadı: {why}.", en="The counter-signature does not hold: {why}."),
    ),
}


def check(name: str, why: str | None = None, *, ok: bool | None = None) -> Check:
    """A check's outcome; it failed where a reason is given, or as `ok` says."""
    passed = why is None if ok is None else ok
    good, bad = _TEXTS[name]
    return Check(name=name, ok=passed, detail=good if passed else bad.format(why=why))
