"""Attacks inside a large good journal: what is passed over as surely right must not hide them."""

from pathlib import Path

import pytest
from lxml import etree

from defterhane.edefter.vocabulary import NAMESPACES
from support.golden_documents import verdict
from support.hostile_books import (
    COMMENT,
    DETAIL,
    HEADER,
    NAME,
    Attack,
    between,
    book,
    cut,
    into_a_comment,
    put,
    replaced,
)

END_OF_LINE, END_OF_ENTRY = b"</gl-cor:entryDetail>", b"</gl-cor:entryHeader>"
LINE = b"<gl-cor:entryDetail></gl-cor:entryDetail>"

WELL_FORMED: dict[str, tuple[Attack, str]] = {
    "lines between two comments' texts": (between(b"<!--", b"-->"), "counter.line_gap"),
    "lines between two texts of an instruction": (between(b"<?x ", b"?>"), "counter.line_gap"),
    "lines between two texts of a CDATA section": (between(b"<![CDATA[", b"]]>"), "counter.line_gap"),
    "lines in a comment": (between(b"<!--", b"-->", mark=DETAIL), "counter.line_gap"),
    "lines in a CDATA section": (between(b"<![CDATA[", b"]]>", mark=DETAIL), "counter.line_gap"),
    "lines in an instruction": (between(b"<?x ", b"?>", mark=DETAIL), "counter.line_gap"),
    "entries in a comment": (between(b"<!--", b"-->", mark=HEADER), "counter.entry_gap"),
    "entries in a CDATA section": (between(b"<![CDATA[", b"]]>", mark=HEADER), "counter.entry_gap"),
    "entries in an instruction": (between(b"<?x ", b"?>", mark=HEADER), "counter.entry_gap"),
    "an entry's head in a comment": (between(b"<!--", b"-->", mark=HEADER, over=1), "counter.entry_gap"),
    "lines in a foreign element": (between(b'<x xmlns="urn:x">', b"</x>", mark=HEADER), "XSD"),
    "lines in a line": (put(b"<gl-cor:entryDetail>" + LINE + b"</gl-cor:entryDetail>"), "XSD"),
    "an empty line": (put(LINE), "Y086"),
    "an empty entry": (put(b"<gl-cor:entryHeader></gl-cor:entryHeader>", before=HEADER), "Y073"),
    "a line outside": (put(LINE, before=HEADER), "XSD"),
    "an element of no vocabulary": (put(b"<x></x>"), "XSD"),
    "a text between lines": (put(b"text"), "XSD"),
    "a second frame": (put(b"<gl-cor:documentInfo></gl-cor:documentInfo>", before=HEADER), "XSD"),
    "a prefix bound anew in an entry": (
        replaced(HEADER, b'<gl-cor:entryHeader xmlns:gl-bus="urn:x">'),
        "XSD",
    ),
    "its own prefix bound anew in a line": (replaced(DETAIL, b'<gl-cor:entryDetail xmlns:gl-cor="urn:x">'), "XSD"),
    "an amount in CDATA, a kuruş more": (replaced(b">500.00<", b"><![CDATA[500.01]]><"), "Y083"),
    "an amount by references": (replaced(b">500.00<", b">500.&#48;&#x31;<"), "Y083"),
    "an amount with a comment in it": (replaced(b">500.00<", b">500<!-- -->.01<"), "Y083"),
    "an amount with an instruction in it": (replaced(b">500.00<", b">500<?x ?>.01<"), "Y083"),
    "an amount in other digits": (replaced(b">500.00<", ">٥٠٠.٠٠<".encode()), "XSD"),
    "a second amount": (
        put(
            b'<gl-cor:amount contextRef="journal_context" unitRef="try">1</gl-cor:amount>',
            before=b"<gl-cor:debitCredit",
        ),
        "XSD",
    ),
    "an attribute written otherwise": (replaced(b'decimals="INF"', b'decimals="I&#78;f"'), "Y001"),
    "an element twice, the second time empty": (
        put(b'<gl-cor:postingDate contextRef="journal_context"></gl-cor:postingDate>', before=b"<gl-cor:postingDate"),
        "XSD",
    ),
    "a C1 control character": (into_a_comment("\u0085".encode()), "text.control_character"),
    "a C1 control character by reference": (into_a_comment(b"&#x9f;"), "text.control_character"),
    "a deleted character": (into_a_comment(b"\x7f"), "text.control_character"),
}
"""What is done, and one rule that has to be told. All are XML."""


@pytest.mark.parametrize("attack", WELL_FORMED)
def test_what_is_hidden_late_in_a_book_is_found(attack: str, tmp_path: Path) -> None:
    change, rule = WELL_FORMED[attack]
    data = change(book())
    found = verdict(data, tmp_path, NAME)
    assert rule in found.findings.counts, dict(found.findings.counts)
    assert not found.valid
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
    entries = root.xpath(
        "/edefter:defter/xbrli:xbrl/gl-cor:accountingEntries/gl-cor:entryHeader", namespaces=NAMESPACES
    )
    assert found.entries == len(entries)
    assert found.lines == sum(len(entry.findall("gl-cor:entryDetail", NAMESPACES)) for entry in entries)


BROKEN: dict[str, tuple[Attack, set[str]]] = {
    "an entity that nobody declared": (into_a_comment(b"&nbsp;"), {"xml.entity"}),
    "an entity without its end": (into_a_comment(b"&amp "), {"xml.broken"}),
    "a bare ampersand": (into_a_comment(b" & "), {"xml.broken"}),
    "a bare less-than": (into_a_comment(b" < "), {"xml.broken"}),
    "the end of a CDATA section in a text": (into_a_comment(b"]]>"), {"xml.broken"}),
    "NUL": (into_a_comment(b"\x00"), {"text.control_character"}),
    "NUL by reference": (into_a_comment(b"&#0;"), {"text.control_character"}),
    "a bell": (into_a_comment(b"\x07"), {"text.control_character"}),
    "a vertical tab by reference": (into_a_comment(b"&#11;"), {"text.control_character"}),
    "U+FFFE": (into_a_comment("\ufffe".encode()), {"text.control_character"}),
    "U+FFFF by reference": (into_a_comment(b"&#xFFFF;"), {"text.control_character"}),
    "half a surrogate": (into_a_comment(b"\xed\xa0\x80"), {"xml.encoding", "text.control_character"}),
    "half a surrogate by reference": (into_a_comment(b"&#xD800;"), {"text.control_character"}),
    "a letter in a Turkish code page": (into_a_comment(b"\xfe"), {"xml.encoding"}),
    "an overlong letter": (into_a_comment(b"\xc0\xbc"), {"xml.encoding"}),
    "half a letter": (into_a_comment(b"\xc5"), {"xml.encoding"}),
    "a letter beyond Unicode": (into_a_comment(b"\xf4\x90\x80\x80"), {"xml.encoding", "text.control_character"}),
    "UTF-16 from here on": (
        lambda data: data[: data.rindex(HEADER)] + data[data.rindex(HEADER) :].decode().encode("utf-16"),
        {"xml.encoding", "text.control_character", "xml.broken"},
    ),
    "a document type": (put(b"<!DOCTYPE x>", before=HEADER), {"xml.broken"}),
    "a declaration of an entity": (put(b'<!ENTITY e "x">', before=HEADER), {"xml.broken"}),
    "a second declaration of XML": (put(b'<?xml version="1.0" encoding="UTF-16"?>', before=HEADER), {"xml.broken"}),
    "a line that does not end": (replaced(END_OF_LINE, b""), {"xml.broken"}),
    "a line that does not begin": (replaced(DETAIL, b""), {"xml.broken"}),
    "an entry that does not end": (replaced(END_OF_ENTRY, b""), {"xml.broken"}),
    "an entry that does not begin": (replaced(HEADER, b""), {"xml.broken"}),
    "ends crossed": (replaced(END_OF_LINE, END_OF_ENTRY + END_OF_LINE), {"xml.broken"}),
    "an element around entries that does not end": (put(b"<x>", before=HEADER), {"xml.broken"}),
    "a prefix that nobody bound": (put(b"<none:x></none:x>"), {"xml.broken"}),
    "an attribute twice": (replaced(b'decimals="INF"', b'decimals="INF" decimals="INF"'), {"xml.broken"}),
    "a comment that does not end": (put(b"<!-- "), {"xml.broken", "xml.cut"}),
    "an instruction that does not end": (put(b"<?x "), {"xml.broken", "xml.cut"}),
    "a CDATA section that does not end": (put(b"<![CDATA["), {"xml.broken", "xml.cut"}),
    "two hyphens in a comment": (put(b"<!-- -- -->"), {"xml.broken"}),
    "a quote that does not end": (replaced(b'decimals="INF"', b'decimals="INF'), {"xml.broken"}),
    "a tag without blanks": (replaced(b'" decimals=', b'"decimals='), {"xml.broken"}),
    "cut in a tag's name": (cut(DETAIL, after=9), {"xml.cut"}),
    "cut before a tag's end": (cut(DETAIL, after=len(DETAIL) - 1), {"xml.cut"}),
    "cut after a tag": (cut(DETAIL, after=len(DETAIL)), {"xml.cut"}),
    "cut before a line": (cut(DETAIL), {"xml.cut"}),
    "cut in an attribute": (cut(b'decimals="INF"', after=11), {"xml.cut", "xml.broken"}),
    "cut in a text": (cut(COMMENT, after=-2), {"xml.cut"}),
    "cut in a letter": (cut(" açıklaması".encode(), after=3), {"xml.cut", "xml.encoding", "text.control_character"}),
    "cut in an end tag": (cut(COMMENT, after=5), {"xml.cut"}),
    "cut after an entry": (cut(END_OF_ENTRY, after=len(END_OF_ENTRY)), {"xml.cut"}),
    "cut before the last tag's end": (lambda data: data[:-1], {"xml.cut"}),
    "the document twice": (lambda data: data + data.partition(b"?>\n")[2].partition(b"?>\n")[2], {"xml.broken"}),
    "text after the root": (lambda data: data + b"x", {"xml.broken"}),
    "zeros after the root": (lambda data: data + bytes(100_000), {"text.control_character", "xml.broken"}),
}
"""What is done, and the one rule that is told: one of these."""


@pytest.mark.parametrize("attack", BROKEN)
def test_what_is_broken_late_in_a_book_is_the_one_finding(attack: str, tmp_path: Path) -> None:
    change, rules = BROKEN[attack]
    data = change(book())
    found = verdict(data, tmp_path, NAME)
    assert set(found.findings.counts) <= rules, dict(found.findings.counts)
    assert found.findings.counts.total() == 1
    assert not found.valid
    [finding] = found.findings
    if finding.line is not None and "after the root" not in attack and "twice" not in attack:
        assert finding.line - data[: len(book()) // 2].count(b"\n") >= 0
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities="internal"))


PIECE = 1 << 20
"""Files are read in pieces of so many bytes, or of a whole part of it."""


@pytest.mark.parametrize(
    "what", ["\u0085".encode(), "\ufffe".encode(), b"\xed\xa0\x80", b"\xc5", b"&nbsp;", b"]]>", b"\x07", b"<!--"]
)
def test_what_lies_across_the_end_of_a_piece_is_found(what: bytes, tmp_path: Path) -> None:
    data = book()
    at = data.index(COMMENT, 2 * PIECE)
    for before in range(1, max(2, len(what))):  # so many bytes of it lie before the end
        shift = -(at + before) % PIECE
        moved = _made_longer(data[:at], shift) + what + data[at:]
        assert (at + shift) % PIECE == PIECE - before
        assert not verdict(moved, tmp_path, NAME).valid


def _made_longer(data: bytes, by: int) -> bytes:
    """The first texts longer by so many bytes, none of them by very many."""
    each, mark = 4 * PIECE // 100, b"</gl-cor:entryComment>"
    first, *rest = data.split(mark)
    parts = [min(each, max(0, by - number * each)) for number in range(len(rest))]
    assert sum(parts) == by
    return first + b"".join(b"x" * part + mark + text for part, text in zip(parts, rest, strict=True))
