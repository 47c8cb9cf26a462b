"""What rows say of the document behind them (rules Y105-Y111)."""

import re
from typing import Final

from converter.cell_values import CellValues
from converter.reading.cells import Cells
from converter.reading.layout import plain
from converter.row_findings import RowFindings, is_damaged
from converter.spool import StoredEntry
from defterhane.edefter.vocabulary import DOCUMENT_TYPES, NUMBERED_DOCUMENT_TYPES

TYPE_NAMES: Final = {
    **{name: name for name in DOCUMENT_TYPES},
    **{plain(name): name for name in DOCUMENT_TYPES},
    **dict.fromkeys(("fatura", "efatura", "earsivfatura"), "invoice"),
    "cek": "check",
    "senet": "voucher",
    **dict.fromkeys(("makbuz", "tahsilatmakbuzu", "serbestmeslekmakbuzu"), "receipt"),
    **dict.fromkeys(("irsaliye", "sevkirsaliyesi"), "shipment"),
    "diger": "other",
}
"""documentType by what exports call it: as it stands, or by its bare letters."""

_TITLES: Final = {"invoice": "invoice (fatura)", "check": "check (çek)", "other": "other (diğer)"}
"""What numbered documents are called in findings."""


def _stems(*words: str) -> tuple[str, ...]:
    return tuple(map(plain, words))


_PAPERS: Final = _stems(
    "adisyon", "alındı", "alındısı", "belge", "beyanname", "bilet", "bildirge", "bono", "bordro", "ceza", "çek",
    "dekont", "dilekçe", "ekstre", "emir", "emri", "fatura", "fiş", "form", "hakediş", "icmal", "ihbarname", "ilam",
    "irsaliye", "karar", "kontrat", "liste", "makbuz", "mektup", "mektub", "mutabakat", "poliçe", "protokol",
    "pusula", "rapor", "ruhsat", "senet", "sened", "slip", "sözleşme", "tablo", "talimat", "tapu", "tebligat",
    "teklif", "tezkere", "tutanak", "tutanağ", "yazı",
)  # fmt: skip
"""Beginnings of words that name a paper: where one of them stands, all is well."""

_ACTS: Final = _stems(
    "açılış", "aidat", "alış", "amortisman", "avans", "borç", "alacak", "devir", "devri", "düzeltme", "eft", "faiz",
    "fark", "fast", "gider", "gelir", "havale", "iade", "kapanış", "kira", "komisyon", "maaş", "mahsup", "mahsub",
    "masraf", "ödeme", "ödendi", "reeskont", "satış", "stopaj", "swift", "tahakkuk", "tahsil", "tediye", "transfer",
    "virman", "yansıtma",
)  # fmt: skip
"""Beginnings of words that name an act, or what it is about."""

_NOTHING: Final = frozenset({"diger", "muhtelif", "other", "yok", "bilinmiyor", "evrak", "none"})
"""Whole descriptions that say nothing."""

_WORD: Final = re.compile(r"[^\W\d_]+")


class DocumentCheck:
    """What the row at hand says of its document: looked at where it changes, kept for the rows that repeat it."""

    def __init__(self, findings: RowFindings, values: CellValues, oldest: str) -> None:
        """`oldest`: the first year (or day, as ISO text) of which a document is not unlikely."""
        self._findings = findings
        self._values = values
        self._oldest = oldest
        self.type: str | None = None
        self.description: str | None = None
        self.number = ""
        self.day: str | None = None

    def look(self, cells: Cells, entry: StoredEntry) -> None:
        """Take what a row says, and tell what is wrong with it."""
        text, number = cells.documenttype, cells.documentnumber
        self.type = (TYPE_NAMES.get(text) or TYPE_NAMES.get(plain(text))) if text else None
        self.day = self._values.day(cells.documentdate, "documentdate") if cells.documentdate else None
        if not text and not cells.documentdate and not number.strip("0"):
            number = ""  # some write noughts where there is no document
        self.number = number
        self.description = cells.documenttypedesc if self.type else None
        say = self._findings.say
        if is_damaged(number):
            say("value.damaged", number, "documentnumber", about=number)
        if text and self.type is None:
            say("document.type_unknown", text, about=text, known=", ".join(sorted(DOCUMENT_TYPES)))
        elif not text and (number or cells.documentdate):
            say("document.type_missing", number or cells.documentdate)
        if self.type in NUMBERED_DOCUMENT_TYPES:
            self._check_numbered(_TITLES[self.type], number, cells.documentdate)
        if self.type == "other":
            self._check_description(cells.documenttypedesc)
        if self.day and entry.day:
            self._check_day(self.day, entry.day)
        reference, voucher = cells.documentreference, cells.entrynumber or entry.voucher
        if reference and reference != voucher:
            if is_damaged(reference):
                say("value.damaged", reference, "documentreference", about=reference)
            else:
                about = (entry.ref, reference)
                say("document.reference_differs", reference, voucher=voucher, about=about)

    def _check_numbered(self, kind: str, number: str, day: str) -> None:
        if not number:
            self._findings.say("document.number_missing", type=kind)
        elif not number.strip("0"):
            self._findings.say("document.number_zero", number, type=kind, about=(kind, number))
        if not day:
            self._findings.say("document.date_missing", type=kind)

    def _check_description(self, text: str) -> None:
        if not text:
            self._findings.say("document.description_missing")
        elif not names_a_document(text):
            self._findings.say("document.description_is_act", text, about=text)

    def _check_day(self, day: str, entry_day: str) -> None:
        """Nothing of this is forbidden: an invoice of a later day, and what an ERP writes for no date (1900-01-01)."""
        if self.type == "invoice" and day > entry_day:
            self._findings.say("document.date_unlikely", day, date=entry_day)
        elif day < self._oldest:
            self._findings.say("document.date_unlikely", day, date=entry_day, about=day)


def names_a_document(description: str) -> bool:
    """False for a description that names an act (havale, ödeme…) or nothing; what is not known may be a document."""
    words = [plain(word) for word in _WORD.findall(description)]
    if any(word.startswith(_PAPERS) for word in words):
        return True
    if not words or sum(map(len, words)) < 2 or " ".join(words) in _NOTHING:
        return False
    return not any(word.startswith(_ACTS) for word in words)
