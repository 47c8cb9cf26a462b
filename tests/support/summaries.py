"""Summaries of a firm's documents that agree with each other, made from made-up entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from defterhane.edefter.counters import Counters, unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import mebibytes
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.period import FiscalYear, Period
from defterhane.edefter.taxid import tax_id
from defterhane.edefter.vocabulary import TAX_ACCOUNTS
from support.events import FIRM
from validator.summary import AccountSum, Summary

Y, K = DocumentKind.JOURNAL, DocumentKind.LEDGER
YB, KB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
Entry = Sequence[tuple[str, int]]
"""Lines: main account, and kuruş (below nought: credit)."""
SALE: Entry = (("120", 12_000), ("600", -10_000), ("391", -2_000))
PURCHASE: Entry = (("153", 5_000), ("191", 1_000), ("320", -6_000))


@dataclass(frozen=True)
class Planned:
    """One part: its last day (None = the month's), and its entries."""

    end: int | None = None
    entries: Sequence[Entry] = (SALE, PURCHASE)
    start: int | None = None
    """Where it does not begin the day after the part before."""


@dataclass
class Year:
    """The documents of a fiscal year, month by month as they are added."""

    first: Period = field(default_factory=lambda: Period(2025, 1))
    branch: str | None = None
    numbers: Counters = field(default_factory=Counters)
    documents: list[Summary] = field(default_factory=list)
    tax_detail: bool = True

    def month(self, period: Period, *parts: Planned) -> "Year":
        """Add a month of these parts."""
        parts = parts or (Planned(),)
        books: list[Summary] = []
        end = period.first - timedelta(days=1)
        for number, planned in enumerate(parts, 1):
            start = period.first.replace(day=planned.start) if planned.start else end + timedelta(days=1)
            end = period.first.replace(day=planned.end) if planned.end else period.last
            part = WHOLE if len(parts) == 1 and planned.end is None else f"{number:06}"
            books.append(self._part(period, part, (start, end), planned.entries))
        self.numbers = self.numbers.after_report()
        report = self._frame(DR, period, WHOLE, (period.first, period.last), self.numbers.report)
        self.documents.append(replace(report, accounts=added(book.accounts or {} for book in books)))
        return self

    def _part(self, period: Period, part: str, days: tuple[date, date], entries: Sequence[Entry]) -> Summary:
        before, lines = self.numbers, sum(map(len, entries))
        self.numbers = before.after_part(len(entries), lines)
        accounts = summed(entries)
        book = {
            "lines": lines,
            "accounts": accounts,
            "lines_digest": hash((before.line, tuple(map(tuple, entries)))) % 2**64,
            "first_line": before.line + 1 if lines else None,
            "last_line": self.numbers.line if lines else None,
        }
        made = []
        for kind, number in ((Y, self.numbers.journal), (K, self.numbers.ledger)):
            one = replace(self._frame(kind, period, part, days, number), **book)
            one = replace(one, signature_value=f"SIGN{kind}{one.unique_id}", size=1_832_463 + lines)
            if kind is Y:
                entry = (before.entry + 1, self.numbers.entry) if entries else (None, None)
                one = replace(one, entries=len(entries), first_entry=entry[0], last_entry=entry[1])
            else:
                one = replace(one, entries=len(accounts))
            made.append(one)
            berat = self._frame(YB if kind is Y else KB, period, part, days, number)
            told = {main: accounts.get(main, AccountSum()) for main in TAX_ACCOUNTS} if self.tax_detail else {}
            self.documents += [
                one,
                replace(
                    berat,
                    accounts=told,
                    no_tax_detail=not self.tax_detail,
                    signature_value=f"SIGN{berat.kind}{one.unique_id}",
                    bare_signature_value=one.signature_value,
                    told_entries=len(entries) if kind is Y else None,
                    told_size=mebibytes(one.size),
                ),
            ]
        return made[0]

    def _frame(self, kind: DocumentKind, period: Period, part: str, days: tuple[date, date], number: int) -> Summary:
        year = FiscalYear.containing(period, self.first.month)
        return Summary(
            kind=kind,
            name=DocumentName(tax_id(FIRM), period, kind, part, self.branch).file("xml"),
            size=1000,
            sha256=f"{kind}{period}{part}",
            tax_id=FIRM,
            branch=self.branch,
            start=days[0].isoformat(),
            end=days[1].isoformat(),
            created=(period.last + timedelta(days=1)).isoformat(),
            unique_id=unique_id(kind, period, number),
            year_start=year.start.isoformat(),
            year_end=year.end.isoformat(),
            currency=None,
            entries=1,
            lines=10,
            accounts={},
            lines_digest=None,
        )


def summed(entries: Iterable[Entry]) -> dict[str, AccountSum]:
    """The sums of entries by main account."""
    return added(
        {main: AccountSum(kurus, 0, 1, 0) if kurus > 0 else AccountSum(0, -kurus, 0, 1)}
        for entry in entries
        for main, kurus in entry
    )


def added(sums: Iterable[dict[str, AccountSum] | object]) -> dict[str, AccountSum]:
    """Sums together."""
    total: dict[str, AccountSum] = {}
    for one in sums:
        assert isinstance(one, dict)
        for main, account in one.items():
            so_far = total.get(main, AccountSum())
            total[main] = AccountSum(
                so_far.debit + account.debit,
                so_far.credit + account.credit,
                so_far.debit_lines + account.debit_lines,
                so_far.credit_lines + account.credit_lines,
            )
    return total
