"""Layouts that are tables: which column tells what, and how a table becomes lines of text."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from defterhane.edefter.money import format_kurus, parse_kurus
from sandbox.exports.records import COLUMNS25, Entry, Plan, Record

MONEY: Final = frozenset({"amount", "originalamount", "debit", "credit", "total_debit", "total_credit"})
"""What is an amount, of all that a column may tell."""
DAYS: Final = frozenset({"postingdate", "documentdate", "entereddate", "exchangeratedate", "start", "end"})
"""What is a day."""

_NUMBER: Final = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: a sheet, or a file of its own."""

    key: str
    """What tells it from the others of the same export, in a file's name; empty where there is only one."""
    title: str
    """The sheet's name."""
    columns: tuple[tuple[str, str], ...]
    """Each column's name, and what it tells: a field of a record, or one of `FACTS`; empty for what never is told."""
    per_entry: bool = False
    """One row for each entry, not for each record."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a table's cells become text."""

    encoding: str = "utf-8"
    newline: str = "\n"
    nothing: str = ""
    turkish: bool = False
    """`1000,50` and `31.01.2025`; else `1000.50` and `2025-01-31`."""


def columns25(plan: Plan) -> tuple[Table, ...]:
    """The common layout; with columns for the original currency where a plan has it."""
    names: tuple[str, ...] = COLUMNS25
    if plan.foreign_currency:
        names += ("originalamount", "originalcurrency", "exchangerate", "exchangeratedate")
    return (Table("", "Sayfa1", tuple((name, name) for name in names)),)


_HEADS: Final = Table(
    "baslik",
    "Başlık",
    (
        ("Yevmiye_Madde_Numarası", "entrynumbercounter"),
        ("Fiş_Numarası", "entrynumber"),
        ("Yevmiye_Tarihi", "entereddate"),
        ("Fişi_Kaydeden", "enteredby"),
        ("Kayıt_Açıklaması", "entrycomment"),
        ("Toplam_Borç", "total_debit"),
        ("Toplam_Alacak", "total_credit"),
        ("Firma_No", "erpno"),
        ("Şube_No", "divisionno"),
        ("Kaynak_Referansı", "entryref"),
    ),
    per_entry=True,
)
_DETAILS: Final = Table(
    "detay",
    "Detay",
    (
        ("Satır_Madde_No", "linenumbercounter"),
        ("Fiş_Numarası", "entrynumber"),
        ("Ana_Hesap_Kodu", "accmainid"),
        ("Ana_Hesap_Açıklaması", "accmainiddesc"),
        ("Alt_Hesap_Kodu", "accsubid"),
        ("Alt_Hesap_Açıklaması", "accsubdesc"),
        ("Borç", "debit"),
        ("Alacak", "credit"),
        ("Fiş_Satır_No", "position"),
        ("Doküman_No", "documentnumber"),
        ("Doküman_Tipi", "documenttype"),
        ("Doküman_Tipi_Açıklaması", "doctypedesc"),
        ("Doküman_Tarihi", "documentdate"),
        ("Ödeme_Yöntemi", "paymentmethod"),
        ("Fiş_Detay_Açıklaması", "detailcomment"),
        ("Firma_No", "erpno"),
        ("Şube_No", "divisionno"),
        ("Kaynak_Referansı", "entryref"),
    ),
)


def header_detail(plan: Plan) -> tuple[Table, ...]:
    """Two tables, of vouchers and of their lines."""
    del plan
    return _HEADS, _DETAILS


_COLUMNS23: Final = Table(
    "",
    "Sayfa1",
    (
        ("StartDate", "start"),
        ("EndDate", "end"),
        ("EntryHeader.EnteredBy", "enteredby"),
        ("EntryHeader.EnteredDate", "entereddate"),
        ("EntryHeader.EntryNumber", "entrynumber"),
        ("EntryHeader.EntryComment", "entrycomment"),
        ("EntryHeader.BatchID", ""),
        ("EntryHeader.BatchDescription", ""),
        ("EntryHeader.TotalDebit", "total_debit"),
        ("EntryHeader.TotalCredit", "total_credit"),
        ("EntryHeader.DocumentType", "documenttype"),
        ("EntryHeader.DocumentTypeDescription", "doctypedesc"),
        ("EntryHeader.DocumentNumber", "documentnumber"),
        ("EntryHeader.DocumentDate", "documentdate"),
        ("EntryHeader.PaymentMethod", "paymentmethod"),
        ("EntryHeader.EntryDetail.Account.AccountMainID", "accmainid"),
        ("EntryHeader.EntryDetail.Account.AccountMainDescription", "accmainiddesc"),
        ("EntryHeader.EntryDetail.Account.AccountSubDescription", "accsubdesc"),
        ("EntryHeader.EntryDetail.Account.AccountSubID", "accsubid"),
        ("EntryHeader.EntryDetail.Amount", "amount"),
        ("EntryHeader.EntryDetail.DebitCreditCode", "debitcreditcode"),
        ("EntryHeader.EntryDetail.PostingDate", "postingdate"),
        ("EntryHeader.EntryDetail.DetailComment", "detailcomment"),
    ),
)


def columns23(plan: Plan) -> tuple[Table, ...]:
    """One table without any numbers; what concerns the whole entry stands on each of its lines."""
    del plan
    return (_COLUMNS23,)


def totals(entry: Entry) -> tuple[str, str]:
    """Debit and credit of an entry, as it claims them: the sums of all amounts that are amounts."""
    if entry[0].totals is not None:
        return entry[0].totals
    debit, credit = (format_kurus(sum(_kurus(on_side(record, side)) for record in entry)) for side in "DC")
    return debit, credit


def on_side(record: Record, side: str) -> str:
    """The amount that a record has on one side, debit (D) or credit (C); empty where it has none there."""
    if record.debitcreditcode == "D+C":
        return record.amount.split("/")["DC".index(side)]
    return record.amount if record.debitcreditcode == side else ""


FACTS: Final[dict[str, Callable[[Plan, Entry, Record], str]]] = {
    "debit": lambda _plan, _entry, record: on_side(record, "D"),
    "credit": lambda _plan, _entry, record: on_side(record, "C"),
    "total_debit": lambda _plan, entry, _record: totals(entry)[0],
    "total_credit": lambda _plan, entry, _record: totals(entry)[1],
    "position": lambda _plan, entry, record: str(entry.index(record) + 1),
    "start": lambda plan, _entry, _record: plan.span.start.isoformat(),
    "end": lambda plan, _entry, _record: plan.span.end.isoformat(),
    "": lambda _plan, _entry, _record: "",
}
"""What a column may tell beside the fields of a record."""


def rows(table: Table, plan: Plan, entries: Iterable[Entry]) -> Iterator[tuple[Record, Sequence[str]]]:
    """A table's rows, each with the record that it tells first."""
    tells = [what for _, what in table.columns]
    facts = [(FACTS.get(what), what) for what in tells]
    # Where fields alone are told, all are picked at once: most exports are such, and large ones are.
    fields: Callable[[Record], Sequence[str]] | None = None if any(fact for fact, _ in facts) else attrgetter(*tells)
    for entry in entries:
        for record in entry[:1] if table.per_entry else entry:
            if record.only and record.only != table.key:
                continue
            if fields is not None:
                yield record, fields(record)
            else:
                yield record, [fact(plan, entry, record) if fact else getattr(record, what) for fact, what in facts]


def csv_lines(table: Table, style: Style, file: str, plan: Plan, entries: Iterable[Entry]) -> Iterator[str]:
    """A table's lines of text, each with its end; tells each record where it stands."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator=style.newline)
    write: Callable[[Iterable[str]], str] = writer.writerow  # what `_Echo` gives back
    yield write([name for name, _ in table.columns])
    shapes = [_shape(what, style) for _, what in table.columns]
    line = 1
    for record, cells in rows(table, plan, entries):
        line += 1
        record.file, record.line = file, line
        text = write([shape(cell) if shape else cell for shape, cell in zip(shapes, cells, strict=True)])
        yield text if record.spoil is None else record.spoil(text)


class _Echo:
    """A file for `csv.writer` that gives back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        """The text."""
        return text


def _shape(what: str, style: Style) -> Callable[[str], str] | None:
    """What makes a cell's text; None = it stays as it is."""
    if style.turkish and what in MONEY:
        return turkish_amount
    if style.turkish and what in DAYS:
        return turkish_day
    return (lambda text: text or style.nothing) if style.nothing else None


def turkish_amount(text: str) -> str:
    """`1000.50` as `1000,50`; what is no such number as it is."""
    return text.replace(".", ",") if _NUMBER.fullmatch(text) else text


def turkish_day(text: str) -> str:
    """`2025-01-31` as `31.01.2025`; what is no such day as it is."""
    parts = text.split("-")
    return ".".join(reversed(parts)) if len(parts) == 3 else text


def _kurus(text: str) -> int:
    try:
        return parse_kurus(text)
    except ValueError:
        return 0
