"""Reading XML in pieces: what comes out, what is refused, and on which line."""

from collections.abc import Iterator

import pytest
from lxml import etree

from defterhane.documents import errors
from defterhane.documents.safe_xml import Bounds, Reader, line_of, parse_small


def pieces(data: bytes, step: int) -> Iterator[bytes]:
    return (data[start : start + step] for start in range(0, len(data), step))


def read(data: bytes, *tags: str, step: int = 1 << 16, bounds: Bounds | None = None) -> list[str | None]:
    reader = Reader(tags, bounds)
    texts = []
    for piece in pieces(data, step):
        reader.feed(piece)
        for element in reader.elements():
            texts.append(element.text)
            reader.release(element)
    reader.close()
    texts.extend(element.text for element in reader.elements())
    return texts


@pytest.mark.parametrize("step", [1, 3, 1 << 16])
def test_elements_come_complete_and_in_order(step: int) -> None:
    data = b'<?xml version="1.0"?>\n<!-- <!DOCTYPE --><a><b>1</b><c/><b>2 &amp; <!--x-->3</b></a>'
    reader = Reader(["b"])
    texts = []
    for piece in pieces(data, step):
        reader.feed(piece)
        texts += ["".join(element.xpath("text()")) for element in reader.elements()]
    assert reader.close().tag == "a"
    assert texts == ["1", "2 & 3"]


def test_what_is_released_takes_no_memory() -> None:
    reader = Reader(["b"])
    reader.feed(b"<a>")
    root = None
    for number in range(5000):
        reader.feed(b"<x/><b><c>%d</c></b>" % number)
        for element in reader.elements():
            root = element.getparent()
            reader.release(element)
    assert root is not None
    assert len(root) <= 2


@pytest.mark.parametrize("newline_in_text", [False, True])
def test_lines_are_right_far_down(newline_in_text: bool) -> None:
    """libxml2 keeps 16 bits of a line in an element; a month's ledger has millions of lines."""
    inner = b"\n  " if newline_in_text else b""
    data = b"<a>\n" + b"<x>1</x>\n" * 70_000 + b"<b>" + inner + b"<c>text</c></b>\n</a>"
    reader = Reader(["b"])
    lines = []
    for piece in pieces(data, 1 << 16):
        reader.feed(piece)
        lines += [(line_of(element), line_of(element[0])) for element in reader.elements()]
    assert lines == [(70_002, 70_003 if newline_in_text else 70_002)]


def test_a_document_may_not_be_larger_than_its_bound() -> None:
    with pytest.raises(errors.XmlTooLarge) as caught:
        read(b"<a>" + b"<b>1</b>" * 1000 + b"</a>", "b", bounds=Bounds(size=5000), step=100)
    assert caught.value.values["limit"] == 5000


def test_a_piece_may_not_be_larger_than_its_bound() -> None:
    bounds = Bounds(piece=1000)
    assert read(b"<a>" + b"<b>1</b>" * 1000 + b"</a>", "b", bounds=bounds, step=100) == ["1"] * 1000
    for large in (b"<b>" + b"x" * 2000, b'<b y="' + b"x" * 2000, b"<!--" + b"x" * 2000, b"<![CDATA[" + b"<" * 2000):
        with pytest.raises(errors.XmlPieceTooLarge):
            read(b"<a>" + large, "b", bounds=bounds, step=100)


def test_a_piece_may_not_have_more_elements_than_its_bound() -> None:
    bounds = Bounds(elements=100)
    read(b"<a>" + b"<b><x>1</x></b>" * 1000 + b"</a>", "b", bounds=bounds, step=100)
    with pytest.raises(errors.XmlTooManyElements):
        read(b"<a><b>" + b"<x>1</x>" * 1000 + b"</b></a>", "b", bounds=bounds, step=100)


def test_elements_that_are_not_released_count_as_one_piece() -> None:
    reader = Reader(["b"], Bounds(elements=100))
    with pytest.raises(errors.XmlTooManyElements):
        for _ in range(1000):
            reader.feed(b"<b>" if reader is None else b"<b/>" if _ else b"<a><b/>")
            list(reader.elements())


def test_reading_may_not_take_longer_than_its_bound() -> None:
    now = 100.0
    reader = Reader(["b"], Bounds(seconds=60), clock=lambda: now)
    reader.feed(b"<a><b/>")
    now = 161.0
    with pytest.raises(errors.XmlTooSlow):
        reader.feed(b"</a>")


SMALL = {
    b"<a": errors.XmlCut,
    b"": errors.XmlCut,
    b"<a></b>": errors.XmlBroken,
    b"<a>\x00</a>": errors.XmlControlCharacter,
    b"<a>\xff</a>": errors.XmlEncodingWrong,
    b"<a>&nbsp;</a>": errors.XmlEntity,
    b"<!DOCTYPE a><a/>": errors.XmlDoctype,
    b"<a>" * 1000 + b"</a>" * 1000: errors.XmlTooDeep,
    b"<a>" + b"x" * 11_000_000 + b"</a>": errors.XmlTooLarge,
    b"<a>" + b"<b/>" * 500_000 + b"</a>": errors.XmlTooManyElements,
}


@pytest.mark.parametrize("data", SMALL, ids=lambda data: data[:20].decode("latin-1"))
def test_a_small_document_is_refused_like_a_large_one(data: bytes) -> None:
    with pytest.raises(SMALL[data]):
        parse_small(data)


def test_a_small_document_is_read_whole() -> None:
    root = parse_small('<a><b c="1">ş</b></a>'.encode())
    assert etree.tostring(root, encoding="unicode") == '<a><b c="1">ş</b></a>'


def test_a_refusal_tells_its_line_in_both_languages() -> None:
    with pytest.raises(errors.XmlRefused) as caught:
        parse_small(b"<a>\n<b>\n</c></a>")
    assert caught.value.line == 3
    problem = caught.value.problem
    assert problem.key == "xml.broken"
    assert "XML" in problem.text.tr
    assert problem.cure is not None
