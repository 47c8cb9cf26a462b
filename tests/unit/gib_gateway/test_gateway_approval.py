"""An approved berat is believed only if it is ours, as we sent it, counter-signed by GİB."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from defterhane.edefter.names import DocumentName
from defterhane.errors import Problem
from gib_gateway.approval import Sent, examine
from sandbox.ca import Authority
from support.gib_client import Paper
from support.gib_papers import (
    LEDGER_SIGNATURE,
    Signed,
    counter_signed,
    gib,
    signed_paper,
    trusted_pem,
    zipped,
)
from support.gib_wire import NOW, VKN, authority, seal

NAME = f"{VKN}-202501-YB-000000"
LIMIT = 1024 * 1024


@pytest.fixture(scope="module")
def berat() -> Signed:
    return signed_paper(NAME)


@pytest.fixture(scope="module")
def approved(berat: Signed) -> bytes:
    return counter_signed(berat.data)


def sent(berat: Signed) -> Sent:
    return Sent(berat.paper.name, berat.unique_id, berat.made.signature_value, LEDGER_SIGNATURE)


def look(
    package: bytes,
    expected: Sent,
    *,
    file_name: str = f"GIB-{NAME}.zip",
    roots: bytes | None = None,
    limit: int = LIMIT,
    scratch: Path | None = None,
) -> bytes | Problem:
    pem = [trusted_pem()] if roots is None else [roots] if roots else []
    return examine(file_name, package, sent=expected, roots=pem, limit=limit, scratch=scratch)


def refused(found: bytes | Problem) -> str:
    assert isinstance(found, Problem)
    assert found.text.tr != found.text.en
    return found.key


def packed(document: bytes, name: str = f"GIB-{NAME}.xml") -> bytes:
    return zipped((name, document))


@pytest.mark.parametrize("name", [f"GIB-{NAME}.zip", f"{NAME}.zip"])
def test_our_own_berat_is_believed_byte_by_byte(berat: Signed, approved: bytes, name: str, tmp_path: Path) -> None:
    assert look(packed(approved), sent(berat), file_name=name, scratch=tmp_path) == approved
    assert list(tmp_path.iterdir()) == []
    assert b'standalone="no"' in approved.split(b"\n", 1)[0]


def test_with_a_branch_and_an_ec_seal() -> None:
    name = f"{VKN}-202501-KB-000002-0003"
    ours = signed_paper(name, seal("ec"))
    document = counter_signed(ours.data)
    found = look(packed(document, f"GIB-{name}.xml"), sent(ours), file_name=f"GIB-{name}.zip")
    assert found == document


def test_a_taxpayer_s_seal_of_another_authority_is_the_taxpayer_s_business() -> None:
    """It is the signature that we made; only GİB's has to lead to our roots."""
    ours = signed_paper(NAME, Authority.create(NOW).issue_seal(VKN, "BAŞKA KÖK", now=NOW))
    document = counter_signed(ours.data)
    assert look(packed(document), sent(ours)) == document


def bomb(entry_size: int) -> bytes:
    return packed(b"0" * entry_size)


def encrypted(document: bytes) -> bytes:
    data = bytearray(packed(document))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def damaged(document: bytes) -> bytes:
    data = bytearray(packed(document))
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def understated(document: bytes) -> bytes:
    """The directory says that it is small."""
    data = bytearray(packed(document))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    "package",
    [
        lambda document: b"",
        lambda document: b"PK\x03\x04 no zip",
        lambda document: zipped(),
        lambda document: zipped((f"GIB-{NAME}.xml", document), ("second.xml", document)),
        lambda document: packed(document, f"{NAME}.xml"),
        lambda document: packed(document, f"../GIB-{NAME}.xml"),
        lambda document: packed(document, f"GIB-{VKN}-202501-KB-000000.xml"),
        lambda document: packed(document, f"GIB-{NAME}.xml/"),
        encrypted,
        damaged,
        understated,
        lambda document: bomb(LIMIT + 1),
        lambda document: bomb(100 * LIMIT),
        lambda document: packed(b"<a/>"),
        lambda document: packed(b"not xml"),
        lambda document: packed(b'<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>'),
    ],
)  # fmt: skip
def test_a_package_that_is_none_is_refused(package, berat: Signed, approved: bytes) -> None:
    assert refused(look(package(approved), sent(berat))) in ("gib.bad_package", "gib.other_document")


def test_a_bomb_within_the_limit_is_seen_by_its_ratio(berat: Signed) -> None:
    assert refused(look(bomb(20 * LIMIT), sent(berat), limit=32 * LIMIT)) == "gib.bad_package"


@pytest.mark.parametrize("name", ["", "x.zip", f"GIB-{NAME}.xml", f"GIB-{VKN}-202502-YB-000000.zip", "GIB-../x.zip"])
def test_another_attachment_s_name_is_refused(name: str, berat: Signed, approved: bytes) -> None:
    assert refused(look(packed(approved), sent(berat), file_name=name)) == "gib.other_document"


@pytest.mark.parametrize(
    "other",
    [
        "6090408038-202501-YB-000000",
        f"{VKN}-202502-YB-000000",
        f"{VKN}-202501-KB-000000",
        f"{VKN}-202501-YB-000000-0003",
    ],
)
def test_what_says_something_else_is_refused(other: str, berat: Signed) -> None:
    """Well signed and counter-signed, under the right file name: but the inside is another berat."""
    document = counter_signed(signed_paper(other).data)
    assert refused(look(packed(document), sent(berat))) == "gib.other_document"


def test_another_number_is_refused(berat: Signed) -> None:
    paper = Paper(DocumentName.parse(NAME), sequence=2, ledger_signature=LEDGER_SIGNATURE)
    document = counter_signed(signed_paper(paper=paper).data)
    assert refused(look(packed(document), sent(berat))) == "gib.other_document"


def test_another_ledger_s_signature_is_refused(berat: Signed) -> None:
    other = signed_paper(paper=Paper(DocumentName.parse(NAME), ledger_signature="QUJE" * 86))
    document = counter_signed(other.data)
    expected = replace(sent(berat), signature_value=other.made.signature_value)
    found = look(packed(document), expected)
    assert refused(found) == "gib.other_signature"
    assert "defter" in found.text.tr  # type: ignore[union-attr]


def test_the_same_berat_signed_once_more_is_refused(berat: Signed) -> None:
    again = counter_signed(signed_paper(NAME).data)  # the same content, another signing
    assert refused(look(packed(again), sent(berat))) == "gib.other_signature"


def test_what_has_been_changed_since_we_signed_it_is_refused(berat: Signed, approved: bytes) -> None:
    changed = approved.replace(b"SMMM", b"XMMM")
    assert changed != approved
    assert refused(look(packed(changed), sent(berat))) == "gib.other_signature"


def test_a_berat_that_nobody_counter_signed_is_refused(berat: Signed) -> None:
    assert refused(look(packed(berat.data), sent(berat))) == "gib.not_gib"


def test_a_counter_signature_of_somebody_else_is_refused(berat: Signed) -> None:
    document = counter_signed(berat.data, seal())
    found = look(packed(document), sent(berat))
    assert refused(found) == "gib.not_gib"
    assert VKN in found.text.tr  # type: ignore[union-attr]


def test_a_certificate_that_only_says_it_is_gib_s_is_refused(berat: Signed) -> None:
    document = counter_signed(berat.data, Authority.create(NOW).issue_gib(NOW))
    found = look(packed(document), sent(berat))
    assert refused(found) == "gib.not_gib"
    assert "chain" in found.text.tr  # type: ignore[union-attr]


def test_a_counter_signature_that_does_not_hold_is_refused(berat: Signed, approved: bytes) -> None:
    changed = approved.replace("Tedarikçi".encode(), b"Tedarikci")
    assert changed != approved
    assert refused(look(packed(changed), sent(berat))) == "gib.not_gib"


def test_another_berat_s_counter_signature_is_refused(berat: Signed, approved: bytes) -> None:
    """GİB's counter-signature of one berat, moved into another."""
    other = counter_signed(signed_paper(f"{VKN}-202501-KB-000000").data)
    cut = lambda data: data[data.index(b"<xades:UnsignedProperties") : data.index(b"</xades:UnsignedProperties>")]  # noqa: E731
    moved = approved.replace(cut(approved), cut(other))
    assert refused(look(packed(moved), sent(berat))) in ("gib.not_gib", "gib.other_signature")


def test_without_roots_nothing_is_believed(berat: Signed, approved: bytes) -> None:
    assert refused(look(packed(approved), sent(berat), roots=b"")) == "gib.nobody_trusted"


def test_with_other_roots_nothing_is_believed(berat: Signed, approved: bytes) -> None:
    other = Authority.create(NOW).root_pem
    assert refused(look(packed(approved), sent(berat), roots=other)) == "gib.not_gib"


def test_gib_s_certificate_has_the_number_that_is_looked_for() -> None:
    assert authority().issuer.certificate.subject == gib().certificate.issuer


def test_many_empty_members_are_refused(berat: Signed) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(5000):
            archive.writestr(f"{number}.xml", b"")
    assert refused(look(buffer.getvalue(), sent(berat))) == "gib.bad_package"
