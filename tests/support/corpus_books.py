"""A made-up month of a made-up firm, written as the five documents: what the corpus changes bit by bit.

It is told once, as entries of lines; journal, ledger, berats and report are written from it. The journal has eight
entries whose lines have six shapes, and the last entries repeat shapes that have been there before: so a change can
be put where a reader has already seen many lines like it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import (
    BRANCH_NAME,
    BRANCH_NUMBER,
    DECLARATION,
    FULL_NAME,
    NAMESPACES,
    NO_TAX_DETAIL,
    SCHEMA_LOCATION,
    SCHEMA_REF,
    TAX_ACCOUNTS,
    TITLE,
)
from support.document_changes import FIRM, signed

PERSON: Final = "10000000146"
_FIRST_ENTRY, _FIRST_LINE = 101, 1001
_UUIDS: Final = {
    DocumentKind.JOURNAL_BERAT: "6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e64",
    DocumentKind.LEDGER_BERAT: "6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e65",
    DocumentKind.REPORT: "6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e66",
}


@dataclass(frozen=True)
class Line:
    """One line; `shape` names what else stands in it (`_papers`, `_money`)."""

    main: str
    sub: str | None
    side: str
    kurus: int
    shape: str = "plain"


@dataclass(frozen=True)
class Entry:
    """One entry of the journal."""

    day: str
    lines: tuple[Line, ...]
    batch: bool = False


_NAMES: Final = {
    "100": "KASA",
    "101": "ALINAN ÇEKLER",
    "102": "BANKALAR",
    "118": "DİĞER MENKUL KIYMETLER",
    "120": "ALICILAR",
    "153": "TİCARİ MALLAR",
    "191": "İNDİRİLECEK KDV",
    "320": "SATICILAR",
    "391": "HESAPLANAN KDV",
    "500": "SERMAYE",
    "600": "YURT İÇİ SATIŞLAR",
}
_PURCHASE: Final = (
    Line("153", "153.01", "D", 100000, "invoice"),
    Line("191", "191.20", "D", 20000, "invoice"),
    Line("320", "320.01.004", "C", 120000, "invoice"),
)
_SALE: Final = (
    Line("100", None, "D", 60000, "till"),
    Line("600", "600.01", "C", 50000, "till"),
    Line("391", "391.20", "C", 10000, "till"),
)
FULL: Final = (
    Entry("2025-03-01", (Line("100", None, "D", 250000), Line("500", None, "C", 250000))),
    Entry("2025-03-05", _PURCHASE, batch=True),
    Entry("2025-03-06", _SALE),
    Entry(
        "2025-03-06",
        (Line("153", "153.02", "D", 400000, "euro"), Line("320", "320.02.001", "C", 400000, "euro")),
    ),
    Entry("2025-03-11", (Line("101", None, "D", 7550, "cheque"), Line("120", "120.01", "C", 7550, "cheque"))),
    Entry("2025-03-12", (Line("118", "118.01", "D", 50000, "fund"), Line("102", "102.01", "C", 50000, "receipt"))),
    Entry("2025-03-20", _PURCHASE, batch=True),
    Entry("2025-03-31", _SALE),
)
BRIEF: Final = (FULL[0], FULL[2])


@dataclass(frozen=True)
class Month:
    """A month and its firm."""

    entries: Sequence[Entry] = FULL
    tax_id: str = FIRM
    branch: str | None = None
    currency: str | None = None
    """Of the books, where it is said."""
    unit: str = "TRY"
    tax_detail: bool = True
    attachment: bool = False
    signed: bool = False
    start: str = "2025-03-01"
    end: str = "2025-03-31"
    part: str = "000000"
    prefix: str = ""
    """Such as `GIB-`."""
    indented: bool = False

    def file_name(self, kind: DocumentKind) -> str:
        """The name of its document of a kind."""
        branch = f"-{self.branch}" if self.branch else ""
        return f"{self.prefix}{self.tax_id}-202503-{kind}-{self.part}{branch}.xml"

    def tree(self, kind: DocumentKind) -> etree._Element:
        """The root of its document of a kind."""
        traits, context = kind.traits, kind.traits.context_id
        body = {
            DocumentKind.JOURNAL: self._journal,
            DocumentKind.LEDGER: self._ledger,
            DocumentKind.REPORT: self._report,
        }.get(kind, self._berat)()
        declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
        text = (
            f'<?xml-stylesheet type="text/xsl" href="{traits.stylesheet}"?>\n'
            f'<edefter:{traits.root} {declared} xsi:schemaLocation="{SCHEMA_LOCATION}">'
            f'<xbrli:xbrl><link:schemaRef xlink:href="{SCHEMA_REF}" xlink:type="simple"/>'
            f"{self._context(kind)}"
            f'<xbrli:unit id="{self.unit.lower()}"><xbrli:measure>iso4217:{self.unit}</xbrli:measure></xbrli:unit>'
            f'<xbrli:unit id="countable"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>'
            f"<gl-cor:accountingEntries>{self._info(kind)}{self._entity()}{body}</gl-cor:accountingEntries>"
            f"</xbrli:xbrl>{_ATTACHED if self.attachment else ''}</edefter:{traits.root}>"
        )
        root = etree.fromstring(text.replace("{c}", context).replace("{u}", self.unit.lower()))
        etree.indent(root, space="  " if self.indented else "")
        if self.signed:
            signed(root)
        return root

    def document(self, kind: DocumentKind) -> bytes:
        """Its document of a kind, in canonical form."""
        return written(self.tree(kind))

    def _context(self, kind: DocumentKind) -> str:
        told = ""
        if kind is DocumentKind.JOURNAL_BERAT:
            told += f"<gl-bus:numberOfEntries {_OF_COUNT}>{len(self.entries)}</gl-bus:numberOfEntries>"
        if kind in _UUIDS:
            told += _item("gl-cor:uniqueID", _UUIDS[kind])
        if kind.is_berat:
            told += f"<gl-bus:measurableQuantity {_OF_COUNT}>0.02</gl-bus:measurableQuantity>"
            if not self.tax_detail:
                told += _item("gl-cor:identifierAuthorityCode", NO_TAX_DETAIL)
        segment = f"<xbrli:segment>{told}</xbrli:segment>" if told else ""
        return (
            '<xbrli:context id="{c}"><xbrli:entity>'
            f'<xbrli:identifier scheme="http://www.gib.gov.tr">{self.tax_id}</xbrli:identifier>{segment}'
            "</xbrli:entity><xbrli:period><xbrli:instant>2025-04-02</xbrli:instant></xbrli:period></xbrli:context>"
        )

    def _info(self, kind: DocumentKind) -> str:
        told = (
            ("gl-cor:entriesType", kind.traits.entries_type),
            ("gl-cor:uniqueID", f"{kind.traits.unique_id_prefix}202503000003"),
            ("gl-cor:language", "iso639:tr"),
            ("gl-cor:creationDate", "2025-04-02"),
            ("gl-bus:creator", "AYŞE DENEME"),
            ("gl-cor:entriesComment", "Mart 2025"),
            ("gl-cor:periodCoveredStart", self.start),
            ("gl-cor:periodCoveredEnd", self.end),
            ("gl-bus:sourceApplication", f"{FIRM}##DENEME YAZILIM##Defterhane##1.0"),
            *((("gl-muc:defaultCurrency", f"iso4217:{self.currency}"),) if self.currency else ()),
        )
        return f"<gl-cor:documentInfo>{_items(told)}</gl-cor:documentInfo>"

    def _entity(self) -> str:
        person = len(self.tax_id) == len(PERSON)
        names = [(FULL_NAME, "AYŞE DENEME")] if person else [(TITLE, "DENEME TEKSTİL A.Ş.")]
        if self.branch:
            names += [(BRANCH_NUMBER, self.branch), (BRANCH_NAME, "OSTİM ŞUBESİ")]
        named = "".join(
            f"<gl-bus:organizationIdentifiers>{_item('gl-bus:organizationIdentifier', value)}"
            f"{_item('gl-bus:organizationDescription', what)}</gl-bus:organizationIdentifiers>"
            for what, value in names
        )
        return _ENTITY.replace("{names}", named)

    def _journal(self) -> str:
        return "".join(self._entry(number, entry) for number, entry in enumerate(self.entries, start=_FIRST_ENTRY))

    def _entry(self, number: int, entry: Entry) -> str:
        total = sum(line.kurus for line in entry.lines if line.side == "D")
        batch = _items((("gl-bus:batchID", "B-7"), ("gl-bus:batchDescription", "Alışlar"))) if entry.batch else ""
        line_number = _FIRST_LINE + sum(len(one.lines) for one in self.entries[: number - _FIRST_ENTRY])
        details = (_detail(line, line_number + index, number, entry.day) for index, line in enumerate(entry.lines))
        return (
            "<gl-cor:entryHeader>"
            + _items(
                (
                    ("gl-cor:enteredBy", "A.D."),
                    ("gl-cor:enteredDate", entry.day),
                    ("gl-cor:entryNumber", f"M-{number:04}"),
                    ("gl-cor:entryComment", "Fiş & açıklaması"),
                )
            )
            + batch
            + _money("gl-bus:totalDebit", total)
            + _money("gl-bus:totalCredit", total)
            + f"<gl-cor:entryNumberCounter {_COUNTED}>{number}</gl-cor:entryNumberCounter>"
            + "".join(details)
            + "</gl-cor:entryHeader>"
        )

    def _numbered(self) -> Iterable[tuple[Line, int, int, str]]:
        line_number = _FIRST_LINE
        for number, entry in enumerate(self.entries, start=_FIRST_ENTRY):
            for line in entry.lines:
                yield line, line_number, number, entry.day
                line_number += 1

    def _ledger(self) -> str:
        accounts: dict[tuple[str, str], list[tuple[Line, int, int, str]]] = defaultdict(list)
        for one in self._numbered():
            accounts[one[0].main, one[0].sub or ""].append(one)
        return "".join(self._account(accounts[key]) for key in sorted(accounts))

    @staticmethod
    def _account(lines: Sequence[tuple[Line, int, int, str]]) -> str:
        balance = sum(line.kurus if line.side == "D" else -line.kurus for line, *_ in lines)
        return (
            "<gl-cor:entryHeader>"
            + _money("gl-bus:totalDebit", max(balance, 0))
            + _money("gl-bus:totalCredit", max(-balance, 0))
            + "".join(_detail(*one) for one in lines)
            + "</gl-cor:entryHeader>"
        )

    def _sums(self) -> dict[tuple[str, str], list[int]]:
        sums: dict[tuple[str, str], list[int]] = defaultdict(list)
        for line, *_ in self._numbered():
            sums[line.main, line.side].append(line.kurus)
        return sums

    def _berat(self) -> str:
        return _standard(self._sums(), TAX_ACCOUNTS, counted=False) if self.tax_detail else ""

    def _report(self) -> str:
        sums = self._sums()
        return _standard(sums, {main: _NAMES[main] for main in sorted({main for main, _ in sums})}, counted=True)


def written(root: etree._Element) -> bytes:
    """A document's bytes in canonical form."""
    return DECLARATION + etree.tostring(root.getroottree(), method="c14n")


_OF_COUNT = 'contextRef="{c}" unitRef="countable"'
_COUNTED = 'contextRef="{c}" decimals="INF" unitRef="countable"'
_ATTACHED: Final = (
    '<extensions><extension Id="ek-1"><defterek:binaryObject mimeCode="application/pdf" filename="ek.pdf">JVBERi0xLjQ='
    "</defterek:binaryObject></extension></extensions>"
)


def _item(name: str, value: str) -> str:
    return f'<{name} contextRef="{{c}}">{escape(value)}</{name}>'


def _items(told: Iterable[tuple[str, str]]) -> str:
    return "".join(_item(name, value) for name, value in told)


def _money(name: str, kurus: int) -> str:
    amount = f"{kurus // 100}.{kurus % 100:02}"
    return f'<{name} contextRef="{{c}}" decimals="INF" unitRef="{{u}}">{amount}</{name}>'


def _named(main: str, name: str, sub: str | None) -> str:
    below = (("gl-cor:accountSubDescription", f"{name} {sub}"), ("gl-cor:accountSubID", sub)) if sub else ()
    return (
        "<gl-cor:account>"
        + _items((("gl-cor:accountMainID", main), ("gl-cor:accountMainDescription", name)))
        + (f"<gl-cor:accountSub>{_items(below)}</gl-cor:accountSub>" if below else "")
        + "</gl-cor:account>"
    )


def _detail(line: Line, number: int, entry: int, day: str) -> str:
    money, papers, tail = _SHAPES[line.shape]
    return (
        "<gl-cor:entryDetail>"
        + _item("gl-cor:lineNumber", str(number))
        + f"<gl-cor:lineNumberCounter {_COUNTED}>{entry}</gl-cor:lineNumberCounter>"
        + _named(line.main, _NAMES[line.main], line.sub)
        + _money("gl-cor:amount", line.kurus)
        + money
        + _items((("gl-cor:debitCreditCode", line.side), ("gl-cor:postingDate", day)))
        + papers.replace("{entry}", f"M-{entry:04}")
        + tail
        + "</gl-cor:entryDetail>"
    )


def _papers(kind: str, number: str | None, day: str | None, described: str | None = None) -> str:
    told = (
        ("gl-cor:documentType", kind),
        ("gl-cor:documentTypeDescription", described),
        ("gl-cor:documentNumber", number),
        ("gl-cor:documentReference", "{entry}"),
        ("gl-cor:documentDate", day),
    )
    return _items((name, value) for name, value in told if value is not None)


_PAID = _item("gl-bus:paymentMethod", "Banka")
_SAID = _item("gl-cor:detailComment", "Satır açıklaması, %20")
_EURO = (
    _item("gl-muc:amountOriginalExchangeRateDate", "2025-03-06")
    + '<gl-muc:amountOriginalAmount contextRef="{c}" decimals="INF" unitRef="{u}">100.00</gl-muc:amountOriginalAmount>'
    + _item("gl-muc:amountOriginalCurrency", "iso4217:EUR")
    + f"<gl-muc:amountOriginalExchangeRate {_COUNTED}>40.00</gl-muc:amountOriginalExchangeRate>"
)
_FUND = (
    "<gl-bus:measurable>"
    + _items((("gl-bus:measurableCode", "NT"), ("gl-bus:measurableCodeDescription", "Maddi Olmayan Kalemler")))
    + f"<gl-bus:measurableQuantity {_COUNTED}>4</gl-bus:measurableQuantity>"
    + _items((("gl-bus:measurableQualifier", "Fon"), ("gl-bus:measurableUnitOfMeasure", "Adet")))
    + _money("gl-bus:measurableCostPerUnit", 12500)
    + "</gl-bus:measurable>"
)
_SHAPES: Final = {
    "plain": ("", "", _SAID),
    "invoice": ("", _papers("invoice", "DNM2025000000123", "2025-03-04"), _PAID + _SAID),
    "till": ("", _papers("other", "Z-52", "2025-03-06", "Z Raporu"), _SAID),
    "euro": (_EURO, _papers("invoice", "DNM2025000000124", "2025-03-05"), _SAID),
    "cheque": ("", _papers("check", "CEK-1907", "2025-03-10"), _SAID),
    "fund": ("", _papers("receipt", None, None), _SAID + _FUND),
    "receipt": ("", _papers("receipt", None, None), _PAID + _SAID),
}
"""Per shape: what follows the amount, the papers behind the line, and the rest."""


def _standard(sums: dict[tuple[str, str], list[int]], names: dict[str, str], *, counted: bool) -> str:
    lines = []
    for number, (main, side) in enumerate(((main, side) for main in names for side in "DC"), start=1):
        kurus = sums.get((main, side), [])
        count = _item("gl-cor:documentApplyToNumber", str(len(kurus))) if counted else ""
        lines.append(
            "<gl-cor:entryDetail>"
            + _item("gl-cor:lineNumber", str(number))
            + _named(main, names[main], None)
            + _money("gl-cor:amount", sum(kurus))
            + _item("gl-cor:debitCreditCode", side)
            + count
            + f"<gl-cor:xbrlInfo>{_item('gl-cor:xbrlInclude', 'period_change')}</gl-cor:xbrlInfo>"
            + "</gl-cor:entryDetail>"
        )
    qualifier = _item("gl-cor:qualifierEntry", "standard")
    return f"<gl-cor:entryHeader>{qualifier}{''.join(lines)}</gl-cor:entryHeader>"


_ENTITY: Final = (
    "<gl-cor:entityInformation>"
    "<gl-bus:entityPhoneNumber>"
    + _items((("gl-bus:phoneNumberDescription", "main"), ("gl-bus:phoneNumber", "3120000000")))
    + "</gl-bus:entityPhoneNumber><gl-bus:entityFaxNumberStructure>"
    + _item("gl-bus:entityFaxNumber", "3120000001")
    + "</gl-bus:entityFaxNumberStructure><gl-bus:entityEmailAddressStructure>"
    + _item("gl-bus:entityEmailAddress", "defter@deneme.invalid")
    + "</gl-bus:entityEmailAddressStructure>{names}<gl-bus:organizationAddress>"
    + _items(
        (
            ("gl-bus:organizationBuildingNumber", "7"),
            ("gl-bus:organizationAddressStreet", "DENEME SOKAK"),
            ("gl-bus:organizationAddressCity", "Bursa"),
            ("gl-bus:organizationAddressZipOrPostalCode", "16000"),
            ("gl-bus:organizationAddressCountry", "Türkiye"),
        )
    )
    + "</gl-bus:organizationAddress><gl-bus:entityWebSite>"
    + _item("gl-bus:webSiteURL", "www.deneme.invalid")
    + "</gl-bus:entityWebSite>"
    + _items(
        (
            ("gl-bus:businessDescription", "139200"),
            ("gl-bus:fiscalYearStart", "2025-01-01"),
            ("gl-bus:fiscalYearEnd", "2025-12-31"),
        )
    )
    + "<gl-bus:accountantInformation>"
    + _item("gl-bus:accountantName", "AYŞE DENEME")
    + "<gl-bus:accountantAddress>"
    + _items((("gl-bus:accountantStreet", "DENEME SOKAK"), ("gl-bus:accountantCity", "Bursa")))
    + "</gl-bus:accountantAddress>"
    + _item("gl-bus:accountantEngagementTypeDescription", "SMMM Sözleşmesi, 02.01.2025, 14")
    + "</gl-bus:accountantInformation></gl-cor:entityInformation>"
)
