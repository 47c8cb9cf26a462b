"""`defterhane view`: a readable, printable HTML page of any of the five documents, written as it is read."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final, TextIO

from lxml import etree

from defterhane.documents.safe_xml import Reader
from defterhane.edefter.kinds import DocumentKind, kind_of
from defterhane.edefter.money import format_kurus, parse_kurus
from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.texts import Language

_COR: Final = f"{{{NAMESPACES['gl-cor']}}}"
_BUS: Final = f"{{{NAMESPACES['gl-bus']}}}"
_CHUNK: Final = 1 << 16

_WORDS: Final[dict[str, dict[Language, str]]] = {
    "Y": {"tr": "Yevmiye Defteri", "en": "Journal"},
    "K": {"tr": "Defter-i Kebir", "en": "Ledger"},
    "YB": {"tr": "Yevmiye Defteri Beratı", "en": "Berat of the journal"},
    "KB": {"tr": "Defter-i Kebir Beratı", "en": "Berat of the ledger"},
    "DR": {"tr": "Defter Raporu", "en": "Ledger report"},
    "period": {"tr": "Dönem", "en": "Period"},
    "number": {"tr": "Belge no", "en": "Document no."},
    "created": {"tr": "Oluşturma tarihi", "en": "Created"},
    "firm": {"tr": "Mükellef", "en": "Taxpayer"},
    "tax_id": {"tr": "VKN/TCKN", "en": "Tax number"},
    "accountant": {"tr": "Muhasebeci", "en": "Accountant"},
    "entry": {"tr": "Yevmiye no", "en": "Entry"},
    "voucher": {"tr": "Fiş", "en": "Voucher"},
    "line": {"tr": "Satır", "en": "Line"},
    "account": {"tr": "Hesap", "en": "Account"},
    "document": {"tr": "Belge", "en": "Document"},
    "comment": {"tr": "Açıklama", "en": "Comment"},
    "date": {"tr": "Tarih", "en": "Date"},
    "debit": {"tr": "Borç", "en": "Debit"},
    "credit": {"tr": "Alacak", "en": "Credit"},
    "total": {"tr": "Toplam", "en": "Total"},
    "signed": {"tr": "İmzalı", "en": "Signed"},
    "unsigned": {"tr": "İmzasız", "en": "Not signed"},
}

_STYLE: Final = """
:root{color-scheme:light dark;--ink:#16202c;--dim:#5b6776;--rule:#d8dee6;--soft:#f3f6f9;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--dim:#9aa7b6;--rule:#32404f;--soft:#1b2530;--paper:#111821}}
body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:70rem;
padding:0 1rem}h1{font-size:1.5rem;margin:0 0 .25rem}.state{color:var(--dim)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0 2rem}
dt{color:var(--dim)}dd{margin:0}
section{content-visibility:auto;contain-intrinsic-size:auto 12rem;margin:0 0 1.25rem;border-top:2px solid var(--rule)}
h2{font-size:1rem;margin:.5rem 0}h2 small{font-weight:400;color:var(--dim)}
table{border-collapse:collapse;width:100%}th,td{padding:.2rem .5rem;text-align:left;vertical-align:top}
th{font-weight:600;color:var(--dim);font-size:.85em;border-bottom:1px solid var(--rule)}
tbody tr:nth-child(2n){background:var(--soft)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tfoot td{border-top:1px solid var(--rule);font-weight:600}
@media print{section{content-visibility:visible;break-inside:avoid}body{margin:0;max-width:none}}
"""


def write_view(source: Path, target: Path, language: Language) -> None:
    """Write the page. Memory is bounded by one entry.

    Raises:
        OSError: a file cannot be read or written.
        XmlRefused: the source is not XML that is read.
        ValueError: it is not one of the five documents.
    """
    partial = target.with_name(target.name + ".part")
    try:
        with source.open("rb") as file, partial.open("w", encoding="utf-8") as page:
            _Page(page, language).write(iter(lambda: file.read(_CHUNK), b""))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


class _Page:
    def __init__(self, page: TextIO, language: Language) -> None:
        self._page = page
        self._language = language
        self._kind: DocumentKind | None = None
        self._tax_id = ""
        self._debit = self._credit = 0

    def write(self, chunks: Iterator[bytes]) -> None:
        tags = {
            "identifier": f"{{{NAMESPACES['xbrli']}}}identifier",
            "info": f"{_COR}documentInfo",
            "entity": f"{_COR}entityInformation",
            "entry": f"{_COR}entryHeader",
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
                elif element.tag == tags["entry"]:
                    self._entry(element)
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
        if self._kind is DocumentKind.JOURNAL:
            debit, credit = format_kurus(self._debit), format_kurus(self._credit)
            self._put(f" · {self._word('total')}: {self._word('debit')} {debit}, {self._word('credit')} {credit}")
        self._put("</p></html>\n")

    def _head(self, info: etree._Element) -> None:
        root = info.getroottree().getroot()
        self._kind = kind_of(etree.QName(root).localname, _text(info, f"{_COR}entriesType"))
        title = f"{self._word(self._kind)} — {self._tax_id}"
        self._put(
            f'<!doctype html><html lang="{self._language}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style>'
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

    def _entry(self, entry: etree._Element) -> None:
        number = _text(entry, f"{_COR}entryNumberCounter")
        details = list(entry.iterfind(f"{_COR}entryDetail"))
        if self._kind is DocumentKind.JOURNAL:
            facts = [
                _text(entry, f"{_COR}enteredDate"),
                f"{self._word('voucher')} {_text(entry, f'{_COR}entryNumber')}",
                _text(entry, f"{_COR}entryComment"),
                _text(entry, f"{_COR}enteredBy"),
            ]
            heading = f"{self._word('entry')} {escape(number)} <small>{escape(' · '.join(filter(None, facts)))}</small>"
        elif self._kind is DocumentKind.LEDGER and details:
            heading = escape(_account(details[0]))
        else:
            heading = self._word("total")
        self._put(f"<section><h2>{heading}</h2><table><thead><tr>")
        for word in ("line", "date", "account", "document", "comment"):
            self._put(f"<th>{self._word(word)}</th>")
        self._put(f"<th class=n>{self._word('debit')}</th><th class=n>{self._word('credit')}</th></tr></thead><tbody>")
        debit = credit = 0
        for detail in details:
            kurus = parse_kurus(_text(detail, f"{_COR}amount") or "0")
            is_debit = _text(detail, f"{_COR}debitCreditCode").startswith(("D", "d"))
            debit, credit = (debit + kurus, credit) if is_debit else (debit, credit + kurus)
            self._detail(detail, format_kurus(kurus), is_debit)
        self._debit += debit
        self._credit += credit
        self._put(
            f"</tbody><tfoot><tr><td colspan=5>{self._word('total')}</td><td class=n>{format_kurus(debit)}</td>"
            f"<td class=n>{format_kurus(credit)}</td></tr></tfoot></table></section>\n"
        )

    def _detail(self, detail: etree._Element, amount: str, is_debit: bool) -> None:
        document = " ".join(
            filter(
                None,
                (
                    _text(detail, f"{_COR}documentTypeDescription") or _text(detail, f"{_COR}documentType"),
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
        self._put(f"<td class=n>{amount if is_debit else ''}</td><td class=n>{'' if is_debit else amount}</td></tr>")

    def _row(self, word: str, value: str) -> None:
        if value:
            self._put(f"<dt>{self._word(word)}</dt><dd>{escape(value)}</dd>")

    def _word(self, word: str) -> str:
        return _WORDS[word][self._language]

    def _put(self, text: str) -> None:
        self._page.write(text)


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
