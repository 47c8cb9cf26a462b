"""Entries on their way into a part: rendered and measured one by one, then written as a journal and a ledger.

An entry is rendered once, into a file of rendered entries. Once it is known where a part ends, the part's journal is
made of that file in order, and its ledger by account.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from converter.body import Body, Places
from converter.bookorder import BookOrder, JournalEntry
from converter.writing.attachments import Attachment, render
from converter.writing.books import AccountSum, write_journal, write_ledger
from converter.writing.canonical import BUFFER, Written
from converter.writing.details import CONTEXT, ENTRY_END, Renderer
from converter.writing.head import Heading
from defterhane.edefter.counters import unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.totals import Totals

_BATCH: Final = 1000
"""Lines whose places are written at once."""
_IN_JOURNAL: Final = len(DocumentKind.JOURNAL.traits.context_id) - len(CONTEXT)
"""Bytes by which each context's name makes a journal longer than what has been rendered."""
_IN_LEDGER: Final = len(DocumentKind.LEDGER.traits.context_id) - len(CONTEXT)


@dataclass(slots=True)
class Stretch:
    """Rendered entries that follow each other: all of a part, or one alone."""

    start: int
    """Where their bytes begin."""
    end: int
    """Where they end."""
    entries: int = 0
    lines: int = 0
    journal: int = 0
    """Bytes that they have in the journal."""
    ledger: int = 0
    """Bytes that their lines have in the ledger."""
    ranks: set[int] = field(default_factory=set)
    """Their accounts, by place in the ledger; kept only where size matters."""

    def add(self, other: "Stretch") -> None:
        """Take in what follows."""
        self.end = other.end
        self.entries += other.entries
        self.lines += other.lines
        self.journal += other.journal
        self.ledger += other.ledger
        self.ranks |= other.ranks


@dataclass(frozen=True, slots=True)
class WrittenBook:
    """A journal or ledger on disk."""

    unique_id: str
    path: Path
    written: Written


class Filling:
    """Renders the entries of one drop, in the journal's order, and writes parts of them."""

    def __init__(self, folder: Path, order: BookOrder, currency: str, *, limited: bool) -> None:
        """All files are written in `folder`. `limited`: the accounts of what is rendered are told, for parts must not
        get too large."""
        self._folder = folder
        self._order = order
        self._rows = order.lines()
        self._renderer = Renderer(order, currency)
        self._body = Body(folder / "entries.body")
        self._places = Places(order.database)
        self._limited = limited

    def close(self) -> None:
        """Remove what has been rendered."""
        self._body.close()

    def render(self, entry: JournalEntry, counter: int, number: int) -> Stretch:
        """Render the next entry: its number, and that of its first line."""
        body, places, limited = self._body, self._places.waiting, self._limited
        start = body.end
        head = self._renderer.head(entry, counter)
        waiting = [head]
        at = start + len(head)
        full = at + BUFFER
        ranks = set()
        contexts = 0
        for rank, line, row in self._renderer.lines(entry, counter, number, self._rows):
            size = len(line)
            places.append((number, rank, at, size, row[1], row[2]))
            waiting.append(line)
            at += size
            number += 1
            if limited:
                ranks.add(rank)
            if at >= full:
                contexts += self._flush(waiting)
                full = at + BUFFER
        contexts += self._flush(waiting)
        lines = body.end - start - len(head)
        in_lines = contexts - head.count(CONTEXT)
        body.write(ENTRY_END)
        return Stretch(
            start=start,
            end=body.end,
            entries=1,
            lines=entry.lines,
            journal=body.end - start + contexts * _IN_JOURNAL,
            ledger=lines + in_lines * _IN_LEDGER,
            ranks=ranks,
        )

    def _flush(self, waiting: list[bytes]) -> int:
        """Write what waits, and tell how many contexts' names are in it."""
        data = b"".join(waiting)
        waiting.clear()
        self._body.write(data)
        self._places.flush(_BATCH)
        return data.count(CONTEXT)

    def write_journal(
        self, part: Stretch, heading: Heading, sequence: int, attachments: Sequence[Attachment]
    ) -> WrittenBook:
        """Write a part's journal, with the files that it carries."""
        name = unique_id(DocumentKind.JOURNAL, heading.period, sequence)
        path = self._folder / f"{name}.xml"
        body = self._body.chunks(part.start, part.end)
        return WrittenBook(name, path, write_journal(path, name, heading, body, render(attachments)))

    def write_ledger(
        self, part: Stretch, heading: Heading, sequence: int, last_line: int
    ) -> tuple[WrittenBook, Totals]:
        """Write a part's ledger; `last_line` is the number of its last line. Returns the part's totals, too."""
        name = unique_id(DocumentKind.LEDGER, heading.period, sequence)
        path = self._folder / f"{name}.xml"
        totals = Totals(entries=part.entries)
        first_line = last_line - part.lines + 1
        accounts = self._counted(self._places.accounts(first_line, last_line), totals)
        lines = self._places.lines(first_line, last_line)
        written = write_ledger(path, name, heading, accounts, lines, self._body.read)
        return WrittenBook(name, path, written), totals

    def drop(self, part: Stretch) -> None:
        """Let go of the bytes of a part that has been written."""
        self._body.drop_before(part.end)

    def _counted(self, accounts: Iterable[AccountSum], totals: Totals) -> Iterator[AccountSum]:
        """The accounts as they are, counted into `totals` as they pass."""
        for account in accounts:
            total = totals.account(*self._order.main_account(account.rank))
            total.debit += account.debit
            total.credit += account.credit
            total.debit_lines += account.debit_lines
            total.credit_lines += account.lines - account.debit_lines
            totals.lines += account.lines
            yield account
