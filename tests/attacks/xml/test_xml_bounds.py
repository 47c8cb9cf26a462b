"""Files that are large, deep or full of something: a clear finding each, in bounded time and memory.

They are checked in another process, which tells its peak of memory and its time. The bounds are wide: what they are
to catch takes gigabytes or many minutes.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from support.hostile_books import COMMENT, DETAIL, HEADER, Apart, book, late, many, written

MB = 1_000_000
Pieces = Iterable[bytes]


def before_a_line(*what: Pieces) -> Callable[[], Pieces]:
    """Something before a late line of a large good journal."""
    return lambda: _put(DETAIL, *what)


def into_a_text(*what: Pieces) -> Callable[[], Pieces]:
    """Something at the end of a late line's text."""
    return lambda: _put(COMMENT, *what)


def _put(mark: bytes, *what: Pieces) -> Pieces:
    data = book()
    at = late(mark, data)
    yield data[:at]
    for pieces in what:
        yield from pieces
    yield data[at:]


def attached(size: int) -> Callable[[], Pieces]:
    """A journal with an attachment."""

    def pieces() -> Pieces:
        data = book()
        at = data.rindex(b"</edefter:defter>")
        yield data[:at]
        yield b'<extensions><extension><defterek:binaryObject mimeCode="application/pdf" filename="a.pdf">'
        yield from many(b"QUJD", size)
        yield b"</defterek:binaryObject></extension></extensions>"
        yield data[at:]

    return pieces


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    process = Apart()
    yield process
    process.close()


LARGE: dict[str, tuple[Callable[[], Pieces], str | None, int]] = {
    "a text of 12 MB": (into_a_text(many(b"x", 12 * MB)), None, 250),
    "an attachment of 12 MB": (attached(12 * MB), None, 250),
    "a comment of 12 MB": (before_a_line([b"<!--"], many(b"x", 12 * MB), [b"-->"]), None, 250),
    "an attribute of 12 MB": (before_a_line([b"<x y='"], many(b"z", 12 * MB), [b"'/>"]), "XSD", 350),
    "a text of 70 MB": (into_a_text(many(b"x", 70 * MB)), "xml.piece_too_large", 500),
    "an attachment of 70 MB": (attached(70 * MB), "xml.piece_too_large", 500),
    "70 MB of blanks between lines": (before_a_line(many(b" ", 70 * MB)), "xml.piece_too_large", 500),
    "70 MB of line ends in a tag": (before_a_line([b"<x"], many(b"\n", 70 * MB)), "xml.piece_too_large", 500),
    "12 MB of references": (into_a_text(many(b"&amp;", 12 * MB)), "xml.too_many_elements", 250),
    "5 MB of references to characters": (into_a_text(many(b"&#65;", 5 * MB)), "xml.too_many_elements", 250),
    "a million comments": (before_a_line(many(b"<!---->", 7 * MB)), "xml.too_many_elements", 350),
    "a million instructions": (before_a_line(many(b"<?x?>", 5 * MB)), "xml.too_many_elements", 350),
    "a million CDATA sections": (into_a_text(many(b"<![CDATA[x]]>", 13 * MB)), "xml.too_many_elements", 350),
    "a million elements": (before_a_line(many(b"<x/>", 4 * MB)), "xml.too_many_elements", 350),
    "a million attributes": (
        before_a_line([b"<x"], (b" a%d='1'" % number for number in range(MB)), [b"/>"]),
        "xml.too_many_elements",
        350,
    ),
    "150,000 attributes": (
        before_a_line([b"<x"], (b" a%d='1'" % number for number in range(150_000)), [b"/>"]),
        "XSD",
        450,
    ),
    "a million namespaces": (
        before_a_line([b"<x"], (b" xmlns:a%d='u%d'" % (number, number) for number in range(MB)), [b"/>"]),
        "xml.too_many_elements",
        350,
    ),
    "20,000 namespaces": (
        before_a_line([b"<x"], (b" xmlns:a%d='u%d'" % (number, number) for number in range(20_000)), [b"/>"]),
        "XSD",
        250,
    ),
    "depth of 100,000": (before_a_line([b"<x>" * 100_000]), "xml.too_deep", 250),
    "lines in lines, 100,000 deep": (before_a_line([b"<gl-cor:entryDetail>" * 100_000]), "xml.too_deep", 250),
    "a name of 10 MB": (before_a_line([b"<"], many(b"n", 10 * MB), [b"/>"]), "xml.piece_too_large", 250),
    "a prefix of 10 MB": (before_a_line([b"<"], many(b"n", 10 * MB), [b":x/>"]), "xml.piece_too_large", 250),
    "an instruction's name of 10 MB": (before_a_line([b"<?"], many(b"n", 10 * MB)), "xml.piece_too_large", 250),
    "an attribute's name of 10 MB": (
        before_a_line([b"<x "], many(b"n", 10 * MB), [b"=''/>"]),
        "xml.piece_too_large",
        250,
    ),
    "20,000 empty lines": (before_a_line([b"<gl-cor:entryDetail></gl-cor:entryDetail>" * 20_000]), "Y086", 250),
    "20,000 empty entries": (
        lambda: _put(HEADER, [b"<gl-cor:entryHeader></gl-cor:entryHeader>" * 20_000]),
        "Y073",
        250,
    ),
    "blanks in front": (lambda: [*many(b" ", 3 * MB), book()], "xml.piece_too_large", 250),
}
"""How the file is written, a rule that it breaks (None: it breaks none), and the most memory that it may take (MB)."""


@pytest.mark.parametrize("what", LARGE)
def test_what_is_large_is_found_in_bounds(what: str, apart: Apart, tmp_path: Path) -> None:
    pieces, rule, memory = LARGE[what]
    path = written(tmp_path / "document.xml", pieces())
    told = apart.check(path)
    path.unlink()
    assert told.valid is (rule is None), told.rules
    assert rule is None or rule in told.rules, told.rules
    assert told.peak < memory
    assert told.seconds < 60


@pytest.mark.parametrize("start", [b"", b" ", b"<x>"])
def test_ten_gigabytes_of_zeros_are_not_read_to_their_end(start: bytes, apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "document.xml"
    with path.open("wb") as file:  # it takes no room
        file.write(start)
        file.truncate(10 << 30)
    told = apart.check(path, size=64 * MB)
    assert told.rules.keys() <= {"xml.encoding", "text.control_character", "xml.broken"}
    assert not told.valid
    assert told.peak < 250
    assert told.seconds < 20


@pytest.mark.parametrize("blank", [b" ", b"\n", b"<!-- -->"])
def test_ten_gigabytes_of_blanks_are_not_read_to_their_end(blank: bytes, apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "pipe.xml"
    os.mkfifo(path)
    given = Event()

    def write() -> None:
        with suppress(BrokenPipeError), path.open("wb") as pipe:
            pipe.write(book()[: book().index(HEADER)])
            for piece in many(blank, 10 << 30):
                pipe.write(piece)
            given.set()

    writer = Thread(target=write, daemon=True)
    writer.start()
    told = apart.check(path, size=80 * MB)
    writer.join(timeout=60)
    assert not given.is_set()
    assert told.rules.keys() <= {"xml.piece_too_large", "xml.too_large", "xml.too_many_elements"}
    assert told.peak < 500


def test_a_file_of_entries_without_end(apart: Apart, tmp_path: Path) -> None:
    data = book()
    start, end = data.index(HEADER), data.rindex(b"</gl-cor:accountingEntries>")
    path = written(tmp_path / "document.xml", [data[:start], *[data[start:end]] * 6])
    told = apart.check(path, size=3 * len(data))
    assert "xml.too_large" in told.rules
    assert told.peak < 250


def test_errors_without_end_take_time_in_proportion(apart: Apart, tmp_path: Path) -> None:
    """Four times as many lines that are all wrong: not sixteen times as long."""
    seconds = []
    for lines in (1000, 4000):
        data = book(lines).replace(b">C<", b">X<")
        data = data.replace(b"gl-cor:lineNumber ", b"gl-cor:terms ").replace(b"gl-cor:lineNumber>", b"gl-cor:terms>")
        told = apart.check(written(tmp_path / "document.xml", [data]))
        assert not told.valid
        assert told.rules["Y086"] >= lines
        assert told.peak < 350
        seconds.append(told.seconds)
    assert seconds[1] < 10 * seconds[0] + 2
