"""The ledger's rules: K001 to K121."""

from decimal import Decimal
from hashlib import blake2b
from typing import Final

from validator import entry_texts
from validator.amounts import decimal, is_not_below_zero, is_same, minus, one_double, some_number
from validator.facts import Facts
from validator.node import Node, Undecidable, either, normalize
from validator.rules import info, lines
from validator.rules.lines import at_most_two_decimals
from validator.rules.model import Check, Place, Rule, required, rules_for
from validator.rules.ruleset import Reporter, RuleSet, Watch, in_order, shared_rules, spot_of
from validator.shown import NOTHING, amount_text, shown
from validator.texts import MAKER, Value

_DEBIT, _CREDIT = "gl-bus:totalDebit", "gl-bus:totalCredit"
_POSTED = "gl-cor:postingDate"
_COUNTER = "gl-cor:lineNumberCounter"
_MAIN_ID = "gl-cor:account/gl-cor:accountMainID"
_SUB_ID = "gl-cor:account/gl-cor:accountSub/gl-cor:accountSubID"


def _not_negative(path: str) -> Check:
    return Check(
        lambda header, _: some_number(header.strings(path), is_not_below_zero),
        entry_texts.TOTAL_NEGATIVE,
        path,
    )


def _one_total_is_zero(header: Node, _: Facts) -> bool:
    def is_zero(path: str) -> bool:
        return some_number(header.strings(path), lambda amount: is_same(amount, 0))

    return either(lambda: is_zero(_DEBIT), lambda: is_zero(_CREDIT))


def _balance(header: Node, facts: Facts) -> bool:
    """totalDebit - totalCredit = sum(debits) - sum(credits): the left as xs:double, the right exact until compared."""
    debit, credit = one_double(header.strings(_DEBIT)), one_double(header.strings(_CREDIT))
    counted_debit, counted_credit = facts.tally.debit, facts.tally.credit
    if counted_debit is None or counted_credit is None:
        raise Undecidable
    return debit is not None and credit is not None and debit - credit == float(minus(counted_debit, counted_credit))


def _balance_told(header: Node, _: Facts) -> str:
    debit, credit = decimal(header.value(_DEBIT)), decimal(header.value(_CREDIT))
    return amount_text(None if debit is None or credit is None else minus(debit, credit))


def _balance_of_lines(_: Node, facts: Facts) -> str:
    debit, credit = facts.tally.debit, facts.tally.credit
    return amount_text(None if debit is None or credit is None else minus(debit, credit))


def _mains_told(_: Node, facts: Facts) -> Value:
    return _codes(facts.tally.main_ids, facts.tally.main_id_twice)


def _subs_told(_: Node, facts: Facts) -> Value:
    return _codes(facts.tally.sub_ids, facts.tally.sub_id_twice)


def _codes(found: set[str], several_in_one: bool) -> Value:
    if several_in_one and len(found) < 2:
        return entry_texts.SEVERAL_IN_ONE
    return ", ".join(shown(code) or NOTHING for code in sorted(found)) or NOTHING


def _one_main_account(_: Node, facts: Facts) -> bool:
    return not facts.tally.main_id_twice and len(facts.tally.main_ids) == 1


def _one_sub_account(_: Node, facts: Facts) -> bool:
    return not facts.tally.sub_id_twice and len(facts.tally.sub_ids) <= 1


_INFO: Final = (
    Rule("K032", info.entries_type_is("ledger")),
    Rule("K034", info.unique_id_begins("KEB")),
)
_HEADER: Final = (
    Rule("K074", required(_DEBIT, MAKER)),
    Rule("K075", required(_CREDIT, MAKER)),
    Rule("K076", Check(lambda _, facts: facts.tally.details > 0, entry_texts.ONE_LINE, value=lines.count)),
    Rule("K077", _not_negative(_DEBIT)),
    Rule("K078", _not_negative(_CREDIT)),
    Rule(
        "K079",
        Check(_one_total_is_zero, entry_texts.BOTH_TOTALS, _DEBIT, expected=lines.text_of(_CREDIT)),
    ),
    Rule("K080", Check(_balance, entry_texts.BALANCE, _DEBIT, _balance_told, _balance_of_lines)),
    Rule("K081", Check(_one_main_account, entry_texts.MAINS_DIFFER, value=_mains_told)),
    Rule("K082", Check(_one_sub_account, entry_texts.SUBS_DIFFER, value=_subs_told)),
    Rule("K083", at_most_two_decimals(_DEBIT, entry_texts.TOTAL_DECIMALS_TWO)),
    Rule("K084", at_most_two_decimals(_CREDIT, entry_texts.TOTAL_DECIMALS_TWO)),
)
_DETAIL: Final = (Rule("K102", Check(lines.in_period(_POSTED), entry_texts.POSTING_DATE_OUTSIDE, _POSTED)),)


def _digest(account: str) -> bytes:
    """Sixteen bytes for an account's code, however long: all of a ledger's are remembered."""
    return blake2b(account.encode(), digest_size=16).digest()


class LedgerWatch(Watch):
    """K028 to K030 over the accounts, K087 over the lines of one.

    GİB's file says K028 to K030 once of the whole document; here each account that breaks one is named.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._previous_main: str | None = None
        self._mains: set[bytes] = set()
        self._subs: set[bytes] = set()
        self._counters: list[str] = []  # of the last element of the entry that has any

    # Values, from whoever has read them

    @property
    def last_counter(self) -> Decimal | None:
        """The entry's number in the account's last line, which the next must not be below."""
        return decimal(self._counters[0]) if len(self._counters) == 1 else None

    def counter_was(self, text: str) -> None:
        """The last line of the account has this entry's number."""
        self._counters = [text]

    def fits(self, main: str, sub: str | None) -> bool:
        """Whether an account that stands there once, with that sub-account or none, may come next."""
        return not self._falls(main) and _digest(sub if sub is not None else main) not in self._seen(sub)

    def account(self, main: str, sub: str | None) -> None:
        """An account has come."""
        self._previous_main = main
        self._seen(sub).add(_digest(sub if sub is not None else main))

    # Elements

    def begin(self, facts: Facts) -> None:
        self._counters = []

    def item(self, item: Node, facts: Facts) -> None:
        self._counters = item.strings(_COUNTER) or self._counters

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        if facts.tally.details == 1:
            for account in detail.all("gl-cor:account"):
                self._first_of_account(account, detail, facts, reporter)
        counters, before = detail.strings(_COUNTER), self._counters
        if not counters:
            return
        if before and not _not_below(counters, before):
            spot = spot_of(detail, _COUNTER, facts)
            reporter.at("K087", entry_texts.LINE_COUNTER_FALLS, spot, _COUNTER, before[0])
        self._counters = counters

    def entries(self, facts: Facts, reporter: Reporter) -> None:
        self._forget()

    def _first_of_account(self, account: Node, detail: Node, facts: Facts, reporter: Reporter) -> None:
        """Take in an account of an entry's first line.

        GİB's lists hold one main account of each, and stop where it has several; the same for its sub-accounts.
        """
        mains, subs = account.strings("gl-cor:accountMainID"), account.all("gl-cor:accountSub")
        main = normalize(mains[0]) if mains else ""
        if len(mains) > 1 or self._falls(main):
            spot = spot_of(detail, _MAIN_ID, facts)
            reporter.at("K028", entry_texts.MAIN_ORDER, spot, _MAIN_ID, self._previous_main or main)
        if not subs:
            if len(mains) > 1 or _digest(main) in self._mains:
                reporter.at("K029", entry_texts.ACCOUNT_TWICE, spot_of(detail, _MAIN_ID, facts), _MAIN_ID)
            self.account(main, None)
        for node in subs:
            found = node.strings("gl-cor:accountSubID")
            sub = normalize(found[0]) if found else ""
            if len(found) > 1 or _digest(sub) in self._subs:
                reporter.at("K030", entry_texts.ACCOUNT_TWICE, spot_of(detail, _SUB_ID, facts), _SUB_ID)
            self.account(main, sub)

    def _falls(self, main: str) -> bool:
        return self._previous_main is not None and main < self._previous_main

    def _seen(self, sub: str | None) -> set[bytes]:
        return self._mains if sub is None else self._subs


def _not_below(texts: list[str], before: list[str]) -> bool:
    """xs:decimal(…) >= xs:decimal(…), which stops at several texts and at what is no decimal number."""
    number, previous = decimal(texts[0]), decimal(before[0])
    if len(texts) > 1 or len(before) > 1 or number is None or previous is None:
        return False
    return number >= previous


LEDGER: Final = RuleSet(
    "ledger",
    {
        **shared_rules("ledger"),
        Place.DOCUMENT_INFO: in_order(rules_for("ledger", info.DOCUMENT_INFO), _INFO),
        Place.HEADER: _HEADER,
        Place.DETAIL: in_order(rules_for("ledger", lines.DETAIL), _DETAIL),
        Place.MEASURABLE: rules_for("ledger", lines.MEASURABLE),
    },
    LedgerWatch,
    ("K028", "K029", "K030", "K087"),
)
