"""What a document says, in figures: enough to hold it against the other documents of its month."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from defterhane.edefter.kinds import DocumentKind


@dataclass(frozen=True, slots=True)
class AccountSum:
    """Both sides of one main account, in kuruş, and how many lines each has."""

    debit: int = 0
    credit: int = 0
    debit_lines: int = 0
    credit_lines: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """One document's figures. Texts are as they stand there, without white space around them; None = not there."""

    kind: DocumentKind
    name: str | None
    """The file's name, where it is known."""
    size: int
    """Bytes of the file."""
    sha256: str
    tax_id: str
    branch: str | None
    start: str
    """periodCoveredStart, YYYY-MM-DD; with `end` the days of the part."""
    end: str
    created: str
    unique_id: str
    year_start: str
    """fiscalYearStart."""
    year_end: str
    currency: str | None
    """gl-muc:defaultCurrency."""
    entries: int
    """entryHeader elements: a journal's entries, a ledger's accounts."""
    lines: int
    accounts: Mapping[str, AccountSum] | None
    """By accountMainID. Books: sums of their lines. Berat: its ten lines. Report: its lines, `…_lines` from
    documentApplyToNumber. None where an amount or code cannot be read, or there are more than 100,000 accounts."""
    lines_digest: int | None
    """Books: a sum over all lines (number, entry's number, account, amount, side, date) that does not depend on
    their order, so that a journal and its ledger have the same. None as for `accounts`."""
    first_entry: int | None = None
    """A journal's first entryNumberCounter."""
    last_entry: int | None = None
    first_line: int | None = None
    """The least lineNumber of a book, and the greatest."""
    last_line: int | None = None
    signature_value: str | None = None
    """Of the document's own signature: base64 without white space."""
    bare_signature_value: str | None = None
    """A berat's copy of its ledger's."""
    told_entries: int | None = None
    """A berat's numberOfEntries."""
    told_size: str | None = None
    """A berat's measurableQuantity: MiB with two decimals."""
    no_tax_detail: bool = False
    """A berat that says `VERGI_DETAYSIZ`."""

    def to_json(self) -> dict[str, Any]:
        """For a JSONB column."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Summary":
        """What `to_json` has written."""
        accounts = told["accounts"]
        sums = None if accounts is None else {main: AccountSum(**sum_) for main, sum_ in accounts.items()}
        return cls(**{**told, "kind": DocumentKind(told["kind"]), "accounts": sums})
