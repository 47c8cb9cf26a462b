"""The ledger report (DR): a month's totals by main account."""

from collections.abc import Iterator
from uuid import UUID

from converter.writing.head import Heading
from converter.writing.items import Items
from converter.writing.summary import Summary, total_line, write_summary
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.totals import Totals


def write_report(unique_id: str, identity: UUID, heading: Heading, totals: Totals) -> Summary:
    """The report of a month's totals: two lines per main account used, debit then credit, in order."""
    items = Items(DocumentKind.REPORT.traits.context_id, heading.tenant.currency)
    segment = items.text("gl-cor:uniqueID", str(identity))
    lines = _lines(items, totals)
    return write_summary(DocumentKind.REPORT, unique_id, heading, segment=segment, lines=lines)


def _lines(items: Items, totals: Totals) -> Iterator[str]:
    number = 0
    for main_id, account in sorted(totals.accounts.items()):
        for debit, kurus, count in (
            (True, account.debit, account.debit_lines),
            (False, account.credit, account.credit_lines),
        ):
            number += 1
            yield total_line(items, number, main_id, account.description, kurus, debit=debit, lines=count)
