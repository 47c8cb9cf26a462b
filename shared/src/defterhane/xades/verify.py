"""Verifies the signature of any of our documents, and of the berats that GİB sends back counter-signed.

Nothing here trusts an Id, a transform or an algorithm because the document names it: see `parts`. Trust in the signer
is the caller's: give roots, and compare the signer's serialNumber.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from defterhane.xades.algorithms import algorithm_of, holds, one_line
from defterhane.xades.canonical import Layout
from defterhane.xades.chain import broken_chain, may_sign, serial_number
from defterhane.xades.errors import KeyUnusable, NotSignable
from defterhane.xades.evidence import Evidence, Unsigned, evidence_of, read_evidence
from defterhane.xades.names import DS11, P384_URI, ds
from defterhane.xades.parts import Parts, read_signature
from defterhane.xades.prepare import distinguished
from defterhane.xades.report import Check, CounterSignature, Signer, Verification, check
from defterhane.xades.shape import Refused, children, decode, required
from defterhane.xades.tree import canonical


def verify_file(path: Path, *, roots: Sequence[x509.Certificate] | None) -> Verification:
    """Verify a signed document.

    A file of up to 4 MiB, or one that is not canonical, is read as a tree (at most 256 MiB); larger canonical ones are
    streamed in constant memory.

    Args:
        path: Y, K, YB, KB, DR, or GİB's approved copy of a berat.
        roots: trusted root certificates, and with them the issuers between root and signer; None leaves the question
            of trust open.

    Raises:
        OSError: the file cannot be read. Whatever else is wrong with it is told in the answer.
    """
    try:
        return _verify(read_evidence(path), roots)
    except NotSignable as error:
        return _failed(check("document", str(error.values.get("why", error))))
    except Unsigned as error:
        return _failed(check("document"), check("signed", str(error)))
    except Refused as error:
        return _failed(check("document"), check("structure", str(error)))


def verify_layout(layout: Layout) -> Verification:
    """Verify what has been scanned, or spliced, already; trust in the signer is left open."""
    try:
        return _verify(evidence_of(layout), None)
    except (NotSignable, Unsigned, Refused) as error:
        return _failed(check("structure", str(error)))


def _verify(evidence: Evidence, roots: Sequence[x509.Certificate] | None) -> Verification:
    parts = read_signature(evidence.signature)
    _check_ids(evidence, parts)
    checks = [check("document"), check("structure"), *_check_parts(parts, roots)]
    counter = None
    if parts.counter is not None:
        counter = _verify_counter(evidence, parts, parts.counter, roots)
        failed = [item.name for item in counter.checks if not item.ok]
        checks.append(check("counter_signature", ", ".join(failed) or None))
    body_sha256 = evidence.body_sha256()
    checks.append(check("document_digest", ok=body_sha256 == parts.document_digest.hex()))
    ledger = evidence.ledger_value
    return Verification(
        **_signer(parts, checks).model_dump(),
        root=evidence.root,
        body_sha256=body_sha256,
        ledger_signature_value=None if ledger is None else one_line(ledger),
        counter_signature=counter,
    )


def _verify_counter(
    evidence: Evidence, signed: Parts, element: etree._Element, roots: Sequence[x509.Certificate] | None
) -> CounterSignature:
    try:
        parts = read_signature(element, countersigned=signed.value_id or " ")
        _check_ids(evidence, parts)
        if parts.counter is not None:
            raise Refused("CounterSignature")
    except Refused as error:
        return CounterSignature(ok=False, checks=(check("structure", str(error)),))
    digest = sha256(canonical(signed.value_element)).digest()
    checks = [
        check("structure"),
        *_check_parts(parts, roots),
        check("document_digest", ok=digest == parts.document_digest),
    ]
    return CounterSignature(**_signer(parts, checks).model_dump(), role=parts.role)


def _check_ids(evidence: Evidence, parts: Parts) -> None:
    """Each Id of a signature stands in the document once: an Id cannot mean two things (signature wrapping)."""
    for identifier in parts.ids:
        if evidence.ids[identifier] != 1:
            raise Refused(f"Id {identifier}")


def _check_parts(parts: Parts, roots: Sequence[x509.Certificate] | None) -> list[Check]:
    properties = sha256(canonical(parts.properties)).digest()
    certificate, moment = parts.certificate, parts.signing_time
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    checks = [
        check("properties_digest", ok=properties == parts.properties_digest),
        check("signature_value", _wrong_value(parts)),
        check("certificate", _wrong_certificate(parts)),
        check("usage", ok=may_sign(certificate)),
        check("validity", None if start <= moment <= end else f"{start.date()} – {end.date()}"),
    ]
    if roots is not None:
        checks.append(check("chain", broken_chain(certificate, roots, moment)))
    return checks


def _wrong_value(parts: Parts) -> str | None:
    data = canonical(parts.signed_info, with_comments=parts.info_with_comments)
    try:
        if algorithm_of(parts.certificate) != parts.algorithm:
            return str(parts.algorithm)
        return None if holds(parts.certificate, data, parts.value) else "SignatureValue"
    except KeyUnusable as error:
        return str(error.values["why"])


def _wrong_certificate(parts: Parts) -> str | None:
    certificate = parts.certificate
    if (certificate.fingerprint(SHA256()), certificate.serial_number) != (
        parts.certificate_digest,
        parts.certificate_serial,
    ):
        return "SigningCertificate"
    try:
        if parts.key_value is not None and not _is_key(parts.key_value, certificate):
            return "KeyValue"
    except (Refused, ValueError):
        return "KeyValue"
    return None


def _is_key(element: etree._Element, certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        modulus, exponent = (int.from_bytes(decode(item)) for item in children(element, ("Modulus", "Exponent")))
        return element.tag == ds("RSAKeyValue") and (modulus, exponent) == (
            key.public_numbers().n,
            key.public_numbers().e,
        )
    curve, point = children(element, (f"{{{DS11}}}NamedCurve", f"{{{DS11}}}PublicKey"))
    return (
        element.tag == f"{{{DS11}}}ECKeyValue"
        and required(curve, "URI") == P384_URI
        and decode(point) == key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )


def _signer(parts: Parts, checks: Sequence[Check]) -> Signer:
    return Signer(
        ok=all(item.ok for item in checks),
        checks=tuple(checks),
        signer_subject=distinguished(parts.certificate.subject),
        signer_serial_number=serial_number(parts.certificate),
        signing_time=parts.signing_time,
        certificate=one_line(parts.certificate.public_bytes(Encoding.DER)),
        certificate_sha256=parts.certificate.fingerprint(SHA256()).hex(),
        signature_value=one_line(parts.value),
    )


def _failed(*checks: Check) -> Verification:
    return Verification(ok=False, checks=checks)
