"""What one document says, held against what it was made of or together with: journal and ledger of a part, a berat and
its signed book, a report and its month's books. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import mebibytes
from defterhane.edefter.vocabulary import BOOK_CURRENCY, TAX_ACCOUNTS
from defterhane.findings import Finding
from defterhane.texts import Text
from validator.agreement_findings import Days, Kurus, made
from validator.agreement_parts import sequence_of
from validator.agreement_words import CREDIT, DEBIT, MONTHS_BOOKS, branch_text
from validator.summary import AccountSum, Summary

TOLD: Final = 20
"""So many totals and counts that differ are told one by one for two documents; the rest only counted."""

_QUANTITY: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2})0*)?")
_SIGNATURE: Final = 24
"""So many characters of a signature's value are shown."""
_MAIN: Final = "gl-cor:account/gl-cor:accountMainID"

Sums = Mapping[str, AccountSum]


def hold_ledger(ledger: Summary, journal: Summary) -> Iterator[Finding]:
    """A ledger against the journal of its part: the same lines, told another way."""
    yield from _frames(ledger, journal)
    yield from _numbers_of_ids(ledger, journal)
    differs = list(_lines(ledger, journal))
    if ledger.accounts is not None and journal.accounts is not None:
        differs += accounts_differ(ledger, journal, ledger.accounts, journal.accounts, counts=True)
    yield from differs
    digests = ledger.lines_digest, journal.lines_digest
    if not differs and None not in digests and digests[0] != digests[1]:
        yield made("agreement.line_contents", ledger, journal)


def balanced(book: Summary) -> Iterator[Finding]:
    """Debits and credits of a book: no entry is ever cut, so that every part balances."""
    if book.accounts is None:
        return
    debit = sum(account.debit for account in book.accounts.values())
    credit = sum(account.credit for account in book.accounts.values())
    if debit != credit:
        yield made("agreement.balance", book, found=Kurus(debit), expected=Kurus(credit), where="gl-cor:amount")


def hold_berat(berat: Summary, book: Summary) -> Iterator[Finding]:
    """A berat against the journal or ledger that it was made of. Size and signature are held against a signed one."""
    yield from _frames(berat, book)
    if berat.unique_id != book.unique_id:
        yield _id_differs(berat, book, book.unique_id)
    if berat.created != book.created:
        where = "gl-cor:documentInfo/gl-cor:creationDate"
        dates = Days(berat.created), Days(book.created)
        yield made("agreement.created", berat, book, found=dates[0], expected=dates[1], where=where, warning=True)
    if berat.kind is DocumentKind.JOURNAL_BERAT and berat.told_entries not in (None, book.entries):
        found = berat.told_entries or 0
        where = "gl-bus:numberOfEntries"
        yield made("agreement.entries", berat, book, found=found, expected=book.entries, where=where)
    if not berat.no_tax_detail and berat.accounts is not None and book.accounts is not None:
        taxes = {main: book.accounts.get(main, AccountSum()) for main in TAX_ACCOUNTS}
        told = {main: berat.accounts.get(main, AccountSum()) for main in TAX_ACCOUNTS}
        yield from accounts_differ(berat, book, told, taxes, counts=False)
    if book.signature_value is None:
        yield made("agreement.unsigned", berat, book, warning=True)
        return
    size = mebibytes(book.size)
    if berat.told_size is not None and _hundredths(berat.told_size) != _hundredths(size):
        where = "gl-bus:measurable/gl-bus:measurableQuantity"
        yield made("agreement.size", berat, book, found=berat.told_size, expected=size, where=where)
    if berat.bare_signature_value is not None and berat.bare_signature_value != book.signature_value:
        values = _beginning(berat.bare_signature_value), _beginning(book.signature_value)
        where = "ds:SignatureValue"
        yield made("agreement.signature_value", berat, book, found=values[0], expected=values[1], where=where)


def hold_report(report: Summary, books: Sequence[Summary]) -> Iterator[Finding]:
    """A report against the books of all parts of its month, in their order."""
    first, last = books[0], books[-1]
    yield from _frames(report, first, days=False)
    if (report.start, report.end) != (first.start, last.end):
        other = first if len(books) == 1 else MONTHS_BOOKS
        yield _days_differ(report, other, Days(first.start, last.end))
    if report.unique_id[3:9] != first.unique_id[3:9]:
        wanted = f"{report.kind.traits.unique_id_prefix}{first.unique_id[3:9]}{report.unique_id[9:]}"
        yield _id_differs(report, first, wanted)
    sums = [book.accounts for book in books if book.accounts is not None]
    if report.accounts is not None and len(sums) == len(books):
        other = first if len(books) == 1 else MONTHS_BOOKS
        yield from accounts_differ(report, other, report.accounts, added(sums), counts=True)


def accounts_differ(about: Summary, other: Summary | Text, found: Sums, wanted: Sums, *, counts: bool) -> list[Finding]:
    """Totals by main account and side that are not those wanted, and with `counts` numbers of lines."""
    findings: list[Finding] = []
    beyond = 0
    nothing = AccountSum()
    for main in sorted(found.keys() | wanted.keys()):
        ours, theirs = found.get(main, nothing), wanted.get(main, nothing)
        for side, total, lines in (
            (DEBIT, (ours.debit, theirs.debit), (ours.debit_lines, theirs.debit_lines)),
            (CREDIT, (ours.credit, theirs.credit), (ours.credit_lines, theirs.credit_lines)),
        ):
            totals_differ, lines_differ = total[0] != total[1], counts and lines[0] != lines[1]
            if len(findings) >= TOLD:
                beyond += totals_differ + lines_differ
                continue
            if totals_differ:
                amounts = Kurus(total[0]), Kurus(total[1])
                findings.append(_of_account("agreement.account_total", about, other, main, side, amounts))
            if lines_differ:
                findings.append(_of_account("agreement.account_lines", about, other, main, side, lines))
    if beyond:
        findings.append(made("agreement.more_accounts", about, other, found=beyond, where=_MAIN))
    return findings


def added(sums: Sequence[Sums]) -> dict[str, AccountSum]:
    """The sums of several books together."""
    total: dict[str, list[int]] = {}
    for one in sums:
        for main, account in one.items():
            parts = total.setdefault(main, [0, 0, 0, 0])
            parts[0] += account.debit
            parts[1] += account.credit
            parts[2] += account.debit_lines
            parts[3] += account.credit_lines
    return {main: AccountSum(*parts) for main, parts in total.items()}


def _of_account(
    rule: str,
    about: Summary,
    other: Summary | Text,
    main: str,
    side: Text,
    values: tuple[Kurus, Kurus] | tuple[int, int],
) -> Finding:
    return made(rule, about, other, found=values[0], expected=values[1], where=_MAIN, account=main, side=side)


def _frames(about: Summary, other: Summary, *, days: bool = True) -> Iterator[Finding]:
    """What all documents of a part say alike."""
    if days and (about.start, about.end) != (other.start, other.end):
        yield _days_differ(about, other, Days(other.start, other.end))
    for rule, where, found, expected in (
        ("agreement.tax_id", "xbrli:identifier", about.tax_id, other.tax_id),
        (
            "agreement.fiscal_year",
            "gl-bus:fiscalYearStart",
            Days(about.year_start, about.year_end),
            Days(other.year_start, other.year_end),
        ),
    ):
        if found != expected:
            yield made(rule, about, other, found=found, expected=expected, where=where)
    if (about.branch or None) != (other.branch or None):
        branches = branch_text(about.branch), branch_text(other.branch)
        where = "gl-bus:organizationIdentifiers"
        yield made("agreement.branch", about, other, found=branches[0], expected=branches[1], where=where)
    currencies = about.currency or BOOK_CURRENCY, other.currency or BOOK_CURRENCY
    if currencies[0] != currencies[1]:
        where = "gl-muc:defaultCurrency"
        yield made("agreement.currency", about, other, found=currencies[0], expected=currencies[1], where=where)


def _numbers_of_ids(ledger: Summary, journal: Summary) -> Iterator[Finding]:
    if ledger.unique_id[3:9] != journal.unique_id[3:9]:
        prefix = ledger.kind.traits.unique_id_prefix
        yield _id_differs(ledger, journal, f"{prefix}{journal.unique_id[3:9]}{ledger.unique_id[9:]}")
    numbers = sequence_of(ledger), sequence_of(journal)
    if None not in numbers and numbers[0] != numbers[1]:
        yield made(
            "agreement.unique_id_number",
            ledger,
            journal,
            found=ledger.unique_id,
            expected=journal.unique_id,
            where="gl-cor:documentInfo/gl-cor:uniqueID",
            warning=True,
        )


def _lines(ledger: Summary, journal: Summary) -> Iterator[Finding]:
    if ledger.lines != journal.lines:
        where = "gl-cor:entryDetail"
        yield made("agreement.lines", ledger, journal, found=ledger.lines, expected=journal.lines, where=where)
    found, expected = (ledger.first_line, ledger.last_line), (journal.first_line, journal.last_line)
    if found != expected and None not in (*found, *expected):
        pair = f"{found[0]} – {found[1]}", f"{expected[0]} – {expected[1]}"
        where = "gl-cor:lineNumber"
        yield made("agreement.line_numbers", ledger, journal, found=pair[0], expected=pair[1], where=where)


def _days_differ(about: Summary, other: Summary | Text, expected: Days) -> Finding:
    found = Days(about.start, about.end)
    where = "gl-cor:periodCoveredStart"
    return made("agreement.days", about, other, found=found, expected=expected, where=where)


def _id_differs(about: Summary, other: Summary, expected: str) -> Finding:
    where = "gl-cor:documentInfo/gl-cor:uniqueID"
    return made("agreement.unique_id", about, other, found=about.unique_id, expected=expected, where=where)


def _beginning(signature: str) -> str:
    return signature if len(signature) <= _SIGNATURE else f"{signature[:_SIGNATURE]}…"


def _hundredths(text: str) -> int | None:
    match = _QUANTITY.fullmatch(text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
