"""Journal (Y, yevmiye defteri) and ledger (K, defter-i kebir), streamed from what has been rendered."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

from converter.writing.canonical import BUFFER, CanonicalWriter, Written, close_root
from converter.writing.details import CONTEXT, ENTRY_END
from converter.writing.head import CLOSING, Heading, opening
from converter.writing.items import Items
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import DECLARATION

_DIGITS: Final = 30
"""No sum of kuruş has more."""


class AccountSum(NamedTuple):
    """What an account's lines come to in one ledger."""

    rank: int
    """Its place in the ledger."""
    lines: int
    debit_lines: int
    debit: int
    """Kuruş."""
    credit: int


def frame_size(kind: DocumentKind, unique_id: str, heading: Heading) -> int:
    """Bytes of a book without entries. Which days it covers makes no difference to them."""
    return len(DECLARATION) + len(opening(kind, unique_id, heading).encode()) + len(_ending(kind))


def account_bound(currency: str) -> int:
    """The most bytes that a ledger needs for an account besides its lines."""
    return len(_account_head(_ledger_items(currency), 0, 0) + ENTRY_END) + _DIGITS


def write_journal(
    path: Path, unique_id: str, heading: Heading, body: Iterable[bytes], after: Iterable[bytes]
) -> Written:
    """Write a journal: `body` are its entries as `Renderer` makes them, `after` what follows `xbrli:xbrl`."""
    kind = DocumentKind.JOURNAL
    context = kind.traits.context_id.encode()
    with path.open("wb") as sink:
        out = _begin(sink, kind, unique_id, heading)
        for chunk in body:
            out.write(chunk.replace(CONTEXT, context))
        out.write(CLOSING.encode())
        for chunk in after:
            out.write(chunk)
        out.write(close_root(kind).encode())
        return out.finish()


def write_ledger(
    path: Path,
    unique_id: str,
    heading: Heading,
    accounts: Iterable[AccountSum],
    lines: Iterator[tuple[int, int]],
    read: Callable[[int, int], bytes],
) -> Written:
    """Write a ledger: one entryHeader per account, its lines in journal order.

    `lines` are those of the accounts one after the other, by place and size; `read` gives their bytes as `Renderer`
    made them.
    """
    kind = DocumentKind.LEDGER
    context = kind.traits.context_id.encode()
    items = _ledger_items(heading.tenant.currency)
    with path.open("wb") as sink:
        out = _begin(sink, kind, unique_id, heading)
        waiting: list[bytes] = []
        size = 0
        for account in accounts:
            waiting.append(_account_head(items, account.debit, account.credit))
            for at, length in islice(lines, account.lines):
                waiting.append(read(at, length))
                size += length
                if size >= BUFFER:
                    out.write(b"".join(waiting).replace(CONTEXT, context))
                    waiting.clear()
                    size = 0
            waiting.append(ENTRY_END)
        out.write(b"".join(waiting).replace(CONTEXT, context) + _ending(kind))
        return out.finish()


def _begin(sink: IO[bytes], kind: DocumentKind, unique_id: str, heading: Heading) -> CanonicalWriter:
    out = CanonicalWriter(sink)
    out.write(opening(kind, unique_id, heading).encode())
    return out


def _ending(kind: DocumentKind) -> bytes:
    return (CLOSING + close_root(kind)).encode()


def _ledger_items(currency: str) -> Items:
    return Items(DocumentKind.LEDGER.traits.context_id, currency)


def _account_head(items: Items, debit: int, credit: int) -> bytes:
    """The header tells the balance: one of its totals is 0 (rules K077-K080)."""
    return (
        "<gl-cor:entryHeader>\n"
        + items.money("gl-bus:totalDebit", max(debit - credit, 0))
        + items.money("gl-bus:totalCredit", max(credit - debit, 0))
    ).encode()
