"""The ledger (K, defter-i kebir)."""

from collections.abc import Iterable

from converter.writing.book import Book
from defterhane.edefter.entry import Line
from defterhane.edefter.kinds import DocumentKind


class LedgerWriter(Book):
    """The ledger: the same lines by account, one entryHeader per account that has lines of its own."""

    kind = DocumentKind.LEDGER

    def add(self, debit: int, credit: int, lines: Iterable[tuple[Line, int]]) -> None:
        """Write one account: its sums (kuruş), its lines in journal order, each with its entry's number.

        The header tells the balance: one of its totals is 0 (rules K077-K080).
        """
        details = self._details
        self._out.write(
            "<gl-cor:entryHeader>\n"
            + details.money("gl-bus:totalDebit", max(debit - credit, 0))
            + details.money("gl-bus:totalCredit", max(credit - debit, 0))
        )
        for line, counter in lines:
            self._out.write(details.line(line, counter))
        self._out.write("</gl-cor:entryHeader>\n")
