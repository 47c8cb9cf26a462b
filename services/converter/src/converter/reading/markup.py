"""XML exports: entries with their lines in them, streamed line by line."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from lxml import etree

from converter.problems import Place, problem
from converter.reading.amounts import Amounts
from converter.reading.archive import Member
from converter.reading.cells import NOTHING, NUMBERS, Cells, Row
from converter.reading.columns import check_mark
from converter.reading.dates import date_reader
from converter.reading.describe import describe
from converter.reading.errors import ProfileMismatch, XmlOrder, XmlRootUnknown, XmlUnreadable
from converter.reading.layout import plain
from converter.reading.layouts import XML_ENTRY, XML_LINE
from converter.reading.recognised import Recognised
from converter.reading.text import SAMPLE, TextFormat
from converter.reading.tidying import tidied
from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Bounds, Reader, line_of
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile
from defterhane.texts import Text

_BOUNDS: Final = Bounds(size=4 * 1024**3, piece=4_000_000, elements=10_000, seconds=24 * 3600)
"""A piece is one line of an entry; the whole is bounded by the drop's own bounds."""
_ENTRY: Final = "muhasebekaydi"
_LINE: Final = "kayitdetayi"
_TAGS: Final = ("{*}MuhasebeKaydi", "{*}KayitDetayi")
_ROOTS: Final = frozenset({"edefter", "muhasebekayitlari"})
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ENCODING: Final = re.compile(r"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]{1,40})["']""")
_ASIDES: Final = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
"""What may stand before the root."""
_TAG: Final = re.compile(r"[\s<>/]")
_NAME: Final = 100
_DECLARED: Final = 300
"""So many characters an XML declaration may have."""
_LEAF: Final = re.compile(r"<(?:[\w.-]{1,50}:)?([\w.-]{1,50})>([^<>]{1,50})</")
_CODECS: Final = {"utf-8": "utf-8-sig", "cp1254": "cp1254", "iso8859-9": "iso8859-9", "utf-16": "utf-16"}
"""Encodings that are read, by Python's names of them."""


def is_markup(sample: list[str]) -> bool:
    """Whether a text is XML, by its first line."""
    return bool(re.match(r"\ufeff?\s*<[?!A-Za-z_]", sample[0]))


class XmlSource:
    """Entries of the layout Edefter/MuhasebeKayitlari.

    Raises:
        XmlUnreadable, XmlRootUnknown: it is not such XML.
        ProfileMismatch: it is not as the profile says.
    """

    def __init__(self, member: Member, form: TextFormat, profile: ExportProfile) -> None:
        if profile.layout not in (None, XML_LINE.key):
            raise ProfileMismatch(file=member.name, what="layout", said=profile.layout, found=XML_LINE.key)
        self.file = member.name
        self.amounts = Amounts()
        self.read_date: Callable[[str], date] = date_reader(profile.date_order)
        self._member = member
        self._platform_numbers = profile.numbering == "platform"
        self._entry_names = XML_ENTRY.meanings(profile.columns)
        self._line_names = XML_LINE.meanings(profile.columns)
        self._encoding = self._find_encoding(form, profile)
        self._learn_amounts(profile)
        self.recognised: Recognised = self._describe(profile)

    def rows(self, findings: Findings) -> Iterator[Row]:
        """All lines of all entries; an entry without any is reported."""
        with self._member.open() as stream:
            reader = Reader(_TAGS, _BOUNDS)
            entries = _Entries(self.file, self._entry_names, self._line_names, findings)
            try:
                for data in self._as_utf8(iter(lambda: stream.read(CHUNK), b"")):
                    reader.feed(data)
                    for element in reader.elements():
                        row = entries.take(element)
                        reader.release(element)
                        if row is not None:
                            yield self._numbered(row)
                reader.close()
            except XmlRefused as refused:
                raise _unreadable(self.file, refused) from None

    def _numbered(self, row: Row) -> Row:
        if not self._platform_numbers:
            return row
        return Row(row.line, row.cells._replace(**dict.fromkeys(NUMBERS, "")))

    # ---- beforehand ----------------------------------------------------------------------------------------------

    def _find_encoding(self, form: TextFormat, profile: ExportProfile) -> str:
        """A profile's, a byte order mark's, the XML declaration's; else UTF-8, unless the bytes are none."""
        text = self._start(form.encoding)
        root = _root_of(text)
        if plain(root.rpartition(":")[2]) not in _ROOTS:
            raise XmlRootUnknown(file=self.file, root=root or "?")
        declared = _ENCODING.search(text, 0, _DECLARED)
        if profile.encoding is not None or form.family == "utf-16" or declared is None:
            return form.encoding
        try:
            return _CODECS[codecs.lookup(declared[1]).name]
        except (LookupError, ValueError):
            reason = Text(
                tr=f"kodlaması {declared[1]} okunmuyor; UTF-8, windows-1254 ya da iso-8859-9 olmalı",
                en=f"its encoding {declared[1]} is not read; it should be UTF-8, windows-1254 or iso-8859-9",
            )
            raise XmlUnreadable(file=self.file, line=1, reason_tr=reason.tr, reason_en=reason.en) from None

    def _start(self, encoding: str) -> str:
        with self._member.open() as stream:
            return stream.read(SAMPLE).decode(encoding, "replace")

    def _learn_amounts(self, profile: ExportProfile) -> None:
        names = {name for name, target in self._line_names.items() if target == "amount"}
        found = _LEAF.findall(self._start(self._encoding))
        amounts = [text.strip() for name, text in found if plain(name) in names]
        self.amounts.learn(amounts)
        if profile.decimal_mark is not None:
            check_mark(self.file, amounts, profile.decimal_mark)
            self.amounts.mark = profile.decimal_mark

    def _describe(self, profile: ExportProfile) -> Recognised:
        tr, en = XML_LINE.title
        family = TextFormat(self._encoding, "\n").family
        why = [
            Text(
                tr=f"Düzen: {tr}; kök elemanından tanındı. Kodlama {family}.",
                en=f"Taken for {en}, known by its root. Encoding {family}.",
            )
        ]
        return describe(self.file, XML_LINE.key, why, {"encoding": family}, self.amounts, profile)

    def _as_utf8(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """What a reader of UTF-8 takes: other encodings are rewritten, their declaration taken out."""
        if self._encoding in ("utf-8", "utf-8-sig"):
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        text = ""
        for chunk in chunks:
            text += decoder.decode(chunk)
            if len(text) > CHUNK // 8:
                break
        declaration = _DECLARATION.match(text)
        if declaration is not None:
            text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
        yield text.encode()
        for chunk in chunks:
            yield decoder.decode(chunk).encode()


class _Entries:
    """Makes rows of the elements as they become complete."""

    def __init__(
        self, file: str, entry_names: Mapping[str, str], line_names: Mapping[str, str], findings: Findings
    ) -> None:
        self._file = file
        self._entry_names = entry_names
        self._line_names = line_names
        self._findings = findings
        self._number = 0
        self._lines = 0
        self._head: dict[str, str] = {}

    def take(self, element: etree._Element) -> Row | None:
        """The row of a line; an entry's end has none."""
        if _name(element) == _LINE:
            parent = element.getparent()
            if parent is None or _name(parent) != _ENTRY:
                raise XmlOrder(file=self._file, line=line_of(element), element="KayitDetayi")
            self._look_at_head(parent)
            self._lines += 1
            return self._row(element)
        self._look_at_head(element)
        if not self._lines:
            place = Place(
                self._file, line_of(element), self._head.get("entrynumbercounter"), self._head.get("entrynumber")
            )
            self._findings.add(problem("head.without_lines", place, self._head.get("entrynumber", "")))
        self._number, self._lines, self._head = self._number + 1, 0, {}
        return None

    def _look_at_head(self, entry: etree._Element) -> None:
        """Keep what stands before the first line; the reader lets go of it with that line."""
        for child in entry:
            target = self._entry_names.get(_name(child))
            if target is None:
                continue
            if self._lines:
                raise XmlOrder(file=self._file, line=line_of(child), element=str(child.tag)[:100])
            self._head[target] = child.text or ""

    def _row(self, element: etree._Element) -> Row:
        line = line_of(element) or 0
        said = dict(self._head)
        names = self._line_names
        for leaf in element.iter():
            target = names.get(_name(leaf))
            if target is not None and not len(leaf):
                said[target] = leaf.text or ""
        texts = tidied(self._file, line, tuple(said), tuple(said.values()), self._findings)
        cells = NOTHING._replace(entryref=f"{self._file}#{self._number}", **dict(zip(said, texts, strict=True)))
        return Row(line, Cells._make(cells))


def _root_of(text: str) -> str:
    """The root's name, behind declaration, comments and the like; empty where there is none."""
    at = text.find("<")
    while at >= 0:
        aside = next((end for start, end in _ASIDES if text.startswith(start, at)), None)
        if aside is None:
            return _TAG.split(text[at + 1 : at + 1 + _NAME], maxsplit=1)[0]
        end = text.find(aside, at)
        at = text.find("<", end) if end >= 0 else -1
    return ""


def _name(element: etree._Element) -> str:
    """Its name without namespace, bare; empty for comments and the like."""
    tag: object = element.tag
    return plain(tag.rpartition("}")[2]) if isinstance(tag, str) else ""


def _unreadable(file: str, refused: XmlRefused) -> XmlUnreadable:
    told = refused.problem.text
    return XmlUnreadable(file=file, line=refused.line, reason_tr=told.tr, reason_en=told.en)
