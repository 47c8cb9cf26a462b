"""GİB's counter-signature: the taxpayer's signature survives it, and both are verified."""

from pathlib import Path
from uuid import UUID

import pytest

from defterhane.xades import SignatureIds, countersign, verify_file
from defterhane.xades.errors import NotSignable
from support.signing import ALGORITHMS, NOW, VKN, authority, gib, seal, signed_document, software_key, trusted

IDS = SignatureIds.of(UUID("11111111-2222-4333-8444-555555555555"))


def approve(path: Path, credential=None, **how) -> Path:
    target = path.with_name(f"GIB-{path.name}")
    key = software_key(credential or gib())
    target.write_bytes(countersign(path, key, signing_time=NOW, ids=how.pop("ids", IDS), **how))
    return target


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_approved_berat_verifies(tmp_path: Path, algorithm) -> None:
    path, made = signed_document(tmp_path, "berat", algorithm)
    found = verify_file(approve(path), roots=trusted())
    assert found.ok, [check for check in found.checks if not check.ok]
    assert found.signer_serial_number == VKN
    assert found.signature_value == made.signature_value
    assert found.ledger_signature_value == "U8Opw7xy"
    counter = found.counter_signature
    assert counter is not None
    assert counter.ok
    assert counter.signer_serial_number == "3900383669"
    assert counter.signer_subject == "serialNumber=3900383669,CN=Gelir İdaresi Başkanlığı"
    assert counter.role == "Tedarikçi"
    assert counter.signing_time == NOW


def test_it_is_written_anew(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    data = approve(path).read_bytes()
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>')
    assert b'unitRef="try" decimals="INF" contextRef="journal_context"' in data
    assert b"#WithComments" in data


def test_the_counter_signature_is_bound_to_the_taxpayers_signature(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    approved = approve(path).read_text()
    other, _ = signed_document(
        tmp_path, "berat", data=(tmp_path / "unsigned.xml").read_bytes().replace(b"12.5", b"99.5")
    )
    text = approve(other).read_text()
    start, end = "<xades:UnsignedProperties>", "</xades:UnsignedProperties>"
    stolen = approved[approved.index(start) : approved.index(end)]
    mixed = text[: text.index(start)] + stolen + text[text.index(end) :]
    target = tmp_path / "mixed.xml"
    target.write_text(mixed)
    found = verify_file(target, roots=trusted())
    assert [check.name for check in found.checks if not check.ok] == ["counter_signature"]
    assert found.counter_signature is not None
    assert [check.name for check in found.counter_signature.checks if not check.ok] == ["document_digest"]


def test_somebody_else_may_not_pass_as_gib_unseen(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    found = verify_file(
        approve(path, authority().issue_seal(VKN, "Gelir İdaresi Başkanlığı", now=NOW)), roots=trusted()
    )
    assert found.counter_signature is not None
    assert found.counter_signature.signer_serial_number == VKN


def test_the_same_ids_twice_are_refused(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    same = SignatureIds.of(UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2"))
    found = verify_file(approve(path, ids=same), roots=trusted())
    assert [check.name for check in found.checks if not check.ok] == ["structure"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Tedarikçi", "Mükellef"),
        ("#WithComments", ""),
        ('<ds:Reference URI="#SignatureValue-', '<ds:Reference URI="#SignatureXalue-'),
        ("<xades:ClaimedRoles>", "<xades:ClaimedRoles><!-- c -->"),
        ("</xades:CounterSignature>", "</xades:CounterSignature><xades:CounterSignature></xades:CounterSignature>"),
        ("</xades:CounterSignature>", "</xades:CounterSignature><other xmlns='urn:o'></other>"),
    ],
)
def test_a_changed_counter_signature_is_refused(tmp_path: Path, old, new) -> None:
    path, _ = signed_document(tmp_path, "berat")
    approved = approve(path)
    text = approved.read_text()
    assert old in text
    approved.write_text(text.replace(old, new))
    assert not verify_file(approved, roots=trusted()).ok


def test_only_a_signed_berat_is_countersigned(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    with pytest.raises(NotSignable):
        countersign(tmp_path / "unsigned.xml", software_key(gib()), signing_time=NOW, ids=IDS)
    with pytest.raises(NotSignable):
        countersign(approve(path), software_key(gib()), signing_time=NOW, ids=IDS)


def test_with_an_ec_key(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    assert verify_file(approve(path, seal("ec"), role="Deneme"), roots=trusted()).counter_signature.role == "Deneme"  # type: ignore[union-attr]
