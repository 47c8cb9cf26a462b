"""The ledger's rules: K001 to K121."""

from hashlib import blake2b
from typing import Final

from validator import entry_texts
from validator.amounts import ZERO, decimal
from validator.facts import Facts
from validator.node import Node
from validator.rules import info, lines
from validator.rules.lines import at_most_two_decimals
from validator.rules.model import Check, Place, Rule, required, rules_for
from validator.rules.ruleset import Reporter, RuleSet, Watch, in_order, shared_rules, spot_of
from validator.texts import MAKER

_DEBIT, _CREDIT = "gl-bus:totalDebit", "gl-bus:totalCredit"
_POSTED = "gl-cor:postingDate"
_COUNTER = "gl-cor:lineNumberCounter"
_MAIN_ID = "gl-cor:account/gl-cor:accountMainID"
_SUB = "gl-cor:account/gl-cor:accountSub"
_SUB_ID = f"{_SUB}/gl-cor:accountSubID"


def _not_negative(path: str) -> Check:
    def test(header: Node, _: Facts) -> bool:
        amount = decimal(header.value(path))
        return amount is not None and amount >= ZERO

    return Check(test, entry_texts.TOTAL_NEGATIVE, path)


def _one_total_is_zero(header: Node, _: Facts) -> bool:
    return ZERO in (decimal(header.value(_DEBIT)), decimal(header.value(_CREDIT)))


def _balance(header: Node, facts: Facts) -> bool:
    debit, credit = decimal(header.value(_DEBIT)), decimal(header.value(_CREDIT))
    counted_debit, counted_credit = facts.tally.debit, facts.tally.credit
    if counted_debit is None or counted_credit is None:
        return True  # an amount could not be read, which is said there
    return debit is not None and credit is not None and debit + counted_credit == credit + counted_debit


def _in_period(line: Node, facts: Facts) -> bool:
    day = line.value(_POSTED)
    return day is None or (info.not_before(day, facts.start) and info.not_before(facts.end, day))


_INFO: Final = (
    Rule("K032", info.entries_type_is("ledger")),
    Rule("K034", info.unique_id_begins("KEB")),
)
_HEADER: Final = (
    Rule("K074", required(_DEBIT, MAKER)),
    Rule("K075", required(_CREDIT, MAKER)),
    Rule("K076", Check(lambda _, facts: facts.tally.details > 0, entry_texts.ONE_LINE)),
    Rule("K077", _not_negative(_DEBIT)),
    Rule("K078", _not_negative(_CREDIT)),
    Rule("K079", Check(_one_total_is_zero, entry_texts.BOTH_TOTALS, _DEBIT)),
    Rule("K080", Check(_balance, entry_texts.BALANCE, _DEBIT)),
    Rule("K081", Check(lambda _, facts: len(facts.tally.main_ids) == 1, entry_texts.MAINS_DIFFER)),
    Rule("K082", Check(lambda _, facts: len(facts.tally.sub_ids) <= 1, entry_texts.SUBS_DIFFER)),
    Rule("K083", at_most_two_decimals(_DEBIT)),
    Rule("K084", at_most_two_decimals(_CREDIT)),
)
_DETAIL: Final = (Rule("K102", Check(_in_period, entry_texts.POSTING_DATE_OUTSIDE, _POSTED)),)


def _digest(account: str) -> bytes:
    """Sixteen bytes for an account's code, however long: all of a ledger's are remembered."""
    return blake2b(account.encode(), digest_size=16).digest()


class _LedgerWatch(Watch):
    """K028 to K030 over the accounts, K087 over the lines of one.

    GİB's file says K028 to K030 once of the whole document; here each account that breaks one is named.
    """

    def __init__(self) -> None:
        self._previous_main: str | None = None
        self._mains: set[bytes] = set()
        self._subs: set[bytes] = set()
        self._counter_text: str | None = None

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        if facts.tally.details == 1:
            self._counter_text = None
            self._first_of_account(detail, facts, reporter)
        text = detail.value(_COUNTER)
        if text is None:
            return
        number, previous = decimal(text), decimal(self._counter_text)
        self._counter_text = text
        if number is not None and previous is not None and number < previous:
            reporter.at("K087", entry_texts.LINE_COUNTER_FALLS, spot_of(detail, _COUNTER, facts), _COUNTER)

    def _first_of_account(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        if not detail.has("gl-cor:account"):
            return
        main, sub = detail.normal(_MAIN_ID), detail.normal(_SUB_ID)
        if self._previous_main is not None and main < self._previous_main:
            spot = spot_of(detail, _MAIN_ID, facts)
            reporter.at("K028", entry_texts.MAIN_ORDER, spot, _MAIN_ID, self._previous_main)
        self._previous_main = main
        if detail.has(_SUB):
            if _digest(sub) in self._subs:
                reporter.at("K030", entry_texts.ACCOUNT_TWICE, spot_of(detail, _SUB_ID, facts), _SUB_ID)
            self._subs.add(_digest(sub))
        else:
            if _digest(main) in self._mains:
                reporter.at("K029", entry_texts.ACCOUNT_TWICE, spot_of(detail, _MAIN_ID, facts), _MAIN_ID)
            self._mains.add(_digest(main))

    def header(self, facts: Facts, reporter: Reporter) -> None:
        """Nothing is watched over accounts as wholes."""

    def end(self, facts: Facts, reporter: Reporter) -> None:
        """Nothing waits for the end."""


LEDGER: Final = RuleSet(
    "ledger",
    {
        **shared_rules("ledger"),
        Place.DOCUMENT_INFO: in_order(rules_for("ledger", info.DOCUMENT_INFO), _INFO),
        Place.HEADER: _HEADER,
        Place.DETAIL: in_order(rules_for("ledger", lines.DETAIL), _DETAIL),
        Place.MEASURABLE: rules_for("ledger", lines.MEASURABLE),
    },
    _LedgerWatch,
    ("K028", "K029", "K030", "K087"),
)
