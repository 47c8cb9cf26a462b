"""What is passed over as surely right must never change what is found: both ways say the same of every document."""

import io
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from defterhane.documents.safe_xml import Bounds
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.corpus import Case, sample
from support.corpus_books import FULL, Month, written
from validator import check
from validator.check import Verdict, check_document
from validator.clean import LINE, LINE_REQUIRED
from validator.examine import Examination
from validator.node import Node
from validator.shapes import Shapes, cut
from validator.sieve import Sieve, _is_alone

BOOKS = (DocumentKind.JOURNAL, DocumentKind.LEDGER)
EVERY = 31
ROUNDS = 45
NAME = "4817263504-202503-{}-000000.xml"
ENTRIES = b"<gl-cor:entryHeader>"


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
        "findings": [finding.model_dump_json() for finding in verdict.findings],
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


END = b"</gl-cor:entryDetail>"
BITS: tuple[tuple[bytes, bytes], ...] = (
    (rb"<gl-cor:entryDetail>", b"<!-- x> <gl-cor:entryDetail> --><gl-cor:entryDetail>"),
    (rb"<gl-cor:entryDetail>", b"<gl-cor:entryDetail> --><gl-cor:entryDetail>"),
    (rb"<gl-cor:entryDetail>", b"<gl-cor:entryDetail ></gl-cor:entryDetail ><gl-cor:entryDetail>"),
    (END, b"</gl-cor:entryDetail ><!-- </gl-cor:entryDetail>"),
    (END, b"</gl-cor:entryDetail ><!-- </gl-cor:entryDetail> -->"),
    (END, b"</gl-cor:entryDetail ><gl-cor:entryDetail ></gl-cor:entryDetail>"),
    (END, b"</gl-cor:entryDetail ><gl-cor:entryNumber ><gl-cor:entryDetail ></gl-cor:entryDetail>"),
    (
        END,
        b"</gl-cor:entryDetail ></gl-cor:entryHeader ><gl-cor:entryHeader ><gl-cor:entryDetail ></gl-cor:entryDetail>",
    ),
    (END, END + b"<gl-cor:entryNumber>Q</gl-cor:entryNumber>"),
    (END, END + b"<gl-cor:entryComment>\xc2\x85</gl-cor:entryComment>"),
    (rb"<gl-cor:entryHeader>", b"<gl-cor:entryHeader></gl-cor:entryHeader ><gl-cor:entryHeader>"),
    (rb"<gl-cor:entryHeader>", b"<gl-cor:entryHeader><gl-cor:lineNumber>7</gl-cor:lineNumber>"),
    (rb"<gl-cor:entryHeader>", b"<gl-cor:entryHeader><gl-cor:entryNumberCounter>3</gl-cor:entryNumberCounter>"),
    (rb"<gl-cor:entryHeader>", b"<gl-cor:entryHeader xmlns:gl-cor='urn:x'>"),
    (rb"</gl-cor:entryHeader>", b"</gl-cor:entryHeader></gl-cor:accountingEntries><gl-cor:accountingEntries>"),
    (rb"<gl-cor:account>(\s*<gl-cor:accountMainID[^/]*/gl-cor:accountMainID>)", rb"\g<1><gl-cor:account>"),
    (rb"(?s)<gl-cor:account>.*?</gl-cor:account>", b""),
    (rb">\d+</gl-cor:lineNumber>", b">999999999999</gl-cor:lineNumber>"),
    (rb">\d+</gl-cor:lineNumber>", b">1234567890123456</gl-cor:lineNumber>"),
    (rb"M-(0\d+)<", rb"M&#45;\g<1><"),
    (rb"M-(0\d+)<", b"M" * 300 + b"<"),
    (rb"(>\d\d\d)(\.\d\d<)", rb"\g<1>\t\g<2>"),
    (rb"\.00<", b"<"),
    (rb">(\d+\.00<)", rb">0\g<1>"),
    (rb"\.00<", b".00000<"),
    (rb">([^<>\s])", b">\xef\xbf\xbe\\g<1>"),
    (rb">([^<>\s])", b">\xe2\\g<1>"),
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
    for number in range(ROUNDS):
        data = good
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            data = spoilt(data, chance, *chance.choice(BITS), times=chance.choice((1, 1, 2, 40)))
        chunk = chance.choice((1 << 20, 1 << 16, 5000, 2000, 1000))
        with_it, without = both(data, tmp_path, NAME.format(kind), monkeypatch, chunk)
        assert told(with_it) == told(without), (number, chunk)
        assert_as_lxml_has_it(with_it, data)


@pytest.mark.parametrize("kind", BOOKS)
def test_lines_are_those_of_the_file(kind: DocumentKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also beyond those that libxml2 keeps."""
    data = long_book(kind).replace(ENTRIES, b"\n" * 70_000 + ENTRIES, 1)
    at = data.rindex(b".00</gl-cor:amount>")
    data = data[:at] + b".001" + data[at + len(b".00") :]
    for verdict in both(data, tmp_path, NAME.format(kind), monkeypatch, 5000):
        amounts = [finding for finding in verdict.findings if finding.where == "gl-cor:entryDetail/gl-cor:amount"]
        assert [finding.line for finding in amounts] == [data.count(b"\n", 0, at) + 1]


def spoilt(data: bytes, chance: random.Random, pattern: bytes, new: bytes, *, times: int) -> bytes:
    """Change an entry or several, one after the other."""
    places = list(re.compile(pattern).finditer(data, max(data.find(ENTRIES), 0)))
    first = chance.randrange(len(places)) if places else 0
    for place in reversed(places[first : first + times]):
        data = data[: place.start()] + place.expand(new) + data[place.end() :]
    return data


def assert_as_lxml_has_it(verdict: Verdict, data: bytes) -> None:
    """What is not well-formed has no kind; a digest is that of the canonical form."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        assert verdict.kind is None
        return
    if verdict.body_sha256 is not None:
        canonical = io.BytesIO()
        root.getroottree().write_c14n(canonical)
        assert verdict.body_sha256 == sha256(canonical.getvalue()).hexdigest()


def one_entry(kind: DocumentKind, lines: int) -> tuple[bytes, list[bytes], bytes]:
    """A book whose first entry has so many lines, alike but for their number: what is before them, they, the rest."""
    data = re.sub(rb">\s+<", b"><", long_book(kind))
    start = data.index(b"<gl-cor:entryDetail>")
    end = data.index(END, start) + len(END)
    line = data[start:end]
    last = data.rindex(b"</gl-cor:entryHeader>")
    numbered = [re.sub(rb"(<gl-cor:lineNumber [^>]*>)1001", rb"\g<1>%d" % (1001 + k), line) for k in range(lines)]
    return data[:start], numbered, data[last:]


def test_memory_is_bounded_whatever_is_remembered(tmp_path: Path) -> None:
    """Markup and line ends that no book has, other ones each time: it is forgotten again."""
    before, lines, after = one_entry(DocumentKind.JOURNAL, 150)

    def filled(change: Callable[[int], tuple[bytes, bytes]]) -> Iterator[bytes]:
        for number, line in enumerate(lines):
            yield line.replace(*change(number))

    space = [b" " * (300_000 + number) for number in range(len(lines))]
    hostile = {
        "markup": filled(lambda number: (b"<gl-cor:amount ", space[number] + b"<gl-cor:amount ")),
        "line ends": filled(lambda _: (END, END + b"\n" * 300_000)),
    }
    for what, pieces in hostile.items():
        path = tmp_path / "document.xml"
        with path.open("wb") as file:
            file.writelines((before, *pieces, after))
        assert path.stat().st_size > 40_000_000, what
        most = Watched(path).most_kept
        assert most < 25_000_000, (what, most)


class Watched(check._Pass):
    """Reads a file, and sees how much memory Python takes at most."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, None, None, Examination(None))
        tracemalloc.start()
        try:
            self.verdict(())
            self.most_kept = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_many_shapes_and_long_heads_take_linear_time(tmp_path: Path) -> None:
    """Twice as many lines take about twice the time, though each has a shape of its own and a long head before it."""
    spent = []
    for number in (1000, 2000):
        before, lines, after = one_entry(DocumentKind.JOURNAL, number)
        before = before.replace(b"<gl-cor:enteredBy", b"<x>" + b"a b " * 50_000 + b"</x><gl-cor:enteredBy")
        shaped = (line.replace(b"<gl-cor:amount ", b" " * k + b"<gl-cor:amount ") for k, line in enumerate(lines))
        path = tmp_path / "document.xml"
        path.write_bytes(b"".join((before, *shaped, after)))
        began = time.process_time()
        check_document(path)
        spent.append(time.process_time() - began)
    assert spent[1] < 4 * spent[0] + 1, spent


def test_size_is_that_of_the_file(tmp_path: Path) -> None:
    """What has been passed over counts, and counts once."""
    path = tmp_path / "document.xml"
    path.write_bytes(long_book(DocumentKind.JOURNAL))
    size = path.stat().st_size
    assert check_document(path, bounds=Bounds(size=size)).valid
    assert "xml.too_large" in check_document(path, bounds=Bounds(size=size - 1)).findings.counts


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


def test_the_pattern_finds_what_cutting_finds() -> None:
    """Whatever shapes are known, and whatever order they came in: a piece has the same values either way."""
    pieces = re.findall(rb"(?s)<gl-cor:entryDetail>.*?</gl-cor:entryDetail>", long_book(DocumentKind.JOURNAL))
    chance = random.Random(7)
    for _ in range(5):
        chance.shuffle(pieces)
        shapes = Shapes(LINE, LINE_REQUIRED)
        for piece in pieces[: chance.choice((3, 20, len(pieces)))]:
            shapes.learn(piece, b"", Node(within_names(piece)))
        found_any = 0
        for piece in (*pieces, *(piece.replace(b"gl-cor:amount", b"gl-cor:amounts", 1) for piece in pieces)):
            key, texts = cut(piece)
            shape, found = shapes.of(key), shapes.find(b"  " + piece + b"<", 2)
            assert (found is None) == (shape is None)
            if shape is not None:
                found_any += 1
                assert found == (shape, shape.values(texts), 2 + len(piece))
        assert found_any > 2


def within_names(piece: bytes) -> etree._Element:
    """A piece as it is in a document."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return etree.fromstring(f"<root {declared}>".encode() + piece + b"</root>")[0]


@pytest.mark.parametrize(
    "odd", [b"--", b"<!-- -->", b"<?x?>", b"<![CDATA[]]>", b" --><gl-cor:entryDetail>", b"x", b"\0"]
)
def test_no_shape_is_learned_that_may_mean_something_else_elsewhere(odd: bytes) -> None:
    piece = re.findall(rb"(?s)<gl-cor:entryDetail>.*?</gl-cor:entryDetail>", long_book(DocumentKind.JOURNAL))[0]
    node = Node(within_names(piece))
    shapes = Shapes(LINE, LINE_REQUIRED)
    assert shapes.learn(piece.replace(b"<gl-cor:entryDetail>", b"<gl-cor:entryDetail>" + odd), b"", node) is None
    assert shapes.learn(piece, b"", node) is not None


@pytest.mark.parametrize("opening", [b"<!--", b"<?", b"<![CDATA[", b"<!"])
def test_what_is_opened_and_never_closed_is_looked_for_once(opening: bytes) -> None:
    """Each opening searched to the end would take hours."""
    assert not _is_alone(b"<gl-cor:entryHeader>" + opening * 100_000, b"gl-cor:entryHeader", 1)


def test_names_in_comments_are_no_elements() -> None:
    piece = b"<gl-cor:entryDetail><!-- gl-cor:entryDetail --><?x gl-cor:entryDetail?></gl-cor:entryDetail>"
    assert _is_alone(piece, b"gl-cor:entryDetail", 2)
    assert not _is_alone(piece + b"<gl-cor:entryDetail>", b"gl-cor:entryDetail", 2)
