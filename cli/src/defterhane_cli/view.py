"""`defterhane view`: a readable, printable HTML page of any of the five documents, written as it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final, TextIO

from lxml import etree

from defterhane.documents.safe_xml import CHUNK, Reader
from defterhane.edefter.kinds import DocumentKind, kind_of
from defterhane.edefter.money import parse_kurus
from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.figures import money
from defterhane.texts import Language
from defterhane_cli.view_words import DOCUMENT_TYPES, STYLE, WORDS

_COR: Final = f"{{{NAMESPACES['gl-cor']}}}"
_BUS: Final = f"{{{NAMESPACES['gl-bus']}}}"


def write_view(source: Path, target: Path, language: Language) -> None:
    """Write the page. Memory is bounded by one line, however many an account has.

    Raises:
        OSError: a file cannot be read or written.
        XmlRefused: the source is not XML that is read.
        ValueError: it is not one of the five documents.
    """
    partial = target.with_name(target.name + ".part")
    try:
        with source.open("rb") as file, partial.open("w", encoding="utf-8") as page:
            _Page(page, language).write(iter(lambda: file.read(CHUNK), b""))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


class _Page:
    def __init__(self, page: TextIO, language: Language) -> None:
        self._page = page
        self._language = language
        self._kind: DocumentKind | None = None
        self._tax_id = ""
        self._total = _Total()
        self._open: _Total | None = None
        """The sums of the entry whose lines are being written."""

    def write(self, chunks: Iterator[bytes]) -> None:
        tags = {
            "identifier": f"{{{NAMESPACES['xbrli']}}}identifier",
            "info": f"{_COR}documentInfo",
            "entity": f"{_COR}entityInformation",
            "entry": f"{_COR}entryHeader",
            "detail": f"{_COR}entryDetail",
            "signature": f"{{{NAMESPACES['ds']}}}Signature",
        }
        reader = Reader(tags.values())
        signed = False

        def handle() -> None:
            nonlocal signed
            for element in reader.elements():
                if element.tag == tags["identifier"]:
                    self._tax_id = self._tax_id or (element.text or "")
                    continue  # its ancestors are still open
                if element.tag == tags["info"]:
                    self._head(element)
                elif element.tag == tags["entity"]:
                    self._entity(element)
                elif element.tag == tags["detail"]:
                    self._take_detail(element)
                elif element.tag == tags["entry"]:
                    self._close_entry(element)
                elif element.tag == tags["signature"]:
                    signed = True
                reader.release(element)

        for chunk in chunks:
            reader.feed(chunk)
            handle()
        reader.close()
        handle()
        if self._kind is None:
            raise ValueError("not an e-Defter document")
        self._put(f"<p class=state>{self._word('signed' if signed else 'unsigned')}")
        if self._kind.is_ledger:
            debit, credit = self._total.texts(self._language)
            self._put(f" · {self._word('total')}: {self._word('debit')} {debit}, {self._word('credit')} {credit}")
        self._put("</p></html>\n")

    def _head(self, info: etree._Element) -> None:
        root = info.getroottree().getroot()
        self._kind = kind_of(etree.QName(root).localname, _text(info, f"{_COR}entriesType"))
        title = f"{self._word(self._kind)} — {self._tax_id}"
        self._put(
            f'<!doctype html><html lang="{self._language}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
            f"<h1>{self._word(self._kind)}</h1><dl>"
        )
        start, end = _text(info, f"{_COR}periodCoveredStart"), _text(info, f"{_COR}periodCoveredEnd")
        self._row("period", f"{start} – {end}")
        self._row("number", _text(info, f"{_COR}uniqueID"))
        self._row("created", _text(info, f"{_COR}creationDate"))
        self._row("tax_id", self._tax_id)

    def _entity(self, entity: etree._Element) -> None:
        names = [
            _text(identifier, f"{_BUS}organizationIdentifier")
            for identifier in entity.iterfind(f"{_BUS}organizationIdentifiers")
        ]
        self._row("firm", " · ".join(names))
        self._row("accountant", _text(entity, f"{_BUS}accountantInformation/{_BUS}accountantName"))
        self._put("</dl>")

    def _take_detail(self, detail: etree._Element) -> None:
        """One line: an entry's first opens its table, for what its header says stands before the lines."""
        if self._open is None:
            self._open = self._open_entry(detail.getparent(), detail)
        self._open.add(self._detail(detail))

    def _open_entry(self, entry: etree._Element | None, first: etree._Element | None) -> "_Total":
        if self._kind is DocumentKind.JOURNAL and entry is not None:
            number = _text(entry, f"{_COR}entryNumberCounter")
            facts = [
                _text(entry, f"{_COR}enteredDate"),
                f"{self._word('voucher')} {_text(entry, f'{_COR}entryNumber')}",
                _text(entry, f"{_COR}entryComment"),
                _text(entry, f"{_COR}enteredBy"),
            ]
            heading = f"{self._word('entry')} {escape(number)} <small>{escape(' · '.join(filter(None, facts)))}</small>"
        elif self._kind is DocumentKind.LEDGER and first is not None:
            heading = escape(_account(first))
        else:
            heading = self._word("total")
        self._put(f"<section><h2>{heading}</h2><table><thead><tr>")
        for word in ("line", "date", "account", "document", "comment"):
            self._put(f"<th>{self._word(word)}</th>")
        self._put(f"<th class=n>{self._word('debit')}</th><th class=n>{self._word('credit')}</th></tr></thead><tbody>")
        return _Total()

    def _close_entry(self, entry: etree._Element) -> None:
        total = self._open or self._open_entry(entry, None)
        self._open = None
        self._total.add(total)
        debit, credit = total.texts(self._language)
        self._put(
            f"</tbody><tfoot><tr><td colspan=5>{self._word('total')}</td><td class=n>{debit}</td>"
            f"<td class=n>{credit}</td></tr></tfoot></table></section>\n"
        )

    def _detail(self, detail: etree._Element) -> "_Total":
        document = " ".join(
            filter(
                None,
                (
                    _text(detail, f"{_COR}documentTypeDescription") or self._document_type(detail),
                    _text(detail, f"{_COR}documentNumber"),
                    _text(detail, f"{_COR}documentDate"),
                ),
            )
        )
        cells = (
            _text(detail, f"{_COR}lineNumber"),
            _text(detail, f"{_COR}postingDate"),
            _account(detail),
            document,
            _text(detail, f"{_COR}detailComment"),
        )
        self._put("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells))
        amount = _text(detail, f"{_COR}amount")
        kurus = _kurus(amount)
        shown = escape(amount) if kurus is None else money(kurus, self._language)
        is_debit = _text(detail, f"{_COR}debitCreditCode").startswith(("D", "d"))
        self._put(f"<td class=n>{shown if is_debit else ''}</td><td class=n>{'' if is_debit else shown}</td></tr>")
        return _Total(kurus, 0) if is_debit else _Total(0, kurus)

    def _document_type(self, detail: etree._Element) -> str:
        found = _text(detail, f"{_COR}documentType")
        return DOCUMENT_TYPES[found][self._language] if found in DOCUMENT_TYPES else found

    def _row(self, word: str, value: str) -> None:
        if value:
            self._put(f"<dt>{self._word(word)}</dt><dd>{escape(value)}</dd>")

    def _word(self, word: str) -> str:
        return WORDS[word][self._language]

    def _put(self, text: str) -> None:
        self._page.write(text)


@dataclass
class _Total:
    """Kuruş; None where an amount in it is none, so that nobody takes a part for the whole."""

    debit: int | None = 0
    credit: int | None = 0

    def add(self, other: "_Total") -> None:
        """Add another one."""
        self.debit = None if self.debit is None or other.debit is None else self.debit + other.debit
        self.credit = None if self.credit is None or other.credit is None else self.credit + other.credit

    def texts(self, language: Language) -> tuple[str, str]:
        """Debit and credit."""
        debit, credit = ("—" if kurus is None else money(kurus, language) for kurus in (self.debit, self.credit))
        return debit, credit


def _kurus(amount: str) -> int | None:
    try:
        return parse_kurus(amount)
    except ValueError:
        return None


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _account(detail: etree._Element) -> str:
    account = detail.find(f"{_COR}account")
    if account is None:
        return ""
    sub = account.find(f"{_COR}accountSub")
    if sub is not None:
        return f"{_text(sub, f'{_COR}accountSubID')} {_text(sub, f'{_COR}accountSubDescription')}"
    return f"{_text(account, f'{_COR}accountMainID')} {_text(account, f'{_COR}accountMainDescription')}"
