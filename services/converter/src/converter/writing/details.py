"""Entries and lines (entryHeader of the journal, entryDetail) as journal and ledger both hold them.

They are rendered once, to UTF-8, with `CONTEXT` in the place of the context's name: with that alone the bytes of a line
differ between the two books.
"""

from collections.abc import Iterator
from typing import Final

from converter.bookorder import Account, BookOrder, JournalEntry, StoredLine
from converter.kept import Kept
from converter.writing.canonical import escape
from converter.writing.items import Items, measure_of
from defterhane.edefter.money import format_kurus
from defterhane.edefter.vocabulary import BOOK_CURRENCY

CONTEXT: Final = b"\x01"
"""Stands for the context's name: a character that no text of a document can hold."""

ENTRY_END: Final = b"</gl-cor:entryHeader>\n"

_KNOWN: Final = 10_000
"""Accounts, and kinds of documents, whose fragments are kept."""
_ORIGINAL: Final = 3
"""The index of `StoredLine.original`; texts follow it."""


def _template(name: str) -> bytes:
    return f'<{name} contextRef="\x01">%b</{name}>\n'.encode()


_TYPE: Final = _template("gl-cor:documentType")
_DESCRIPTION: Final = _template("gl-cor:documentTypeDescription")
_NUMBER: Final = _template("gl-cor:documentNumber")
_REFERENCE: Final = _template("gl-cor:documentReference")
_DATE: Final = _template("gl-cor:documentDate")
_PAYMENT: Final = _template("gl-bus:paymentMethod")
_COMMENT: Final = _template("gl-cor:detailComment")


class Renderer:
    """Renders the entries of one drop."""

    def __init__(self, order: BookOrder, currency: str) -> None:
        self._order = order
        self._items = items = Items(CONTEXT.decode(), currency)
        self._accounts: Kept[int, tuple[int, bytes]] = Kept(_KNOWN)
        self._kinds: Kept[tuple[bytes, bytes | None], bytes] = Kept(_KNOWN)
        self._sides: dict[str, tuple[bytes, bytes]] = {}
        self._last: tuple[object, ...] = ()
        self._document = b""
        self._head = (
            "<gl-cor:entryHeader>\n"
            + "".join(
                items.text(name, "%s")
                for name in ("gl-cor:enteredBy", "gl-cor:enteredDate", "gl-cor:entryNumber", "gl-cor:entryComment")
            )
            + "%s"  # the batch
            + "".join(
                items.money(name, 0).replace("0.00", "%s") for name in ("gl-bus:totalDebit", "gl-bus:totalCredit")
            )
            + items.count("gl-cor:entryNumberCounter", "%d")
        )
        start, end = items.money("gl-cor:amount", 0).split("0.00")
        own = items.text("gl-muc:amountCurrency", measure_of(currency)) if currency != BOOK_CURRENCY else ""
        self._amount = start.encode()
        self._line = (
            "<gl-cor:entryDetail>\n"
            + items.text("gl-cor:lineNumber", "%d")
            + items.count("gl-cor:lineNumberCounter", "%d")
            + "%b%d.%02d"  # the account and the amount's start tag; the amount
            + (end + own)
            + "%b%b%b"  # original amount; side and day; document
        ).encode()

    def head(self, entry: JournalEntry, counter: int) -> bytes:
        """What stands before an entry's lines; its debit equals its credit."""
        stored, items = entry.stored, self._items
        batch = items.text("gl-bus:batchID", stored.batch_id) if stored.batch_id else ""
        if stored.batch_description:
            batch += items.text("gl-bus:batchDescription", stored.batch_description)
        total = format_kurus(entry.debit)
        told = self._head % (
            escape(stored.entered_by),
            stored.day,
            escape(stored.voucher),
            escape(stored.comment),
            batch,
            total,
            total,
            counter,
        )
        return told.encode()

    def lines(
        self, entry: JournalEntry, counter: int, number: int, rows: Iterator[StoredLine]
    ) -> Iterator[tuple[int, bytes, StoredLine]]:
        """An entry's lines: each with its account's place in the ledger, its bytes, and the row that it is made of.

        `counter` is the entry's number, `number` its first line's; `rows` hold at least the entry's lines.
        """
        template, accounts, sides = self._line, self._accounts, self._sides_of(entry.stored.day)
        for line_number, row in zip(range(number, number + entry.lines), rows, strict=False):
            rank, account = accounts.get(row[0]) or self._account(row[0])
            texts = row[4:]
            if texts != self._last:  # the lines of an entry mostly speak of one document
                self._document, self._last = self._render_document(row), texts
            amount, original = row[1], row[_ORIGINAL]
            exchanged = b"" if original is None else self._render_original(original)
            line = template % (
                line_number,
                counter,
                account,
                amount // 100,
                amount % 100,
                exchanged,
                sides[row[2]],
                self._document,
            )
            yield rank, line, row

    def _sides_of(self, day: str) -> tuple[bytes, bytes]:
        """What tells credit and debit, with the day."""
        found = self._sides.get(day)
        if found is None:
            items = self._items
            posted = items.text("gl-cor:postingDate", day)
            credit, debit = ((items.text("gl-cor:debitCreditCode", side) + posted).encode() for side in "CD")
            found = self._sides[day] = credit, debit
        return found

    def _account(self, number: int) -> tuple[int, bytes]:
        account = self._order.account(number)
        told = self._render_account(account).encode() + self._amount
        return self._accounts.keep(number, (account.rank, told), len(told))

    def _render_account(self, account: Account) -> str:
        items = self._items
        sub = (
            "<gl-cor:accountSub>\n"
            + items.text("gl-cor:accountSubDescription", account.sub_description)
            + items.text("gl-cor:accountSubID", account.sub)
            + "</gl-cor:accountSub>\n"
        )
        return (
            "<gl-cor:account>\n"
            + items.text("gl-cor:accountMainID", account.main)
            + items.text("gl-cor:accountMainDescription", account.main_description)
            + (sub if account.sub else "")
            + "</gl-cor:account>\n"
        )

    def _render_document(self, row: StoredLine) -> bytes:
        """Everything after postingDate."""
        _, _, _, _, kind, description, number, reference, day, payment, comment = row
        told = b""
        if kind:
            told = self._kinds.get((kind, description)) or self._kind(kind, description)
            if number:
                told += _NUMBER % _escape(number)
        if reference:
            told += _REFERENCE % _escape(reference)
        if day:
            told += _DATE % day
        if payment:
            told += _PAYMENT % _escape(payment)
        if comment:
            told += _COMMENT % _escape(comment)
        return told + b"</gl-cor:entryDetail>\n"

    def _kind(self, kind: bytes, description: bytes | None) -> bytes:
        told = _TYPE % _escape(kind)
        if description:
            told += _DESCRIPTION % _escape(description)
        return self._kinds.keep((kind, description), told, len(told))

    def _render_original(self, original: str) -> bytes:
        """The amount in the original currency (rules Y099-Y101); its number has no unit but its currency's name."""
        amount, currency, rate, day = original.split("\x1f")
        items = self._items
        return (
            items.text("gl-muc:amountOriginalExchangeRateDate", day)
            + items.count("gl-muc:amountOriginalAmount", amount)
            + items.text("gl-muc:amountOriginalCurrency", measure_of(currency))
            + items.count("gl-muc:amountOriginalExchangeRate", rate)
        ).encode()


def _escape(value: bytes) -> bytes:
    if b"&" in value or b"<" in value or b">" in value or b"\r" in value:
        return escape(value.decode()).encode()
    return value
