"""Entries and lines laid out on pages: rows with totals, running balances, and what is carried forward."""

from collections.abc import Callable
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli.view import words as say
from defterhane_cli.view.blocks import Account, Block, Page, Sums
from defterhane_cli.view.fields import Piece
from defterhane_cli.view.marking import Marks
from defterhane_cli.view.rows import Part, Row, Rows, join, side_of

LINES: Final = 500
"""So many lines a page has; an entry that is on it then is brought to its end if that takes few more."""
_MOST_LINES: Final = 600
_MOST_TEXT: Final = 1_000_000
"""So many characters a page has at most, one line aside."""
_ACCOUNTS: Final = 5_000


class Pages:
    """Takes a document's entries in their order and hands out pages, each once it is full."""

    def __init__(
        self, kind: DocumentKind, language: Language, marks: Marks, turn: Callable[[Page, bool], None]
    ) -> None:
        """`turn` is called with each page, and with whether it is the last one."""
        self.total = Sums()
        self.entries = self.lines = self.pages = 0
        self.accounts: dict[str, Account] | None = {}
        """By main account; None where there are too many."""
        self.anchors: dict[int, str] = {}
        """id() of a finding → where it is marked."""
        self._kind = kind
        self._language = language
        self._words = say.words(language)
        self._rows = Rows(kind, language)
        self._marks = marks
        self._turn = turn
        self._page = Page(1, 1, 1)
        self._full: Page | None = None
        self._head: Piece | None = None
        self._block: Block | None = None
        self._sums = Sums()
        self._half: Row | None = None  # a summary's debit line that waits for its credit line

    def entry(self, head: Piece) -> None:
        """An entry begins."""
        self.end(None)
        self.entries += 1
        self._head, self._sums = head, Sums()

    def line(self, piece: Piece) -> None:
        """A line of the entry that has begun."""
        head, block = self._opened(piece)
        counter = head.get("gl-cor:entryNumberCounter")
        row = self._rows.row(piece, head.get("gl-cor:entryNumber") or piece.get("gl-cor:documentReference"), counter)
        self.lines += 1
        row.id = f"l{self.lines}"
        page = self._page
        page.lines += 1
        page.weight += piece.weight
        page.numbers.take(row.number)
        if self._kind is DocumentKind.LEDGER:
            page.entries.take(piece.get("gl-cor:lineNumberCounter"))
        for sums in (self._sums, page.total, self.total):
            sums.add(row.debit, row.credit)
        if self._kind is DocumentKind.LEDGER:
            row.cells["balance"] = [("", self._sums.balance(self._language))]
        self._count(piece, row, block)
        if self._marks.last and (found := self._marks.of_line(piece, counter)):
            self._rows.mark(row, found, piece)
            self._point(found, row.id)
        self._place(block, row, piece)

    def end(self, rest: Piece | None) -> None:
        """The entry that has begun is complete; None where the file breaks off in it."""
        if self._head is None:
            return
        head, block = self._opened(None)
        self._release_half(block)
        if rest is not None:
            for name, value in rest.values.items():
                head.values.setdefault(name, value)
            block.facts += self._rows.pairs(rest)
            self._say(block, self._marks.of_entry(head.start, max(head.start, rest.end), block.number))
        block.total = self._sums.texts(self._language)
        block.total_word = "read_total" if rest is None else "total"
        if block.id:
            block.facts = self._facts(head) + block.facts
        told = self._told(head)
        if told is not None:
            block.facts.append(told)
        self._head = self._block = None
        page = self._page
        if page.lines >= LINES or len(page.blocks) >= LINES or page.weight >= _MOST_TEXT:
            self._cut()

    def close(self) -> None:
        """The document is complete."""
        self.end(None)
        if self._page.blocks or self.pages == 0:
            self._cut()
        if self._full is not None:
            self._turn(self._full, True)

    # Blocks

    def _opened(self, first: Piece | None) -> tuple[Piece, Block]:
        """The entry's header, and its block on the page; `first`: the line that comes."""
        head, block, page = self._head, self._block, self._page
        if head is None:
            raise ValueError("no entry has begun")
        if block is not None and first is not None and (page.lines >= _MOST_LINES or page.weight >= _MOST_TEXT):
            self._carry(head, block)
            page, block = self._page, self._block
        if block is None:
            block = self._block = Block(f"e{self.entries}", head.get("gl-cor:entryNumberCounter"))
            block.title = self._title(head, first)
            page.blocks.append(block)
            page.weight += head.weight
            page.entries.take(block.number)
            self._say(block, self._marks.of_header(head.start, first.start if first else head.start, block.number))
        return head, block

    def _carry(self, head: Piece, block: Block) -> None:
        self._release_half(block)
        block.total = self._sums.texts(self._language)
        if block.id:
            block.facts = self._facts(head) + block.facts
        self._cut()
        self._block = Block("", block.number, block.title, brought=block.total)
        self._page.blocks.append(self._block)
        self._page.entries.take(block.number)

    def _title(self, head: Piece, first: Piece | None) -> list[Part]:
        if self._kind is DocumentKind.JOURNAL:
            return [("", self._words["entry"]), ("b", head.get("gl-cor:entryNumberCounter"))]
        if self._kind is DocumentKind.LEDGER and first is not None:
            return self._rows.account(first)
        return []

    def _facts(self, head: Piece) -> list[Part]:
        said, get = self._words, head.get
        facts = [
            (said["date"], self._rows.day(get("gl-cor:enteredDate"))),
            (said["voucher"], get("gl-cor:entryNumber")),
            (said["comment"], get("gl-cor:entryComment")),
            (said["entered_by"], get("gl-cor:enteredBy")),
        ]
        if self._kind is not DocumentKind.JOURNAL:
            facts.append((said["entry"], get("gl-cor:entryNumberCounter")))
        qualifier = get("gl-cor:qualifierEntry")
        if qualifier and (self._kind.is_ledger or qualifier != "standard"):
            facts.append(("gl-cor:qualifierEntry", qualifier))
        return [(name, value) for name, value in facts if value] + self._rows.pairs(head)

    def _told(self, head: Piece) -> Part | None:
        """What the header says of the sums: an account's balance, an entry's totals where they are not its lines'."""
        told = head.get("gl-bus:totalDebit"), head.get("gl-bus:totalCredit")
        if told == ("", ""):
            return None
        debit, credit = (say.kurus(text) for text in told)
        if self._kind is DocumentKind.LEDGER and debit is not None and credit is not None:
            return self._words["closing"], say.balance(debit - credit, self._words, self._language)
        if (debit, credit) == (self._sums.debit, self._sums.credit):
            return None
        shown = (say.amount(text, self._language) or self._words["empty"] for text in told)
        return self._words["told"], f"{self._words['debit']} {next(shown)}, {self._words['credit']} {next(shown)}"

    def _say(self, block: Block, found: list[Finding]) -> None:
        block.findings += found
        self._point(found, block.id or f"e{self.entries}")

    def _point(self, found: list[Finding], anchor: str) -> None:
        self.anchors.update((id(one), anchor) for one in found)

    # Rows

    def _place(self, block: Block, row: Row, piece: Piece) -> None:
        if self._kind.is_ledger:
            block.rows.append(row)
            return
        half, account = self._half, row.cells["account"]
        if (
            half is not None
            and half.cells["account"] == account
            and side_of(piece.get("gl-cor:debitCreditCode")) == "credit"
        ):
            self._half = None
            row = join(half, row)
            self.anchors.update((id(one), row.id) for one in row.findings)
            self._balance(row)
            block.rows.append(row)
            return
        self._release_half(block)
        if side_of(piece.get("gl-cor:debitCreditCode")) == "debit":
            self._half = row
        else:
            self._balance(row)
            block.rows.append(row)

    def _release_half(self, block: Block) -> None:
        if self._half is not None:
            self._balance(self._half)
            block.rows.append(self._half)
            self._half = None

    def _balance(self, row: Row) -> None:
        if self._kind is DocumentKind.REPORT:
            row.cells["balance"] = [("", Sums(row.debit, row.credit).balance(self._language))]

    def _count(self, piece: Piece, row: Row, block: Block) -> None:
        main = piece.get("gl-cor:accountMainID")
        if self.accounts is None or not self._kind.is_ledger:
            return
        account = self.accounts.get(main)
        if account is None:
            if len(self.accounts) >= _ACCOUNTS:
                self.accounts = None
                return
            anchor = block.id if block.id and self._kind is DocumentKind.LEDGER else row.id
            account = self.accounts[main] = Account(main, piece.get("gl-cor:accountMainDescription"), anchor)
        account.lines += 1
        account.sums.add(row.debit, row.credit)

    def _cut(self) -> None:
        """The page is full."""
        if self._full is not None:
            self._turn(self._full, False)
        self._full = self._page
        self._full.so_far = self.total.texts(self._language)
        self.pages += 1
        self._page = Page(self.pages + 1, self.entries + 1, self.lines + 1)
