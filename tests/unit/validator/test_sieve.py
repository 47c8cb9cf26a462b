"""What is passed over as surely right must never change what is found: both ways say the same of every document."""

import random
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.corpus import Case, sample
from support.corpus_books import FULL, Month, written
from validator import check
from validator.check import Verdict, check_document
from validator.sieve import Sieve

BOOKS = (DocumentKind.JOURNAL, DocumentKind.LEDGER)
EVERY = 7
ROUNDS = 300


def both(data: bytes, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, chunk: int = 1 << 20) -> list[Verdict]:
    """The verdict with passing over, and without."""
    path = folder / "document.xml"
    path.write_bytes(data)
    found = []
    monkeypatch.setattr(check, "_CHUNK", chunk)
    for skims in (True, False):
        monkeypatch.setattr(check, "Sieve", partial(_sieve, really=skims))
        found.append(check_document(path, name))
    return found


def _sieve(*args: Any, skims: bool, really: bool) -> Sieve:
    return Sieve(*args, skims=skims and really)


def told(verdict: Verdict) -> dict[str, Any]:
    """All that a verdict says."""
    return {
        **{name: getattr(verdict, name) for name in Verdict.__slots__ if name != "findings"},
        "findings": sorted(finding.model_dump_json() for finding in verdict.findings),
        "counts": dict(verdict.findings.counts),
    }


def book_cases() -> Iterator[Case]:
    return (case for case in sample(EVERY) if case.kind in BOOKS)


def test_both_ways_say_the_same_of_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for case in book_cases():
        with_it, without = both(case.data, tmp_path, case.file_name, monkeypatch)
        assert told(with_it) == told(without), case.name


def long_book(kind: DocumentKind) -> bytes:
    """A month with its entries many times over, in order, one element a line."""
    entries = tuple(sorted(FULL * 5, key=lambda entry: entry.day))
    return written(Month(entries=entries, indented=True).tree(kind))


BITS: tuple[tuple[bytes, bytes], ...] = (
    (rb">D<", b">C<"),
    (rb">C<", b">X<"),
    (rb"\.00<", b".001<"),
    (rb"(\d)</gl-cor:lineNumber>", rb"\g<1>1</gl-cor:lineNumber>"),
    (rb"(\d)</gl-cor:lineNumberCounter>", rb"\g<1>1</gl-cor:lineNumberCounter>"),
    (rb"(\d)</gl-cor:entryNumberCounter>", rb"\g<1>1</gl-cor:entryNumberCounter>"),
    (rb"(-\d)\d</gl-cor:enteredDate>", rb"\g<1>9</gl-cor:enteredDate>"),
    (rb"(-\d)\d</gl-cor:postingDate>", rb"\g<1>9</gl-cor:postingDate>"),
    (rb"<gl-cor:postingDate[^/]*/gl-cor:postingDate>", b""),
    (rb"<gl-cor:entryDetail>", b"<gl-cor:entryDetail><!-- x -->"),
    (rb"</gl-cor:entryDetail>", b"</gl-cor:entryDetail><x></x>"),
    (rb"</gl-cor:entryDetail>", b"</gl-cor:entryDetail><![CDATA[ ]]>"),
    (rb"</gl-cor:entryDetail>", b"</gl-cor:entryDetail>text"),
    (rb"</gl-cor:entryDetail>", b""),
    (rb"<gl-cor:entryDetail>", b""),
    (rb"</gl-cor:entryHeader>", b"</gl-cor:entryHeader><gl-cor:documentInfo></gl-cor:documentInfo>"),
    (rb"</gl-cor:entryHeader>", b""),
    (rb"<gl-cor:entryHeader>", b"<gl-cor:entryHeader id='e'>"),
    (rb"<gl-cor:entryHeader>", b"<?x <gl-cor:entryHeader> ?><gl-cor:entryHeader>"),
    (rb">([^<>\s])", rb"> \g<1>"),
    (rb">([^<>\s])", rb">&amp;\g<1>"),
    (rb">([^<>\s])", rb">&gt;\g<1>"),
    (rb">([^<>\s])", rb">a>\g<1>"),
    (rb">([^<>\s])", rb">&#65;\g<1>"),
    (rb">([^<>\s])", rb">&nbsp;\g<1>"),
    (rb">([^<>\s])", b">\xc2\x85\\g<1>"),
    (rb">([^<>\s])", b">\x01\\g<1>"),
    (rb">([^<>\s])", b">\xff\\g<1>"),
    (rb">([^<>\s])", b">\n\n\\g<1>"),
    (rb">([^<>\s])", rb">]]>\g<1>"),
    (rb'decimals="INF"', b'decimals="2"'),
    (rb'unitRef="try"', b'unitRef="usd"'),
    (rb"accountSubID", b"accountSubId"),
    (rb"(>\d\d\d)\.", rb"\g<1>x"),
    (rb"\n", b"\r\n"),
    (rb"\n", b"\n\n\n"),
    (rb"\n", b""),
)


@pytest.mark.parametrize("kind", BOOKS)
def test_both_ways_say_the_same_of_spoilt_books(
    kind: DocumentKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several faults at once, anywhere among the entries, read in pieces of any size."""
    good = long_book(kind)
    chance = random.Random(20250301)
    name = f"4817263504-202503-{kind}-000000.xml"
    for _ in range(ROUNDS):
        data = good
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            pattern, new = chance.choice(BITS)
            places = list(re.finditer(pattern, data[data.index(b"<gl-cor:entryHeader>") :]))
            if places:
                place = chance.choice(places)
                at = data.index(b"<gl-cor:entryHeader>") + place.start()
                data = data[:at] + place.expand(new) + data[at + len(place[0]) :]
        with_it, without = both(data, tmp_path, name, monkeypatch, chance.choice((1 << 20, 5000, 2000, 1000)))
        assert told(with_it) == told(without), (tmp_path / "document.xml").read_bytes()


@pytest.mark.parametrize("kind", BOOKS)
def test_right_lines_are_passed_over(kind: DocumentKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, the tests above would compare one way with itself."""
    examined = 0
    real = check._Pass.examine

    def count(self: check._Pass, data: bytes) -> None:
        nonlocal examined
        examined += data.count(b"<gl-cor:entryDetail>")
        real(self, data)

    monkeypatch.setattr(check._Pass, "examine", count)
    path = tmp_path / "document.xml"
    path.write_bytes(long_book(kind))
    verdict = check_document(path)
    assert verdict.valid, verdict.findings.counts
    assert examined < verdict.lines / 2
