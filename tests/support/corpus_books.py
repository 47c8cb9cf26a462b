"""A made-up month of a made-up firm, written as the five documents: what the corpus changes bit by bit.

It is told once, as entries of lines; journal, ledger, berats and report are written from it. The journal has eight
entries whose lines have six shapes, and the last entries repeat shapes that have been there before: so a change can
be put where a reader has already seen many lines like it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

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
from support.corpus_entries import BRIEF, FULL, NAMES, Entry, Line
from support.corpus_markup import ATTACHED, COUNTED, ENTITY, OF_COUNT, detail, item, items, money, standard
from support.document_changes import FIRM, signed

__all__ = ["BRIEF", "FULL", "PERSON", "Entry", "Line", "Month", "written"]

PERSON: Final = "10000000146"
_FIRST_ENTRY, _FIRST_LINE = 101, 1001
_UUIDS: Final = {
    DocumentKind.JOURNAL_BERAT: "6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e64",
    DocumentKind.LEDGER_BERAT: "6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e65",
    DocumentKind.REPORT: "6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e66",
}


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
            f"</xbrli:xbrl>{ATTACHED if self.attachment else ''}</edefter:{traits.root}>"
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
            told += f"<gl-bus:numberOfEntries {OF_COUNT}>{len(self.entries)}</gl-bus:numberOfEntries>"
        if kind in _UUIDS:
            told += item("gl-cor:uniqueID", _UUIDS[kind])
        if kind.is_berat:
            told += f"<gl-bus:measurableQuantity {OF_COUNT}>0.02</gl-bus:measurableQuantity>"
            if not self.tax_detail:
                told += item("gl-cor:identifierAuthorityCode", NO_TAX_DETAIL)
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
        return f"<gl-cor:documentInfo>{items(told)}</gl-cor:documentInfo>"

    def _entity(self) -> str:
        person = len(self.tax_id) == len(PERSON)
        names = [(FULL_NAME, "AYŞE DENEME")] if person else [(TITLE, "DENEME TEKSTİL A.Ş.")]
        if self.branch:
            names += [(BRANCH_NUMBER, self.branch), (BRANCH_NAME, "OSTİM ŞUBESİ")]
        told = "".join(
            f"<gl-bus:organizationIdentifiers>{item('gl-bus:organizationIdentifier', value)}"
            f"{item('gl-bus:organizationDescription', what)}</gl-bus:organizationIdentifiers>"
            for what, value in names
        )
        return ENTITY.replace("{names}", told)

    def _journal(self) -> str:
        return "".join(self._entry(number, entry) for number, entry in enumerate(self.entries, start=_FIRST_ENTRY))

    def _entry(self, number: int, entry: Entry) -> str:
        total = sum(line.kurus for line in entry.lines if line.side == "D")
        batch = items((("gl-bus:batchID", "B-7"), ("gl-bus:batchDescription", "Alışlar"))) if entry.batch else ""
        line_number = _FIRST_LINE + sum(len(one.lines) for one in self.entries[: number - _FIRST_ENTRY])
        details = (detail(line, line_number + index, number, entry.day) for index, line in enumerate(entry.lines))
        return (
            "<gl-cor:entryHeader>"
            + items(
                (
                    ("gl-cor:enteredBy", "A.D."),
                    ("gl-cor:enteredDate", entry.day),
                    ("gl-cor:entryNumber", f"M-{number:04}"),
                    ("gl-cor:entryComment", "Fiş & açıklaması"),
                )
            )
            + batch
            + money("gl-bus:totalDebit", total)
            + money("gl-bus:totalCredit", total)
            + f"<gl-cor:entryNumberCounter {COUNTED}>{number}</gl-cor:entryNumberCounter>"
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
            + money("gl-bus:totalDebit", max(balance, 0))
            + money("gl-bus:totalCredit", max(-balance, 0))
            + "".join(detail(*one) for one in lines)
            + "</gl-cor:entryHeader>"
        )

    def _sums(self) -> dict[tuple[str, str], list[int]]:
        sums: dict[tuple[str, str], list[int]] = defaultdict(list)
        for line, *_ in self._numbered():
            sums[line.main, line.side].append(line.kurus)
        return sums

    def _berat(self) -> str:
        return standard(self._sums(), TAX_ACCOUNTS, counted=False) if self.tax_detail else ""

    def _report(self) -> str:
        sums = self._sums()
        return standard(sums, {main: NAMES[main] for main in sorted({main for main, _ in sums})}, counted=True)


def written(root: etree._Element) -> bytes:
    """A document's bytes in canonical form."""
    return DECLARATION + etree.tostring(root.getroottree(), method="c14n")
