"""Accounts and lines of a ledger that are surely right."""

from typing import Final

from validator.clean import LONGEST_NUMBER, Account, Clean, Key, Seen, Values, kurus_of
from validator.facts import Facts
from validator.rules.ledger import LedgerWatch
from validator.shapes import Shapes

_HEAD: Final = ("gl-bus:totalDebit", "gl-bus:totalCredit")
_LONGEST_COUNTER = 18


class CleanLedger(Clean):
    """One account a header, accounts in order and once each, counters never fall, the balance is told (K028-K110)."""

    def __init__(self, facts: Facts, watch: LedgerWatch) -> None:
        super().__init__(facts, Shapes(_HEAD, len(_HEAD)))
        self._watch = watch
        self._head: Seen | None = None
        self._key: Key | None = None
        self._account: Account | None = None
        self._entry = -1
        self._entry_text: bytes | None = None
        self._least: int | None = None  # since the last `settle`
        self._greatest = 0

    def settle_before(self) -> None:
        """Nothing: the watch is told of an account when its first line comes, and counters are each account's own."""

    def enter(self, head: Seen) -> bool:
        self._head = head
        self._key = self._account = None
        self._entry, self._entry_text = -1, None
        return True

    def head_is_right(self) -> bool:
        debit, credit = self._totals()
        assert self._head is not None
        values, shape, _, _ = self._head
        return (
            debit is not None and credit is not None and 0 in (debit, credit) and self._others_are_right(shape, values)
        )

    def close(self) -> bool:
        debit, credit = self._totals()
        if not self._count or debit is None or credit is None or debit - credit != self._debit - self._credit:
            return False
        self._headers += 1
        self._facts.count_entry(None)
        return True

    def resume(self) -> None:
        mains, subs = self._tally.main_ids, self._tally.sub_ids
        number = self._watch.last_counter
        known = len(mains) == 1 and len(subs) <= 1 and number is not None and number == int(number)
        if self._tally.details and not known:
            self._key = (b"", None)  # no line is of this account: the rest of the header is examined
        elif mains:
            self._key = (_raw(next(iter(mains))), _raw(next(iter(subs))) if subs else None)
            self._entry = int(number or 0)

    def _totals(self) -> tuple[int | None, int | None]:
        assert self._head is not None
        values, shape, _, _ = self._head
        debit, credit = shape.plan
        return kurus_of(values[debit]), kurus_of(values[credit])

    def _fits(self, plan: tuple[int, ...], values: Values, key: Key, account: Account) -> bool:
        number, counter = values[plan[0]], values[plan[1]]
        if not (number.isdigit() and counter.isdigit()):
            return False
        if len(number) > LONGEST_NUMBER or len(counter) > _LONGEST_COUNTER:
            return False
        entry, line = int(counter), int(number)
        if entry < self._entry or not self._in_period(values[plan[5]]):
            return False
        if self._key is None:
            if not self._watch.fits(account.main, account.sub):
                return False
            self._watch.account(account.main, account.sub)
            self._key, self._account = key, account
        elif key != self._key:
            return False
        self._entry, self._entry_text = entry, counter
        if self._least is None:
            self._least = self._greatest = line
        elif line > self._greatest:
            self._greatest = line
        elif line < self._least:
            self._least = line
        return True

    def _tell(self) -> None:
        if self._entry_text is not None:
            self._watch.counter_was(self._entry_text.decode())
            self._entry_text = None
        if self._least is not None:
            self._facts.sums.seen(self._least, self._greatest)
            self._least = None
        if self._account is not None:
            self._tally.main_ids.add(self._account.main)
            if self._account.sub is not None:
                self._tally.sub_ids.add(self._account.sub)


def _raw(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
