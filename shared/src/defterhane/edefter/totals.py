"""Totals of a part or month: what berats and the report tell."""

from dataclasses import dataclass, field

from defterhane.edefter.vocabulary import TAX_ACCOUNTS


@dataclass(slots=True)
class AccountTotal:
    """Sums over one main account: kuruş and numbers of lines, by side."""

    description: str
    debit: int = 0
    credit: int = 0
    debit_lines: int = 0
    credit_lines: int = 0

    def add(self, amount: int, *, debit: bool) -> None:
        """Count one line in."""
        if debit:
            self.debit += amount
            self.debit_lines += 1
        else:
            self.credit += amount
            self.credit_lines += 1


@dataclass(slots=True)
class Totals:
    """Sums over a part or a month, by main account."""

    entries: int = 0
    lines: int = 0
    accounts: dict[str, AccountTotal] = field(default_factory=dict)
    """By accountMainID."""

    def account(self, main_id: str, description: str) -> AccountTotal:
        """The sums of a main account; `description` is its name where it is new."""
        account = self.accounts.get(main_id)
        if account is None:
            account = self.accounts[main_id] = AccountTotal(description)
        return account

    def merge(self, other: "Totals") -> None:
        """Count another part's totals in."""
        self.entries += other.entries
        self.lines += other.lines
        for main_id, theirs in other.accounts.items():
            ours = self.account(main_id, theirs.description)
            ours.debit += theirs.debit
            ours.credit += theirs.credit
            ours.debit_lines += theirs.debit_lines
            ours.credit_lines += theirs.credit_lines

    def tax_lines(self) -> list[tuple[str, str, bool, int]]:
        """A berat's ten lines: (main account, description, is debit, kuruş), debit before credit."""
        lines = []
        for main_id, description in TAX_ACCOUNTS.items():
            account = self.accounts.get(main_id, AccountTotal(description))
            lines.append((main_id, description, True, account.debit))
            lines.append((main_id, description, False, account.credit))
        return lines
