"""Journal entries (fiş) and their lines, as they are once an export has been understood."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Line:
    """One line (entryDetail). Texts are clean: no character that XML cannot hold."""

    account_main_id: str
    account_main_description: str
    amount: int
    """Kuruş, > 0."""
    debit: bool
    posting_date: date
    account_sub_id: str | None = None
    account_sub_description: str | None = None
    document_type: str | None = None
    document_type_description: str | None = None
    document_number: str | None = None
    document_reference: str | None = None
    document_date: date | None = None
    payment_method: str | None = None
    detail_comment: str | None = None
    number: int = 0
    """lineNumber of the journal: runs on over the fiscal year."""
    source_line: int = 0
    """The line of the ERP's file it came from, 1 = the first; 0 = none."""


@dataclass(slots=True)
class Entry:
    """One entry (entryHeader): at least two lines, debits equal credits."""

    entered_by: str
    entered_date: date
    entry_number: str
    """The ERP's voucher number."""
    entry_comment: str
    lines: list[Line] = field(default_factory=list)
    counter: int = 0
    """entryNumberCounter: runs on over the fiscal year."""
    source_line: int = 0

    @property
    def total_debit(self) -> int:
        """Kuruş."""
        return sum(line.amount for line in self.lines if line.debit)

    @property
    def total_credit(self) -> int:
        """Kuruş."""
        return sum(line.amount for line in self.lines if not line.debit)
