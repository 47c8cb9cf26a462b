"""Faults in what concerns a whole entry, its dates and numbers, and the documents behind it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from defterhane.edefter.money import format_kurus, parse_kurus
from sandbox.exports.records import Plan, Record
from sandbox.faults.kinds import ALL, At, EntryFault, PlanFault
from sandbox.faults.making import Change, Value, changed, has_document, put, put_in_all, twin

_HEADED: Final = ALL - {"report"}
"""The layouts that tell who entered a voucher, and its document."""
_NUMBERED: Final = frozenset({"columns25", "header-detail", "xml"})
"""The layouts with the ERP's entry numbers."""
_POSTED: Final = frozenset({"columns25", "columns23", "xml"})
"""The layouts in which each line has a date."""


def _by_days(days: int) -> Value:
    return lambda record: (date.fromisoformat(record.postingdate) + timedelta(days)).isoformat()


def _one_kurus_more(record: Record) -> str:
    return format_kurus(parse_kurus(record.amount) + 1)


def _without_zeros(record: Record) -> str:
    return record.entrynumber.lstrip("0")


def _unnumbered(plan: Plan) -> Plan:
    return replace(plan, numbered=False)


def _moved(to: str) -> Change:
    return put_in_all(entereddate=to, postingdate=to, documentdate=lambda record: record.documentdate and to)


ENTRIES: Final = (
    EntryFault(
        "entry-unbalanced", "entry.unbalanced",
        "Bir maddede borç alacağa eşit değil.", "In one entry debit and credit are not equal.",
        put(0, amount=_one_kurus_more), at=At.ENTRY,
    ),
    EntryFault(
        "entry-of-one-line", "entry.too_few_lines",
        "Maddede tek satır var.", "An entry has one line.",
        lambda entry: [[changed(entry[0])]], at=At.ENTRY, value="1",
    ),
    EntryFault(
        "entry-by-nobody", "entered_by.too_short",
        "Maddeyi kaydeden yazılmamış.", "It is not told who entered an entry.",
        put_in_all(enteredby=""), layouts=_HEADED, at=At.HEAD,
    ),
    EntryFault(
        "entry-by-one-letter", "entered_by.too_short",
        "Kaydedenin adı tek harf.", "The name of who entered it is one letter.",
        put_in_all(enteredby="A"), layouts=_HEADED, at=At.HEAD, value="A",
    ),
    EntryFault(
        "voucher-number-empty", "entry.voucher_missing",
        "Fiş numarası yok.", "There is no voucher number.",
        put_in_all(entrynumber="", documentreference=""), layouts=frozenset({"columns25", "xml"}), at=At.ENTRY,
    ),
    EntryFault(
        "voucher-number-damaged-by-spreadsheet", "value.damaged",
        "Fiş numarasını tablolama programı 1,00E+15 yapmış.", "A spreadsheet has made 1,00E+15 of a voucher number.",
        put_in_all(entrynumber="1,00E+15", documentreference="1,00E+15"), at=At.HEAD, value="1,00E+15",
    ),
    EntryFault(
        "voucher-number-with-zeros-cut", "value.zeros_cut",
        "Tablolama programı fiş numarasının sıfırlarını silmiş.", "A spreadsheet has cut a voucher number's zeros.",
        put_in_all(entrynumber=_without_zeros, documentreference=_without_zeros), at=At.ENTRY,
    ),
    EntryFault(
        "several-vouchers-in-entry", "entry.several_vouchers",
        "Aynı maddede iki fiş numarası var.", "One entry has two voucher numbers.",
        put(1, entrynumber="99999999", documentreference="99999999"), layouts=frozenset({"columns25"}),
        value="99999999",
    ),
    EntryFault(
        "several-dates-in-entry", "entry.several_dates",
        "Aynı maddede iki tarih var.", "One entry has two dates.",
        put(1, entereddate=_by_days(-1), postingdate=_by_days(-1)), layouts=frozenset({"columns25"}),
    ),
    EntryFault(
        "several-numbers-in-entry", "entry.several_numbers",
        "Aynı maddede iki madde numarası var.", "One entry has two entry numbers.",
        put(1, linenumbercounter="9999"), layouts=_NUMBERED, value="9999",
    ),
    EntryFault(
        "entry-reference-empty", "entry.reference_missing",
        "Satırın hangi maddeye ait olduğu belli değil.", "It is not told to which entry a line belongs.",
        put(1, entryref=""), layouts=frozenset({"columns25"}),
    ),
    EntryFault(
        "records-twice", "row.repeated",
        "Bir maddenin kayıtları iki kez yazılmış.", "The records of one entry stand there twice.",
        lambda entry: [[*entry, *(changed(record) for record in entry)]], layouts=frozenset({"columns25"}),
        at=At.ENTRY,
    ),
    EntryFault(
        "entry-dropped", "counter.gap",
        "Aradan bir madde silinmiş; numarada boşluk var.", "An entry in between was dropped; its number is missing.",
        lambda _entry: [], layouts=_NUMBERED, at=At.NEXT,
    ),
    EntryFault(
        "entry-number-repeated", "entry.number_repeated",
        "İki fişin yevmiye madde numarası aynı.", "Two vouchers have the same entry number.",
        lambda entry: [entry, twin(entry)], layouts=_NUMBERED, at=At.ENTRY,
    ),
    EntryFault(
        "entry-number-empty", "counter.missing",
        "Bir maddenin numarası boş.", "One entry has no number.",
        put_in_all(entrynumbercounter="", linenumbercounter=""), layouts=_NUMBERED, at=At.ENTRY,
    ),
    EntryFault(
        "entry-number-in-words", "counter.unreadable",
        "Madde numarası rakam değil.", "An entry number is not written in digits.",
        put(1, linenumbercounter="üç"), layouts=_NUMBERED, value="üç",
    ),
    PlanFault(
        "entry-numbers-of-another-month", "counter.start",
        "Madde numaraları 501 ile başlıyor.", "Entry numbers begin with 501.",
        plan=lambda plan: replace(plan, before=500), layouts=_NUMBERED, value="501",
    ),
)  # fmt: skip

DATES: Final = (
    EntryFault(
        "date-empty", "date.missing",
        "Satırın tarihi yok.", "A line has no date.",
        put(1, postingdate=""), layouts=_POSTED,
    ),
    EntryFault(
        "date-impossible", "date.unreadable",
        "30 Şubat diye bir gün yok.", "There is no 30 February.",
        put(1, postingdate="2025-02-30"), layouts=_POSTED,
    ),
    EntryFault(
        "date-of-document-impossible", "date.unreadable",
        "Belge tarihi bir gün değil.", "The date of a document is no day.",
        put(1, documentdate="2025-02-30"), layouts=_HEADED, fits=has_document(),
    ),
    EntryFault(
        "date-differs-in-line", "date.posting_differs",
        "Satırın tarihi maddeninkinden farklı.", "A line's date is not its entry's.",
        put(1, postingdate=_by_days(-1)), layouts=_POSTED,
    ),
    EntryFault(
        "date-outside-period", "entry.date_outside_period",
        "Bir madde önceki yıldan.", "One entry is of the year before.",
        _moved("2024-12-31"), at=At.HEAD, value="2024-12-31",
    ),
    EntryFault(
        "date-before-previous-entry", "entry.order",
        "Numara sırası tarih sırasına uymuyor.", "Entry numbers do not follow the dates.",
        _moved("2025-01-01"), layouts=_NUMBERED, at=At.ENTRY,
    ),
    PlanFault(
        "month-of-the-name-wrong", "entry.date_outside_period",
        "Dosya adındaki ay kayıtların ayı değil.", "The month in the name is not that of the records.",
        plan=lambda plan: replace(plan, period=plan.period.next, days=None), at=At.HEAD,
    ),
)  # fmt: skip

DOCUMENTS: Final = (
    EntryFault(
        "document-type-unknown", "document.type_unknown",
        "Belge türü bilinmiyor.", "The type of a document is not known.",
        put(1, documenttype="fis-fatura"), layouts=_HEADED, fits=has_document(), value="fis-fatura",
    ),
    EntryFault(
        "document-type-empty", "document.type_missing",
        "Belgenin numarası var, türü yok.", "A document has a number, but no type.",
        put(1, documenttype="", doctypedesc=""), layouts=_HEADED, fits=has_document("invoice"),
    ),
    EntryFault(
        "document-number-empty", "document.number_missing",
        "Faturanın numarası yok.", "An invoice has no number.",
        put(1, documentnumber=""), layouts=_HEADED, fits=has_document("invoice"),
    ),
    EntryFault(
        "document-date-empty", "document.date_missing",
        "Faturanın tarihi yok.", "An invoice has no date.",
        put(1, documentdate=""), layouts=_HEADED, fits=has_document("invoice"),
    ),
    EntryFault(
        "document-description-empty", "document.description_missing",
        "'other' türündeki belgenin adı yok.", "A document of the type other has no name.",
        put(1, doctypedesc=""), layouts=_HEADED, fits=has_document("other"),
    ),
    EntryFault(
        "document-description-is-act", "document.description_is_act",
        "Belge adı yerine işlem adı yazılmış.", "A document is called by an act's name.",
        put(1, doctypedesc="Havale"), layouts=_HEADED, fits=has_document("other"), value="Havale",
    ),
    EntryFault(
        "document-number-damaged-by-spreadsheet", "value.damaged",
        "Belge numarasını tablolama programı 2,02E+12 yapmış.", "A spreadsheet has made 2,02E+12 of a number.",
        put(1, documentnumber="2,02E+12"), layouts=_HEADED, fits=has_document("invoice"), value="2,02E+12",
    ),
    EntryFault(
        "document-number-zero", "document.number_zero",
        "Belge numarası yalnızca sıfır.", "A document's number is nothing but zeros.",
        put_in_all(documentnumber="000000"), layouts=_HEADED, fits=has_document("invoice"), value="000000",
    ),
    EntryFault(
        "invoice-of-tomorrow", "document.date_unlikely",
        "Fatura, kaydedildiği günden sonraki bir günün.", "An invoice is of a later day than its entry.",
        put_in_all(documentdate=_by_days(3)), layouts=_HEADED, fits=has_document("invoice"),
    ),
    EntryFault(
        "document-of-last-century", "document.date_unlikely",
        "Belge on yıldan eski.", "A document is more than ten years old.",
        put_in_all(documentdate="1999-12-31"), layouts=_HEADED, fits=has_document("invoice"), value="1999-12-31",
    ),
    EntryFault(
        "invoice-booked-twice", "document.repeated",
        "Aynı fatura iki fişte kayıtlı.", "One invoice is booked in two vouchers.",
        lambda entry: [entry, twin(entry, documentnumber=lambda record: record.documentnumber)],
        layouts=_HEADED, fits=has_document("invoice"), plan=_unnumbered, times=None,
    ),
    EntryFault(
        "document-reference-differs", "document.reference_differs",
        "Belge referansı fiş numarası değil.", "A document reference is not the voucher number.",
        put(1, documentreference="12345678"), layouts=frozenset({"columns25", "xml"}), value="12345678",
    ),
    EntryFault(
        "branch-of-one-line-differs", "division.mismatch",
        "Bir satır 0001 şubesinin (mükellefte tanımlı olmalı).",
        "One line is the branch 0001's (which the tenant must have).",
        put(1, divisionno="1"), layouts=frozenset({"columns25"}), value="1",
    ),
    PlanFault(
        "records-of-a-branch", "division.mismatch",
        "Dosya merkez için; kayıtlar şubenin.", "The records are a branch's, the file is not.",
        plan=lambda plan: replace(plan, branch="0001"), layouts=frozenset({"columns25", "header-detail"}), value="1",
    ),
    PlanFault(
        "branch-unknown", "division.unknown",
        "Kayıtlardaki şube tanımlı değil.", "The records' branch is not known.",
        plan=lambda plan: replace(plan, branch="0077"), layouts=frozenset({"columns25", "header-detail"}), value="77",
    ),
)  # fmt: skip
