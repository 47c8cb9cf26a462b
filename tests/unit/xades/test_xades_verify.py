"""Verifying: no change of what is signed goes unseen, trust is the caller's, and nothing makes it stumble."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from defterhane.xades import Preparation, SignatureIds, body_digest, evidence, read_head, sign_file, splice, verify_file
from sandbox.ca import Authority
from support.signing import (
    ALGORITHMS,
    ID,
    NOW,
    VKN,
    authority,
    canonical_document,
    seal,
    signed_document,
    software_key,
    trusted,
)


@cache
def signed(root: str, algorithm: str) -> bytes:
    with TemporaryDirectory() as folder:
        return signed_document(Path(folder), root, algorithm)[0].read_bytes()


def signed_ranges(data: bytes) -> list[range]:
    """The bytes that a signature covers: the document, SignedInfo, SignedProperties, and the value itself."""
    start, end = data.index(b"<ds:Signature "), data.rindex(b"</edefter:")
    parts = [range(data.index(b"?>\n") + 3, start), range(end, len(data))]
    for name in (b"ds:SignedInfo", b"xades:SignedProperties"):
        parts.append(range(data.index(b"<" + name), data.index(b"</" + name) + len(name) + 3))
    value = data.index(b"<ds:SignatureValue", start)
    parts.append(range(data.index(b">", value) + 1, data.index(b"<", value + 1)))
    return parts


def meaning(data: bytes) -> bytes | None:
    """A document's canonical form with its base64 in one piece; None where it is not XML."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return None
    for element in root.iter("{*}SignatureValue", "{*}DigestValue", "{*}X509Certificate"):
        element.text = "".join((element.text or "").split())
    try:
        return etree.tostring(root.getroottree(), method="c14n", with_comments=False)
    except etree.C14NError:
        return None


def names(path: Path, roots=None) -> list[str]:
    return [check.name for check in verify_file(path, roots=roots).checks if not check.ok]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("root", ["defter", "berat"])
@pytest.mark.parametrize("streamed", [False, True])
@given(place=st.data(), byte=st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
def test_no_changed_byte_goes_unseen(tmp_path: Path, root, algorithm, streamed, place, byte) -> None:
    data = signed(root, algorithm)
    ranges = signed_ranges(data)
    position = place.draw(st.sampled_from(ranges).flatmap(st.sampled_from))
    assume(data[position] != byte)
    changed = data[:position] + bytes([byte]) + data[position + 1 :]
    assume(meaning(changed) != meaning(data))
    path = tmp_path / "changed.xml"
    path.write_bytes(changed)
    with pytest.MonkeyPatch.context() as patch:
        if streamed:
            patch.setattr(evidence, "SMALL", 10)
        assert not verify_file(path, roots=None).ok


@pytest.mark.parametrize(
    ("old", "new", "failed"),
    [
        (b"12.50", b"12.51", ["document_digest"]),
        (b"T12:30:00", b"T12:30:01", ["properties_digest"]),
        (b'Target="#S', b'Target="#T', ["structure"]),
        (b"</ds:Modulus>", b"AAAA</ds:Modulus>", ["certificate"]),
        (b"</ds:X509Certificate>", b"AAAA</ds:X509Certificate>", ["structure"]),
        (b"<ds:SignedInfo>", b"<ds:SignedInfo><!-- -->", ["structure"]),
        (b"</edefter:defter>", b"", ["document"]),
        (b'edefter.gov.tr"', b'edefter.gov.TR"', ["document"]),
    ],
)
def test_the_answer_says_what_is_wrong(tmp_path: Path, old, new, failed) -> None:
    path = tmp_path / "changed.xml"
    data = signed("defter", "rsa")
    assert old in data
    path.write_bytes(data.replace(old, new))
    assert names(path) == failed


@pytest.mark.parametrize("data", [b"", b"x", b"\xff\xfe", b"<a/>", b"PK\x03\x04" * 100, b"<a " + b"x" * 100_000])
def test_what_is_no_document_is_told_without_a_stumble(tmp_path: Path, data) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(data)
    found = verify_file(path, roots=trusted())
    assert not found.ok
    assert found.checks[-1].name == "document"
    assert found.checks[-1].detail.tr


def test_an_unsigned_document_is_told_as_such(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "y.xml"
    path.write_bytes(canonical_document())
    assert names(path) == ["signed"]
    monkeypatch.setattr(evidence, "SMALL", 10)
    assert names(path) == ["signed"]


def test_entities_and_dtds_are_not_even_parsed(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    path.write_bytes(signed("defter", "rsa").replace(b"<?xml-stylesheet", bomb + b"<?xml-stylesheet"))
    assert names(path) == ["document"]


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify_file(tmp_path / "none.xml", roots=None)


@given(st.integers(0, 20_000), st.integers(1, 400), st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_whatever_is_in_a_file_it_only_fails(tmp_path: Path, position, removed, inserted) -> None:
    data = signed("berat", "ec")
    position %= len(data)
    path = tmp_path / "x.xml"
    path.write_bytes(data[:position] + inserted + data[position + removed :])
    verify_file(path, roots=trusted())


class TestTrust:
    """From the signer's certificate to a root, at the time of signing."""

    def sign(self, folder: Path, credential, when=NOW) -> Path:
        """Signs with whatever is given, as one who does not care whether it may sign."""
        source, target = folder / "y.xml", folder / "s.xml"
        source.write_bytes(canonical_document())
        preparation = Preparation(
            body_digest(source), read_head(source).scope, credential.certificate, when, SignatureIds.of(ID)
        )
        value = software_key(credential).sign(preparation.signed_info)
        splice(source, target, preparation.signature(value), body_sha256=preparation.body_sha256)
        return target

    def test_another_authority_of_the_same_names(self, tmp_path: Path) -> None:
        path = self.sign(tmp_path, seal())
        other = Authority.create(NOW)
        assert names(path, [other.root.certificate, other.issuer.certificate]) == ["chain"]
        assert names(path, [other.root.certificate, authority().issuer.certificate]) == ["chain"]
        assert names(path, []) == ["chain"]

    def test_an_issuer_is_not_a_root(self, tmp_path: Path) -> None:
        path = self.sign(tmp_path, seal())
        assert names(path, [authority().issuer.certificate]) == ["chain"]
        assert names(path, [authority().root.certificate]) == ["chain"]

    @pytest.mark.parametrize("when", [timedelta(days=-1), timedelta(days=4 * 365)])
    def test_signed_outside_the_certificates_validity(self, tmp_path: Path, when) -> None:
        path = self.sign(tmp_path, seal(), NOW + when)
        assert names(path) == ["validity"]
        assert names(path, trusted()) == ["validity", "chain"]

    @pytest.mark.parametrize("claimed", [b"0001-01-01T00:00:00+03:00", b"9999-12-31T23:59:59-03:00"])
    def test_a_claimed_time_out_of_all_bounds(self, tmp_path: Path, claimed) -> None:
        path = tmp_path / "s.xml"
        path.write_bytes(signed("defter", "rsa").replace(b"2025-02-03T12:30:00+03:00", claimed))
        assert names(path, trusted()) == ["properties_digest", "validity", "chain"]
        assert verify_file(path, roots=trusted()).model_dump_json()

    def test_signed_with_the_encryption_certificate(self, tmp_path: Path) -> None:
        path = self.sign(tmp_path, authority().issue_seal(VKN, "X", now=NOW, purpose="encrypt"))
        assert names(path, trusted()) == ["usage"]

    def test_a_person_signs_with_a_qualified_certificate(self, tmp_path: Path) -> None:
        path = self.sign(tmp_path, authority().issue_personal("10000000146", "AD SOYAD", "ec", now=NOW))
        assert names(path, trusted()) == []
        assert verify_file(path, roots=None).signer_serial_number == "10000000146"

    def test_a_seal_is_no_authority(self, tmp_path: Path) -> None:
        crook = Authority(authority().root, seal())
        path = self.sign(tmp_path, crook.issue_seal(VKN, "X", now=NOW))
        assert names(path, [*trusted(), seal().certificate]) == ["chain"]


def test_ids_are_from_the_given_source_alone(tmp_path: Path) -> None:
    made = uuid4()
    source, target = tmp_path / "y.xml", tmp_path / "s.xml"
    source.write_bytes(canonical_document())
    sign_file(source, target, software_key(seal()), signing_time=NOW, new_id=lambda: made)
    assert target.read_bytes().count(str(made).encode()) == 7
