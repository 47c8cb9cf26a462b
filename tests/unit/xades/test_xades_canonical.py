"""The scan says "canonical" only of what an outside canonicaliser would leave as it is."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from defterhane.xades import canonical, evidence, sign_file, verify_file
from defterhane.xades.canonical import NotCanonical, scan
from defterhane.xades.errors import NotSignable
from support.signing import (
    DECLARATION,
    ID,
    NOW,
    ROOTS,
    canonical_document,
    seal,
    signed_document,
    software_key,
    trusted,
)

SMALL_PIECES = (7, 64, 1024 * 1024)


def c14n(data: bytes) -> bytes:
    """What libxml2 makes of a document."""
    return etree.tostring(etree.fromstring(data).getroottree(), method="c14n", with_comments=False)


def scanned(folder: Path, data: bytes) -> canonical.Layout | None:
    path = folder / "document.xml"
    path.write_bytes(data)
    try:
        return scan(path)
    except (NotCanonical, NotSignable):
        return None


text = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs",), exclude_characters="".join(map(chr, range(32))) + "\ufffe\uffff"
    )
    | st.sampled_from("\t\n\r&<>\"'"),
    max_size=60,
)


@given(st.lists(text, min_size=1, max_size=5), st.sampled_from(ROOTS), st.sampled_from(SMALL_PIECES), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_canonical_documents_are_recognised(tmp_path: Path, comments, root, piece, instruction) -> None:
    data = canonical_document(root, tuple(comments), instruction=instruction)
    body = data.removeprefix(DECLARATION)
    assert c14n(data) == body
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "CHUNK", piece)
        layout = scanned(tmp_path, data)
    assert layout is not None
    assert layout.body_sha256 == hashlib.sha256(body).hexdigest()
    assert layout.ids == ["try"]
    assert layout.signature is None


PIECES = st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"&amp;",
        b"&gt;",
        b"&#65;",
        b"&#xD;",
        b"&quot;",
        b'"',
        b"'",
        b" ",
        b"\n",
        b"\r",
        b"\t",
        b"/",
        b"<!-- c -->",
        b"<?pi d?>",
        b"<![CDATA[x]]>",
        b"<a></a>",
        b"<a/>",
        b"<ds:a></ds:a>",
        b'<a b="1"></a>',
        b' xmlns:q="urn:q"',
        b' xmlns=""',
        b' xml:lang="tr"',
        b' a="1"',
        b' Id="1"',
        b"x",
        b"\xc3\xbc",
        b"\xff",
        b"\x01",
        b"<ds:Signature></ds:Signature>",
        b"</edefter:defter>",
        b"<!DOCTYPE x>",
        b"\xef\xbf\xbe",
        b"]]>",
        b"xmlns:ds=",
    ]
)


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 12), PIECES), min_size=1, max_size=3),
    st.sampled_from(SMALL_PIECES),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=600, deadline=None)
def test_what_is_recognised_is_its_own_canonical_form(tmp_path: Path, changes, piece) -> None:
    data = canonical_document()
    for position, removed, inserted in changes:
        position %= len(data)
        data = data[:position] + inserted + data[position + removed :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "CHUNK", piece)
        layout = scanned(tmp_path, data)
    if layout is not None and layout.signature is None:
        body = data[layout.head.declaration :]
        assert c14n(data) == body
        assert layout.body_sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        (b' xmlns:edefter="', b' xmlns:zz="urn:zz" xmlns:edefter="'),
        (b' xmlns:edefter="', b' xmlns:e="relative" xmlns:edefter="'),
        (b' xmlns:edefter="', b' xmlns:e="" xmlns:edefter="'),
        (b' xmlns:ds="', b' xmlns="" xmlns:ds="'),
        (b' xmlns:ds="', b' a="1" xmlns:ds="'),
        (b'contextRef="journal_context" decimals="INF"', b'decimals="INF" contextRef="journal_context"'),
        (b'decimals="INF"', b'decimals="INF" decimals="INF"'),
        (b'decimals="INF"', b'decimals="I&#78;F"'),
        (b'decimals="INF"', b"decimals='INF'"),
        (b'decimals="INF"', b'decimals="&gt;"'),
        (b"Kasa", b"&quot;Kasa&quot;"),
        (b"Kasa", b"&#75;asa"),
        (b"Kasa", b"K\x0basa"),
        (b"Kasa", b"K\xedasa"),
        (b"Kasa", b"\xef\xbf\xbf"),
        (b"<xbrli:xbrl>", b"<xbrli:xbrl >"),
        (b"</xbrli:xbrl>", b"</xbrli:xbrl\n>"),
        (b"<xbrli:xbrl>", b"text ]]> <xbrli:xbrl>"),
        (b'xslt"?>\n', b'xslt"?>'),
        (b'xslt"?>\n', b'xslt"?>\n\n'),
        (b"<?xml-stylesheet type", b"<?xml-stylesheet  type"),
    ],
)
def test_what_is_not_canonical_is_not_recognised(tmp_path: Path, change) -> None:
    data = canonical_document()
    assert change[0] in data
    assert scanned(tmp_path, data.replace(*change, 1)) is None


def test_nothing_can_make_the_scan_keep_much_or_run_long(tmp_path: Path) -> None:
    data = canonical_document()
    long = b"A" * 6_000_000
    at = data.index(b"Kasa")
    assert scanned(tmp_path, data[:at] + long + data[at:]) is not None  # an attachment
    assert scanned(tmp_path, data[:at] + b"<" + long + data[at:]) is None
    assert scanned(tmp_path, data[:at] + long + b">" + data[at:]) is None
    assert scanned(tmp_path, data[:at] + b"<a>" * 500_000) is None
    assert scanned(tmp_path, data[:at] + b'<a Id="1"></a>' * 50_000 + data[at:]) is None


@pytest.mark.parametrize("root", ["defter", "defterraporu"])
@pytest.mark.parametrize("piece", SMALL_PIECES)
def test_a_signed_document_is_scanned_to_the_same_digest(tmp_path: Path, monkeypatch, root, piece) -> None:
    path, made = signed_document(tmp_path, root)
    monkeypatch.setattr(canonical, "CHUNK", piece)
    layout = scan(path)
    assert layout.body_sha256 == made.body_sha256
    assert layout.signature is not None
    assert layout.signature.startswith(b"<ds:Signature ")


@pytest.mark.parametrize("root", ROOTS)
def test_large_files_are_verified_without_a_tree(tmp_path: Path, monkeypatch, root) -> None:
    path, made = signed_document(tmp_path, root)
    as_tree = verify_file(path, roots=trusted())
    monkeypatch.setattr(evidence, "SMALL", 10)
    if root != "berat":  # whose bare SignatureValue is wanted too
        monkeypatch.setattr(evidence, "read_tree", None)
    assert verify_file(path, roots=trusted()) == as_tree
    assert as_tree.body_sha256 == made.body_sha256


def test_a_large_file_that_is_not_canonical_is_verified_as_a_tree(tmp_path: Path, monkeypatch) -> None:
    path, _ = signed_document(tmp_path)
    data = path.read_bytes().replace(b'decimals="INF" unitRef="try"', b"unitRef='try' decimals='INF'")
    path.write_bytes(data + b"\n")
    monkeypatch.setattr(evidence, "SMALL", 10)
    assert verify_file(path, roots=trusted()).ok


def test_a_large_text_is_signed_and_verified(tmp_path: Path) -> None:
    source, target = tmp_path / "y.xml", tmp_path / "s.xml"
    source.write_bytes(canonical_document(comments=("QUJD" * 3_000_000, "çok uzun & büyük")))
    sign_file(source, target, software_key(seal()), signing_time=NOW, new_id=lambda: ID)
    assert verify_file(target, roots=trusted()).ok
