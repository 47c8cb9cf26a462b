"""What must hold between the books, the berats and the report of a month, however it was cut into parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import parse_kurus
from defterhane.edefter.names import DocumentName
from defterhane.edefter.vocabulary import NO_TAX_DETAIL, TAX_ACCOUNTS
from support.books import BUS, COR, Header, headers

Sums = dict[tuple[str, str], int]
"""(main account, side) → kuruş."""


def check_agreement(paths: Iterable[Path]) -> None:
    """Hold the documents of one drop against each other; their names say what they are."""
    parts: dict[str, dict[DocumentKind, Path]] = defaultdict(dict)
    report = None
    for path in paths:
        name = DocumentName.parse(path.name)
        if name.kind is DocumentKind.REPORT:
            report = path
        else:
            parts[name.part][name.kind] = path
    in_order = [parts[number] for number in sorted(parts)]
    journals = [headers(part[DocumentKind.JOURNAL].read_bytes()) for part in in_order]
    ledgers = [headers(part[DocumentKind.LEDGER].read_bytes()) for part in in_order]
    check_counters([header for journal in journals for header in journal])
    for part, journal, ledger in zip(in_order, journals, ledgers, strict=True):
        check_balance(journal)
        check_ledger(ledger)
        assert lines_of(journal) == lines_of(ledger)
        for berat in (DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT):
            _check_berat(part[berat], sums_of(journal), len(journal) if berat is DocumentKind.JOURNAL_BERAT else None)
    _check_days(in_order)
    if report is not None:
        _check_report(report, [header for journal in journals for header in journal])


def lines_of(book: Sequence[Header]) -> list[tuple[int, int, str]]:
    """All lines of a book by lineNumber: (number, entry's number, the line's XML without its context's name)."""
    return sorted((detail.number, detail.counter, detail.xml) for header in book for detail in header.details)


def sums_of(book: Sequence[Header]) -> Sums:
    """A book's sums by main account and side."""
    sums: Sums = defaultdict(int)
    for header in book:
        for detail in header.details:
            sums[detail.main, detail.side] += parse_kurus(detail.amount)
    return sums


def check_counters(journal: Sequence[Header]) -> None:
    """Counters of entries and lines go on by one; dates never fall; each line tells its entry's number."""
    for before, after in pairwise(journal):
        assert after.counter == (before.counter or 0) + 1
        assert (after.date or "") >= (before.date or "")
    numbers = [detail.number for header in journal for detail in header.details]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    assert all(detail.counter == header.counter for header in journal for detail in header.details)


def check_balance(journal: Sequence[Header]) -> None:
    """Σ debit = Σ credit in every entry, and as its head says."""
    for header in journal:
        sides = {"D": 0, "C": 0}
        for detail in header.details:
            sides[detail.side] += parse_kurus(detail.amount)
        assert sides["D"] == sides["C"] == parse_kurus(header.debit) == parse_kurus(header.credit)


def check_ledger(ledger: Sequence[Header]) -> None:
    """One header per account in order, lines in journal order, the balance on one side (rules K077-K082)."""
    accounts = [(header.details[0].main, header.details[0].sub or "") for header in ledger]
    assert accounts == sorted(set(accounts))
    for header, account in zip(ledger, accounts, strict=True):
        assert {(detail.main, detail.sub or "") for detail in header.details} == {account}
        assert [detail.number for detail in header.details] == sorted(detail.number for detail in header.details)
        debit, credit = parse_kurus(header.debit), parse_kurus(header.credit)
        signed = sum(parse_kurus(line.amount) * (1 if line.side == "D" else -1) for line in header.details)
        assert debit - credit == signed
        assert 0 in (debit, credit)


def _check_berat(path: Path, sums: Sums, entries: int | None) -> None:
    root = etree.fromstring(path.read_bytes())
    told = root.findtext(f".//{BUS}numberOfEntries")
    assert told == (str(entries) if entries is not None else None)
    details = list(root.iter(f"{COR}entryDetail"))
    if root.findtext(f".//{COR}identifierAuthorityCode") == NO_TAX_DETAIL:
        assert not details
        return
    assert [_account_of(detail)[0] for detail in details] == [main for main in TAX_ACCOUNTS for _ in "DC"]
    for detail in details:
        assert _amount(detail) == sums.get(_account_of(detail), 0)


def _check_report(path: Path, journal: Sequence[Header]) -> None:
    details = list(etree.fromstring(path.read_bytes()).iter(f"{COR}entryDetail"))
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for header in journal:
        for line in header.details:
            counts[line.main, line.side] += 1
    sums = sums_of(journal)
    mains = sorted({main for main, _ in sums})
    assert [_account_of(detail) for detail in details] == [(main, side) for main in mains for side in "DC"]
    for detail in details:
        account = _account_of(detail)
        assert _amount(detail) == sums.get(account, 0)
        assert detail.findtext(f"{COR}documentApplyToNumber") == str(counts.get(account, 0))


def _check_days(parts: Sequence[dict[DocumentKind, Path]]) -> None:
    """Each part begins the day after the one before has ended, or on the same day; entries lie within."""
    spans = []
    for part in parts:
        told = {_days(path) for path in part.values()}
        assert len(told) == 1
        start, end = told.pop()
        days = [header.date or "" for header in headers(part[DocumentKind.JOURNAL].read_bytes())]
        assert all(start <= day <= end for day in days)
        spans.append((start, end))
    for (_, end), (start, _) in pairwise(spans):
        assert start == end or int(start[-2:]) == int(end[-2:]) + 1


def _days(path: Path) -> tuple[str, str]:
    root = etree.fromstring(path.read_bytes())
    info = f"{COR}periodCovered"
    return root.findtext(f".//{info}Start") or "", root.findtext(f".//{info}End") or ""


def _account_of(detail: etree._Element) -> tuple[str, str]:
    return detail.findtext(f".//{COR}accountMainID") or "", detail.findtext(f"{COR}debitCreditCode") or ""


def _amount(detail: etree._Element) -> int:
    return parse_kurus(detail.findtext(f"{COR}amount") or "")
