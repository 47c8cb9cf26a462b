"""e-Defter's schema, written for this product: loaded once per process, run over a stream.

libxml2 says on which element an error lies but not on which line once it streams. So a document is first read fast;
only where that finds an error it is read again tag by tag, which tells the line and the entry of each.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from defterhane.documents.safe_xml import CHUNK, Bounds, Reader, SchemaBroken
from defterhane.documents.schema_texts import CURE, SchemaError, explain, says_it_again
from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.findings import LISTED, Finding

RULE: Final = "XSD"
_ROOT = Path(__file__).parent / "xsd" / "edefter.xsd"


class _Names:
    _COR = f"{{{NAMESPACES['gl-cor']}}}"
    HEADER = f"{_COR}entryHeader"
    DETAIL = f"{_COR}entryDetail"
    COUNTER = f"{_COR}entryNumberCounter"
    VOUCHER = f"{_COR}entryNumber"
    MAIN_ID = f"{_COR}accountMainID"
    SUB_ID = f"{_COR}accountSubID"
    DOCUMENT = f"{_COR}documentInfo"
    ENTITY = f"{_COR}entityInformation"

    PIECES = (HEADER, DETAIL)
    PLACES = (HEADER, DETAIL, COUNTER, VOUCHER, MAIN_ID, SUB_ID, DOCUMENT, ENTITY)


@cache
def schema() -> etree.XMLSchema:
    """The schema of the five documents; a signature is optional in it."""
    return etree.XMLSchema(etree.parse(_ROOT, etree.XMLParser(no_network=True, resolve_entities=False)))


def schema_findings(path: Path, bounds: Bounds | None = None) -> Iterator[Finding]:
    """What the schema has against a document, with its place: the first `LISTED` findings, rule `XSD`.

    One reader goes ahead in large pieces; where it meets an error, another one follows tag by tag.

    Raises:
        XmlRefused: the file is not well-formed, or takes more than it may.
        OSError: the file cannot be read.
    """
    ahead = _Ahead(bounds)
    reader = Reader(_Names.PLACES, bounds, schema())
    place = _Place(reader)
    seen, line = 0, 1
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            for piece in _tag_by_tag(chunk) if ahead.meets_an_error(chunk) else (chunk,):
                broken = not _feed(reader, piece)
                line += piece.count(b"\n")
                errors = reader.schema_errors(seen)
                for error in errors[: LISTED - seen]:
                    if not says_it_again(error):
                        place.hold(explain(error), line)
                seen += len(errors)
                for element in reader.elements():
                    yield from place.move(element)
                if place.settled or broken or seen >= LISTED:
                    yield from place.let_go()
                if broken or seen >= LISTED:
                    return
    yield from place.let_go()


class _Ahead:
    """Reads on in large pieces, to tell where it is worth the while to look closely."""

    def __init__(self, bounds: Bounds | None) -> None:
        self._reader = Reader(_Names.PIECES, bounds, schema())
        self._errors = 0
        self._close = False

    def meets_an_error(self, chunk: bytes) -> bool:
        """Whether there is an error in this piece, or was one in the last, whose end may have been read late."""
        broken = not _feed(self._reader, chunk)
        for element in self._reader.elements():
            self._reader.release(element)
        errors, self._errors = self._errors, len(self._reader.schema_errors())
        close, self._close = self._close, broken or self._errors > errors
        return close or self._close


def _feed(reader: Reader, piece: bytes) -> bool:
    try:
        reader.feed(piece)
    except SchemaBroken:
        return False
    return True


def _tag_by_tag(chunk: bytes) -> Iterator[bytes]:
    *whole, rest = chunk.split(b">")
    for part in whole:
        yield part + b">"
    if rest:
        yield rest


class _Place:
    """Where in the document reading is, and the findings whose entry's number has not been read yet."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._entry: str | None = None
        self._voucher: str | None = None
        self._account: str | None = None
        self._in_entries = False
        self._held: list[Finding] = []

    @property
    def settled(self) -> bool:
        """True where no number is still to come for what is held."""
        return not self._in_entries or self._entry is not None

    def hold(self, error: SchemaError, line: int) -> None:
        """Keep a finding until its place is known."""
        self._held.append(
            Finding(
                rule=RULE,
                message=error.message,
                cure=CURE,
                line=line,
                account=self._account,
                value=error.value,
                where=error.element,
            )
        )

    def let_go(self) -> Iterator[Finding]:
        """Give out what is held."""
        held, self._held = self._held, []
        for finding in held:
            yield finding.model_copy(update={"entry": self._entry, "voucher": self._voucher})

    def move(self, element: etree._Element) -> Iterator[Finding]:
        """Take in an element that has become complete; gives out what can be placed by it."""
        text = (element.text or "").strip()[:100]
        match element.tag:
            case _Names.COUNTER:
                self._entry = text
            case _Names.VOUCHER:
                self._voucher = text
            case _Names.MAIN_ID | _Names.SUB_ID:
                self._account = text
            case _Names.DETAIL:
                self._account = None
                self._reader.release(element)
            case _Names.HEADER:
                yield from self.let_go()
                self._entry = self._voucher = None
                self._reader.release(element)
            case _:  # what stands before the entries
                yield from self.let_go()
                self._in_entries = True
                self._reader.release(element)
