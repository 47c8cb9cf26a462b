"""Entries and lines (entryHeader of the journal, entryDetail) as journal and ledger both hold them.

They are rendered once, to UTF-8, with `CONTEXT` in the place of the context's name: with that alone the bytes of a line
differ between the two books.
"""

from collections.abc import Iterator
from typing import Final

from converter.bookorder import Account, BookOrder, JournalEntry, StoredLine
from converter.writing.canonical import escape
from converter.writing.items import Items, measure_of
from defterhane.edefter.vocabulary import BOOK_CURRENCY

CONTEXT: Final = b"\x01"
"""Stands for the context's name: a character that no text of a document can hold."""

ENTRY_END: Final = b"</gl-cor:entryHeader>\n"

_KNOWN: Final = 10_000
"""Accounts, and kinds of documents, whose fragments are kept."""
_LINE: Final = b"%b%d%b%b%d.%02d%b%b%b"
_ITEM: Final = ' contextRef="\x01">'
_ORIGINAL: Final = 3
"""The index of `StoredLine.original`; texts follow it."""


class Renderer:
    """Renders the entries of one drop."""

    def __init__(self, order: BookOrder, currency: str) -> None:
        self._order = order
        self._items = items = Items(CONTEXT.decode(), currency)
        self._accounts: dict[int, tuple[int, bytes]] = {}
        self._kinds: dict[tuple[bytes | None, bytes | None], bytes] = {}
        self._last: tuple[object, ...] = ()
        self._document = b""
        own = items.text("gl-muc:amountCurrency", measure_of(currency)) if currency != BOOK_CURRENCY else ""
        start, end = items.money("gl-cor:amount", 0).split("0.00")
        self._amount = start.encode()
        self._after_amount = (end + own).encode()

    def head(self, entry: JournalEntry, counter: int) -> bytes:
        """What stands before an entry's lines."""
        stored, items = entry.stored, self._items
        batch = items.text("gl-bus:batchID", stored.batch_id) if stored.batch_id else ""
        if stored.batch_description:
            batch += items.text("gl-bus:batchDescription", stored.batch_description)
        return (
            "<gl-cor:entryHeader>\n"
            + items.text("gl-cor:enteredBy", stored.entered_by)
            + items.text("gl-cor:enteredDate", stored.day)
            + items.text("gl-cor:entryNumber", stored.voucher)
            + items.text("gl-cor:entryComment", stored.comment)
            + batch
            + items.money("gl-bus:totalDebit", entry.debit)
            + items.money("gl-bus:totalCredit", entry.credit)
            + items.count("gl-cor:entryNumberCounter", counter)
        ).encode()

    def lines(
        self, entry: JournalEntry, counter: int, number: int, rows: Iterator[StoredLine]
    ) -> Iterator[tuple[int, bytes, StoredLine]]:
        """An entry's lines: each with its account's place in the ledger, its bytes, and the row that it is made of.

        `counter` is the entry's number, `number` its first line's; `rows` hold at least the entry's lines.
        """
        items = self._items
        before = f"<gl-cor:entryDetail>\n<gl-cor:lineNumber{_ITEM}".encode()
        told = f"</gl-cor:lineNumber>\n{items.count('gl-cor:lineNumberCounter', counter)}".encode()
        posted = items.text("gl-cor:postingDate", entry.stored.day)
        sides = tuple((items.text("gl-cor:debitCreditCode", side) + posted).encode() for side in "CD")
        accounts, amount_end = self._accounts, self._after_amount
        for line_number, row in zip(range(number, number + entry.lines), rows, strict=False):
            rank, account = accounts.get(row[0]) or self._account(row[0])
            texts = row[4:]
            if texts != self._last:
                self._document, self._last = self._render_document(row), texts
            original = row[_ORIGINAL]
            after = amount_end if original is None else amount_end + self._render_original(original)
            amount = row[1]
            yield (
                rank,
                _LINE
                % (
                    before,
                    line_number,
                    told,
                    account,
                    amount // 100,
                    amount % 100,
                    after,
                    sides[row[2]],
                    self._document,
                ),
                row,
            )

    def _account(self, number: int) -> tuple[int, bytes]:
        account = self._order.account(number)
        if len(self._accounts) >= _KNOWN:
            self._accounts.clear()
        found = self._accounts[number] = account.rank, self._render_account(account).encode() + self._amount
        return found

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
        if kind:
            told = self._kinds.get((kind, description)) or self._kind(kind, description)
            if number:
                told += _text(b"gl-cor:documentNumber", number)
        else:
            told = b""
        if reference:
            told += _text(b"gl-cor:documentReference", reference)
        if day:
            told += _text(b"gl-cor:documentDate", day)
        if payment:
            told += _text(b"gl-bus:paymentMethod", payment)
        if comment:
            told += _text(b"gl-cor:detailComment", comment)
        return told + b"</gl-cor:entryDetail>\n"

    def _kind(self, kind: bytes, description: bytes | None) -> bytes:
        if len(self._kinds) >= _KNOWN:
            self._kinds.clear()
        told = _text(b"gl-cor:documentType", kind)
        if description:
            told += _text(b"gl-cor:documentTypeDescription", description)
        self._kinds[kind, description] = told
        return told

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


def _text(name: bytes, value: bytes) -> bytes:
    if b"&" in value or b"<" in value or b">" in value or b"\r" in value:
        value = escape(value.decode()).encode()
    return b'<%b contextRef="\x01">%b</%b>\n' % (name, value, name)
