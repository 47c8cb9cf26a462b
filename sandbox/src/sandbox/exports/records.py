"""What an export tells, whatever its layout: records with the common layout's names, grouped into entries."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from defterhane.edefter.money import format_kurus
from defterhane.edefter.period import Period, Span
from sandbox.exports.firm import EXPORT, MAINS, Firm

COLUMNS25: Final = (
    "detailref", "entryref", "linenumber", "linenumbercounter", "accmainid", "accmainiddesc", "accsubid", "accsubdesc",
    "amount", "debitcreditcode", "postingdate", "documenttype", "doctypedesc", "documentnumber", "documentreference",
    "entrynumbercounter", "documentdate", "paymentmethod", "detailcomment", "erpno", "divisionno", "enteredby",
    "entereddate", "entrynumber", "entrycomment",
)  # fmt: skip
"""The columns of the common layout, in their order."""

_CURRENCIES: Final = (("EUR", 36_0000), ("USD", 34_0000))
"""And about how many ten-thousandths of a lira one is."""


@dataclass(slots=True)
class Record:
    """One line of an export: texts, amounts as `1000.50`, days as `2025-01-31`; empty where there is nothing."""

    detailref: str
    entryref: str
    linenumber: str
    linenumbercounter: str
    accmainid: str
    accmainiddesc: str
    accsubid: str
    accsubdesc: str
    amount: str
    debitcreditcode: str
    """D or C; or D+C, and then the amount holds one for each side: `10.00/20.00`."""
    postingdate: str
    documenttype: str
    doctypedesc: str
    documentnumber: str
    documentreference: str
    entrynumbercounter: str
    documentdate: str
    paymentmethod: str
    detailcomment: str
    erpno: str
    divisionno: str
    enteredby: str
    entereddate: str
    entrynumber: str
    entrycomment: str
    originalamount: str = ""
    originalcurrency: str = ""
    exchangerate: str = ""
    exchangeratedate: str = ""
    totals: tuple[str, str] | None = None
    """Debit and credit that the entry claims to have, where they are not its lines' sums."""
    only: str = ""
    """The table that alone tells it, where an export has several."""
    spoil: Callable[[str], str] | None = None
    """What is done to the line of text that tells this record."""
    file: str = ""
    """Where it has been written (of a workbook with several sheets, `name [sheet]`); its line is counted from 1."""
    line: int = 0


Entry = list[Record]
"""The records of one entry; what concerns the entry as a whole stands alike in each, and is taken from the first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made up."""

    tax_id: str
    period: Period
    lines: int
    seed: int = 0
    vendor_habits: bool = False
    """Windows-1254, CR line ends, `NULL` where there is nothing, whole lira without decimals."""
    branch: str | None = None
    days: Span | None = None
    """The days of the month that it tells of; None = all."""
    numbered: bool = True
    """Whether the ERP numbers entries and lines; else whoever makes the ledgers does."""
    foreign_currency: bool = False
    """Whether sales abroad tell their amounts in the buyer's currency too."""
    before: int = 0
    """So many entries the ERP has numbered before these."""

    @property
    def span(self) -> Span:
        """The days that it tells of."""
        return self.days or Span.whole(self.period)

    @property
    def stem(self) -> str:
        """What the names of its files begin with, and a drop is called: `6090408038-0001-202501`."""
        return "-".join(filter(None, (self.tax_id, self.branch, self.period.compact)))


def entries(plan: Plan) -> Iterator[Entry]:
    """The entries of a plan: exactly so many lines, in the order of days, the same for the same plan."""
    firm = Firm(plan.seed, plan.period.year)
    span = plan.span
    days = (span.end - span.start).days + 1
    line = number = 0
    while line < plan.lines:
        number += 1
        recipe, items = firm.voucher(plan.lines - line)
        day = (span.start + timedelta(line * days // plan.lines)).isoformat()
        voucher, clerk = f"{number:08}", firm.clerk()
        document = firm.number(recipe.document) if recipe.document else ""
        entry = []
        for item in items:
            line += 1
            amount = abs(item.amount)
            counter = str(plan.before + number) if plan.numbered else ""
            entry.append(
                Record(
                    detailref=str(900_000 + line),
                    entryref=str(300_000 + number),
                    linenumber=str(line) if plan.numbered else "",
                    linenumbercounter=counter,
                    accmainid=item.main,
                    accmainiddesc=MAINS[item.main],
                    accsubid=item.sub,
                    accsubdesc=item.name,
                    amount=str(amount) if plan.vendor_habits else format_kurus(amount),
                    debitcreditcode="D" if item.amount > 0 else "C",
                    postingdate=day,
                    documenttype=recipe.document,
                    doctypedesc=recipe.description,
                    documentnumber=document,
                    documentreference=voucher,
                    entrynumbercounter=counter,
                    documentdate=day if recipe.document else "",
                    paymentmethod=recipe.payment,
                    detailcomment=recipe.comment,
                    erpno="001",
                    divisionno=str(int(plan.branch or 0)),
                    enteredby=clerk,
                    entereddate=day,
                    entrynumber=voucher,
                    entrycomment=f"{voucher} {recipe.comment}",
                )
            )
        if plan.foreign_currency and recipe is EXPORT:
            _tell_currency(entry, plan.seed, number)
        yield entry


def _tell_currency(entry: Entry, seed: int, number: int) -> None:
    """What customer and sale are in the buyer's currency: drawn apart, so that all else stays as it is without it."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 — made-up figures, no secret
    currency, about = chance.choice(_CURRENCIES)
    rate = about + chance.randrange(2_0000)
    for record in (entry[0], entry[-1]):
        kurus = int(record.amount.replace(".", "")) * (1 if "." in record.amount else 100)
        record.originalamount = format_kurus((kurus * 1_0000 + rate // 2) // rate)
        record.originalcurrency = currency
        record.exchangerate = f"{rate // 1_0000}.{rate % 1_0000:04}"
        record.exchangeratedate = record.postingdate
