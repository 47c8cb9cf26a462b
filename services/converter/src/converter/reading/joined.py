"""Two tables that belong together: heads of entries, and their lines with debit and credit in columns of their own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from converter.problems import Kurus, Place, problem
from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import BOTH_SIDES, Cells, Row
from converter.reading.dates import date_reader
from converter.reading.describe import describe_table
from converter.reading.heads import SUM_LIMIT, Head, Heads
from converter.reading.layouts import CREDIT, DEBIT, SOURCE, TOTAL_CREDIT, TOTAL_DEBIT
from converter.reading.recognised import Recognised
from converter.reading.table import Table
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile

_HEAD: Final = (
    SOURCE, "entrynumber", "entrynumbercounter", "entereddate", "enteredby", "entrycomment", "divisionno",
    TOTAL_DEBIT, TOTAL_CREDIT,
)  # fmt: skip
_LINE: Final = (
    SOURCE, "entrynumber", "linenumbercounter", "accmainid", "accmainiddesc", "accsubid", "accsubdesc", DEBIT, CREDIT,
    "documentnumber", "documenttype", "documenttypedesc", "documentdate", "paymentmethod", "detailcomment",
    "divisionno",
)  # fmt: skip
SIDES: Final = {"D": "borç/debit", "C": "alacak/credit"}


class HeadSource:
    """A table of heads. It has no rows of its own: they are kept to be joined to their lines."""

    def __init__(self, table: Table, amounts: Amounts, profile: ExportProfile) -> None:
        self.file = table.file
        self.amounts = amounts
        self.read_date: Callable[[str], date] = date_reader(profile.date_order)
        self.recognised: Recognised = describe_table(table.file, table.shape, table.facts, amounts, profile)
        self._table = table

    def rows(self, findings: Findings) -> Iterator[Row]:
        """None."""
        return iter(())

    def keep(self, heads: Heads, findings: Findings) -> None:
        """Put all heads where lines look for them; a second one of the same voucher is reported."""
        for line, cells in self._table.take(_HEAD, findings):
            source, voucher, number, day, by, comment, division, debit, credit = cells
            if not source and not voucher:
                findings.add(problem("entry.reference_missing", Place(self.file, line, number)))
                continue
            place = Place(self.file, line, number, voucher)
            head = Head(
                id=0,
                key=f"s{source}" if source else f"v{voucher}",
                file=self.file,
                line=line,
                voucher=voucher,
                number=number,
                day=day,
                entered_by=by,
                comment=comment,
                division=division,
                total_debit=self._total(debit, place, TOTAL_DEBIT, findings),
                total_credit=self._total(credit, place, TOTAL_CREDIT, findings),
            )
            if not heads.add(head):
                findings.add(problem("head.twice", place, head.reference))

    def _total(self, text: str, place: Place, where: str, findings: Findings) -> int | None:
        if not text:
            return None
        try:
            total = self.amounts.read(text)
        except AmountProblem as error:
            findings.add(problem(error.key, place, text, where))
            return None
        return total if abs(total) < SUM_LIMIT else None


class DetailSource:
    """A table of lines, each joined to its head."""

    def __init__(self, table: Table, amounts: Amounts, profile: ExportProfile, heads: Heads, *, last: bool) -> None:
        """`last`: no other table has lines of these heads."""
        self.file = table.file
        self.amounts = amounts
        self.read_date: Callable[[str], date] = date_reader(profile.date_order)
        self.recognised: Recognised = describe_table(table.file, table.shape, table.facts, amounts, profile)
        self._table = table
        self._heads = heads
        self._last = last

    def rows(self, findings: Findings) -> Iterator[Row]:
        """All lines with what their heads say; those without a head are reported and left out."""
        head: Head | None = None
        asked = ("", "")
        missing: tuple[str, str] | None = None
        for line, cells in self._table.take(_LINE, findings):
            if head is None or asked != cells[:2]:
                if head is not None:
                    self._heads.count(head)
                asked = (cells[0], cells[1])
                head = self._heads.find(*asked)
                if head is None and asked != missing:
                    missing = asked
                    place = Place(self.file, line, cells[2], cells[1], cells[5] or cells[3])
                    findings.add(problem("head.missing", place, " / ".join(filter(None, asked))))
                if head is None:
                    continue
            row = _row(line, head, cells, self._table.told)
            self._sum(head, row.cells)
            yield row
        if head is not None:
            self._heads.count(head)
        if self._last:
            _report(self._heads, findings)

    def _sum(self, head: Head, cells: Cells) -> None:
        head.lines += 1
        try:
            amount = self.amounts.read(cells.amount)
        except AmountProblem:
            head.unsure = True
            return
        if cells.debitcreditcode == "D":
            head.debit += amount
        else:
            head.credit += amount
        if max(abs(head.debit), abs(head.credit)) >= SUM_LIMIT:
            head.debit, head.credit, head.unsure = 0, 0, True


def side_of(debit: str, credit: str) -> tuple[str, str]:
    """Amount and side of a line that has a column for each side. A lone zero is no amount; two are one of 0."""
    if says_nothing(credit):
        return (debit or credit), "D"
    if says_nothing(debit):
        return credit, "C"
    return f"{debit}/{credit}", BOTH_SIDES


def says_nothing(amount: str) -> bool:
    """Whether an amount's cell is empty, or a nought however it is written."""
    return not amount.strip("0.,+-() ₺TLRY\u00a0")


def _row(line: int, head: Head, cells: Sequence[str], told: tuple[str, ...]) -> Row:
    (_, voucher, counter, main, main_name, sub, sub_name, debit, credit,
     number, kind, kind_name, day, payment, comment, division) = cells  # fmt: skip
    amount, side = side_of(debit, credit)
    return Row(
        line,
        Cells(
            entryref=head.entryref,
            linenumber="",
            linenumbercounter=counter,
            accmainid=main,
            accmainiddesc=main_name,
            accsubid=sub,
            accsubdesc=sub_name,
            amount=amount,
            debitcreditcode=side,
            postingdate=head.day,
            documenttype=kind,
            documenttypedesc=kind_name,
            documentnumber=number,
            documentreference="",
            entrynumbercounter=head.number,
            documentdate=day,
            paymentmethod=payment,
            detailcomment=comment,
            divisionno=division or head.division,
            enteredby=head.entered_by,
            entereddate=head.day,
            entrynumber=voucher or head.voucher,
            entrycomment=head.comment,
        ),
        (head.file, head.line),
        tuple("amount" if name in (DEBIT, CREDIT) else name for name in told),
    )


def _report(heads: Heads, findings: Findings) -> None:
    for head in heads.wrong():
        place = Place(head.file, head.line, head.number, head.voucher)
        if not head.lines:
            findings.add(problem("head.without_lines", place, head.reference))
            continue
        for side, said, found in (("D", head.total_debit, head.debit), ("C", head.total_credit, head.credit)):
            total_differs(findings, place, side, said, found)


def total_differs(findings: Findings, place: Place, side: str, said: int | None, found: int) -> bool:
    """Report a total (kuruş) that is not what its lines sum up to; returns whether it was none."""
    if said is None or said == found:
        return False
    told = problem("head.total_differs", place, Kurus(found), expected=Kurus(said), side=SIDES[side])
    findings.add(told)
    return True
